from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tenon.planning import safety_stock_problem
from tenon.schema import ChainError, Lanes, SupplyChain
from tests.chains import V2, V3, V5, floats, positions

LANES = Lanes(
    labels=("road", "sea"),
    mode=("road", "sea"),  # type: ignore[arg-type]  # words are taken as well
    days=floats(2, 30),
    capacity=floats(np.inf, np.inf),
    passages=((), ()),
)


def changed(chain: SupplyChain, tables: Mapping[str, Mapping[str, Any]], **whole: Any) -> SupplyChain:
    """Change columns of some tables of a chain."""
    return replace(chain, **{name: replace(getattr(chain, name), **new) for name, new in tables.items()}, **whole)


def test_units_costs_and_demand_are_those_of_the_bill_of_materials() -> None:
    chain = changed(V3, {"demands": {"deviation": floats(3), "service_days": floats(2)}})
    problem = safety_stock_problem(chain, service_factor=2.0, holding_rate=0.5)
    assert problem.stages == chain.stage_labels
    np.testing.assert_array_equal(problem.units, [2.0, 1.0])
    np.testing.assert_array_equal(problem.unit_cost, [1.0, 1.0, 4.0])
    np.testing.assert_array_equal(problem.pooled_deviation, [6.0, 3.0, 3.0])
    np.testing.assert_array_equal(problem.service_days, [np.inf, np.inf, 2.0])
    assert (problem.service_factor, problem.holding_rate, problem.currency) == (2.0, 0.5, "EUR")


def test_suppliers_of_one_part_share_it_evenly_where_they_can_deliver_alike() -> None:
    problem = safety_stock_problem(V2)
    np.testing.assert_array_equal(problem.units, [0.5, 0.5])
    np.testing.assert_array_equal(problem.unit_cost, [1.0, 1.0, 2.0])


def test_suppliers_of_one_part_share_it_by_what_they_can_deliver() -> None:
    chain = changed(V2, {"supplies": {"capacity": floats(1, 3)}, "stages": {"added_cost": floats(4, 8, 100)}})
    problem = safety_stock_problem(chain)
    np.testing.assert_array_equal(problem.units, [0.25, 0.75])
    assert problem.unit_cost[2] == 107.0


def test_a_supplier_without_a_share_takes_the_rest() -> None:
    problem = safety_stock_problem(changed(V2, {"supplies": {"share": floats(0.7, np.nan)}}))
    np.testing.assert_allclose(problem.units, [0.7, 0.3])


def test_a_supplier_with_no_share_at_all_is_not_waited_for() -> None:
    chain = changed(V2, {"supplies": {"share": floats(1, 0), "lane": positions(0, 1)}}, lanes=LANES)
    problem = safety_stock_problem(chain)
    np.testing.assert_array_equal(problem.supplier, [0])
    assert problem.stage_days[2] == 1 + 2


def test_sources_that_must_be_qualified_first_do_not_count() -> None:
    problem = safety_stock_problem(changed(V2, {"supplies": {"start_up_days": floats(0, 90)}}))
    np.testing.assert_array_equal(problem.supplier, [0])
    np.testing.assert_array_equal(problem.units, [1.0])
    # The second source serves nobody now, so nobody waits for it.
    np.testing.assert_array_equal(problem.service_days, [np.inf, 0.0, 0.0])
    assert problem.pooled_deviation[1] == 0.0


def test_an_input_without_a_source_in_use_is_refused() -> None:
    message = r"'P @ P' needs 's', but every source of it has 'start-up days' above zero"
    with pytest.raises(ChainError, match=message):
        safety_stock_problem(changed(V2, {"supplies": {"start_up_days": floats(30, 90)}}))


def test_the_longest_lane_adds_to_the_time_of_the_stage() -> None:
    chain = changed(V2, {"supplies": {"lane": positions(0, 1)}}, lanes=LANES)
    np.testing.assert_array_equal(safety_stock_problem(chain).stage_days, [1.0, 1.0, 31.0])
    one = changed(V2, {"supplies": {"lane": positions(0, -1)}}, lanes=LANES)
    np.testing.assert_array_equal(safety_stock_problem(one).stage_days, [1.0, 1.0, 3.0])


def test_the_least_patient_customer_of_a_stage_decides_and_their_demands_are_pooled() -> None:
    both = {
        "stage": positions(3, 3, 1),
        "customer": ("patient", "hasty", "repairs"),
        "quantity": floats(1, 1, 1),
        "margin": floats(1, 1, 1),
        "deviation": floats(3, 4, 1),
        "service_days": floats(9, 2, 5),
    }
    problem = safety_stock_problem(changed(V5, {"demands": both}))
    np.testing.assert_array_equal(problem.service_days, [np.inf, 5.0, np.inf, 2.0])
    np.testing.assert_allclose(problem.deviation, [0.0, 1.0, 0.0, 5.0])


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ({"stages": {"processing_days": floats(1, 1.5, 1)}}, "'s @ S2' takes 1.5 days; round it up"),
        ({"demands": {"service_days": floats(0.25)}}, "customer 'all' is served within 0.25 days"),
        ({"supplies": {"lane": positions(0, 1)}}, "the lane to 'P @ P' takes 2.5 days"),
    ],
)
def test_times_that_are_not_whole_days_are_refused(tables: dict[str, dict[str, Any]], message: str) -> None:
    lanes = replace(LANES, days=floats(2.5, 30))
    with pytest.raises(ChainError, match=f"times must be whole days, but {message}"):
        safety_stock_problem(changed(V2, tables, lanes=lanes))
