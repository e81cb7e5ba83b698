"""A network is laid out for the kernels, or refused with the reason."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tenon.propagation import InventoryRule, Parameters, StockThreshold, inoue_todo, propagate
from tenon.propagation._layout import lay_out
from tenon.schema import CapacityShock, NetworkError, ParameterError, SparseLinks, SupplyNetwork
from tests.strategies import firms
from tests.unit.propagation.samples import BREAD, bread, during, named, quietly, scenario, values


@pytest.mark.parametrize("dense", [True, False])
def test_agents_are_sorted_by_product_and_found_again(dense: bool) -> None:
    network = firms(3, agents=11, products=4)
    layout = lay_out(network.to_dense() if dense else network, Parameters())
    np.testing.assert_array_equal(layout.order[layout.position], np.arange(11))
    np.testing.assert_array_equal(np.sort(network.product), network.product[layout.order])
    np.testing.assert_allclose(layout.output, network.output[layout.order])
    assert layout.is_dense is dense
    assert layout.first_agent.tolist() == [0, 3, 6, 9, 11]


@pytest.mark.parametrize("dense", [True, False])
def test_slots_hold_all_purchases(dense: bool) -> None:
    network = firms(3, agents=11, products=4)
    layout = lay_out(network.to_dense() if dense else network, Parameters())
    bought = np.zeros((4, 11))
    np.add.at(bought, (layout.product_of_slot, layout.order[layout.slots.buyer]), layout.slots.flow)
    expected = np.zeros((4, 11))
    links = network.links
    assert isinstance(links, SparseLinks)
    np.add.at(expected, (network.product[links.supplier], links.buyer), links.flow)
    np.testing.assert_allclose(bought, expected)


@pytest.mark.parametrize("days", [0.99, 0.5])
def test_stocks_shorter_than_a_day_are_refused_with_the_reason(days: float) -> None:
    message = (
        rf"inventory_days must be at least 1, but the smallest is {days:g}: deliveries of a day are used on the next"
    )
    for network in (bread(inventory_days=np.array([[days]])), bread(inventory_days=np.array([30.0, days]))):
        with pytest.raises(ParameterError, match=message):
            propagate(network, scenario(), Parameters())


def test_an_agent_that_releases_more_than_it_sells_is_refused() -> None:
    network = bread(stock_release=np.array([0.0, 31.0, 0.0]))
    with pytest.raises(NetworkError, match=r"'mill' releases more from stock than it sells \(31 against 30 per day\)"):
        propagate(network, scenario(), Parameters())


def test_an_agent_that_buys_and_makes_nothing_is_refused_or_keeps_buying() -> None:
    """Else its suppliers would lose its orders on the first day of a run without any shock."""
    idle = bread(final_demand=np.array([[5.0, 5.0], [5.0, 5.0], [0.0, 0.0]]))
    try:
        result = quietly(idle, scenario(days=20))
    except NetworkError as error:
        assert "'bakery'" in str(error)  # noqa: PT017 - either way out is right
    else:
        np.testing.assert_allclose(values(result, "production")[-1], idle.output)


def test_an_agent_may_live_on_its_stocks_alone() -> None:
    network = bread(stock_release=np.array([20.0, 0.0, 0.0]))
    assert network.output[0] == 0
    result = quietly(network, scenario(days=20))
    np.testing.assert_allclose(values(result, "production"), np.tile(network.output, (20, 1)))
    assert not np.abs(values(result, "unmet_final_demand")).max() > 1e-12


def test_a_network_without_links_runs() -> None:
    alone = bread(links=SparseLinks(np.zeros(0, dtype=int), np.zeros(0, dtype=int), np.zeros(0)))
    shock = CapacityShock(target=named("mill"), loss=0.5, timing=during(2, 3))
    for network in (alone, alone.to_dense()):
        for rules in (Parameters(), inoue_todo()):
            result = quietly(network, scenario(shock), rules)
            assert values(result, "production")[2].tolist() == pytest.approx([10, 5, 40])
            assert max(result.residuals.values()) < 1e-12


def test_products_that_nobody_makes_or_buys_are_no_trouble() -> None:
    network = bread(products=("grain", "flour", "bread", "cake", "ice"))
    shock = CapacityShock(target=named("mill"), loss=0.5, timing=during(2, 3))
    for form in (network, network.to_dense()):
        result = quietly(form, [scenario(shock, name=str(number)) for number in range(5)])
        np.testing.assert_allclose(
            values(result, "production", 3), values(quietly(BREAD, scenario(shock)), "production"), rtol=1e-12
        )


def slowed(network: SupplyNetwork, rules: Parameters) -> tuple[float, float]:
    """Return output of the mill, relative to the undisturbed one, on the days when 9 and 1.5 days of grain are left."""
    shock = CapacityShock(target=named("farm"), loss=1.0, timing=during(1, 60))
    made = values(quietly(network, scenario(shock, days=60), rules), "production")[:, 1] / 30
    return float(made[2]), float(made[5])


def test_a_threshold_of_a_share_slows_early_and_one_of_a_day_late() -> None:
    short = bread(inventory_days=np.array([[6.0]]))
    early = slowed(short, Parameters(psi=0.9))
    late = slowed(short, Parameters(stock_threshold=StockThreshold.DAY_OF_USE))
    # Stocks at the start of days 2 and 5, in days of use: 5 and, without slowing, 2.
    assert early[0] == pytest.approx(5 / 5.4)
    assert late == pytest.approx((1.0, 1.0))
    assert early[1] < 0.8


def test_a_stock_never_serves_more_than_itself() -> None:
    """A threshold below one day would let a stock run out in the middle of a day."""
    short = bread(inventory_days=np.array([[2.0]]))
    shock = CapacityShock(target=named("farm"), loss=1.0, timing=during(1, 9))
    result = quietly(short, scenario(shock), Parameters(psi=0.1))
    assert values(result, "inventories").min() >= 0


def test_inventories_by_link_are_averaged_over_suppliers_of_a_product() -> None:
    network = firms(5)
    links = network.links
    assert isinstance(links, SparseLinks)
    days = np.linspace(2, 30, len(links))
    stocks = values(quietly(replace(network, inventory_days=days), scenario(days=1)), "inventories")[0]
    expected = np.zeros_like(stocks)
    np.add.at(expected, (network.product[links.supplier], links.buyer), links.flow * days)
    np.testing.assert_allclose(stocks, expected)


def test_targets_that_differ_between_the_links_of_one_product_change_nothing_without_a_shock() -> None:
    """Or they are refused: drawing on pooled stocks in proportion to what they hold empties the large ones."""
    network = firms(5)
    days = np.linspace(2, 30, len(network.links))  # type: ignore[arg-type] # firms name their links
    rules = Parameters(inventory_rule=InventoryRule.PER_LINK)
    try:
        result = quietly(replace(network, inventory_days=days), scenario(days=60), rules)
    except (NetworkError, ParameterError) as error:
        assert "inventory_days" in str(error)  # noqa: PT017 - either way out is right
    else:
        np.testing.assert_allclose(values(result, "production")[-1], network.output, rtol=1e-9)


def test_products_beyond_what_a_short_integer_holds_are_named_rightly() -> None:
    """Firms with part numbers have tens of thousands of products."""
    size = 33_000
    network = bread(
        agents=tuple(f"firm {number}" for number in range(size)),
        products=tuple(f"part {number}" for number in range(size)),
        product=np.arange(size),
        region=np.zeros(size, dtype=int),
        links=SparseLinks(np.array([size - 1]), np.array([0]), np.array([1.0])),
        demanders=("A",),
        final_demand=np.ones((size, 1)),
        value_added=np.ones(size),
        capital=np.ones(size),
        inventory_days=np.array([[2.0]]),
        stock_release=np.zeros(size),
    )
    shock = CapacityShock(target=named(f"firm {size - 1}"), loss=1.0, timing=during(1, 9))
    result = quietly(network, scenario(shock, days=8), records=("limiting",))
    assert values(result, "limiting")[-1, 0] == size - 1
