"""How a hazard goes from its report to its end: plain functions, without a database.

A finding moves along the edges of `EDGES` and no others. Before it is assigned, five things must be fixed: who is
responsible, the measure, the means, the deadline and the fallback plan. Whoever eliminated it does not verify it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from tenon.web.organizations.rules import Capability, Permission

__all__ = [
    "EDGES",
    "FIVE",
    "OPEN",
    "Action",
    "Channel",
    "Edge",
    "FindingState",
    "Hazard",
    "Level",
    "Severity",
    "Source",
    "Urgency",
    "actions_from",
    "days_allowed",
    "is_must",
    "missing",
    "overdue",
    "priority",
    "refusal_of_verifier",
]


class FindingState(StrEnum):
    """Where a finding stands."""

    REPORTED = "reported"
    TRIAGED = "triaged"
    ASSIGNED = "assigned"
    ELIMINATED = "eliminated"
    VERIFIED = "verified"
    CLOSED = "closed"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"


OPEN = frozenset(
    {FindingState.REPORTED, FindingState.TRIAGED, FindingState.ASSIGNED, FindingState.ELIMINATED, FindingState.VERIFIED}
)


class Action(StrEnum):
    """What somebody does with a finding."""

    TRIAGE = "triage"
    ASSIGN = "assign"
    ELIMINATE = "eliminate"
    VERIFY = "verify"
    RETURN = "return"
    CLOSE = "close"
    REJECT = "reject"
    MERGE = "merge"
    REOPEN = "reopen"
    ESCALATE = "escalate"


class Level(StrEnum):
    """What a hazard was found at, from the smallest to the largest."""

    PART = "part"
    EQUIPMENT = "equipment"
    UNIT = "unit"
    SITE = "site"
    TERMINAL = "terminal"
    PORT = "port"
    PASSAGE = "passage"
    LANE = "lane"
    COUNTRY = "country"


class Channel(StrEnum):
    """The channel of the chain that a hazard concerns."""

    PLANT = "plant"
    SEA = "sea"
    RAIL = "rail"
    ROAD = "road"
    AIR = "air"
    POST = "post"
    CUSTOMS = "customs"


class Hazard(StrEnum):
    """What kind of hazard it is."""

    EQUIPMENT = "equipment"
    FIRE = "fire"
    NATURAL = "natural"
    SECURITY = "security"
    CYBER = "cyber"
    LABOR = "labor"
    SHORTAGE = "shortage"
    QUALITY = "quality"
    TRANSPORT = "transport"
    RULES = "rules"
    OTHER = "other"


class Severity(IntEnum):
    """How bad it would be."""

    MINOR = 1
    MODERATE = 2
    SERIOUS = 3
    CRITICAL = 4


class Urgency(IntEnum):
    """How soon it must be dealt with."""

    MONTHS = 1
    WEEKS = 2
    DAYS = 3
    NOW = 4


class Source(StrEnum):
    """How a finding came in."""

    PAGE = "page"
    ROUND = "round"
    PHONE = "phone"
    IMPORT = "import"
    PROGRAM = "program"


# Responsible, measure, means, deadline, fallback plan.
FIVE = ("responsible", "measure", "means", "deadline", "fallback")
_DAYS: Mapping[Urgency, int] = {Urgency.NOW: 1, Urgency.DAYS: 7, Urgency.WEEKS: 30, Urgency.MONTHS: 90}


@dataclass(frozen=True)
class Edge:
    """One way from state to state.

    Parameters
    ----------
    sources : frozenset of FindingState
        States in which the action can be done.
    target : FindingState, optional
        The state after it; none where it stays.
    capability : Capability
        What the one who does it must be able to.
    permission : Permission
        What must be allowed with this finding.
    required : tuple of str
        Fields that must be filled by then.
    """

    sources: frozenset[FindingState]
    target: FindingState | None
    capability: Capability
    permission: Permission
    required: tuple[str, ...] = ()


EDGES: Mapping[Action, Edge] = {
    Action.TRIAGE: Edge(
        frozenset({FindingState.REPORTED}),
        FindingState.TRIAGED,
        Capability.TRIAGE,
        Permission.EDIT,
        ("severity", "urgency"),
    ),
    Action.ASSIGN: Edge(
        frozenset({FindingState.TRIAGED, FindingState.ASSIGNED}),
        FindingState.ASSIGNED,
        Capability.TRIAGE,
        Permission.EDIT,
        FIVE,
    ),
    Action.ELIMINATE: Edge(
        frozenset({FindingState.ASSIGNED}),
        FindingState.ELIMINATED,
        Capability.ELIMINATE,
        Permission.EDIT,
        ("note",),
    ),
    Action.VERIFY: Edge(
        frozenset({FindingState.ELIMINATED}), FindingState.VERIFIED, Capability.VERIFY, Permission.VERIFY, ("note",)
    ),
    Action.RETURN: Edge(
        frozenset({FindingState.ELIMINATED}), FindingState.ASSIGNED, Capability.VERIFY, Permission.VERIFY, ("note",)
    ),
    Action.CLOSE: Edge(frozenset({FindingState.VERIFIED}), FindingState.CLOSED, Capability.TRIAGE, Permission.EDIT),
    Action.REJECT: Edge(
        frozenset({FindingState.REPORTED, FindingState.TRIAGED}),
        FindingState.REJECTED,
        Capability.TRIAGE,
        Permission.EDIT,
        ("note",),
    ),
    Action.MERGE: Edge(
        frozenset({FindingState.REPORTED, FindingState.TRIAGED, FindingState.ASSIGNED}),
        FindingState.DUPLICATE,
        Capability.TRIAGE,
        Permission.EDIT,
        ("merged_into",),
    ),
    Action.REOPEN: Edge(
        frozenset({FindingState.VERIFIED, FindingState.CLOSED, FindingState.REJECTED, FindingState.DUPLICATE}),
        FindingState.TRIAGED,
        Capability.TRIAGE,
        Permission.EDIT,
        ("note",),
    ),
    Action.ESCALATE: Edge(OPEN, None, Capability.REPORT, Permission.COMMENT, ("note",)),
}


def actions_from(state: FindingState) -> frozenset[Action]:
    """List what can be done with a finding in a state.

    Parameters
    ----------
    state : FindingState
        Where it stands.

    Returns
    -------
    frozenset of Action
        The actions whose edges begin there.

    Examples
    --------
    >>> sorted(actions_from(FindingState.VERIFIED))
    [<Action.CLOSE: 'close'>, <Action.ESCALATE: 'escalate'>, <Action.REOPEN: 'reopen'>]
    """
    return frozenset(action for action, edge in EDGES.items() if state in edge.sources)


def missing(action: Action, values: Mapping[str, object]) -> tuple[str, ...]:
    """List the fields that an action still needs.

    Parameters
    ----------
    action : Action
        What would be done.
    values : mapping
        Fields with their values; empty texts and none count as missing.

    Returns
    -------
    tuple of str
        Names of the missing ones, in their order.

    Examples
    --------
    >>> missing(Action.ASSIGN, {"responsible": "Li", "measure": "weld", "means": "", "deadline": 1})
    ('means', 'fallback')
    """
    return tuple(name for name in EDGES[action].required if not _filled(values.get(name)))


def _filled(value: object) -> bool:
    return bool(value.strip()) if isinstance(value, str) else value is not None


def refusal_of_verifier(verifier: object, eliminator: object, responsible: object) -> str:
    """Say why somebody may not verify that a hazard is gone.

    Parameters
    ----------
    verifier : object
        Who would verify.
    eliminator : object
        Who eliminated.
    responsible : object
        Who was responsible for it.

    Returns
    -------
    str
        ``eliminator`` or ``responsible``; empty where nothing speaks against it.

    Examples
    --------
    >>> refusal_of_verifier("Li", "Li", "Wang")
    'eliminator'
    """
    if verifier == eliminator:
        return "eliminator"
    return "responsible" if verifier == responsible else ""


def priority(severity: Severity, urgency: Urgency) -> int:
    """Return how much a finding matters: severity times urgency.

    Parameters
    ----------
    severity, urgency : Severity, Urgency
        As judged.

    Returns
    -------
    int
        From 1 to 16.

    Examples
    --------
    >>> priority(Severity.CRITICAL, Urgency.NOW)
    16
    """
    return int(severity) * int(urgency)


def is_must(severity: Severity) -> bool:
    """Say whether a room must not close while a finding is open.

    Parameters
    ----------
    severity : Severity
        As judged.

    Returns
    -------
    bool
        True from serious on.

    Examples
    --------
    >>> is_must(Severity.MODERATE)
    False
    """
    return severity >= Severity.SERIOUS


def days_allowed(urgency: Urgency) -> int:
    """Return how many days a finding may stay open where nobody set a deadline.

    Parameters
    ----------
    urgency : Urgency
        As judged.

    Returns
    -------
    int
        1, 7, 30 or 90.

    Examples
    --------
    >>> days_allowed(Urgency.DAYS)
    7
    """
    return _DAYS[urgency]


def overdue(
    state: FindingState, reported: datetime, deadline: datetime | None, urgency: Urgency, now: datetime
) -> bool:
    """Say whether a finding should be eliminated by now.

    Parameters
    ----------
    state : FindingState
        Where it stands.
    reported : datetime
        When it came in.
    deadline : datetime, optional
        When it must be eliminated; without one, the days that its urgency allows.
    urgency : Urgency
        As judged.
    now : datetime
        The time.

    Returns
    -------
    bool
        False for what is eliminated or no longer open.
    """
    if state not in {FindingState.REPORTED, FindingState.TRIAGED, FindingState.ASSIGNED}:
        return False
    return now > (deadline or reported + timedelta(days=days_allowed(urgency)))
