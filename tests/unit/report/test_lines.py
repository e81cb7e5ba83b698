from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from bokeh.models import ColumnDataSource, Range1d
from bokeh.models.annotations import BoxAnnotation
from bokeh.models.renderers import GlyphRenderer
from bokeh.plotting import figure

from tenon.report.findings import Window
from tenon.report.language import load_language
from tenon.report.lines import index_plot, line_plot, styled
from tenon.report.palette import SERIES

ENGLISH = load_language("en")
DAYS = np.arange(100.0)
FALL = 1.0 - 0.1 * np.exp(-(((DAYS - 40) / 10) ** 2))


def bands(plot: figure) -> list[tuple[Any, Any]]:
    return [(item.left, item.right) for item in plot.center if isinstance(item, BoxAnnotation)]


def texts(plot: figure) -> list[str]:
    layers = [item.data_source for item in plot.renderers if isinstance(item, GlyphRenderer)]
    columns = [source.data for source in layers if isinstance(source, ColumnDataSource)]
    return [str(text) for data in columns if "text" in data for text in data["text"]]


def test_the_worst_day_is_marked() -> None:
    plot = index_plot(DAYS, FALL, windows=[], language=ENGLISH)
    assert "−10.0% on day 40" in texts(plot)


def test_a_calm_run_marks_no_day() -> None:
    plot = index_plot(DAYS, np.ones(100), windows=[], language=ENGLISH)
    assert not [text for text in texts(plot) if "%" in text]


def test_windows_that_overlap_are_shaded_once() -> None:
    windows = [Window(5, 20, 40), Window(10, 30, 50), Window(60, 70, np.inf), Window(200, 210, 220)]
    plot = index_plot(DAYS, FALL, windows=windows, language=ENGLISH)
    assert sorted(bands(plot)) == [(5, 30), (30, 50), (60, 70), (70, 99)]


def test_the_last_line_stands_for_the_rest() -> None:
    lines = styled([("a", FALL), ("b", FALL), ("others", FALL)], rest=True)
    assert [line.style for line in lines] == [SERIES[0], SERIES[1], SERIES[-1]]


def test_each_line_and_its_marks_can_be_switched_by_name() -> None:
    plot = line_plot(DAYS, styled([("a", FALL), ("b", FALL)]), windows=[], language=ENGLISH)
    assert {item.name for item in plot.renderers} == {"line-0", "marks-0", "line-1", "marks-1", "tooltips"}


@pytest.mark.parametrize("count", [1, 2, 10, 365, 3000])
def test_runs_of_any_length_can_be_drawn(count: int) -> None:
    values = np.linspace(0.9, 1.0, count)
    plot = line_plot(np.arange(float(count)), styled([("a", values)]), windows=[], language=ENGLISH)
    days, percent = plot.x_range, plot.y_range
    assert isinstance(days, Range1d)
    assert isinstance(percent, Range1d)
    assert float(str(days.end)) > float(str(days.start))
    assert float(str(percent.start)) < 90.1
