"""A platform filled in bulk. ``findings``, ``organizations``, ``entries``: how many of each.

Outside of the services, for the bench alone; but the record is a whole chain, and every constraint of the database
holds. The environment names the database; the program tells sessions of people, and pages to ask for.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any
from uuid import UUID

import django

from bench.programs.channel import Channel

if TYPE_CHECKING:
    from tenon.web.organizations.models import Organization

_SEED = 20261130
_BEGAN = datetime(2025, 1, 1, tzinfo=UTC)
_SITES = 4  # below each group
_BATCH = 5000
_PEOPLE = 16
_ATTACHED, _SAID, _TASKS = 15, 40, 10  # findings, notes and tasks of each room
_ALERTS = 20  # unread, of each person
_WORDS = ("kiln", "shell", "crack", "pump", "seal", "crane", "berth", "valve", "belt", "leak", "cable", "gauge")


def main() -> None:
    """Fill the database, and tell who can ask for what."""
    channel = Channel()
    os.environ["DJANGO_SETTINGS_MODULE"] = "tenon.web.config.settings"
    django.setup()
    from django.core.management import call_command
    from django.db import connection, transaction

    call_command("migrate", interactive=False, verbosity=0)
    began, draw = time.monotonic(), random.Random(_SEED)  # noqa: S311 - made-up rows, no secrets
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
    with transaction.atomic():
        everybody = organizations(channel.config["organizations"])
        people = sessions(everybody)
        pages = findings(everybody, channel.config["findings"], draw)
        rooms(everybody, people)
        alerts(people)
        entries(everybody, channel.config["entries"])
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.execute("ANALYZE")
    channel.finish(sessions=people, pages=pages, seconds=time.monotonic() - began)


def organizations(count: int) -> list[Organization]:
    """Make groups with sites below them, and sharing groups of eight organizations each."""
    from tenon.web.audit.rules import Actor
    from tenon.web.organizations.models import GroupMembership, SharingGroup
    from tenon.web.organizations.services import create_organization

    everybody: list[Organization] = []
    while len(everybody) < count:
        fields = {"kind": "manufacturer", "level": "group", "country": "CN"}
        group = create_organization(Actor(), {**fields, "name_en": f"Group {len(everybody)}"})
        sites = [{**fields, "level": "site", "name_en": f"Site {len(everybody)}.{place}"} for place in range(_SITES)]
        everybody += [group, *(create_organization(Actor(), site, group) for site in sites)]
    heads = everybody[:: _SITES + 1]
    for first in range(0, len(heads), 2):
        shared = SharingGroup.objects.create(name_en=f"Channel {first}", owner=heads[first], open_history=True)
        members = (heads * 8)[first : first + min(8, len(heads))]
        GroupMembership.objects.bulk_create([GroupMembership(group=shared, organization=item) for item in members])
    return everybody


def sessions(everybody: list[Organization]) -> list[dict[str, str]]:
    """Make coordinators of groups, and the cookies of their browsers."""
    from django.conf import settings
    from django.test import Client

    from tenon.web.accounts.models import User
    from tenon.web.audit.rules import Actor
    from tenon.web.organizations.models import Role
    from tenon.web.organizations.services import appoint

    role, cookies = Role.objects.get(key="coordinator"), []
    for number in range(_PEOPLE):
        user = User.objects.create(email=f"person{number}@example.org", name=f"Person {number}", password="!")  # noqa: S106 - nobody signs in with it
        heads = everybody[:: _SITES + 1]
        head = heads[number % len(heads)]
        appoint(Actor(), user, head, role)
        browser = Client()
        browser.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        session = {
            "email": user.email,
            "name": name,
            "value": browser.cookies[name].value,
            "csrf": settings.CSRF_COOKIE_NAME,
        }
        cookies.append({**session, "owner": str(head.pk)})
    return cookies


def findings(
    everybody: list[Organization], count: int, draw: random.Random
) -> list[str]:  # budget: one row of each table
    """Make findings of all organizations; a tenth for the community, a twentieth shared with a group."""
    from tenon.web.organizations.models import Share
    from tenon.web.rooms.models import Counter, Finding, FindingEvent

    numbers = dict.fromkeys((item.pk for item in everybody), 0)
    groups = _groups()

    def made() -> Iterator[Finding]:
        for place in range(count):
            owner = everybody[place % len(everybody)]
            numbers[owner.pk] += 1
            chance = draw.random()
            yield Finding(
                owner=owner,
                number=numbers[owner.pk],
                title=f"{' '.join(draw.choices(_WORDS, k=4))} {place}",
                description=" ".join(draw.choices(_WORDS, k=30)),
                level="equipment",
                channel=draw.choice(["plant", "sea", "rail"]),
                hazard="equipment",
                severity=draw.randint(1, 4),
                urgency=draw.randint(1, 4),
                source="page",
                place=f"Bay {place % 50}",
                **_somewhere(place),
                state=draw.choice(["reported", "triaged", "rejected"]),
                reported=_BEGAN + timedelta(minutes=3 * place + draw.random()),
                marking="TLP:GREEN" if chance < 0.15 else "TLP:AMBER",  # noqa: PLR2004 - a tenth and a twentieth
                reach="community" if chance < 0.1 else "group" if chance < 0.15 else "organization",  # noqa: PLR2004 - as above
            )

    rows = made()
    some: list[str] = []
    while batch := list(islice(rows, _BATCH)):
        Finding.objects.bulk_create(batch)
        shared = [item for item in batch if item.reach == "group" and item.owner_id in groups]
        Share.objects.bulk_create(
            [
                Share(
                    subject_kind="finding",
                    subject_id=item.pk,
                    group_id=draw.choice(groups[item.owner_id]),
                    profile="comment",
                )
                for item in shared
            ]
        )
        FindingEvent.objects.bulk_create(
            [FindingEvent(finding=item, action="report", state="reported", time=item.reported) for item in batch[::4]]
        )
        some += [f"/findings/{item.pk}/" for item in batch if item.reach == "community"][:40]
    Counter.objects.bulk_create([Counter(organization_id=pk, last=last) for pk, last in numbers.items()])
    return draw.sample(some, min(200, len(some)))


def _somewhere(place: int) -> dict[str, float]:
    """Say where every third finding is."""
    return {} if place % 3 else {"latitude": place * 7 % 130 - 55.0, "longitude": place * 13 % 360 - 180.0}


def rooms(everybody: list[Organization], people: list[dict[str, str]]) -> None:
    """Open a room for each person's organization, with findings, tasks and a timeline, and tell its address."""
    from django.utils import timezone

    from tenon.web.accounts.models import User
    from tenon.web.audit.rules import Actor
    from tenon.web.organizations.rules import Profile
    from tenon.web.organizations.selectors import viewer_for
    from tenon.web.rooms import room_selectors, room_services, room_work_services
    from tenon.web.rooms.room_rules import Affected, EntryKind

    heads = everybody[:: _SITES + 1]
    fields = {"description": "The strait is closed.", "channel": "sea", "hazard": "natural", "severity": 3}
    for number, person in enumerate(people):
        user = User.objects.get(email=person["email"])
        viewer = viewer_for(user, None, Actor(user.pk))
        head = heads[number % len(heads)]
        room = room_services.open_room(viewer, head, {**fields, "title": f"Strait {number}"})
        room_services.bring_in(viewer, room, heads[(number + 1) % len(heads)])
        (commander,) = room_selectors.participants_of(room)
        viewer = viewer_for(user, None, Actor(user.pk))  # in the room's group by now
        for item in room_selectors.attachable(viewer, room)[:_ATTACHED]:
            room_work_services.attach(viewer, room, item, Profile.COMMENT)
        for day in range(_SAID):
            room_work_services.write(viewer, room, EntryKind.FACT, f"Ship {day} waits.")
        for day in range(_TASKS):
            room_work_services.give_task(viewer, room, f"Unload ship {day}", commander, timezone.now())
        room_work_services.affect(viewer, room, Affected.LANE, "Shanghai to Rotterdam")
        person["room"] = f"/rooms/{room.pk}/"


