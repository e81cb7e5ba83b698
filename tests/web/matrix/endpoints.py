"""Every address of the platform, one line each: what it needs, and what is sent to it.

A new page gets a line here; ``scripts/authorization-matrix`` then adds its rows to
``docs/authorization-matrix.csv``, to be reviewed by people. A page that needs no row has its reason in `OPEN`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tenon.web.organizations.rules import Capability, Permission
from tenon.web.rooms.room_rules import Power
from tests.web.matrix.model import PROGRAMS, About, Case, Need, cases
from tests.web.matrix.programs import PROGRAM_ROWS
from tests.web.plants import PNG
from tests.web.worlds import FIELDS

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
    "tokens": "one's own account",
    "new_token": "one's own account",
    "revoke_token": "one's own token; of others there is none",
    "ready": "programs of this machine, or with the watching token; for others there is nothing",
    "metrics": "programs of this machine, or with the watching token; for others there is nothing",
    "phone_report": "whoever holds the phone before a label; a token of 128 bits or more is the key",
    "interface:openapi-json": "how to use the interface; about nobody",
    "interface:api-root": "a name that addresses are made from; nothing answers there",
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
        return cases(self.name, self.method, self.action, self.need)


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


def _object(  # budget: one of each that differs
    name: str,
    method: str,
    kind: str,
    sends: Callable[[World, Any], dict[str, object]] = lambda _world, _item: {},
    **need: Any,
) -> Endpoint:
    return Endpoint(name, method, Need(About.OBJECT, sampled=name != kind, **need), kind=kind, sends=sends)


def _room(name: str, method: str) -> Endpoint:
    return Endpoint(name, method, Need(About.ROOM, sampled=name != "room"), kind="room")


def _shared(kind: str) -> tuple[Endpoint, ...]:
    """Return what can be done with everything that is shared."""
    return (
        _object(kind, "GET", kind),
        _object(f"share_{kind}", "POST", kind, _receiver, permission=Permission.SHARE),
        _object(f"reach_of_{kind}", "POST", kind, _as_it_is, permission=Permission.SHARE),
        Endpoint(
            f"revoke_{kind}",
            "POST",
            Need(About.OBJECT, permission=Permission.SHARE, sampled=True),
            kind=kind,
            where=lambda world, item: [item.pk, world.share_of(item).pk],
        ),
    )


def _receiver(world: World, _item: object) -> dict[str, object]:
    return {"receiver": f"organization:{world.spare.pk}", "profile": "read"}


def _as_it_is(_world: World, item: Any) -> dict[str, object]:
    return {"marking": item.marking, "reach": item.reach}


def _program(name: str, method: str, need: Need, kind: str = "", **more: Any) -> Endpoint:
    return Endpoint(PROGRAMS + name, method, replace(need, sampled=True), kind=kind, **more)


_KEEPS: dict[str, Any] = {"capability": Capability.TRIAGE, "permission": Permission.EDIT, "only_owner": True}
_OF_OWNER: dict[str, Any] = {"unseen": True, "only_owner": True}
_REPORTED = "finding: reported"
_NOTHING, _OWN = Need(About.NOTHING), About.OWN
# Those of rooms and the forms of the rest stand beside this; `everything` puts them together.
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
    Endpoint("finding", "GET", Need(About.OBJECT, every_marking=True), kind="finding: reported"),
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
    _object(
        "values_of_finding",
        "GET",
        _REPORTED,
        capability=Capability.TRIAGE,
        permission=Permission.EDIT,
        instead=Permission.PROPOSE,
    ),
    _object(
        "attach_to_finding",
        "POST",
        _REPORTED,
        lambda *_: {"file": SimpleUploadedFile("a.png", PNG)},
        permission=Permission.COMMENT,
    ),
    _object(
        "add_reading_to_finding",
        "POST",
        _REPORTED,
        lambda *_: {"quantity": "Heat", "value": "3", "unit": "K"},
        permission=Permission.COMMENT,
    ),
    _object(
        "equipment_of_finding",
        "POST",
        _REPORTED,
        lambda _world, item: {"equipment": "", "version": item.version},
        capability=Capability.TRIAGE,
        permission=Permission.EDIT,
    ),
    _object("export_finding", "POST", _REPORTED, capability=Capability.EXPORT, done="200"),
    _object("attachment", "GET", "attachment", whole=True),
    Endpoint("findings_ledger", "GET", _NOTHING),
    Endpoint("findings_map", "GET", _NOTHING),
    Endpoint("export_findings", "POST", Need(_OWN, Capability.EXPORT, done="200")),
    Endpoint("findings_imports", "GET", Need(_OWN, Capability.REPORT)),
    Endpoint("findings_import_template", "GET", _NOTHING),
    Endpoint("alerts", "GET", _NOTHING),
    Endpoint("read_alerts", "POST", _NOTHING),
    Endpoint("alert_choices", "GET", _NOTHING),
    Endpoint(
        "alert_webhook",
        "POST",
        Need(_OWN, Capability.EXPORT, done="200"),
        sends=lambda *_: {"url": "https://hooks.example.org/tenon"},
    ),
    Endpoint("chains_of_organization", "GET", Need(About.PLANT), kind="plant"),
    Endpoint("equipment_tree", "GET", _NOTHING),
    Endpoint("equipment_availability", "GET", _NOTHING),
    Endpoint("new_equipment", "GET", Need(_OWN, Capability.TRIAGE)),
    Endpoint("import_equipment", "GET", Need(_OWN, Capability.TRIAGE)),
    *_shared("equipment"),
    _object("edit_equipment", "GET", "equipment", **_KEEPS),
    _object("equipment_label", "GET", "equipment", **_KEEPS),
    _object("renew_equipment_label", "POST", "equipment", **_KEEPS),
    _object("new_equipment_checklist", "GET", "equipment", **_KEEPS),
    _object("equipment_checklist", "GET", "checklist", **_KEEPS, unseen=True),
    _object("plan_round", "POST", "checklist", lambda *_: {"due": "2030-01-01"}, **_KEEPS, unseen=True),
    _object("start_round", "POST", "checklist", **_OF_OWNER, capability=Capability.REPORT),
    Endpoint("rounds", "GET", _NOTHING),
    _object("round", "GET", "round", **_OF_OWNER),
    Endpoint("intakes", "GET", Need(_OWN, Capability.TRIAGE)),
    _object("intake", "GET", "intake", **_OF_OWNER, capability=Capability.TRIAGE),
    Endpoint("rooms", "GET", _NOTHING),
    Endpoint("new_room", "GET", Need(_OWN, Capability.COMMAND)),
    _room("room", "GET"),
    _room("room_timeline", "GET"),
    _room("room_people", "GET"),
    Endpoint("close_room", "GET", Need(About.ROOM, power=Power.STEER, sampled=True), kind="stable room"),
    Endpoint("studies", "GET", _NOTHING),
    Endpoint("choose_study", "GET", Need(_OWN, Capability.STUDY)),
    Endpoint("new_study", "GET", Need(_OWN, Capability.STUDY), where=lambda *_: ["chain-stress"]),
    *_shared("study"),
    _object("state_of_study", "GET", "study"),
    _object(
        "cancel_study",
        "POST",
        "study",
        lambda _world, item: {"version": item.version},
        capability=Capability.STUDY,
        only_owner=True,
    ),
    _program("me", "GET", _NOTHING),
    _program("organizations", "GET", _NOTHING),
    _program("organization", "GET", Need(About.PLANT), "plant"),
    _program("directory", "GET", _NOTHING),
    _program("groups", "GET", _NOTHING),
    _program("record", "GET", Need(About.PLANT, Capability.AUDIT), "plant"),
    _program("findings", "GET", _NOTHING),
    _program("report", "POST", Need(_OWN, Capability.REPORT, done="201"), sends=lambda *_: dict(FIELDS)),
    _program("finding", "GET", Need(About.OBJECT), _REPORTED),
    _program("events", "GET", Need(About.OBJECT), _REPORTED),
    _program("people", "GET", Need(About.OBJECT, permission=Permission.EDIT), _REPORTED),
    _program("shares", "GET", Need(About.OBJECT, permission=Permission.SHARE), _REPORTED),
    _program(
        "step",
        "POST",
        Need(About.OBJECT, Capability.REPORT, Permission.COMMENT, done="200"),
        _REPORTED,
        sends=lambda *_: {"action": "escalate", "note": "Worse"},
    ),
    _program(
        "comment",
        "POST",
        Need(About.OBJECT, permission=Permission.COMMENT, done="201"),
        _REPORTED,
        sends=lambda *_: {"note": "Seen again"},
    ),
    _program(
        "share",
        "POST",
        Need(About.OBJECT, permission=Permission.SHARE, leaves=True, done="201"),
        _REPORTED,
        sends=lambda world, _item: {"organization": str(world.spare.pk), "profile": "read"},
    ),
    _program(
        "revoke",
        "DELETE",
        Need(About.OBJECT, permission=Permission.SHARE, done="204"),
        _REPORTED,
        where=lambda world, item: [item.pk, world.share_of(item).pk],
    ),
    _program("reach", "PUT", Need(About.OBJECT, permission=Permission.SHARE, done="200"), _REPORTED, sends=_as_it_is),
    *(_program(**row) for row in PROGRAM_ROWS),
)
