"""The kernels of dense storage equal their twins."""

from __future__ import annotations

import itertools
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tenon.propagation import _dense
from tenon.propagation._dense import fill_buyers, pass_dense, rest, tighten
from tenon.propagation._ordering import Ordering
from tests.twins import kernels
from tests.unit.propagation.kernel_arguments import assert_twins, dense_day, layout_of, shares


@pytest.mark.parametrize(("floored", "frozen", "use_only"), list(itertools.product([False, True], repeat=3)))
def test_a_pass_over_the_flows_equals_its_twin(floored: bool, frozen: bool, use_only: bool) -> None:
    for seed in (1, 2, 3):
        ordering = Ordering(weighted=True, floored=floored, frozen=frozen, use_only=use_only)
        assert_twins(pass_dense, kernels.pass_dense, **dense_day(seed, ordering))


def test_products_may_be_done_in_parts() -> None:
    day = dense_day(4, Ordering(weighted=True, floored=True))
    for part in (np.array([1]), np.array([0, 2])):
        assert_twins(pass_dense, kernels.pass_dense, **{**day, "products": part})


@pytest.mark.parametrize("rows", range(1, 10))
def test_any_number_of_suppliers_is_added_up(rows: int) -> None:
    """Rows are taken four at a time, and one by one where fewer are left."""
    generator = np.random.default_rng(rows)
    block, weights, total = generator.random((rows, 300)), generator.random(rows), np.full(_dense._TILE, 7.0)
    _dense._weigh_rows(block, 128, 250, weights, total)
    np.testing.assert_allclose(total[:122], weights @ block[:, 128:250], rtol=1e-14)


def test_what_buyers_make_stands_by_agent() -> None:
    generator = np.random.default_rng(1)
    output = generator.lognormal(2, 1, 12) * (np.arange(12) % 4 > 0)
    assert_twins(
        fill_buyers,
        kernels.fill_buyers,
        order=generator.permutation(12),
        output=output,
        production=output * shares(generator, 3, 12),
        target_output=output * shares(generator, 3, 12),
        buyers=np.zeros((2, 3, 12)),
    )


def test_the_tightest_limit_stays_and_the_first_of_equal_ones() -> None:
    generator = np.random.default_rng(2)
    given = {
        "order": generator.permutation(30),
        "limits": generator.integers(0, 4, (3, 30)) / 4,
        "products": np.full((3, 30), 5),
        "limit": generator.integers(0, 4, (3, 30)) / 4,
        "scarce": np.full((3, 30), 2),
    }
    assert_twins(tighten, kernels.tighten, **given)
    equal = given["limits"][:, given["order"]] == given["limit"]
    assert equal.any()
    tighten(**given)
    assert (given["scarce"][equal] == 2).all()


def at_rest(seed: int) -> dict[str, Any]:
    """Return a table on which everything is as it should be, with one input that never runs short."""
    layout = layout_of(seed, dense=True)
    size, slots = layout.output.size, layout.slots
    return {
        "first_agent": layout.first_agent,
        "slots": slots,
        "buyers": np.ones((2, size)),
        "delivered": np.ones(size),
        "stock": np.array(slots.goal),
        "scale": np.ones(slots.flow.size),
    }


@pytest.mark.parametrize("slot", [0, 10, -1])
@pytest.mark.parametrize(("goods", "stock"), [(1, 1), (1 + 1e-3, 1), (1, 1.1), (1 + 1e-3, 1.1), (1 + 5e-6, 1 + 5e-6)])
def test_what_is_close_equals_its_twin(slot: int, goods: float, stock: float) -> None:
    given = at_rest(5)
    given["scale"][slot] *= goods
    given["stock"][slot] *= stock
    assert rest(**given) == kernels.rest(SimpleNamespace(**given))


def test_stocks_that_goods_bring_back_to_their_target_are_close_afterwards() -> None:
    given = at_rest(5)
    limited = np.isfinite(given["stock"])
    given["stock"][limited] -= given["slots"].flow[limited]
    given["scale"][limited] *= 2
    assert rest(**given) == (False, False, True) == kernels.rest(SimpleNamespace(**given))


def test_what_is_no_number_is_not_close() -> None:
    given = at_rest(5)
    given["scale"][0] = np.nan
    assert rest(**given) == (False, False, False)


def test_the_test_knows_the_tile_it_does_not_reach() -> None:
    """Buyers are done in tiles; the runs with 800 agents in test_exchange.py cover more than one."""
    assert _dense._TILE < 800
