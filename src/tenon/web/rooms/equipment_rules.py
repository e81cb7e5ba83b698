"""Equipment, its inspection and reports from phones: plain functions, without a database.

How findings lower what a site can do stands in `tenon.web.rooms.availability_rules`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from tenon.web.rooms.rules import Severity, Urgency

__all__ = [
    "DEPTH_MOST",
    "ITEMS_MOST",
    "LIMITS",
    "Answer",
    "Criticality",
    "EquipmentClass",
    "IntakeState",
    "ItemKind",
    "Limit",
    "Outcome",
    "depth_of",
    "judged",
    "may_stand_below",
    "on_one_line",
    "report_token",
    "unanswered",
    "urgency_of",
    "window_start",
]

DEPTH_MOST = 9  # ISO 14224 counts nine levels, from the industry to the part
ITEMS_MOST = 40


class EquipmentClass(StrEnum):
    """What kind of thing a piece of equipment is."""

    LINE = "line"
    ROTARY_KILN = "rotary kiln"
    FURNACE = "furnace"
    ROLLING_STAND = "rolling stand"
    CRUSHER = "crusher"
    CONVEYOR = "conveyor"
    CRANE = "crane"
    SHIP_LOADER = "ship loader"
    VEHICLE = "vehicle"
    SORTER = "sorter"
    SCANNER = "scanner"
    MOTOR = "motor"
    GEARBOX = "gearbox"
    PUMP = "pump"
    FAN = "fan"
    COMPRESSOR = "compressor"
    TRANSFORMER = "transformer"
    INSTRUMENT = "instrument"
    STRUCTURE = "structure"
    OTHER = "other"


class Criticality(StrEnum):
    """What happens when a piece of equipment stops."""

    A = "A"  # what stands above it stops
    B = "B"  # what stands above it does less
    C = "C"  # nothing, for as long as a repair takes


class ItemKind(StrEnum):
    """How an item of a checklist is answered."""

    CHECK = "check"
    READING = "reading"


class Outcome(StrEnum):
    """What an inspector found."""

    PASS = "pass"  # noqa: S105 - an outcome
    FAIL = "fail"
    SKIPPED = "skipped"


class IntakeState(StrEnum):
    """What became of a report from a phone."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    DISCARDED = "discarded"


@dataclass(frozen=True)
class Answer:
    """What an inspector entered at one item.

    Parameters
    ----------
    outcome : Outcome, optional
        As ticked; for a reading with a value, the limits decide instead.
    value : float, optional
        What was read, in the item's unit.
    note : str
        Anything to say.
    """

    outcome: Outcome | None = None
    value: float | None = None
    note: str = ""


@dataclass(frozen=True)
class Limit:
    """How many requests of one kind pass in a time.

    Parameters
    ----------
    most : int
        So many in one window.
    seconds : int
        Length of the window.
    """

    most: int
    seconds: int


# Reports by phone, per label and per address. Windows are fixed, so at worst twice as many pass in one length of time.
LIMITS: Mapping[str, Limit] = {"label": Limit(20, 3600), "address": Limit(30, 3600)}
_URGENCY: Mapping[Severity, Urgency] = {
    Severity.MINOR: Urgency.MONTHS,
    Severity.MODERATE: Urgency.WEEKS,
    Severity.SERIOUS: Urgency.DAYS,
    Severity.CRITICAL: Urgency.NOW,
}


def depth_of(path: str) -> int:
    """Count how far below the top of its tree something stands.

    Parameters
    ----------
    path : str
        Identifiers of all above it and its own, each followed by a slash.

    Returns
    -------
    int
        0 at the top.

    Examples
    --------
    >>> depth_of("a/b/")
    1
    """
    return path.count("/") - 1


def may_stand_below(path: str, height: int, parent_path: str) -> bool:
    """Say whether a piece of equipment may stand below another.

    Parameters
    ----------
    path : str
        Its own path now; empty where it is new.
    height : int
        How many levels stand below it.
    parent_path : str
        Path of what it would stand below.

    Returns
    -------
    bool
        False where the tree would become a circle or deeper than `DEPTH_MOST` levels.

    Examples
    --------
    >>> may_stand_below("a/", 0, "a/b/")
    False
    """
    in_a_circle = bool(path) and parent_path.startswith(path)
    return not in_a_circle and depth_of(parent_path) + 1 + height < DEPTH_MOST


