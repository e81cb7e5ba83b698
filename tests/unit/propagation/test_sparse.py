"""The kernels of sparse storage equal their twins."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from tenon.propagation._ordering import Ordering
from tenon.propagation._sparse import begin_pass, end_pass, pass_segments
from tenon.schema import SparseLinks, SupplyNetwork
from tests.strategies import firms
from tests.twins import kernels
from tests.unit.propagation.kernel_arguments import assert_twins, shares, sparse_day

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
    assert_twins(
        pass_segments, kernels.pass_segments, **sparse_day(3, ordering, per_link=False, closed=False, late=False)
    )


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


@pytest.mark.parametrize("per_link", [True, False])
@pytest.mark.parametrize("weighted", [True, False])
def test_a_pass_in_several_chunks_equals_its_twin(per_link: bool, weighted: bool) -> None:
    """Enough slots of one link, of two and of hundreds that chunks end between them, and one that fills its own."""
    generator = np.random.default_rng(6)
    size, makers = 4000, 1500
    supplier = np.concatenate(
        [
            generator.integers(0, makers, 2500),
            np.repeat(np.arange(750), 2) + np.tile([0, 750], 750),
            *(np.arange(400 * k) for k in (1, 2, 3)),
        ]
    )
    buyer = makers + np.concatenate(
        [
            np.arange(2000),
            np.repeat(0, 500),
            np.repeat(np.arange(750), 2),
            np.repeat([2100, 2101, 2102], [400, 800, 1200]),
        ]
    )
    pairs = np.unique(supplier * size + buyer)
    network = SupplyNetwork(
        **{
            **vars(firms(1, agents=size, products=2)),
            "product": np.repeat([0, 1], [makers, size - makers]),
            "links": SparseLinks(pairs // size, pairs % size, generator.lognormal(0, 1, pairs.size)),
            "inventory_days": np.array([[9.0]]),
            "stock_release": np.zeros(size),
            "value_added": np.ones(size),
        }
    )
    day = sparse_day(6, Ordering(weighted, floored=True), per_link=per_link, closed=False, late=False, network=network)
    if not weighted:
        day["agents"].weight[:] = 1.0
    counts = np.diff(day["slots"].link_first)
    assert (counts == 1).sum() > 1024
    assert counts[counts > 1].sum() > 2048
    assert counts.max() > 1024
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
        limit=np.array([np.inf, 0.5, 1.0, np.inf]),
        scarce=np.array([-1, 3, 0, -1]),
    )


def test_what_a_pass_ends_with_equals_its_twin() -> None:
    generator = np.random.default_rng(4)
    assert_twins(end_pass, kernels.end_pass, demand=shares(generator, 4, 30), orders=np.ones(30))
