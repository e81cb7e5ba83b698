"""The picture of a year of bad luck: the loss exceedance curve."""

from __future__ import annotations

from typing import Any

import numpy as np

from tenon.report.chains.risk.reading import Risk
from tenon.report.chains.risk.sentences import years_beyond
from tenon.report.chains.risk.tables import exceedance_table
from tenon.report.language import Language
from tenon.report.palette import ACCENT, GRID, INK, SERIES
from tenon.report.pictures import Key, Picture
from tenon.report.plots import as_json, draw, new_plot

__all__ = ["curve_picture"]

_HEIGHT = 380
_CURVE_POINTS = 400


def curve_picture(risk: Risk, language: Language) -> Picture:
    """Draw in what share of years as much or more is lost: all losses of a year, and its costliest event.

    Parameters
    ----------
    risk : Risk
        What was found.
    language : Language
        Language of the reader.

    Returns
    -------
    Picture
        With its table.
    """
    from bokeh.models import NumeralTickFormatter

    text = language.text
    factor, unit = language.scale(float(risk.annual.max()), risk.money)
    plot = new_plot(
        height=_HEIGHT,
        x_axis_label=text("risk.axis.loss", unit=unit),
        y_axis_label=text("risk.curve.share"),
        y_axis_type="log",
    )
    plot.xgrid.grid_line_color = GRID
    plot.yaxis.formatter = NumeralTickFormatter(format="0.[000]%")
    keys = []
    for number, (name, losses) in enumerate((("annual", risk.annual), ("greatest", risk.greatest))):
        style, title = SERIES[2 * number], text(f"risk.curve.{name}")
        share = (np.arange(losses.size) + 1.0) / losses.size
        # Every rank in the tail, fewer where the curve is smooth.
        kept = np.unique(np.geomspace(1, losses.size, _CURVE_POINTS).astype(int) - 1)
        columns = {"x": losses[kept] * factor, "y": share[kept]}
        looks: dict[str, Any] = {"line_color": style.color, "line_width": 2, "line_dash": list(style.dash)}
        draw(plot, "Line", columns, name=f"line-{number}", x="x", y="y", **looks)
        keys.append(Key(title, style))
    marks = {
        "x": [level.reached * factor for level in risk.levels],
        "y": [1.0 - level.level for level in risk.levels],
    }
    draw(plot, "Scatter", marks, x="x", y="y", size=9, fill_color=ACCENT, line_color=INK)
    worst = risk.levels[-1]
    label = text(
        "risk.curve.label", years=years_beyond(language, worst), money=language.money(worst.reached, risk.money)
    )
    return Picture(
        name="curve",
        label=label,
        captions=(text("risk.curve.caption"),),
        plot=as_json(plot, "curve"),
        keys=tuple(keys),
        tables=(exceedance_table(risk, language),),
    )
