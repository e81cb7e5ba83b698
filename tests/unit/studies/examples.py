"""A small world on which studies run in a moment."""

from __future__ import annotations

from typing import Any

from tenon.schema import CapacityShock, Result, Scenario, Target, Timing
from tests.unit.data.examples import world

TABLE = world(("JPN", "CHN", "DEU"), ("electronics", "motor vehicles"))

SCENARIO = Scenario(
    name="fire",
    title="A fire",
    title_zh="火灾",
    description="for tests",
    description_zh="供测试",
    horizon_days=40,
    sources=("made up",),
    shocks=(
        CapacityShock(
            target=Target(regions=("JPN",), sectors=("electronics",)),
            loss=0.5,
            timing=Timing(start_day=2, duration_days=20),
        ),
    ),
)


def about(result: Result, *keys: str) -> Any:
    """Return what the provenance of a result says under some keys."""
    found: Any = result.provenance
    for key in keys:
        found = found[key]
    return found
