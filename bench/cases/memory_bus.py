"""How fast memory is, in order and out of order, which bounds what networks larger than the caches can reach."""

from __future__ import annotations

from dataclasses import dataclass

from bench.cases import Extent
from bench.table import Row, thread_count
from bench.workers import Worker

__all__ = ["Bandwidth", "measure", "run"]


@dataclass(frozen=True)
class Bandwidth:
    """What memory can do, by number of threads.

    Parameters
    ----------
    read, triad : dict of int to float
        Bytes a second: streaming read of one array; ``a = b + s c``.
    places : dict of int to float
        Seconds for each random place that is read or added to, in an array of 8 MB.
    """

    read: dict[int, float]
    triad: dict[int, float]
    places: dict[int, float]

    def best(self, threads: int) -> float:
        """Return the faster of the two, the stricter one to be compared with."""
        return max(self.read[threads], self.triad[threads])


def measure(extent: Extent) -> Bandwidth:
    """Measure with one thread and with two."""
    config = {"elements": 100_000 if extent.smallest else 50_000_000, "rounds": 2 if extent.smallest else 8}
    with Worker("bench.programs.bandwidth", config) as worker:
        answers = [worker.answer(), worker.answer()]
    return Bandwidth(
        read={answer["threads"]: answer["read"] for answer in answers},
        triad={answer["threads"]: answer["triad"] for answer in answers},
        places={answer["threads"]: answer["places"] for answer in answers},
    )


def run(extent: Extent) -> list[Row]:
    """Report the bandwidth."""
    found = measure(extent)
    return [
        Row(
            case=f"memory, {thread_count(threads)}",
            measured=(
                f"read {found.read[threads] / 1e9:.1f} GB/s, triad {found.triad[threads] / 1e9:.1f} GB/s, "
                f"random place {found.places[threads] * 1e9:.1f} ns"
            ),
        )
        for threads in (1, 2)
    ]
