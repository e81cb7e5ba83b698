"""How open findings on equipment lower what a site can do: plain arithmetic, without a database.

A unit runs or is being repaired. With the mean time between failures MTBF = 1/λ and the mean time to repair MTTR, it is
available the share ``A = MTBF / (MTBF + MTTR)`` of the time. Each open critical finding raises its failure rate: with
the score s of all of them, the rate is ``λ exp(γ s)``, the proportional-hazards form of Cox (1972), so that

    A(s) = MTBF / (MTBF + MTTR exp(γ s)).

``γ = ln 2`` is this platform's assumption, not a measured figure: one finding of the highest priority doubles the rate.

Units combine to a distribution of the capacity factor g, from 0 (stands still) to 1 (full capacity), by the
universal generating function ``U(z) = Σ p_m z^{g_m}``: parts needed together give the smallest g, parallel lines add
their shares, and the probabilities multiply (Ushakov 1986; Levitin 2005). Units fail and are repaired independently.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from tenon.web.rooms.equipment_rules import Criticality

__all__ = [
    "GAMMA",
    "Arrangement",
    "Capacity",
    "Unit",
    "adding",
    "availability",
    "best",
    "capacity_of",
    "expected",
    "score",
    "two_states",
]

GAMMA = math.log(2)
_HIGHEST_PRIORITY = 16
_SCORE_MOST = 50.0  # beyond it the unit is down for all that matters, and the exponential stays finite
_LEVELS_MOST = 200
_DIGITS = 9

# Probability by capacity factor, from the smallest factor to the largest; they add up to one.
Capacity = Mapping[float, float]


class Arrangement(StrEnum):
    """How the parts of a piece of equipment work together."""

    SERIES = "series"
    PARALLEL = "parallel"
    K_OF_N = "k of n"


@dataclass(frozen=True)
class Unit:
    """A piece of equipment as the arithmetic needs it.

    Parameters
    ----------
    availability : float
        Of itself, apart from its parts; from 0 to 1.
    criticality : Criticality
        Parts whose failure changes nothing are left out.
    arrangement : Arrangement
        How its parts work together.
    needed : int
        How many parts must run, where any k of n do.
    share : float, optional
        Of what it stands below, how much it carries among parallel parts; equal shares where none says.
    parts : tuple of Unit
        What stands below it.
    """

    availability: float = 1.0
    criticality: Criticality = Criticality.A
    arrangement: Arrangement = Arrangement.SERIES
    needed: int = 1
    share: float | None = None
    parts: tuple[Unit, ...] = ()


def score(priorities: Iterable[int]) -> float:
    """Add up open critical findings: each counts its priority (severity times urgency) as a share of the highest.

    Parameters
    ----------
    priorities : iterable of int
        From 1 to 16 each.

    Returns
    -------
    float
        0 without findings, at most 50.

    Examples
    --------
    >>> score([16, 8])
    1.5
    """
    return min(sum(priorities) / _HIGHEST_PRIORITY, _SCORE_MOST)


def availability(mtbf: float, mttr: float, findings: float = 0.0) -> float:
    """Return the share of the time in which a unit can run.

    Parameters
    ----------
    mtbf : float
        Mean time between failures, hours; above 0.
    mttr : float
        Mean time to repair, hours; not below 0.
    findings : float
        Score of its open critical findings.

    Returns
    -------
    float
        ``MTBF / (MTBF + MTTR exp(γ s))``, from 0 to 1.

    Examples
    --------
    >>> availability(900, 100), availability(900, 100, findings=1)
    (0.9, 0.8181818181818182)
    """
    return mtbf / (mtbf + mttr * math.exp(GAMMA * findings))


def two_states(available: float) -> Capacity:
    """Return the capacity of a unit that runs or does not.

    Parameters
    ----------
    available : float
        Share of the time in which it runs.

    Returns
    -------
    Capacity
        Levels 0 and 1; only those that occur.

    Examples
    --------
    >>> two_states(0.75)
    {0.0: 0.25, 1.0: 0.75}
    """
    return _tidied({0.0: 1.0 - available, 1.0: available})


def best(parts: Sequence[Capacity], needed: int) -> Capacity:
    """Combine parts of which so many must run: the capacity is that of the k-th best.

    Parameters
    ----------
    parts : sequence of Capacity
        Independent of each other.
    needed : int
        From 1 to the number of parts; all of them in series, where the weakest decides.

    Returns
    -------
    Capacity
        For parts that run or not, it is 1 with probability ``Σ_{m≥k} C(n,m) A^m (1−A)^{n−m}``.

    Examples
    --------
    >>> best([two_states(0.9)] * 3, needed=2)[1.0]
    0.972
    """
    levels = sorted({level for part in parts for level in part})
    reached = [_at_least(parts, needed, level) for level in levels] + [0.0]
    return _tidied({level: here - above for level, (here, above) in zip(levels, pairwise(reached), strict=True)})


def _at_least(parts: Sequence[Capacity], needed: int, level: float) -> float:
    """Return the probability that at least so many parts reach a level."""
    counts = [1.0]  # probability that exactly m of the parts so far reach it
    for part in parts:
        chance = sum(probability for there, probability in part.items() if there >= level)
        failing = [*(count * (1 - chance) for count in counts), 0.0]
        counts = [
            stays + comes for stays, comes in zip(failing, [0.0, *(count * chance for count in counts)], strict=True)
        ]
    return sum(counts[needed:])


def adding(parts: Sequence[Capacity], shares: Sequence[float]) -> Capacity:
    """Combine parallel lines that each carry a share: their capacities add up, to the full capacity at most.

    Parameters
    ----------
    parts : sequence of Capacity
        Independent of each other.
    shares : sequence of float
        What each line carries when it runs in full, as a share of the whole.

    Returns
    -------
    Capacity
        With at most 201 levels: where there would be more, each is divided between its neighbors on a grid of half
        percents so that the mean remains.

    Examples
    --------
    >>> adding([two_states(0.9)] * 2, [0.5, 0.5])
    {0.0: 0.01, 0.5: 0.18, 1.0: 0.81}
    """
    total: dict[float, float] = {0.0: 1.0}
    for part, share in zip(parts, shares, strict=True):
        together: dict[float, float] = {}
        for level, probability in total.items():
            for more, chance in part.items():
                reached = round(level + share * more, _DIGITS)
                together[reached] = together.get(reached, 0.0) + probability * chance
        total = together if len(together) <= _LEVELS_MOST else _on_grid(together)
    capped: dict[float, float] = {}
    for level, probability in total.items():
        capped[min(level, 1.0)] = capped.get(min(level, 1.0), 0.0) + probability
    return _tidied(capped)


def _on_grid(capacity: Capacity) -> dict[float, float]:
    grid: dict[float, float] = {}
    for level, probability in capacity.items():
        below = math.floor(level * _LEVELS_MOST)
        weight = level * _LEVELS_MOST - below
        for place, part in ((below, 1 - weight), (below + 1, weight)):
            if part > 0:
                at = place / _LEVELS_MOST
                grid[at] = grid.get(at, 0.0) + probability * part
    return grid


def _tidied(capacity: Capacity) -> Capacity:
    """Drop what does not occur, and sort; differences of sums leave crumbs below any meaning."""
    return {level: probability for level, probability in sorted(capacity.items()) if probability > 10.0**-12}


def _series(parts: Sequence[Capacity], _unit: Unit, _counted: Sequence[Unit]) -> Capacity:
    return best(parts, len(parts))


def _parallel(parts: Sequence[Capacity], _unit: Unit, counted: Sequence[Unit]) -> Capacity:
    return adding(parts, [1 / len(parts) if part.share is None else part.share for part in counted])


def _k_of_n(parts: Sequence[Capacity], unit: Unit, _counted: Sequence[Unit]) -> Capacity:
    return best(parts, min(max(unit.needed, 1), len(parts)))


_COMBINED: Mapping[Arrangement, Callable[[Sequence[Capacity], Unit, Sequence[Unit]], Capacity]] = {
    Arrangement.SERIES: _series,
    Arrangement.PARALLEL: _parallel,
    Arrangement.K_OF_N: _k_of_n,
}


def capacity_of(unit: Unit) -> Capacity:
    """Work out what a unit and everything below it can do together.

    Parameters
    ----------
    unit : Unit
        The top of a tree.

    Returns
    -------
    Capacity
        Of the unit in series with the combination of its parts. Parts of criticality C are left out: what they belong
        to goes on without them.

    Examples
    --------
    Two lines of half the capacity each behind a furnace:

    >>> lines = (Unit(0.9), Unit(0.9))
    >>> mill = Unit(0.95, arrangement=Arrangement.PARALLEL, parts=lines)
    >>> capacity_of(mill)
    {0.0: 0.0595, 0.5: 0.171, 1.0: 0.7695}
    """
    own = two_states(unit.availability)
    counted = [part for part in unit.parts if part.criticality is not Criticality.C]
    if not counted:
        return own
    parts = [capacity_of(part) for part in counted]
    return best([own, _COMBINED[unit.arrangement](parts, unit, counted)], 2)


def expected(capacity: Capacity) -> float:
    """Return the mean of a capacity factor.

    Parameters
    ----------
    capacity : Capacity
        Its distribution.

    Returns
    -------
    float
        From 0 to 1.

    Examples
    --------
    >>> expected({0.0: 0.01, 0.5: 0.18, 1.0: 0.81})
    0.9
    """
    return sum(level * probability for level, probability in capacity.items())
