"""A year of the demo's scenario on the bundled world table, from its file to who was hit through whom."""

from __future__ import annotations

from typing import Any

from bench.cases import Extent
from bench.table import Row, duration
from bench.workers import Worker

__all__ = ["run"]

_SCENARIO = "tohoku-2011"
_RUNS = 3


def run(extent: Extent) -> list[Row]:
    """Measure the stages; the fastest of a few processes counts."""
    config: dict[str, Any] = {"scenario": _SCENARIO, "horizon_days": 20 if extent.smallest else 365}
    answers = []
    for _ in range(1 if extent.smallest else _RUNS):
        with Worker("bench.programs.tenon_study", config) as worker:
            answers.append(worker.finish())
    best = min(answers, key=lambda answer: sum(answer["seconds"].values()))
    stages = ", ".join(f"{stage} {duration(seconds)}" for stage, seconds in best["seconds"].items())
    return [
        Row(
            case=f"{best['days']} days of {_SCENARIO} on the bundled table, {best['agents']:,} agents",
            measured=(
                f"{duration(sum(best['seconds'].values()))} on the clock after imports ({stages}); "
                f"peak memory {best['peak'] / 2**20:,.0f} MiB"
            ),
        )
    ]
