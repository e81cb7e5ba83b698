"""How long the package and its commands take to start."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

from bench.cases import Extent
from bench.table import Row, duration
from bench.workers import ROOT, environment

__all__ = ["run"]

_MOST_SECONDS = 0.3
_COMMANDS = (
    (),
    ("demo",),
    ("stress",),
    ("scenarios",),
    ("data",),
    ("data", "list"),
    ("data", "show"),
    ("data", "import"),
    ("data", "build"),
)


def run(extent: Extent) -> list[Row]:
    """Measure imports, and ``--help`` of every command in processes of their own."""
    repeats = 1 if extent.smallest else 7
    commands = _COMMANDS[:1] if extent.smallest else _COMMANDS
    bare = _median([sys.executable, "-c", "pass"], repeats)
    imports = {
        name: _median([sys.executable, "-c", f"import {name}"], repeats)
        for name in ("tenon", "tenon.propagation", "tenon.studies")
    }
    tenon = str(Path(sys.executable).with_name("tenon"))
    helps = {command: _median([tenon, *command, "--help"], repeats) for command in commands}
    slowest = max(helps, key=lambda command: helps[command])
    return [
        Row(
            case="start, import",
            measured=", ".join(f"{name} {duration(seconds)}" for name, seconds in imports.items()),
            against=f"Python alone: {duration(bare)}",
        ),
        Row(
            case="start, --help of the slowest command",
            measured=f"{' '.join(('tenon', *slowest))} --help: {duration(helps[slowest])}",
            value=helps[slowest],
            unit="s",
            most=_MOST_SECONDS,
        ),
    ]


def _median(command: list[str], repeats: int) -> float:
    """Return the median time on the clock, after one run that warms the disk."""
    times = []
    for _ in range(repeats + 1):
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True, cwd=ROOT, env=environment(1))  # noqa: S603 - the commands above
        times.append(time.perf_counter() - start)
    return statistics.median(times[1:])
