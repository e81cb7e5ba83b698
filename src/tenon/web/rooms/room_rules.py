"""How organizations handle one disruption together: plain functions, without a database.

What somebody may do in a room follows from two things: the part they have in it, and what their role in their own
organization lets them do. A room closes along the edges of `ROOM_EDGES` and only when no must-finding holds it open.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from tenon.web.organizations.rules import Capability
from tenon.web.rooms.rules import Channel, FindingState, Hazard, Severity, is_must

__all__ = [
    "PARTS",
    "ROOM_EDGES",
    "SIMILAR_FROM",
    "Affected",
    "EntryKind",
    "Figures",
    "Part",
    "Power",
    "RoomEdge",
    "RoomState",
    "RoomStep",
    "TaskState",
    "Traits",
    "figures",
    "holds_open",
    "powers",
    "room_steps",
    "similarity",
    "telling_words",
]


class RoomState(StrEnum):
    """Where a disruption stands."""

    ACTIVE = "active"
    STABLE = "stable"
    CLOSED = "closed"


class RoomStep(StrEnum):
    """What is done with a room as a whole."""

    STABILIZE = "stabilize"
    WORSEN = "worsen"
    CLOSE = "close"
    REOPEN = "reopen"


class Part(StrEnum):
    """The part that a person has in a room."""

    COMMANDER = "commander"
    SCRIBE = "scribe"
    LIAISON = "liaison"
    OBSERVER = "observer"


class Power(StrEnum):
    """One thing that can be done in a room."""

    SAY = "say"
    NOTE = "note"
    DECIDE = "decide"
    WORK = "work"
    TASK = "task"
    ATTACH = "attach"
    DESCRIBE = "describe"
    REPORT = "report"
    PEOPLE = "people"
    STEER = "steer"
    HAND_OVER = "hand over"


class EntryKind(StrEnum):
    """What an entry of a room's timeline is about."""

    MESSAGE = "message"
    FACT = "fact"
    DECISION = "decision"
    TASK = "task"
    PEOPLE = "people"
    FINDING = "finding"
    AFFECTED = "affected"
    REPORT = "report"
    STATE = "state"


class TaskState(StrEnum):
    """Where a task stands."""

    OPEN = "open"
    DONE = "done"
    BLOCKED = "blocked"


class Affected(StrEnum):
    """What kind of thing a disruption affects."""

    SITE = "site"
    PORT = "port"
    PASSAGE = "passage"
    LANE = "lane"
    COUNTRY = "country"
    PRODUCT = "product"


@dataclass(frozen=True)
class RoomEdge:
    """One way of a room from state to state.

    Parameters
    ----------
    sources : frozenset of RoomState
        States in which the step can be done.
    target : RoomState
        The state after it.
    """

    sources: frozenset[RoomState]
    target: RoomState


ROOM_EDGES: Mapping[RoomStep, RoomEdge] = {
    RoomStep.STABILIZE: RoomEdge(frozenset({RoomState.ACTIVE}), RoomState.STABLE),
    RoomStep.WORSEN: RoomEdge(frozenset({RoomState.STABLE}), RoomState.ACTIVE),
    RoomStep.CLOSE: RoomEdge(frozenset({RoomState.STABLE}), RoomState.CLOSED),
    RoomStep.REOPEN: RoomEdge(frozenset({RoomState.CLOSED}), RoomState.ACTIVE),
}
# What a part needs of the role that its person has in their organization.
PARTS: Mapping[Part, Capability] = {
    Part.COMMANDER: Capability.COMMAND,
    Part.SCRIBE: Capability.COMMENT,
    Part.LIAISON: Capability.COMMENT,
    Part.OBSERVER: Capability.READ,
}
_POWERS: Mapping[Part, frozenset[Power]] = {
    Part.COMMANDER: frozenset(Power),
    Part.SCRIBE: frozenset(Power) - {Power.PEOPLE, Power.STEER, Power.HAND_OVER},
    Part.LIAISON: frozenset({Power.SAY, Power.NOTE, Power.WORK, Power.ATTACH}),
    Part.OBSERVER: frozenset(),
}
_NEEDS: Mapping[Power, Capability] = {
    **dict.fromkeys(Power, Capability.COMMENT),
    Power.ATTACH: Capability.SHARE,
    Power.PEOPLE: Capability.COMMAND,
    Power.STEER: Capability.COMMAND,
    Power.HAND_OVER: Capability.COMMAND,
}
_IN_A_CLOSED_ROOM = frozenset({Power.STEER, Power.HAND_OVER})
_UNVERIFIED = frozenset({FindingState.REPORTED, FindingState.TRIAGED, FindingState.ASSIGNED, FindingState.ELIMINATED})
_GONE = frozenset({FindingState.ELIMINATED, FindingState.VERIFIED, FindingState.CLOSED})
_UNCOUNTED = frozenset({FindingState.REJECTED, FindingState.DUPLICATE})


def powers(
    part: Part | None, state: RoomState, capabilities: Collection[Capability], *, owns: bool
) -> frozenset[Power]:
    """Work out what somebody may do in a room that they can see.

    Parameters
    ----------
    part : Part, optional
        Their part in the room; none for those who only look in.
    state : RoomState
        Where the room stands; a closed one can be reopened, and is silent otherwise.
    capabilities : collection of Capability
        What their role lets them do in their organization.
    owns : bool
        Whether the room belongs to their organization: whoever leads there can name another commander, so that no room
        is left without one who answers.

    Returns
    -------
    frozenset of Power
        What the part gives and the capabilities allow.

    Examples
    --------
    >>> sorted(powers(Part.LIAISON, RoomState.ACTIVE, [Capability.COMMENT], owns=False))
    [<Power.NOTE: 'note'>, <Power.SAY: 'say'>, <Power.WORK: 'work'>]
    """
    given = _POWERS[part] if part is not None else frozenset()
    if owns:
        given |= {Power.HAND_OVER}
    if state is RoomState.CLOSED:
        given &= _IN_A_CLOSED_ROOM
    return frozenset(power for power in given if _NEEDS[power] in capabilities)


