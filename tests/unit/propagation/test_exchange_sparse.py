"""Smallest orders first is water-filling, exact for any number of customers."""

from __future__ import annotations

import numpy as np
import pytest

from tenon.propagation import Parameters, RationingRule
from tenon.propagation._rationing import Supplies
from tenon.propagation._run import Run
from tenon.schema import Float, SparseLinks, SupplyNetwork
from tests.twins.rationing import level, ration
from tests.unit.propagation.samples import bread, scenario

RULE = RationingRule.SMALLEST_ORDER_FIRST


def star(customers: int) -> SupplyNetwork:
    """Return one farm that sells 1 a day to each of many mills and 3 to final users."""
    return bread(
        agents=("farm", *(f"mill {k}" for k in range(customers))),
        products=("grain", "flour"),
        product=np.array([0] + [1] * customers),
        region=np.zeros(customers + 1, dtype=int),
        links=SparseLinks(np.zeros(customers, dtype=int), np.arange(1, customers + 1), np.ones(customers)),
        final_demand=np.array([[3.0, 0.0]] + [[2.0, 0.0]] * customers),
        value_added=np.ones(customers + 1),
        capital=np.ones(customers + 1),
        stock_release=np.zeros(customers + 1),
    )


def served(orders: Float, supply: float, final: float = 3.0) -> tuple[float, float]:
    """Return the ratio up to which the farm serves its customers, and the share of final users that it serves."""
    run = Run(star(orders.size), (scenario(days=2),), Parameters(rationing=RULE))
    run._exchange.state()["order"][0] = orders
    everybody = np.zeros((4, orders.size + 1))
    production, received, users, nothing = everybody
    production[:] = np.inf
    production[0], received[0], users[0] = supply, orders.sum(), final
    ratio, share = np.empty_like(users), np.empty_like(users)
    supplies = Supplies(production, nothing, received, users, nothing, ratio, share)
    run._exchange.ration(0, supplies)  # type: ignore[attr-defined]  # sparse by its rule
    return float(ratio[0]), float(share[0])


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("customers", [1, 7, 300])
def test_the_level_equals_that_of_sorting(seed: int, customers: int) -> None:
    generator = np.random.default_rng(seed)
    orders = generator.lognormal(0, 1, customers) * (generator.random(customers) < 0.9)
    for share in (0.0, 0.05, 0.5, 0.95):
        supply = share * (orders.sum() + 3.0)
        expected = level(np.append(orders, 3.0), np.append(np.ones(customers), 3.0), supply)
        ratio, final = served(orders, supply)
        assert ratio == pytest.approx(expected, rel=1e-12)
        assert final == pytest.approx(min(1.0, expected), rel=1e-12)


def test_enough_for_all_serves_all() -> None:
    assert served(np.array([1.0, 0.5, 2.0]), 6.5) == (np.inf, 1.0)
    assert served(np.array([1.0, 0.5, 2.0]), 1e9) == (np.inf, 1.0)


def test_nothing_at_all_serves_nobody() -> None:
    assert served(np.array([1.0, 0.5, 2.0]), 0.0) == (0.0, 0.0)


def test_who_ordered_nothing_gets_nothing_and_takes_nothing_from_others() -> None:
    ratio, _ = served(np.array([0.0, 4.0, 4.0]), 3.0, final=0.0)
    assert ratio == pytest.approx(1.5)


@pytest.mark.parametrize("customers", [5, 100, 2000])
def test_orders_that_are_covered_one_by_one_are_all_covered(customers: int) -> None:
    """The hardest case: each order is just above the ratio that leaves it open, so one more is covered at a time."""
    supply, weight = 10.0, customers + 3.0
    orders = np.zeros(customers)
    before, ratio = 0.0, supply / weight
    for k in range(customers):
        orders[k] = before + 0.01 * (ratio - before)
        supply, weight = supply - orders[k], weight - 1
        before, ratio = ratio, supply / weight
    expected = level(np.append(orders, 3.0), np.append(np.ones(customers), 3.0), 10.0)
    assert served(orders, 10.0)[0] == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("rule", RationingRule)
def test_the_twin_of_rationing_serves_exactly_the_supply(rule: RationingRule) -> None:
    generator = np.random.default_rng(3)
    flows = generator.random((6, 6)) * (generator.random((6, 6)) < 0.6)
    orders, final, rebuilding = flows * generator.uniform(0, 2, (6, 6)), generator.random(6), generator.random(6)
    everyone = orders.sum(axis=1) + final + rebuilding
    supply = everyone * generator.uniform(0, 1, 6)
    goods, share, final_share = ration(rule, orders, flows, final=final, rebuilding=rebuilding, supply=supply)
    np.testing.assert_allclose(goods.sum(axis=1) + share * rebuilding + final_share * final, supply)
