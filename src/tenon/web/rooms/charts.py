"""Where the lines of a small chart of readings run: plain arithmetic; a template draws them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

__all__ = ["HEIGHT", "WIDTH", "Chart", "Point", "chart_of"]

WIDTH, HEIGHT = 560, 140
_LEFT, _RIGHT, _TOP, _BOTTOM = 8, 8, 12, 12


@dataclass(frozen=True)
class Point:
    """One reading in the picture.

    Parameters
    ----------
    x, y : float
        Its place, pixels from the upper left.
    time : datetime
        When it was read.
    value : float
        What was read.
    outside : bool
        Whether it is beyond a limit.
    """

    x: float
    y: float
    time: datetime
    value: float
    outside: bool


@dataclass(frozen=True)
class Chart:
    """A line of readings with its limits.

    Parameters
    ----------
    points : tuple of Point
        The oldest first.
    low, high : float, optional
        Where the limits lie, pixels from above.
    """

    points: tuple[Point, ...]
    low: float | None
    high: float | None

    @property
    def line(self) -> str:
        """The points as SVG's polyline takes them."""
        return " ".join(f"{point.x:.1f},{point.y:.1f}" for point in self.points)


def chart_of(readings: Sequence[tuple[datetime, float]], low: float | None, high: float | None) -> Chart:
    """Place readings and limits in a picture of `WIDTH` times `HEIGHT` pixels.

    Parameters
    ----------
    readings : sequence of (datetime, float)
        The oldest first.
    low, high : float, optional
        The limits, in the readings' unit.

    Returns
    -------
    Chart
        Time runs evenly from left to right, the largest value or limit lies at the top.

    Examples
    --------
    >>> days = [datetime(2026, 11, day) for day in (1, 2)]
    >>> chart_of(list(zip(days, [60.0, 90.0])), None, 80.0).line
    '8.0,128.0 552.0,12.0'
    """
    levels = [value for _time, value in readings] + [limit for limit in (low, high) if limit is not None]
    if not readings:
        return Chart((), None, None)
    bottom, top = min(levels), max(levels)
    first, last = readings[0][0], readings[-1][0]
    span = (last - first).total_seconds()

    def across(time: datetime) -> float:
        share = (time - first).total_seconds() / span if span else 0.5
        return _LEFT + share * (WIDTH - _LEFT - _RIGHT)

    def down(value: float) -> float:
        share = (top - value) / (top - bottom) if top > bottom else 0.5
        return _TOP + share * (HEIGHT - _TOP - _BOTTOM)

    points = tuple(
        Point(across(time), down(value), time, value, _outside(value, low, high)) for time, value in readings
    )
    return Chart(points, None if low is None else down(low), None if high is None else down(high))


def _outside(value: float, low: float | None, high: float | None) -> bool:
    return (low is not None and value < low) or (high is not None and value > high)
