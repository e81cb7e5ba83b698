"""The level of smallest orders first is exact, for any orders."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenon.propagation._rationing import Supplies, customers_of, level, serve_smallest_first
from tenon.schema import Float
from tests.twins import rationing
from tests.unit.propagation.kernel_arguments import layout_of, shares

ORDERS = st.lists(st.tuples(st.floats(0, 1e6), st.floats(1e-3, 1e3)), min_size=1, max_size=30)


@given(ORDERS, st.floats(0, 1))
def test_the_level_gives_away_exactly_what_there_is(orders: list[tuple[float, float]], share: float) -> None:
    asked, usual = np.array(orders).T.copy()
    supply = share * asked.sum()
    found = level(asked.copy(), usual.copy(), supply)
    given_away = np.minimum(asked, usual * found if np.isfinite(found) else np.inf).sum()
    assert given_away == pytest.approx(supply, rel=1e-12, abs=1e-12 * asked.sum())


@pytest.mark.parametrize("asked", [np.ones(50_000), np.arange(50_000.0), np.repeat([1.0, 2.0], 25_000)])
def test_many_equal_or_sorted_orders_take_no_time(asked: Float) -> None:
    """Selection that settles one order at a time would take seconds."""
    level(np.ones(2), np.ones(2), 1.0)
    began = time.process_time()
    found = level(asked.copy(), np.ones(asked.size), 0.6 * asked.sum())
    assert time.process_time() - began < 0.2
    assert found == pytest.approx(rationing.level(asked, np.ones(asked.size), 0.6 * asked.sum()), rel=1e-12)


def test_nobody_asks_for_anything() -> None:
    assert level(np.zeros(0), np.zeros(0), 1.0) == np.inf
    assert level(np.zeros(3), np.ones(3), 0.0) == np.inf


def test_customers_are_all_links_by_supplier() -> None:
    slots = layout_of(3).slots
    customers = customers_of(slots, 26)
    np.testing.assert_array_equal(np.sort(customers.link), np.arange(slots.supplier.size))
    for i in range(customers.first.size - 1):
        mine = customers.link[customers.first[i] : customers.first[i + 1]]
        assert (slots.supplier[mine] == i).all()
    np.testing.assert_array_equal(customers.flow, slots.link_flow[customers.link])


@pytest.mark.parametrize("final_last", [True, False])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_supplier_serves_up_to_its_own_level(seed: int, final_last: bool) -> None:
    generator = np.random.default_rng(seed)
    layout = layout_of(seed)
    slots, size = layout.slots, layout.output.size
    order = slots.link_flow * shares(generator, slots.link_flow.size)
    orders = np.bincount(slots.supplier, order, size).astype(np.float64)
    final, release, rebuilt = (layout.output * shares(generator, size) * 0.2 for _ in range(3))
    production = rebuilt + (orders + final) * shares(generator, size)
    served, final_share = np.full(size, 0.5), np.full(size, 0.5)
    supplies = Supplies(production, release, orders, final, rebuilt, served, final_share)
    customers = customers_of(slots, size)
    for low, high in ((0, 7), (7, size)):
        serve_smallest_first(low, high, final_last, customers, order, supplies)
    for i in range(size):
        mine = slots.supplier == i
        users = final[:0] if final_last else final[i : i + 1][final[i : i + 1] > 0]
        expected = rationing.level(
            np.append(order[mine], users),
            np.append(slots.link_flow[mine], users),
            production[i] + release[i] - rebuilt[i],
        )
        assert served[i] == pytest.approx(expected, rel=1e-11)
        assert final_share[i] == pytest.approx(0.5 if final_last else min(1.0, expected), rel=1e-11)
