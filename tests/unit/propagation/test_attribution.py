"""A chain of three firms: ore is mined in A, made into steel in B and into cars in C, which households of C buy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenon.data import supply_network
from tenon.propagation import (
    CLOSED_LINKS,
    FINAL_DEMAND,
    LATE_LINKS,
    UNEXPLAINED,
    Parameters,
    RestockingGap,
    StockThreshold,
    attribute_losses,
    propagate,
)
from tenon.schema import (
    CapacityShock,
    DelayShock,
    FinalDemandShock,
    InventoryShock,
    LinkShock,
    ParameterError,
    Scenario,
    Shock,
    SparseLinks,
    SupplyNetwork,
    Target,
    Timing,
)
from tests.strategies import networks, parameter_sets, scenarios, table_networks, tables
from tests.unit.propagation.samples import quietly
from tests.unit.schema.examples import TABLE

RULES = Parameters(
    stock_threshold=StockThreshold.DAY_OF_USE,
    restocking_days=2.0,
    restocking_gap=RestockingGap.FLOORED,
    overproduction_max=1.0,
)
CHAIN = SupplyNetwork(
    name="chain",
    agents=("mine", "mill", "plant"),
    products=("ore", "steel", "cars"),
    product=np.array([0, 1, 2]),
    regions=("A", "B", "C"),
    region=np.array([0, 1, 2]),
    links=SparseLinks(np.array([0, 1]), np.array([1, 2]), np.array([40.0, 70.0])),
    demanders=("A", "B", "C"),
    final_demand=np.array([[0.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 100.0]]),
    value_added=np.array([40.0, 30.0, 30.0]),
    capital=np.zeros(3),
    inventory_days=np.array([[3.0]]),
    stock_release=np.zeros(3),
    currency="USD",
    unit=1.0,
    source="made up",
)


def origins_of(*shocks: Shock) -> dict[str, float]:
    """Share of the value added lost by plant and mill, or by all, that began at each origin."""
    scenario = Scenario(name="test", horizon_days=40, shocks=shocks)
    result = propagate(CHAIN, scenario, RULES)
    traced = attribute_losses(CHAIN, scenario, RULES, result)
    lost = traced["loss_by_origin"].isel(scenario=0)
    total = float(np.maximum(result.values["value_added_lost"], 0).sum())
    assert total > 10
    assert float(lost.sum()) == pytest.approx(total, rel=1e-5)
    shares = lost.sum("region") / total
    return {str(name): float(share) for name, share in shares.to_series().items() if share > 1e-6}


def long(loss: float) -> tuple[float, Timing]:
    return loss, Timing(start_day=2, duration_days=20)


def test_a_lack_of_ore_is_traced_through_the_mill_to_the_mine() -> None:
    loss, timing = long(0.8)
    assert origins_of(CapacityShock(target=Target(agents=("mine",)), loss=loss, timing=timing)) == {
        "A": pytest.approx(1.0, abs=1e-4)
    }


def test_orders_that_stay_away_are_traced_to_the_plant_that_cannot_work() -> None:
    loss, timing = long(0.8)
    assert origins_of(CapacityShock(target=Target(agents=("plant",)), loss=loss, timing=timing)) == {
        "C": pytest.approx(1.0, abs=1e-4)
    }


def test_a_closed_border_is_an_origin_of_its_own_on_both_sides() -> None:
    loss, timing = long(1.0)
    shock = LinkShock(suppliers=Target(regions=("A",)), buyers=Target(regions=("B",)), loss=loss, timing=timing)
    assert origins_of(shock) == {CLOSED_LINKS: pytest.approx(1.0, abs=1e-4)}


def test_late_goods_are_an_origin_of_their_own() -> None:
    timing = Timing(start_day=2, duration_days=20)
    shock = DelayShock(suppliers=Target(regions=("A",)), buyers=Target(regions=("B",)), delay_days=9, timing=timing)
    assert origins_of(shock) == {LATE_LINKS: pytest.approx(1.0, abs=1e-4)}


def test_a_slump_of_demand_begins_with_final_users() -> None:
    loss, timing = long(0.5)
    assert origins_of(FinalDemandShock(demanders=("C",), loss=loss, timing=timing)) == {
        FINAL_DEMAND: pytest.approx(1.0, abs=1e-4)
    }


def test_destroyed_stocks_are_left_unexplained_rather_than_blamed_on_anybody() -> None:
    shares = origins_of(InventoryShock(target=Target(agents=("plant",)), loss=1.0, day=2))
    assert shares[UNEXPLAINED] > 0.5


def test_a_path_leads_from_the_hit_agent_to_where_the_loss_began() -> None:
    loss, timing = long(0.8)
    shock = CapacityShock(target=Target(agents=("mine",)), loss=loss, timing=timing)
    scenario = Scenario(name="test", horizon_days=40, shocks=(shock,))
    traced = attribute_losses(CHAIN, scenario, RULES, propagate(CHAIN, scenario, RULES), paths=3)
    paths = [
        [(agent, reason) for agent, reason in zip(agents, reasons, strict=True) if agent]
        for agents, reasons in zip(traced["path_agent"].values[0], traced["path_reason"].values[0], strict=True)
    ]
    assert [("plant", "input: steel"), ("mill", "input: ore"), ("mine", "capacity")] in paths
    assert [("mine", "capacity")] in paths
    assert (np.diff(traced["path_loss"].values[0]) <= 0).all()


def test_without_a_loss_nothing_is_traced() -> None:
    scenario = Scenario(name="calm", horizon_days=10)
    traced = attribute_losses(CHAIN, scenario, RULES, propagate(CHAIN, scenario, RULES))
    assert float(traced["loss_by_origin"].sum()) == 0
    assert (traced["path_agent"] == "").all()


@pytest.mark.parametrize("missing", ["production", "limiting"])
def test_a_result_without_the_records_is_refused(missing: str) -> None:
    scenario = Scenario(name="calm", horizon_days=10)
    kept = tuple({"production", "limiting"} - {missing})
    with pytest.raises(ParameterError, match=f"attribution needs the records production and limiting; '{missing}' was"):
        attribute_losses(CHAIN, scenario, RULES, propagate(CHAIN, scenario, RULES, records=kept))


def test_capacity_lost_in_two_regions_shares_the_blame() -> None:
    loss, timing = long(0.5)
    shares = origins_of(
        CapacityShock(target=Target(agents=("mill",)), loss=loss, timing=timing),
        CapacityShock(target=Target(agents=("plant",)), loss=loss, timing=Timing(start_day=2, duration_days=5)),
    )
    assert set(shares) == {"B", "C"}
    assert shares["B"] > shares["C"] > 0.05


def test_no_more_paths_than_asked_for_and_the_worst_first() -> None:
    loss, timing = long(0.8)
    scenario = Scenario(
        name="test", horizon_days=40, shocks=(CapacityShock(target=Target(), loss=loss, timing=timing),)
    )
    traced = attribute_losses(CHAIN, scenario, RULES, propagate(CHAIN, scenario, RULES), paths=2)
    assert traced.sizes["path"] == 2
    assert (traced["path_loss"].to_numpy() > 0).all()


def test_agents_of_a_table_are_traced_as_well() -> None:
    network = supply_network(TABLE, inventory_days=4.0)
    loss, timing = long(1.0)
    shock = CapacityShock(target=Target(regions=("A",), sectors=("mining",)), loss=loss, timing=timing)
    scenario = Scenario(name="test", horizon_days=40, shocks=(shock,))
    traced = attribute_losses(network, scenario, RULES, propagate(network, scenario, RULES))
    assert traced["path_agent"].to_numpy()[0, 0, 0] in network.agents
    lost = traced["loss_by_origin"].sel(scenario="test", region="A")
    assert float(lost.sel(origin="A") / lost.sum()) > 0.99
    assert traced["loss_by_origin"].attrs["units"] == "million EUR"


@given(st.data())
def test_every_loss_has_an_origin(data: st.DataObject) -> None:
    network = data.draw(networks() | table_networks() | tables(odd=True).map(supply_network))
    rules = data.draw(parameter_sets(network))
    hits = [data.draw(scenarios(network, horizon_days=20)) for _ in range(2)]
    named = [Scenario(**{**vars(hit), "name": f"scenario {number}"}) for number, hit in enumerate(hits)]
    result = quietly(network, named, rules)
    by_origin = attribute_losses(network, named, rules, result)["loss_by_origin"].to_numpy()
    lost = result.values["value_added_lost"].to_numpy().reshape(2, -1)
    expected = np.zeros((2, len(network.regions)))
    for number in range(2):
        np.add.at(expected[number], network.region, np.maximum(lost[number], 0.0))
    assert (by_origin >= 0).all()
    scale = max(float(np.abs(network.value_added).max()), 1e-300)
    np.testing.assert_allclose(by_origin.sum(axis=2), expected, rtol=1e-5, atol=1e-6 * scale)
