"""Who is in a result: the agents, flattened to one axis, with the region and the sector of each.

Results of a table have agents along ``region`` x ``sector``; those of other networks have them along ``agent``, with
coordinates that name the region and the product of each. Everything behind this module sees one axis.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tenon.schema import Float, Integer

if TYPE_CHECKING:
    import xarray

__all__ = ["Agents", "agents_of", "day_blocks", "flat", "sums_by"]

_CELLS_IN_A_BLOCK = 8_000_000
_REGION_COORDINATES = ("agent_region", "region")
_SECTOR_COORDINATES = ("agent_product", "agent_sector", "product", "sector")


@dataclass(frozen=True, eq=False, kw_only=True)
class Agents:
    """The agents of a result along one axis.

    Parameters
    ----------
    labels : (N,) array of str
        Labels, ``"region:sector"`` for a table.
    regions, sectors : tuple of str
        Labels of the regions and of the sectors; empty if agents have none.
    region, sector : (N,) array of int
        Position of each agent's region and sector.
    industries : bool
        True for a table, False for firms and sites.
    """

    labels: NDArray[np.str_]
    regions: tuple[str, ...]
    region: Integer
    sectors: tuple[str, ...]
    sector: Integer
    industries: bool

    def __len__(self) -> int:
        return int(self.labels.size)


def agents_of(values: xarray.Dataset) -> Agents:
    """Read who is in a result.

    Parameters
    ----------
    values : xarray.Dataset
        Values of a result.

    Returns
    -------
    Agents
        All agents on one axis.
    """
    if "agent" not in values["baseline_production"].dims:
        regions, sectors = _labels(values["region"]), _labels(values["sector"])
        return Agents(
            labels=np.array([f"{region}:{sector}" for region in regions for sector in sectors]),
            regions=regions,
            region=np.repeat(np.arange(len(regions)), len(sectors)),
            sectors=sectors,
            sector=np.tile(np.arange(len(sectors)), len(regions)),
            industries=True,
        )
    regions, region = _along_agents(values, _REGION_COORDINATES)
    sectors, sector = _along_agents(values, _SECTOR_COORDINATES)
    labels = np.array(_labels(values["agent"]))
    return Agents(labels=labels, regions=regions, region=region, sectors=sectors, sector=sector, industries=False)


def flat(array: xarray.DataArray, agents: Agents) -> NDArray[Any]:
    """Return values with the agents on one last axis.

    Parameters
    ----------
    array : xarray.DataArray
        A variable of the result with agents, perhaps with days.
    agents : Agents
        Who they are.

    Returns
    -------
    (..., N) array
        The values.
    """
    last = ("region", "sector") if agents.industries else ("agent",)
    values = array.transpose(..., *last).to_numpy()
    return values.reshape(*values.shape[: values.ndim - len(last)], len(agents))


def day_blocks(days: int, agents: Agents) -> Iterator[slice]:
    """Cut the days into runs that fit into memory.

    Parameters
    ----------
    days : int
        Number of days.
    agents : Agents
        Whose figures are read.

    Yields
    ------
    slice
        Days that are read together.
    """
    step = max(1, _CELLS_IN_A_BLOCK // max(1, len(agents)))
    for start in range(0, days, step):
        yield slice(start, min(days, start + step))


def sums_by(values: Float, group: Integer, size: int) -> Float:
    """Add agents of the same group together.

    Parameters
    ----------
    values : (N,) or (d, N) array
        Figures by agent, perhaps by day.
    group : (N,) array of int
        Group of each agent.
    size : int
        Number of groups.

    Returns
    -------
    (size,) or (d, size) array
        Sums.
    """
    if values.ndim == 1:
        return np.bincount(group, weights=values, minlength=size).astype(np.float64, copy=False)
    return np.stack([np.bincount(group, weights=row, minlength=size) for row in values])


def _labels(coordinate: xarray.DataArray) -> tuple[str, ...]:
    return tuple(str(label) for label in coordinate.to_numpy())


def _along_agents(values: xarray.Dataset, names: tuple[str, ...]) -> tuple[tuple[str, ...], Integer]:
    for name in names:
        if name in values.coords and values[name].dims == ("agent",):
            found = _labels(values[name])
            known = {label: position for position, label in enumerate(dict.fromkeys(found))}
            return tuple(known), np.array([known[label] for label in found], dtype=np.int64)
    return (), np.zeros(values.sizes["agent"], dtype=np.int64)
