"""What an ensemble says: means and quantiles, and how far to trust them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from tenon.numerics import bootstrap_interval, value_at_risk
from tenon.schema import Float, ParameterError

__all__ = ["Summary", "summarize"]

_LEAST_FOR_AN_ERROR = 2


@dataclass(frozen=True, eq=False, kw_only=True)
class Summary:
    """Statistics of the values of an ensemble, all in their unit.

    Parameters
    ----------
    mean : (...) array
        Mean over the draws.
    standard_error : (...) array
        Standard deviation of the draws over the square root of their number. For Latin hypercube and Sobol draws,
        whose means are more certain, it is too large.
    mean_interval : (2, ...) array
        Bootstrap interval of the mean: lower and upper bound.
    levels : (Q,) array, probability
        Levels of the quantiles.
    quantiles : (Q, ...) array
        Smallest value that at least this share of the draws do not exceed.
    quantile_intervals : (2, Q, ...) array
        Bootstrap intervals of the quantiles: lower and upper bounds.
    """

    mean: Float
    standard_error: Float
    mean_interval: Float
    levels: Float
    quantiles: Float
    quantile_intervals: Float


def summarize(
    values: ArrayLike,
    *,
    seed: int,
    levels: Sequence[float] = (0.05, 0.5, 0.95),
    confidence: float = 0.95,
    resamples: int = 1000,
) -> Summary:
    """Mean, error bars and quantiles over draws.

    Parameters
    ----------
    values : (D, ...) array
        Values of at least two independent draws, such as ``Ensemble.values``.
    seed : int, at least 0
        Seed of the ensemble; resamples of the bootstrap stand at an address of their own below it.
    levels : sequence of float, probabilities, at least 0 and below 1
        Quantiles wanted.
    confidence : float, probability, above 0 and below 1
        Confidence of the intervals.
    resamples : int, at least 1
        Number of resamples of the bootstrap.

    Returns
    -------
    Summary
        One figure for each component of the values.

    Raises
    ------
    ParameterError
        If there are fewer than two draws, a value is not finite, or a figure is out of its range.

    Examples
    --------
    >>> summary = summarize(np.arange(101.0), seed=1, levels=(0.5,))
    >>> float(summary.mean), summary.quantiles.tolist(), round(float(summary.standard_error), 2)
    (50.0, [50.0], 2.92)
    """
    array = np.asarray(values, dtype=np.float64)
    if array.ndim == 0 or len(array) < _LEAST_FOR_AN_ERROR:
        message = f"at least two draws are required to tell how certain a mean is, but the shape is {array.shape}."
        raise ParameterError(message)
    bad = np.argwhere(~np.isfinite(array))
    if bad.size:
        message = f"values must be finite, but that of draw {bad[0][0]} is {array[tuple(bad[0])]}; leave the draw out."
        raise ParameterError(message)
    flat = array.reshape(len(array), -1)
    try:
        columns = [_column(column, levels, seed=seed, confidence=confidence, resamples=resamples) for column in flat.T]
    except ValueError as error:
        raise ParameterError(str(error)) from error
    shape = array.shape[1:]
    quantiles = np.stack([found for found, _ in columns], axis=-1)
    intervals = np.stack([found for _, found in columns], axis=-1)
    return Summary(
        mean=array.mean(axis=0),
        standard_error=array.std(axis=0, ddof=1) / np.sqrt(len(array)),
        mean_interval=intervals[:, 0].reshape(2, *shape),
        levels=np.asarray(levels, dtype=np.float64),
        quantiles=quantiles.reshape(len(levels), *shape),
        quantile_intervals=intervals[:, 1:].reshape(2, len(levels), *shape),
    )


def _column(
    column: Float, levels: Sequence[float], *, seed: int, confidence: float, resamples: int
) -> tuple[Float, Float]:
    """Return the quantiles of one component, and the intervals of its mean and of them."""
    ordered = np.sort(column)

    def statistic(draws: Float, weights: Float) -> list[float]:
        return [float(weights @ draws), *(value_at_risk(draws, level, weights) for level in levels)]

    interval = bootstrap_interval(ordered, statistic, seed=seed, confidence=confidence, resamples=resamples)
    return np.array([value_at_risk(ordered, level) for level in levels]), interval
