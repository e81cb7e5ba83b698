"""What programs ask about rooms, equipment and studies: one row for each address and method."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from tenon.web.organizations.rules import Capability, Marking, Permission
from tenon.web.rooms.models import Participant, Room, RoomReport, RoomTask
from tenon.web.rooms.room_report_services import make_report
from tenon.web.rooms.room_work_services import give_task
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


def _work(name: str, body: dict[str, object], **more: Any) -> dict[str, Any]:
    """Return something that only people with a part in the room do; nobody who asks here has one."""
    need = Need(About.ROOM, taking_part=True)
    return _row(name, "POST", need, "room", **({"sends": lambda *_: body} | more))


def _task(world: World, room: Room) -> list[object]:
    lead = Participant.objects.get(room=room)
    task = RoomTask.objects.filter(room=room).first() or give_task(world.lead, room, "Ask", lead, timezone.now())
    return [room.pk, task.pk]


def _report(world: World, room: Room) -> list[object]:
    made = RoomReport.objects.filter(room=room).first() or make_report(world.lead, room, "It holds")
    return [room.pk, made.number]


def _given(_world: World, room: Room) -> dict[str, object]:
    return {"title": "Ask", "due": DUE, "to": str(Participant.objects.get(room=room).pk)}


def _known(world: World, _room: Room) -> dict[str, object]:
    """Name a finding that everybody sees."""
    case = Case("", "", "", COMMUNITY, "", Marking.GREEN.value)
    return {"finding": str(world.item("finding: reported", case).pk)}


PROGRAM_ROWS = (
    _row("rooms", "GET", _NOTHING),
    _row("open_room", "POST", Need(About.OWN, Capability.COMMAND, done="201"), sends=lambda *_: dict(ROOM)),
    *(_room(name) for name in ("room", "participants", "entries", "decisions", "tasks", "reports", "findings_of_room")),
    _room("task", where=_task),
    _room("report_of_room", where=_report),
    _work("step_of_room", {"action": "stabilize", "reason": "Ships pass"}),
    _work("write", {"text": "Hello"}),
    _work("decide", {"text": "By rail", "reasons": "Faster"}),
    _work("make_report", {"assessment": "It holds"}),
    _work("step_of_task", {"action": "done", "note": "Forty wagons"}, where=_task),
    _work("give_task", {}, sends=_given),
    _work("attach", {}, sends=_known),
    _row("equipment", "GET", _NOTHING),
    _row("sites", "GET", _NOTHING),
    _row("rounds", "GET", _NOTHING),
    *(_row(name, "GET", Need(About.OBJECT), "equipment") for name in ("piece", "findings_at")),
    *(_row(name, "GET", Need(About.OBJECT, only_owner=True), "equipment") for name in ("readings_at", "checklists")),
    _row("inspection_round", "GET", _OWN_ROUND, "round"),
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
        "step_of_study",
        "POST",
        Need(About.OBJECT, Capability.STUDY, only_owner=True, done="200"),
        "study",
        sends=lambda *_: {"action": "cancel"},
    ),
)
