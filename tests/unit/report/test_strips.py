from __future__ import annotations

import re

import numpy as np
import pytest

from tenon.report.strips import strip_classes, strip_svg


def widths(svg: str) -> list[int]:
    return [int(width) for width in re.findall(r'<rect x="\d+" width="(\d+)"', svg)]


def test_equal_neighbors_are_one_rectangle_and_empty_days_none() -> None:
    counts = np.array([0, 0, 5, 5, 5, 0, 1])
    svg = strip_svg(counts, strip_classes(counts), "steel")
    assert widths(svg) == [3, 1]
    assert 'viewBox="0 0 7 20"' in svg


def test_long_runs_are_shortened_to_the_largest_of_several_days() -> None:
    counts = np.zeros(1000, dtype=np.int64)
    counts[500] = 7
    svg = strip_svg(counts, strip_classes(counts), "steel")
    assert 'viewBox="0 0 167 20"' in svg
    assert widths(svg) == [1]


def test_the_label_is_escaped() -> None:
    counts = np.array([1, 0])
    assert 'aria-label="a &quot;b&quot; &lt;c&gt;"' in strip_svg(counts, strip_classes(counts), 'a "b" <c>')


@pytest.mark.parametrize(
    ("most", "limits"), [(0, ()), (1, (1.0,)), (3, (1.0, 2.0)), (300, (1.0, 20.0, 50.0, 100.0, 200.0))]
)
def test_no_class_is_narrower_than_one_and_zero_is_alone(most: int, limits: tuple[float, ...]) -> None:
    classes = strip_classes(np.array([0, most]))
    assert classes.limits == limits
    assert len(classes.colors) == len(limits) + 1
    assert classes.position(0) == 0
    assert classes.position(float(most)) == len(limits)
