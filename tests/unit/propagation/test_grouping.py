"""Grouping is a stable sort."""

from __future__ import annotations

import numpy as np
import pytest

from tenon.propagation._grouping import grouped


@pytest.mark.parametrize("groups", [1, 7, 300])
def test_positions_of_a_group_stay_in_their_order(groups: int) -> None:
    group = np.random.default_rng(groups).integers(0, groups, 100)
    first, positions = grouped(group, groups)
    np.testing.assert_array_equal(positions, np.argsort(group, kind="stable"))
    np.testing.assert_array_equal(first, np.searchsorted(np.sort(group), np.arange(groups + 1)))


def test_nothing_has_no_groups() -> None:
    first, positions = grouped(np.zeros(0, dtype=np.int64), 2)
    assert first.tolist() == [0, 0, 0]
    assert positions.size == 0
