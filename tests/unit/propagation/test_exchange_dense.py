"""Dense storage: parts for threads, stocks of its slots, and a state to go on from."""

from __future__ import annotations

import numpy as np

from tenon.propagation import Parameters
from tenon.propagation._exchange import Day
from tenon.propagation._exchange_dense import DenseExchange
from tenon.propagation._layout import lay_out
from tests.strategies import firms


def test_any_number_of_threads_gives_the_same_bits() -> None:
    layout = lay_out(firms(5, agents=20, products=6).to_dense(), Parameters())
    generator = np.random.default_rng(1)
    served, weight = generator.uniform(0.2, 1.0, (2, 2, 20))
    days = []
    for threads in (1, 2, 3, 9):
        exchange, day = DenseExchange(layout, Parameters(), 2, threads=threads), Day.first(layout, 2)
        day.served[:], day.weight[:] = served, weight
        day.production *= 0.9
        sums = [exchange.advance(day, number) for number in range(4)]
        days.append((sums[-1], day.orders, day.limit, day.scarce, exchange.state()["stock"]))
    for other in days[1:]:
        for found, expected in zip(other, days[0], strict=True):
            np.testing.assert_array_equal(found, expected)


def test_destroyed_stocks_are_gone_and_limit_at_once() -> None:
    layout = lay_out(firms(5).to_dense(), Parameters())
    exchange, day = DenseExchange(layout, Parameters(), 2), Day.first(layout, 2)
    before = np.array(exchange.inventories(1))
    share = np.full(before.size, 0.75)
    exchange.destroy(1, share)
    np.testing.assert_allclose(exchange.inventories(1), before * 0.25)
    np.testing.assert_allclose(exchange.inventories(0), before)
    exchange.limits(day, 1)
    assert (day.limit[1] < 1.0).any()
    assert (day.limit[0] == np.inf).all()
