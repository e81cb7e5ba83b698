"""Fill an empty platform with the world of ``world.toml``, by the same services that people use."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from tenon.web.accounts.models import User
from tenon.web.accounts.services import create_user
from tenon.web.audit.rules import Actor
from tenon.web.organizations import services as organizations
from tenon.web.organizations import sharing
from tenon.web.organizations.models import Membership, Organization, SharingGroup
from tenon.web.organizations.policies import Viewer
from tenon.web.organizations.rules import Capability, Hidden, Marking, Profile, Reach
from tenon.web.organizations.selectors import role_called, viewer_for
from tenon.web.rooms import services as findings
from tenon.web.rooms.models import Finding
from tenon.web.rooms.rules import Action, FindingState

__all__ = ["fill"]

_WAY = (
    (FindingState.TRIAGED, Action.TRIAGE),
    (FindingState.ASSIGNED, Action.ASSIGN),
    (FindingState.ELIMINATED, Action.ELIMINATE),
    (FindingState.VERIFIED, Action.VERIFY),
    (FindingState.CLOSED, Action.CLOSE),
)
_MEASURES = {
    "measure": "Repair it at the next stop, and watch it until then · 下次停机检修，期间监护",
    "means": "Two fitters, one day, spare part in stock · 检修工两人一天，备件有库存",
    "fallback": "Run the second line at full load · 备用线满负荷运行",
    "note": "Done as planned; photos in the round book · 按计划完成，照片见点检记录",
}


def fill(password: str) -> list[User]:
    """Make the world.

    Parameters
    ----------
    password : str
        With which everybody in it signs in.

    Returns
    -------
    list of User
        Everybody, in the order of the file.
    """
    world = tomllib.loads((Path(__file__).with_name("world.toml")).read_text(encoding="utf-8"))
    with transaction.atomic():
        places = _organizations(world["organizations"])
        people = _people(world["people"], places, password)
        groups = _groups(world["groups"], places, people)
        for entry in world["findings"]:
            _finding(entry, places, people, groups)
    return [member.user for member in people.values()]


def _organizations(entries: Mapping[str, dict[str, Any]]) -> dict[str, Organization]:
    places: dict[str, Organization] = {}
    for key, entry in entries.items():
        fields = {name: value for name, value in entry.items() if name != "parent"}
        parent = places[entry["parent"]] if "parent" in entry else None
        places[key] = organizations.create_organization(Actor(), fields, parent)
    return places


def _people(
    entries: Mapping[str, list[str]], places: Mapping[str, Organization], password: str
) -> dict[str, Membership]:
    people = {}
    for key, (name, place, role) in entries.items():
        user = create_user(Actor(), f"{key}@example.org", name, password, is_operator=key == "chen")
        people[key] = organizations.appoint(Actor(), user, places[place], role_called(role))
    return people


def _viewer(member: Membership) -> Viewer:
    """Return a member's view with all that the role allows: nobody signs in here, so no second step is asked."""
    seen = viewer_for(member.user, member.organization_id, Actor())
    return Viewer(seen.actor, seen.capabilities | seen.resting, frozenset(), seen.own, seen.groups, seen.ceilings)


def _groups(
    entries: Mapping[str, dict[str, Any]], places: Mapping[str, Organization], people: Mapping[str, Membership]
) -> dict[str, SharingGroup]:
    groups = {}
    for key, entry in entries.items():
        owner = places[entry["owner"]]
        administrator = _viewer(next(item for item in people.values() if item.organization == owner))
        names = {"name_en": entry["name_en"], "name_zh": entry["name_zh"]}
        groups[key] = organizations.create_group(administrator, owner, names)
        for member in entry["members"]:
            organizations.add_to_group(administrator, groups[key], places[member])
    return groups


def _finding(
    entry: Mapping[str, Any],
    places: Mapping[str, Organization],
    people: Mapping[str, Membership],
    groups: Mapping[str, SharingGroup],
) -> None:
    apart = {"by", "owner", "days_ago", "state", "share"}
    owner = places[entry["owner"]]
    fields = {name: value for name, value in entry.items() if name not in apart}
    fields.setdefault("latitude", owner.latitude)
    fields.setdefault("longitude", owner.longitude)
    fields["reported"] = timezone.now() - timedelta(days=entry["days_ago"])
    made = findings.report(_viewer(people[entry["by"]]), owner, fields)
    made = _walk(made, FindingState(entry["state"]), people)
    if "share" in entry:
        _share(made, entry["share"], places, people, groups)


def _able(made: Finding, people: Mapping[str, Membership], capability: Capability, without: set[object]) -> Membership:
    """Find somebody of the owner's organizations who can do a step, and is not excluded from it."""
    return next(
        item
        for item in people.values()
        if made.owner.path.startswith(item.organization.path)
        and capability in item.role.allows
        and item.user_id not in without
    )


def _walk(made: Finding, state: FindingState, people: Mapping[str, Membership]) -> Finding:
    lead = _able(made, people, Capability.TRIAGE, set())
    worker = _able(made, people, Capability.ELIMINATE, set())
    values = {
        **_MEASURES,
        "severity": made.severity,
        "urgency": made.urgency,
        "responsible": worker.user,
        "deadline": timezone.now() + timedelta(days=5 - made.severity),
    }
    for target, action in _WAY:
        if made.state == state:
            break
        who = lead
        if action is Action.VERIFY:
            who = _able(made, people, Capability.VERIFY, {worker.user_id, lead.user_id})
        made = findings.move(_viewer(who), made, action, values, made.version)
        assert made.state == target  # noqa: S101 - the way of the file is the way of the rules
    return made


def _share(
    made: Finding,
    share: Mapping[str, Any],
    places: Mapping[str, Organization],
    people: Mapping[str, Membership],
    groups: Mapping[str, SharingGroup],
) -> None:
    lead = _viewer(_able(made, people, Capability.SHARE, set()))
    sharing.set_reach(lead, made, Reach.GROUP, Marking(made.marking))
    receiver = groups[share["group"]] if "group" in share else places[share["organization"]]
    hides = [Hidden(part) for part in share["hides"]]
    sharing.share(lead, made, receiver, Profile(share["profile"]), hides)
