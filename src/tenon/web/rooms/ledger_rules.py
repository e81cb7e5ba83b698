"""What a ledger of hazards counts, how its months add up, and where places stand on its map: plain functions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from importlib.resources import files

__all__ = [
    "HEIGHT",
    "NORTH",
    "SOUTH",
    "WIDTH",
    "Dimension",
    "Figures",
    "Month",
    "harmless",
    "land_rows",
    "months_between",
    "months_of",
    "place_on_map",
    "rank_of",
]


class Dimension(StrEnum):
    """By what the ledger is split."""

    ORGANIZATION = "organization"
    LEVEL = "level"
    CHANNEL = "channel"
    HAZARD = "hazard"
    SEVERITY = "severity"


@dataclass(frozen=True)
class Figures:
    """What is counted of some findings; those that were rejected or merged into others are left out.

    Parameters
    ----------
    reported : int
        All of them.
    eliminated : int
        Those eliminated, verified or closed.
    open : int
        Those not closed.
    overdue : int
        Those that should be eliminated by now and are not.
    median_days, ninth_days : int, days, optional
        How long the open ones have been open: half of them at least the one, one in ten at least the other; none where
        none is open.
    """

    reported: int
    eliminated: int
    open: int
    overdue: int
    median_days: int | None = None
    ninth_days: int | None = None

    @property
    def rate(self) -> float | None:
        """Percent of the reported that are eliminated; none where nothing was reported."""
        return 100 * self.eliminated / self.reported if self.reported else None


@dataclass(frozen=True)
class Month:
    """One month of a ledger.

    Parameters
    ----------
    first : date
        Its first day.
    reported, eliminated : int
        In it.
    open : int
        At its end.
    """

    first: date
    reported: int
    eliminated: int
    open: int


def rank_of(percent: int, count: int) -> int:
    """Return which of sorted values is a percentile, by the nearest rank.

    Parameters
    ----------
    percent : int
        From 1 to 100.
    count : int
        How many values there are, at least 1.

    Returns
    -------
    int
        From 1: the smallest rank that at least so many percent of the values do not exceed.

    Examples
    --------
    >>> rank_of(50, 4), rank_of(90, 11)
    (2, 10)
    """
    return -(-percent * count // 100)


def months_between(first: date, last: date) -> list[date]:
    """List months.

    Parameters
    ----------
    first, last : date
        Any day of the first and of the last month.

    Returns
    -------
    list of date
        The first day of each.

    Examples
    --------
    >>> [str(day) for day in months_between(date(2025, 12, 5), date(2026, 1, 3))]
    ['2025-12-01', '2026-01-01']
    """
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]


def months_of(
    reported: Sequence[int], eliminated: Sequence[int], closed: Sequence[int], months: Sequence[date]
) -> list[Month]:
    """Say what happened in each month, from what had happened before its beginning.

    Parameters
    ----------
    reported, eliminated, closed : sequence of int
        How many before the beginning of each month, and before the end of the last: one more than there are months.
    months : sequence of date
        Their first days, in order.

    Returns
    -------
    list of Month
        What was open before the first of them is carried in.

    Examples
    --------
    >>> months_of([3, 3], [0, 2], [0, 1], [date(2026, 2, 1)])[0].open
    2
    """
    return [
        Month(
            month,
            reported=reported[at + 1] - reported[at],
            eliminated=eliminated[at + 1] - eliminated[at],
            open=reported[at + 1] - closed[at + 1],
        )
        for at, month in enumerate(months)
    ]


def harmless(cell: object) -> str:
    """Write a cell so that no table program takes it for a formula.

    Parameters
    ----------
    cell : object
        What stands in it; none is empty.

    Returns
    -------
    str
        Texts that begin like a formula (OWASP, CSV injection: ``=``, ``+``, ``-``, ``@``, tab, carriage return, and
        the wide forms of these signs) behind an apostrophe; numbers stay numbers.

    Examples
    --------
    >>> harmless("=1+1"), harmless(-3)
    ("'=1+1", '-3')
    """
    if cell is None:
        return ""
    text = str(cell)
    if isinstance(cell, int | float):
        return text
    return f"'{text}" if text.lstrip(" \u3000\ufeff").startswith(_FORMULA) or text.startswith(_BLANK) else text


_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_BLANK = ("\t", "\r", "\n")

WIDTH, NORTH, SOUTH = 1080, 84.0, -57.0
_SCALE = WIDTH / 360
HEIGHT = round((NORTH - SOUTH) * _SCALE)
# The map is cut in the Atlantic, so that no way over the Pacific is.
_WEST = -30.0


def place_on_map(latitude: float, longitude: float) -> tuple[float, float]:
    """Say where a place stands on a map of equal degrees with the Pacific in its middle.

    Parameters
    ----------
    latitude, longitude : float, degrees
        North and east are positive.

    Returns
    -------
    x, y : float
        From the upper left corner, at 30° west and 84° north; places beyond the edges stand on them.

    Examples
    --------
    >>> place_on_map(0, 180), place_on_map(0, -180)
    ((630.0, 252.0), (630.0, 252.0))
    """
    north = min(max(latitude, SOUTH), NORTH)
    return round((longitude - _WEST) % 360 * _SCALE, 1), round((NORTH - north) * _SCALE, 1)


@cache
def land_rows() -> tuple[tuple[float, float, float], ...]:
    """Return stretches of land for orientation, as the reports draw them; they say nothing about borders or coasts.

    Returns
    -------
    tuple of (float, float, float)
        Height on the map, and the ends from west to east.

    Examples
    --------
    >>> all(0 <= west < east <= WIDTH for _, west, east in land_rows())
    True
    """
    rows = []
    # Read beside the package and not through it: the web process has no use for its pictures.
    for line in files("tenon").joinpath("report/land.csv").read_text(encoding="utf-8").splitlines()[1:]:
        latitude, stretches = line.split(",")
        for stretch in stretches.split(";"):
            west, east = (float(end) for end in stretch.split("/"))
            rows += [(place_on_map(float(latitude), 0)[1], *part) for part in _cut(west, east)]
    return tuple(rows)


def _cut(west: float, east: float) -> list[tuple[float, float]]:
    """Cut a stretch at the edges of the map."""
    if west < _WEST < east:
        return [*_cut(west, _WEST), *_cut(_WEST, east)]
    start = (west - _WEST) % 360 * _SCALE
    return [(round(start, 1), round(start + (east - west) * _SCALE, 1))]
