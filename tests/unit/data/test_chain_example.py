"""The worked example can do what it demands, spans the world, and hides one point that everything hangs on."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import lil_matrix

from tenon.data import example_chain
from tenon.schema import Float, Mode, SupplyChain

CHAIN = example_chain()
HIDDEN = "Sakaide needle coke plant"


def test_it_is_marked_as_made_up() -> None:
    assert CHAIN.illustrative
    assert "Made up" in CHAIN.source


def test_it_spans_the_world() -> None:
    assert 55 <= len(CHAIN.sites) <= 65
    assert len(set(CHAIN.sites.country)) >= 15
    assert np.isfinite(CHAIN.sites.latitude).all()
    assert np.isfinite(CHAIN.sites.longitude).all()
    assert set(CHAIN.lanes.mode) == set(Mode)
    assert CHAIN.depth.max() >= 4
    assert {"Strait of Malacca", "Suez Canal", "Panama Canal"} <= {p for lane in CHAIN.lanes.passages for p in lane}
    assert set(CHAIN.passages.labels) == {p for lane in CHAIN.lanes.passages for p in lane}
    assert (CHAIN.lanes.events_per_year > 0).all()
    assert {group.kind for group in CHAIN.groups.values()} == {"hazard zone", "power grid", "owner"}
    assert 0 < (~CHAIN.supplies.verified).sum() < 20


def normal_flows(chain: SupplyChain) -> Float:
    """Return what each stage makes where every source in use delivers its share of what is demanded."""
    flow: Float = np.bincount(chain.demands.stage, chain.demands.quantity, len(chain.stages)).astype(np.float64)
    share = np.where(chain.supplies.start_up_days > 0, 0.0, chain.supplies.share)
    for stage in np.argsort(chain.depth, kind="stable"):
        for supply in np.flatnonzero(chain.supplies.buyer == stage):
            units = chain.inputs.units[chain.input_of_supply[supply]]
            flow[chain.supplies.supplier[supply]] += flow[stage] * units * share[supply]
    return flow


def test_undisturbed_demand_is_within_every_capacity() -> None:
    flow = normal_flows(CHAIN)
    assert (flow <= CHAIN.stages.capacity).all()
    used = np.bincount(CHAIN.stages.site, flow * CHAIN.stages.site_use, len(CHAIN.sites))
    assert (used <= CHAIN.sites.capacity).all()


def most_served(chain: SupplyChain, out: str) -> float:
    """Return the share of demand that can be served day by day with one site out, no stocks and no new sources.

    Unknowns are what stages make, what supplies carry and what customers get; a program of a few lines that knows
    nothing of the engines.
    """
    stages, supplies, demands = len(chain.stages), len(chain.supplies), len(chain.demands)
    rows = lil_matrix((len(chain.inputs) + stages + len(chain.sites), stages + supplies + demands))
    rows[np.arange(len(chain.inputs)), chain.inputs.stage] = chain.inputs.units
    for supply in range(supplies):
        rows[chain.input_of_supply[supply], stages + supply] = -1
        rows[len(chain.inputs) + chain.supplies.supplier[supply], stages + supply] = 1
    for stage in range(stages):
        rows[len(chain.inputs) + stage, stage] = -1
        rows[len(chain.inputs) + stages + chain.stages.site[stage], stage] = chain.stages.site_use[stage]
    for demand, stage in enumerate(chain.demands.stage):
        rows[len(chain.inputs) + stage, stages + supplies + demand] = 1
    right = np.concatenate([np.zeros(len(chain.inputs) + stages), np.nan_to_num(chain.sites.capacity, posinf=1e9)])
    is_out = np.array([chain.sites.labels[site] == out for site in chain.stages.site])
    capacity = np.where(is_out, 0.0, np.minimum(chain.stages.capacity, 1e9))
    carried = np.where(chain.supplies.start_up_days > 0, 0.0, np.minimum(chain.supplies.capacity, 1e9))
    most = np.concatenate([capacity, carried, chain.demands.quantity])
    gain = np.concatenate([np.zeros(stages + supplies), np.ones(demands)])
    limits = [(0.0, float(bound)) for bound in most]
    done = linprog(-gain, rows.toarray(), right, bounds=limits)
    assert done.x is not None, done.message
    return float(gain @ done.x / chain.demands.quantity.sum())


def test_the_whole_demand_can_be_served() -> None:
    assert most_served(CHAIN, "") > 1 - 1e-9


def test_one_site_far_up_stops_everything() -> None:
    assert most_served(CHAIN, HIDDEN) < 1e-9


def test_no_other_site_of_another_company_stops_everything() -> None:
    own = set(CHAIN.groups["Dovetail Stainless"].sites)
    fatal = [site for site in CHAIN.sites.labels if site not in own and most_served(CHAIN, site) < 1e-9]
    assert fatal == [HIDDEN]


def test_the_hidden_site_stands_three_tiers_above_the_plate() -> None:
    """Plate is rolled of slabs, slabs need electrodes, electrodes need needle coke; only coke has one supplier."""
    suppliers: dict[str, set[str]] = defaultdict(set)
    parts = CHAIN.parts.labels
    used = CHAIN.supplies.start_up_days == 0
    for supplier, buyer in zip(CHAIN.supplies.supplier[used], CHAIN.supplies.buyer[used], strict=True):
        made, needed = parts[CHAIN.stages.part[buyer]], parts[CHAIN.stages.part[supplier]]
        suppliers[f"{needed} for {made}"].add(CHAIN.sites.labels[CHAIN.stages.site[supplier]])
    assert suppliers["needle coke for electrodes"] == {HIDDEN}
    assert len(suppliers["electrodes for slab 304"]) == 3
    own = set(CHAIN.groups["Dovetail Stainless"].sites)
    direct = CHAIN.supplies.buyer[CHAIN.stages.site[CHAIN.supplies.supplier] == CHAIN.sites.labels.index(HIDDEN)]
    assert not own & {CHAIN.sites.labels[CHAIN.stages.site[stage]] for stage in direct}


def test_its_stocks_last_for_less_than_it_takes_to_recover() -> None:
    flow = normal_flows(CHAIN)
    coke, electrodes = (CHAIN.parts.labels.index(part) for part in ("needle coke", "electrodes"))
    made = {part: flow[CHAIN.stages.part == part].sum() for part in (coke, electrodes)}
    days = 0.0
    for part in (coke, electrodes):
        held = CHAIN.stages.stock[(CHAIN.stages.part == part) & (flow > 0)].sum()
        held += CHAIN.inputs.stock[(CHAIN.inputs.part == part) & (flow[CHAIN.inputs.stage] > 0)].sum()
        days += held / made[part]
    assert days < CHAIN.sites.recovery_days[CHAIN.sites.labels.index(HIDDEN), 1]