def on_one_line(one: str, other: str) -> bool:
    """Say whether of two organizations one stands above the other, or both are the same.

    Parameters
    ----------
    one, other : str
        Their paths in the tree of organizations.

    Returns
    -------
    bool
        Only then can a finding of one name equipment of the other.

    Examples
    --------
    >>> on_one_line("group/mine/", "group/"), on_one_line("group/mine/", "group/port/")
    (True, False)
    """
    return one.startswith(other) or other.startswith(one)


def judged(kind: ItemKind, low: float | None, high: float | None, answer: Answer) -> Outcome | None:
    """Say what an answer means.

    Parameters
    ----------
    kind : ItemKind
        How the item is answered.
    low, high : float, optional
        Limits of a reading; both still pass.
    answer : Answer
        What the inspector entered.

    Returns
    -------
    Outcome or None
        None where there is no answer: nothing entered, or skipped without saying why.

    Examples
    --------
    >>> judged(ItemKind.READING, None, 80.0, Answer(value=80.1))
    <Outcome.FAIL: 'fail'>
    """
    if kind is ItemKind.READING and answer.value is not None:
        too_low = low is not None and answer.value < low
        too_high = high is not None and answer.value > high
        return Outcome.FAIL if too_low or too_high or not math.isfinite(answer.value) else Outcome.PASS
    if answer.outcome is Outcome.SKIPPED or kind is ItemKind.READING:
        return Outcome.SKIPPED if answer.note.strip() else None
    return answer.outcome


def unanswered(items: Sequence[object], outcomes: Mapping[object, Outcome | None]) -> tuple[object, ...]:
    """List the items of a checklist that still need an answer before a round can be finished.

    Parameters
    ----------
    items : sequence
        Identifiers of the items, in their order.
    outcomes : mapping
        What was found, by item.

    Returns
    -------
    tuple
        Those without an outcome.

    Examples
    --------
    >>> unanswered(["oil", "noise"], {"oil": Outcome.PASS})
    ('noise',)
    """
    return tuple(item for item in items if outcomes.get(item) is None)


def urgency_of(severity: Severity) -> Urgency:
    """Return how soon a failed item must be dealt with, until somebody judges it.

    Parameters
    ----------
    severity : Severity
        Of the item.

    Returns
    -------
    Urgency
        The worse, the sooner.

    Examples
    --------
    >>> urgency_of(Severity.CRITICAL)
    <Urgency.NOW: 4>
    """
    return _URGENCY[severity]


def report_token(secret: str, equipment: object, generation: int) -> str:
    """Make the token in the address behind a label.

    Parameters
    ----------
    secret : str
        Known to the platform alone.
    equipment : object
        Identifier of the piece of equipment.
    generation : int
        Grows when the label is renewed, so that the old one leads nowhere.

    Returns
    -------
    str
        128 bits in 22 characters: the same each time, so that a label can be printed again although only the token's
        digest is stored.

    Examples
    --------
    >>> len(report_token("secret", "kiln", 1))
    22
    """
    said = f"tenon report label\0{equipment}\0{generation}".encode()
    return base64.urlsafe_b64encode(hmac.new(secret.encode(), said, hashlib.sha256).digest()[:16]).decode().rstrip("=")


def window_start(now: datetime, limit: Limit) -> datetime:
    """Return when the window began in which a moment lies.

    Parameters
    ----------
    now : datetime
        With a zone.
    limit : Limit
        Says how long a window is.

    Returns
    -------
    datetime
        In UTC.

    Examples
    --------
    >>> window_start(datetime(2026, 11, 30, 9, 59, tzinfo=UTC), Limit(20, 3600)).hour
    9
    """
    seconds = int(now.timestamp())
    return datetime.fromtimestamp(seconds - seconds % limit.seconds, UTC)
