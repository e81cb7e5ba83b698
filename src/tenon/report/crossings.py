"""Who is hit through whom: a small matrix of hit regions by origins, and chains that read as sentences."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tenon.report.findings import UNEXPLAINED, Origins, Route
from tenon.report.palette import HEAT, INK, PAPER, classes_of, ink_on
from tenon.report.sentences import Story
from tenon.schema import Float

__all__ = ["Chain", "Link", "Matrix", "MatrixCell", "chains_of", "matrix_of", "paths_lead"]

_ROWS, _COLUMNS, _CHAINS = 12, 8, 10
_WORTH_NAMING = 0.005
# What an arrow says for each reason but a scarce input; own capacity is the rest.
_ARROWS = {
    "demand": "figure.arrow_demand",
    "closed links": "figure.arrow_closed_links",
    "late links": "figure.arrow_late_links",
    "final demand": "figure.arrow_final_demand",
}


@dataclass(frozen=True)
class MatrixCell:
    """One cell.

    Parameters
    ----------
    text : str
        Its figure; empty where it rounds to nothing.
    fill, ink : str
        Colors.
    own : bool
        Whether the loss began in the region that bears it.
    """

    text: str
    fill: str
    ink: str
    own: bool


@dataclass(frozen=True)
class Matrix:
    """Hit regions by origins, the largest first, the others together.

    Parameters
    ----------
    columns : tuple of str
        Names of the origins.
    rows : tuple of (str, tuple of MatrixCell)
        Names and cells of the hit regions.
    unit : str
        Unit of the figures.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[MatrixCell, ...]], ...]
    unit: str


@dataclass(frozen=True)
class Link:
    """One step of a chain.

    Parameters
    ----------
    arrow : str
        What is missing at this step.
    agent : str
        Who lacks it.
    """

    arrow: str
    agent: str


@dataclass(frozen=True)
class Chain:
    """A chain from where a loss began to who bears it.

    Parameters
    ----------
    start : Link
        Where it began, and how.
    links : tuple of Link
        What followed.
    bearing : str
        What the last one loses.
    """

    start: Link
    links: tuple[Link, ...]
    bearing: str


def matrix_of(story: Story) -> Matrix | None:
    """Draw up the matrix of hit regions by origins.

    Parameters
    ----------
    story : Story
        One scenario.

    Returns
    -------
    Matrix or None
        None if attribution was not made, nothing was lost, or all of it goes back to one origin.
    """
    origins = story.findings.origins
    if origins is None or not (origins.lost > 0).any():
        return None
    row_order = [int(at) for at in np.argsort(-origins.lost.sum(axis=1), kind="stable")]
    named = [at for at, label in enumerate(origins.origins) if label in origins.regions]
    used = [at for at in named if np.abs(origins.lost[:, at]).max() > 0]
    column_order = sorted(used, key=lambda at: -float(origins.lost[:, at].sum()))
    rows, row_names = _cut(row_order, _ROWS, story, "rows")
    columns, column_names = _cut(column_order, _COLUMNS, story, "columns")
    last = [
        [at] for at, label in enumerate(origins.origins) if label not in origins.regions and origins.lost[:, at].any()
    ]
    figures = np.array([[origins.lost[np.ix_(row, column)].sum() for column in [*columns, *last]] for row in rows])
    names = [story.names.origin(origins.origins[column[0]]) for column in columns[: len(columns) - len(column_names)]]
    names += column_names + [story.names.origin(origins.origins[column[0]]) for column in last]
    heads = [story.names.region(origins.regions[row[0]]) for row in rows[: len(rows) - len(row_names)]] + row_names
    own = [[_own(origins, row, column) for column in [*columns, *last]] for row in rows]
    cells, unit = _cells(story, figures, own)
    shown = [at for at in range(len(names)) if any(row[at].text for row in cells)]
    if len(shown) < 2:  # noqa: PLR2004 - a single column repeats the losses by region
        return None
    names, cells = [names[at] for at in shown], [tuple(row[at] for at in shown) for row in cells]
    return Matrix(tuple(names), tuple(zip(heads, cells, strict=True)), unit)


