"""Whom to tell, when to try again, and what comes next before and after a deadline: plain functions.

A finding's clock has a reminder before its deadline, a notice when it is overdue, and then the steps of a chain that
calls people and escalates. `next_step` names the one that comes next and when, from what was done already, so that a
step is done once, whoever looks at the clock and how often.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tenon.schema.errors import ParameterError
from tenon.web.rooms.room_rules import EntryKind, Part, RoomStep
from tenon.web.rooms.rules import Action

__all__ = [
    "ATTEMPTS",
    "DEFAULTS",
    "KIND_OF",
    "OVERDUE",
    "PERSONAL",
    "REMINDER",
    "REMIND_BEFORE",
    "REPEATS",
    "ROOM_KIND_OF",
    "STEPS",
    "SUBSCRIBED",
    "AlertKind",
    "DeliveryState",
    "Due",
    "Plan",
    "Way",
    "next_step",
    "retry_at",
    "signature",
    "step_of",
    "task_step",
]


class AlertKind(StrEnum):
    """What somebody is told."""

    ASSIGNED = "assigned"
    DUE = "due"
    OVERDUE = "overdue"
    ESCALATED = "escalated"
    REPORTED = "reported"
    # By a step of a chain: nobody chooses not to hear of it.
    CALLED = "called"
    # In a room.
    JOINED = "joined"
    TASK_GIVEN = "task_given"
    TASK_DUE = "task_due"
    TASK_OVERDUE = "task_overdue"
    SITUATION = "situation"
    CLOSED = "closed"


class Way(StrEnum):
    """How somebody is told."""

    PAGE = "page"
    EMAIL = "email"
    WEBHOOK = "webhook"


class DeliveryState(StrEnum):
    """How far a message to the outside is."""

    WAITING = "waiting"
    SENT = "sent"
    # Its receiver may not see the finding any more, or wants no such messages.
    WITHHELD = "withheld"
    DEAD = "dead"


# Told to whoever is responsible, and told to whoever asked for it in the organizations from the owner upwards.
PERSONAL = frozenset({AlertKind.ASSIGNED, AlertKind.DUE, AlertKind.OVERDUE})
SUBSCRIBED = frozenset({AlertKind.OVERDUE, AlertKind.ESCALATED, AlertKind.REPORTED})
# What holds for somebody who chose nothing.
DEFAULTS: Mapping[AlertKind, frozenset[Way]] = {
    AlertKind.ASSIGNED: frozenset({Way.PAGE}),
    AlertKind.DUE: frozenset({Way.PAGE}),
    AlertKind.OVERDUE: frozenset({Way.PAGE}),
    AlertKind.ESCALATED: frozenset(),
    AlertKind.REPORTED: frozenset(),
    AlertKind.CALLED: frozenset({Way.PAGE, Way.EMAIL}),
    **dict.fromkeys(
        (
            *(AlertKind.JOINED, AlertKind.TASK_GIVEN, AlertKind.TASK_DUE, AlertKind.TASK_OVERDUE),
            *(AlertKind.SITUATION, AlertKind.CLOSED),
        ),
        frozenset({Way.PAGE}),
    ),
}
KIND_OF: Mapping[str, AlertKind] = {
    "report": AlertKind.REPORTED,
    Action.ASSIGN: AlertKind.ASSIGNED,
    Action.ESCALATE: AlertKind.ESCALATED,
}
# What an entry of a room's timeline, by its kind and what happened, tells somebody.
ROOM_KIND_OF: Mapping[tuple[EntryKind, str], AlertKind] = {
    **{(EntryKind.PEOPLE, f"sent as {part}"): AlertKind.JOINED for part in Part},
    (EntryKind.PEOPLE, "took command"): AlertKind.JOINED,
    (EntryKind.TASK, "given"): AlertKind.TASK_GIVEN,
    (EntryKind.TASK, "handed on"): AlertKind.TASK_GIVEN,
    (EntryKind.REPORT, "reported"): AlertKind.SITUATION,
    (EntryKind.STATE, RoomStep.CLOSE): AlertKind.CLOSED,
}

ATTEMPTS = 10
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
STEPS, REPEATS, _HOURS = 10, 5, 720
REMINDER, OVERDUE = "reminder", "overdue"
REMIND_BEFORE = timedelta(hours=24)


@dataclass(frozen=True)
class Plan:
    """What a finding's clock does.

    Parameters
    ----------
    remind_hours : int, hours
        How long before the deadline a reminder goes out; 0 for none.
    waits : tuple of int, hours
        How long each step of the chain waits after the one before, the first after the deadline.
    repeats : int
        How often the chain begins again after its last step, 0 to 5.

    Raises
    ------
    ParameterError
        If there are more than 10 steps or 5 repeats, or a wait is not between 0 and 720 hours.

    Examples
    --------
    >>> Plan(waits=(1, 4), repeats=1).length
    4
    """

    remind_hours: int = 24
    waits: tuple[int, ...] = ()
    repeats: int = 0

    def __post_init__(self) -> None:
        if len(self.waits) > STEPS or not 0 <= self.repeats <= REPEATS:
            raise ParameterError(
                f"a chain has at most {STEPS} steps and {REPEATS} repeats; "
                f"it has {len(self.waits)} and {self.repeats}. Leave some out."
            )
        if not all(0 <= hours <= _HOURS for hours in (self.remind_hours, *self.waits)):
            raise ParameterError(
                f"reminders and steps wait 0 to {_HOURS} hours; they are {self.remind_hours} and {self.waits}."
            )

    @property
    def length(self) -> int:
        """How many steps the chain takes in all."""
        return len(self.waits) * (1 + self.repeats)


@dataclass(frozen=True)
class Due:
    """What comes next.

    Parameters
    ----------
    name : str
        ``reminder``, ``overdue``, or round and step of the chain, such as ``2.1``.
    moment : datetime
        When.
    """

    name: str
    moment: datetime


def next_step(plan: Plan, deadline: datetime, done: Mapping[str, datetime], now: datetime) -> Due | None:
    """Name what a finding's clock does next.

    Parameters
    ----------
    plan : Plan
        What it does in all.
    deadline : datetime
        When the hazard must be gone.
    done : mapping from str to datetime
        What was done for this deadline, and when.
    now : datetime
        The time. A reminder that was missed is left out; a step of the chain waits for the one before, so that nobody
        is called for a whole night at once.

    Returns
    -------
    Due or None
        None where nothing is left to do.

    Examples
    --------
    >>> noon = datetime(2026, 11, 30, 12)
    >>> next_step(Plan(waits=(2,)), noon, {"reminder": noon, "overdue": noon}, noon)
    Due(name='1.1', moment=datetime.datetime(2026, 11, 30, 14, 0))
    """
    if plan.remind_hours and now < deadline and not done:
        return Due(REMINDER, deadline - timedelta(hours=plan.remind_hours))
    if OVERDUE not in done:
        return Due(OVERDUE, deadline)
    before = done[OVERDUE]
    for at in range(plan.length):
        name = f"{at // len(plan.waits) + 1}.{at % len(plan.waits) + 1}"
        if name not in done:
            return Due(name, before + timedelta(hours=plan.waits[at % len(plan.waits)]))
        before = done[name]
    return None


def task_step(due: datetime, told: str, now: datetime) -> str | None:
    """Name what the clock of a room's task does now: as that of a finding without a chain.

    Parameters
    ----------
    due : datetime
        When the task must be done.
    told : str
        What its people were told last: nothing, ``reminder`` or ``overdue``.
    now : datetime
        The time.

    Returns
    -------
    str or None
        ``reminder`` or ``overdue``; none where nothing is to be told now.

    Examples
    --------
    >>> noon = datetime(2026, 11, 30, 12)
    >>> task_step(noon, "", datetime(2026, 11, 30, 1)), task_step(noon, "reminder", datetime(2026, 11, 30, 1))
    ('reminder', None)
    """
    done = [REMINDER, OVERDUE][: ("", REMINDER, OVERDUE).index(told)]
    found = next_step(Plan(), due, dict.fromkeys(done, now), now)
    return found.name if found is not None and found.moment <= now else None


def step_of(name: str) -> int | None:
    """Return which step of the chain a name means.

    Parameters
    ----------
    name : str
        As in `Due`.

    Returns
    -------
    int or None
        From 1; none for the reminder and the notice.

    Examples
    --------
    >>> step_of("2.1"), step_of("overdue")
    (1, None)
    """
    return None if name in {REMINDER, OVERDUE} else int(name.partition(".")[2])


def retry_at(attempts: int, now: datetime) -> datetime | None:
    """Say when a message that failed is tried again.

    Parameters
    ----------
    attempts : int
        How often it was tried, from 1.
    now : datetime
        When it failed.

    Returns
    -------
    datetime or None
        After 1, 2, 4 ... minutes, at most 6 hours; none after the tenth attempt.

    Examples
    --------
    >>> retry_at(3, datetime(2026, 11, 30, 12))
    datetime.datetime(2026, 11, 30, 12, 4)
    """
    if attempts >= ATTEMPTS:
        return None
    doubled: timedelta = _FIRST_WAIT * 2 ** (attempts - 1)
    return now + min(_LONGEST_WAIT, doubled)


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """Sign what a webhook gets, so that its receiver knows who sent it, and when.

    Parameters
    ----------
    secret : str
        Known to the receiver.
    timestamp : int
        Seconds since 1970, as it stands in the header beside.
    body : bytes
        What is sent.

    Returns
    -------
    str
        HMAC-SHA256 of the timestamp, a dot and the body: ``sha256=`` and 64 hexadecimal digits.

    Examples
    --------
    >>> signature("secret", 1, b"{}")[:15]
    'sha256=1122767b'
    """
    signed = f"{timestamp}.".encode() + body
    return "sha256=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
