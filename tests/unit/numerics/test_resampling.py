"""The bootstrap: reproducible, right for the mean, and refusing what it cannot use."""

from __future__ import annotations

import numpy as np
import pytest

from tenon.numerics import bootstrap_interval, generator
from tenon.schema import Float


def mean(values: Float, weights: Float) -> Float:
    return weights @ values


def test_the_interval_of_a_mean_is_that_of_its_standard_error() -> None:
    values = generator(1, 0).normal(5.0, 2.0, size=2000)
    low, high = bootstrap_interval(values, mean, seed=4, resamples=2000)
    error = values.std() / np.sqrt(2000)
    assert (low + high) / 2 == pytest.approx(values.mean(), abs=0.15 * error)
    assert (high - low) / 2 == pytest.approx(1.96 * error, rel=0.06)


def test_weights_are_how_often_each_draw_stands_in_the_resample() -> None:
    seen: list[Float] = []

    def remember(values: Float, weights: Float) -> float:
        seen.append(weights)
        return float(values[0])

    bootstrap_interval(np.arange(5.0), remember, seed=4, resamples=300)
    assert all(weights.sum() == pytest.approx(1) for weights in seen)
    assert all(np.array_equal(np.round(5 * weights), 5 * weights) for weights in seen)
    assert np.mean(seen, axis=0) == pytest.approx(np.full(5, 0.2), abs=0.03)


def test_arrays_are_resampled_by_draw() -> None:
    values = np.stack([np.arange(50.0), 10 * np.arange(50.0)], axis=1)
    bounds = bootstrap_interval(values, mean, seed=4, resamples=100)
    np.testing.assert_allclose(bounds[:, 1], 10 * bounds[:, 0])


def test_the_same_seed_gives_the_same_interval() -> None:
    values = np.arange(50.0)
    first, again, other = (bootstrap_interval(values, mean, seed=seed, resamples=50) for seed in (4, 4, 5))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_what_it_cannot_use_is_refused() -> None:
    with pytest.raises(ValueError, match=r"at least one draw along their first axis, but have the shape \(0,\)"):
        bootstrap_interval([], mean, seed=1)
    with pytest.raises(
        ValueError, match=r"confidence must be a probability above 0 and below 1, but is 95; write 95 %"
    ):
        bootstrap_interval([1.0], mean, seed=1, confidence=95)
    with pytest.raises(ValueError, match=r"resamples must be at least 1, but are 0; a thousand is usual"):
        bootstrap_interval([1.0], mean, seed=1, resamples=0)
