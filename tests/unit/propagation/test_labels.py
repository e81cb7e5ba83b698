"""Records get names: regions and sectors where agents form a table, agents elsewhere."""

from __future__ import annotations

import numpy as np
import pytest

from tenon.data import supply_network
from tenon.propagation._labels import label_records
from tests.unit.propagation.samples import BREAD, bread, quietly, scenario
from tests.unit.schema.examples import TABLE


def test_agents_of_a_table_are_regions_by_sectors() -> None:
    network = supply_network(TABLE)
    values = quietly(network, scenario(days=2)).values
    assert values["production"].dims == ("scenario", "day", "region", "sector")
    assert values["inventories"].dims == ("scenario", "day", "product", "region", "sector")
    assert values["recovery_day"].dims == ("scenario", "region", "sector")
    day = values["production"].isel(scenario=0, day=0)
    np.testing.assert_allclose(day.sel(region="B", sector="power") * 365, 15)
    assert values["production"].attrs["units"] == "million EUR/day"
    assert values["production_lost"].attrs["units"] == "million EUR"


def test_other_agents_carry_their_region_and_product() -> None:
    values = quietly(BREAD, scenario(days=2)).values
    assert values["agent"].to_numpy().tolist() == ["farm", "mill", "bakery"]
    assert values["agent_region"].to_numpy().tolist() == ["A", "A", "B"]
    assert values["agent_product"].to_numpy().tolist() == ["grain", "flour", "bread"]


@pytest.mark.parametrize(
    ("unit", "money"), [(1.0, "EUR"), (1e6, "million EUR"), (1e9, "billion EUR"), (1000.0, "1000 EUR")]
)
def test_units_name_the_currency_and_what_one_means(unit: float, money: str) -> None:
    values = quietly(bread(unit=unit), scenario(days=1)).values
    assert values["capital_lost"].attrs["units"] == money
    assert values["production"].attrs["units"] == f"{money}/day"
    assert values["overproduction"].attrs["units"] == "1"


def test_without_records_there_are_totals_and_no_days() -> None:
    totals = {"production_lost": np.zeros((1, 3)), "recovery_day": np.zeros((1, 3))}
    values = label_records(BREAD, ("calm",), {}, totals)
    assert values.sizes["day"] == 0
    assert values["production_lost"].sel(scenario="calm", agent="mill") == 0


def test_idle_agents_lose_no_value_added() -> None:
    network = supply_network(TABLE)
    values = quietly(network, scenario(days=2)).values
    assert not np.isnan(values["value_added_lost"]).any()
    assert values["value_added_lost"].sel(region="B", sector="mining") == 0
