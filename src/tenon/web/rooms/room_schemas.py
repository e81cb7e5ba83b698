"""What programs send and get about rooms."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from tenon.web.interface.paging import Paging
from tenon.web.interface.schemas import In, Line, Out, Page, PersonOut, Text
from tenon.web.organizations.rules import Marking, Profile
from tenon.web.rooms.models import Participant, RoomFinding, RoomReport, RoomTask
from tenon.web.rooms.room_report_services import MEASURES_AT_MOST
from tenon.web.rooms.room_rules import EntryKind, Part, Power, RoomState, RoomStep, TaskState, holds_open, room_steps
from tenon.web.rooms.room_selectors import Line as ShownEntry
from tenon.web.rooms.room_selectors import ShownRoom
from tenon.web.rooms.rules import Channel, FindingState, Hazard, Severity
from tenon.web.rooms.schemas import person_out

__all__ = [
    "AttachIn",
    "AttachedOut",
    "DecisionIn",
    "HandIn",
    "OpenIn",
    "ParticipantOut",
    "ReportPage",
    "RoomEntryOut",
    "RoomEntryPage",
    "RoomFiltersIn",
    "RoomFindingsOut",
    "RoomOut",
    "RoomPage",
    "RoomStepIn",
    "SituationIn",
    "SituationOut",
    "TaskIn",
    "TaskOut",
    "TaskPage",
    "TaskStepIn",
    "WriteIn",
    "attached_out",
    "entry_out",
    "participant_out",
    "room_out",
    "situation_out",
    "task_out",
]

_Long = Annotated[Text, StringConstraints(min_length=1)]
_Said = Annotated[Text, StringConstraints(min_length=1, max_length=4000)]
_Title = Annotated[Line, StringConstraints(min_length=1, max_length=160)]


class RoomFiltersIn(Paging):
    """Which rooms are wanted; what is left out asks for nothing."""

    state: RoomState | Literal["open"] | None = None
    channel: Channel | None = None
    hazard: Hazard | None = None
    search: Annotated[Line, StringConstraints(max_length=200)] | None = None


class OpenIn(In):
    """A new room."""

    owner: uuid.UUID | None = Field(None, description="One of my organizations; without it, the one acted for.")
    title: _Title
    description: _Long
    channel: Channel
    hazard: Hazard
    severity: Severity = Severity.SERIOUS
    since: AwareDatetime | None = Field(None, description="Without it, now.")
    marking: Marking = Marking.AMBER


class _ReasonIn(In):
    action: Literal[RoomStep.STABILIZE, RoomStep.WORSEN, RoomStep.REOPEN]
    reason: _Said


class _CloseRoomIn(In):
    action: Literal[RoomStep.CLOSE]
    happened: _Long
    learnt: _Long
    measures: list[_Said] = Field([], max_length=MEASURES_AT_MOST, description="Each becomes a hazard.")


# One step of a room as a whole; what it needs depends on what is done.
RoomStepIn = Annotated[_ReasonIn | _CloseRoomIn, Field(discriminator="action")]


class WriteIn(In):
    """A message or a fact."""

    kind: Literal[EntryKind.MESSAGE, EntryKind.FACT] = EntryKind.MESSAGE
    text: _Long


class DecisionIn(In):
    """A decision with its reasons."""

    text: _Long
    reasons: _Said
    alternatives: Annotated[Text, StringConstraints(max_length=4000)] = ""
    by: uuid.UUID | None = Field(None, description="The participant who decided; without it, the commander.")


class TaskIn(In):
    """A new task."""

    title: Annotated[Line, StringConstraints(min_length=1, max_length=200)]
    to: uuid.UUID = Field(description="The participant who does it.")
    due: AwareDatetime


class _TaskStateIn(In):
    action: Literal[TaskState.OPEN, TaskState.DONE, TaskState.BLOCKED]
    note: _Said


class HandIn(In):
    """A task goes to another participant."""

    action: Literal["hand on"]
    to: uuid.UUID = Field(description="The participant who does it from now on.")


# One step of a task.
TaskStepIn = Annotated[_TaskStateIn | HandIn, Field(discriminator="action")]


class SituationIn(In):
    """A situation report: what stands in the room is added by the platform."""

    assessment: _Long


class AttachIn(In):
    """A finding for a room, and what the organizations in it may do with it."""

    finding: uuid.UUID
    profile: Profile = Profile.PROPOSE


class ParticipantOut(Out):
    """Somebody with a part in a room."""

    id: uuid.UUID
    person: PersonOut
    organization: uuid.UUID
    part: Part
    since: datetime


class RoomOut(Out):  # budget: all that a list of rooms and the head of one say
    """A room, the part that I have in it, and what I may do there now."""

    id: uuid.UUID
    owner: uuid.UUID
    number: int
    version: int
    title: str
    description: str
    channel: Channel
    hazard: Hazard
    severity: Severity
    since: datetime
    state: RoomState
    opened: datetime
    closed: datetime | None
    reopenings: int
    marking: Marking
    commander: ParticipantOut | None
    open_musts: int = Field(description="Must-findings that nobody has verified, of those that I see.")
    part: Part | None
    may: list[Power]
    actions: list[RoomStep]


class RoomPage(Page):
    """Rooms."""

    items: list[RoomOut]


class RoomEntryOut(Out):  # budget: all that an entry can be about
    """An entry of a room's timeline; a finding that I may not see is null."""

    id: uuid.UUID
    time: datetime
    kind: EntryKind
    change: str
    person: PersonOut | None
    organization: uuid.UUID
    text: str
    reasons: str
    alternatives: str
    decided_by: PersonOut | None
    about: uuid.UUID | None
    finding: uuid.UUID | None
    task: uuid.UUID | None
    participant: uuid.UUID | None
    report: int | None


