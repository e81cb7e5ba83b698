"""The formulas that kernels share, by hand."""

from __future__ import annotations

import math

import pytest

from tenon.propagation._formulas import capacity_factor, order_scale, output_limit, passing, shipped, wanted
from tenon.propagation._ordering import Ordering

FLOORED, SIGNED = Ordering(weighted=True, floored=True), Ordering(weighted=True, floored=False)
USE_ONLY = Ordering(weighted=True, floored=True, use_only=True)


@pytest.mark.parametrize(
    ("stock", "target", "ordering", "expected"),
    [
        (90.0, 100.0, FLOORED, 5 + 1),
        (110.0, 100.0, FLOORED, 5),
        (110.0, 100.0, SIGNED, 5 - 1),
        (200.0, 100.0, SIGNED, 0),
        (50.0, 100.0, USE_ONLY, 5),
        (math.inf, math.inf, FLOORED, 5),
        (math.inf, math.inf, SIGNED, 5),
        (100.0 * (1 - 1e-13), 100.0, SIGNED, 5),
    ],
)
def test_an_order_is_use_and_a_tenth_of_the_gap(
    stock: float, target: float, ordering: Ordering, expected: float
) -> None:
    assert wanted(stock, 5.0, target, 0.1, ordering, 5.0) == pytest.approx(expected, rel=1e-12)


def test_the_rounding_of_a_gap_is_no_order() -> None:
    """Signed gaps would pass it on, larger each day."""
    assert wanted(100.0 * (1 - 1e-13), 5.0, 100.0, 1.0, SIGNED, 5.0) == 5.0
    assert wanted(100.0 * (1 - 1e-11), 5.0, 100.0, 1.0, SIGNED, 5.0) > 5.0


def test_an_order_below_the_rounding_of_the_flow_is_none() -> None:
    assert wanted(150.0, 5.0, 100.0, 0.1, SIGNED, 5.0) == 0.0
    assert wanted(100.0, 1e-20, 100.0, 0.1, SIGNED, 5.0) == 0.0


def test_where_no_supplier_weighs_anything_nothing_is_ordered() -> None:
    assert order_scale(6.0, 3.0) == 2.0
    assert order_scale(6.0, 0.0) == 0.0


def test_a_stock_limits_output_unless_its_slope_is_below_zero() -> None:
    assert output_limit(10.0, 0.05, 0.25) == 0.75
    assert output_limit(0.0, -1.0, 0.0) == math.inf
    assert output_limit(math.inf, -1.0, 0.0) == math.inf


def test_suppliers_ship_a_share_of_orders_or_at_most_a_multiple_of_flows() -> None:
    by_flow = Ordering(weighted=True, floored=True, by_flow=True)
    assert shipped(8.0, 10.0, 0.5, FLOORED) == 4.0
    assert shipped(8.0, 10.0, 0.5, by_flow) == 5.0
    assert shipped(4.0, 10.0, 0.5, by_flow) == 4.0
    assert shipped(8.0, 10.0, math.inf, by_flow) == 8.0


def test_over_a_link_that_is_partly_open_passes_a_part_and_never_more_than_of_the_flow() -> None:
    assert passing(8.0, 1.0, 5.0) == 8.0
    assert passing(4.0, 0.5, 5.0) == 2.0
    assert passing(8.0, 0.5, 5.0) == 2.5
    assert passing(8.0, 0.0, 5.0) == 0.0


@pytest.mark.parametrize(
    ("factor", "scarcity", "expected"),
    [
        (1.0, 0.5, 1.0 + 0.25 * 0.5 / 10),
        (1.2, 0.0, 1.2 - 0.2 / 10),
        (1.2, 1e-7, 1.2 - 0.2 / 10),
        (1.25, 0.5, 1.25),
        (1.1, -0.5, 1.1 - 0.15 * 0.5 / 10),
        (1.001, -5.0, 1.0),
    ],
)
def test_overproduction_grows_with_scarcity_and_relaxes_without(
    factor: float, scarcity: float, expected: float
) -> None:
    assert capacity_factor(factor, scarcity, 1.0, 1.25, 10.0, 1e-6) == pytest.approx(expected, rel=1e-12)
