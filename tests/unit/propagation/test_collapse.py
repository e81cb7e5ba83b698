"""A run that would collapse without a shock to explain it is announced, and no other."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pytest

from tenon.propagation import InventoryRule, Parameters, RestockingGap, StockThreshold, inoue_todo, propagate
from tenon.schema import CapacityShock, Scenario, SupplyNetwork, TenonWarning
from tests.strategies import firms
from tests.unit.propagation.samples import bread, during, named, quietly, scenario

MILD = scenario(CapacityShock(target=named("agent 0", "agent 1"), loss=0.3, timing=during(2, 10, 30)), days=600)
STRONG = scenario(
    CapacityShock(target=named("agent 0", "agent 1", "agent 2"), loss=0.9, timing=during(2, 90)), days=800
)


def economy(days: float) -> SupplyNetwork:
    """Return an economy of 20 agents with one target for all stocks."""
    network = firms(1, agents=20, products=5, release=False).to_dense()
    return replace(network, inventory_days=np.array([[days]]))


def left_at_the_end(network: SupplyNetwork, hit: Scenario, rules: Parameters) -> float:
    """Return total production on the last day, relative to the undisturbed level; the shock is long over by then."""
    result = quietly(network, hit, rules, records=("total_production",))
    return float(result.values["total_production"][0, -1] / network.output.sum())


@pytest.mark.parametrize(
    ("psi", "days", "restocking", "refill"),
    [(0.9, 3.0, 60.0, "0.005"), (0.9, 5.0, 60.0, "0.008"), (0.8, 10.0, 60.0, "0.033"), (0.9, 3.0, 10.0, "0.0")],
)
def test_a_collapse_is_announced_and_happens(psi: float, days: float, restocking: float, refill: str) -> None:
    network, rules = economy(days), Parameters(psi=psi, restocking_days=restocking)
    message = (
        rf"production may collapse without a shock to explain it: at its threshold the stock of 's\d' \(psi {psi:g}, "
        rf"{days:g} days, restocked in {restocking:g} days\) is refilled by {refill}.*Lower psi, hold more stock or"
    )
    with pytest.warns(TenonWarning, match=message):
        result = propagate(network, MILD, rules, records=("total_production",))
    assert len(result.notes) == 1
    assert "may collapse" in result.notes[0]
    assert left_at_the_end(network, MILD, rules) < 1e-6


@pytest.mark.parametrize("rules", [Parameters(), Parameters(restocking_days=20.0), inoue_todo()])
def test_rules_that_hold_are_not_warned_of_and_do_not_collapse(rules: Parameters) -> None:
    network = economy(90.0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = propagate(
            network, MILD, replace(rules, restocking_gap=RestockingGap.FLOORED), records=("total_production",)
        )
    assert result.notes == ()
    assert result.values["total_production"][0, -1] > 0.99 * network.output.sum()


@pytest.mark.parametrize(
    ("psi", "days", "restocking"),
    [(0.8, 16.0, 60.0), (0.8, 25.0, 60.0), (0.8, 30.0, 60.0), (0.5, 8.0, 60.0), (0.8, 5.0, 10.0), (0.8, 1.0, 1.0)],
)
def test_no_collapse_goes_unannounced(psi: float, days: float, restocking: float) -> None:
    """Long deep shocks make more economies collapse than short ones; stocks of a day leave nothing to refill."""
    network, rules = economy(days), Parameters(psi=psi, restocking_days=restocking)
    assert left_at_the_end(network, STRONG, rules) < 0.1
    with pytest.warns(TenonWarning, match="production may collapse"):
        propagate(network, scenario(days=1), rules)


def test_only_inputs_that_bind_are_looked_at() -> None:
    short = bread(inventory_days=np.array([[3.0], [90.0], [90.0]]))
    with pytest.warns(TenonWarning, match=r"the stock of 'grain' .*\(1 such products\)"):
        propagate(short, scenario(days=1), Parameters())
    idle = Parameters(criticality={"flour": {"grain": 0.0}})
    assert propagate(short, scenario(days=1), idle).notes == ()
    unlimited = bread(inventory_days=np.array([[np.inf]]))
    assert propagate(unlimited, scenario(days=1), Parameters()).notes == ()


def test_the_slowest_product_is_named() -> None:
    rules = Parameters(restocking_days={"flour": 400.0})
    with pytest.warns(TenonWarning, match=r"the stock of 'flour' \(psi 0.8, 20 days, restocked in 400 days\)"):
        propagate(bread(), scenario(days=1), rules)


def test_a_threshold_of_one_day_needs_no_psi() -> None:
    rules = Parameters(stock_threshold=StockThreshold.DAY_OF_USE, psi=1.0)
    assert propagate(bread(), scenario(days=1), rules).notes == ()


def test_stocks_on_links_are_looked_at_too() -> None:
    network = replace(firms(1, agents=20, products=5, release=False), inventory_days=np.array([[3.0]]))
    rules = Parameters(psi=0.9, inventory_rule=InventoryRule.PER_LINK)
    assert left_at_the_end(network, MILD, rules) < 1e-6
    with pytest.warns(TenonWarning, match="production may collapse"):
        propagate(network, scenario(days=1), rules)
