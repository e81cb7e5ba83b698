"""The forms behind addresses whose reading stands in `endpoints`, and what is about drafts, proposals and studies."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tenon.web.organizations.rules import Capability, Permission
from tenon.web.rooms.alert_rules import SUBSCRIBED
from tenon.web.rooms.cap import Outgoing, write_cap
from tenon.web.rooms.models import ChecklistItem
from tests.web.matrix.endpoints import Endpoint
from tests.web.matrix.model import ACTING, About, Need
from tests.web.matrix.things import REPORT, TABLE
from tests.web.worlds import FIELDS

if TYPE_CHECKING:
    from tests.web.matrix.world import World

Form = Callable[["World", Any], dict[str, object]]
_KEEPS: dict[str, Any] = {"capability": Capability.TRIAGE, "permission": Permission.EDIT, "only_owner": True}
_DECIDES: dict[str, Any] = {"capability": Capability.TRIAGE, "permission": Permission.EDIT}
_INSPECTS: dict[str, Any] = {"unseen": True, "only_owner": True, "capability": Capability.REPORT}
_JUDGES: dict[str, Any] = {"unseen": True, "only_owner": True, "capability": Capability.TRIAGE}
_RUNS: dict[str, Any] = {"capability": Capability.STUDY, "only_owner": True}


def _own(name: str, capability: Capability, sends: Form, action: str = "", **more: Any) -> Endpoint:
    return Endpoint(name, "POST", Need(About.OWN, capability), action, sends=sends, **more)


def _object(  # budget: one of each that differs
    name: str, kind: str, sends: Form = lambda *_: {}, action: str = "", *, method: str = "POST", **need: Any
) -> Endpoint:
    return Endpoint(name, method, Need(About.OBJECT, sampled=True, **need), action, kind, sends=sends)


def _proposal(action: str, sends: Form) -> Endpoint:
    return Endpoint(
        "proposal_for_finding",
        "POST",
        Need(About.OBJECT, sampled=True, **_DECIDES),
        action,
        "proposal",
        where=lambda _world, item: [item.finding_id, item.pk],
        sends=lambda world, item: {"action": action, **sends(world, item)},
    )


def _draft(method: str, action: str = "", sends: Form = lambda *_: {}) -> Endpoint:
    return Endpoint("findings_import", method, Need(About.SENT, Capability.REPORT), action, "draft", sends=sends)


def equipment_form(_world: World, item: Any) -> dict[str, object]:
    """Return a whole piece of equipment, new or as it was."""
    return {
        "code": getattr(item, "code", "NEW-1"),
        "name_en": "Kiln",
        "parent": "",
        "equipment_class": "rotary kiln",
        "criticality": "A",
        "channel": "plant",
        "arrangement": "series",
        "version": getattr(item, "version", ""),
    }


def checklist_form(*_: object) -> dict[str, object]:
    line = {"text": "Oil leaks", "kind": "check", "severity": 2}
    return {
        "name": "Weekly round",
        "items-TOTAL_FORMS": 1,
        "items-INITIAL_FORMS": 0,
        **{f"items-0-{name}": value for name, value in line.items()},
    }


def _answer(_world: World, item: Any) -> dict[str, object]:
    tick = ChecklistItem.objects.filter(checklist=item.checklist, kind="check").get()
    return {"version": item.version, f"outcome_{tick.pk.hex}": "pass"}


def _file(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def _message(*_: object) -> dict[str, object]:
    said = {**FIELDS, "place": "", "latitude": None, "longitude": None, "state": "triaged", "marking": "TLP:GREEN"}
    now = datetime(2026, 11, 30, 12, tzinfo=UTC)
    sent = write_cap(
        Outgoing(
            "id.1", "port@example.org", now, "a@example.org", "Port", {**said, "deadline": None}, "https://x.org/f"
        )
    )
    return {"kind": "message", "owner": ACTING, "file": _file("a.xml", sent)}


_TREE = b"code,name_en,name_zh,class,criticality\nT-1,Kiln,,rotary kiln,A\n"
_STUDY = {
    "key": "one",
    "title": "",
    "language": "en",
    "marking": "TLP:AMBER",
    "reach": "organization",
    "chain": "example",
    "closure_days": 30,
    "within_days": 0,
    "follow": 1,
}
_CHAIN = {"name": "At night", "severity": 4, "remind_hours": 24, "repeats": 0, "wait_1": 4, "escalate_1": "on"}
_CHOICES = {"assigned": ["page"], **{f"{kind.value}_severity": 2 for kind in SUBSCRIBED}}
_VALUES = {"severity": 4, "urgency": 1, "note": "It can wait"}
_ACCEPTED = {"accept": "1", **{name: FIELDS[name] for name in ("title", "level", "channel", "hazard")}}
_ADMINISTERS = Need(About.PLANT, Capability.ADMINISTER)
FORM_ENDPOINTS = (
    # Everybody gets the form again: the invitation is somebody else's, or nothing was said.
    Endpoint("join", "POST", Need(About.VISITOR, done="200"), where=lambda world, _item: [world.token]),
    Endpoint("membership", "POST", _ADMINISTERS, "end", "member", sends=lambda *_: {"change": "ended"}),
    Endpoint(
        "group",
        "POST",
        Need(About.GROUP, Capability.ADMINISTER),
        "leave",
        "group",
        sends=lambda world, _item: {"leave": world.others["group"].pk},
    ),
    _object(
        "values_of_finding",
        "finding: reported",
        lambda _world, item: {"version": item.version, **_VALUES},
        **_DECIDES,
        instead=Permission.PROPOSE,
    ),
    _proposal("accept", lambda _world, item: {"version": item.finding.version}),
    _proposal("turn down", lambda *_: {"answer": "It cannot wait"}),
    _own(
        "findings_imports",
        Capability.REPORT,
        lambda *_: {"kind": "file", "owner": ACTING, "file": _file("a.csv", TABLE)},
        "file",
    ),
    _own("findings_imports", Capability.REPORT, _message, "message"),
    _draft("GET"),
    _draft("POST", "take", lambda *_: {"take": "all"}),
    _draft("POST", "discard", lambda *_: {"discard": "1"}),
    _own("alert_webhook", Capability.READ, lambda *_: {"remove": "1"}, "remove"),
    _own("alert_choices", Capability.READ, lambda *_: dict(_CHOICES)),
    Endpoint("chains_of_organization", "POST", _ADMINISTERS, kind="plant", sends=lambda *_: dict(_CHAIN)),
    Endpoint("end_chain", "POST", _ADMINISTERS, kind="chain", where=lambda world, item: [world.plant.pk, item.pk]),
    _own("new_equipment", Capability.TRIAGE, equipment_form),
    _own("import_equipment", Capability.TRIAGE, lambda *_: {"file": _file("a.csv", _TREE)}),
    _object("edit_equipment", "equipment", equipment_form, **_KEEPS),
    _object("new_equipment_checklist", "equipment", checklist_form, **_KEEPS),
    _object("equipment_checklist", "checklist", checklist_form, **_KEEPS, unseen=True),
    _object("round", "planned round", lambda *_: {"start": "1"}, "start", **_INSPECTS),
    _object("round", "round", _answer, "answer", **_INSPECTS),
    _object("intake", "intake", lambda *_: {**_ACCEPTED, "severity": 2, "urgency": 2}, "accept", **_JUDGES),
    _object("intake", "intake", lambda *_: {"discard": "1", "reason": "Seen before"}, "discard", **_JUDGES),
    _own("new_study", Capability.STUDY, lambda *_: dict(_STUDY), where=lambda *_: ["chain-stress"]),
    _object("retry_study", "failed study", lambda _world, item: {"version": item.version}, **_RUNS),
    _object("outage_in_study", "done study", lambda *_: {"site": "Genk works", "days": 20}, **_RUNS),
    Endpoint(
        "file_of_study",
        "GET",
        Need(About.OBJECT, whole=True, sampled=True),
        kind="done study",
        where=lambda _world, item: [item.pk, REPORT],
    ),
)
