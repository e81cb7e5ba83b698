"""Functions that worker processes can import, and a cluster on this machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from tenon.ensemble import Draw

if TYPE_CHECKING:
    from distributed import Client

ROOT = Path(__file__).resolve().parents[3]


def noise(draw: Draw) -> float:
    """Return something that uses both the point and the random numbers of a draw."""
    return float(draw.generator().normal() + sum(draw.point))


def vector(draw: Draw) -> list[float]:
    return [float(draw.number), noise(draw)]


def later_first(draw: Draw) -> float:
    """Let the first draws take longest, so that they are finished last."""
    time.sleep(0.3 if draw.number < 2 else 0.0)
    return noise(draw)


def fails_on_three(draw: Draw) -> float:
    if draw.number == 3:
        message = "no such flow"
        raise ValueError(message)
    return noise(draw)


def dies_on_three(draw: Draw) -> float:
    if draw.number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return noise(draw)


def dies_once(marker: Path, draw: Draw) -> float:
    """Kill the worker in which draw 3 runs, the first time."""
    if draw.number == 3:
        try:
            marker.touch(exist_ok=False)
        except FileExistsError:
            pass
        else:
            os.kill(os.getpid(), signal.SIGKILL)
    return noise(draw)


def counted(folder: Path, draw: Draw) -> float:
    """Leave a trace of every time that a draw runs."""
    with (folder / str(draw.number)).open("a", encoding="utf-8") as file:
        file.write("x")
    return noise(draw)


def ones(length: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.ones(length)


@contextmanager
def dask_cluster(folder: Path, *, workers: int) -> Iterator[Client]:
    """Start a scheduler and workers as somebody would by hand, on the loopback interface, and end them again."""
    from distributed import Client

    address_file = folder / "scheduler.json"
    common = ["--scheduler-file", str(address_file), "--host", "127.0.0.1", "--no-dashboard"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")])}
    commands = [["scheduler", *common, "--port", "0"]]
    commands += [["worker", *common, "--nthreads", "1", "--local-directory", str(folder)]] * workers
    with ExitStack() as stack:
        for number, command in enumerate(commands):
            log = stack.enter_context((folder / f"dask-{number}.log").open("wb"))
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *command], cwd=folder, env=environment, stdout=log, stderr=log
            )
            stack.callback(process.wait)
            stack.callback(process.terminate)
            _wait_for(address_file, process, folder / f"dask-{number}.log")
        client = stack.enter_context(Client(scheduler_file=str(address_file), timeout=60))  # type: ignore[no-untyped-call]  # distributed annotates it in part
        if workers:
            client.wait_for_workers(workers, timeout=60)
        yield client


def _wait_for(path: Path, process: subprocess.Popen[bytes], log: Path) -> None:
    limit = time.monotonic() + 60
    while not path.exists():
        if process.poll() is not None or time.monotonic() > limit:
            message = f"the scheduler did not start:\n{log.read_text(encoding='utf-8')}"
            raise RuntimeError(message)
        time.sleep(0.05)
