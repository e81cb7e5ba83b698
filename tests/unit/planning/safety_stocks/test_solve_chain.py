from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from tenon.planning import SafetyStockProblem
from tenon.planning.safety_stocks.solve_chain import TOLERANCE, solve_chain
from tests.twins.safety_stocks import cost_of, least_cost
from tests.unit.planning.safety_stocks.samples import problem


def tangled(seed: int, stages: int = 8) -> SafetyStockProblem:
    """A chain in which most stages supply most that come after them, so that messages alone leave a gap."""
    generator = np.random.default_rng(seed)
    pairs = np.argwhere(np.triu(generator.random((stages, stages)) < 0.6, 1))
    ends = ~np.isin(np.arange(stages), pairs[:, 0])
    return SafetyStockProblem(
        name="tangled",
        stages=tuple(f"stage {number}" for number in range(stages)),
        supplier=pairs[:, 0],
        buyer=pairs[:, 1],
        units=np.ones(len(pairs)),
        stage_days=generator.integers(0, 5, stages).astype(float),
        added_cost=generator.random(stages) ** 3 * 10,
        deviation=np.where(ends, 1.0, 0.0),
        service_days=np.where(ends, 1.0, np.inf),
        currency="EUR",
    )


# Chains whose gap messages and trees do not close.
BRANCHING = [seed for seed in range(40) if solve_chain(tangled(seed), branches=1, seed=0).branches]


def test_some_chains_need_branches() -> None:
    assert len(BRANCHING) >= 3


@pytest.mark.parametrize("seed", BRANCHING)
def test_branches_prove_the_least_cost(seed: int) -> None:
    chain = tangled(seed)
    found = solve_chain(chain, branches=500, seed=0)
    assert found.branches > 1
    assert found.cost - found.bound <= TOLERANCE * found.cost
    assert found.cost == pytest.approx(least_cost(chain), rel=1e-8)
    assert cost_of(chain, found.service) == pytest.approx(found.cost, rel=1e-12)


@pytest.mark.parametrize("seed", BRANCHING)
def test_a_search_that_ends_early_says_what_is_left(seed: int) -> None:
    found = solve_chain(tangled(seed), branches=0, seed=0)
    assert found.branches == 0
    assert found.bound < found.cost * (1 - TOLERANCE)
    assert found.bound <= least_cost(tangled(seed)) <= found.cost * (1 + 1e-12)


def test_more_branches_never_loosen_the_bound() -> None:
    found = [solve_chain(tangled(BRANCHING[0]), branches=branches, seed=0) for branches in (0, 2, 4, 8, 500)]
    assert all(after.bound >= before.bound - 1e-12 for before, after in pairwise(found))
    assert all(after.cost <= before.cost for before, after in pairwise(found))


def test_progress_is_told_branch_by_branch() -> None:
    told: list[tuple[int, int]] = []
    solve_chain(tangled(BRANCHING[0]), branches=4, seed=0, progress=lambda done, most: told.append((done, most)))
    assert told
    assert all(0 < done <= most == 4 for done, most in told)


def test_a_chain_with_two_ways_is_solved_at_once() -> None:
    found = solve_chain(problem(), branches=0, seed=0)
    assert found.cost == pytest.approx(least_cost(problem()), rel=1e-12)
    assert found.cost - found.bound <= TOLERANCE * found.cost
