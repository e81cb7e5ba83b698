"""A day on a dense table, against a step of BoARIO on the same table under the same event, in turns."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import samples
from bench.cases import Extent
from bench.peers import VERSION, PeerError, boario_python
from bench.table import Row, duration
from bench.workers import Days, Worker, WorkerError

__all__ = ["run"]

_RULES = {"default": "default rules", "boario_compatible": "BoARIO's rules"}
_LEAST_SPEED = 30.0
_MOST_MEMORY = 1 / 3
_MEMORY_COUNTS_FROM = 2000
_SAME = 1e-9


@dataclass(frozen=True)
class _Size:
    """A table, and how many days are measured in how many turns."""

    regions: int
    sectors: int
    days: int
    turns: int

    @property
    def agents(self) -> int:
        return self.regions * self.sectors


_SIZES = (_Size(20, 20, 60, 5), _Size(44, 56, 12, 5), _Size(49, 163, 3, 2))


@dataclass
class _Side:
    """One of the programs compared, and what it took."""

    worker: Worker
    days: Days = field(default_factory=Days)
    last: dict[str, Any] = field(default_factory=dict)

    @property
    def peak(self) -> float:
        return float(self.last["peak"])


def run(extent: Extent) -> list[Row]:
    """Compare time and memory at each size."""
    try:
        boario: Path | str = boario_python(install=not extent.smallest)
    except PeerError as error:
        boario = str(error)
    rows = []
    for size in (_Size(2, 3, 2, 2),) if extent.smallest else _SIZES:
        sides = _measure(size, boario)
        rows += [_time_row(size, sides, rules, boario) for rules in _RULES]
        rows += [_memory_row(size, sides, boario)]
    return rows


def _measure(size: _Size, boario: Path | str) -> dict[str, _Side]:
    """Let the programs live through the same days in turns; they wait while another one works."""
    config = {
        "folder": str(samples.table(size.regions, size.sectors)),
        # The event begins on the second day, so the third is the first that is measured.
        "warm_up_days": 2,
        "days": max(60, 2 + size.days * size.turns),
        "duration": 10,
        "recovery": 30,
        "threads": 1,
    }
    with ExitStack() as stack:
        sides = {
            rules: _Side(stack.enter_context(Worker("bench.programs.tenon_table", config | {"rules": rules})))
            for rules in _RULES
        }
        if isinstance(boario, Path):
            sides["boario"] = _Side(stack.enter_context(Worker("bench.programs.boario_table", config, python=boario)))
        for side in sides.values():
            side.worker.answer()
        for _ in range(size.turns):
            for side in sides.values():
                side.days += side.worker.days(size.days)
        for side in sides.values():
            side.last = side.worker.finish()
    _check_same(sides)
    return sides


def _check_same(sides: dict[str, _Side]) -> None:
    """Make sure that the programs did the same work."""
    if "boario" in sides:
        ours, theirs = (sides[name].last["totals"] for name in ("boario_compatible", "boario"))
        apart = max(abs(a - b) for a, b in zip(ours, theirs, strict=True))
        if apart > _SAME or min(ours) > 1 - 1e-6:
            message = f"both programs must live through the same losses, but total production differs by {apart:.2g}"
            raise WorkerError(message)


def _time_row(size: _Size, sides: dict[str, _Side], rules: str, boario: Path | str) -> Row:
    ours = sides[rules].days
    case = f"a day, {size.agents:,} agents, {_RULES[rules]}"
    if "boario" not in sides:
        return Row(case=case, measured=_times(ours), against=f"BoARIO {VERSION}: {boario}", least=_LEAST_SPEED)
    theirs = sides["boario"].days
    return Row(
        case=case,
        measured=_times(ours),
        against=f"BoARIO {VERSION}: {_times(theirs)}",
        value=theirs.median_processor / ours.median_processor,
        least=_LEAST_SPEED,
    )


def _memory_row(size: _Size, sides: dict[str, _Side], boario: Path | str) -> Row:
    ours = sides["default"].peak
    case = f"peak memory, {size.agents:,} agents"
    most = _MOST_MEMORY if size.agents > _MEMORY_COUNTS_FROM else None
    if "boario" not in sides:
        return Row(case=case, measured=_mebibytes(ours), against=f"BoARIO {VERSION}: {boario}", most=most)
    theirs = sides["boario"].peak
    return Row(
        case=case,
        measured=_mebibytes(ours),
        against=f"BoARIO {VERSION}: {_mebibytes(theirs)}",
        value=ours / theirs,
        most=most,
    )


def _times(days: Days) -> str:
    median, least, clock = (duration(value) for value in (days.median_processor, min(days.processor), days.median_wall))
    return f"{median} (least {least}, clock {clock})"


def _mebibytes(size: float) -> str:
    return f"{size / 2**20:,.0f} MiB"
