"""Labels for the records of a run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from tenon.propagation._records import RECORDS, Array
from tenon.schema import Float, SupplyNetwork

if TYPE_CHECKING:
    import xarray

__all__ = ["label_records"]


def label_records(
    network: SupplyNetwork, names: tuple[str, ...], records: Mapping[str, Array], totals: Mapping[str, Float]
) -> xarray.Dataset:
    """Put names on the records of a run.

    Parameters
    ----------
    network : SupplyNetwork
        With ``N`` agents; region and sector become dimensions where the agents form a table.
    names : tuple of str
        Names of the ``B`` scenarios.
    records : mapping of str to (T, B, ...) array
        Records by day and scenario.
    totals : mapping of str to (B, N) array
        ``production_lost`` (currency) and ``recovery_day``.

    Returns
    -------
    xarray.Dataset
        Scenario first, then day, then the rest.
    """
    import xarray

    table = network.is_region_by_product()
    money = f"{network.unit:g} {network.currency}" if network.unit != 1 else network.currency
    money = money.replace("1e+06 ", "million ").replace("1e+09 ", "billion ")

    def variable(dims: tuple[str, ...], values: Array, units: str, meaning: str) -> xarray.Variable:
        if table and "agent" in dims:
            at = dims.index("agent")
            shape = (*values.shape[:at], len(network.regions), len(network.products), *values.shape[at + 1 :])
            dims, values = (*dims[:at], "region", "sector", *dims[at + 1 :]), values.reshape(shape)
        return xarray.Variable(dims, values, {"units": units.format(money=money), "long_name": meaning})

    content = {
        name: variable(
            ("scenario", "day", *RECORDS[name].dims), values.swapaxes(0, 1), RECORDS[name].units, RECORDS[name].meaning
        )
        for name, values in records.items()
    }
    output = network.output
    share = np.where(output > 0, network.value_added / np.where(output > 0, output, 1.0), 0.0)
    lost = totals["production_lost"]
    content |= {
        "production_lost": variable(("scenario", "agent"), lost, "{money}", "production lost"),
        "value_added_lost": variable(("scenario", "agent"), lost * share, "{money}", "value added lost"),
        "recovery_day": variable(("scenario", "agent"), totals["recovery_day"], "day", "first day of lasting recovery"),
        "baseline_production": variable(("agent",), output, "{money}/day", "undisturbed production"),
        "baseline_value_added": variable(("agent",), network.value_added, "{money}/day", "undisturbed value added"),
        "baseline_final_demand": variable(
            ("demander", "product"), _demand_by_product(network), "{money}/day", "undisturbed final demand"
        ),
    }
    return xarray.Dataset(content, coords=_coordinates(network, names, records, table=table))


def _demand_by_product(network: SupplyNetwork) -> Float:
    demand = np.zeros((len(network.products), len(network.demanders)))
    np.add.at(demand, network.product, network.final_demand)
    return demand.T


def _coordinates(
    network: SupplyNetwork, names: tuple[str, ...], records: Mapping[str, Array], *, table: bool
) -> dict[str, object]:
    days = next((values.shape[0] for values in records.values()), 0)
    labels: dict[str, object] = {
        "scenario": list(names),
        "day": np.arange(days),
        "demander": list(network.demanders),
        "product": list(network.products),
    }
    if table:
        return labels | {"region": list(network.regions), "sector": list(network.products)}
    return labels | {
        "agent": list(network.agents),
        "agent_region": ("agent", np.array(network.regions)[network.region]),
        "agent_product": ("agent", np.array(network.products)[network.product]),
    }