def room_steps(state: RoomState) -> tuple[RoomStep, ...]:
    """List the steps that lead on from a state.

    Parameters
    ----------
    state : RoomState
        Where the room stands.

    Returns
    -------
    tuple of RoomStep
        In the order of the edges.

    Examples
    --------
    >>> room_steps(RoomState.CLOSED)
    (<RoomStep.REOPEN: 'reopen'>,)
    """
    return tuple(step for step, edge in ROOM_EDGES.items() if state in edge.sources)


def holds_open(severity: Severity, state: FindingState) -> bool:
    """Say whether a finding keeps its room from closing.

    Parameters
    ----------
    severity : Severity
        As judged.
    state : FindingState
        Where it stands.

    Returns
    -------
    bool
        True for a must-finding that nobody has verified yet.

    Examples
    --------
    >>> holds_open(Severity.CRITICAL, FindingState.ELIMINATED)
    True
    """
    return is_must(severity) and state in _UNVERIFIED


@dataclass(frozen=True)
class Figures:
    """How far the findings of a room are.

    Parameters
    ----------
    counted : int
        Findings, without rejected ones and duplicates.
    musts : int
        Must-findings among them.
    eliminated : int
        Eliminated or further.
    verified : int
        Verified or closed.
    holding : int
        Must-findings that nobody has verified yet.
    """

    counted: int
    musts: int
    eliminated: int
    verified: int
    holding: int

    @property
    def rate(self) -> int:
        """Percent eliminated; 100 where there is nothing to eliminate."""
        return 100 * self.eliminated // self.counted if self.counted else 100


def figures(findings: Iterable[tuple[Severity, FindingState]]) -> Figures:
    """Count how far the findings of a room are.

    Parameters
    ----------
    findings : iterable of (Severity, FindingState)
        Each finding as judged, and where it stands.

    Returns
    -------
    Figures
        The counts.

    Examples
    --------
    >>> figures([(Severity.SERIOUS, FindingState.ELIMINATED), (Severity.MINOR, FindingState.REPORTED)]).rate
    50
    """
    counted = [item for item in findings if item[1] not in _UNCOUNTED]
    return Figures(
        counted=len(counted),
        musts=sum(is_must(severity) for severity, _state in counted),
        eliminated=sum(state in _GONE for _severity, state in counted),
        verified=sum(state in _GONE - {FindingState.ELIMINATED} for _severity, state in counted),
        holding=sum(holds_open(severity, state) for severity, state in counted),
    )


# Words that say nothing about what happened.
_SILENT = frozenset(
    """
    about after all and are because been before but for from had has have into its not our out over since than
    that the their then there these they this under until was were what when where which while who will with
    """.split()  # noqa: SIM905 - a list would be a screen long
)
_LATIN = re.compile(r"[^\W\d_\u3400-\u9fff]{3,}")
_HAN = re.compile(r"[\u3400-\u9fff]{2,}")


def telling_words(text: str) -> frozenset[str]:
    """Find the words of a text that say what it is about.

    Parameters
    ----------
    text : str
        In English, Chinese or both.

    Returns
    -------
    frozenset of str
        Words of at least three letters in small letters, without those that say nothing, and pairs of Chinese
        characters, for Chinese does not part its words.

    Examples
    --------
    >>> sorted(telling_words("The Strait is closed: 海峡关闭"))
    ['closed', 'strait', '关闭', '峡关', '海峡']
    """
    latin = {word for word in _LATIN.findall(text.casefold()) if word not in _SILENT}
    pairs = {run[place : place + 2] for run in _HAN.findall(text) for place in range(len(run) - 1)}
    return frozenset(latin | pairs)


@dataclass(frozen=True)
class Traits:
    """What two disruptions are compared by.

    Parameters
    ----------
    hazard : Hazard
        What kind of hazard it is.
    channel : Channel
        The channel that it concerns.
    words : frozenset of str
        What its texts are about, as `telling_words` finds it.
    """

    hazard: Hazard
    channel: Channel
    words: frozenset[str]


_WEIGHTS = (0.35, 0.25, 0.40)  # hazard, channel, words
# The same hazard in the same channel is similar without a common word; one of both needs common words.
SIMILAR_FROM = 0.45


def similarity(one: Traits, other: Traits) -> float:
    """Measure how similar two disruptions are.

    Parameters
    ----------
    one, other : Traits
        The disruptions.

    Returns
    -------
    float
        From 0 to 1: 0.35 for the same hazard, 0.25 for the same channel, and 0.40 times the common words as a share of
        the words of whichever says less. The weights are ours: a hazard says more than a channel, and words tell apart
        what both have in common.

    Examples
    --------
    >>> storm = Traits(Hazard.NATURAL, Channel.SEA, frozenset({"typhoon", "port"}))
    >>> similarity(storm, Traits(Hazard.NATURAL, Channel.SEA, frozenset({"typhoon", "rail", "flood"})))
    0.8
    """
    fewer = min(len(one.words), len(other.words))
    overlap = len(one.words & other.words) / fewer if fewer else 0.0
    alike = (one.hazard is other.hazard, one.channel is other.channel, overlap)
    return round(sum(weight * share for weight, share in zip(_WEIGHTS, alike, strict=True)), 4)
