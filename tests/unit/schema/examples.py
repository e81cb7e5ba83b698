"""Small examples that the tests of the value types change one thing of."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from tenon.schema import InputOutputTable, Satellite, SparseLinks, SupplyNetwork

TABLE = InputOutputTable(
    name="small",
    regions=("A", "B"),
    sectors=("mining", "power"),
    final_demand_categories=("use", "stocks"),
    value_added_items=("work", "taxes"),
    # Industries A:mining, A:power, B:mining, B:power; B:mining is idle, and stocks of A:power run down.
    Z=np.array([[2.0, 3.0, 0.0, 1.0], [1.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0], [0.0, 2.0, 0.0, 4.0]]),
    Y=np.array([[2.0, 0.0, 2.0, 0.0], [9.0, -1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0], [1.0, 0.0, 8.0, 0.0]]),
    V=np.array([[6.0, 4.5, 0.0, 10.0], [1.0, -0.5, 0.0, 0.0]]),
    x=np.array([10.0, 10.0, 0.0, 15.0]),
    currency="EUR",
    unit=1e6,
    year=2020,
    source="made up",
    license="none",
    satellites={"jobs": Satellite(np.array([1.0, 2.0, 0.0, 3.0]), "thousand persons", "made up")},
    region_names={"A": "Land of A"},
    sector_names={"power": "Electric power"},
)

NETWORK = SupplyNetwork(
    name="small",
    agents=("mine", "plant one", "plant two"),
    products=("ore", "metal"),
    product=np.array([0, 1, 1]),
    regions=("A", "B"),
    region=np.array([0, 0, 1]),
    links=SparseLinks(np.array([0, 0, 1]), np.array([1, 2, 2]), np.array([4.0, 2.0, 1.0])),
    demanders=("A", "B"),
    final_demand=np.array([[1.0, 0.0], [5.0, 2.0], [0.0, 6.0]]),
    value_added=np.array([7.0, 4.0, 2.0]),
    capital=np.array([30.0, 20.0, 10.0]),
    inventory_days=np.array([[10.0], [20.0]]),
    stock_release=np.array([0.0, 0.0, 1.0]),
    currency="EUR",
    unit=1e6,
    source="made up",
)


def links(supplier: list[int], buyer: list[int], flow: list[float], **more: Any) -> SparseLinks:
    """Return links named in lists."""
    ends = np.array(supplier, dtype=np.int64), np.array(buyer, dtype=np.int64)
    return SparseLinks(*ends, np.array(flow, dtype=float), **more)


def table(**changes: Any) -> InputOutputTable:
    """Return the small table with some attributes changed."""
    return replace(TABLE, **changes)


def network(**changes: Any) -> SupplyNetwork:
    """Return the small network with some attributes changed."""
    return replace(NETWORK, **changes)


def changed(values: np.ndarray[Any, Any], at: tuple[int, ...], value: float) -> np.ndarray[Any, Any]:
    """Return a copy of an array with one cell changed."""
    copy = np.array(values)
    copy[at] = value
    return copy
