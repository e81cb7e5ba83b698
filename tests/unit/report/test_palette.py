from __future__ import annotations

import itertools
import math

import pytest

from tenon.report.palette import (
    ACCENT,
    HEAT,
    INK,
    LOSS,
    MUTED,
    NEUTRAL,
    PAPER,
    SERIES,
    classes_of,
    contrast,
    ink_on,
    luminance,
)


@pytest.mark.parametrize("scale", [LOSS, HEAT])
def test_scales_darken_steadily_so_that_they_read_in_grey(scale: tuple[str, ...]) -> None:
    lightness = [116 * luminance(color) ** (1 / 3) - 16 for color in scale]
    assert all(before - after > 4 for before, after in itertools.pairwise(lightness))


def test_lines_differ_in_dash_or_mark_and_stand_out_from_paper() -> None:
    assert len({(style.dash, style.marker) for style in SERIES}) == len(SERIES)
    assert len({style.marker for style in SERIES}) == len(SERIES)
    assert all(contrast(style.color, PAPER) > 2.5 for style in SERIES)


def test_text_is_readable_on_paper_and_on_every_color() -> None:
    assert min(contrast(color, PAPER) for color in (INK, MUTED, ACCENT)) > 4.5
    assert min(contrast(ink_on(color), color) for color in (*LOSS, *HEAT)) > 3.8


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(
    ("largest", "limits"),
    [
        (4.2, (0.1, 0.2, 0.5, 1.0, 2.0)),
        (5.0, (0.2, 0.5, 1.0, 2.0, 5.0)),
        (0.0123, (0.0005, 0.001, 0.002, 0.005, 0.01)),
        (1e6, (5e4, 1e5, 2e5, 5e5, 1e6)),
    ],
)
def test_limits_are_round_and_the_largest_value_lies_in_the_last_class(
    largest: float, limits: tuple[float, ...]
) -> None:
    classes = classes_of([largest, -1.0, math.nan])
    assert classes.limits == pytest.approx(limits)
    assert classes.color(largest) == LOSS[-1]
    assert classes.color(0.0) == LOSS[0]


def test_missing_figures_are_neutral_and_gains_are_no_losses() -> None:
    classes = classes_of([1.0])
    assert classes.color(math.nan) == NEUTRAL
    assert classes.color(-0.5) not in LOSS


def test_without_losses_there_is_one_class() -> None:
    assert classes_of([0.0, -2.0]).limits == ()
