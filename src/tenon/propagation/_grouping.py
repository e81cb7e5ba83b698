"""Positions by group, in one pass over the groups."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenon.numerics import kernel
from tenon.schema import Integer

__all__ = ["grouped"]

_Positions = NDArray[np.uint32]


def grouped(group: Integer | _Positions, groups: int) -> tuple[Integer, _Positions]:
    """Sort positions by their group, those of one group in their order.

    Parameters
    ----------
    group : (n,) array of int
        Group of each position, from 0 to ``groups - 1``.
    groups : int
        Number of groups; memory for as many integers is used.

    Returns
    -------
    first : (groups + 1,) array of int
        Place of the first position of each group in ``positions``.
    positions : (n,) array of int
        All positions, group by group.

    Examples
    --------
    >>> first, positions = grouped(np.array([1, 0, 1]), 3)
    >>> first.tolist(), positions.tolist()
    ([0, 1, 3, 3], [1, 0, 2])
    """
    first = np.append(0, np.cumsum(np.bincount(group, minlength=groups)))
    positions = np.empty(group.size, dtype=np.uint32)
    _place(group, first.copy(), positions)
    return first, positions


@kernel
def _place(group: Integer | _Positions, free: Integer, positions: _Positions) -> None:
    for k in range(group.size):
        positions[free[group[k]]] = k
        free[group[k]] += 1
