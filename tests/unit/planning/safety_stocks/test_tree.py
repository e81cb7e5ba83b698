from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from tenon.planning import SafetyStockProblem
from tenon.planning.safety_stocks._network import network_of, ranges_of, tighten
from tenon.planning.safety_stocks._tree import is_forest, solve_walk, spanning_walk
from tests.strategies import SEEDS, safety_stock_problems
from tests.twins.safety_stocks import in_ranges, tree_cost
from tests.unit.planning.safety_stocks.samples import problem


def test_two_ways_between_stages_are_no_tree() -> None:
    assert not is_forest(network_of(problem()))


@given(safety_stock_problems(tree=True))
def test_a_tree_is_one(drawn: SafetyStockProblem) -> None:
    assert is_forest(network_of(drawn))


@given(safety_stock_problems(), SEEDS)
def test_a_walk_reaches_every_stage_after_its_parent_along_a_supply(drawn: SafetyStockProblem, seed: int) -> None:
    network = network_of(drawn)
    walk = spanning_walk(network, 1 + np.random.default_rng(seed).random(network.tail.size))
    assert sorted(walk.stages.tolist()) == list(range(len(drawn)))
    pairs = set(zip(network.tail.tolist(), network.head.tolist(), strict=True))
    step = {stage: number for number, stage in enumerate(walk.stages.tolist())}
    tied = []
    for stage, parent in enumerate(walk.parent.tolist()):
        if parent >= 0:
            assert step[parent] < step[stage]
            tied.append((stage, parent) if walk.sells_to_parent[stage] else (parent, stage))
    assert set(tied) <= pairs
    in_tree = {(int(network.tail[arc]), int(network.head[arc])) for arc in np.flatnonzero(walk.in_tree)}
    assert in_tree == set(tied)


def test_light_supplies_come_into_the_tree() -> None:
    network = network_of(problem())
    for heavy in range(4):
        weights = np.ones(4)
        weights[heavy] = 5.0
        assert np.flatnonzero(spanning_walk(network, weights).in_tree == 0).tolist() == [heavy]


@settings(max_examples=200)
@given(safety_stock_problems(most_stages=5, tree=True), SEEDS)
def test_the_kernel_finds_the_cost_of_the_dynamic_program_as_it_is_written(
    drawn: SafetyStockProblem, seed: int
) -> None:
    network = network_of(drawn)
    generator = np.random.default_rng(seed)
    wide = ranges_of(drawn, network)
    # Ranges as they come from supplies outside a tree, and from branches.
    ranges = tighten(
        network,
        np.minimum(wide.most_service, generator.integers(0, 8, len(drawn))),
        generator.integers(0, wide.most_inbound + 1) * generator.integers(0, 2, len(drawn)),
    )
    walk = spanning_walk(network, 1 + generator.random(network.tail.size))
    service = solve_walk(network, ranges, walk)
    assert (service <= ranges.most_service).all()
    assert in_ranges(network, ranges, service) == pytest.approx(tree_cost(network, ranges, walk), rel=1e-12, abs=1e-12)
