"""The one place that compiles kernels and chooses compiler options."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba

__all__ = ["inlined", "kernel"]

P = ParamSpec("P")
R = TypeVar("R")

# Sums may be reordered (so that they use vector units), but infinities and not-a-numbers keep their meaning.
_FAST = {"reassoc", "contract"}


def kernel(function: Callable[P, R]) -> Callable[P, R]:
    """Compile arithmetic on arrays; release the interpreter's lock while it runs and keep the machine code on disk.

    Parameters
    ----------
    function : callable
        Arrays and numbers in, arrays filled in place or numbers out.

    Returns
    -------
    callable
        The compiled function, with the same types to the reader and the type checker.

    Examples
    --------
    >>> @kernel
    ... def total(values):
    ...     result = 0.0
    ...     for value in values:
    ...         result += value
    ...     return result
    >>> import numpy as np
    >>> total(np.ones(3))
    3.0
    """
    # No cache where there is no source file to go with it, as in a doctest.
    cached = "<" not in function.__code__.co_filename
    return cast("Callable[P, R]", numba.njit(cache=cached, nogil=True, fastmath=_FAST, error_model="numpy")(function))


def inlined(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a small formula that kernels call for each slot or link.

    Parameters
    ----------
    function : callable
        Numbers in, numbers out.

    Returns
    -------
    callable
        The compiled function.

    Examples
    --------
    >>> @inlined
    ... def double(value):
    ...     return 2 * value
    >>> double(2.0)
    4.0
    """
    cached = "<" not in function.__code__.co_filename
    return cast("Callable[P, R]", numba.njit(cache=cached, nogil=True, fastmath=_FAST, error_model="numpy")(function))
