"""Builders of people, organizations and findings, by the services that make them on the platform."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.test import Client
from django.utils import timezone

from tenon.web.accounts.models import User
from tenon.web.accounts.services import create_user
from tenon.web.audit.rules import Actor
from tenon.web.organizations import services
from tenon.web.organizations.models import Membership, Organization, Role
from tenon.web.organizations.policies import Viewer
from tenon.web.organizations.rules import Capability, OrganizationKind, OrganizationLevel
from tenon.web.organizations.selectors import viewer_for
from tenon.web.rooms import room_services as rooms
from tenon.web.rooms import services as findings
from tenon.web.rooms.models import Finding, Room
from tenon.web.rooms.rules import Action, Channel, Hazard, Level

PASSWORD = "a sentence that nobody guesses"  # noqa: S105 - of people who exist in tests alone
_numbers = count(1)


@contextmanager
def rolled_back() -> Iterator[None]:
    """Undo everything that is written inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def person(name: str = "Person") -> User:
    return create_user(Actor(), f"{name.lower()}{next(_numbers)}@example.org", name, PASSWORD)


def organization(name: str = "Works", parent: Organization | None = None) -> Organization:
    fields = {
        "name_en": name,
        "name_zh": "",
        "kind": OrganizationKind.MANUFACTURER.value,
        "level": OrganizationLevel.SITE.value,
        "country": "CN",
    }
    return services.create_organization(Actor(), fields, parent)


def role(*capabilities: Capability) -> Role:
    """Return a role with exactly these capabilities."""
    listed = sorted(capability.value for capability in capabilities)
    found, _ = Role.objects.get_or_create(
        key="+".join(item[:4] for item in listed)[:40] or "none", defaults={"name_en": "Role", "capabilities": listed}
    )
    return found


def member(of: Organization, key: str | Role = "member", who: User | None = None) -> Membership:
    found = Role.objects.get(key=key) if isinstance(key, str) else key
    return services.appoint(Actor(), who or person(), of, found)


def viewer(membership: Membership, *, second_step: bool = True) -> Viewer:
    """Return what the member sees and may do; with a second step, unless a test asks for none."""
    if second_step:
        protect(membership.user)
    return viewer_for(membership.user, membership.organization_id, Actor())


def protect(user: User) -> None:
    Authenticator.objects.get_or_create(
        user=user, type=Authenticator.Type.TOTP, defaults={"data": {"secret": "JBSWY3DPEHPK3PXP"}}
    )


def client_of(membership: Membership) -> Client:
    """Return a browser in which the member is signed in and acts for the organization."""
    protect(membership.user)
    client = Client()
    client.force_login(membership.user)
    session = client.session
    session["organization"] = str(membership.organization_id)
    session.save()
    return client


FIELDS: dict[str, Any] = {
    "title": "Crack in the kiln shell",
    "description": "Seen at the second tyre, 40 cm long.",
    "level": Level.EQUIPMENT.value,
    "channel": Channel.PLANT.value,
    "hazard": Hazard.EQUIPMENT.value,
    "severity": 4,
    "urgency": 3,
}


def finding(owner: Organization, by: Viewer | None = None, **fields: Any) -> Finding:
    """Report a finding in an organization, by a member of it."""
    reporter = by or viewer(member(owner, "coordinator"))
    return findings.report(reporter, owner, {**FIELDS, **fields})


ROOM: dict[str, Any] = {
    "title": "Storm closes the strait",
    "description": "No ship passes since the morning.",
    "channel": Channel.SEA.value,
    "hazard": Hazard.NATURAL.value,
    "severity": 3,
}


def room(owner: Organization, by: Viewer | None = None, **fields: Any) -> Room:
    """Open a room of an organization, by somebody who leads there."""
    return rooms.open_room(by or viewer(member(owner, "coordinator")), owner, {**ROOM, **fields})


def step_values(responsible: User) -> dict[str, Any]:
    """Return what all steps together need."""
    return {
        "severity": 4,
        "urgency": 3,
        "responsible": responsible,
        "measure": "Weld it",
        "means": "Two welders, one day",
        "deadline": timezone.now() + timedelta(days=3),
        "fallback": "Run the second kiln",
        "note": "Done as planned",
    }


def walk(finding: Finding, by: Viewer, verifier: Viewer, responsible: User, *, upto: Action) -> Finding:
    """Take a finding along the straight way up to a step."""
    values = step_values(responsible)
    for action in (Action.TRIAGE, Action.ASSIGN, Action.ELIMINATE, Action.VERIFY, Action.CLOSE):
        who = verifier if action is Action.VERIFY else by
        finding = findings.move(who, finding, action, values, finding.version)
        if action is upto:
            break
    return finding
