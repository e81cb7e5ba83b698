"""Draws: numbered positions in chance, each with random numbers of its own that depend on nothing but its address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from tenon.numerics import RESAMPLING, generator
from tenon.schema import Float, ParameterError

__all__ = ["Draw", "latin_hypercube_draws", "plain_draws", "sobol_draws"]

# Addresses below the seed that are no draw's: draws are numbered from 0, resamples take the highest.
_DESIGN = RESAMPLING - 1
_MOST_DRAWS = 2**31
_MOST_SOBOL_DIMENSIONS = 21201
_SOBOL_BITS = 52
_NEAREST_TO_ZERO = 2.0**-54


@dataclass(frozen=True)
class Draw:
    """One draw of an ensemble.

    Parameters
    ----------
    number : int, at least 0
        Position among the draws.
    seed : int, at least 0
        Seed of the ensemble.
    point : tuple of float, each above 0 and below 1
        Uniform coordinates of the draw, one for each uncertain figure; quantile functions turn them into any
        distribution. Empty if none were asked for.

    Examples
    --------
    >>> Draw(number=3, seed=7).generator().random() == Draw(number=3, seed=7).generator().random()
    True
    """

    number: int
    seed: int
    point: tuple[float, ...] = ()

    def generator(self) -> np.random.Generator:
        """Return the draw's own random numbers, from the beginning.

        Returns
        -------
        numpy.random.Generator
            The stream of ``SeedSequence(seed, spawn_key=(number,))``; independent of ``point``.
        """
        return generator(self.seed, self.number)


def plain_draws(count: int, *, seed: int, dimensions: int = 0) -> tuple[Draw, ...]:
    """Independent draws.

    Parameters
    ----------
    count : int, at least 1
        Number of draws.
    seed : int, at least 0
        Seed of the ensemble; draw ``k`` takes its coordinates from the address ``(k, 0)`` below it.
    dimensions : int, at least 0
        Number of uniform coordinates of each draw.

    Returns
    -------
    tuple of Draw
        The first draws of an endless list: more of them leave those before as they are.

    Raises
    ------
    ParameterError
        If a number is out of its range.

    Examples
    --------
    >>> [draw.number for draw in plain_draws(3, seed=7)]
    [0, 1, 2]
    >>> plain_draws(2, seed=7, dimensions=1) == plain_draws(3, seed=7, dimensions=1)[:2]
    True
    """
    _check(count, seed, dimensions, least=0)
    return _draws(seed, (_open(generator(seed, k, 0).random(dimensions)) for k in range(count)))


def latin_hypercube_draws(count: int, *, seed: int, dimensions: int) -> tuple[Draw, ...]:
    """Draws of which every coordinate alone is spread evenly over its range.

    Each coordinate has one draw in each of ``count`` equal parts of the range, in random order and at a random place
    of the part. A mean over them is never much less certain than over plain draws, and far more certain where the
    answer is nearly a sum of effects of single coordinates.

    Parameters
    ----------
    count : int, at least 1
        Number of draws.
    seed : int, at least 0
        Seed of the ensemble.
    dimensions : int, at least 1
        Number of uniform coordinates of each draw.

    Returns
    -------
    tuple of Draw
        A design as a whole: another count is another design.

    Raises
    ------
    ParameterError
        If a number is out of its range.

    References
    ----------
    M. D. McKay, R. J. Beckman and W. J. Conover (1979), A comparison of three methods for selecting values of input
    variables in the analysis of output from a computer code. A. B. Owen (1997), Monte Carlo variance of scrambled net
    quadrature: the variance is at most ``count / (count - 1)`` times that of plain draws.

    Examples
    --------
    >>> sorted(int(4 * draw.point[0]) for draw in latin_hypercube_draws(4, seed=7, dimensions=2))
    [0, 1, 2, 3]
    """
    _check(count, seed, dimensions, least=1)
    random = generator(seed, _DESIGN)
    columns = [(random.permutation(count) + random.random(count)) / count for _ in range(dimensions)]
    return _draws(seed, _open(np.stack(columns, axis=1)))


def sobol_draws(count: int, *, seed: int, dimensions: int) -> tuple[Draw, ...]:
    """Draws that fill all coordinates together evenly: Sobol' points, shifted at random.

    Parameters
    ----------
    count : int, a power of two
        Number of draws; the evenness holds for powers of two alone.
    seed : int, at least 0
        Seed of the ensemble; it moves all points by one random digital shift, which makes means free of bias.
    dimensions : int, from 1 to 21201
        Number of uniform coordinates of each draw.

    Returns
    -------
    tuple of Draw
        Twice the count begins with the same draws.

    Raises
    ------
    ParameterError
        If a number is out of its range or the count is no power of two.

    References
    ----------
    S. Joe and F. Y. Kuo (2008), Constructing Sobol sequences with better two-dimensional projections. P. L'Ecuyer and
    C. Lemieux (2002), Recent advances in randomized quasi-Monte Carlo methods: the digital shift.

    Examples
    --------
    >>> sorted(int(4 * draw.point[1]) for draw in sobol_draws(4, seed=7, dimensions=2))
    [0, 1, 2, 3]
    """
    _check(count, seed, dimensions, least=1)
    if dimensions > _MOST_SOBOL_DIMENSIONS:
        message = (
            f"Sobol draws have at most {_MOST_SOBOL_DIMENSIONS} dimensions, but {dimensions} were asked for; take "
            "latin_hypercube_draws."
        )
        raise ParameterError(message)
    if count & (count - 1):
        below = 1 << (count.bit_length() - 1)
        message = (
            f"Sobol draws must be a power of two, but {count} were asked for; other counts lose their evenness. Take "
            f"{below} or {2 * below}."
        )
        raise ParameterError(message)
    from scipy.stats.qmc import Sobol

    points = Sobol(dimensions, scramble=False, bits=_SOBOL_BITS).random_base2(count.bit_length() - 1)
    shift = generator(seed, _DESIGN).integers(2**_SOBOL_BITS, size=dimensions, dtype=np.uint64)
    digits = np.ldexp(points, _SOBOL_BITS).astype(np.uint64) ^ shift
    return _draws(seed, _open(np.ldexp(digits.astype(np.float64), -_SOBOL_BITS)))


def _draws(seed: int, points: Iterable[Float]) -> tuple[Draw, ...]:
    return tuple(Draw(number, seed, tuple(point.tolist())) for number, point in enumerate(points))


def _open(points: Float) -> Float:
    """Keep points off 0 and 1, where quantile functions may be infinite."""
    return np.clip(points, _NEAREST_TO_ZERO, 1.0 - 2.0**-53)


def _check(count: int, seed: int, dimensions: int, *, least: int) -> None:
    if not 1 <= count <= _MOST_DRAWS:
        message = f"count must be a whole number from 1 to {_MOST_DRAWS}, but is {count}."
        raise ParameterError(message)
    if seed < 0:
        message = f"seed must be a whole number that is not negative, but is {seed}."
        raise ParameterError(message)
    if dimensions < least:
        message = f"dimensions must be at least {least}, one for each uncertain figure, but are {dimensions}."
        raise ParameterError(message)
