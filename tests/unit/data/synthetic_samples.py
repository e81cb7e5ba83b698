"""A small table, and sums over firms, for the tests of synthetic economies."""

from __future__ import annotations

import numpy as np

from tenon.schema import Float, InputOutputTable, Integer, SparseLinks, SupplyNetwork


def two_regions(*, idle: bool = False) -> InputOutputTable:
    """Return a table of two regions and three sectors; one flow is small, some inventories run down."""
    random = np.random.default_rng(7)
    x = np.array([1000.0, 2000.0, 500.0, 800.0, 3000.0, 900.0])
    Z = random.uniform(0.02, 0.12, (6, 6)) * x
    Z[1, 2] = 1e-6
    if idle:
        Z[3], Z[:, 3], x[3] = 0.0, 0.0, 0.0
    final = x - Z.sum(axis=1)
    Y = final[:, None] * [[0.7, -0.05, 0.3, 0.05]]
    return InputOutputTable(
        name="two regions",
        regions=("A", "B"),
        sectors=("grain", "steel", "trade"),
        final_demand_categories=("consumption", "inventories"),
        value_added_items=("value added",),
        Z=Z,
        Y=Y,
        V=(x - Z.sum(axis=0))[None, :],
        x=x,
        currency="EUR",
        unit=1e6,
        year=2020,
        source="made up",
        license="none",
    )


def industry_of(network: SupplyNetwork) -> Integer:
    """Return the industry of each firm."""
    return network.region * len(network.products) + network.product


def industry_flows(table: InputOutputTable, network: SupplyNetwork) -> Float:
    """Add up the yearly flows of firms by industry of the supplier (row) and of the buyer (column)."""
    assert isinstance(network.links, SparseLinks)
    flows = np.zeros((len(table), len(table)))
    industry = industry_of(network)
    np.add.at(flows, (industry[network.links.supplier], industry[network.links.buyer]), network.links.flow * 365)
    return flows
