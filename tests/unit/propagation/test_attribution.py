"""Losses are traced back to where they began, and nothing of them gets lost on the way."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st

from tenon.data import supply_network
from tenon.propagation import CLOSED_LINKS, FINAL_DEMAND, UNEXPLAINED, Parameters, attribute_losses
from tenon.schema import (
    CapacityShock,
    DelayShock,
    FinalDemandShock,
    InventoryShock,
    LinkShock,
    ParameterError,
    Scenario,
    Shock,
    SupplyNetwork,
    Target,
)
from tests.strategies import networks, parameter_sets, scenarios, table_networks, tables
from tests.unit.propagation.samples import BREAD, bread, during, named, quietly, scenario
from tests.unit.schema.examples import TABLE

SHORT = bread(inventory_days=np.array([[4.0]]))
RULES = Parameters(psi=0.5, restocking_days=2.0, overproduction_max=1.0)
NORTH, SOUTH = Target(regions=("A",)), Target(regions=("B",))


def traced(*shocks: Shock, network: SupplyNetwork = SHORT, days: int = 60, **options: Any) -> xr.Dataset:
    hit = scenario(*shocks, days=days)
    return attribute_losses(network, hit, RULES, quietly(network, hit, RULES), **options)


def origins(trace: xr.Dataset, region: str) -> dict[str, float]:
    """Return the share of each origin in the losses of a region, where it is above a hundredth."""
    losses = trace["loss_by_origin"].sel(scenario="sample", region=region)
    shares = losses / losses.sum()
    return {
        str(origin): float(shares.sel(origin=origin))
        for origin in shares["origin"].to_numpy()
        if shares.sel(origin=origin) > 0.01
    }


def path(trace: xr.Dataset, agent: str) -> list[str]:
    """Return the steps of the path that starts at an agent."""
    for number in range(trace.sizes["path"]):
        steps = trace.isel(scenario=0, path=number)
        if steps["path_agent"].to_numpy()[0] == agent:
            pairs = zip(steps["path_agent"].to_numpy(), steps["path_reason"].to_numpy(), strict=True)
            return [f"{name}: {reason}" for name, reason in pairs if name]
    return []


def test_a_loss_downstream_leads_back_through_scarce_inputs_to_lost_capacity() -> None:
    trace = traced(CapacityShock(target=named("farm"), loss=1.0, timing=during(2, 40)))
    assert path(trace, "bakery") == ["bakery: input: flour", "mill: input: grain", "farm: capacity"]
    assert origins(trace, "B") == pytest.approx({"A": 1.0})
    assert origins(trace, "A") == pytest.approx({"A": 1.0})


def test_a_loss_upstream_leads_to_missing_orders_and_final_demand() -> None:
    trace = traced(FinalDemandShock(target=named("bakery"), loss=0.5, timing=during(2, 40)))
    assert path(trace, "bakery") == ["bakery: final demand"]
    assert path(trace, "farm") == ["farm: demand", "mill: demand", "bakery: final demand"]
    assert origins(trace, "A") == pytest.approx({FINAL_DEMAND: 1.0})


def test_a_loss_behind_a_closed_border_began_at_the_border() -> None:
    shock = LinkShock(suppliers=NORTH, buyers=SOUTH, loss=1.0, timing=during(2, 50))
    trace = traced(shock)
    assert path(trace, "bakery") == [f"bakery: {CLOSED_LINKS}"]
    assert origins(trace, "B") == pytest.approx({CLOSED_LINKS: 1.0})
    # The mill sells no flour to the bakery and to final users abroad, and buys less grain.
    assert origins(trace, "A")[CLOSED_LINKS] > 0.99


def test_a_loss_for_want_of_late_goods_is_named() -> None:
    trace = traced(DelayShock(suppliers=NORTH, buyers=SOUTH, delay_days=20, timing=during(2, 10)))
    (origin,) = origins(trace, "B")
    assert origin not in {"A", "B", CLOSED_LINKS, FINAL_DEMAND, UNEXPLAINED}
    assert path(trace, "bakery") == [f"bakery: {origin}"]


def test_a_loss_for_want_of_destroyed_stocks_is_unexplained() -> None:
    trace = traced(InventoryShock(target=named("bakery"), loss=1.0, day=3))
    assert origins(trace, "B") == pytest.approx({UNEXPLAINED: 1.0}, abs=0.35)


def test_capacity_lost_in_two_regions_shares_the_blame() -> None:
    trace = traced(
        CapacityShock(target=named("mill"), loss=0.5, timing=during(2, 40)),
        CapacityShock(target=named("bakery"), loss=0.5, timing=during(2, 10)),
    )
    shares = origins(trace, "B")
    assert set(shares) == {"A", "B"}
    assert 0.1 < shares["B"] < 0.9


def test_without_a_shock_there_is_nothing_to_trace() -> None:
    trace = traced()
    assert not trace["loss_by_origin"].any()
    assert not trace["path_loss"].any()
    assert set(trace["path_agent"].to_numpy().ravel()) == {""}


def test_the_worst_losses_come_first_and_no_more_than_asked_for() -> None:
    shock = CapacityShock(target=Target(), loss=0.5, timing=during(2, 40))
    trace = traced(shock, paths=2)
    loss = trace["path_loss"].isel(scenario=0).to_numpy()
    assert loss.size == 2
    assert loss[0] >= loss[1] > 0


def test_agents_of_a_table_are_traced_as_well() -> None:
    network = supply_network(TABLE, inventory_days=4.0)
    shock = CapacityShock(target=Target(regions=("A",), sectors=("mining",)), loss=1.0, timing=during(2, 40))
    trace = traced(shock, network=network)
    assert trace["path_agent"].to_numpy()[0, 0, 0] in network.agents
    assert origins(trace, "A")["A"] > 0.99
    assert trace["loss_by_origin"].attrs["units"] == "million EUR"


@given(st.data())
def test_every_loss_has_an_origin(data: st.DataObject) -> None:
    network = data.draw(networks() | table_networks() | tables(odd=True).map(supply_network))
    rules = data.draw(parameter_sets(network))
    hits = [data.draw(scenarios(network, horizon_days=20)) for _ in range(2)]
    named_hits = [Scenario(**{**vars(hit), "name": f"scenario {number}"}) for number, hit in enumerate(hits)]
    result = quietly(network, named_hits, rules)
    trace = attribute_losses(network, named_hits, rules, result)
    lost = result.values["value_added_lost"].to_numpy().reshape(2, -1)
    expected = np.zeros((2, len(network.regions)))
    for number in range(2):
        np.add.at(expected[number], network.region, np.maximum(lost[number], 0.0))
    by_origin = trace["loss_by_origin"].to_numpy()
    assert (by_origin >= 0).all()
    scale = max(float(np.abs(network.value_added).max()), 1e-300)
    np.testing.assert_allclose(by_origin.sum(axis=2), expected, rtol=1e-5, atol=1e-6 * scale)


@pytest.mark.parametrize("missing", ["production", "limiting"])
def test_a_result_without_the_records_is_refused(missing: str) -> None:
    kept = tuple({"production", "limiting"} - {missing})
    hit = scenario(days=3)
    result = quietly(BREAD, hit, records=kept)
    with pytest.raises(ParameterError, match=f"attribution needs the records production and limiting; '{missing}' was"):
        attribute_losses(BREAD, hit, None, result)
