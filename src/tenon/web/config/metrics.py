"""Counts for a watching program, in the text form of Prometheus: requests of all processes, and what is stored.

Each process of the server counts in a file of its own, which it maps into memory: whoever is asked adds all files up.
Files of processes that ended stay until the next start of the server, so that no count goes down meanwhile.
"""

from __future__ import annotations

import bisect
import mmap
import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from struct import Struct

from django.conf import settings

import tenon
from tenon.web.rooms.selectors import counts_by_state
from tenon.web.runs.selectors import jobs_by_state

__all__ = ["BOUNDS", "SOURCES", "Counts", "Metric", "counts", "forget_counts", "metrics", "write_metrics"]

# Upper bounds of the classes of time, in seconds.
BOUNDS = (0.01, 0.03, 0.06, 0.1, 0.3, 1.0, 3.0, 10.0)
_STATUSES = tuple(status.value for status in HTTPStatus)
# A count for each status, and for others; for each class of time, and above; and the sum of seconds.
_CELLS = len(_STATUSES) + 1 + len(BOUNDS) + 1 + 1
_NUMBER = Struct("d")


@dataclass(frozen=True)
class Metric:
    """Something counted.

    Parameters
    ----------
    name, kind, description : str
        As Prometheus takes them; the kind is ``counter``, ``gauge`` or ``histogram``.
    values : tuple of (str, float)
        What stands behind the name, and the number.
    """

    name: str
    kind: str
    description: str
    values: tuple[tuple[str, float], ...]


class Counts:
    """The counts of this process.

    Parameters
    ----------
    folder : Path
        Where the files of all processes are. Where it is absent, this process counts for itself.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._process = 0
        self._cells = mmap.mmap(-1, _CELLS * _NUMBER.size)

    def add(self, status: int, seconds: float) -> None:
        """Count a request.

        Parameters
        ----------
        status : int
            Of its answer.
        seconds : float
            How long it took.
        """
        place = bisect.bisect_left(_STATUSES, status)
        known = place < len(_STATUSES) and _STATUSES[place] == status
        with self._lock:
            self._be_this_process()
            self._raise(place if known else len(_STATUSES), 1.0)
            self._raise(len(_STATUSES) + 1 + bisect.bisect_left(BOUNDS, seconds), 1.0)
            self._raise(_CELLS - 1, seconds)

    def _raise(self, cell: int, by: float) -> None:
        at = cell * _NUMBER.size
        _NUMBER.pack_into(self._cells, at, _NUMBER.unpack_from(self._cells, at)[0] + by)

    def _be_this_process(self) -> None:
        """Open a file for this process, which may have been split off from the one that opened the last."""
        if self._process == os.getpid():
            return
        self._process = os.getpid()
        if self.folder.is_dir():
            with (self.folder / str(self._process)).open("ab+") as file:
                file.truncate(_CELLS * _NUMBER.size)
                self._cells = mmap.mmap(file.fileno(), _CELLS * _NUMBER.size)

    def total(self) -> list[float]:
        """Add the counts of all processes up.

        Returns
        -------
        list of float
            One number a cell.
        """
        files = sorted(self.folder.iterdir()) if self.folder.is_dir() else []
        read = [file.read_bytes() for file in files] or [self._cells[:]]
        whole = [part for part in read if len(part) == _CELLS * _NUMBER.size]
        return [sum(column) for column in zip(*(map(_first, _NUMBER.iter_unpack(part)) for part in whole), strict=True)]


def _first(numbers: tuple[float, ...]) -> float:
    return numbers[0]


counts = Counts(Path(settings.ENVIRONMENT.data) / "metrics")


def forget_counts(folder: Path) -> None:
    """Begin to count anew, in an empty folder: before the server starts its processes.

    Parameters
    ----------
    folder : Path
        The folder.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _requests() -> Iterator[Metric]:
    total = counts.total() or [0.0] * _CELLS
    statuses = [*map(str, _STATUSES), "other"]
    by_status = [(f'{{status="{status}"}}', number) for status, number in zip(statuses, total, strict=False) if number]
    yield Metric("tenon_requests_total", "counter", "Requests answered, by status.", tuple(by_status))
    classes, running = [], 0.0
    for bound, number in zip([*map(str, BOUNDS), "+Inf"], total[len(statuses) :], strict=False):
        running += number
        classes.append((f'_bucket{{le="{bound}"}}', running))
    values = (*classes, ("_sum", total[-1]), ("_count", running))
    yield Metric("tenon_request_seconds", "histogram", "Time to answer a request.", values)


def _findings() -> Iterator[Metric]:
    by_state = tuple((f'{{state="{state}"}}', float(number)) for state, number in counts_by_state().items())
    yield Metric("tenon_findings", "gauge", "Findings stored, by state.", by_state)


def _jobs() -> Iterator[Metric]:
    by_state = tuple((f'{{state="{state}"}}', float(number)) for state, number in jobs_by_state().items())
    yield Metric("tenon_jobs", "gauge", "Jobs of studies, by state.", by_state)


def _version() -> Iterator[Metric]:
    yield Metric("tenon_info", "gauge", "The version that runs.", ((f'{{version="{tenon.__version__}"}}', 1.0),))


# An app that has something to count adds its function here.
SOURCES: tuple[Callable[[], Iterable[Metric]], ...] = (_version, _requests, _findings, _jobs)


def metrics() -> Iterator[Metric]:
    """Collect everything that is counted.

    Yields
    ------
    Metric
        One after the other.
    """
    for source in SOURCES:
        yield from source()


def write_metrics(listed: Iterable[Metric]) -> str:
    """Write counts as text.

    Parameters
    ----------
    listed : iterable of Metric
        Any.

    Returns
    -------
    str
        In the form of Prometheus, version 0.0.4.

    Examples
    --------
    >>> print(write_metrics([Metric("a_total", "counter", "All.", (("", 2.0),))]), end="")
    # HELP a_total All.
    # TYPE a_total counter
    a_total 2
    """
    lines = []
    for metric in listed:
        lines += [f"# HELP {metric.name} {metric.description}", f"# TYPE {metric.name} {metric.kind}"]
        lines += [f"{metric.name}{behind} {number:.10g}" for behind, number in metric.values]
    return "".join(f"{line}\n" for line in lines)
