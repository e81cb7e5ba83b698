"""Where and when the figures were measured, and how quiet it was."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil

from bench.workers import ROOT

__all__ = ["Quiet", "describe_machine", "wait_for_quiet"]

_PACKAGES = ("tenon", "numpy", "numba", "xarray")


def describe_machine() -> str:
    """Return date, processor, memory and versions in one sentence."""
    memory = psutil.virtual_memory().total / 2**30
    versions = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    # The version of tenon changes rarely, its speed with every commit.
    git = shutil.which("git")
    command = [git or "", "-C", str(ROOT), "describe", "--always", "--dirty=, changed"]
    done = subprocess.run(command, capture_output=True, text=True, check=False) if git else None  # noqa: S603 - a fixed command
    commit = f" ({done.stdout.strip()})" if done and done.stdout.strip() else ""
    return (
        f"{datetime.now(UTC):%Y-%m-%d}, {_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()}, "
        f"Python {platform.python_version()}, {versions.replace(',', f'{commit},', 1)}"
    )


def wait_for_quiet(seconds: float, *, load: float = 0.5) -> None:
    """Wait until little else runs on the machine, or until the time is over.

    Parameters
    ----------
    seconds : float
        Longest wait.
    load : float
        Processes that run on average over the last minute.
    """
    end = time.monotonic() + seconds
    while os.getloadavg()[0] > load and time.monotonic() < end:
        time.sleep(min(5.0, max(0.0, end - time.monotonic())))


@dataclass
class Quiet:
    """How much of the machine other programs took while something was measured, in cores.

    Parameters
    ----------
    shares : dict of str to float
        By section, in the order in which they were measured.
    """

    shares: dict[str, float] = field(default_factory=dict)
    _since: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def begin(self) -> None:
        """Begin a section, with no measured program running."""
        self._since = _times()

    def end(self, section: str) -> None:
        """End it, with no measured program running any more."""
        wall, busy, own = (now - before for now, before in zip(_times(), self._since, strict=True))
        self.shares[section] = max(0.0, busy - own) / wall

    @property
    def most(self) -> float:
        """The largest share of all sections, in cores."""
        return max(self.shares.values(), default=0.0)

    def describe(self) -> str:
        """Return the shares in one sentence."""
        if not self.shares:
            return ""
        worst = max(self.shares, key=lambda section: self.shares[section])
        mean = sum(self.shares.values()) / len(self.shares)
        return (
            f"Other programs took {mean:.2f} cores on average while this was measured, and at most "
            f"{self.shares[worst]:.2f} (in {worst})."
        )


def _times() -> tuple[float, float, float]:
    """Return wall time, busy time of all cores, and that of this process and its finished children, in seconds."""
    machine, own = psutil.cpu_times(), os.times()
    idle = machine.idle + getattr(machine, "iowait", 0.0) + getattr(machine, "steal", 0.0)
    # Guests are counted in user time already.
    total = sum(machine) - getattr(machine, "guest", 0.0) - getattr(machine, "guest_nice", 0.0)
    return time.perf_counter(), total - idle, own.user + own.system + own.children_user + own.children_system


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
