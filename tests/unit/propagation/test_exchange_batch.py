"""The kernel of batches equals its twin."""

from __future__ import annotations

import numpy as np
import pytest

from tenon.propagation import _exchange_batch
from tenon.propagation._ordering import Ordering
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
