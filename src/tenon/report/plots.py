"""What all Bokeh figures share: quiet axes, fonts of the system, tooltips, and how they go into the page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from tenon.report.palette import FONT, GRID, INK, MUTED
from tenon.schema import Float

if TYPE_CHECKING:
    from bokeh.plotting import figure

__all__ = ["as_json", "bokeh_script", "draw", "font", "name_marks", "new_plot", "tooltip"]

FONT_SIZE = "12px"
_NAMED = 8
_ROOM = (0.22, 0.06)
_EDGE = 0.4


def new_plot(**settings: Any) -> figure:  # noqa: ANN401 - handed on to Bokeh, which checks them
    """Return an empty figure in the style of the report.

    Parameters
    ----------
    **settings : object
        Settings of ``bokeh.plotting.figure``.

    Returns
    -------
    figure
        Without toolbar, logo and frame, as wide as the page.
    """
    from bokeh.plotting import figure

    settings = {"toolbar_location": None, "tools": "", "sizing_mode": "stretch_width"} | settings
    plot = figure(**settings)
    plot.toolbar.logo = None
    plot.outline_line_color = None
    plot.background_fill_alpha = 0
    plot.border_fill_alpha = 0
    plot.grid.grid_line_color = GRID
    plot.xgrid.grid_line_color = None
    plot.axis.axis_line_color = None
    plot.axis.major_tick_line_color = None
    plot.axis.minor_tick_line_color = None
    plot.axis.major_label_text_font = FONT
    plot.axis.major_label_text_font_size = FONT_SIZE
    plot.axis.major_label_text_color = MUTED
    plot.axis.axis_label_text_font = FONT
    plot.axis.axis_label_text_font_size = FONT_SIZE
    plot.axis.axis_label_text_font_style = "normal"
    plot.axis.axis_label_text_color = MUTED
    return plot


def draw(plot: figure, kind: str, columns: Any, *, name: str = "", visible: bool = True, **looks: Any) -> Any:  # noqa: ANN401 - a layer of Bokeh, which checks what it is given
    """Add a layer to a figure.

    Bokeh's own ``plot.line`` and the like make three more glyphs for selections that a report does not have, and take
    four times as long.

    Parameters
    ----------
    plot : figure
        Where it goes.
    kind : str
        Name of the glyph, such as ``"Line"``.
    columns : dict or ColumnDataSource
        What it draws.
    name : str
        Name by which the page finds it.
    visible : bool
        Whether it is shown at first.
    **looks : object
        Settings of the glyph.

    Returns
    -------
    GlyphRenderer
        The layer.
    """
    from bokeh.models import ColumnDataSource, glyphs

    source = ColumnDataSource(columns) if isinstance(columns, dict) else columns
    return plot.add_glyph(source, getattr(glyphs, kind)(**looks), name=name or None, visible=visible)


def font(color: str, *, size: str = FONT_SIZE) -> dict[str, Any]:
    """Return the settings of text in a figure.

    Parameters
    ----------
    color : str
        Its color, or the column that holds it.
    size : str
        Height of the font, in pixels with their unit.

    Returns
    -------
    dict
        For glyphs of text.
    """
    from bokeh.core.properties import value

    # Bokeh takes a list of fonts for the name of a column unless it is told that it is a value.
    return {"text_font": value(FONT), "text_font_size": value(size), "text_color": color}


def name_marks(plot: figure, marks: Mapping[str, Sequence[Any]], rows: Sequence[int]) -> None:
    """Write the names of a few marks beside them, on the side where there is room.

    Parameters
    ----------
    plot : figure
        Where the marks are.
    marks : mapping of str to sequence
        Columns ``x``, ``y`` and ``name``.
    rows : sequence of int
        Marks that deserve a name, the most important first; those whose names would meet are left out.
    """
    from bokeh.models import LogScale

    scales = {"x": plot.x_scale, "y": plot.y_scale}
    across, up = (
        np.log(marks[axis]) if isinstance(scale, LogScale) else np.asarray(marks[axis], dtype=np.float64)
        for axis, scale in scales.items()
    )
    named = _apart(across, up, rows)
    edge = float(across.max() - _EDGE * np.ptp(across))
    for align, offset, there in (
        ("left", 9, [row for row in named if across[row] <= edge]),
        ("right", -9, [row for row in named if across[row] > edge]),
    ):
        labels = {key: [marks[key][row] for row in there] for key in ("x", "y", "name")}
        looks = {"text_align": align, "x_offset": offset, "y_offset": 4, **font(INK, size="11px")}
        draw(plot, "Text", labels, x="x", y="y", text="name", **looks)


def _apart(across: Float, up: Float, rows: Sequence[int]) -> list[int]:
    """Choose marks whose names do not meet: the most important first, each with some room of its own."""
    wide, high = float(np.ptp(across)), float(np.ptp(up))
    chosen: list[int] = []
    for row in rows:
        if len(chosen) < _NAMED and not any(
            abs(across[row] - across[other]) < _ROOM[0] * wide and abs(up[row] - up[other]) < _ROOM[1] * high
            for other in chosen
        ):
            chosen.append(row)
    return chosen


def tooltip(title: str, rows: list[tuple[str, str]]) -> str:
    """Return the inside of a tooltip.

    Parameters
    ----------
    title : str
        First line; may hold fields such as ``@name``.
    rows : list of (str, str)
        Name and value of each further line; values may hold fields. Names are escaped here, values of fields by Bokeh.

    Returns
    -------
    str
        HTML.
    """
    cells = "".join(
        f'<tr><td style="padding:0 10px 0 0;color:{MUTED}">{_plain(name)}</td>'
        f'<td style="text-align:right;font-variant-numeric:tabular-nums">{value}</td></tr>'
        for name, value in rows
    )
    style = f"font:12px/1.45 {FONT};color:{INK};padding:2px 4px;max-width:300px"
    return f'<div style="{style}"><b>{title}</b><table style="font:inherit">{cells}</table></div>'


def as_json(plot: figure, target: str) -> str:
    """Return a figure as JSON that is safe inside a script element.

    Parameters
    ----------
    plot : figure
        What is drawn.
    target : str
        Identifier of the element that it goes into.

    Returns
    -------
    str
        For ``Bokeh.embed.embed_item``.
    """
    from bokeh.core.types import ID
    from bokeh.embed import json_item

    text = json.dumps(json_item(plot, ID(target)), separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def bokeh_script() -> str:
    """Return the script of the installed Bokeh that draws figures, without widgets, tables and mathematics."""
    from bokeh.resources import Resources

    scripts = Resources(mode="inline", components=["bokeh"]).js_raw
    return "\n".join(scripts).replace("</script", "<\\/script")


def _plain(text: str) -> str:
    # In a tooltip of Bokeh, @ and $ begin a field.
    return escape(text).replace("@", "&#64;").replace("$", "&#36;")
