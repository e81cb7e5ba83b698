"""The rooms of the made-up world: disruptions that several organizations handle together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from tenon.web.config.demo.world import World, read
from tenon.web.organizations.rules import Profile
from tenon.web.rooms import room_report_services, room_services, room_work_services
from tenon.web.rooms.models import Participant, Room
from tenon.web.rooms.room_rules import Affected, EntryKind, Part, RoomStep, TaskState
from tenon.web.rooms.room_selectors import links_of, participants_of

__all__ = ["add_disruptions"]

Entry = Mapping[str, Any]


def add_disruptions(world: World) -> None:
    """Add the rooms of ``rooms.toml`` to the story.

    Parameters
    ----------
    world : World
        To which.
    """
    for entry in read("rooms")["rooms"]:
        world.story.add(entry["days"], partial(_open, world, entry))
        for step in entry["steps"]:
            world.story.add(step["days"], partial(_step, world, entry["key"], step))


def _open(world: World, entry: Entry) -> None:
    owner, by = world.places[entry["owner"]], world.viewer(entry["by"])
    fields = {
        **{name: entry[name] for name in ("channel", "hazard", "severity", "marking")},
        "title": world.words(entry["title"], owner, " · "),
        "description": world.words(entry["text"], owner),
        "since": world.story.moment(entry["days"] + 0.3),
    }
    room = world.rooms[entry["key"]] = room_services.open_room(by, owner, fields)
    if entry.get("history"):
        room_services.set_history(by, room, is_open=True)


def _step(world: World, key: str, step: Entry) -> None:
    room = world.rooms[key]
    room.refresh_from_db()
    for name, act in _STEPS.items():
        if name in step:
            act(world, room, step)


def _text(world: World, step: Entry, name: str, between: str = "\n") -> str:
    return world.words(step.get(name, ""), world.people[step["by"]].organization, between)


def _there(world: World, room: Room, name: str) -> Participant:
    return participants_of(room).get(user=world.user(name))


def _bring(world: World, room: Room, step: Entry) -> None:
    for name in step["bring"]:
        room_services.bring_in(world.viewer(step["by"]), room, world.places[name])


def _send(world: World, room: Room, step: Entry) -> None:
    member = world.people[step["send"]["who"]]
    part = Part(step["send"]["part"])
    room_services.send(world.viewer(step["by"]), room, member.user, member.organization, part)


def _affect(world: World, room: Room, step: Entry) -> None:
    own = world.people[step["by"]].organization
    for kind, name in step["affect"].items():
        room_work_services.affect(world.viewer(step["by"]), room, Affected(kind), world.words(name, own, " · "))


def _say(world: World, room: Room, step: Entry, *, kind: EntryKind) -> None:
    room_work_services.write(world.viewer(step["by"]), room, kind, _text(world, step, kind.value))


def _decide(world: World, room: Room, step: Entry) -> None:
    grounds = (_text(world, step, "reasons"), _text(world, step, "considered"))
    decided = _text(world, step, "decide")
    room_work_services.decide(world.viewer(step["by"]), room, decided, _there(world, room, step["by"]), grounds)


def _give_task(world: World, room: Room, step: Entry) -> None:
    """Give a task; what came of it is said a while later, by whoever does it."""
    by, to = world.viewer(step["by"]), _there(world, room, step["to"])
    task = room_work_services.give_task(by, room, _text(world, step, "task", " · "), to, _due(world, step))

    def report() -> None:
        task.refresh_from_db()
        note = world.words(step["note"], to.organization)
        room_work_services.change_task(
            world.viewer(step["to"]), task, TaskState(step["state"]), note, version=task.version
        )

    if "state" in step:
        world.story.add(step["days"] - 1.1, report)


def _due(world: World, step: Entry) -> datetime:
    return world.story.moment(step["due"]).replace(hour=17, minute=0, second=0, microsecond=0)


def _attach(world: World, room: Room, step: Entry) -> None:
    finding = world.finding(step["attach"])
    room_work_services.attach(world.viewer(step["by"]), room, finding, Profile(step["profile"]))


def _report(world: World, room: Room, step: Entry) -> None:
    room_report_services.make_report(world.viewer(step["by"]), room, _text(world, step, "report"))


def _move(world: World, room: Room, step: Entry) -> None:
    reason = _text(world, step, "reasons")
    room_services.move_room(world.viewer(step["by"]), room, RoomStep(step["step"]), reason, room.version)


def _close(world: World, room: Room, step: Entry) -> None:
    fields = {
        "happened": _text(world, step, "close"),
        "learnt": _text(world, step, "learnt"),
        "measures": [world.words(measure, room.owner, " · ") for measure in step["measures"]],
    }
    room_report_services.close_room(world.viewer(step["by"]), room, fields, room.version)
    for key, link in zip(step["becomes"], links_of(room).order_by("-attached"), strict=False):
        world.findings[key] = link.finding  # what was learnt is a hazard to deal with


_STEPS: Mapping[str, Callable[[World, Room, Entry], None]] = {
    "bring": _bring,
    "send": _send,
    "affect": _affect,
    "fact": partial(_say, kind=EntryKind.FACT),
    "message": partial(_say, kind=EntryKind.MESSAGE),
    "decide": _decide,
    "task": _give_task,
    "attach": _attach,
    "report": _report,
    "step": _move,
    "close": _close,
}
