"""Random small chains with everything that a stress test knows, and random outages of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenon.schema import (
    Demands,
    Evidence,
    Float,
    Group,
    Inputs,
    Integer,
    Lanes,
    Mode,
    Outage,
    Parts,
    Sites,
    Stages,
    Supplies,
    SupplyChain,
)

__all__ = ["random_chain", "random_outage"]

_LANES = ("sea", "road", "rail")
_PASSAGES = (("canal", "strait"), ("strait",), ())


class _Links(NamedTuple):
    """Who needs what of whom; suppliers of one input are numbered by ``rank``."""

    stage: Integer
    part: Integer
    units: Float
    supplier: Integer
    feeds: Integer
    rank: Integer

    @property
    def buyer(self) -> Integer:
        return self.stage[self.feeds]


class _Day(NamedTuple):
    """An undisturbed day: what stages make and supplies bring, in equal shares."""

    output: Float
    flow: Float


def random_chain(seed: int, *, late: bool = True) -> SupplyChain:
    """Return a chain of two to twelve stages in up to four tiers, most of which can serve what is asked of them.

    Parameters
    ----------
    seed : int
        Address of the draw.
    late : bool
        Whether some supplies take time: lanes with days, and sources that must be started up first.
    """
    random = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(3,)))
    sizes = [int(random.integers(1, 4)) for _ in range(random.integers(2, 5))]
    tier = np.repeat(np.arange(len(sizes)), sizes)
    part = 3 * tier + random.integers(0, 2, tier.size)
    last = np.flatnonzero(tier == len(sizes) - 1)
    demand = np.concatenate([last, random.choice(tier.size, random.integers(0, 3))])
    quantity = random.uniform(1, 12, demand.size)
    asked = np.bincount(demand, quantity, tier.size).astype(np.float64)
    links = _links(random, tier, part)
    day = _day(links, asked, tier)
    lane = random.integers(-1, len(_LANES), links.supplier.size)
    over = np.bincount(lane + 1, day.flow, len(_LANES) + 1)[1:].astype(np.float64)
    labels, site = np.unique(_sites_of(random, part), return_inverse=True)
    kinds = np.unique(part)
    use = _some(random, random.uniform(0.5, 2, tier.size), 0.0, 0.1)
    shared = np.bincount(site, use * day.output, labels.size) * random.uniform(1, 2.5, labels.size)
    return SupplyChain(
        name=f"random {seed}",
        sites=_sites(random, _some(random, np.where(shared > 0, shared, np.inf), np.inf, 0.6)),
        parts=Parts(labels=tuple(f"p{kind}" for kind in kinds), units=("piece",) * kinds.size),
        stages=Stages(
            site=site,
            part=np.searchsorted(kinds, part),
            capacity=_some(random, day.output * random.uniform(0.95, 2.5, tier.size), np.inf, 0.15),
            stock=_some(random, day.output * random.uniform(0, 12, tier.size), 0.0, 0.3),
            site_use=use,
            added_cost=random.random(tier.size),
            processing_days=np.zeros(tier.size),
        ),
        inputs=Inputs(
            stage=links.stage,
            part=np.searchsorted(kinds, links.part),
            units=links.units,
            stock=_some(random, random.uniform(0, 60, links.stage.size), 0.0, 0.5),
        ),
        supplies=Supplies(
            supplier=links.supplier,
            buyer=links.buyer,
            share=np.full(links.supplier.size, np.nan),
            capacity=_some(random, day.flow * random.uniform(1, 3, lane.size), np.inf, 0.5),
            lane=lane,
            start_up_days=_start_up(random, links, late=late),
            verified=np.ones(lane.size, dtype=bool),
        ),
        lanes=_lanes(random, over, late=late),
        demands=Demands(
            stage=demand,
            customer=tuple(f"c{number}" for number in range(demand.size)),
            quantity=quantity,
            margin=random.uniform(0.5, 20, demand.size),
            deviation=np.zeros(demand.size),
            service_days=np.zeros(demand.size),
        ),
        groups={"region": Group(kind="region", sites=tuple(f"s{number}" for number in range(labels.size))[:2])},
        currency="EUR",
        source="drawn",
    )


def random_outage(chain: SupplyChain, seed: int) -> Outage:
    """Return an outage of one thing or of several, whole or in part."""
    random = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(4,)))
    sites = tuple(random.choice(chain.sites.labels, random.integers(0, 3)).tolist())
    lanes = tuple(random.choice(chain.lanes.labels, random.integers(0, 2)).tolist())
    stages = tuple(random.choice(chain.stage_labels, random.integers(0, 2)).tolist())
    groups = ("region",) if random.random() < 0.15 else ()
    if not (sites or lanes or stages or groups):
        sites = chain.sites.labels[:1]
    limited = np.isfinite(chain.stages.capacity).all() and np.isfinite(chain.lanes.capacity).all()
    return Outage(
        name="drawn",
        sites=sites,
        stages=stages,
        lanes=lanes,
        groups=groups,
        passages=("strait",) if random.random() < 0.2 else (),
        loss=float(random.choice([0.3, 0.6, 1.0])) if limited else 1.0,
        days=float(random.uniform(0.5, 30)),
        stock_lost=bool(random.random() < 0.3),
    )


def _links(random: np.random.Generator, tier: Integer, part: Integer) -> _Links:
    """Draw which parts each stage needs from the tiers before it, and who supplies them."""
    needs: list[tuple[int, int]] = []
    supplies: list[tuple[int, int, int]] = []
    for buyer in np.flatnonzero(tier > 0).tolist():
        near = np.unique(part[tier == tier[buyer] - 1])
        known = np.unique(part[tier < tier[buyer]])
        for kind in sorted({int(random.choice(near)), *random.choice(known, random.integers(0, 2)).tolist()}):
            makers = np.flatnonzero(part == kind)
            chosen = random.choice(makers, random.integers(1, makers.size + 1), replace=False)
            supplies += [(int(supplier), len(needs), rank) for rank, supplier in enumerate(chosen)]
            needs.append((buyer, kind))
    stage, kinds = np.array(needs, dtype=np.int64).reshape(-1, 2).T
    supplier, feeds, rank = np.array(supplies, dtype=np.int64).T
    return _Links(stage, kinds, random.uniform(0.3, 3, stage.size), supplier, feeds, rank)


def _day(links: _Links, demand: Float, tier: Integer) -> _Day:
    output = demand.copy()
    share = links.units[links.feeds] / np.bincount(links.feeds)[links.feeds]
    for level in range(int(tier.max()), 0, -1):
        fed = tier[links.buyer] == level
        np.add.at(output, links.supplier[fed], share[fed] * output[links.buyer[fed]])
    return _Day(output, share * output[links.buyer])


def _start_up(random: np.random.Generator, links: _Links, *, late: bool) -> Float:
    """Draw which sources must be started up first; the first of each input is always in use."""
    waits = (random.random(links.rank.size) < 0.5) & (links.rank > 0) & late
    return np.where(waits, random.integers(1, 15, links.rank.size), 0).astype(np.float64)


def _sites_of(random: np.random.Generator, part: Integer) -> Integer:
    """Draw sites, at which no part is made twice."""
    site = random.integers(0, part.size, part.size)
    pairs = np.stack([site, part], axis=1)
    return site if len(np.unique(pairs, axis=0)) == part.size else np.arange(part.size)


def _sites(random: np.random.Generator, capacity: Float) -> Sites:
    count = capacity.size
    return Sites(
        labels=tuple(f"s{number}" for number in range(count)),
        country=("",) * count,
        latitude=np.full(count, np.nan),
        longitude=np.full(count, np.nan),
        capacity=capacity,
        recovery_days=np.sort(random.uniform(1, 40, (count, 3)), axis=1),
        recovery_evidence=(Evidence.ASSUMED,) * count,
        events_per_year=np.zeros(count),
    )


def _lanes(random: np.random.Generator, flow: Float, *, late: bool) -> Lanes:
    days = np.array([random.integers(2, 20), random.integers(0, 3), 0], dtype=np.float64)
    return Lanes(
        labels=_LANES,
        mode=(Mode.SEA, Mode.ROAD, Mode.RAIL),
        days=days if late else np.zeros(3),
        capacity=_some(random, flow * random.uniform(1, 2.5, 3), np.inf, 0.4),
        passages=_PASSAGES,
    )


def _some(random: np.random.Generator, values: Float, other: float, share: float) -> Float:
    """Replace a share of values by another."""
    replaced: NDArray[np.float64] = np.where(random.random(values.size) < share, other, values)
    return replaced
