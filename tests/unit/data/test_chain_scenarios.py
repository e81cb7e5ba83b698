"""An outage of a chain as a scenario of its network."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tenon.data import network_from_chain, outage_days, scenario_from_outage
from tenon.schema import (
    CapacityShock,
    InventoryShock,
    Lanes,
    LinkShock,
    Mode,
    Outage,
    Scenario,
    ScenarioError,
    SupplyChain,
    Target,
    Timing,
)
from tenon.vulnerability import normal_flows
from tests.chains import CASES, floats, positions

DUAL = CASES["dual source"].chain
LANES = Lanes(
    labels=("sea", "road"), mode=(Mode.SEA, Mode.ROAD), days=floats(3, 1), capacity=floats(20, 20),
    passages=(("strait",), ("strait",)),
)  # fmt: skip
BY_LANE = replace(DUAL, lanes=LANES, supplies=replace(DUAL.supplies, lane=positions(0, 1)))
WAITING = replace(BY_LANE, supplies=replace(BY_LANE.supplies, start_up_days=floats(0, 5)))


def scenario(chain: SupplyChain, **about: Any) -> Scenario:
    flows = normal_flows(chain)
    found = network_from_chain(chain, flows.flow, flows.unit_cost)
    return scenario_from_outage(found, Outage(name="out", **about), horizon_days=60)


def closed(found: Scenario) -> list[tuple[str, str, int, int, float]]:
    """Return supplier, buyer, first day, days and share of each closure."""
    return [
        (supplier, buyer, shock.timing.start_day, shock.timing.duration_days, shock.loss)
        for shock in found.shocks
        if isinstance(shock, LinkShock)
        for supplier in shock.suppliers.agents
        for buyer in shock.buyers.agents
    ]


def test_a_site_takes_its_makers_and_leaves_their_stores() -> None:
    assert scenario(DUAL, sites=("S1",), days=6.4, loss=0.5).shocks == (
        CapacityShock(target=Target(agents=("s @ S1",)), loss=0.5, timing=Timing(duration_days=6)),
    )


def test_lost_stock_takes_the_store_with_what_is_in_it() -> None:
    both = Target(agents=("s @ S1", "stock of s @ S1"))
    assert scenario(DUAL, sites=("S1",), days=6, stock_lost=True).shocks == (
        CapacityShock(target=both, loss=1.0, timing=Timing(duration_days=6)),
        InventoryShock(target=both, loss=1.0, day=0),
    )


def test_a_lane_closes_for_the_supplies_that_use_it() -> None:
    found = scenario(BY_LANE, lanes=("sea",), days=10, loss=0.25)
    assert closed(found) == [("stock of s @ S1", "P @ P", 0, 10, 0.25)]
    assert len(found.shocks) == 1
    assert all(shock.domestic for shock in found.shocks if isinstance(shock, LinkShock))


def test_a_passage_closes_all_its_lanes() -> None:
    assert len(closed(scenario(BY_LANE, passages=("strait",), days=10))) == 2


def test_a_source_is_closed_until_it_is_started_up() -> None:
    assert closed(scenario(WAITING, sites=("S1",), days=10)) == [("s @ S2", "P @ P", 0, 5, 1.0)]


@pytest.mark.parametrize(
    ("days", "spans"), [(3, [(0, 3, 1.0), (3, 2, 1.0)]), (5, [(0, 5, 1.0)]), (9, [(0, 5, 1.0), (5, 4, 0.5)])]
)
def test_start_up_and_a_closed_lane_never_take_more_than_all(days: float, spans: list[tuple[int, int, float]]) -> None:
    found = closed(scenario(WAITING, lanes=("road",), days=days, loss=0.5))
    assert [shock[2:] for shock in found] == spans


@pytest.mark.parametrize(("days", "whole"), [(0.3, 1), (2.5, 3), (2.4, 2), (7.0, 7)])
def test_days_are_rounded_to_whole_ones_and_last_at_least_one(days: float, whole: int) -> None:
    assert outage_days(DUAL, Outage(name="out", sites=("S1",), days=days)) == whole


def test_the_likely_time_to_recover_is_taken() -> None:
    sites = replace(DUAL.sites, recovery_days=np.tile([1.0, 4.0, 20.0], (3, 1)))
    assert outage_days(replace(DUAL, sites=sites), Outage(name="out", sites=("S1",))) == 4


def test_a_horizon_of_no_days_is_refused() -> None:
    flows = normal_flows(DUAL)
    out = Outage(name="out", sites=("S1",))
    with pytest.raises(ScenarioError, match="horizon_days of scenario 'out' must be a whole number of at least 1"):
        scenario_from_outage(network_from_chain(DUAL, flows.flow, flows.unit_cost), out, horizon_days=0)
