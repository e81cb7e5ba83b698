"""What all Bokeh figures share: quiet axes, fonts of the system, tooltips, and how they go into the page."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from tenon.report.lettering import text_width
from tenon.report.palette import FONT, GRID, INK, MUTED
from tenon.schema import Float

if TYPE_CHECKING:
    from bokeh.plotting import figure

__all__ = ["as_json", "bokeh_script", "draw", "font", "name_marks", "new_plot", "tooltip"]

FONT_SIZE = "12px"
_NAMED = 8
_NAME_SIZE = 11.0
_MARK = 6.0
_NARROW = 264.0
"""Pixels across the marks of the narrowest figure, that of a telephone."""
_MARGIN = 13.0
"""Pixels that Bokeh leaves beyond the outermost marks, at least."""
_AXIS = 55.0
"""Pixels of a figure's height that its lower axis takes."""
_MOST_HIDDEN = 3
"""Other marks that a name may cover at most."""


@dataclass(frozen=True)
class _Side:
    """Where a name stands beside its mark: how its text is aligned, and pixels to the right and downwards."""

    align: str
    across: float
    down: float


_SIDES = (
    _Side("left", 9, 4), _Side("right", -9, 4),
    _Side("left", 2, -8), _Side("right", -2, -8),
    _Side("left", 2, 19), _Side("right", -2, 19),
)  # fmt: skip
"""Beside, above and below, to the right and to the left; the first are tried first."""


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


def name_marks(
    plot: figure,
    marks: Mapping[str, Sequence[Any]],
    rows: Sequence[int],
    reach: Mapping[str, tuple[float, float]] | None = None,
) -> None:
    """Write the names of a few marks beside them, where they meet no other name and, if possible, no other mark.

    Parameters
    ----------
    plot : figure
        Where the marks are.
    marks : mapping of str to sequence
        Columns ``x``, ``y`` and ``name``.
    rows : sequence of int
        Marks that deserve a name, the most important first; those for whose name there is no room are left out.
    reach : mapping of str to (float, float), optional
        Ends of the axes ``x`` and ``y`` where the figure shows more than the marks.
    """
    from bokeh.models import LogScale

    scales = {"x": plot.x_scale, "y": plot.y_scale}
    across, up = (
        _spread(marks[axis], (reach or {}).get(axis), np.log if isinstance(scale, LogScale) else np.array)
        for axis, scale in scales.items()
    )
    room = np.array([_NARROW, (plot.height or _NARROW) - _AXIS - 2 * _MARGIN])
    named = _placed(np.stack([across, up], axis=1) * room, marks["name"], rows, room)
    for side in _SIDES:
        there = [row for row, at in named if at is side]
        if there:
            labels = {key: [marks[key][row] for row in there] for key in ("x", "y", "name")}
            looks: dict[str, Any] = {"text_align": side.align, "x_offset": side.across, "y_offset": side.down}
            draw(plot, "Text", labels, x="x", y="y", text="name", **looks, **font(INK, size=f"{_NAME_SIZE:g}px"))


def _spread(values: Sequence[float], ends: tuple[float, float] | None, scale: Callable[[Any], Float]) -> Float:
    """Return where values stand between the ends of their axis, from 0 to 1."""
    low, high = scale(ends or (min(values), max(values)))
    found: Float = (scale(values) - low) / (high - low) if high > low else np.full(len(values), 0.5)
    return found


def _placed(places: Float, names: Sequence[str], rows: Sequence[int], room: Float) -> list[tuple[int, _Side]]:
    """Choose marks and the side of their names on a narrow screen: on a wide one names are only farther apart."""
    boxes = np.zeros((0, 4))
    chosen: list[tuple[int, _Side]] = []
    marks = np.concatenate([places - _MARK, places + _MARK], axis=1)
    for row in rows:
        if len(chosen) == _NAMED:
            break
        others = marks[(places != places[row]).any(axis=1)]
        hidden: dict[_Side, int] = {}
        for side in _SIDES:
            box = _box(places[row], names[row], side)
            inside = (box[:2] >= -_MARGIN).all() and (box[2:] <= room + _MARGIN).all()
            if inside and not _meetings(boxes, box) and _meetings(others, box) <= _MOST_HIDDEN:
                hidden[side] = _meetings(others, box)
        if hidden:
            best = min(hidden, key=hidden.__getitem__)
            chosen.append((row, best))
            boxes = np.vstack([boxes, _box(places[row], names[row], best)])
    return chosen


def _box(place: Float, name: str, side: _Side) -> Float:
    """Left, bottom, right and top of a name, in pixels upwards."""
    wide = text_width(name, _NAME_SIZE)
    left = place[0] + side.across - (wide if side.align == "right" else 0.0)
    bottom = place[1] - side.down
    return np.array([left, bottom, left + wide, bottom + _NAME_SIZE])


def _meetings(boxes: Float, box: Float) -> int:
    """Count the boxes that a box meets."""
    return int(((boxes[:, :2] < box[2:]) & (boxes[:, 2:] > box[:2])).all(axis=1).sum())


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
