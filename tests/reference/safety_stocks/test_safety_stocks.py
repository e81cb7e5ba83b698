"""Costs equal the published and reproduced ones, to the digits that were printed; see source.md."""

from __future__ import annotations

from pathlib import Path
from statistics import NormalDist

import pytest

from tenon.planning import SafetyStockProblem, place_safety_stocks
from tests.reference.safety_stocks.instances import (
    BATTERY,
    BULLDOZER,
    CAMERA,
    CHAIN_01,
    EXAMPLE_6_5,
    FIGURE_6_14,
    PROBLEM_6_7,
    PROBLEM_6_9,
)
from tests.reference.safety_stocks.willems import read_chain

PRINTED = {
    "bulldozer": (BULLDOZER, 632_775.03, 2),
    "battery": (BATTERY, 853_077.33, 2),
    **{f"camera {limits}": (problem, cost, 2) for limits, (problem, cost) in CAMERA.items()},
    **{
        f"chain 01 {factor}": (CHAIN_01[factor], cost, 3)
        for factor, cost in zip(CHAIN_01, (3965.464, 3965.817), strict=True)
    },
}
TEXTBOOK = {
    "example 6.5": (EXAMPLE_6_5, 8.277916867529369),
    "figure 6.14": (FIGURE_6_14, 18.824004472592172),
    "problem 6.7": (PROBLEM_6_7, 357.77087639996637),
    "problem 6.9": (PROBLEM_6_9, 15.649530249501026),
}


def solved(problem: SafetyStockProblem) -> float:
    """Return the cost, which is proven to be the least."""
    values = place_safety_stocks(problem).values
    assert bool(values["proven"])
    assert float(values["bound"]) == float(values["total_cost"])
    return float(values["total_cost"])


@pytest.fixture(scope="session")
def workbook(shared: Path) -> Path:
    return shared / "data" / "willems_2008" / "MSOM-06-038-R2.xlsx"


@pytest.mark.parametrize(("problem", "cost", "digits"), PRINTED.values(), ids=PRINTED)
def test_the_cost_is_the_reproduced_one_to_the_last_digit(
    problem: SafetyStockProblem, cost: float, digits: int
) -> None:
    assert round(solved(problem), digits) == cost


@pytest.mark.parametrize(("problem", "cost"), TEXTBOOK.values(), ids=TEXTBOOK)
def test_the_cost_is_that_of_the_textbook(problem: SafetyStockProblem, cost: float) -> None:
    assert solved(problem) == pytest.approx(cost, rel=1e-13)


def test_service_times_are_those_of_the_textbook() -> None:
    values = place_safety_stocks(EXAMPLE_6_5).values
    assert {name: int(values["service_days"].sel(stage=name)) for name in "1234"} == {"1": 0, "2": 0, "3": 0, "4": 1}


def test_the_costs_of_stages_of_the_bulldozer_are_the_published_ones() -> None:
    published = {"Final": 607_969, "Case": 12_614, "Case&Frame": 6_373, "FrameAssy": 3_904, "Fans": 1_361, "Pin": 499}
    values = place_safety_stocks(BULLDOZER).values
    # Published with 95 % of a normal distribution, solved here with 1.645.
    cost = values["safety_stock_cost"] * NormalDist().inv_cdf(0.95) / 1.645
    assert {name: round(float(cost.sel(stage=name))) for name in published} == published
    assert float(cost.sum()) == pytest.approx(sum(published.values()), abs=3)


@pytest.mark.parametrize(("number", "cost", "published"), [(4, 27_978.689, 27_978.616), (6, 258.3946, 258.3935)])
def test_chains_04_and_06_cost_what_another_solver_found(
    workbook: Path, number: int, cost: float, published: float
) -> None:
    found = solved(read_chain(workbook, number, NormalDist().inv_cdf(0.96)))
    assert found == pytest.approx(cost, rel=1e-6)
    # The other solver stopped at a gap of 0.01 %.
    assert found == pytest.approx(published, rel=1e-4)


@pytest.mark.parametrize(("number", "cost"), [(4, 27_981.216), (6, 258.4180)])
def test_chains_04_and_06_cost_what_was_reproduced(workbook: Path, number: int, cost: float) -> None:
    factor = 1.645 * NormalDist().inv_cdf(0.96) / NormalDist().inv_cdf(0.95)
    assert solved(read_chain(workbook, number, factor)) == pytest.approx(cost, rel=2e-6)


def test_chain_38_is_solved_with_proof(workbook: Path) -> None:
    problem = read_chain(workbook, 38, 1.645)
    assert (len(problem), problem.supplier.size) == (2025, 16_225)
    assert solved(problem) == pytest.approx(359_798.335, abs=1e-3)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(1, 38))
def test_every_chain_of_the_workbook_is_solved_with_proof(workbook: Path, number: int) -> None:
    assert solved(read_chain(workbook, number, 1.645)) > 0
