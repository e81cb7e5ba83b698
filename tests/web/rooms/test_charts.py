from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tenon.web.rooms.charts import HEIGHT, WIDTH, chart_of

START = datetime(2026, 11, 30, tzinfo=UTC)
limits = st.none() | st.floats(-1e9, 1e9)


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=60), limits, limits)
def test_everything_is_inside_the_picture(values: list[float], low: float | None, high: float | None) -> None:
    chart = chart_of([(START + timedelta(days=day), value) for day, value in enumerate(values)], low, high)
    assert len(chart.points) == len(values)
    assert all(0 <= point.x <= WIDTH and 0 <= point.y <= HEIGHT for point in chart.points)
    assert [point.x for point in chart.points] == sorted(point.x for point in chart.points)
    assert all(level is None or 0 <= level <= HEIGHT for level in (chart.low, chart.high))


def test_what_is_beyond_a_limit_is_marked() -> None:
    chart = chart_of([(START, 79.0), (START + timedelta(days=1), 81.0)], 10.0, 80.0)
    assert [point.outside for point in chart.points] == [False, True]


def test_without_readings_there_is_no_line() -> None:
    assert chart_of([], 1.0, 2.0).line == ""
