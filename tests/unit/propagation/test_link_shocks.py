"""Closed links carry no more than what is left open, delayed goods arrive later, and nothing gets lost on the way."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tenon.propagation import InventoryRule, OrderRule, Parameters, RationingRule, propagate
from tenon.schema import (
    CapacityShock,
    DelayShock,
    FinalDemandShock,
    LabelError,
    LinkShock,
    Shock,
    ShockError,
    SparseLinks,
    SupplyNetwork,
    Target,
)
from tests.unit.propagation.samples import BREAD, bread, during, named, quietly, scenario, values

SOUTHWARD: dict[str, Any] = {"suppliers": Target(regions=("A",)), "buyers": Target(regions=("B",))}
FIXED = Parameters(order_rule=OrderRule.FIXED_SHARES, overproduction_max=1.0)
EVERY_EXCHANGE = [
    Parameters(inventory_rule=inventory, order_rule=order, rationing=rationing, overproduction_max=1.0)
    for inventory in InventoryRule
    for order in OrderRule
    for rationing in (RationingRule.PROPORTIONAL, RationingRule.SMALLEST_ORDER_FIRST)
]


@pytest.mark.parametrize("rules", EVERY_EXCHANGE)
@pytest.mark.parametrize("dense", [True, False])
def test_a_closed_border_stops_orders_and_sales_to_final_users_on_its_days(rules: Parameters, dense: bool) -> None:
    network = BREAD.to_dense() if dense else BREAD
    result = quietly(network, scenario(LinkShock(loss=1.0, timing=during(2, 3), **SOUTHWARD)), rules)
    orders = values(result, "orders")
    # The mill sells 20 to the bakery and 5 to final users in B, the farm 5 to final users in B; both are gone.
    np.testing.assert_allclose(orders[1], [20, 30, 40])
    np.testing.assert_allclose(orders[2:5, 1], 5)
    assert orders[2, 0] == pytest.approx(15)
    assert orders[5, 1] > 30
    unmet = values(result, "unmet_final_demand")
    np.testing.assert_allclose(unmet[2:5], [[[0, 0, 0], [5, 5, 0]]] * 3, atol=1e-12)
    np.testing.assert_allclose(unmet[1], 0, atol=1e-12)


def test_a_border_closed_from_the_first_day_stops_what_was_ordered_before() -> None:
    orders = values(quietly(BREAD, scenario(LinkShock(loss=1.0, timing=during(0, 2), **SOUTHWARD)), FIXED), "orders")
    np.testing.assert_allclose(orders[0], [15, 5, 40])


def test_sales_to_final_users_can_be_left_out() -> None:
    shock = LinkShock(loss=1.0, timing=during(2, 3), final_demand=False, **SOUTHWARD)
    result = quietly(BREAD, scenario(shock), FIXED)
    np.testing.assert_allclose(values(result, "orders")[2], [20, 10, 40])
    np.testing.assert_allclose(values(result, "unmet_final_demand")[:5], 0, atol=1e-12)


@pytest.mark.parametrize("buyers", [Target(sectors=("bread",)), Target(agents=("bakery",))])
def test_sales_to_final_users_go_on_where_buyers_are_named_by_sector_or_name(buyers: Target) -> None:
    shock = LinkShock(suppliers=Target(regions=("A",)), buyers=buyers, loss=1.0, timing=during(2, 3))
    np.testing.assert_allclose(values(quietly(BREAD, scenario(shock), FIXED), "orders")[2], [20, 10, 40])


def test_trade_inside_a_region_goes_on_unless_it_is_meant() -> None:
    north = Target(regions=("A",))
    for domestic, farm in ((False, 20), (True, 5)):
        shock = LinkShock(suppliers=north, buyers=north, loss=1.0, domestic=domestic, timing=during(2, 3))
        orders = values(quietly(BREAD, scenario(shock), FIXED), "orders")
        assert orders[2, 0] == pytest.approx(farm)


@pytest.mark.parametrize("rules", EVERY_EXCHANGE)
def test_no_more_than_what_is_left_open_can_pass_even_to_refill_stocks(rules: Parameters) -> None:
    """The bakery has bought no flour for days and would order more than ever."""
    shocks = (
        LinkShock(loss=1.0, timing=during(2, 4), **SOUTHWARD),
        LinkShock(loss=0.4, timing=during(6, 9), **SOUTHWARD),
    )
    orders = values(quietly(BREAD, scenario(*shocks), replace(rules, psi=0.3)), "orders")
    # To the bakery 0.6 of 20, to final users in A 5 and in B 0.6 of 5.
    assert (orders[6:15, 1] <= 12 + 5 + 3 + 1e-9).all()
    assert orders[15:, 1].max() > 30


def test_final_users_too_get_no_more_than_what_is_left_open() -> None:
    """Final demand doubles while half of its flow can pass: half of the undisturbed flow arrives, not all of it."""
    shocks = (
        FinalDemandShock(target=named("mill"), demanders=("B",), loss=-1.0, timing=during(2, 3)),
        LinkShock(loss=0.5, timing=during(2, 3), **SOUTHWARD),
    )
    unmet = values(quietly(BREAD, scenario(*shocks), FIXED), "unmet_final_demand")
    np.testing.assert_allclose(unmet[2], [[0.0, 0.0, 0.0], [2.5, 7.5, 0.0]], atol=1e-12)


def two_mills() -> SupplyNetwork:
    """Return a bakery in B that buys 15 of flour from a mill in A and 5 from one in B, which have nobody else."""
    return bread(
        agents=("north mill", "south mill", "bakery"),
        products=("flour", "bread"),
        product=np.array([0, 0, 1]),
        region=np.array([0, 1, 1]),
        links=SparseLinks(np.array([0, 1]), np.array([2, 2]), np.array([15.0, 5.0])),
        final_demand=np.array([[0.0, 0.0], [0.0, 0.0], [30.0, 10.0]]),
    )


@pytest.mark.parametrize(("rule", "south"), [(OrderRule.FIXED_SHARES, 5.0), (OrderRule.CAPACITY_WEIGHTED, 20.0)])
@pytest.mark.parametrize("inventory", InventoryRule)
def test_buyers_turn_to_open_suppliers_only_where_orders_are_weighted(
    rule: OrderRule, south: float, inventory: InventoryRule
) -> None:
    rules = Parameters(order_rule=rule, inventory_rule=inventory)
    shock = LinkShock(loss=1.0, timing=during(2, 3), **SOUTHWARD)
    orders = values(quietly(two_mills(), scenario(shock), rules), "orders")
    np.testing.assert_allclose(orders[2], [0, south, 40])


def test_closures_add_up_and_come_back_along_their_curves() -> None:
    shocks = (
        LinkShock(loss=0.5, timing=during(2, 2, 4), final_demand=False, **SOUTHWARD),
        LinkShock(suppliers=named("mill"), loss=0.25, timing=during(3, 2), final_demand=False),
    )
    orders = values(quietly(BREAD, scenario(*shocks), FIXED), "orders")
    share = (orders[:8, 1] - 10) / 20
    assert share[1:5] == pytest.approx([1, 0.5, 0.25, 1 - 0.375 - 0.25], rel=0.05)


def test_closures_that_exceed_a_flow_together_are_refused() -> None:
    shocks = (
        LinkShock(loss=0.7, timing=during(2, 9), **SOUTHWARD),
        LinkShock(suppliers=named("mill"), loss=0.7, timing=during(5, 9)),
    )
    message = re.escape(
        "link shocks of scenario 'sample' that overlap on day 5 take 140% of a flow; together they may take at most "
        "100 %. Lower or separate them."
    )
    with pytest.raises(ShockError, match=message):
        propagate(BREAD, scenario(*shocks), Parameters())


@pytest.mark.parametrize("rules", EVERY_EXCHANGE)
@pytest.mark.parametrize("dense", [True, False])
def test_delayed_goods_arrive_later_and_all_of_them(rules: Parameters, dense: bool) -> None:
    network = BREAD.to_dense() if dense else BREAD
    shock = DelayShock(delay_days=3, timing=during(2, 4), **SOUTHWARD)
    result = quietly(network, scenario(shock), rules)
    stocks = values(result, "inventories")[:, 1, 2]
    # Goods of days 2 to 5 arrive on days 5 to 8; on days 6 to 8 those of the day come too.
    np.testing.assert_allclose(stocks[:5], [400, 400, 380, 360, 340])
    assert stocks[5] == pytest.approx(340, rel=0.01)
    assert stocks[8] > 398
    assert max(result.residuals.values()) < 1e-12


def test_delays_that_overlap_add_up() -> None:
    shocks = (
        DelayShock(delay_days=3, timing=during(2, 1), **SOUTHWARD),
        DelayShock(suppliers=named("mill"), delay_days=2, timing=during(2, 1)),
    )
    stocks = values(quietly(BREAD, scenario(*shocks), FIXED), "inventories")[:, 1, 2]
    np.testing.assert_allclose(stocks[1:7], [400, 380, 380, 380, 380, 380], rtol=0.01)
    assert stocks[7] > 395


def test_delays_inside_a_region_must_be_meant() -> None:
    north = Target(regions=("A",))
    for domestic, stock in ((False, 200), (True, 190)):
        shock = DelayShock(suppliers=north, buyers=north, delay_days=3, domestic=domestic, timing=during(2, 1))
        stocks = values(quietly(BREAD, scenario(shock), FIXED), "inventories")
        assert stocks[2, 0, 1] == pytest.approx(stock)


def test_goods_under_way_at_the_end_of_a_delay_are_not_overtaken_twice() -> None:
    """Nothing arrives twice: stocks never rise above what was bought and not used."""
    shock = DelayShock(delay_days=10, timing=during(2, 5), **SOUTHWARD)
    result = quietly(BREAD, scenario(shock, days=60), Parameters(overproduction_max=1.0))
    stocks, made = values(result, "inventories")[:, 1, 2], values(result, "production")
    bought = np.cumsum(made[:, 1] - 10 + values(result, "unmet_final_demand")[:, :, 1].sum(axis=1))
    used = np.cumsum(made[:, 2] * 0.5)
    under_way = 400 + bought - used - stocks
    assert (under_way >= -1e-9).all()
    np.testing.assert_allclose(under_way[20:], 0, atol=1e-9)


@pytest.mark.parametrize(
    ("shock", "message"),
    [
        (LinkShock(suppliers=Target(regions=("C",)), loss=0.5), "names the region 'C', which does not exist"),
        (
            LinkShock(buyers=Target(agents=("mil",)), loss=0.5),
            "names the agent 'mil', which does not exist; did you mean",
        ),
        (
            DelayShock(suppliers=Target(sectors=("flower",)), delay_days=2),
            "names the sector 'flower', which does not ex",
        ),
    ],
)
def test_unknown_ends_are_refused_with_the_nearest(shock: Shock, message: str) -> None:
    with pytest.raises(LabelError, match=re.escape(message)):
        propagate(BREAD, scenario(shock), Parameters())


def test_a_closed_link_does_not_stop_a_supplier_from_serving_others() -> None:
    shocks = (
        LinkShock(suppliers=named("mill"), buyers=named("bakery"), loss=1.0, timing=during(2, 20)),
        CapacityShock(target=named("mill"), loss=2 / 3, timing=during(2, 20)),
    )
    unmet = values(quietly(BREAD, scenario(*shocks), FIXED), "unmet_final_demand")
    np.testing.assert_allclose(unmet[5], 0, atol=1e-9)
