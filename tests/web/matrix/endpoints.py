"""Every address of the platform, one line each: what it needs, and what is sent to it.

A new page gets a line here; ``scripts/authorization-matrix`` then adds its rows to
``docs/authorization-matrix.csv``, to be reviewed by people. A page that needs no row has its reason in `OPEN`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tenon.web.organizations.rules import Capability, Permission
from tests.web.matrix.model import About, Case, Need, cases

if TYPE_CHECKING:
    from tests.web.matrix.world import World

# Addresses without rows. What allauth serves is about one's own account alone, and nobody else's can be named.
OPEN: Mapping[str, str] = {
    "account_login": "the way in",
    "account_logout": "ends one's own session",
    "account_reset_password": "asks for a letter; says the same whether there is an account or not",
    "account_reset_password_done": "a sentence",
    "account_reset_password_from_key": "holds a key from a letter",
    "account_reset_password_from_key_done": "a sentence",
    "account_inactive": "a sentence",
    "mfa_authenticate": "the second step of the way in",
    "account_reauthenticate": "one's own account",
    "account_change_password": "one's own account",
    "mfa_index": "one's own account",
    "mfa_reauthenticate": "one's own account",
    "mfa_activate_totp": "one's own account",
    "mfa_deactivate_totp": "one's own account",
    "mfa_view_recovery_codes": "one's own account",
    "mfa_generate_recovery_codes": "one's own account",
    "mfa_download_recovery_codes": "one's own account",
    "usersessions_list": "one's own account",
}


@dataclass(frozen=True)
class Endpoint:
    """One way to ask the platform.

    Parameters
    ----------
    name : str
        Of the address.
    method : str
        GET or POST.
    need : Need
        What it asks of people.
    action : str
        Which of several actions at one address.
    kind : str
        What of the made-up world it is about.
    where : callable, optional
        Returns the parts of the address from the world and the object.
    sends : callable, optional
        Returns the form that is sent.
    """

    name: str
    method: str
    need: Need
    action: str = ""
    kind: str = ""
    where: Callable[[World, Any], list[object]] = lambda _world, item: [] if item is None else [item.pk]
    sends: Callable[[World, Any], dict[str, object]] = lambda _world, _item: {}

    def cases(self) -> Iterator[Case]:
        """List the questions about it."""
        return cases(self.name, self.method, self.action, self.need.about)


def _step(action: str, state: str, permission: Permission, capability: Capability) -> Endpoint:
    need = Need(About.OBJECT, capability, permission)
    return Endpoint(
        "finding", "POST", need, action, f"finding: {state}", sends=lambda world, item: world.step(item, action)
    )


def _plant(name: str, method: str, sends: Callable[[World, Any], dict[str, object]] | None = None) -> Endpoint:
    need = Need(About.PLANT, Capability.ADMINISTER)
    return Endpoint(name, method, need, kind="plant", sends=sends or (lambda _world, _item: {}))


def _names(_world: World, _item: object) -> dict[str, object]:
    return {"name_en": "Made", "kind": "port", "level": "unit", "country": "CN"}


_NOTHING, _OWN = Need(About.NOTHING), About.OWN
ENDPOINTS = (
    Endpoint("home", "GET", _NOTHING),
    Endpoint("health", "GET", Need(About.VISITOR)),
    Endpoint("switch_language", "POST", Need(About.VISITOR), sends=lambda *_: {"language": "en", "next": "/health"}),
    Endpoint("join", "GET", Need(About.VISITOR), where=lambda world, _item: [world.token]),
    Endpoint("organizations", "GET", _NOTHING),
    Endpoint("new_organization", "GET", Need(About.PLATFORM)),
    Endpoint(
        "new_organization",
        "POST",
        Need(About.PLATFORM),
        sends=lambda *_: {**_names(*_), "administrator": "first@example.org"},
    ),
    Endpoint("act_for", "POST", Need(About.ACTING), sends=lambda world, _item: {"organization": world.plant.pk}),
    Endpoint("organization", "GET", Need(About.PLANT), kind="plant"),
    _plant("invite_to_organization", "GET"),
    _plant("invite_to_organization", "POST", lambda world, _item: {"email": "a@example.org", "role": world.role.pk}),
    _plant("ceiling_of_organization", "GET"),
    _plant(
        "ceiling_of_organization", "POST", lambda world, _item: {"receiver": world.spare.pk, "marking": "TLP:GREEN"}
    ),
    _plant("new_organization_below", "GET"),
    _plant("new_organization_below", "POST", _names),
    Endpoint(
        "membership",
        "POST",
        Need(About.PLANT, Capability.ADMINISTER),
        "role",
        "member",
        sends=lambda *_: {"role": "member"},
    ),
    Endpoint(
        "membership",
        "POST",
        Need(About.PLANT, Capability.ADMINISTER),
        "suspend",
        "member",
        sends=lambda *_: {"change": "suspended"},
    ),
    Endpoint("withdraw_invitation", "POST", Need(About.PLANT, Capability.ADMINISTER), kind="invitation"),
    Endpoint("groups", "GET", _NOTHING),
    Endpoint("new_group", "GET", Need(_OWN, Capability.ADMINISTER)),
    Endpoint("new_group", "POST", Need(_OWN, Capability.ADMINISTER), sends=lambda *_: {"name_en": "Made"}),
    Endpoint("group", "GET", Need(About.GROUP), kind="group"),
    Endpoint(
        "group",
        "POST",
        Need(About.GROUP, Capability.ADMINISTER, only_owner=True),
        "bring in",
        "group",
        sends=lambda world, _item: {"organization": world.spare.pk},
    ),
    Endpoint("record", "GET", Need(_OWN, Capability.AUDIT)),
    Endpoint("findings", "GET", _NOTHING),
    Endpoint("new_finding", "GET", Need(_OWN, Capability.REPORT)),
    Endpoint("new_finding", "POST", Need(_OWN, Capability.REPORT), sends=lambda world, _item: world.report()),
    Endpoint("finding", "GET", Need(About.OBJECT), kind="finding: reported"),
    _step("triage", "reported", Permission.EDIT, Capability.TRIAGE),
    _step("reject", "reported", Permission.EDIT, Capability.TRIAGE),
    _step("merge", "reported", Permission.EDIT, Capability.TRIAGE),
    _step("escalate", "reported", Permission.COMMENT, Capability.REPORT),
    _step("assign", "triaged", Permission.EDIT, Capability.TRIAGE),
    _step("eliminate", "assigned", Permission.EDIT, Capability.ELIMINATE),
    _step("verify", "eliminated", Permission.VERIFY, Capability.VERIFY),
    _step("return", "eliminated", Permission.VERIFY, Capability.VERIFY),
    _step("close", "verified", Permission.EDIT, Capability.TRIAGE),
    _step("reopen", "closed", Permission.EDIT, Capability.TRIAGE),
    Endpoint(
        "comment_finding",
        "POST",
        Need(About.OBJECT, permission=Permission.COMMENT),
        kind="finding: reported",
        sends=lambda *_: {"note": "Seen again"},
    ),
    Endpoint(
        "share_finding",
        "POST",
        Need(About.OBJECT, permission=Permission.SHARE),
        kind="finding: reported",
        sends=lambda world, _item: {"receiver": f"organization:{world.spare.pk}", "profile": "read"},
    ),
    Endpoint(
        "reach_of_finding",
        "POST",
        Need(About.OBJECT, permission=Permission.SHARE),
        kind="finding: reported",
        sends=lambda _world, item: {"marking": item.marking, "reach": item.reach},
    ),
    Endpoint(
        "revoke_finding",
        "POST",
        Need(About.OBJECT, permission=Permission.SHARE),
        kind="finding: reported",
        where=lambda world, item: [item.pk, world.share_of(item).pk],
    ),
)
BY_KEY = {(endpoint.name, endpoint.method, endpoint.action): endpoint for endpoint in ENDPOINTS}
