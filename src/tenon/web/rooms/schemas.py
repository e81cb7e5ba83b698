"""What programs send and get about findings."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from tenon.web.accounts.models import User
from tenon.web.interface.paging import Paging
from tenon.web.interface.schemas import In, Line, Out, PersonOut, Text
from tenon.web.organizations.models import Share
from tenon.web.organizations.rules import Hidden, Marking, Permission, Profile, Reach
from tenon.web.rooms.models import FindingEvent
from tenon.web.rooms.rules import Action, Channel, FindingState, Hazard, Level, Severity, Source, Urgency
from tenon.web.rooms.selectors import Shown

__all__ = [
    "CommentIn",
    "EventOut",
    "FiltersIn",
    "FindingOut",
    "ReachIn",
    "ReportIn",
    "ShareIn",
    "ShareOut",
    "StepIn",
    "event_out",
    "finding_out",
    "person_out",
    "share_out",
]

_Said = Annotated[Text, StringConstraints(min_length=1)]
_Plan = Annotated[Text, StringConstraints(min_length=1, max_length=4000)]
_Title = Annotated[Line, StringConstraints(min_length=1, max_length=160)]
_Place = Annotated[Line, StringConstraints(max_length=160)]


class FiltersIn(Paging):
    """Which findings are wanted; what is left out asks for nothing."""

    state: FindingState | Literal["open"] | None = None
    channel: Channel | None = None
    hazard: Hazard | None = None
    level: Level | None = None
    severity: Literal["1", "2", "3", "4"] | None = Field(None, description="At least this severe.")
    owner: uuid.UUID | None = None
    overdue: Literal["yes"] | None = None
    search: Annotated[Line, StringConstraints(max_length=200)] | None = None


class ReportIn(In):  # budget: the fields of the form
    """A new finding."""

    owner: uuid.UUID | None = Field(None, description="One of my organizations; without it, the one acted for.")
    title: _Title
    description: Text = ""
    level: Level
    channel: Channel
    hazard: Hazard
    severity: Severity = Severity.MODERATE
    urgency: Urgency = Urgency.WEEKS
    place: _Place = ""
    latitude: float | None = Field(None, ge=-90, le=90)
    longitude: float | None = Field(None, ge=-180, le=180)
    cost: Decimal | None = Field(None, ge=0, max_digits=16, decimal_places=2)
    marking: Marking = Marking.AMBER
    reach: Reach = Reach.ORGANIZATION


class _TriageIn(In):
    action: Literal[Action.TRIAGE]
    severity: Severity
    urgency: Urgency
    note: Text = ""


class _AssignIn(In):
    action: Literal[Action.ASSIGN]
    responsible: uuid.UUID = Field(description="One of the people of this finding.")
    measure: _Plan
    means: _Plan
    deadline: AwareDatetime
    fallback: _Plan


class _NotedIn(In):
    action: Literal[Action.ELIMINATE, Action.VERIFY, Action.RETURN, Action.REJECT, Action.REOPEN, Action.ESCALATE]
    note: _Said


class _CloseIn(In):
    action: Literal[Action.CLOSE]
    note: Text = ""


class _MergeIn(In):
    action: Literal[Action.MERGE]
    merged_into: uuid.UUID


# One step; what it needs depends on what is done.
StepIn = Annotated[_TriageIn | _AssignIn | _NotedIn | _CloseIn | _MergeIn, Field(discriminator="action")]


class CommentIn(In):
    """Something to say."""

    note: _Said


class ShareIn(In):
    """With whom to share, what they may do, and what is kept back: an organization or a group, not both."""

    organization: uuid.UUID | None = None
    group: uuid.UUID | None = None
    profile: Profile
    hides: list[Hidden] = Field([], max_length=len(Hidden))


class ReachIn(In):
    """How far a finding goes and how it is marked."""

    reach: Reach
    marking: Marking


class FindingOut(Out):  # budget: all that must be fixed of a hazard until it is closed
    """A finding as its viewer may see it: what is kept back is null or empty, and named in ``hidden``."""

    id: uuid.UUID
    owner: uuid.UUID
    number: int
    version: int
    title: str
    description: str
    level: Level
    channel: Channel
    hazard: Hazard
    severity: Severity
    urgency: Urgency
    state: FindingState
    source: Source
    place: str
    latitude: float | None
    longitude: float | None
    cost: Decimal | None
    marking: Marking
    reach: Reach
    reported: datetime
    reported_by: PersonOut | None
    responsible: PersonOut | None
    measure: str
    means: str
    deadline: datetime | None
    fallback: str
    eliminated: datetime | None
    eliminated_by: PersonOut | None
    verified: datetime | None
    verified_by: PersonOut | None
    closed: datetime | None
    merged_into: uuid.UUID | None
    reopenings: int
    escalation: int
    hidden: list[Hidden]
    may: list[Permission]
    actions: list[Action]


class EventOut(Out):
    """Something that happened to a finding."""

    id: uuid.UUID
    time: datetime
    person: PersonOut | None
    organization: uuid.UUID | None
    action: str
    state: FindingState
    note: str


class ShareOut(Out):
    """With whom a finding is shared."""

    id: uuid.UUID
    organization: uuid.UUID | None
    group: uuid.UUID | None
    person: uuid.UUID | None
    profile: Profile
    hides: list[Hidden]
    granted: datetime


# What goes out under the name that it has in the finding.
_PLAIN = (
    *("number", "version", "title", "description", "level", "channel", "hazard", "severity", "urgency", "state"),
    *("source", "place", "latitude", "longitude", "cost", "marking", "reach", "reported", "measure", "means"),
    *("deadline", "fallback", "eliminated", "verified", "closed", "reopenings", "escalation"),
)


def person_out(user: User | None) -> PersonOut | None:
    """Return a person.

    Parameters
    ----------
    user : User, optional
        Whom; none where there is none, or where names are kept back.

    Returns
    -------
    PersonOut or None
        What programs get.
    """
    return None if user is None else PersonOut(id=user.pk, name=user.name)


def finding_out(seen: Shown) -> FindingOut:
    """Return a finding.

    Parameters
    ----------
    seen : Shown
        As its viewer may see it.

    Returns
    -------
    FindingOut
        What programs get.
    """
    finding = seen.finding
    return FindingOut.model_validate(
        {name: getattr(finding, name) for name in _PLAIN}
        | {
            "id": finding.pk,
            "owner": finding.owner_id,
            "reported_by": person_out(finding.reported_by),
            "responsible": person_out(finding.responsible),
            "eliminated_by": person_out(finding.eliminated_by),
            "verified_by": person_out(finding.verified_by),
            "merged_into": finding.merged_into_id,
            "hidden": sorted(seen.hidden),
            "may": sorted(seen.may),
            "actions": list(seen.actions),
        }
    )


def event_out(event: FindingEvent) -> EventOut:
    """Return what happened to a finding.

    Parameters
    ----------
    event : FindingEvent
        As its viewer may see it.

    Returns
    -------
    EventOut
        What programs get.
    """
    return EventOut(
        id=event.pk,
        time=event.time,
        person=person_out(event.user),
        organization=event.organization_id,
        action=event.action,
        state=FindingState(event.state),
        note=event.note,
    )


def share_out(share: Share) -> ShareOut:
    """Return with whom a finding is shared.

    Parameters
    ----------
    share : Share
        In force.

    Returns
    -------
    ShareOut
        What programs get.
    """
    return ShareOut(
        id=share.pk,
        organization=share.organization_id,
        group=share.group_id,
        person=share.user_id,
        profile=Profile(share.profile),
        hides=[Hidden(part) for part in share.hides],
        granted=share.granted,
    )
