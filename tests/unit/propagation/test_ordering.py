"""The rules of orders, as the kernels read them, follow from the parameters."""

from __future__ import annotations

import pytest

from tenon.propagation import OrderRule, Parameters, RationingRule, RestockingGap
from tenon.propagation._exchange import ordering_of
from tenon.propagation._ordering import Ordering


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (Parameters(), Ordering(weighted=True, floored=True)),
        (Parameters(order_rule=OrderRule.FIXED_SHARES), Ordering(weighted=False, floored=True)),
        (Parameters(restocking_gap=RestockingGap.SIGNED), Ordering(weighted=True, floored=False)),
        (
            Parameters(rationing=RationingRule.SMALLEST_ORDER_FIRST_FINAL_DEMAND_LAST),
            Ordering(weighted=True, floored=True, by_flow=True),
        ),
    ],
)
def test_the_ordering_of_these_rules_is(rules: Parameters, expected: Ordering) -> None:
    assert ordering_of(rules) == expected
