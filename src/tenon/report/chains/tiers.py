"""The chain drawn by tiers: suppliers on the left, products on the right, as one scalable picture without a script."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from tenon.report.chains.reading import Network
from tenon.report.lettering import wrap
from tenon.report.palette import ACCENT, GRID, INK, MUTED, NEUTRAL, PAPER, Classes

__all__ = ["Look", "impact_color", "tiers_svg"]

_WIDTH = 1088.0
_COLUMN = 150.0
_NARROWEST = 0.83
"""A wide drawing is shrunk to this and then scrolls, so that its words can be read."""
_ROW, _TWO_LINES = 22.0, 29.0
_LINE = 12.0
_TOP = 34.0
_MARGIN = 14.0
_SMALLEST, _LARGEST = 4.0, 10.0
_MOST_STAGES = 150
_SWEEPS = 6
_FONT = 11.0
_RING = 3.0
_GAP = 4.0


@dataclass(frozen=True)
class Look:
    """How a stage is drawn.

    Parameters
    ----------
    size : float, 0 to 1
        Relative to the largest.
    color : str
        Fill.
    ringed : bool
        Whether it is marked as a hidden single point of failure.
    said : str
        What a pointer or a screen reader is told.
    """

    size: float
    color: str
    ringed: bool
    said: str


def tiers_svg(network: Network, looks: Sequence[Look], tier_names: Mapping[int, str], label: str) -> tuple[str, int]:
    """Draw a chain.

    Parameters
    ----------
    network : Network
        Stages and supplies.
    looks : sequence of Look
        One a stage.
    tier_names : mapping of int to str
        Heading of each tier, 0 for the products.
    label : str
        What the picture shows, for those who cannot see it.

    Returns
    -------
    svg : str
        The picture.
    drawn : int
        How many stages it shows: the most important where there are too many.
    """
    kept = _kept(network, looks)
    columns = _columns(network, kept)
    width = max(_WIDTH, _COLUMN * len(columns))
    step = (width - 2 * _MARGIN) / len(columns)
    names = {stage: _lines(network, looks[stage], stage, step) for stage in kept}
    row = _TWO_LINES if any(len(lines) > 1 for lines in names.values()) else _ROW
    height = _TOP + row * max(len(column) for column in columns.values()) + _MARGIN
    place = _places(columns, step, height)
    size = f'style="min-width:{_NARROWEST * width:.0f}px" viewBox="0 0 {width:g} {height:g}"'
    parts = [
        f'<svg class="tiers" {size} role="img" aria-label="{escape(label)}">',
        *_headings(columns, place, tier_names),
        *_supplies(network, place),
        *(_stage(looks[stage], names[stage], place[stage]) for stage in place),
        "</svg>",
    ]
    return "".join(parts), len(place)


def _kept(network: Network, looks: Sequence[Look]) -> set[int]:
    """Keep every product and ringed stage, and the largest of the others."""
    order = sorted(
        range(len(looks)), key=lambda stage: (network.depth[stage] > 0, not looks[stage].ringed, -looks[stage].size)
    )
    return set(order[:_MOST_STAGES])


def _columns(network: Network, kept: set[int]) -> dict[int, list[int]]:
    """Order the stages of each tier so that few supplies cross: by the mean place of their neighbors, to and fro."""
    tiers = sorted({int(network.depth[stage]) for stage in kept}, reverse=True)
    columns = {tier: [stage for stage in sorted(kept) if network.depth[stage] == tier] for tier in tiers}
    neighbors: dict[int, list[int]] = {stage: [] for stage in kept}
    for supplier, buyer in zip(network.supplier.tolist(), network.buyer.tolist(), strict=True):
        if supplier in kept and buyer in kept:
            neighbors[supplier].append(buyer)
            neighbors[buyer].append(supplier)
    height = {stage: row / len(column) for column in columns.values() for row, stage in enumerate(column)}
    for sweep in range(_SWEEPS):
        for tier in tiers if sweep % 2 else reversed(tiers):
            column = columns[tier]
            mean = {
                stage: np.mean([height[other] for other in neighbors[stage]]) if neighbors[stage] else height[stage]
                for stage in column
            }
            column.sort(key=lambda stage: (mean[stage], stage))
            height |= {stage: (row + 0.5) / len(column) for row, stage in enumerate(column)}
    return columns


def _places(columns: Mapping[int, list[int]], step: float, height: float) -> dict[int, tuple[float, float]]:
    place = {}
    for number, column in enumerate(columns.values()):
        room = (height - _TOP - _MARGIN) / len(column)
        for row, stage in enumerate(column):
            place[stage] = (_MARGIN + number * step + _LARGEST, _TOP + (row + 0.5) * room)
    return place


def _headings(
    columns: Mapping[int, list[int]], place: Mapping[int, tuple[float, float]], names: Mapping[int, str]
) -> list[str]:
    return [
        f'<text x="{place[column[0]][0] - _SMALLEST:.1f}" y="14" font-size="12" font-weight="600" fill="{MUTED}">'
        f"{escape(names[tier])}</text>"
        for tier, column in columns.items()
    ]


def _supplies(network: Network, place: Mapping[int, tuple[float, float]]) -> list[str]:
    """Draw supplies as curves; presumed ones are dashed, idle ones pale."""
    drawn = []
    most = float(network.flow.max(initial=0.0))
    for supplier, buyer, flow, verified in zip(
        network.supplier.tolist(), network.buyer.tolist(), network.flow.tolist(), network.verified.tolist(), strict=True
    ):
        if supplier not in place or buyer not in place:
            continue
        (x1, y1), (x2, y2) = place[supplier], place[buyer]
        middle = (x1 + x2) / 2
        width = 0.8 + 1.6 * math.sqrt(flow / most) if most > 0 and flow > 0 else 0.8
        dash = "" if verified else ' stroke-dasharray="4 3"'
        color = "#a9b4bb" if flow > 0 else GRID
        drawn.append(
            f'<path d="M{x1:.1f} {y1:.1f}C{middle:.1f} {y1:.1f} {middle:.1f} {y2:.1f} {x2:.1f} {y2:.1f}" fill="none" '
            f'stroke="{color}" stroke-width="{width:.2f}"{dash}/>'
        )
    return drawn


def _stage(look: Look, lines: Sequence[str], place: tuple[float, float]) -> str:
    x, y = place
    radius = _radius(look)
    at, beside = f'cx="{x:.1f}" cy="{y:.1f}"', x + radius + _beside(look)
    ring = f'<circle {at} r="{radius + _RING:.1f}" fill="none" stroke="{ACCENT}" stroke-width="2"/>'
    first = y + 3.6 - _LINE * (len(lines) - 1) / 2
    name = "".join(
        f'<tspan x="{beside:.1f}" y="{first + _LINE * number:.1f}">{escape(line)}</tspan>'
        for number, line in enumerate(lines)
    )
    return (
        f"<g><title>{escape(look.said)}</title>{ring if look.ringed else ''}"
        f'<circle {at} r="{radius:.1f}" fill="{look.color}" stroke="{INK}" stroke-width="0.6"/>'
        f'<text font-size="{_FONT:g}" fill="{INK}" stroke="{PAPER}" stroke-width="3" paint-order="stroke">'
        f"{name}</text></g>"
    )


def _radius(look: Look) -> float:
    return _SMALLEST + (_LARGEST - _SMALLEST) * math.sqrt(look.size)


def _beside(look: Look) -> float:
    """Room between a mark and its name."""
    return _GAP + (_RING + 1.0 if look.ringed else 0.0)


def _lines(network: Network, look: Look, stage: int, step: float) -> list[str]:
    """Set the name of a stage between its mark and the marks of the next tier."""
    room = step - _radius(look) - _beside(look) - (_LARGEST + _RING + _GAP)
    return wrap(_name(network, stage), room, _FONT)


def _name(network: Network, stage: int) -> str:
    """Name a product in full, and other stages by their site: there what is made stands in the tooltip."""
    return network.stages[stage] if network.depth[stage] == 0 else network.sites[stage]


def impact_color(classes: Classes, value: float) -> str:
    """Return the color of an impact.

    Parameters
    ----------
    classes : Classes
        Of all impacts.
    value : float, currency
        The impact.

    Returns
    -------
    str
        Neutral where nothing is lost.
    """
    return classes.color(value) if value > 0 else NEUTRAL
