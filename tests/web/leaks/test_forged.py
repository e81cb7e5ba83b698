"""Swapped identifiers and fields that nobody asked for change nothing."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from django.apps import apps
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from tenon.web.accounts.models import User
from tenon.web.organizations import services as organizations
from tenon.web.organizations import sharing
from tenon.web.organizations.models import Role, Share
from tenon.web.organizations.rules import Hidden, Profile
from tenon.web.rooms.models import Finding
from tests.web.leaks.planted import Planted
from tests.web.matrix.endpoints import Endpoint
from tests.web.matrix.world import World
from tests.web.matrix.writing import WRITING, allowed, writing_world
from tests.web.worlds import FIELDS, PASSWORD, client_of, rolled_back, viewer

pytestmark = pytest.mark.django_db
PLATFORM = ("accounts", "organizations", "rooms", "runs")
# What these do is in the session, or there is nothing to do in the made-up world.
CHANGE_NOTHING = {"switch_language", "act_for", "read_alerts", "alert_webhook", "equipment_of_finding"}
# Fields of the models that no form offers, and that a careless one would take over.
FORGED: dict[str, object] = {
    "owner_id": str(uuid.UUID(int=1)),
    "state": "closed",
    "number": 999,
    "source": "program",
    "verified_by": str(uuid.UUID(int=1)),
    "verified": "2026-01-01",
    "reported_by": str(uuid.UUID(int=1)),
    "eliminated_by": str(uuid.UUID(int=1)),
    "reopenings": 9,
    "escalation": 9,
    "is_operator": "on",
    "is_active": "",
    "is_home": "on",
    "is_staff": "on",
    "capabilities": '["administer"]',
    "path": "/",
    "root": str(uuid.UUID(int=1)),
    "parent": str(uuid.UUID(int=1)),
    "user": str(uuid.UUID(int=1)),
    "granted": "2020-01-01",
    "revoked": "",
    "id": str(uuid.UUID(int=1)),
    "pk": str(uuid.UUID(int=1)),
}


def rows() -> dict[tuple[str, object], dict[str, Any]]:
    """Return everything that the platform keeps, without the record and sessions."""
    kept: list[type[Model]] = [model for app in PLATFORM for model in apps.get_app_config(app).get_models()]
    return {
        (model.__name__, row["pk"]): {name: value for name, value in row.items() if name != "last_login"}
        for model in kept
        for row in ({**item, "pk": item[model._meta.pk.attname]} for item in model._default_manager.values())
    }


def changes(before: dict[tuple[str, object], dict[str, Any]]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what was made, changed or removed since, but for what is never the same: identifiers, times, digests."""
    known, now = {str(key[1]) for key in before}, rows()
    found = [(key[0], [("removed", str(key[1]))]) for key in before if key not in now]
    for key, row in now.items():
        if before.get(key) != row:
            own = {} if key in before else dict.fromkeys(("id", "pk"), "a new one")
            values = sorted(({name: _plain(value, known) for name, value in row.items()} | own).items())
            found.append((key[0], values))
    return sorted(found)


def _plain(value: object, known: set[str]) -> str:
    if isinstance(value, datetime):
        return "a time"
    text = str(value)
    if _is_identifier(text) and text not in known:
        return "a new one"
    return "a digest or a path" if len(text) > 36 and " " not in text else text


