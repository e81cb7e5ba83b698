from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tenon.schema import ChainError, LabelError, ParameterError
from tests.unit.planning.safety_stocks.samples import problem


def test_a_unit_costs_what_is_added_and_what_went_into_it() -> None:
    # Steel 2; frame 6 + 2 * 2; wheel 1 + 2 / 2; cart 10 + 10 + 4 * 2.
    np.testing.assert_allclose(problem().unit_cost, [28.0, 10.0, 2.0, 2.0])


def test_demand_that_reaches_a_stage_is_pooled_over_its_buyers() -> None:
    # Frames 3, wheels 4 * 3, steel the root of (2 * 3)^2 + (0.5 * 12)^2.
    np.testing.assert_allclose(problem().pooled_deviation, [3.0, 3.0, 12.0, np.sqrt(72.0)])


def test_demand_that_comes_over_two_ways_is_one_demand_jointly() -> None:
    # Steel 2 * 3 in the frame and 0.5 * 12 in the wheels of the same carts.
    np.testing.assert_allclose(problem().joint_deviation(), [3.0, 3.0, 12.0, 12.0])
    apart = problem(deviation=np.array([3.0, 4.0, 0.0, 0.0]), service_days=np.array([0, 2, np.inf, np.inf]))
    np.testing.assert_allclose(apart.joint_deviation()[[1, 3]], [5.0, np.sqrt(12**2 + 8**2)])


def test_demand_of_own_customers_is_pooled_with_that_of_buyers() -> None:
    served = problem(deviation=np.array([3.0, 4.0, 0.0, 0.0]), service_days=np.array([0, 2, np.inf, np.inf]))
    assert served.pooled_deviation[1] == pytest.approx(5.0)


def test_the_cost_of_a_day_is_rate_times_cost_times_factor_times_deviation() -> None:
    np.testing.assert_allclose(problem().day_cost[:2], [0.25 * 28 * 2 * 3, 0.25 * 10 * 2 * 3])


def test_suppliers_come_before_their_buyers() -> None:
    order = problem().order.tolist()
    assert order.index(3) < min(order.index(1), order.index(2)) < order.index(0)


def test_columns_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        problem().stage_days[0] = 3


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"buyer": np.array([1, 2, 0])}, r"buyer must have one entry for each entry of supplier, 4 here, .* \(3,\)"),
        ({"added_cost": np.ones(3)}, r"added_cost must have one entry for each entry of stages, 4 here, .* \(3,\)"),
        ({"supplier": np.array([3, 4, 1, 2])}, "supplier of row 1 points at position 4, but there are 4 stages"),
        ({"buyer": np.array([1, 2, -1, 0])}, "buyer of row 2 points at position -1, but there are 4 stages"),
        ({"supplier": np.array([3, 3, 3, 2]), "buyer": np.array([1, 2, 1, 0])}, "'steel' to 'frame' stands twice"),
        ({"units": np.array([2.0, 0.0, 1.0, 4.0])}, "units of 'steel' in 'wheel' must be a finite number above zero"),
        ({"stage_days": np.array([1, 3, 2.5, 5])}, "stage_days of 'wheel' must be whole days, .* but is 2.5"),
        ({"stage_days": np.array([1, 3, -2, 5])}, "stage_days of 'wheel' must be whole days, not negative; round them"),
        ({"stage_days": np.array([1, 3, np.inf, 5])}, "stage_days of 'wheel' must be whole days, .* but is inf"),
        ({"service_days": np.array([0, 0.5, np.inf, np.inf])}, "service_days of 'frame' must be whole days, .* is 0.5"),
        ({"added_cost": np.array([10, -1, 1, 2.0])}, "added_cost of 'frame' must be a finite number, not negative"),
        ({"deviation": np.array([3.0, 0, 0, np.nan])}, "deviation of 'steel' must be a finite number, not negative"),
        ({"service_days": np.full(4, np.inf)}, "'cart' has no buyers, so its service_days must say how long"),
        ({"supplier": np.array([3, 3, 1, 0])}, "must not run in a loop, but do so upstream of or among cart"),
    ],
)
def test_what_contradicts_itself_is_refused_by_name(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ChainError, match=message):
        problem(**changes)


@pytest.mark.parametrize("name", ["service_factor", "holding_rate"])
@pytest.mark.parametrize("value", [0.0, -1.0, float("nan"), float("inf")])
def test_figures_of_the_model_must_be_above_zero(name: str, value: float) -> None:
    with pytest.raises(ParameterError, match=f"{name} must be a finite number above zero, but is {value:g}"):
        problem(**{name: value})


def test_names_of_stages_must_differ() -> None:
    with pytest.raises(LabelError, match="stages: 'wheel' stands twice"):
        problem(stages=("cart", "wheel", "wheel", "steel"))
