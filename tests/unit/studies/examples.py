"""A small world on which studies run in a moment."""

from __future__ import annotations

from tenon.schema import CapacityShock, Scenario, Target, Timing
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