def chains_of(story: Story) -> tuple[Chain, ...]:
    """Turn the costliest routes into chains that can be read.

    Parameters
    ----------
    story : Story
        One scenario.

    Returns
    -------
    tuple of Chain
        At most ten, the costliest first. A loss that stays where it began is no chain and is left out, unless there
        is nothing else.
    """
    routes = story.findings.routes
    longer = [route for route in routes if len(route.steps) > 1]
    return tuple(_chain(story, route) for route in (longer or routes)[:_CHAINS])


def paths_lead(story: Story) -> str:
    """Tell where losses began, in one sentence.

    Parameters
    ----------
    story : Story
        One scenario.

    Returns
    -------
    str
        Shares of the most important origins; empty if they are unknown.
    """
    origins = story.findings.origins
    if origins is None or (total := float(np.maximum(origins.lost, 0).sum())) <= 0:
        return ""
    shares = {
        label: float(np.maximum(origins.lost[:, at], 0).sum()) / total for at, label in enumerate(origins.origins)
    }
    regions = sorted((label for label in shares if label in origins.regions), key=lambda label: -shares[label])
    percent = story.language.percent
    clauses = [
        story.text("lead.paths_origin", share=percent(shares[label]), region=story.names.region(label))
        for label in regions[:3]
        if shares[label] > _WORTH_NAMING
    ]
    for label in (label for label in shares if label not in origins.regions and shares[label] > _WORTH_NAMING):
        key = "lead.paths_unexplained" if label == UNEXPLAINED else "lead.paths_special"
        clauses.append(story.text(key, share=percent(shares[label]), origin=story.names.origin_within(label)))
    return story.text("lead.paths", clauses=story.language.join(clauses)) if clauses else ""


def _cut(order: Sequence[int], most: int, story: Story, what: str) -> tuple[list[list[int]], list[str]]:
    """Return groups of positions, the last of which stands for all others, and the name of that one."""
    if len(order) <= most + 1:
        return [[at] for at in order], []
    others = list(order[most:])
    return [[at] for at in order[:most]] + [others], [story.language.count(f"figure.matrix_rest_{what}", len(others))]


def _own(origins: Origins, row: Sequence[int], column: Sequence[int]) -> bool:
    return len(row) == len(column) == 1 and origins.regions[row[0]] == origins.origins[column[0]]


def _cells(story: Story, figures: Float, own: Sequence[Sequence[bool]]) -> tuple[list[tuple[MatrixCell, ...]], str]:
    factor, unit = story.language.scale(float(np.abs(figures).max()), story.findings.money)
    shown = float(np.abs(figures).max()) * factor
    digits = min(2, max(0, 2 - math.floor(math.log10(shown))))
    classes = classes_of(figures.ravel().tolist(), HEAT[1:])
    least = 0.5 * 10.0**-digits
    rows = []
    for values, marks in zip(figures * factor, own, strict=True):
        row = []
        for value, mark in zip(values, marks, strict=True):
            text = story.language.number(float(value), digits=digits) if abs(value) >= least else ""
            fill = classes.color(float(value) / factor) if value >= least else PAPER
            row.append(MatrixCell(text, fill, ink_on(fill) if value >= least else INK, mark))
        rows.append(tuple(row))
    return rows, unit


def _chain(story: Story, route: Route) -> Chain:
    (last, why), *rest = reversed(route.steps)
    links = tuple(Link(_arrow(story, reason), story.names.agent(agent)) for agent, reason in rest)
    start = Link(_arrow(story, why), story.names.agent(last))
    return Chain(start, links, story.text("figure.bearing", money=story.money(route.lost)))


def _arrow(story: Story, reason: str) -> str:
    kind, _, product = reason.partition(":")
    if kind == "input":
        return story.text("figure.arrow_inputs", product=story.names.product_within(product.strip()))
    return story.text(_ARROWS.get(kind, "figure.arrow_capacity"))
