"""The addresses of rooms, with every action of theirs: who may do it follows from the part that somebody has there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tenon.web.organizations.rules import Capability, Marking, Profile
from tenon.web.organizations.selectors import shares_of
from tenon.web.organizations.sharing import share
from tenon.web.rooms.models import AffectedPlace, Participant, Room, RoomFinding, RoomTask
from tenon.web.rooms.room_rules import Part, Power
from tests.web.matrix.endpoints import Endpoint
from tests.web.matrix.model import COMMUNITY, IN_ROOM, About, Case, Need
from tests.web.worlds import ROOM

if TYPE_CHECKING:
    from tests.web.matrix.world import World

Form = Callable[["World", Any], dict[str, object]]


def _person(item: Room) -> object:
    """Return the one who takes part for another organization."""
    return Participant.objects.get(room=item, part=Part.LIAISON.value, until=None).pk


def _task(_world: World, item: Room) -> list[object]:
    return [item.pk, RoomTask.objects.get(room=item).pk]


def _link(_world: World, item: Room) -> list[object]:
    return [item.pk, RoomFinding.objects.get(room=item).pk]


def _study(world: World) -> object:
    """Name a study of the organization that owns the room, which the one in the room may share on."""
    study = world.item("study", Case("", "", "", COMMUNITY, "", Marking.GREEN.value))
    if not shares_of(study).filter(organization=world.others[IN_ROOM]).exists():
        share(world.lead, study, world.others[IN_ROOM], Profile.MANAGE)
    return study.pk


def _sent(**fields: object) -> Form:
    """Return what makes a form: fields as they are, and the version that everybody sees."""
    return lambda _world, item: {"version": item.version, **fields}


def _asked(  # budget: one of each that differs
    name: str,
    method: str,
    action: str = "",
    sends: Form = _sent(),  # noqa: B008 - makes no state
    *,
    kind: str = "room",
    where: Callable[[World, Any], list[object]] = lambda _world, item: [item.pk],
    **need: Any,
) -> Endpoint:
    form: Form = (lambda world, item: {"action": action, **sends(world, item)}) if method == "POST" else sends
    return Endpoint(name, method, Need(About.ROOM, sampled=True, **need), action, kind, where, form)


def _done(action: str, power: Power, sends: Form = _sent(), *, kind: str = "room") -> Endpoint:  # noqa: B008 - the same
    return _asked("room", "POST", action, sends, kind=kind, power=power)


def _people(action: str, power: Power, sends: Form = _sent()) -> Endpoint:  # noqa: B008 - the same
    return _asked("room_people", "POST", action, sends, power=power)


def _reports(name: str) -> tuple[Endpoint, Endpoint]:
    """Return a report from before the newcomers came into the room, and one from after."""
    return (
        _asked(name, "GET", "earlier", where=lambda _world, item: [item.pk, 1], before=True),
        _asked(name, "GET", "later", where=lambda _world, item: [item.pk, 2]),
    )


_WHO_SHARES: dict[str, Any] = {"capability": Capability.SHARE, "only_owner": True}
_OPENED = {**ROOM, "since": "2026-01-01T00:00", "marking": "TLP:AMBER"}
ROOM_ENDPOINTS = (
    Endpoint("new_room", "POST", Need(About.OWN, Capability.COMMAND), sends=lambda *_: dict(_OPENED)),
    _done("message", Power.SAY, _sent(text="Hello")),
    _done("fact", Power.NOTE, _sent(text="The strait is closed")),
    _done("decision", Power.DECIDE, lambda _world, item: {"text": "Wait", "reasons": "Wind", "by": _person(item)}),
    _done("task", Power.TASK, lambda _world, item: {"title": "Call", "to": _person(item), "due": "2030-01-01T00:00"}),
    _done("affected", Power.DESCRIBE, _sent(kind="port", name="Rizhao")),
    _done("spare", Power.DESCRIBE, lambda _world, item: {"place": AffectedPlace.objects.get(room=item).pk}),
    _done("attach", Power.ATTACH, lambda world, _item: {"finding": world.managed.pk, "profile": "read"}),
    _done("attach study", Power.ATTACH, lambda world, _item: {"study": _study(world)}),
    _done("report", Power.REPORT, _sent(assessment="It gets better")),
    _done("revise", Power.STEER, _sent(title="Storm", description="No ship passes", severity=4, reason="It grew")),
    _done("stabilize", Power.STEER, _sent(reason="The wind is down")),
    _done("worsen", Power.STEER, _sent(reason="The wind is back"), kind="stable room"),
    _done("reopen", Power.STEER, _sent(reason="The wind is back"), kind="closed room"),
    _asked(
        "room_people",
        "POST",
        "send",
        lambda world, _item: {"person": f"{world.worker.pk}:{world.plant.pk}", "part": "observer"},
        capability=Capability.COMMAND,
        only_owner=True,
        refused="200",  # the form again: it offers the people of one's own organizations in the room alone
    ),
    _people("bring in", Power.PEOPLE, lambda world, _item: {"organization": world.outside.pk}),
    _people(
        "hand over",
        Power.HAND_OVER,
        lambda _world, item: {"participant": _person(item), "reason": "Shift", "version": item.version},
    ),
    _people("take out", Power.PEOPLE, lambda world, _item: {"organization": world.spare.pk}),
    _people("part", Power.PEOPLE, lambda _world, item: {"participant": _person(item), "part": "observer"}),
    _people("dismiss", Power.PEOPLE, lambda _world, item: {"participant": _person(item)}),
    _people("history", Power.PEOPLE),
    _asked("room_task", "GET", where=_task),
    # Whoever works for the organization that has the task, and whoever gives tasks.
    _asked(
        "room_task", "POST", "state", _sent(state="done", note="Called"), where=_task, power=Power.WORK, only_owner=True
    ),
    _asked(
        "room_task",
        "POST",
        "hand",
        lambda _world, item: {"to": _person(item), "version": 1},
        where=_task,
        power=Power.TASK,
    ),
    _asked("detach_from_room", "GET", where=_link),
    _asked("detach_from_room", "POST", "detach", _sent(reason="Of no concern"), where=_link, **_WHO_SHARES),
    *_reports("room_report"),
    *_reports("long_room_report"),
    _asked(
        "close_room",
        "POST",
        "close",
        _sent(happened="A storm", learnt="Moor twice"),
        kind="stable room",
        power=Power.STEER,
    ),
)
