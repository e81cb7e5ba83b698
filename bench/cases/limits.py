"""What the machine can do, which bounds what any program can reach on it."""

from __future__ import annotations

from dataclasses import dataclass

from bench.cases import Extent
from bench.table import Row, thread_count
from bench.workers import Worker

__all__ = ["Limits", "measure", "run"]


@dataclass(frozen=True)
class Limits:
    """What the machine can do with some threads.

    Parameters
    ----------
    read, triad : float, bytes per second
        Streaming read of one array; ``a = b + s c``.
    places : float, seconds
        For each random place that is read or added to, in an array of 8 MB.
    product : float, operations per second
        Of a large matrix with one of 64 columns.
    """

    read: float
    triad: float
    places: float
    product: float

    @property
    def bus(self) -> float:
        """Bytes per second in the faster of the two ways, the stricter one to be compared with."""
        return max(self.read, self.triad)


def measure(extent: Extent, threads: int) -> Limits:
    """Measure with some threads."""
    config = {
        "elements": 100_000 if extent.smallest else 50_000_000,
        "rows": 100 if extent.smallest else 2000,
        "rounds": 2 if extent.smallest else 8,
        "threads": threads,
    }
    with Worker("bench.programs.limits", config, threads=threads) as worker:
        return Limits(**worker.answer())


def run(extent: Extent) -> list[Row]:
    """Report the limits with one thread and with two."""
    return [_row(threads, measure(extent, threads)) for threads in (1, 2)]


def _row(threads: int, found: Limits) -> Row:
    return Row(
        case=f"the machine, {thread_count(threads)}",
        measured=(
            f"memory read {found.read / 1e9:.1f} GB/s, triad {found.triad / 1e9:.1f} GB/s, random place "
            f"{found.places * 1e9:.1f} ns, matrix product {found.product / 1e9:.0f} GFLOP/s"
        ),
    )
