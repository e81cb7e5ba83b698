from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tenon.web.runs.pictures import curve, nice_step

VALUES = st.lists(st.floats(0, 1e12, allow_subnormal=False), min_size=2, max_size=400)


@given(VALUES, st.integers(1, 5), st.booleans())
def test_a_curve_stays_within_its_plot(values: list[float], step: int, zero: bool) -> None:
    drawn = curve({"step": step, "values": values}, zero=zero)
    if drawn is None:
        assert max(values) == min(values)
        return
    points = [tuple(map(float, point.split(","))) for point in drawn.line.split()]
    assert len(points) == len(values)
    assert all(drawn.left - 0.1 <= x <= drawn.right + 0.1 for x, _ in points)
    assert all(drawn.top - 0.1 <= y <= drawn.bottom + 0.1 for _, y in points)
    assert all(before < after for before, after in pairwise(tick.at for tick in drawn.days))
    assert 2 <= len(drawn.values) <= 7


def test_nothing_is_drawn_of_nothing() -> None:
    for series in (None, {}, {"step": 1, "values": []}, {"step": 1, "values": [1.0, 1.0]}):
        assert curve(series, zero=True) is None


@given(st.floats(1e-6, 1e15), st.integers(1, 10))
def test_steps_are_few_enough(span: float, most: int) -> None:
    assert span / nice_step(span, most) <= most + 1e-9
