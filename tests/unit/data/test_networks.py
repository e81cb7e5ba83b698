"""A table becomes a supply network: one agent an industry, flows per day, figures by sector with defaults."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tenon.data import supply_network
from tenon.schema import DenseLinks, LabelError, NetworkError, SparseLinks
from tests.unit.schema.examples import TABLE, table


def test_flows_are_per_day_and_output_is_what_is_sold() -> None:
    network = supply_network(TABLE)
    np.testing.assert_allclose(network.output * 365, TABLE.x)
    np.testing.assert_allclose(network.value_added * 365, TABLE.V.sum(axis=0))
    assert isinstance(network.links, DenseLinks)
    links = network.to_sparse().links
    assert isinstance(links, SparseLinks)
    flows = np.zeros_like(TABLE.Z)
    flows[links.supplier, links.buyer] = links.flow
    np.testing.assert_allclose(flows * 365, TABLE.Z)


def test_agents_are_industries_and_products_are_sectors() -> None:
    network = supply_network(TABLE)
    assert network.agents == TABLE.labels
    assert network.products == TABLE.sectors
    assert network.regions == network.demanders == TABLE.regions
    assert network.is_region_by_product()
    assert (network.name, network.currency, network.unit, network.source) == ("small", "EUR", 1e6, "made up")
    assert network.estimated is TABLE.estimated


def test_final_demand_is_added_up_over_categories_by_region_of_use() -> None:
    network = supply_network(TABLE)
    np.testing.assert_allclose(network.final_demand * 365, [[2, 2], [8, 0], [0, 0], [1, 8]])
    np.testing.assert_allclose(network.stock_release, 0)


def test_demand_that_is_negative_for_a_region_is_a_release_from_stock() -> None:
    demand = np.array([[2.0, 0.0, 2.0, 0.0], [9.0, -1.0, 2.0, -5.0], [0.0, 0.0, 0.0, 0.0], [1.0, 0.0, 8.0, 0.0]])
    output = TABLE.Z.sum(axis=1) + demand.sum(axis=1)
    network = supply_network(table(Y=demand, x=output, V=(output - TABLE.Z.sum(axis=0)) * np.array([[1.2], [-0.2]])))
    np.testing.assert_allclose(network.final_demand[1] * 365, [8, 0])
    np.testing.assert_allclose(network.stock_release * 365, [0, 3, 0, 0])
    np.testing.assert_allclose(network.output * 365, output)


def test_a_figure_for_all_sectors_is_taken_for_each() -> None:
    network = supply_network(TABLE, inventory_days=30.0, capital_to_value_added=2.0)
    np.testing.assert_array_equal(network.inventory_days, [[30.0], [30.0]])
    np.testing.assert_allclose(network.capital, 2 * TABLE.V.sum(axis=0))


def test_without_figures_stocks_last_ninety_days_and_capital_is_four_years_of_value_added() -> None:
    network = supply_network(TABLE)
    np.testing.assert_array_equal(network.inventory_days, [[90.0], [90.0]])
    np.testing.assert_allclose(network.capital, 4 * TABLE.V.sum(axis=0))


def test_sectors_that_a_mapping_leaves_out_take_the_default() -> None:
    """In BoARIO the table of inventories must list every sector."""
    network = supply_network(
        TABLE, inventory_days={"power": 5.0}, capital_to_value_added={"mining": 10.0}, default_inventory_days=60.0
    )
    np.testing.assert_array_equal(network.inventory_days, [[60.0], [5.0]])
    np.testing.assert_allclose(network.capital, TABLE.V.sum(axis=0) * np.array([10, 4, 10, 4]))
    assert supply_network(TABLE, inventory_days={}).inventory_days.tolist() == [[90.0], [90.0]]


def test_the_default_holds_for_all_sectors_where_no_figure_is_given() -> None:
    network = supply_network(TABLE, default_inventory_days=40.0, inventory_days={})
    np.testing.assert_array_equal(network.inventory_days, [[40.0], [40.0]])


def test_industries_that_add_no_value_have_no_capital() -> None:
    # A:power buys 4 more of B:power than it used to, which sells 4 less to final users; that leaves no value added.
    flows = TABLE.Z + np.array([[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [0, 4, 0, 0]])
    demand = TABLE.Y - np.array([[0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 4, 0]])
    network = supply_network(table(V=TABLE.V - np.array([[0, 0, 0, 0], [0, 4, 0, 0]]), Z=flows, Y=demand))
    assert network.value_added[1] == 0
    np.testing.assert_allclose(network.capital, [28, 0, 0, 40])


def test_unlimited_stocks_are_allowed() -> None:
    network = supply_network(TABLE, inventory_days={"mining": np.inf})
    np.testing.assert_array_equal(network.inventory_days, [[np.inf], [90.0]])


@pytest.mark.parametrize("name", ["inventory_days", "capital_to_value_added"])
def test_an_unknown_sector_is_refused_with_the_nearest(name: str) -> None:
    message = rf"{name} names the sector 'minning', which table 'small' lacks; did you mean 'mining'\?"
    options: dict[str, Any] = {name: {"minning": 3.0}}
    with pytest.raises(LabelError, match=message):
        supply_network(TABLE, **options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"inventory_days": 0.0}, "inventory_days of 'mining' at every buyer in network 'small' must be above zero"),
        ({"inventory_days": {"power": np.nan}}, "inventory_days of 'power' at every buyer .* must be above zero"),
        ({"capital_to_value_added": -1.0}, "capital of 'A:mining' in network 'small' must be finite and not negative"),
    ],
)
def test_figures_out_of_range_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(NetworkError, match=message):
        supply_network(TABLE, **options)
