"""A run is its state: what is taken up again goes on as if nothing had happened, in every way of exchange."""

from __future__ import annotations

import copy
from dataclasses import replace

import numpy as np
import pytest

from tenon.propagation import RECORDS, InventoryRule, Parameters, RationingRule
from tenon.propagation._run import Run
from tenon.schema import Scenario, SupplyNetwork
from tests.strategies import firms
from tests.unit.propagation.samples import BREAD, bread, every_shock, plain_shocks, scenario

RULES = Parameters(restocking_days=9.0)
PLAIN = tuple(scenario(*plain_shocks()[k:], name=f"run {k}") for k in range(4))
RUNS: dict[str, tuple[SupplyNetwork, tuple[Scenario, ...], Parameters]] = {
    "dense": (firms(5).to_dense(), PLAIN[:1], RULES),
    "batch": (firms(5).to_dense(), PLAIN, RULES),
    "sparse": (firms(5), (every_shock(),), RULES),
    "per link": (firms(5), (every_shock(),), replace(RULES, inventory_rule=InventoryRule.PER_LINK)),
    "smallest first": (firms(5), (every_shock(),), replace(RULES, rationing=RationingRule.SMALLEST_ORDER_FIRST)),
}


@pytest.mark.parametrize(("network", "scenarios", "rules"), RUNS.values(), ids=list(RUNS))
@pytest.mark.parametrize("stop", [0, 1, 7, 13])
def test_a_state_taken_up_by_another_run_goes_on_bit_by_bit(
    network: SupplyNetwork, scenarios: tuple[Scenario, ...], rules: Parameters, stop: int
) -> None:
    first, second = (Run(network, scenarios, rules) for _ in range(2))
    for day in range(stop):
        first.live(day)
    second.restore(copy.deepcopy(first.state()))
    for day in range(stop, 20):
        first.live(day)
        second.live(day)
        one, two = (run.records(tuple(RECORDS)) for run in (first, second))
        for name in RECORDS:
            np.testing.assert_array_equal(one[name], two[name], err_msg=f"{name} on day {day}")
    np.testing.assert_array_equal(first.lost, second.lost)
    np.testing.assert_array_equal(first.residuals, second.residuals)


RELEASED = np.array([[1.0, 0.0], [0.0, 0.0], [0.0, 0.0]])


def signature(network: SupplyNetwork = BREAD, hit: Scenario | None = None, rules: Parameters = RULES) -> str:
    return Run(network, (scenario() if hit is None else hit,), rules).signature()


OTHERS = {
    "capital": signature(bread(capital=BREAD.capital * 2)),
    "value added": signature(bread(value_added=BREAD.value_added * 2)),
    "place": signature(bread(region=np.array([0, 1, 1]))),
    "name of a region": signature(bread(regions=("A", "C"))),
    "name of a demander": signature(bread(demanders=("A", "C"))),
    "name of a product": signature(bread(products=("grain", "meal", "bread"))),
    "releases": signature(bread(stock_release=np.array([1.0, 0.0, 0.0]), final_demand=BREAD.final_demand + RELEASED)),
    "inventories": signature(bread(inventory_days=np.array([[21.0]]))),
    "unit": signature(bread(unit=1000.0)),
    "horizon": signature(hit=replace(scenario(), horizon_days=31)),
    "groups": signature(hit=scenario(groups={"north": ("A",)})),
    "psi": signature(rules=replace(RULES, psi=0.5)),
    "rationing": signature(rules=replace(RULES, rationing=RationingRule.FINAL_DEMAND_LAST)),
}


def test_equal_runs_have_one_fingerprint() -> None:
    assert signature(bread()) == signature()


@pytest.mark.parametrize("change", OTHERS)
def test_runs_that_differ_have_their_own_fingerprint(change: str) -> None:
    assert OTHERS[change] not in {signature(), *(other for name, other in OTHERS.items() if name != change)}
