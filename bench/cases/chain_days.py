"""Ten outages of a company's chain followed from day to day, side by side, against the same one by one."""

from __future__ import annotations

from typing import Any

from bench import samples
from bench.cases import Extent
from bench.table import Row, duration
from bench.workers import Worker

__all__ = ["run"]

_SIZE = (200, 500, 1000)
_SMALLEST = (4, 10, 20)
_OUTAGES = 10
_HORIZON_DAYS = 400


def run(extent: Extent) -> list[Row]:
    """Follow outages of stages of the last tier, whose late waves travel through the whole chain."""
    size, outages, days = (_SMALLEST, 2, 40) if extent.smallest else (_SIZE, _OUTAGES, _HORIZON_DAYS)
    together, alone = _follow(size, outages, days), _follow(size, 1, days)
    seconds, one = together["seconds"], alone["seconds"]
    peak = f"{together['peak'] / 2**20:,.0f} MiB"
    return [
        Row(
            case=f"{days} days of a chain of {sum(size):,} stages, {outages} outages side by side",
            measured=f"{duration(seconds)}, {duration(seconds / outages)} an outage (peak memory {peak})",
            against=f"one outage by itself: {duration(one)}",
            value=one / (seconds / outages),
        )
    ]


def _follow(size: tuple[int, int, int], outages: int, days: int) -> dict[str, Any]:
    config = {"folder": str(samples.chain(*size)), "outages": outages, "horizon_days": days}
    with Worker("bench.programs.tenon_chain_days", config) as worker:
        return worker.finish()