def alerts(people: list[dict[str, str]]) -> None:
    """Tell each person of findings of their own, unread."""
    from tenon.web.accounts.models import User
    from tenon.web.rooms.models import Alert, Finding

    for person in people:
        user = User.objects.get(email=person["email"])
        told = {"user": user, "organization_id": person["owner"], "kind": "reported", "page": True}
        newest = Finding.objects.filter(owner=UUID(person["owner"])).order_by("-reported")[:_ALERTS]
        Alert.objects.bulk_create([Alert(finding=item, key=str(item.pk), **told) for item in newest])


def _groups() -> dict[Any, list[Any]]:
    """Return the sharing groups of each organization that is in any."""
    from tenon.web.organizations.models import GroupMembership

    groups: dict[Any, list[Any]] = {}
    for item in GroupMembership.objects.all():
        groups.setdefault(item.organization_id, []).append(item.group_id)
    return groups


def entries(everybody: list[Organization], count: int) -> None:
    """Continue the chain of every organization with entries that follow from each other."""
    from django.db import connection

    from tenon.web.audit.models import Chain
    from tenon.web.audit.rules import BEGINNING, Actor, Statement, canonical, digest
    from tenon.web.audit.services import organization_chain

    columns = "chain, number, time, request_id, address, action, subject_kind, subject_id, details, previous, digest"
    insert = f"INSERT INTO audit_entry ({columns}) VALUES ({', '.join(['%s'] * 11)})"  # noqa: S608 - our own names
    for item in everybody:
        chain = organization_chain(item.pk)
        end = Chain.objects.filter(name=chain).first() or Chain(name=chain, digest=BEGINNING)
        rows, subject = [], str(item.pk)
        for number in range(end.length + 1, end.length + 1 + count // len(everybody)):
            moment = _BEGAN + timedelta(seconds=number)
            said = Statement(chain, number, moment, Actor(), "finding.comment", "finding", subject, {}, end.digest)
            end.digest, end.length = digest(said), number
            stored = moment.replace(tzinfo=None)
            rows.append(
                (
                    chain,
                    number,
                    stored,
                    "",
                    "",
                    said.action,
                    "finding",
                    subject,
                    canonical({}),
                    said.previous,
                    end.digest,
                )
            )
        with connection.cursor() as cursor:
            cursor.executemany(insert, rows)
        end.save()


if __name__ == "__main__":
    main()
