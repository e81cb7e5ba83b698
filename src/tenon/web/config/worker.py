"""The worker that a server starts beside itself."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["worker_beside"]

_GRACE_SECONDS = 10


@contextmanager
def worker_beside() -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker while something else runs.

    Its standard input is a pipe that only this process and those it forks hold, so that it ends with them, even where
    they are killed.

    Yields
    ------
    Popen
        Its process.
    """
    command = [sys.executable, "-m", "tenon.web", "worker", "--attended"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as worker:  # noqa: S603 - our own program, no shell
        try:
            yield worker
        finally:
            worker.terminate()
            try:
                worker.wait(_GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                worker.kill()
