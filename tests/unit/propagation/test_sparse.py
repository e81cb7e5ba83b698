"""The kernels of sparse storage equal their twins."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from tenon.propagation._ordering import Ordering
from tenon.propagation._sparse import fill_tables, pass_links, pass_slots, ration_pass
from tests.twins import kernels
from tests.unit.propagation.kernel_arguments import assert_twins, layout_of, shares, sparse_day

SWITCHES = list(itertools.product([False, True], repeat=3))


@pytest.mark.parametrize(("weighted", "floored", "by_flow"), SWITCHES)
@pytest.mark.parametrize(("closed", "late"), list(itertools.product([False, True], repeat=2)))
def test_a_pass_with_a_stock_per_product_equals_its_twin(
    weighted: bool, floored: bool, by_flow: bool, closed: bool, late: bool
) -> None:
    for seed in (1, 2):
        ordering = Ordering(weighted, floored, by_flow=by_flow)
        day = sparse_day(seed, ordering, per_link=False, closed=closed, late=late)
        if not weighted:
            # With fixed shares every supplier weighs the same.
            day["suppliers"][:, 1] = 1.0
        assert_twins(pass_slots, kernels.pass_slots, **day)


@pytest.mark.parametrize(("frozen", "use_only"), [(True, False), (False, True), (True, True)])
def test_the_shortcuts_of_boario_equal_the_twins(frozen: bool, use_only: bool) -> None:
    ordering = Ordering(weighted=True, floored=True, frozen=frozen, use_only=use_only)
    assert_twins(pass_slots, kernels.pass_slots, **sparse_day(3, ordering, per_link=False, closed=False, late=False))


@pytest.mark.parametrize(("weighted", "floored", "by_flow"), SWITCHES)
@pytest.mark.parametrize(("closed", "late"), list(itertools.product([False, True], repeat=2)))
def test_a_pass_with_a_stock_per_link_equals_its_twin(
    weighted: bool, floored: bool, by_flow: bool, closed: bool, late: bool
) -> None:
    for seed in (1, 2):
        ordering = Ordering(weighted, floored, by_flow=by_flow)
        day = sparse_day(seed, ordering, per_link=True, closed=closed, late=late)
        if not weighted:
            day["suppliers"][:, 1] = 1.0
        assert_twins(pass_links, kernels.pass_links, **day)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_pass_of_water_filling_equals_its_twin(seed: int) -> None:
    generator = np.random.default_rng(seed)
    layout = layout_of(seed)
    size = layout.output.size
    ratio = shares(generator, size)
    ratio[::3] = np.inf
    assert_twins(
        ration_pass,
        kernels.ration_pass,
        slots=layout.slots,
        order=layout.slots.link_flow * shares(generator, layout.slots.link_flow.size),
        ratio=ratio,
        served=np.zeros(size),
        open_flow=np.zeros(size),
    )


def test_tables_of_agents_equal_their_twin() -> None:
    generator = np.random.default_rng(4)
    output = np.array([10.0, 0.0, 5.0, 8.0])
    assert_twins(
        fill_tables,
        kernels.fill_tables,
        output=output,
        production=output * shares(generator, 4),
        target_output=output * shares(generator, 4),
        served=shares(generator, 4),
        weight=shares(generator, 4),
        buyers=np.zeros((4, 2)),
        suppliers=np.zeros((4, 2)),
    )
