"""The world map of losses: one mark a region, or true outlines where the reader gave a file of them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tenon.report.findings import Findings
from tenon.report.marks import Mark, place_labels
from tenon.report.names import Names
from tenon.report.outlines import Outline
from tenon.report.palette import (
    GAIN,
    GAIN_AREA,
    GRID,
    INK,
    LAND,
    LOSS,
    MUTED,
    NEUTRAL,
    PAPER,
    SEA,
    Classes,
    classes_of,
    contrast,
    ink_on,
)
from tenon.report.plots import draw, font, new_plot, tooltip
from tenon.report.projection import equal_earth, frame, graticule, land

if TYPE_CHECKING:
    from bokeh.plotting import figure

__all__ = ["WIDTHS", "WorldMap", "world_map"]

WIDTHS = (320, 460, 640, 860, 1040)
"""Widths of the map in pixels for which labels are placed; the page shows those for the next smaller one."""

_X = (-2.74, 2.74)
_Y = (-1.09, 1.33)
_LARGEST, _SMALLEST = 0.145, 0.02
_LABEL_PIXELS = 11.0
_LABEL_SIZE = "11px"
_HALO = "rgba(255, 255, 255, 0.7)"
_SHORT_NAMES = {860: 16, 1040: 24}
"""Longest name that is written out from a width on; elsewhere nine letters."""


@dataclass(frozen=True, eq=False)
class WorldMap:
    """A map and what has to be said beside it.

    Parameters
    ----------
    plot : figure
        The map.
    classes : Classes
        Limits of the colors, in percent of the region's own value added.
    outlined, bubbles, unplaced : tuple of str
        Labels of the regions that are drawn with outlines, as bubbles, and not at all.
    """

    plot: figure
    classes: Classes
    outlined: tuple[str, ...]
    bubbles: tuple[str, ...]
    unplaced: tuple[str, ...]


@dataclass(frozen=True)
class _Region:
    """One region on its way to the map."""

    label: str
    name: str
    x: float
    y: float
    radius: float
    color: str
    loss: str
    share: str
    gain: bool


def world_map(
    findings: Findings,
    names: Names,
    places: Mapping[str, tuple[float, float]],
    outlines: Sequence[Outline] | None = None,
) -> WorldMap:
    """Draw losses by region.

    Parameters
    ----------
    findings : Findings
        What a scenario found.
    names : Names
        Names for people, in the language of the reader.
    places : mapping of str to (longitude, latitude)
        Where the mark of each region stands, degrees.
    outlines : sequence of Outline, optional
        True outlines; regions whose label is a code of one of them are drawn with it, the others as bubbles.

    Returns
    -------
    WorldMap
        Bubbles have an area in proportion to the loss (small ones stay visible), and a color by the loss relative to
        the region's own value added.
    """
    regions, classes = _regions(findings, names, places)
    plot = new_plot(x_range=_X, y_range=_Y, aspect_ratio=(_X[1] - _X[0]) / (_Y[1] - _Y[0]), min_border=0, name="map")
    plot.axis.visible = False
    plot.grid.visible = False
    edge, net = frame(), graticule()
    draw(plot, "Patches", {"xs": edge.xs, "ys": edge.ys}, fill_color=SEA, line_color=GRID)
    draw(plot, "MultiLine", {"xs": net.xs, "ys": net.ys}, line_color=GRID, line_width=0.7)
    by_code = {region.label.upper(): region for region in regions}
    outlined: list[_Region] = []
    if outlines is None:
        x, y = land()
        dots = {"x": x.astype(np.float32), "y": y.astype(np.float32)}
        draw(plot, "Circle", dots, radius=0.0135, fill_color=LAND, line_color=None)
    else:
        outlined = _draw_outlines(plot, outlines, by_code, names)
    bubbles = [region for region in regions if region not in outlined]
    _draw_bubbles(plot, bubbles, names)
    if outlines is None:
        _draw_sizes(plot, findings, names)
    _draw_labels(plot, regions, outlined)
    placed = {region.label for region in regions}
    return WorldMap(
        plot,
        classes,
        outlined=tuple(region.label for region in outlined),
        bubbles=tuple(region.label for region in bubbles),
        unplaced=tuple(label for label in findings.regions.labels if label not in placed),
    )


def _regions(
    findings: Findings, names: Names, places: Mapping[str, tuple[float, float]]
) -> tuple[list[_Region], Classes]:
    """Return the regions that have a place, the largest loss first, and the classes of their colors."""
    group, language = findings.regions, names.language
    share = 100 * group.share(findings.span)
    classes = classes_of(share.tolist())
    largest = _largest(findings)
    regions = []
    for at in group.order():
        label = group.labels[at]
        if label not in places:
            continue
        x, y = equal_earth(*places[label])
        regions.append(
            _Region(
                label,
                names.region(label),
                float(x),
                float(y),
                _radius(float(group.lost[at]), largest),
                classes.color(float(share[at])),
                language.money(float(group.lost[at]), findings.money),
                language.percent(float(share[at]) / 100),
                bool(group.lost[at] < 0),
            )
        )
    return regions, classes


def _largest(findings: Findings) -> float:
    return max(float(np.abs(findings.regions.lost).max(initial=0.0)), np.finfo(float).tiny)


def _radius(loss: float, largest: float) -> float:
    return max(_SMALLEST, _LARGEST * math.sqrt(abs(loss) / largest))


def _hover(plot: figure, renderers: list[Any], names: Names) -> None:
    from bokeh.models import HoverTool

    text = names.language.text
    rows = [(text("column.lost"), "@loss"), (text("column.share"), "@share")]
    plot.add_tools(HoverTool(renderers=renderers, tooltips=tooltip("@name", rows)))


def _columns(regions: Sequence[_Region]) -> dict[str, Any]:
    return {
        "name": [region.name for region in regions],
        "loss": [region.loss for region in regions],
        "share": [region.share for region in regions],
        "fill": [region.color for region in regions],
    }


def _draw_outlines(
    plot: figure, outlines: Sequence[Outline], by_code: Mapping[str, _Region], names: Names
) -> list[_Region]:
    """Draw outlines, colored where they belong to a region, and return those regions."""
    matched = [next((by_code[code] for code in sorted(outline.codes) if code in by_code), None) for outline in outlines]
    rest = [outline for outline, region in zip(outlines, matched, strict=True) if region is None]
    xs, ys = _coordinates(rest)
    draw(plot, "MultiPolygons", {"xs": xs, "ys": ys}, fill_color=NEUTRAL, line_color=PAPER, line_width=0.6)
    pairs = [(outline, region) for outline, region in zip(outlines, matched, strict=True) if region is not None]
    if not pairs:
        return []
    xs, ys = _coordinates([outline for outline, _ in pairs])
    source = _columns([region for _, region in pairs]) | {"xs": xs, "ys": ys}
    source["fill"] = [GAIN_AREA if region.gain else region.color for _, region in pairs]
    source["hatch"] = ["/" if region.gain else " " for _, region in pairs]
    drawn = draw(
        plot,
        "MultiPolygons",
        source,
        fill_color="fill",
        hatch_pattern="hatch",
        hatch_color=GAIN,
        hatch_alpha=0.45,
        hatch_scale=9,
        hatch_weight=0.6,
        line_color=MUTED,
        line_width=0.6,
        name="outlines",
    )
    _hover(plot, [drawn], names)
    found = {region.label for _, region in pairs}
    return [region for region in by_code.values() if region.label in found]


def _coordinates(outlines: Sequence[Outline]) -> tuple[list[Any], list[Any]]:
    xs, ys = (
        [
            [[[corner[side] for corner in ring] for ring in polygon] for polygon in outline.polygons]
            for outline in outlines
        ]
        for side in (0, 1)
    )
    return xs, ys


def _draw_bubbles(plot: figure, bubbles: Sequence[_Region], names: Names) -> None:
    """Draw the largest first, so that small ones lie on top; gains are hollow."""
    if not bubbles:
        return
    ordered = sorted(bubbles, key=lambda region: -region.radius)
    columns = _columns(ordered) | {
        "x": [region.x for region in ordered],
        "y": [region.y for region in ordered],
        "radius": [region.radius for region in ordered],
        "alpha": [0.0 if region.gain else 0.93 for region in ordered],
        "edge": [GAIN if region.gain else _rim(region.color) for region in ordered],
        "rim": [2.0 if region.gain else 0.9 for region in ordered],
    }
    drawn = draw(
        plot,
        "Circle",
        columns,
        radius="radius",
        fill_color="fill",
        fill_alpha="alpha",
        line_color="edge",
        line_width="rim",
        name="bubbles",
    )
    _hover(plot, [drawn], names)


def _rim(color: str) -> str:
    """Return a rim that keeps pale marks visible on the pale map, and dark ones apart from each other."""
    return LOSS[4] if contrast(color, SEA) < 2 else PAPER  # noqa: PLR2004 - below it a mark is hard to see


def _draw_sizes(plot: figure, findings: Findings, names: Names) -> None:
    """Draw a key of three nested circles in the South Pacific."""
    largest = _largest(findings)
    step = classes_of([largest]).limits
    if not step or not findings.regions.labels:
        return
    values = [step[-1], step[-2], step[-4]]
    left, bottom = -1.98, -0.98
    radii = [_radius(value, largest) for value in values]
    middles = [bottom + radius for radius in radii]
    circles = {"x": [left] * 3, "y": middles, "radius": radii}
    draw(plot, "Circle", circles, name="sizes", radius="radius", fill_color=None, line_color=MUTED, line_width=0.8)
    tops = [bottom + 2 * radius for radius in radii[:2]]
    texts = [names.language.money(value, findings.money) for value in values[:2]]
    end = left + _LARGEST + 0.04
    ends = {"x0": [left, left], "y0": tops, "x1": [end, end], "y1": tops}
    draw(plot, "Segment", ends, name="sizes", line_color=MUTED, line_width=0.6, line_dash="dotted")
    words = {"x": [end + 0.01] * 2, "y": tops, "text": texts}
    draw(plot, "Text", words, name="sizes", text_baseline="middle", **font(MUTED, size=_LABEL_SIZE))


def _texts(region: _Region, width: int) -> tuple[str, ...]:
    if len(region.name) <= _SHORT_NAMES.get(width, 9):
        return tuple(dict.fromkeys((region.name, region.label)))
    return (region.label,)


def _draw_labels(plot: figure, regions: Sequence[_Region], outlined: Sequence[_Region]) -> None:
    """Add one set of labels for each width; the page shows the set that fits."""
    for width in WIDTHS:
        scale = width / (_X[1] - _X[0])
        marks = [
            Mark(
                (region.x - _X[0]) * scale,
                (region.y - _Y[0]) * scale,
                0.0 if region in outlined else region.radius * scale,
                _texts(region, width),
            )
            for region in regions
        ]
        labels = place_labels(marks, width, (_Y[1] - _Y[0]) * scale, size=_LABEL_PIXELS)
        # On outlines a halo keeps labels readable; inside a bubble the color does.
        inside = [marks[label.mark].radius > 0 and label.y == marks[label.mark].y for label in labels]
        inside = [within and label.align == "center" for within, label in zip(inside, labels, strict=True)]
        colors = [
            ink_on(regions[label.mark].color) if within and not regions[label.mark].gain else INK
            for label, within in zip(labels, inside, strict=True)
        ]
        columns = {
            "x": [label.x / scale + _X[0] for label in labels],
            "y": [label.y / scale + _Y[0] for label in labels],
            "text": [label.text for label in labels],
            "align": [label.align for label in labels],
            "color": colors,
            "halo": [None if within else _HALO for within in inside],
        }
        source = _source(columns)
        for halo in (True, False):
            draw(
                plot,
                "Text",
                source,
                text_align="align",
                text_baseline="middle",
                text_outline_color="halo" if halo else None,
                text_outline_width=3,
                visible=width == WIDTHS[-1],
                name=f"labels-{width}",
                **font("halo" if halo else "color", size=_LABEL_SIZE),
            )


def _source(columns: dict[str, Any]) -> Any:  # noqa: ANN401 - a Bokeh data source
    from bokeh.models import ColumnDataSource

    return ColumnDataSource(columns)
