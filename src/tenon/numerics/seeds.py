"""Seeds with an address: every stream of random numbers is found by a seed and a position, whoever draws and when."""

from __future__ import annotations

import numpy as np

__all__ = ["generator"]


def generator(seed: int, *address: int) -> np.random.Generator:
    """Return the stream of random numbers that stands at an address below a seed.

    Draw ``k`` of a run takes the address ``k``. Which process asks, and in which order, makes no difference; nothing
    is drawn from a global generator.

    Parameters
    ----------
    seed : int, at least 0
        Seed of the whole run.
    *address : int, at least 0
        Position below it; longer addresses are streams of their own.

    Returns
    -------
    numpy.random.Generator
        The stream of ``SeedSequence(seed, spawn_key=address)``.

    Examples
    --------
    >>> generator(7, 3).random() == generator(7, 3).random()
    True
    >>> generator(7, 3).random() == generator(7, 4).random()
    False
    """
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=address)))
