"""From an input-output table to a supply network: one agent an industry, one product a sector."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tenon.schema import DenseLinks, Float, InputOutputTable, LabelError, SupplyNetwork, nearest

__all__ = ["supply_network"]

_DAYS_A_YEAR = 365.0


def supply_network(
    table: InputOutputTable,
    *,
    inventory_days: float | Mapping[str, float] = 90.0,
    capital_to_value_added: float | Mapping[str, float] = 4.0,
    default_inventory_days: float = 90.0,
) -> SupplyNetwork:
    """Make the supply network of a table: flows per day, and final demand by region of use.

    Parameters
    ----------
    table : InputOutputTable
        ``R`` regions and ``S`` sectors, yearly flows.
    inventory_days : float or mapping of str to float, days, at least 1
        Target stock of inputs, in days of use; by sector of the input where a mapping. Infinite: never runs short.
    capital_to_value_added : float or mapping of str to float, years
        Productive capital as a multiple of yearly value added; by sector where a mapping (others: 4). Industries whose
        value added is not positive have none.
    default_inventory_days : float, days
        For sectors that the mapping leaves out.

    Returns
    -------
    SupplyNetwork
        ``R S`` agents in the order of the table, dense links. Final demand that is negative after adding the
        categories of a region (stocks drawn down by more than is consumed) becomes ``stock_release``. Output is what
        is sold, so a residual of the table's rows stays out of the network.

    Raises
    ------
    LabelError
        If a mapping names an unknown sector.
    NetworkError
        If a figure is out of its range.

    Examples
    --------
    >>> import numpy as np
    >>> from tenon.schema import InputOutputTable
    >>> table = InputOutputTable(
    ...     name="two industries", regions=("A",), sectors=("1", "2"), final_demand_categories=("final",),
    ...     value_added_items=("value added",), Z=np.array([[150.0, 500.0], [200.0, 100.0]]),
    ...     Y=np.array([[350.0], [1700.0]]), V=np.array([[650.0, 1400.0]]), x=np.array([1000.0, 2000.0]),
    ...     currency="USD", unit=1.0, year=2009, source="Miller and Blair 2009", license="facts")
    >>> (supply_network(table).output * 365).round(6)
    array([1000., 2000.])
    """
    sectors, regions = len(table.sectors), len(table.regions)
    industry = np.arange(len(table))
    demand = table.final_demand_by_region / _DAYS_A_YEAR
    value_added = table.value_added
    ratio = np.tile(_by_sector(table, capital_to_value_added, 4.0, "capital_to_value_added"), regions)
    return SupplyNetwork(
        name=table.name,
        agents=table.labels,
        products=table.sectors,
        product=industry % sectors,
        regions=table.regions,
        region=industry // sectors,
        links=DenseLinks.from_matrix(table.Z, industry % sectors, scale=1.0 / _DAYS_A_YEAR),
        demanders=table.regions,
        final_demand=np.maximum(demand, 0.0),
        value_added=value_added / _DAYS_A_YEAR,
        capital=ratio * np.maximum(value_added, 0.0),
        inventory_days=_by_sector(table, inventory_days, default_inventory_days, "inventory_days")[:, None],
        stock_release=np.maximum(-demand, 0.0).sum(axis=1),
        currency=table.currency,
        unit=table.unit,
        source=table.source,
        estimated=table.estimated,
    )


def _by_sector(table: InputOutputTable, values: float | Mapping[str, float], default: float, what: str) -> Float:
    if not isinstance(values, Mapping):
        return np.full(len(table.sectors), float(values))
    for label in values:
        if label not in table.sectors:
            message = (
                f"{what} names the sector {label!r}, which table {table.name!r} lacks; {nearest(label, table.sectors)}"
            )
            raise LabelError(message)
    return np.array([float(values.get(sector, default)) for sector in table.sectors])