def _is_identifier(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


@pytest.fixture(scope="module")
def world(
    django_db_setup: None,  # noqa: ARG001 - before this one
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[World]:
    with django_db_blocker.unblock(), writing_world(tmp_path_factory.mktemp("data")) as made:
        yield made


@pytest.mark.parametrize("endpoint", WRITING, ids=lambda item: f"{item.name} {item.action}".strip())
def test_fields_that_nobody_asked_for_change_nothing(world: World, endpoint: Endpoint) -> None:
    case = allowed(endpoint)
    client, item = world.client(case), world.item(endpoint.kind, case)
    address = reverse(endpoint.name, args=endpoint.where(world, item))
    with rolled_back():
        world.stand_in(case, item)
        before, told = rows(), []
        for more in ({}, FORGED):
            form = world.filled(case, endpoint.sends(world, item))
            with rolled_back():
                assert client.post(address, {**more, **form}).status_code == 302
                told.append(changes(before))
    assert told[0] == told[1]
    assert told[0] or endpoint.name in CHANGE_NOTHING


def test_an_invitation_makes_no_operator(planted: Planted) -> None:
    _invitation, token = organizations.invite(
        viewer(planted.lead), planted.plant, "new@example.org", Role.objects.get(key="observer")
    )
    sent = {**FORGED, "name": "New", "password": PASSWORD, "email": "other@example.org", "role": "administrator"}
    assert Client().post(reverse("join", args=[token]), sent).status_code == 302
    made = User.objects.get(email="new@example.org")
    assert (made.is_operator, made.is_active) == (False, True)
    assert [item.role.key for item in made.memberships.all()] == ["observer"]


def swapped(planted: Planted) -> Iterator[tuple[str, list[object], dict[str, object], int]]:
    """Yield what a stranger sends with identifiers of others: address, its parts, the form, and the answer."""
    own, hidden, home = planted.own, planted.hidden, planted.stranger.organization
    merge = {"action": "merge", "version": own.version, "merged_into": hidden.pk}
    yield "finding", [own.pk], merge, 200
    yield "finding", [hidden.pk], merge, 404
    assign = {"version": own.version, "action": "assign", "responsible": planted.worker.user_id}
    yield "finding", [own.pk], {**assign, "measure": "m", "means": "m", "deadline": "2030-01-01", "fallback": "f"}, 200
    yield "revoke_finding", [own.pk, planted.given.pk], {}, 404
    yield "revoke_finding", [planted.shared.pk, planted.given.pk], {}, 404
    yield "share_finding", [hidden.pk], {"receiver": f"organization:{home.pk}", "profile": "manage"}, 404
    yield "share_finding", [planted.open.pk], {"receiver": f"organization:{planted.unit.pk}", "profile": "manage"}, 403
    yield "share_finding", [own.pk], {"receiver": f"group:{planted.group.pk}", "profile": "read"}, 404
    yield "reach_of_finding", [planted.open.pk], {"reach": "organization", "marking": "TLP:CLEAR"}, 403
    yield "comment_finding", [planted.shared.pk], {"note": "x"}, 404
    yield "comment_finding", [planted.open.pk], {"note": "x"}, 403
    yield "membership", [planted.lead.pk], {"change": "ended"}, 404
    yield "membership", [planted.stranger.pk], {"role": planted.lead.role_id}, 404
    yield "withdraw_invitation", [planted.invitation.pk], {}, 404
    yield "act_for", [], {"organization": planted.plant.pk}, 404
    yield "group", [planted.group.pk], {"organization": home.pk}, 404
    yield "ceiling_of_organization", [planted.plant.pk], {"receiver": home.pk, "marking": "TLP:RED"}, 404
    yield "ceiling_of_organization", [home.pk], {"receiver": home.pk, "marking": "TLP:RED"}, 200
    yield (
        "new_organization_below",
        [planted.plant.pk],
        {"name_en": "x", "kind": "port", "level": "unit", "country": "CN"},
        404,
    )
    yield "invite_to_organization", [planted.plant.pk], {"email": "x@example.org", "role": 1}, 404
    yield "invite_to_organization", [home.pk], {"email": "x@example.org", "role": 10**6}, 200


def test_swapped_identifiers_change_nothing(planted: Planted) -> None:
    client, before = client_of(planted.stranger), rows()
    for name, parts, form, answer in swapped(planted):
        got = client.post(reverse(name, args=parts), form)
        assert got.status_code == answer, (name, form)
        assert changes(before) == [], (name, form)


def test_a_report_stays_in_one_s_own_organizations(planted: Planted) -> None:
    client = client_of(planted.stranger)
    sent = {**reported(), "owner": str(planted.plant.pk)}
    assert client.post(reverse("new_finding"), sent).status_code == 302
    assert Finding.objects.latest("reported").owner == planted.stranger.organization
    inside = client_of(planted.lead)
    assert (
        inside.post(reverse("new_finding"), {**sent, "owner": str(planted.stranger.organization_id)}).status_code == 200
    )


def reported() -> dict[str, object]:
    return {**FIELDS, "marking": "TLP:AMBER", "reach": "organization"}


def test_what_is_kept_back_is_not_passed_on(planted: Planted) -> None:
    """A partner who manages a finding without its cost shares it with nobody together with its cost."""
    sharing.share(viewer(planted.lead), planted.shared, planted.partner.organization, Profile.MANAGE, [Hidden.COST])
    client, address = client_of(planted.partner), reverse("share_finding", args=[planted.shared.pk])
    for receiver in (planted.stranger.organization, planted.neighbor.organization):
        sent: dict[str, object] = {"receiver": f"organization:{receiver.pk}", "profile": "read"}
        assert client.post(address, sent).status_code == 403
        assert client.post(address, {**sent, "hides": ["cost", "names"]}).status_code == 302
    assert all("cost" in item.hides for item in Share.objects.filter(subject_id=planted.shared.pk, user=None))
    loosened = {"reach": "community", "marking": "TLP:CLEAR"}
    assert client.post(reverse("reach_of_finding", args=[planted.shared.pk]), loosened).status_code == 403
