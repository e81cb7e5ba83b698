"""Every scenario of the library runs on the bundled table and does what it says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tenon.data import library, open_scenario
from tenon.schema import DelayShock, LinkShock, Result, Shock, Status
from tenon.studies import stress


def _has_links(shock: Shock) -> bool:
    return isinstance(shock, LinkShock | DelayShock)


LIBRARY = library()
RECORDS = ("total_production",)
# Links that close or are late make every link count by itself, which is slower: their first months are enough here.
LINKS = {name for name, scenario in LIBRARY.items() if any(_has_links(shock) for shock in scenario.shocks)}
MONTHS = 120


@pytest.fixture(scope="module")
def side_by_side() -> Result:
    """Run the scenarios without links, and with the default rules, in one pass and to their horizons."""
    return stress("world-2022", [name for name in LIBRARY if name not in LINKS], records=RECORDS)


@pytest.fixture(params=sorted(LIBRARY))
def run(request: pytest.FixtureRequest, side_by_side: Result) -> tuple[str, Result]:
    """Give each scenario with the result in which it is."""
    name = request.param
    if name not in LINKS:
        return name, side_by_side
    opened = open_scenario(name)
    return name, stress(
        "world-2022", replace(opened, scenario=replace(opened.scenario, horizon_days=MONTHS)), records=RECORDS
    )


def test_a_scenario_runs_and_lowers_production(run: tuple[str, Result]) -> None:
    name, result = run
    production = result.values["total_production"].sel(scenario=name)
    undisturbed = float(result.values["baseline_production"].sum())
    assert result.status is Status.COMPLETE
    assert result.values.sizes["day"] >= min(LIBRARY[name].horizon_days, MONTHS)
    assert max(result.residuals.values()) < 1e-9
    # The least of them stops one car maker for two weeks.
    assert float(production.min()) < (1 - 5e-4) * undisturbed


@pytest.mark.parametrize(
    ("name", "region"),
    [
        ("tohoku-2011", "JPN"),
        ("thailand-floods-2011", "THA"),
        ("taiwan-electronics", "TWN"),
        ("supplier-outage-2022", "JPN"),
    ],
)
def test_the_region_of_the_event_bears_the_largest_loss(name: str, region: str, side_by_side: Result) -> None:
    lost = side_by_side.values["value_added_lost"].sel(scenario=name).sum("sector")
    assert str(lost.idxmax("region").item()) == region


def test_the_loss_of_tohoku_is_of_the_published_order(side_by_side: Result) -> None:
    # Tokui, Kawasaki and Miyagawa (2017) find at most 0.41 % of Japan's output (1.3 % in a preliminary version) for the
    # year after the earthquake; here two years are counted.
    values = side_by_side.values
    lost = float(values["value_added_lost"].sel(scenario="tohoku-2011", region="JPN").sum())
    yearly = 365 * float(values["baseline_value_added"].sel(region="JPN").sum())
    assert 0.004 < lost / yearly < 0.03


def test_the_pandemic_costs_some_percent_of_a_years_output(side_by_side: Result) -> None:
    values = side_by_side.values
    lost = float(values["value_added_lost"].sel(scenario="pandemic-2020").sum())
    assert 0.03 < lost / (365 * float(values["baseline_value_added"].sum())) < 0.12
