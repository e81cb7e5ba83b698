"""The kernels of sparse storage equal their twins."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from tenon.propagation._ordering import Ordering
from tenon.propagation._sparse import begin_pass, pass_segments
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
            day["agents"].weight[:] = 1.0
        assert_twins(pass_segments, kernels.pass_segments, **day)


@pytest.mark.parametrize(("frozen", "use_only"), [(True, False), (False, True), (True, True)])
def test_the_shortcuts_of_boario_equal_the_twins(frozen: bool, use_only: bool) -> None:
    ordering = Ordering(weighted=True, floored=True, frozen=frozen, use_only=use_only)
    assert_twins(pass_segments, kernels.pass_segments, **sparse_day(3, ordering, per_link=False, closed=False, late=False))


@pytest.mark.parametrize(("weighted", "floored", "by_flow"), SWITCHES)
@pytest.mark.parametrize(("closed", "late"), list(itertools.product([False, True], repeat=2)))
def test_a_pass_with_a_stock_per_link_equals_its_twin(
    weighted: bool, floored: bool, by_flow: bool, closed: bool, late: bool
) -> None:
    for seed in (1, 2):
        ordering = Ordering(weighted, floored, by_flow=by_flow)
        day = sparse_day(seed, ordering, per_link=True, closed=closed, late=late)
        if not weighted:
            day["agents"].weight[:] = 1.0
        assert_twins(pass_segments, kernels.pass_segments, **day)


def test_what_a_pass_begins_with_equals_its_twin() -> None:
    generator = np.random.default_rng(4)
    output = np.array([10.0, 0.0, 5.0, 8.0])
    assert_twins(
        begin_pass,
        kernels.begin_pass,
        output=output,
        production=output * shares(generator, 4),
        target_output=output * shares(generator, 4),
        makes=np.zeros(4),
        stocks_for=np.zeros(4),
        demand=np.ones((2, 4)),
        limit=np.zeros(4),
        scarce=np.zeros(4, dtype=np.int64),
    )
