"""Small checks on figures and arrays that the value types share."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tenon.schema.errors import NetworkError

__all__ = ["Float", "Integer", "blocks", "first_bad", "frozen_array", "frozen_integers", "is_whole"]

Float: TypeAlias = NDArray[np.float64]
"""Array of double-precision numbers."""

Integer: TypeAlias = NDArray[np.int64]
"""Array of whole numbers."""

_CELLS_IN_A_BLOCK = 200_000


def frozen_array(values: ArrayLike) -> Float:
    """Return ``values`` as a read-only array of doubles, without a copy where they already are one.

    Tables take gigabytes, so an array of doubles is not copied: the result is a read-only view of the caller's memory.
    The caller's own array stays writable, and whoever writes to it later changes the view too, past every check. Hand
    over a copy of an array that you mean to go on changing.

    Parameters
    ----------
    values : array_like
        Numbers of any shape.

    Returns
    -------
    array
        A view that refuses to be written to.

    Examples
    --------
    >>> frozen_array([1, 2]).flags.writeable
    False
    """
    result = np.asarray(values, dtype=np.float64).view()
    result.flags.writeable = False
    return result


def frozen_integers(values: ArrayLike) -> Integer:
    """Return ``values`` as a read-only array of 64-bit whole numbers.

    Parameters
    ----------
    values : array_like
        Whole numbers of any shape.

    Returns
    -------
    array
        A read-only view, as for :func:`frozen_array`.

    Raises
    ------
    NetworkError
        If a figure is not a whole number.

    Examples
    --------
    >>> frozen_integers([3, 1]).dtype
    dtype('int64')
    """
    given = np.asarray(values)
    if given.size and given.dtype.kind not in "iu":
        bad = np.flatnonzero(~(np.isfinite(given) & (given == np.trunc(given))))
        if bad.size:
            message = f"positions must be whole numbers, but number {bad[0]} is {given.flat[bad[0]]}."
            raise NetworkError(message)
    result = given.astype(np.int64, copy=False).view()
    result.flags.writeable = False
    return result


def blocks(rows: int, row_size: int) -> Iterator[slice]:
    """Cut ``rows`` rows into slices of some hundred thousand cells, so that a check needs little memory.

    Parameters
    ----------
    rows : int
        Number of rows.
    row_size : int
        Cells in a row.

    Yields
    ------
    slice
        The next rows.

    Examples
    --------
    >>> list(blocks(3, 100_000))
    [slice(0, 2, None), slice(2, 3, None)]
    """
    step = max(1, _CELLS_IN_A_BLOCK // max(1, row_size))
    for start in range(0, rows, step):
        yield slice(start, min(rows, start + step))


def first_bad(values: Float, is_bad: Callable[[Float], NDArray[Any]]) -> tuple[int, ...] | None:
    """Find the first cell that fails a check, looking at a few rows at a time.

    Parameters
    ----------
    values : array
        What to check.
    is_bad : callable
        Takes some rows and returns a boolean array of their shape.

    Returns
    -------
    tuple of int or None
        Index of the first bad cell, or None if there is none.

    Examples
    --------
    >>> first_bad(np.array([[1.0, 2.0], [3.0, np.nan]]), np.isnan)
    (1, 1)
    """
    if values.size == 0:
        return None
    for rows in blocks(values.shape[0], max(1, values[:1].size)):
        bad = np.argwhere(is_bad(values[rows]))
        if bad.size:
            first = bad[0].copy()
            first[0] += rows.start
            return tuple(int(position) for position in first)
    return None


def is_whole(value: float, *, least: int) -> bool:
    """Say whether a figure is a whole number that is not below a bound.

    Parameters
    ----------
    value : float
        Any number, also infinite or missing.
    least : int
        The bound.

    Returns
    -------
    bool
        False for fractions, infinity and NaN.

    Examples
    --------
    >>> is_whole(3, least=1), is_whole(0, least=1), is_whole(2.5, least=0), is_whole(math.nan, least=0)
    (True, False, False, False)
    """
    return math.isfinite(value) and value >= least and value == int(value)
