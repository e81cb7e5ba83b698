"""Measures of risk against lists that can be worked out by hand, a plain twin, and their known properties."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from tenon.numerics import conditional_value_at_risk, tail_weights, value_at_risk
from tenon.schema import Float

TENS = np.arange(0.0, 100.0, 10.0)
LEVELS = st.floats(0.0, 0.995)
LOSSES = st.lists(st.floats(0.0, 1e9), min_size=1, max_size=30)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Float, Float, Float]:
    """Losses of two risks in the same scenarios, with probabilities."""
    rows = draw(st.lists(st.tuples(*[st.floats(0.0, 1e6)] * 2, st.floats(0.01, 1.0)), min_size=1, max_size=30))
    first, second, weights = np.array(rows).T
    return first, second, weights / weights.sum()


@pytest.mark.parametrize(
    ("level", "threshold", "beyond"), [(0.8, 70, 85), (0.9, 80, 90), (0.0, 0, 45), (0.85, 80, 260 / 3)]
)
def test_ten_equal_steps(level: float, threshold: float, beyond: float) -> None:
    assert value_at_risk(TENS, level) == threshold
    assert conditional_value_at_risk(TENS, level) == pytest.approx(beyond, rel=1e-12)


@pytest.mark.parametrize("count", [7, 10, 100, 1000])
def test_rounding_of_the_level_does_not_move_the_value_at_risk(count: int) -> None:
    for rank in range(1, count):
        assert value_at_risk(np.arange(count), rank / count) == rank - 1


@given(losses=LOSSES, level=LEVELS)
def test_the_conditional_value_is_at_least_the_value_and_that_at_least_zero(losses: list[float], level: float) -> None:
    assert conditional_value_at_risk(losses, level) >= value_at_risk(losses, level) >= 0


@given(pair=pairs(), level=LEVELS)
def test_the_conditional_value_of_a_sum_is_at_most_the_sum(pair: tuple[Float, Float, Float], level: float) -> None:
    first, second, weights = pair
    together = conditional_value_at_risk(first + second, level, weights)
    apart = sum(conditional_value_at_risk(losses, level, weights) for losses in (first, second))
    assert together <= apart + 1e-9 * (apart + 1)


def test_the_value_at_risk_of_a_sum_may_exceed_the_sum() -> None:
    """Which is why the conditional value is reported too."""
    first, second = np.array([0, 0, 0, 0, 10.0]), np.array([0, 0, 0, 10.0, 0])
    assert value_at_risk(first, 0.8) + value_at_risk(second, 0.8) == 0
    assert value_at_risk(first + second, 0.6) == 0
    assert value_at_risk(first + second, 0.7) == 10


@given(pair=pairs(), level=LEVELS)
def test_it_is_the_least_of_the_program_that_defines_it(pair: tuple[Float, Float, Float], level: float) -> None:
    losses, _, weights = pair
    found = minimize_scalar(
        lambda eta: eta + weights @ np.maximum(0.0, losses - eta) / (1 - level),
        bounds=(losses.min() - 1, losses.max() + 1),
        method="bounded",
    )
    value = conditional_value_at_risk(losses, level, weights)
    assert value <= found.fun + 1e-6 * (abs(found.fun) + 1)
    assert value == pytest.approx(found.fun, rel=1e-3, abs=1e-3)


@given(pair=pairs(), level=LEVELS)
def test_weights_of_the_tail_share_the_conditional_value_out(pair: tuple[Float, Float, Float], level: float) -> None:
    losses, _, probabilities = pair
    weights = tail_weights(losses, level, probabilities)
    assert (weights >= 0).all()
    assert weights.sum() == pytest.approx(1, rel=1e-6)
    assert weights @ losses == pytest.approx(conditional_value_at_risk(losses, level, probabilities), rel=1e-6)
    assert (weights[losses < value_at_risk(losses, level, probabilities)] == 0).all()


def test_ties_share_the_rest_of_the_tail() -> None:
    np.testing.assert_allclose(tail_weights([5, 1, 5, 0], 0.75), [0.5, 0, 0.5, 0])


@pytest.mark.parametrize("measure", [value_at_risk, conditional_value_at_risk, tail_weights])
def test_bad_figures_are_refused(measure: object) -> None:
    assert callable(measure)
    with pytest.raises(ValueError, match=r"losses must be a list of at least one number, but have the shape \(0,\)"):
        measure([], 0.5)
    with pytest.raises(ValueError, match=r"losses must be finite, but number 1 is inf"):
        measure([0.0, np.inf], 0.5)
    for level in (1.0, -0.1, 95, np.nan):
        with pytest.raises(ValueError, match=r"level must be a probability, at least 0 and below 1, but is .*as 0\.99"):
            measure([0.0, 1.0], level)
    with pytest.raises(ValueError, match=r"probabilities must be as many as the losses, 2, but have the shape \(3,\)"):
        measure([0.0, 1.0], 0.5, [0.2, 0.3, 0.5])
    for weights in ([0.5, 0.6], [-0.5, 1.5], [np.nan, 1.0]):
        with pytest.raises(ValueError, match=r"must not be negative and must add up to 1, but run from .* divide them"):
            measure([0.0, 1.0], 0.5, weights)
