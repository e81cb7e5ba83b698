"""What programs ask about rooms, equipment and studies: one row for each address and method."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tenon.web.organizations.rules import Capability, Marking, Permission
from tenon.web.rooms.models import Participant, Room, RoomTask
from tenon.web.rooms.room_rules import Part, Power
from tests.web.matrix.model import COMMUNITY, About, Case, Need
from tests.web.worlds import ROOM

if TYPE_CHECKING:
    from tests.web.matrix.world import World

TOHOKU = {"kind": "table stress", "scenario": "tohoku-2011"}
DUE = "2030-01-01T00:00:00Z"
_OWN_ROUND = Need(About.OBJECT, unseen=True, only_owner=True)
_INSPECTS = Need(About.OBJECT, Capability.REPORT, unseen=True, only_owner=True, done="200")
_NOTHING, _SEES = Need(About.NOTHING), Need(About.ROOM)


def _row(name: str, method: str, need: Need, kind: str = "", **more: Any) -> dict[str, Any]:
    return {"name": name, "method": method, "need": need, "kind": kind, **more}


def _room(name: str, **more: Any) -> dict[str, Any]:
    return _row(name, "GET", _SEES, "room", **more)


def _work(name: str, power: Power, body: dict[str, object], **more: Any) -> dict[str, Any]:
    """Return something that people do by their part in the room."""
    need = Need(About.ROOM, power=power, done=more.pop("done", "201"), only_owner=more.pop("only_owner", False))
    return _row(name, "POST", need, "room", **({"sends": lambda *_: body} | more))


def _task(_world: World, room: Room) -> list[object]:
    return [room.pk, RoomTask.objects.get(room=room).pk]


def _given(_world: World, room: Room) -> dict[str, object]:
    liaison = Participant.objects.get(room=room, part=Part.LIAISON.value, until=None)
    return {"title": "Ask", "due": DUE, "to": str(liaison.pk)}


def _known(world: World, _room: Room) -> dict[str, object]:
    """Name a finding that everybody sees."""
    case = Case("", "", "", COMMUNITY, "", Marking.GREEN.value)
    return {"finding": str(world.item("finding: reported", case).pk)}


PROGRAM_ROWS = (
    _row("rooms", "GET", _NOTHING),
    _row("open_room", "POST", Need(About.OWN, Capability.COMMAND, done="201"), sends=lambda *_: dict(ROOM)),
    *(_room(name) for name in ("room", "participants", "entries", "decisions", "tasks", "reports", "findings_of_room")),
    _room("task", where=_task),
    _room("report_of_room", where=lambda _world, room: [room.pk, 2]),
    _work("step_of_room", Power.STEER, {"action": "stabilize", "reason": "Ships pass"}, done="200"),
    _work("write", Power.SAY, {"text": "Hello"}),
    _work("decide", Power.DECIDE, {"text": "By rail", "reasons": "Faster"}),
    _work("make_report", Power.REPORT, {"assessment": "It holds"}),
    # Whoever works for the organization that has the task, and whoever gives tasks.
    _work(
        "step_of_task",
        Power.WORK,
        {"action": "done", "note": "Forty wagons"},
        where=_task,
        done="200",
        only_owner=True,
    ),
    _work("give_task", Power.TASK, {}, sends=_given),
    _work("attach", Power.ATTACH, {}, sends=_known, only_owner=True),
    _row("equipment", "GET", _NOTHING),
    _row("sites", "GET", _NOTHING),
    _row("rounds", "GET", _NOTHING),
    *(_row(name, "GET", Need(About.OBJECT), "equipment") for name in ("piece", "findings_at")),
    *(_row(name, "GET", Need(About.OBJECT, only_owner=True), "equipment") for name in ("readings_at", "checklists")),
    _row("inspection_round", "GET", _OWN_ROUND, "round"),
    _row(
        "begin_round",
        "POST",
        replace(_INSPECTS, done="201", absent="422"),
        "checklist",
        where=lambda *_: [],
        sends=lambda _world, checklist: {"checklist": str(checklist.pk)},
    ),
    _row("start_round", "POST", _INSPECTS, "round"),
    _row("answer_round", "PUT", _INSPECTS, "round", sends=lambda *_: {"answers": []}),
    _row("readings", "GET", Need(About.OBJECT), "finding: reported"),
    _row(
        "add_reading",
        "POST",
        Need(About.OBJECT, permission=Permission.COMMENT, done="201"),
        "finding: reported",
        sends=lambda *_: {"quantity": "Heat", "value": 3.0, "unit": "K"},
    ),
    _row("studies", "GET", _NOTHING),
    _row("ask_for_study", "POST", Need(About.OWN, Capability.STUDY, done="201"), sends=lambda *_: dict(TOHOKU)),
    _row("study", "GET", Need(About.OBJECT), "study"),
    _row(
        "file_of_study",
        "GET",
        Need(About.OBJECT, whole=True),
        "done study",
        where=lambda _world, item: [item.pk, "report.html"],
    ),
    _row(
        "step_of_study",
        "POST",
        Need(About.OBJECT, Capability.STUDY, only_owner=True, done="200"),
        "study",
        sends=lambda *_: {"action": "cancel"},
    ),
)
