"""The words of rooms as people read them, in each language."""

from __future__ import annotations

from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tenon.web.rooms.room_rules import Affected, EntryKind, Part, RoomState, RoomStep, TaskState

__all__ = ["HAPPENED", "ROOM_LABELS"]

ROOM_LABELS: dict[type[Enum], dict[str | int, str | Promise]] = {
    RoomState: {
        RoomState.ACTIVE: pgettext_lazy("of a room", "active"),
        RoomState.STABLE: _("stable"),
        RoomState.CLOSED: pgettext_lazy("of a room", "closed"),
    },
    RoomStep: {
        RoomStep.STABILIZE: _("It is stable"),
        RoomStep.WORSEN: _("It is active again"),
        RoomStep.CLOSE: _("Close the room"),
        RoomStep.REOPEN: _("Reopen the room"),
    },
    Part: {
        Part.COMMANDER: _("commander"),
        Part.SCRIBE: _("scribe"),
        Part.LIAISON: _("liaison"),
        Part.OBSERVER: _("observer"),
    },
    TaskState: {
        TaskState.OPEN: pgettext_lazy("of a task", "open"),
        TaskState.DONE: _("done"),
        TaskState.BLOCKED: _("blocked"),
    },
    Affected: {
        Affected.SITE: _("site"),
        Affected.PORT: _("port"),
        Affected.PASSAGE: _("strait or canal"),
        Affected.LANE: _("lane"),
        Affected.COUNTRY: _("country"),
        Affected.PRODUCT: _("product"),
    },
    EntryKind: {
        EntryKind.MESSAGE: _("message"),
        EntryKind.FACT: _("fact"),
        EntryKind.DECISION: _("decision"),
        EntryKind.TASK: _("task"),
        EntryKind.PEOPLE: _("participants"),
        EntryKind.FINDING: _("hazard"),
        EntryKind.AFFECTED: _("what is affected"),
        EntryKind.REPORT: _("report"),
        EntryKind.STATE: _("state"),
    },
}
# What an entry of the timeline tells, after the name of whoever did it; people and things follow it.
HAPPENED: dict[tuple[str, str], str | Promise] = {
    (EntryKind.MESSAGE, ""): _("said"),
    (EntryKind.FACT, ""): _("noted a fact"),
    (EntryKind.DECISION, ""): _("noted a decision"),
    (EntryKind.TASK, "given"): _("gave a task"),
    (EntryKind.TASK, "handed on"): _("handed a task on"),
    (EntryKind.TASK, TaskState.DONE.value): _("reported a task as done"),
    (EntryKind.TASK, TaskState.BLOCKED.value): _("reported a task as blocked"),
    (EntryKind.TASK, TaskState.OPEN.value): _("opened a task again"),
    (EntryKind.PEOPLE, "brought in"): _("brought in an organization"),
    (EntryKind.PEOPLE, "taken out"): _("took out an organization"),
    (EntryKind.PEOPLE, "sent as scribe"): _("sent a scribe"),
    (EntryKind.PEOPLE, "sent as liaison"): _("sent a liaison"),
    (EntryKind.PEOPLE, "sent as observer"): _("sent an observer"),
    (EntryKind.PEOPLE, "became scribe"): _("made somebody scribe"),
    (EntryKind.PEOPLE, "became liaison"): _("made somebody liaison"),
    (EntryKind.PEOPLE, "became observer"): _("made somebody observer"),
    (EntryKind.PEOPLE, "left"): _("ended the part of somebody"),
    (EntryKind.PEOPLE, "took command"): _("handed the command over"),
    (EntryKind.PEOPLE, "history opened"): _("opened the history to those who join later"),
    (EntryKind.PEOPLE, "history closed"): _("closed the history to those who join later"),
    (EntryKind.FINDING, "attached"): _("attached a hazard"),
    (EntryKind.FINDING, "detached"): _("detached a hazard"),
    (EntryKind.AFFECTED, "affected"): _("named what is affected"),
    (EntryKind.AFFECTED, "spared"): _("took off what is affected no more"),
    (EntryKind.REPORT, "reported"): _("made a situation report"),
    (EntryKind.REPORT, "study attached"): _("attached a study"),
    (EntryKind.STATE, "opened"): _("opened the room"),
    (EntryKind.STATE, "revised"): _("said anew what happened"),
    (EntryKind.STATE, RoomStep.STABILIZE.value): _("said that it is stable"),
    (EntryKind.STATE, RoomStep.WORSEN.value): _("said that it is active again"),
    (EntryKind.STATE, RoomStep.CLOSE.value): _("closed the room"),
    (EntryKind.STATE, RoomStep.REOPEN.value): _("reopened the room"),
}
