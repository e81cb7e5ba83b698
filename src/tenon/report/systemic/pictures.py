"""The figures of the systemic risk of firms: the ranked curve, risk against size, where the risky firms are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tenon.report.language import Language
from tenon.report.palette import ACCENT, GRID, INK, LOSS, MUTED, SERIES
from tenon.report.pictures import Picture, Swatch
from tenon.report.plots import as_json, draw, font, name_marks, new_plot, tooltip
from tenon.report.systemic.reading import SystemicFindings, groups_of
from tenon.report.systemic.sentences import output_name, times
from tenon.report.systemic.tables import curve_table, groups_table
from tenon.schema import Integer

if TYPE_CHECKING:
    from bokeh.plotting import figure

__all__ = ["curve_picture", "sectors_picture", "size_picture"]

_HEIGHT = 400
_CURVE_MARKS, _SIZE_MARKS = 600, 1500
_SECTORS, _MARKS_A_SECTOR = 15, 60
_FAINT, _FAINT_IN_SECTORS = 1e-6, 1e-4
"""What costs less than this part of the riskiest is not drawn: it would make the axis long and tell nothing."""
_LONGEST = 24
_PERCENT = 100.0
_NAMED_AMONG = 30
_ABOVE = 3.0
_SHADE: dict[str, Any] = {"fill_color": LOSS[0], "fill_alpha": 0.7, "line_color": None}


def curve_picture(found: SystemicFindings, language: Language) -> Picture:
    """Draw the index by rank, both axes in factors of ten, with the plateau at the top.

    Parameters
    ----------
    found : SystemicFindings
        What was found.
    language : Language
        Language of the reader.

    Returns
    -------
    Picture
        A line with marks.
    """
    from bokeh.models.annotations import BoxAnnotation

    text, index = language.text, found.figures.index
    plot = _plot(text("systemic.axis.rank"), _index_axis(found, language), x_axis_type="log", y_axis_type="log")
    plot.add_layout(BoxAnnotation(right=found.plateau + 0.5, level="underlay", **_SHADE))
    drawn = int((index >= _FAINT * index[0]).sum())
    kept = _thinned(drawn, _CURVE_MARKS)
    columns = _columns(found, language, kept) | {"x": (kept + 1).tolist()}
    draw(plot, "Line", {"x": columns["x"], "y": columns["y"]}, x="x", y="y", line_color=ACCENT, line_width=1.5)
    looks: dict[str, Any] = {"size": 6, "fill_color": ACCENT, "line_color": ACCENT}
    _hover(plot, language, draw(plot, "Scatter", columns, x="x", y="y", **looks))
    plot.y_range.update(end=_ABOVE * _PERCENT * float(index[0]))
    first = {key: columns[key][:1] for key in ("x", "y", "name")}
    draw(plot, "Text", first, x="x", y="y", text="name", x_offset=-4, y_offset=-8, **font(INK))
    best, median = language.percent(float(index[0])), language.percent(float(np.median(index)))
    captions = [text("systemic.curve.caption"), language.count("systemic.curve.plateau", found.plateau)]
    if drawn < index.size:
        captions.append(language.count("systemic.curve.none", index.size - drawn))
    return Picture(
        name="curve",
        label=text("systemic.curve.label", best=best, plateau=language.number(found.plateau), median=median),
        captions=tuple(captions),
        plot=as_json(plot, "curve"),
        tables=(curve_table(found, language),),
    )


def size_picture(found: SystemicFindings, language: Language) -> Picture | None:
    """Draw the index against the share of output that fails at first.

    Parameters
    ----------
    found : SystemicFindings
        What was found.
    language : Language
        Language of the reader.

    Returns
    -------
    Picture or None
        None where no failure has a share.
    """
    text, figures = language.text, found.figures
    drawn = np.flatnonzero((figures.own > 0) & (figures.index >= _FAINT * figures.index[0]))
    if not drawn.size:
        return None
    kept = drawn[_thinned(drawn.size, _SIZE_MARKS)]
    axes = (text("systemic.axis.own", output=output_name(found, language)), _index_axis(found, language))
    plot = _plot(*axes, x_axis_type="log", y_axis_type="log")
    ends = [_PERCENT * float(end) for end in (figures.own[kept].min(), figures.own[kept].max())]
    draw(plot, "Line", {"x": ends, "y": ends}, line_color=MUTED, line_dash=[5, 4])
    columns = _columns(found, language, kept) | {"x": (_PERCENT * figures.own[kept]).tolist()}
    down = figures.downstream[kept] >= figures.upstream[kept]
    colors = (SERIES[2].color, SERIES[1].color)
    columns["color"] = [colors[int(wanting)] for wanting in down]
    looks: dict[str, Any] = {"size": 7, "fill_color": "color", "fill_alpha": 0.75, "line_color": "color"}
    _hover(plot, language, draw(plot, "Scatter", columns, x="x", y="y", **looks))
    told = (0, int(figures.own[kept].argmax()), int(np.nanargmax(figures.multiple[kept[:_NAMED_AMONG]])))
    name_marks(plot, columns, told)
    middle = float(np.nanmedian(figures.multiple))
    captions = [text("systemic.size.caption")]
    if len(kept) < len(found.names):
        shown, everyone = language.number(len(kept)), language.number(len(found.names))
        captions.append(text("systemic.size.some", shown=shown, all=everyone))
    return Picture(
        name="size",
        label=text("systemic.size.label", times=times(language, middle)),
        captions=tuple(captions),
        plot=as_json(plot, "size"),
        swatches=(Swatch(colors[1], text("systemic.size.down")), Swatch(colors[0], text("systemic.size.up"))),
        swatch_title=text("systemic.size.key"),
    )


def sectors_picture(found: SystemicFindings, language: Language) -> Picture | None:
    """Draw the index of firms, one row a sector.

    Parameters
    ----------
    found : SystemicFindings
        What was found.
    language : Language
        Language of the reader.

    Returns
    -------
    Picture or None
        None where failures are no single firms.
    """
    from bokeh.models import FactorRange

    text, index = language.text, found.figures.index
    everyone = groups_of(found.sectors)
    if not everyone:
        return None
    least = _FAINT_IN_SECTORS * index[0]
    groups = [group for group in everyone if index[group.rows[0]] >= least][:_SECTORS]
    names = [_short(group.label, number) for number, group in enumerate(groups)]
    rows: list[int] = []
    places: list[str] = []
    for name, group in zip(names, groups, strict=True):
        costly = group.rows[index[group.rows] >= least]
        rows += costly[_thinned(costly.size, _MARKS_A_SECTOR)].tolist()
        places += [name] * (len(rows) - len(places))
    columns = _columns(found, language, np.array(rows))
    columns |= {"x": columns["y"], "y": places}
    plot = _plot(
        text("systemic.axis.short"), "", x_axis_type="log", y_range=FactorRange(factors=names[::-1]),
        height=90 + 25 * len(names),
    )  # fmt: skip
    looks: dict[str, Any] = {
        "size": 8,
        "fill_color": ACCENT,
        "fill_alpha": 0.35,
        "line_color": ACCENT,
        "line_alpha": 0.6,
    }
    _hover(plot, language, draw(plot, "Scatter", columns, x="x", y="y", **looks))
    first = groups[0]
    captions = [text("systemic.sectors.caption")]
    if len(groups) < len(everyone):
        shown = language.number(len(groups))
        captions.append(text("systemic.sectors.some", shown=shown, all=language.number(len(everyone))))
    faint = int((index < least).sum())
    if faint:
        captions.append(language.count("systemic.sectors.none", faint))
    return Picture(
        name="sectors",
        label=text(
            "systemic.sectors.label", sector=first.label, share=language.percent(float(index[first.rows[0]]))
        ),
        captions=tuple(captions),
        plot=as_json(plot, "sectors"),
        tables=(groups_table(found, language, "sector"),),
    )  # fmt: skip


def _plot(across: str, up: str, **settings: Any) -> figure:  # noqa: ANN401 - handed on to Bokeh, which checks them
    from bokeh.models import NumeralTickFormatter

    plot = new_plot(**({"height": _HEIGHT, "x_axis_label": across, "y_axis_label": up or None} | settings))
    plot.xgrid.grid_line_color = GRID
    # Names of sectors are no numbers.
    for axis in (plot.xaxis, *(() if "y_range" in settings else (plot.yaxis,))):
        axis.formatter = NumeralTickFormatter(format="0,0.[0000000]")
    return plot


def _columns(found: SystemicFindings, language: Language, rows: Integer) -> dict[str, list[Any]]:
    """Return what every mark holds: its height, and what a pointer is told."""
    figures = found.figures
    said = {"index": figures.index, "downstream": figures.downstream, "upstream": figures.upstream, "own": figures.own}
    return {
        "y": (_PERCENT * figures.index[rows]).tolist(),
        "name": [found.names[row] for row in rows],
        "rank": [language.number(row + 1) for row in rows],
        **{name: [language.percent(float(share)) for share in shares[rows]] for name, shares in said.items()},
    }


def _hover(plot: figure, language: Language, layer: Any) -> None:  # noqa: ANN401 - a layer of Bokeh, as draw returns it
    from bokeh.models import HoverTool

    names = ("rank", "index", "downstream", "upstream", "own")
    rows = [(language.text(f"systemic.column.{name}"), f"@{name}") for name in names]
    plot.add_tools(HoverTool(renderers=[layer], tooltips=tooltip("@name", rows)))


def _thinned(count: int, most: int) -> Integer:
    """Choose rows: every one of the first, fewer where marks would lie on one another."""
    return np.unique(np.geomspace(1, count, most).round().astype(np.int64)) - 1 if count else np.zeros(0, np.int64)


def _index_axis(found: SystemicFindings, language: Language) -> str:
    return language.text("systemic.axis.index", output=output_name(found, language))


def _short(label: str, number: int) -> str:
    """Shorten a label; the number keeps two that begin alike apart."""
    return label if len(label) <= _LONGEST else f"{label[: _LONGEST - 3].rstrip()}… {number + 1}"
