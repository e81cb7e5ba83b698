"""Tables and networks made for measuring, the same from the same seed, as plain arrays under ``build/bench``."""

from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.workers import BUILD

__all__ = ["firm_network", "table"]

_SEED = 20240229
# Samples made by an older version of this file have another key in their folders' names.
_KEY = f"{zlib.crc32(Path(__file__).read_bytes()):08x}"


def table(regions: int, sectors: int) -> Path:
    """Write a dense balanced table, and how much capital its event destroys.

    Flows are lognormal around the product of the sizes of seller and buyer, five times larger inside a region;
    inputs take up to 0.6 of output; there is one category of final demand a region.

    Parameters
    ----------
    regions, sectors : int
        Size of the table.

    Returns
    -------
    Path
        Folder with ``Z``, ``Y``, ``x`` (millions a year) and ``lost`` (millions).
    """
    folder = BUILD / f"table-{regions}x{sectors}-{_KEY}"
    if (folder / "lost.npy").exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(np.random.SeedSequence(_SEED, spawn_key=(regions, sectors)))
    size = regions * sectors
    scale = random.lognormal(0.0, 1.0, size)
    Z = random.standard_normal((size, size), dtype=np.float32).astype(np.float64)
    np.exp(Z, out=Z)
    Z *= scale[:, None]
    for r in range(regions):
        here = slice(r * sectors, (r + 1) * sectors)
        Z[here, here] *= 5.0
    inputs = 1e4 * scale * random.uniform(0.4, 0.6, size)
    Z *= inputs / Z.sum(axis=0)
    demand = random.lognormal(0.0, 1.0, (size, regions))
    x = 1.1 * np.maximum(Z.sum(axis=1), 1e4 * scale)
    Y = demand * ((x - Z.sum(axis=1)) / demand.sum(axis=1))[:, None]
    value_added = x - Z.sum(axis=0)
    # A tenth of the regions lose between 5 and 30 % of their capital, which is four times value added.
    share = np.zeros(size)
    hit = max(1, regions // 10) * sectors
    share[:hit] = random.uniform(0.05, 0.3, hit)
    _write(folder, Z=Z, Y=Y, x=x, lost=share * 4.0 * value_added)
    return folder


def firm_network(firms: int, links: int, *, sectors: int = 100) -> Path:
    """Write a random network of firms with few large ones.

    Suppliers are drawn with weights ``rank^-0.78``, buyers with ``rank^-0.6``, so that of a million firms the largest
    has tens of thousands of customers; flows are lognormal; final demand leaves every firm some value added.

    Parameters
    ----------
    firms, links : int
        Size of the network; a few links more are drawn and those that stand twice dropped.
    sectors : int
        Number of sectors, of about the same number of firms each.

    Returns
    -------
    Path
        Folder with one array a file.
    """
    folder = BUILD / f"firms-{firms}-{links}-{sectors}-{_KEY}"
    if (folder / "value_added.npy").exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(np.random.SeedSequence(_SEED, spawn_key=(firms, links)))
    rank = 1.0 + random.permutation(firms).astype(np.float64)
    drawn = int(1.2 * links)
    supplier, buyer = (_weighted(random, rank**-power, drawn) for power in (0.78, 0.6))
    pairs = np.unique((supplier * firms + buyer)[supplier != buyer])
    pairs = np.sort(random.choice(pairs, min(links, pairs.size), replace=False))
    supplier, buyer = pairs // firms, pairs % firms
    flow = random.lognormal(0.0, 1.0, pairs.size)
    sales = np.bincount(supplier, flow, firms)
    inputs = np.bincount(buyer, flow, firms)
    final_demand = 1.25 * np.maximum(inputs - sales, 0.0) + 0.3 * random.lognormal(0.0, 1.0, firms)
    _write(
        folder,
        supplier=supplier,
        buyer=buyer,
        flow=flow,
        product=random.integers(0, sectors, firms),
        final_demand=final_demand,
        value_added=sales + final_demand - inputs,
    )
    return folder


def _weighted(random: np.random.Generator, weights: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    """Draw positions with replacement, in proportion to weights."""
    bounds = np.cumsum(weights)
    found: NDArray[np.int64] = np.searchsorted(bounds, random.random(count) * bounds[-1])
    return found


def _write(folder: Path, **arrays: NDArray[np.float64] | NDArray[np.int64]) -> None:
    for name, values in arrays.items():
        np.save(folder / f"{name}.npy", values)
