"""Where draws run: in processes of this machine, or on a Dask cluster."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from tenon.schema import ParameterError

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["Pool", "cluster", "processes"]

_WAITING_A_WORKER = 2


@dataclass(frozen=True, kw_only=True)
class Pool:
    """Workers, and how to have new ones when some are lost. Made by :func:`processes` and :func:`cluster`.

    Parameters
    ----------
    start : callable
        Returns an :class:`concurrent.futures.Executor`; called again after a worker was lost.
    window : int, at least 1
        How many draws are handed out at once.
    lost : tuple of type
        Exceptions by which the executor says that a worker was lost.
    trials : int, at least 1
        How many workers one draw, running alone, may take with it before it is given up.

    Raises
    ------
    ParameterError
        If a number is below one.
    """

    start: Callable[[], Executor]
    window: int
    lost: tuple[type[Exception], ...] = (BrokenExecutor,)
    trials: int = 3

    def __post_init__(self) -> None:
        for name in ("window", "trials"):
            if getattr(self, name) < 1:
                message = f"{name} of a pool must be at least 1, but is {getattr(self, name)}."
                raise ParameterError(message)


def processes(workers: int | None = None) -> Pool:
    """Worker processes on this machine.

    Parameters
    ----------
    workers : int, at least 1, optional
        Number of processes; as many as this machine has cores if left out.

    Returns
    -------
    Pool
        For :func:`tenon.ensemble.run`. Nothing starts before draws are run. The processes start afresh and import
        the function's module, so a script that uses them keeps its own work under ``if __name__ == "__main__"``.

    Raises
    ------
    ParameterError
        If there is less than one worker.

    Examples
    --------
    >>> processes(2).window
    4
    """
    count = workers if workers is not None else os.cpu_count() or 1
    if count < 1:
        message = f"workers must be at least 1, but are {count}."
        raise ParameterError(message)
    # Fresh interpreters: copies of this one would inherit locks that its threads hold.
    start = partial(
        ProcessPoolExecutor, count, mp_context=multiprocessing.get_context("spawn"), initializer=_leave_interrupts
    )
    return Pool(start=start, window=_WAITING_A_WORKER * count)


def cluster(client: Client) -> Pool:
    """Workers of a Dask cluster.

    Parameters
    ----------
    client : distributed.Client
        Connected to a scheduler with at least one worker, on which tenon and the function's module are installed. It
        stays open.

    Returns
    -------
    Pool
        For :func:`tenon.ensemble.run`. Draws under way on a lost worker go to others by themselves; a draw that the
        scheduler gives up, because it was under way on several lost workers, is tried once more alone.

    Raises
    ------
    ParameterError
        If the cluster has no worker.
    """
    from distributed import KilledWorker

    threads = sum(client.nthreads().values())  # type: ignore[no-untyped-call]  # distributed annotates it in part
    if not threads:
        address = client.scheduler_info()["address"]
        message = (
            f"the cluster at {address} has no workers, so nothing would ever be finished; start some with: "
            f"dask worker {address}"
        )
        raise ParameterError(message)
    return Pool(start=client.get_executor, window=_WAITING_A_WORKER * threads, lost=(KilledWorker,), trials=1)


def _leave_interrupts() -> None:
    """Leave Ctrl-C, which reaches every process of a terminal, to the one that hands out the work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
