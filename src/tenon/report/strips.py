"""Heat strips: one row a product, days from left to right, as small scalable pictures that need no script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

from tenon.report.palette import HEAT, Classes, classes_of

__all__ = ["Strip", "strip_classes", "strip_svg"]

_MOST_CELLS = 182
_HEIGHT = 20


@dataclass(frozen=True)
class Strip:
    """One row of the figure.

    Parameters
    ----------
    name : str
        What it is about.
    svg : str
        The picture.
    text : str
        What stands beside it.
    """

    name: str
    svg: str
    text: str


def strip_classes(counts: NDArray[np.int64]) -> Classes:
    """Choose classes for counts; a count of zero has the first color to itself.

    Parameters
    ----------
    counts : array of int
        All counts of the figure.

    Returns
    -------
    Classes
        Limits and colors; no two limits lie within one.
    """
    found = classes_of([float(counts.max(initial=0))], HEAT[1:])
    limits = tuple(limit for limit in found.limits if limit > 1)
    colors = found.colors[len(found.colors) - len(limits) - 1 :]
    return Classes((1.0, *limits) if counts.any() else (), (HEAT[0], *colors) if counts.any() else (HEAT[0],))


def strip_svg(counts: NDArray[np.int64], classes: Classes, label: str) -> str:
    """Draw one row.

    Parameters
    ----------
    counts : (T,) array of int
        A count a day.
    classes : Classes
        Colors.
    label : str
        What the picture says, for those who cannot see it.

    Returns
    -------
    str
        An SVG element as wide as its place; neighboring days of one class are one rectangle, and in runs of more than
        half a year the largest of several days stands for them.
    """
    together = -(-counts.size // _MOST_CELLS)
    padded = np.pad(counts, (0, -counts.size % together), mode="edge")
    cells = [classes.position(float(value)) for value in padded.reshape(-1, together).max(axis=1)]
    rectangles = "".join(
        f'<rect x="{start}" width="{length}" height="{_HEIGHT}" fill="{classes.colors[position]}"/>'
        for start, length, position in _runs(cells)
        if position
    )
    return (
        f'<svg role="img" aria-label="{escape(label, quote=True)}" viewBox="0 0 {len(cells)} {_HEIGHT}" '
        f'preserveAspectRatio="none" shape-rendering="crispEdges">'
        f'<rect width="{len(cells)}" height="{_HEIGHT}" fill="{classes.colors[0]}"/>{rectangles}</svg>'
    )


def _runs(cells: Sequence[int]) -> list[tuple[int, int, int]]:
    """Return start, length and class of each stretch of equal classes."""
    runs: list[tuple[int, int, int]] = []
    for at, position in enumerate(cells):
        if runs and runs[-1][2] == position:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1, position)
        else:
            runs.append((at, 1, position))
    return runs
