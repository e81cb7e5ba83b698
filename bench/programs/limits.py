"""What this machine can do: move arrays that are far too large for its caches, look up places, multiply matrices.

Read: sum of one array, 8 bytes an element. Triad: ``a = b + s c``, 24 bytes an element, as in the STREAM benchmark
(McCalpin 1995), which does not count that the processor also reads ``a`` before it writes it. Places: figures of an
array of 8 MB, in random order, are read, and others are added to them. Product: a matrix of 2,000 by 2,000 times one of
64 columns, by the linear algebra below NumPy; two operations for each pair of figures.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from bench.programs.channel import Channel
from tenon.numerics import kernel

Array = NDArray[np.float64]
Index = NDArray[np.uint32]

_PLACES = 1_000_000
_COLUMNS = 64


@kernel
def total(values: Array) -> float:
    """Return the sum of an array."""
    result = 0.0
    for k in range(values.size):
        result += values[k]
    return result


@kernel
def triad(a: Array, b: Array, c: Array, factor: float) -> None:
    """Fill ``a`` with ``b`` plus a multiple of ``c``."""
    for k in range(a.size):
        a[k] = b[k] + factor * c[k]


@kernel
def gather(values: Array, places: Index) -> float:
    """Return the sum of the figures at some places."""
    result = 0.0
    for k in range(places.size):
        result += values[places[k]]
    return result


@kernel
def scatter(values: Array, places: Index) -> None:
    """Add to the figures at some places."""
    for k in range(places.size):
        values[places[k]] += 1.0


def best(work: Callable[[slice], object], size: int, threads: int, rounds: int) -> float:
    """Return the least wall time, in seconds, in which threads do their parts of the work."""
    bounds = np.linspace(0, size, threads + 1).astype(int)
    parts = [slice(low, high) for low, high in pairwise(bounds)]
    times = []
    with ThreadPoolExecutor(threads) as pool:
        for _ in range(rounds):
            start = time.perf_counter()
            list(pool.map(work, parts))
            times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Measure with the threads asked for."""
    channel = Channel()
    size, rounds = channel.config["elements"], channel.config["rounds"]
    a, b, c = np.zeros(size), np.full(size, 1.0), np.full(size, 2.0)
    total(a[:8])
    triad(a[:8], b[:8], c[:8], 3.0)
    count = size // 10
    places = np.random.default_rng(0).integers(0, _PLACES, count).astype(np.uint32)
    # Threads that add have an array each, as they have in the engine.
    sums = [np.zeros(_PLACES) for _ in range(2)]
    gather(sums[0], places[:8])
    scatter(sums[0], places[:8])
    matrix = np.ones((channel.config["rows"],) * 2)
    columns = np.ones((channel.config["rows"], _COLUMNS))
    threads = channel.config["threads"]
    read = 8 * size / best(lambda part: total(b[part]), size, threads, rounds)
    moved = 24 * size / best(lambda part: triad(a[part], b[part], c[part], 3.0), size, threads, rounds)
    looked = best(lambda part: gather(sums[0], places[part]), count, threads, rounds)
    added = best(lambda part: scatter(sums[int(part.start > 0)], places[part]), count, threads, rounds)
    # The threads of linear algebra are the process's, chosen when it starts.
    product = 2 * matrix.size * _COLUMNS / best(lambda _: matrix @ columns, 1, 1, rounds)
    channel.tell(read=read, triad=moved, places=(looked + added) / (2 * count), product=product)


if __name__ == "__main__":
    main()
