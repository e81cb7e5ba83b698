"""The kernel of dense storage equals its twin."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from tenon.propagation import _dense
from tenon.propagation._dense import pass_dense
from tenon.propagation._ordering import Ordering
from tests.twins import kernels
from tests.unit.propagation.kernel_arguments import assert_twins, dense_day


@pytest.mark.parametrize(("floored", "frozen", "use_only"), list(itertools.product([False, True], repeat=3)))
def test_a_pass_over_the_flows_equals_its_twin(floored: bool, frozen: bool, use_only: bool) -> None:
    for seed in (1, 2, 3):
        ordering = Ordering(weighted=True, floored=floored, frozen=frozen, use_only=use_only)
        assert_twins(pass_dense, kernels.pass_dense, **dense_day(seed, ordering))


def test_products_may_be_done_in_parts() -> None:
    day = dense_day(4, Ordering(weighted=True, floored=True))
    for part in (np.array([1]), np.array([0, 2])):
        assert_twins(pass_dense, kernels.pass_dense, **{**day, "products": part})


def test_the_test_knows_the_tile_it_does_not_reach() -> None:
    """Buyers are done in tiles; the runs with 800 agents in test_exchange.py cover more than one."""
    assert _dense._TILE < 800
