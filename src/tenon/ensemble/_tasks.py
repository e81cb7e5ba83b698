"""What runs inside a worker: the function on one item, with everything that goes wrong brought home in words."""

from __future__ import annotations

import pickle
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from tenon.schema import Float

__all__ = ["Failure", "attempt", "attempt_pickled"]


@dataclass(frozen=True)
class Failure:
    """How a function failed: words rather than the exception, which need not survive the way between processes.

    Parameters
    ----------
    reason : str
        Kind and message of the exception.
    trace : str
        Its traceback.
    """

    reason: str
    trace: str


def attempt(function: Callable[[Any], object], item: object) -> Float | Failure:
    """Return what a function makes of an item, as an array of doubles, or how it failed."""
    try:
        return np.array(function(item), dtype=np.float64)
    except Exception as error:  # noqa: BLE001 - whatever a caller's function raises is named with its draw
        return Failure(f"{type(error).__name__}: {error}", traceback.format_exc())


def attempt_pickled(function: bytes, item: object) -> Float | Failure:
    """Do the same with a pickled function, which is unpickled once and then kept by the worker."""
    try:
        restored = _unpickled(function)
    except Exception as error:  # noqa: BLE001 - a worker may lack any module
        return Failure(f"{type(error).__name__}: {error} (the worker cannot load the function)", traceback.format_exc())
    return attempt(restored, item)


@lru_cache(maxsize=4)
def _unpickled(function: bytes) -> Callable[[Any], object]:
    restored: Callable[[Any], object] = pickle.loads(function)  # noqa: S301 - pickled by the run that asks
    return restored