class RoomEntryPage(Page):
    """Entries of a timeline."""

    items: list[RoomEntryOut]


class TaskOut(Out):
    """Who does what until when."""

    id: uuid.UUID
    version: int
    title: str
    organization: uuid.UUID
    person: PersonOut
    due: datetime
    state: TaskState
    note: str
    created: datetime


class TaskPage(Page):
    """Tasks."""

    items: list[TaskOut]


class SituationOut(Out):
    """A report of a room; what stood in it then is in ``content``, as far as I may see it now."""

    number: int
    closing: bool
    time: datetime
    person: PersonOut | None
    assessment: str
    learnt: str
    content: dict[str, Any] | None = Field(description="Null in lists.")


class ReportPage(Page):
    """Reports of a room."""

    items: list[SituationOut]


class AttachedOut(Out):
    """A finding of a room."""

    id: uuid.UUID
    finding: uuid.UUID
    owner: uuid.UUID
    number: int
    title: str
    severity: Severity
    state: FindingState
    attached: datetime
    holds: bool = Field(description="Whether it keeps the room from closing.")


class RoomFindingsOut(Out):
    """The findings of a room, the most severe first."""

    items: list[AttachedOut]
    unseen: int = Field(description="How many more there are that are not for me.")


_ROOM = (
    *("number", "version", "title", "description", "channel", "hazard", "severity", "since", "state", "opened"),
    *("closed", "reopenings", "marking"),
)
_ENTRY = ("time", "kind", "change", "text", "reasons", "alternatives")
_TASK = ("version", "title", "due", "state", "note", "created")
_REPORT = ("number", "closing", "time", "assessment", "learnt")


def participant_out(item: Participant) -> ParticipantOut:
    """Return somebody with a part in a room.

    Parameters
    ----------
    item : Participant
        With the person.

    Returns
    -------
    ParticipantOut
        What programs get.
    """
    person = PersonOut(id=item.user_id, name=item.user.name)
    return ParticipantOut(
        id=item.pk, person=person, organization=item.organization_id, part=Part(item.part), since=item.since
    )


def room_out(seen: ShownRoom) -> RoomOut:
    """Return a room.

    Parameters
    ----------
    seen : ShownRoom
        As its viewer may see it.

    Returns
    -------
    RoomOut
        What programs get.
    """
    room = seen.room
    steers = Power.STEER in seen.may
    return RoomOut.model_validate(
        {name: getattr(room, name) for name in _ROOM}
        | {
            "id": room.pk,
            "owner": room.owner_id,
            "commander": participant_out(seen.commander) if seen.commander else None,
            "open_musts": seen.musts,
            "part": seen.part,
            "may": sorted(seen.may),
            "actions": list(room_steps(RoomState(room.state))) if steers else [],
        }
    )


def entry_out(shown: ShownEntry) -> RoomEntryOut:
    """Return an entry of a timeline.

    Parameters
    ----------
    shown : Line
        As its viewer may see it.

    Returns
    -------
    RoomEntryOut
        What programs get.
    """
    entry = shown.entry
    return RoomEntryOut.model_validate(
        {name: getattr(entry, name) for name in _ENTRY}
        | {
            "id": entry.pk,
            "person": person_out(entry.user),
            "organization": entry.organization_id,
            "decided_by": person_out(entry.decided_by),
            "about": entry.about_id,
            "finding": shown.finding.pk if shown.finding else None,
            "task": entry.task_id,
            "participant": entry.participant_id,
            "report": entry.report.number if entry.report else None,
        }
    )


def task_out(task: RoomTask) -> TaskOut:
    """Return a task.

    Parameters
    ----------
    task : RoomTask
        With whoever does it.

    Returns
    -------
    TaskOut
        What programs get.
    """
    return TaskOut.model_validate(
        {name: getattr(task, name) for name in _TASK}
        | {"id": task.pk, "organization": task.organization_id, "person": person_out(task.person)}
    )


def situation_out(made: RoomReport, content: dict[str, Any] | None = None) -> SituationOut:
    """Return a report of a room.

    Parameters
    ----------
    made : RoomReport
        The report.
    content : dict, optional
        What stood in the room, as its viewer may see it; none in lists.

    Returns
    -------
    SituationOut
        What programs get.
    """
    return SituationOut.model_validate(
        {name: getattr(made, name) for name in _REPORT} | {"person": person_out(made.user), "content": content}
    )


def attached_out(link: RoomFinding) -> AttachedOut:
    """Return a finding of a room.

    Parameters
    ----------
    link : RoomFinding
        With its finding, which the viewer may read.

    Returns
    -------
    AttachedOut
        What programs get.
    """
    finding = link.finding
    severity, state = Severity(finding.severity), FindingState(finding.state)
    return AttachedOut(
        id=link.pk,
        finding=finding.pk,
        owner=finding.owner_id,
        number=finding.number,
        title=finding.title,
        severity=severity,
        state=state,
        attached=link.attached,
        holds=holds_open(severity, state),
    )
