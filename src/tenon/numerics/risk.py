"""Measures of risk: how bad the bad outcomes are, from a list of equally or unequally likely losses.

Definitions after R. T. Rockafellar and S. Uryasev (2002), Conditional value-at-risk for general loss distributions,
Journal of Banking & Finance 26:1443-1471.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["conditional_value_at_risk", "tail_weights", "value_at_risk"]

Float = NDArray[np.float64]

# Sums of probabilities such as ten times 0.1 miss a level by rounding; less than one draw in a billion is meant by it.
_ROUNDING = 1e-9


def value_at_risk(losses: ArrayLike, level: float, probabilities: ArrayLike | None = None) -> float:
    """Loss that is not exceeded with a given probability.

    The smallest of the losses, ``x``, with ``P(L <= x) >= level``.

    Parameters
    ----------
    losses : (S,) array
        Loss in each scenario or draw, in any unit.
    level : float, probability, at least 0 and below 1
        Such as 0.99: one outcome in a hundred is worse.
    probabilities : (S,) array, optional
        Probability of each; not negative, adding up to 1. All the same if left out.

    Returns
    -------
    float
        Value at risk, in the unit of the losses.

    Raises
    ------
    ValueError
        If there is no loss, one is not finite, or a probability is out of its range.

    References
    ----------
    Rockafellar and Uryasev (2002), Definition 1.

    Examples
    --------
    >>> value_at_risk([0, 10, 20, 30, 40, 50, 60, 70, 80, 90], 0.8)
    70.0
    """
    values, weights = _checked(losses, level, probabilities)
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    place = int(np.searchsorted(reached, level - _ROUNDING))
    return float(values[order[min(place, values.size - 1)]])


def conditional_value_at_risk(losses: ArrayLike, level: float, probabilities: ArrayLike | None = None) -> float:
    r"""Mean loss of the worst outcomes, those beyond a given probability.

    The least over :math:`\eta` of :math:`\eta + \frac{1}{1-\alpha} \sum_\omega p_\omega \max(0, L_\omega - \eta)`,
    which the value at risk attains. An outcome that the level cuts in two counts with the part beyond it.

    Parameters
    ----------
    losses : (S,) array
        Loss in each scenario or draw, in any unit.
    level : float, probability, at least 0 and below 1
        Such as 0.99: the mean of the worst hundredth. At 0, the mean of all.
    probabilities : (S,) array, optional
        Probability of each; not negative, adding up to 1. All the same if left out.

    Returns
    -------
    float
        Conditional value at risk, in the unit of the losses; never below the value at risk.

    Raises
    ------
    ValueError
        If there is no loss, one is not finite, or a probability is out of its range.

    References
    ----------
    Rockafellar and Uryasev (2002), Theorem 10.

    Examples
    --------
    >>> losses = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90]
    >>> round(conditional_value_at_risk(losses, 0.8), 9), round(conditional_value_at_risk(losses, 0.9), 9)
    (85.0, 90.0)
    """
    values, weights = _checked(losses, level, probabilities)
    threshold = value_at_risk(values, level, weights)
    return threshold + float(weights @ np.maximum(values - threshold, 0.0)) / (1.0 - level)


def tail_weights(losses: ArrayLike, level: float, probabilities: ArrayLike | None = None) -> Float:
    """Weight of each outcome in the conditional value at risk.

    Weighted by them, the losses add up to the conditional value at risk, and parts of the losses (by cause, say) to
    parts of it: each part is what its cause costs in the bad outcomes (Euler's allocation). Outcomes that tie with the
    value at risk share what is left of the tail in proportion to their probabilities, so their order plays no part.

    Parameters
    ----------
    losses : (S,) array
        Loss in each scenario or draw, in any unit.
    level : float, probability, at least 0 and below 1
        Where the tail begins.
    probabilities : (S,) array, optional
        Probability of each; not negative, adding up to 1. All the same if left out.

    Returns
    -------
    (S,) array, dimensionless
        Weights, not negative, adding up to 1.

    Raises
    ------
    ValueError
        If there is no loss, one is not finite, or a probability is out of its range.

    References
    ----------
    D. Tasche (1999), Risk contributions and performance measurement.

    Examples
    --------
    >>> tail_weights([0, 50, 50, 100], 0.5).round(3)
    array([0.  , 0.25, 0.25, 0.5 ])
    """
    values, weights = _checked(losses, level, probabilities)
    threshold = value_at_risk(values, level, weights)
    beyond = np.where(values > threshold, weights, 0.0)
    tied = np.where(values == threshold, weights, 0.0)
    left = max(0.0, 1.0 - level - float(beyond.sum()))
    return (beyond + tied * (left / float(tied.sum()))) / (1.0 - level)


def _checked(losses: ArrayLike, level: float, probabilities: ArrayLike | None) -> tuple[Float, Float]:
    """Return losses and probabilities as arrays of one length, or refuse them."""
    values = np.asarray(losses, dtype=np.float64)
    if values.ndim != 1 or not values.size:
        message = f"losses must be a list of at least one number, but have the shape {values.shape}."
        raise ValueError(message)
    if not np.isfinite(values).all():
        bad = int(np.flatnonzero(~np.isfinite(values))[0])
        message = f"losses must be finite, but number {bad} is {values[bad]}; mend or leave out that outcome."
        raise ValueError(message)
    if not 0 <= level < 1:
        message = f"level must be a probability, at least 0 and below 1, but is {level}; write 99 % as 0.99."
        raise ValueError(message)
    if probabilities is None:
        return values, np.full(values.size, 1.0 / values.size)
    weights = np.asarray(probabilities, dtype=np.float64)
    if weights.shape != values.shape:
        message = f"probabilities must be as many as the losses, {values.size}, but have the shape {weights.shape}."
        raise ValueError(message)
    if not (weights >= 0).all() or abs(float(weights.sum()) - 1.0) > _ROUNDING:
        message = (
            f"probabilities must not be negative and must add up to 1, but run from {weights.min():g} to "
            f"{weights.max():g} and add up to {weights.sum():g}; divide them by their sum."
        )
        raise ValueError(message)
    return values, weights
