"""Safety stocks by the guaranteed-service model: the exact dynamic program on a tree as large as the largest chain."""

from __future__ import annotations

import statistics

from bench.cases import Extent
from bench.table import Row, duration
from bench.workers import Worker

__all__ = ["run"]

_STAGES, _DAYS = 2025, 300
_MOST_MILLISECONDS = 100.0


def run(extent: Extent) -> list[Row]:
    """Measure one tree."""
    stages, days = (60, 40) if extent.smallest else (_STAGES, _DAYS)
    with Worker("bench.programs.tenon_stocks", {"stages": stages, "days": days}, threads=1) as worker:
        seconds = worker.finish()["seconds"]
    median = statistics.median(seconds)
    return [
        Row(
            case=f"safety stocks on a tree, {stages:,} stages, ways of up to {days} days",
            measured=f"{duration(median)} (least {duration(min(seconds))})",
            value=1e3 * median,
            unit="ms",
            most=_MOST_MILLISECONDS,
        )
    ]
