from __future__ import annotations

import numpy as np
from hypothesis import given

from tenon.planning import SafetyStockProblem
from tenon.planning.safety_stocks._network import network_of, ranges_of, settle, tighten
from tests.strategies import SEEDS, safety_stock_problems
from tests.twins.safety_stocks import cost_of
from tests.unit.planning.safety_stocks.samples import problem


def test_stages_stand_after_their_suppliers() -> None:
    network = network_of(problem())
    assert (network.tail < network.head).all()
    np.testing.assert_array_equal(network.days, problem().stage_days[problem().order])
    np.testing.assert_array_equal(network.cost, problem().day_cost[problem().order])


def test_arcs_are_listed_by_both_ends() -> None:
    network = network_of(problem())
    for stage in range(4):
        into = network.into[network.first_into[stage] : network.first_into[stage + 1]]
        out_of = network.out_of[network.first_out_of[stage] : network.first_out_of[stage + 1]]
        np.testing.assert_array_equal(np.sort(into), np.flatnonzero(network.head == stage))
        np.testing.assert_array_equal(np.sort(out_of), np.flatnonzero(network.tail == stage))


def test_no_time_is_longer_than_the_longest_way() -> None:
    # Steel 5, frame 3, cart 1.
    assert network_of(problem()).root.size == 5 + 3 + 1 + 1


def test_ranges_reach_as_far_as_suppliers_and_customers_let_them() -> None:
    network = network_of(problem())
    ranges = ranges_of(problem(), network)
    by_name = dict(zip((problem().stages[stage] for stage in problem().order), range(4), strict=True))
    steel, frame, wheel, cart = (by_name[name] for name in ("steel", "frame", "wheel", "cart"))
    assert ranges.most_service[[steel, frame, wheel, cart]].tolist() == [5, 8, 7, 0]
    assert ranges.most_inbound[[steel, frame, wheel, cart]].tolist() == [0, 5, 5, 8]
    assert ranges.width == 9


def test_a_shorter_promise_narrows_what_follows_and_a_longer_wait_widens_it() -> None:
    network = network_of(problem())
    wide = ranges_of(problem(), network)
    most, least = wide.most_service.copy(), wide.least_inbound.copy()
    most[0] = 2
    narrow = tighten(network, most, least)
    assert narrow.most_inbound[1] == 2
    least[1] = 4
    assert tighten(network, most, least).most_inbound[1] == 4
    np.testing.assert_array_equal(most[1:], wide.most_service[1:])


@given(safety_stock_problems(), SEEDS)
def test_settled_times_can_be_kept_and_cost_what_they_are_said_to(drawn: SafetyStockProblem, seed: int) -> None:
    network = network_of(drawn)
    limit = ranges_of(drawn, network).most_service
    service = np.random.default_rng(seed).integers(0, limit + 1)
    before = service.copy()
    cost = settle(network, service)
    assert (service <= before).all()
    by_stage = np.empty_like(service)
    by_stage[drawn.order] = service
    np.testing.assert_allclose(cost, cost_of(drawn, by_stage), rtol=1e-12, atol=1e-12)
