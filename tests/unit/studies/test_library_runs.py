"""Every scenario of the library runs on the bundled table and does what it says."""

from __future__ import annotations

import pytest

from tenon.data import library, open_scenario
from tenon.schema import Result
from tenon.studies import stress

LIBRARY = library()
OWN_SETTINGS = [name for name in LIBRARY if open_scenario(name).network]
SIDE_BY_SIDE = [name for name in LIBRARY if name not in OWN_SETTINGS]


@pytest.fixture(scope="module")
def results() -> dict[str, Result]:
    """Run in batches that share their settings; records are few, days are all."""
    records = ("production", "total_production")
    batches = [SIDE_BY_SIDE, OWN_SETTINGS]
    found = {}
    for batch in batches:
        result = stress("world-2022", batch, records=records)
        found |= dict.fromkeys(batch, result)
    return found


@pytest.mark.parametrize("name", LIBRARY)
def test_a_scenario_runs_to_its_horizon_and_lowers_production(name: str, results: dict[str, Result]) -> None:
    result = results[name]
    production = result.values["total_production"].sel(scenario=name)
    undisturbed = float(result.values["baseline_production"].sum())
    assert result.values.sizes["day"] >= LIBRARY[name].horizon_days
    assert max(result.residuals.values()) < 1e-9
    # The least of them, six days of waiting ships, takes half a percent of the world's output on its worst day.
    assert float(production.min()) < (1 - 5e-4) * undisturbed


@pytest.mark.parametrize(
    ("name", "region"),
    [
        ("tohoku-2011", "JPN"),
        ("thailand-floods-2011", "THA"),
        ("taiwan-electronics", "TWN"),
        ("supplier-outage-2022", "JPN"),
        ("shanghai-port-2022", "CHN"),
    ],
)
def test_the_region_of_the_event_bears_the_largest_loss(name: str, region: str, results: dict[str, Result]) -> None:
    lost = results[name].values["value_added_lost"].sel(scenario=name).sum("sector")
    assert str(lost["region"][int(lost.argmax())].item()) == region


def test_the_loss_of_tohoku_is_of_the_published_order(results: dict[str, Result]) -> None:
    # Published estimates of indirect losses within about a year run from 0.41 % of Japan's output (Tokui et al. 2017,
    # bottleneck method, at most) to about 2 % and more in models of firms; see notes of the scenario.
    values = results["tohoku-2011"].values
    lost = float(values["value_added_lost"].sel(scenario="tohoku-2011", region="JPN").sum())
    yearly = 365 * float(values["baseline_value_added"].sel(region="JPN").sum())
    assert 0.004 < lost / yearly < 0.03


def test_the_pandemic_costs_some_percent_of_a_years_output(results: dict[str, Result]) -> None:
    values = results["pandemic-2020"].values
    lost = float(values["value_added_lost"].sel(scenario="pandemic-2020").sum())
    assert 0.03 < lost / (365 * float(values["baseline_value_added"].sum())) < 0.12
