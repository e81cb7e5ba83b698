from __future__ import annotations

import numpy as np
import pytest

from tenon.planning.safety_stocks.solve_tree import solve_tree
from tenon.schema import ChainError
from tests.unit.planning.safety_stocks.samples import problem


def serial(**changes: object) -> list[int]:
    """Steel, frame and cart, one after the other."""
    columns = {
        "stages": ("cart", "frame", "steel"),
        "supplier": np.array([2, 1]),
        "buyer": np.array([1, 0]),
        "units": np.array([1.0, 1.0]),
        "stage_days": np.array([1, 3, 5]),
        "added_cost": np.array([0.0, 0.0, 10.0]),
        "deviation": np.array([3.0, 0.0, 0.0]),
        "service_days": np.array([0, np.inf, np.inf]),
    }
    return [int(days) for days in solve_tree(problem(**columns | changes))]


def test_stock_is_pooled_at_the_end_where_it_costs_the_same_everywhere() -> None:
    # One root of nine days is less than any sum of roots.
    assert serial() == [0, 8, 5]


def test_stock_is_held_early_where_later_it_costs_much_more() -> None:
    # 10 sqrt(5 + 3) + 1010 sqrt(1) beats 1010 sqrt(9), and 10 sqrt(5) + 10 sqrt(3).
    assert serial(added_cost=np.array([1000.0, 0.0, 10.0])) == [0, 0, 5]


def test_customers_that_wait_long_enough_need_no_stock() -> None:
    assert serial(service_days=np.array([30, np.inf, np.inf])) == [9, 8, 5]


def test_chains_of_another_shape_are_refused() -> None:
    with pytest.raises(ChainError, match="needs supplies that form a tree, but 4 stages with 4 supplies have two ways"):
        solve_tree(problem())
