"""What must hold for the safety stocks of any chain."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenon.planning import SafetyStockProblem, place_safety_stocks
from tenon.planning.safety_stocks.solve_chain import solve_chain
from tenon.planning.safety_stocks.solve_tree import solve_tree
from tests.strategies import SEEDS, safety_stock_problems
from tests.twins.safety_stocks import cost_of, least_cost


def cost(problem: SafetyStockProblem) -> float:
    values = place_safety_stocks(problem).values
    assert bool(values["proven"])
    return float(values["total_cost"])


@settings(max_examples=300)
@given(safety_stock_problems(tree=True))
def test_the_dynamic_program_finds_the_least_of_all_costs_of_a_tree(problem: SafetyStockProblem) -> None:
    assert cost_of(problem, solve_tree(problem)) == pytest.approx(least_cost(problem), rel=1e-12, abs=1e-12)


@settings(max_examples=300)
@given(safety_stock_problems())
def test_chains_of_any_shape_cost_the_least_of_all(problem: SafetyStockProblem) -> None:
    values = place_safety_stocks(problem).values
    least = least_cost(problem)
    assert bool(values["proven"])
    assert float(values["total_cost"]) == pytest.approx(least, rel=1e-8, abs=1e-12)
    assert cost_of(problem, values["service_days"].values) == pytest.approx(float(values["total_cost"]), abs=1e-12)


@given(safety_stock_problems(), st.integers(0, 2))
def test_the_bound_is_never_above_the_least_cost_however_early_the_search_ends(
    problem: SafetyStockProblem, branches: int
) -> None:
    found = solve_chain(problem, branches=branches, seed=0)
    least = least_cost(problem)
    assert found.bound <= least * (1 + 1e-9) + 1e-12
    assert found.cost >= least * (1 - 1e-12)
    assert found.bound <= found.cost


@given(safety_stock_problems(), SEEDS)
def test_longer_service_times_cost_no_more(problem: SafetyStockProblem, seed: int) -> None:
    longer = problem.service_days + np.random.default_rng(seed).integers(0, 3, len(problem))
    assert cost(replace(problem, service_days=longer)) <= cost(problem) * (1 + 1e-8) + 1e-12


@given(safety_stock_problems())
def test_certain_demand_needs_no_safety_stock(problem: SafetyStockProblem) -> None:
    values = place_safety_stocks(replace(problem, deviation=np.zeros(len(problem)))).values
    assert float(values["total_cost"]) == 0.0
    assert float(values["gap"]) == 0.0
    assert not values["safety_stock"].values.any()


@given(safety_stock_problems(), SEEDS)
def test_the_order_of_stages_and_supplies_changes_nothing(problem: SafetyStockProblem, seed: int) -> None:
    generator = np.random.default_rng(seed)
    place, arcs = generator.permutation(len(problem)), generator.permutation(problem.supplier.size)
    back = np.argsort(place)
    relabeled = replace(
        problem,
        stages=tuple(problem.stages[stage] for stage in place),
        supplier=back[problem.supplier][arcs],
        buyer=back[problem.buyer][arcs],
        units=problem.units[arcs],
        **{
            column: getattr(problem, column)[place]
            for column in ("stage_days", "added_cost", "deviation", "service_days")
        },
    )
    assert cost(relabeled) == pytest.approx(cost(problem), rel=1e-8, abs=1e-12)


@given(safety_stock_problems(), st.sampled_from([1e-6, 0.5, 3.0, 1e6]))
def test_costs_in_another_currency_change_the_total_alone(problem: SafetyStockProblem, scale: float) -> None:
    scaled = replace(problem, added_cost=problem.added_cost * scale)
    assert cost(scaled) == pytest.approx(scale * cost(problem), rel=1e-8, abs=1e-12 * scale)


@given(safety_stock_problems())
def test_every_stage_bridges_what_it_waits_and_works_less_what_it_promises(problem: SafetyStockProblem) -> None:
    result = place_safety_stocks(problem)
    values = result.values
    service, inbound = values["service_days"].values, values["inbound_days"].values
    assert (service[problem.supplier] <= inbound[problem.buyer]).all()
    assert (service <= problem.service_days).all()
    bridged = inbound + problem.stage_days - service
    assert (bridged >= 0).all()
    np.testing.assert_array_equal(values["replenishment_days"].values, bridged)
    expected = problem.service_factor * problem.pooled_deviation * np.sqrt(bridged)
    np.testing.assert_allclose(values["safety_stock"].values, expected, rtol=1e-13)
    assert result.residuals == {"days by which a promise is missed": 0.0}


@given(safety_stock_problems(most_stages=9), SEEDS)
def test_the_same_seed_gives_the_same_answer(problem: SafetyStockProblem, seed: int) -> None:
    first, second = (solve_chain(problem, branches=20, seed=seed) for _ in range(2))
    np.testing.assert_array_equal(first.service, second.service)
    assert (first.cost, first.bound, first.branches) == (second.cost, second.bound, second.branches)
