"""The kernel of batches equals its twin, and threads and tiles change nothing."""

from __future__ import annotations

import numpy as np
import pytest

from tenon.propagation import Parameters, _exchange_batch
from tenon.propagation._exchange import Day
from tenon.propagation._exchange_batch import BatchExchange
from tenon.propagation._exchange_dense import DenseExchange
from tenon.propagation._layout import lay_out
from tenon.propagation._ordering import Ordering
from tests.strategies import firms
from tests.twins import kernels
from tests.unit.propagation.kernel_arguments import assert_twins, layout_of, shares, stocks

SCENARIOS = 5


@pytest.mark.parametrize("floored", [True, False])
@pytest.mark.parametrize("even", [True, False])
@pytest.mark.parametrize("product", [0, 1, 2])
@pytest.mark.parametrize("start", [0, 4])
def test_the_slots_of_a_product_equal_their_twin(floored: bool, even: bool, product: int, start: int) -> None:
    generator = np.random.default_rng(product)
    layout = layout_of(product + 1, dense=True)
    slots, size = layout.slots, layout.output.size
    stock = np.column_stack([stocks(generator, layout, None) for _ in range(SCENARIOS)])
    assert_twins(
        _exchange_batch._restock,
        kernels.restock_batch,
        product=product,
        start=start,
        slots=slots,
        rate=float(layout.restocking_rate[product]),
        ordering=Ordering(weighted=True, floored=floored),
        buyers=shares(generator, 2, size, SCENARIOS),
        received=shares(generator, size - start, SCENARIOS) * slots.flow[start:size, None],
        pull=shares(generator, 0 if even else size - start, SCENARIOS),
        stock=stock,
        scale=shares(generator, slots.flow.size, SCENARIOS),
        limit=np.full((size, SCENARIOS), np.inf),
        scarce=np.full((size, SCENARIOS), -1, dtype=np.int64),
        flows_of=np.zeros((SCENARIOS, 3, 4)),
    )


@pytest.mark.parametrize("weighted", [True, False])
def test_any_number_of_threads_gives_the_same_bits(weighted: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two tiles of buyers, of which the last is shorter."""
    monkeypatch.setattr(_exchange_batch, "_STOCKS_IN_A_TILE", 1)
    layout = lay_out(firms(5, agents=50, products=6).to_dense(), Parameters())
    generator = np.random.default_rng(1)
    served, weight = generator.uniform(0.2, 1.0, (2, 4, 50))
    days = []
    for threads in (1, 2, 3, 9):
        exchange, day = BatchExchange(layout, Parameters(), 4, threads=threads), Day.first(layout, 4)
        day.served[:] = served
        if weighted:
            day.weight[:] = weight
        day.production *= 0.9
        sums = [exchange.advance(day, number) for number in range(4)]
        days.append((sums[-1], day.orders, day.limit, day.scarce, exchange.state()["stock"]))
    for other in days[1:]:
        for found, expected in zip(other, days[0], strict=True):
            np.testing.assert_array_equal(found, expected)


def test_tiles_give_the_figures_of_dense_storage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_exchange_batch, "_STOCKS_IN_A_TILE", 1)
    layout = lay_out(firms(5, agents=50, products=6).to_dense(), Parameters())
    generator = np.random.default_rng(2)
    served, weight = generator.uniform(0.2, 1.0, (2, 4, 50))
    found = []
    for way in (BatchExchange, DenseExchange):
        exchange, day = way(layout, Parameters(), 4), Day.first(layout, 4)
        day.served[:], day.weight[:] = served, weight
        exchange.destroy(2, np.full(layout.slots.flow.size, 0.3))
        exchange.limits(day, 2)
        before = day.limit.copy()
        sums = [exchange.advance(day, number) for number in range(3)]
        found.append((before, sums[-1], day.orders, day.limit, exchange.inventories(2), exchange.inventories(3)))
    for one, other in zip(*found, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12)
