"""Read-only views, whole numbers, and checks that look at a few rows at a time."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tenon.schema import NetworkError
from tenon.schema.arrays import blocks, first_bad, frozen_array, frozen_integers, is_whole


def test_a_frozen_array_refuses_to_be_written_to() -> None:
    frozen = frozen_array([1.0, 2.0])
    with pytest.raises(ValueError, match="read-only"):
        frozen[0] = 3.0


def test_freezing_copies_no_doubles_and_leaves_the_callers_array_writable() -> None:
    given = np.array([1.0, 2.0])
    frozen = frozen_array(given)
    assert np.shares_memory(frozen, given)
    assert given.flags.writeable


def test_writing_to_the_callers_array_later_changes_the_view() -> None:
    # The price of not copying, which the docstring states.
    given = np.array([1.0, 2.0])
    frozen = frozen_array(given)
    given[0] = 5.0
    assert frozen[0] == 5.0


def test_figures_of_other_types_become_doubles() -> None:
    assert frozen_array(np.array([1, 2], dtype=np.int32)).dtype == np.float64


@pytest.mark.parametrize("given", [[1, 2], [1.0, 2.0], np.array([1, 2], dtype=np.uint8), []])
def test_whole_numbers_of_any_type_become_positions(given: list[float]) -> None:
    positions = frozen_integers(given)
    assert positions.dtype == np.int64
    assert positions.tolist() == list(given)
    assert not positions.flags.writeable


@pytest.mark.parametrize(("given", "shown"), [([0, 1.5], "number 1 is 1.5"), ([math.nan], "nan"), ([math.inf], "inf")])
def test_positions_that_are_no_whole_numbers_are_refused(given: list[float], shown: str) -> None:
    with pytest.raises(NetworkError, match=f"positions must be whole numbers, but .*{shown}"):
        frozen_integers(given)


def test_blocks_cover_every_row_once() -> None:
    cut = list(blocks(10, 700_000))
    assert [row for part in cut for row in range(part.start, part.stop)] == list(range(10))
    assert len(cut) > 1


def test_a_row_larger_than_a_block_is_a_block_of_its_own() -> None:
    assert list(blocks(2, 10_000_000)) == [slice(0, 1), slice(1, 2)]


def test_the_first_bad_cell_is_found_beyond_the_first_block() -> None:
    values = np.zeros((3, 1_500_000))
    values[2, 7] = np.nan
    assert first_bad(values, np.isnan) == (2, 7)


def test_an_array_without_a_bad_cell_or_without_cells_has_no_first_one() -> None:
    assert first_bad(np.ones(3), np.isnan) is None
    assert first_bad(np.ones((0, 3)), np.isnan) is None


@pytest.mark.parametrize(
    ("value", "least", "answer"),
    [(1, 1, True), (1.0, 0, True), (0, 1, False), (0.5, 0, False), (math.nan, 0, False), (math.inf, 0, False)],
)
def test_whole_numbers_are_finite_without_fraction_and_not_below_the_bound(
    value: float,
    least: int,
    answer: bool,
) -> None:
    assert is_whole(value, least=least) is answer
