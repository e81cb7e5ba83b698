"""Time series: total production, and production of regions, sectors or scenarios, as lines that tell apart in grey."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tenon.report.findings import Window
from tenon.report.language import Language
from tenon.report.palette import ACCENT, INK, MUTED, SERIES, WINDOW, Style
from tenon.report.plots import draw, font, new_plot, tooltip
from tenon.schema import Float

if TYPE_CHECKING:
    from bokeh.plotting import figure

__all__ = ["Line", "index_plot", "line_plot", "styled"]

_MARKS = 9
_HEIGHT = 300
_EDGE = 0.12
_ROOM = 0.07
_LEAST_RANGE = 0.02
_PERCENT = 100.0


@dataclass(frozen=True, eq=False)
class Line:
    """One line of a figure.

    Parameters
    ----------
    name : str
        Its name for people.
    values : (T,) array, dimensionless
        Production relative to undisturbed.
    style : Style
        How it is drawn.
    """

    name: str
    values: Float
    style: Style


def styled(series: Sequence[tuple[str, Float]], *, rest: bool = False) -> list[Line]:
    """Give each series a color, a dash and a mark of its own.

    Parameters
    ----------
    series : sequence of (name, values)
        At most eight, the most important first.
    rest : bool
        Whether the last one stands for all others; it is then drawn in grey.

    Returns
    -------
    list of Line
        In the same order.
    """
    styles = list(SERIES[: len(series)])
    if rest:
        styles[-1] = SERIES[-1]
    return [Line(name, values, style) for (name, values), style in zip(series, styles, strict=True)]


def index_plot(
    days: Float, index: Float, *, windows: Sequence[Window], language: Language, height: int = _HEIGHT
) -> figure:
    """Draw total production with the days of the shocks and the worst day.

    Parameters
    ----------
    days, index : (T,) arrays
        Days, and production relative to undisturbed.
    windows : sequence of Window
        Days on which something was taken away.
    language : Language
        Language of the reader.
    height : int, pixels
        Height of the figure.

    Returns
    -------
    figure
        Production in percent of undisturbed.
    """
    plot = _plot(days, [index], windows, language=language, height=height)
    text = [_day(language, day) for day in days]
    shown = [language.percent(value) for value in index]
    normal = np.full(days.size, _PERCENT)
    source = _source({"day": days, "index": _PERCENT * index, "normal": normal, "text": text, "shown": shown})
    draw(plot, "VArea", source, x="day", y1="normal", y2="index", fill_color=ACCENT, fill_alpha=0.12)
    line = draw(plot, "Line", source, x="day", y="index", line_color=ACCENT, line_width=2)
    if index.min() < 1:
        _draw_worst(plot, days, index, language)
    rows = [(language.text("column.production"), "@shown")]
    _tell(plot, line, rows)
    return plot


def line_plot(
    days: Float, lines: Sequence[Line], *, windows: Sequence[Window], language: Language, height: int = _HEIGHT
) -> figure:
    """Draw several lines that can be switched on and off.

    Parameters
    ----------
    days : (T,) array, days
        Days of the run.
    lines : sequence of Line
        What is drawn; line ``k`` and its marks are named ``line-k`` and ``marks-k``.
    windows : sequence of Window
        Days on which something was taken away.
    language : Language
        Language of the reader.
    height : int, pixels
        Height of the figure.

    Returns
    -------
    figure
        Production in percent of undisturbed.
    """
    plot = _plot(days, [line.values for line in lines], windows, language=language, height=height)
    columns: dict[str, Any] = {"day": days, "text": [_day(language, day) for day in days]}
    for number, line in enumerate(lines):
        columns[f"line{number}"] = _PERCENT * line.values
        columns[f"shown{number}"] = [language.percent(value) for value in line.values]
    source = _source(columns)
    for number, line in reversed(list(enumerate(lines))):
        style = line.style
        looks: dict[str, Any] = {"line_color": style.color, "line_width": 2, "line_dash": list(style.dash)}
        draw(plot, "Line", source, name=f"line-{number}", x="day", y=f"line{number}", **looks)
        # Marks of different lines stand on different days, so that they do not hide each other.
        step = max(1, len(days) // _MARKS)
        at = np.arange((number * step) // max(1, len(lines)), len(days), step)
        marks = {"x": days[at], "y": _PERCENT * line.values[at]}
        colors: dict[str, Any] = {"line_color": style.color, "fill_color": style.color}
        draw(plot, "Scatter", marks, name=f"marks-{number}", marker=style.marker, size=7, **colors)
    # Tooltips hang on a line of their own, which no key switches off.
    unseen = draw(plot, "Line", source, name="tooltips", x="day", y="line0", line_alpha=0)
    rows = [(line.name, f"@shown{number}") for number, line in enumerate(lines)]
    _tell(plot, unseen, rows)
    return plot


def _draw_worst(plot: figure, days: Float, index: Float, language: Language) -> None:
    """Mark the worst day; below the lowest point there is no line in the way of its text."""
    worst = int(index.argmin())
    place = float(days[worst] - days[0]) / max(float(days[-1] - days[0]), 1.0)
    text = language.text("chart.worst", drop=language.percent(index[worst] - 1), day=language.number(days[worst]))
    point = {"x": [days[worst]], "y": [_PERCENT * index[worst]], "text": [text]}
    align = "left" if place < _EDGE else "right" if place > 1 - _EDGE else "center"
    draw(plot, "Scatter", point, size=8, fill_color=ACCENT, line_color="white")
    draw(plot, "Text", point, text_align=align, text_baseline="top", y_offset=7, **font(INK))


def _tell(plot: figure, renderer: Any, rows: list[tuple[str, str]]) -> None:  # noqa: ANN401 - a Bokeh renderer
    """Show the figures of the day under the pointer."""
    from bokeh.models import HoverTool

    told = tooltip("@text", rows)
    plot.add_tools(HoverTool(renderers=[renderer], mode="vline", tooltips=told, point_policy="follow_mouse"))


def _plot(
    days: Float, series: Sequence[Float], windows: Sequence[Window], *, language: Language, height: int
) -> figure:
    """Make the frame: axes, the days of the shocks, and the undisturbed level."""
    from bokeh.models.annotations import Span

    low = _PERCENT * min(float(values.min()) for values in series)
    high = _PERCENT * max(float(values.max()) for values in series)
    room = _ROOM * max(high - low, _LEAST_RANGE)
    last = float(days[-1]) if days[-1] > days[0] else float(days[0]) + 1
    plot = new_plot(
        height=height,
        x_range=(float(days[0]), last),
        y_range=(min(low, _PERCENT) - 2 * room, max(high, _PERCENT) + room),
        min_border_right=14,
        min_border_left=0,
    )
    plot.xaxis.axis_label = language.text("chart.day")
    plot.xaxis.ticker = _ticker(last - float(days[0]))
    plot.yaxis.ticker = _few_ticks()
    plot.xaxis.major_tick_line_color = MUTED
    _draw_windows(plot, windows, days)
    plot.add_layout(Span(location=_PERCENT, dimension="width", line_color=MUTED, line_width=1))
    return plot


def _ticker(span: float) -> Any:  # noqa: ANN401 - a Bokeh ticker
    from bokeh.models import FixedTicker, SingleIntervalTicker

    for step in (1, 2, 5, 10, 15, 30, 60, 90, 180):
        if span / step <= 7:  # noqa: PLR2004 - more labels would touch on a narrow screen
            return SingleIntervalTicker(interval=step, num_minor_ticks=0)
    return FixedTicker(ticks=[float(day) for day in np.arange(0, span + 1, 365 * max(1, round(span / 365 / 7)))])


def _few_ticks() -> Any:  # noqa: ANN401 - a Bokeh ticker
    from bokeh.models import BasicTicker

    return BasicTicker(desired_num_ticks=5, num_minor_ticks=0)


def _draw_windows(plot: figure, windows: Sequence[Window], days: Float) -> None:
    from bokeh.models.annotations import BoxAnnotation

    last = float(days[-1])
    for left, right, alpha in _bands(windows):
        if left < last:
            plot.add_layout(
                BoxAnnotation(
                    left=left,
                    right=min(right, last),
                    fill_color=WINDOW,
                    fill_alpha=alpha,
                    line_color=None,
                    level="underlay",
                )
            )


def _bands(windows: Sequence[Window]) -> list[tuple[float, float, float]]:
    """Return where shocks are in full effect and where they recover, each day once."""
    full = _merged([(window.start, window.full) for window in windows])
    recovering = _merged([(window.full, window.end) for window in windows if window.end > window.full])
    for taken in full:
        recovering = [part for band in recovering for part in _without(band, taken)]
    return [(*band, 0.22) for band in full] + [(*band, 0.09) for band in recovering]


def _merged(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    merged: list[tuple[float, float]] = []
    for left, right in sorted(spans):
        if merged and left <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(right, merged[-1][1]))
        else:
            merged.append((left, right))
    return merged


def _without(band: tuple[float, float], taken: tuple[float, float]) -> list[tuple[float, float]]:
    """Return what is left of a stretch of days when another is taken out."""
    parts = [(band[0], min(band[1], taken[0])), (max(band[0], taken[1]), band[1])]
    return [(left, right) for left, right in parts if left < right]


def _day(language: Language, day: float) -> str:
    return language.text("chart.on_day", day=language.number(day))


def _source(columns: dict[str, Any]) -> Any:  # noqa: ANN401 - a Bokeh data source
    from bokeh.models import ColumnDataSource

    return ColumnDataSource(columns)
