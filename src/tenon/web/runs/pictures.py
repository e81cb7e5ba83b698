"""Pictures of a study's figures, as coordinates for SVG that templates write."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["Curve", "Tick", "bar_shares", "curve", "nice_step"]

_LEFT, _TOP, _WIDTH, _HEIGHT = 52.0, 8.0, 360.0, 120.0


@dataclass(frozen=True)
class Tick:
    """A mark on an axis.

    Parameters
    ----------
    at : float
        Coordinate.
    value : float
        What stands there.
    """

    at: float
    value: float


@dataclass(frozen=True)
class Curve:
    """Something from day to day.

    Parameters
    ----------
    line, area : str
        Points of the line, and of what lies between it and the bottom.
    days, values : tuple of Tick
        Marks of both axes.
    largest : float
        The highest mark of values, which chooses their unit.
    left, right, top, bottom : float
        Edges of the plot.
    """

    line: str
    area: str
    days: tuple[Tick, ...]
    values: tuple[Tick, ...]
    largest: float
    left: float = _LEFT
    right: float = _LEFT + _WIDTH
    top: float = _TOP
    bottom: float = _TOP + _HEIGHT


def nice_step(span: float, most: int) -> float:
    """Return a round distance between marks.

    Parameters
    ----------
    span : float
        What the axis covers.
    most : int
        How many steps there may be.

    Returns
    -------
    float
        1, 2 or 5 times a power of ten.

    Examples
    --------
    >>> nice_step(759450.0, 4)
    200000.0
    """
    if span <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(span / most))
    return next(step * power for step in (1.0, 2.0, 5.0, 10.0) if step * power * most >= span)


def curve(series: Mapping[str, Any] | None, *, zero: bool) -> Curve | None:
    """Lay out a series of days.

    Parameters
    ----------
    series : mapping, optional
        ``step``, in days, and ``values``.
    zero : bool
        Whether the axis of values begins at zero.

    Returns
    -------
    Curve or None
        None where there is nothing to draw.
    """
    values = [float(value) for value in (series or {}).get("values", [])]
    if len(values) < 2 or max(values) == min(values):  # noqa: PLR2004 - a line has two ends
        return None
    days = (len(values) - 1) * int((series or {})["step"])
    low, high = (0.0 if zero else min(values)), max(values)
    step = nice_step(high - low, 4)
    low, high = math.floor(low / step) * step, math.ceil(high / step) * step
    points = [
        f"{_LEFT + _WIDTH * at / (len(values) - 1):.1f},{_down(value, low, high):.1f}"
        for at, value in enumerate(values)
    ]
    bottom = _TOP + _HEIGHT
    apart = max(nice_step(days, 6), 1.0)
    return Curve(
        line=" ".join(points),
        area=f"{_LEFT:.1f},{bottom:.1f} {' '.join(points)} {_LEFT + _WIDTH:.1f},{bottom:.1f}",
        days=tuple(Tick(round(_LEFT + _WIDTH * day / days, 1), day) for day in _marks(0.0, days, apart)),
        values=tuple(Tick(round(_down(value, low, high), 1), value) for value in _marks(low, high, step)),
        largest=high,
    )


def _down(value: float, low: float, high: float) -> float:
    return _TOP + _HEIGHT * (high - value) / (high - low)


def _marks(low: float, high: float, step: float) -> list[float]:
    return [low + step * number for number in range(int((high - low) / step + 1e-9) + 1)]


def bar_shares(amounts: Sequence[float | None]) -> list[float]:
    """Return how long bars are.

    Parameters
    ----------
    amounts : sequence of float or None
        What they stand for; none where that is kept back.

    Returns
    -------
    list of float
        Percent of the largest.

    Examples
    --------
    >>> bar_shares([4.0, 1.0, None])
    [100.0, 25.0, 0.0]
    """
    most = max((amount for amount in amounts if amount is not None), default=0.0)
    return [round(100 * max(amount or 0.0, 0.0) / most, 1) if most > 0 else 0.0 for amount in amounts]
