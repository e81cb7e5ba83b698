"""Summaries: exact where the answer is known, covering where it is random, and refusing what they cannot use."""

from __future__ import annotations

import numpy as np
import pytest

from tenon.ensemble import summarize
from tenon.numerics import generator
from tenon.schema import ParameterError


def test_a_summary_of_known_figures() -> None:
    summary = summarize([0, 10, 20, 30, 40, 50, 60, 70, 80, 90], seed=1, levels=(0.0, 0.5, 0.8))
    assert summary.mean == 45
    assert summary.standard_error == pytest.approx(np.sqrt(10 * 825 / 9) / np.sqrt(10))
    assert summary.quantiles.tolist() == [0, 40, 70]


def test_every_component_has_its_own_summary() -> None:
    values = np.array([[[1.0, 10.0, 5.0]], [[3.0, 30.0, 5.0]], [[5.0, 20.0, 5.0]]])
    summary = summarize(values, seed=1, levels=(0.3, 0.5))
    np.testing.assert_allclose(summary.mean, [[3, 20, 5]])
    np.testing.assert_array_equal(summary.quantiles, [[[1, 10, 5]], [[3, 20, 5]]])
    assert summary.standard_error.shape == (1, 3)
    assert summary.mean_interval.shape == (2, 1, 3)
    assert summary.quantile_intervals.shape == (2, 2, 1, 3)
    np.testing.assert_array_equal(summary.quantile_intervals[..., 2], 5)


def test_the_same_seed_gives_the_same_intervals() -> None:
    values = generator(3, 0).normal(size=50)
    first, again, other = (summarize(values, seed=seed, resamples=50).mean_interval for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).all()


def test_intervals_hold_the_true_mean_and_median_about_as_often_as_they_say() -> None:
    inside = np.zeros(2)
    for k in range(200):
        values = generator(8, k).exponential(size=200)
        summary = summarize(values, seed=k, levels=(0.5,), confidence=0.9, resamples=200)
        for at, (interval, truth) in enumerate(
            [(summary.mean_interval, 1.0), (summary.quantile_intervals[:, 0], np.log(2.0))]
        ):
            inside[at] += interval[0] <= truth <= interval[1]
    assert (np.abs(inside / 200 - 0.9) < 0.07).all()


def test_one_draw_or_a_missing_value_is_refused() -> None:
    with pytest.raises(ParameterError, match=r"at least two draws are required .* but the shape is \(1,\)"):
        summarize([1.0], seed=1)
    with pytest.raises(ParameterError, match=r"values must be finite, but that of draw 1 is nan; leave the draw out"):
        summarize([1.0, np.nan], seed=1)


def test_probabilities_out_of_range_are_refused() -> None:
    with pytest.raises(ParameterError, match=r"level must be a probability.* but is 95; write 99 % as 0.99"):
        summarize([1.0, 2.0], seed=1, levels=(95,))
    with pytest.raises(ParameterError, match=r"confidence must be a probability above 0 and below 1, but is 1.5"):
        summarize([1.0, 2.0], seed=1, confidence=1.5)
