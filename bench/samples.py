"""Tables, networks and chains made for measuring, the same from the same seed; large ones under ``build/bench``."""

from __future__ import annotations

import zlib
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.workers import BUILD
from tenon.schema import Demands, Evidence, Group, Inputs, Lanes, Parts, Sites, Stages, Supplies, SupplyChain

__all__ = ["chain", "company_chain", "firm_network", "table"]

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
    folder = BUILD / f"firms-{firms}-{links}-{_KEY}"
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


def chain(products: int, second: int, third: int) -> Path:
    """Write a company's chain of three tiers, each stage at a site of its own.

    A product needs three parts of the second tier and each of these two of the third; five stages make four parts,
    and a third of the inputs with more than one maker have two sources. Stages can make up to 60 % more than an
    undisturbed day asks for, hold stock for up to eight days and recover within one to ten days.

    Parameters
    ----------
    products, second, third : int
        Number of stages of each tier.

    Returns
    -------
    Path
        Folder with ``part``, ``capacity``, ``stock``, ``recovery`` (stages), ``input_stage``, ``input_part``,
        ``units`` (inputs), ``supplier``, ``feeds`` (supplies), ``demand``, ``margin`` (products, which come first).
    """
    folder = BUILD / f"chain-{products}-{second}-{third}-{_KEY}"
    if (folder / "margin.npy").exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(np.random.SeedSequence(_SEED, spawn_key=(products, second, third)))
    kinds = (second * 4 // 5, third * 4 // 5)
    part = np.concatenate(
        [
            np.arange(products),
            products + np.arange(second) % kinds[0],
            products + kinds[0] + np.arange(third) % kinds[1],
        ]
    )
    inputs: list[tuple[int, int]] = []
    for stage in range(products + second):
        first, count, number = (products, kinds[0], 3) if stage < products else (products + kinds[0], kinds[1], 2)
        inputs += [(stage, first + int(kind)) for kind in random.choice(count, number, replace=False)]
    input_stage, input_part = np.array(inputs).T
    order = np.argsort(part, kind="stable")
    makers = np.split(order, np.searchsorted(part[order], np.arange(1, int(part.max()) + 1)))
    chosen = [random.permutation(makers[kind])[: 1 + int(random.random() < 1 / 3)] for kind in input_part]
    supplier = np.concatenate(chosen)
    feeds = np.repeat(np.arange(len(inputs)), [found.size for found in chosen])
    units = random.integers(1, 4, len(inputs)).astype(np.float64)
    demand = random.uniform(5.0, 20.0, products)
    day = np.zeros(part.size)
    day[:products] = demand
    share = units[feeds] / np.bincount(feeds)[feeds]
    for tier in (input_stage[feeds] < products, input_stage[feeds] >= products):
        np.add.at(day, supplier[tier], share[tier] * day[input_stage[feeds[tier]]])
    day = np.maximum(day, 1.0)
    _write(
        folder,
        part=part,
        capacity=day * random.uniform(1.0, 1.6, part.size),
        stock=day * random.uniform(0.0, 8.0, part.size),
        recovery=random.integers(1, 11, part.size).astype(np.float64),
        input_stage=input_stage,
        input_part=input_part,
        units=units,
        supplier=supplier,
        feeds=feeds,
        demand=demand,
        margin=random.uniform(10.0, 100.0, products),
    )
    return folder


def company_chain(products: int, second_tier: int, third_tier: int, *, events_per_year: float) -> SupplyChain:
    """Make a chain of three tiers, in which every stage stands at a site of its own.

    Every product needs one to four parts of the second tier, and each stage of the second one to four of the third; a
    part has one or two suppliers. Capacities, stocks and times to recover are drawn; a twentieth of the events are
    those of groups of ten sites.

    Parameters
    ----------
    products, second_tier, third_tier : int, at least 2
        Number of stages of each tier.
    events_per_year : float
        Of all sites and groups together.

    Returns
    -------
    SupplyChain
        The same from the same figures.
    """
    random = np.random.default_rng(np.random.SeedSequence(_SEED, spawn_key=(products, second_tier, third_tier)))
    count = products + second_tier + third_tier
    tiers = np.split(np.arange(count), [products, products + second_tier])
    # Two stages make the same part, except in the first tier.
    makers = np.concatenate([tiers[0], *(tier[0] + 2 * ((tier - tier[0]) // 2) for tier in tiers[1:])])
    labels, part = np.unique(makers, return_inverse=True)
    groups = max(1, count // 85)
    names = tuple(f"site {number}" for number in range(count))
    members = [random.choice(count, min(10, count), replace=False) for _ in range(groups)]
    return SupplyChain(
        name="three tiers",
        sites=_company_sites(random, names, 0.95 * events_per_year),
        parts=Parts(labels=tuple(f"part {label}" for label in labels), units=("piece",) * labels.size),
        stages=Stages(
            site=np.arange(count),
            part=part,
            capacity=random.lognormal(6.0, 0.5, count),
            stock=random.lognormal(5.0, 1.0, count),
            site_use=np.ones(count),
            added_cost=np.ones(count),
            processing_days=np.ones(count),
        ),
        **_company_links(random, tiers, part),
        lanes=Lanes(labels=(), mode=(), days=np.zeros(0), capacity=np.zeros(0), passages=()),
        demands=Demands(
            stage=tiers[0],
            customer=("all",) * products,
            quantity=random.lognormal(3.0, 0.5, products),
            margin=random.uniform(1.0, 20.0, products),
            deviation=np.zeros(products),
            service_days=np.zeros(products),
        ),
        groups={
            f"group {number}": Group(
                kind="region",
                sites=tuple(names[site] for site in sites),
                events_per_year=0.05 * events_per_year / groups,
            )
            for number, sites in enumerate(members)
        },
        currency="EUR",
        source="made for measuring",
        illustrative=True,
    )


def _company_sites(random: np.random.Generator, names: tuple[str, ...], events_per_year: float) -> Sites:
    count = len(names)
    likely = random.uniform(10.0, 60.0, count)
    return Sites(
        labels=names,
        country=("",) * count,
        latitude=np.full(count, np.nan),
        longitude=np.full(count, np.nan),
        capacity=np.full(count, np.inf),
        recovery_days=np.stack([0.5 * likely, likely, 3.0 * likely], axis=1),
        recovery_evidence=(Evidence.ASSUMED,) * count,
        events_per_year=random.dirichlet(np.ones(count)) * events_per_year,
    )


def _company_links(
    random: np.random.Generator, tiers: list[NDArray[np.int64]], part: NDArray[np.int64]
) -> dict[str, Any]:
    """Draw what each stage needs of the tier above it, and let every maker of it supply."""
    needs = []
    for buyers, suppliers in pairwise(tiers):
        offered = np.unique(part[suppliers])
        for buyer in buyers:
            wanted = random.choice(offered, min(offered.size, random.integers(1, 5)), replace=False)
            needs += [(buyer, item) for item in wanted]
    stage, wanted = np.array(needs).T
    supplier, row = np.nonzero(part[:, None] == wanted)
    return {
        "inputs": Inputs(stage=stage, part=wanted, units=np.ones(stage.size), stock=np.zeros(stage.size)),
        "supplies": Supplies(
            supplier=supplier,
            buyer=stage[row],
            share=np.full(supplier.size, np.nan),
            capacity=np.full(supplier.size, np.inf),
            lane=np.full(supplier.size, -1),
            start_up_days=np.zeros(supplier.size),
            verified=np.ones(supplier.size, dtype=bool),
        ),
    }


def _weighted(random: np.random.Generator, weights: NDArray[np.float64], count: int) -> NDArray[np.int64]:
    """Draw positions with replacement, in proportion to weights."""
    bounds = np.cumsum(weights)
    found: NDArray[np.int64] = np.searchsorted(bounds, random.random(count) * bounds[-1])
    return found


def _write(folder: Path, **arrays: NDArray[np.float64] | NDArray[np.int64]) -> None:
    for name, values in arrays.items():
        np.save(folder / f"{name}.npy", values)
