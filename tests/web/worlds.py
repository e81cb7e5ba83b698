"""Builders of people and organizations, by the services that make them on the platform."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count

from tenon.web.accounts.models import User
from tenon.web.accounts.services import create_user
from tenon.web.audit.rules import Actor
from tenon.web.organizations import services
from tenon.web.organizations.models import Membership, Organization, Role
from tenon.web.organizations.policies import Viewer
from tenon.web.organizations.rules import Capability, OrganizationKind, OrganizationLevel
from tenon.web.organizations.selectors import viewer_for

PASSWORD = "a sentence that nobody guesses"  # noqa: S105 - of people who exist in tests alone
_numbers = count(1)


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


def role(key: str) -> Role:
    return Role.objects.get(key=key)


def role_of(capabilities: Iterable[Capability]) -> Role:
    """A role with exactly these capabilities."""
    listed = sorted(capability.value for capability in capabilities)
    return Role.objects.get_or_create(key="-".join(listed)[:40] or "none", defaults={"name_en": "Role", "capabilities": listed})[0]


def member(of: Organization, key: str = "member", who: User | None = None) -> Membership:
    return services.appoint(Actor(), who or person(), of, role(key))


def viewer(membership: Membership, *, second_step: bool = True) -> Viewer:
    """What the member sees and may do; with a second step, unless a test asks for none."""
    if second_step:
        from allauth.mfa.models import Authenticator

        Authenticator.objects.get_or_create(user=membership.user, type=Authenticator.Type.TOTP, defaults={"data": {}})
    return viewer_for(membership.user, membership.organization_id, Actor())
