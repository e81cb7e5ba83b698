"""Colors, dashes and marks of the figures; every scale has a lightness that falls steadily, so it reads in grey too."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = [
    "ACCENT",
    "FONT",
    "GAIN",
    "GAIN_AREA",
    "GRID",
    "HEAT",
    "INK",
    "LAND",
    "LOSS",
    "MUTED",
    "NEUTRAL",
    "PAPER",
    "SEA",
    "SERIES",
    "WINDOW",
    "Classes",
    "Style",
    "classes_of",
    "contrast",
    "ink_on",
    "luminance",
]

INK = "#1d2733"
MUTED = "#56616d"
PAPER = "#ffffff"
GRID = "#e3e6e8"
SEA = "#f5f7f8"
LAND = "#d3dadd"
NEUTRAL = "#e9ebec"
ACCENT = "#9c3b1b"
WINDOW = "#d9a441"
GAIN = "#3b6c8f"
GAIN_AREA = "#e4edf2"
FONT = (
    "-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', 'Liberation Sans', 'PingFang SC', "
    "'Microsoft YaHei', 'Noto Sans CJK SC', Arial, system-ui, sans-serif"
)

LOSS = ("#fbe8d3", "#f4c397", "#e6955a", "#c8622f", "#963a1c", "#5c1f12")
"""Scale of losses, from small to large."""

HEAT = ("#eef1f2", "#cfdbe2", "#9fbccb", "#6795ad", "#38698a", "#163f5f")
"""Scale of counts, from none to many."""


@dataclass(frozen=True)
class Style:
    """How a line is drawn.

    Parameters
    ----------
    color : str
        Its color.
    dash : tuple of int, pixels
        Lengths of strokes and gaps; empty for a solid line.
    marker : str
        Bokeh's name of the mark on it.
    """

    color: str
    dash: tuple[int, ...]
    marker: str


SERIES = (
    Style("#7a1f10", (), "circle"),
    Style("#d9722e", (8, 3), "square"),
    Style("#0f4c75", (), "triangle"),
    Style("#4aa3b8", (2, 2), "diamond"),
    Style("#5a3d7a", (10, 3, 2, 3), "inverted_triangle"),
    Style("#8a9a2b", (5, 2), "plus"),
    Style("#b04a79", (3, 3), "x"),
    Style("#7d8790", (12, 4), "star"),
)
"""Lines in the order in which they are used; the last is for the rest."""


@dataclass(frozen=True)
class Classes:
    """Classes of a scale of losses.

    Parameters
    ----------
    limits : tuple of float
        Limits between neighboring classes, rising.
    colors : tuple of str
        One more than limits.
    """

    limits: tuple[float, ...]
    colors: tuple[str, ...]

    def position(self, value: float) -> int:
        """Return the class of a value.

        Parameters
        ----------
        value : float
            What is classed.

        Returns
        -------
        int
            Position in ``colors``.
        """
        return sum(value >= limit for limit in self.limits)

    def color(self, value: float) -> str:
        """Return the color of a value.

        Parameters
        ----------
        value : float
            What is colored.

        Returns
        -------
        str
            Its color; neutral if the value is missing, that of gains if it is below zero.
        """
        if not math.isfinite(value):
            return NEUTRAL
        return self.colors[self.position(value)] if value >= 0 else GAIN


def classes_of(values: Sequence[float], colors: Sequence[str] = LOSS) -> Classes:
    """Choose limits in the series 1, 2, 5 so that the largest value lies in the last class.

    Parameters
    ----------
    values : sequence of float
        What is classed.
    colors : sequence of str
        Colors, from small to large.

    Returns
    -------
    Classes
        Limits and colors.

    Examples
    --------
    >>> classes_of([0.0, 3.0, 41.0]).limits
    (1.0, 2.0, 5.0, 10.0, 20.0)
    """
    largest = max((value for value in values if math.isfinite(value) and value > 0), default=0.0)
    if not largest:
        return Classes((), (colors[0],))
    step = _steps_below(largest)
    limits = tuple(reversed([_limit(step - down) for down in range(len(colors) - 1)]))
    return Classes(limits, tuple(colors))


def ink_on(color: str) -> str:
    """Return the color of text that is readable on another color.

    Parameters
    ----------
    color : str
        Background, as ``#rrggbb``.

    Returns
    -------
    str
        Dark or white.
    """
    return max((INK, PAPER), key=lambda ink: contrast(ink, color))


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colors as the Web Content Accessibility Guidelines 2.1 define it.

    Parameters
    ----------
    one, other : str
        Colors, as ``#rrggbb``.

    Returns
    -------
    float
        From 1 to 21; text needs 4.5, large text and parts of figures 3.

    Examples
    --------
    >>> contrast("#ffffff", "#000000")
    21.0
    """
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(color: str) -> float:
    """Return the relative luminance of a color, as the Web Content Accessibility Guidelines 2.1 define it.

    Parameters
    ----------
    color : str
        As ``#rrggbb``.

    Returns
    -------
    float
        From 0, black, to 1, white.
    """
    parts = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]  # noqa: PLR2004 - limit of the definition
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


_STEPS = (1.0, 2.0, 5.0)


def _limit(step: int) -> float:
    power, position = divmod(step, len(_STEPS))
    return float(f"{_STEPS[position]}e{power}")


def _steps_below(value: float) -> int:
    """Return the largest step of the series whose limit is not above the value."""
    step = len(_STEPS) * math.floor(math.log10(value))
    while _limit(step + 1) <= value:
        step += 1
    return step
