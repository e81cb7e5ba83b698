"""The accuracy of the balancing is measured against a table whose origins are known."""

from __future__ import annotations

import numpy as np
import pytest

from tenon.data import accuracy_table, balancing_accuracy
from tenon.schema import LabelError, TableError
from tests.unit.data.examples import world

REGIONS, SECTORS = ("A", "B", "C", "D"), ("1", "2", "3")
TRUTH = world(REGIONS, SECTORS)


def test_the_truth_as_older_pattern_gives_no_error_in_trade() -> None:
    cases = balancing_accuracy(TRUTH, goods=("1", "2"), manufacturing=("2",), older=TRUTH)
    assert len(cases) == 5
    assert cases[3].trade_error < 1e-9
    assert cases[3].known == "margins and the pattern of 2020"
    assert cases[0].trade_error > 0.05
    assert cases[0].domestic_error > 0  # users of a product differ in their origins


def test_knowing_more_is_never_much_worse() -> None:
    margins, goods, wrong = balancing_accuracy(TRUTH, goods=SECTORS, manufacturing=("2",))
    assert goods.trade_error < wrong.trade_error
    assert goods.trade_error < margins.trade_error


def test_the_same_seed_gives_the_same_errors() -> None:
    one, other = (balancing_accuracy(TRUTH, goods=("1",), manufacturing=("2",), seed=4) for _ in range(2))
    assert one == other
    assert balancing_accuracy(TRUTH, goods=("1",), manufacturing=("2",), seed=5)[2] != one[2]


def test_the_table_of_the_manual_has_a_line_a_case() -> None:
    cases = balancing_accuracy(TRUTH, goods=("1",), manufacturing=("2",))
    lines = accuracy_table(cases).splitlines()
    assert len(lines) == 5
    assert lines[2].startswith("| margins only | ")
    assert len({line.count("|") for line in lines}) == 1


def test_shares_are_between_zero_and_one() -> None:
    for case in balancing_accuracy(TRUTH, goods=("1",), manufacturing=("2",)):
        assert 0 <= case.origin_mean_error <= case.origin_worst_error <= 1
        assert -1 <= case.origin_correlation <= 1
        assert np.isfinite(case.cross_border_error)


def test_an_unknown_sector_is_refused() -> None:
    with pytest.raises(LabelError, match="table 'world' has no sector '9'"):
        balancing_accuracy(TRUTH, goods=("9",), manufacturing=("2",))


def test_an_older_table_of_other_regions_is_refused() -> None:
    with pytest.raises(TableError, match="must have the same regions and sectors"):
        balancing_accuracy(TRUTH, goods=("1",), manufacturing=("2",), older=world(("A", "B"), SECTORS))
