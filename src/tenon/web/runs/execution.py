"""One attempt at a study: a process of its own that is watched, and ended where it takes too much or is called off.

The process is the command ``tenon job FOLDER``; see `tenon.cli.job`. It ends by itself when this one does, because its
standard input closes then; so a killed worker leaves nothing running behind.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

__all__ = ["Attempt", "Ending", "Limits", "Progress", "prepare", "read_progress", "resident_mb", "run"]

_POLL_SECONDS = 0.2
_BUSY = 75
_REFUSED = 2
_LOG = 4000
_OURS = ("TENON_WEB_", "DATABASE_URL", "DJANGO_")


class Ending(StrEnum):
    """How an attempt ended."""

    DONE = "done"
    REFUSED = "refused"
    TOO_LONG = "too long"
    TOO_LARGE = "too large"
    BROKE_OFF = "broke off"
    BUSY = "busy"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Progress:
    """How far an attempt is.

    Parameters
    ----------
    stage : str
        What is being done.
    done, total : int
        Steps; both 0 where they are not counted.
    """

    stage: str = ""
    done: int = 0
    total: int = 0


@dataclass(frozen=True)
class Limits:
    """What an attempt may take.

    Parameters
    ----------
    seconds : float
        Time.
    memory_mb : float
        Memory, as the system counts what is resident.
    """

    seconds: float
    memory_mb: float


@dataclass(frozen=True)
class Attempt:
    """What came of an attempt.

    Parameters
    ----------
    ending : Ending
        How it ended.
    reason : str
        Why, in a sentence; empty where it is done.
    """

    ending: Ending
    reason: str = ""


def prepare(folder: Path, wanted: Mapping[str, Any]) -> None:
    """Write down what is to be run.

    Parameters
    ----------
    folder : Path
        The folder of the study; made where there is none.
    wanted : mapping
        As `tenon job` reads it.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = folder / f".job.{os.getpid()}.part"
    draft.write_text(json.dumps(wanted), encoding="utf-8")
    draft.replace(folder / "job.json")


def run(folder: Path, limits: Limits, goes_on: Callable[[Progress], bool]) -> Attempt:
    """Run what a folder asks for, and watch it.

    Parameters
    ----------
    folder : Path
        Prepared.
    limits : Limits
        What it may take.
    goes_on : callable
        Called several times a second with how far it is; says whether it shall go on.

    Returns
    -------
    Attempt
        How it ended. Its process is gone by then.
    """
    (folder / "progress.json").unlink(missing_ok=True)
    command = [sys.executable, "-m", "tenon.cli.main", "job", str(folder), "--attended"]
    # What the platform knows and a study need not: the key, the database and its password.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    with (
        (folder / "log").open("wb") as log,
        subprocess.Popen(  # noqa: S603 - our own program, no shell
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=log,
            start_new_session=True,  # Ctrl-C at the terminal of the server is for the worker to hear
        ) as child,
    ):
        try:
            return _watched(child, folder, limits, goes_on)
        finally:
            child.kill()  # and waited for when the block is left


def _watched(
    child: subprocess.Popen[bytes], folder: Path, limits: Limits, goes_on: Callable[[Progress], bool]
) -> Attempt:
    began = time.monotonic()
    while True:
        try:
            return _ended(child.wait(_POLL_SECONDS), folder)
        except subprocess.TimeoutExpired:
            pass
        if time.monotonic() - began > limits.seconds:
            return Attempt(Ending.TOO_LONG, f"it took longer than {limits.seconds / 60:.4g} minutes.")
        if resident_mb(child.pid) > limits.memory_mb:
            return Attempt(Ending.TOO_LARGE, f"it took more than {limits.memory_mb:.0f} MB of memory.")
        if not goes_on(read_progress(folder)):
            return Attempt(Ending.STOPPED)


def _ended(status: int, folder: Path) -> Attempt:
    if status == 0:
        return Attempt(Ending.DONE)
    said = _last_words(folder)
    if status == _REFUSED:
        return Attempt(Ending.REFUSED, said or "it was refused without a reason.")
    if status == _BUSY:
        return Attempt(Ending.BUSY, said)
    how = f"signal {-status}" if status < 0 else f"status {status}"
    return Attempt(Ending.BROKE_OFF, f"its process ended with {how}.")


def _last_words(folder: Path) -> str:
    """Return the sentence with which a study refused; paths of this machine are left out of it."""
    log = (folder / "log").read_bytes()[-_LOG:].decode("utf-8", errors="replace")
    lines = [line.removeprefix("tenon: ") for line in log.splitlines() if line.startswith("tenon: ")]
    return lines[-1].replace(f"{folder}/", "").replace(f"{folder.parents[1]}/", "") if lines else ""


def read_progress(folder: Path) -> Progress:
    """Read how far a study is.

    Parameters
    ----------
    folder : Path
        Of the study.

    Returns
    -------
    Progress
        Nothing where it did not say yet.
    """
    try:
        told = json.loads((folder / "progress.json").read_text(encoding="ascii"))
        return Progress(str(told["stage"])[:20], max(int(told["done"]), 0), max(int(told["total"]), 0))
    except (OSError, ValueError, KeyError, TypeError):
        return Progress()


def resident_mb(pid: int) -> float:
    """Return how much memory a process has.

    Parameters
    ----------
    pid : int
        The process.

    Returns
    -------
    float
        Megabytes; 0 where the system does not say or the process is gone.
    """
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
