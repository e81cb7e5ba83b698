"""Bootstrap: how much a figure computed from draws would change if other draws had come."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tenon.numerics.seeds import generator

__all__ = ["RESAMPLING", "bootstrap_interval"]

Float = NDArray[np.float64]
Statistic = Callable[[Float, Float], ArrayLike]

RESAMPLING = 2**32 - 1
"""Address below a seed at which resamples are drawn; no draw of a run has so high a number."""


def bootstrap_interval(
    values: ArrayLike, statistic: Statistic, *, seed: int, confidence: float = 0.95, resamples: int = 1000
) -> Float:
    """Interval of a statistic by the percentile bootstrap.

    As many draws as there are get drawn anew from themselves, with replacement; the statistic of each such resample
    is computed, and the interval leaves out the same share of them on both sides.

    Parameters
    ----------
    values : (D, ...) array
        One figure, or one array of figures, a draw; draws are independent.
    statistic : callable
        Takes the values and the (D,) probability of each draw, which is how often it stands in the resample, divided
        by ``D``; returns a figure or an array of figures.
    seed : int, at least 0
        Seed of the run; resamples stand at the address ``RESAMPLING`` below it.
    confidence : float, probability, above 0 and below 1
        Share of resamples inside the interval.
    resamples : int, at least 1
        Number of resamples.

    Returns
    -------
    (2, ...) array
        Lower and upper bound, in the unit of the statistic.

    Raises
    ------
    ValueError
        If there are no values, or a figure is out of its range.

    References
    ----------
    B. Efron and R. J. Tibshirani (1993), An introduction to the bootstrap, chapter 13.

    Examples
    --------
    >>> low, high = bootstrap_interval(np.arange(100.0), lambda values, weights: values @ weights, seed=1)
    >>> bool(low < 49.5 < high)
    True
    """
    array = np.asarray(values, dtype=np.float64)
    if array.ndim == 0 or not len(array):
        message = f"values must hold at least one draw along their first axis, but have the shape {array.shape}."
        raise ValueError(message)
    if not 0 < confidence < 1:
        message = f"confidence must be a probability above 0 and below 1, but is {confidence}; write 95 % as 0.95."
        raise ValueError(message)
    if resamples < 1:
        message = f"resamples must be at least 1, but are {resamples}; a thousand is usual."
        raise ValueError(message)
    count = len(array)
    random = generator(seed, RESAMPLING)
    replicates = []
    for _ in range(resamples):
        drawn = np.bincount(random.integers(count, size=count), minlength=count)
        replicates.append(np.asarray(statistic(array, drawn / count), dtype=np.float64))
    outside = (1.0 - confidence) / 2
    bounds: Float = np.quantile(np.stack(replicates), [outside, 1.0 - outside], axis=0)
    return bounds
