"""Starting measured programs, and asking them for days."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from types import TracebackType
from typing import Any, Self

__all__ = ["BUILD", "ROOT", "Days", "Worker", "WorkerError", "environment"]

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build" / "bench"

# What is measured is the source beside the bench, whatever is installed.
_SOURCES = os.pathsep.join([str(ROOT), str(ROOT / "src")])

_THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "NUMBA_NUM_THREADS",
)


def environment(threads: int) -> dict[str, str]:
    """Return the environment of a measured program that may use so many threads."""
    return os.environ | dict.fromkeys(_THREAD_VARIABLES, str(threads)) | {"PYTHONPATH": _SOURCES}


class WorkerError(Exception):
    """A measured program ended before it had answered, or did other work than it should."""


@dataclass(frozen=True)
class Days:
    """Times of single days, in seconds.

    Parameters
    ----------
    processor : tuple of float
        Processor time of all threads.
    wall : tuple of float
        Time on the clock.
    """

    processor: tuple[float, ...] = ()
    wall: tuple[float, ...] = ()

    def __add__(self, other: Days) -> Days:
        return Days(self.processor + other.processor, self.wall + other.wall)

    @property
    def median_processor(self) -> float:
        """Median processor time."""
        return statistics.median(self.processor)

    @property
    def median_wall(self) -> float:
        """Median time on the clock."""
        return statistics.median(self.wall)


class Worker:
    """A program in a fresh process, which waits between days.

    Parameters
    ----------
    module : str
        Program, such as ``"bench.programs.tenon_table"``.
    config : dict
        What it is told at the start.
    threads : int, at least 1
        Threads that its libraries may use.
    python : Path, optional
        Interpreter; this one by default.
    """

    def __init__(self, module: str, config: dict[str, Any], *, threads: int = 1, python: Path | None = None) -> None:
        self._module = module
        self._log = TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 - closed on leaving the context
        self._process = subprocess.Popen(  # noqa: S603 - starts programs of the bench only
            [str(python or sys.executable), "-m", module, json.dumps(config)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            cwd=ROOT,
            env=environment(threads),
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._process.kill()
        self._process.wait()
        self._log.close()

    def answer(self) -> dict[str, Any]:
        """Return the next answer.

        Returns
        -------
        dict
            What the program told.

        Raises
        ------
        WorkerError
            If it ended instead; with the last lines of what it wrote.
        """
        assert self._process.stdout is not None  # noqa: S101 - a pipe was asked for
        line = self._process.stdout.readline()
        if not line:
            status = self._process.wait()
            self._log.seek(0)
            message = f"{self._module} ended with status {status}:\n{self._log.read()[-2000:]}"
            raise WorkerError(message)
        answer: dict[str, Any] = json.loads(line)
        return answer

    def days(self, count: int) -> Days:
        """Let the program live through some days and return their times."""
        assert self._process.stdin is not None  # noqa: S101 - a pipe was asked for
        self._process.stdin.write(f"{count}\n")
        self._process.stdin.flush()
        answer = self.answer()
        return Days(tuple(answer["processor"]), tuple(answer["wall"]))

    def finish(self) -> dict[str, Any]:
        """Tell the program that no more days are wanted, and return its last answer."""
        assert self._process.stdin is not None  # noqa: S101 - a pipe was asked for
        self._process.stdin.close()
        return self.answer()
