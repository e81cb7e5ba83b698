"""A repair changes one thing, keeps the other identity, and says what it did."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from tenon.data import (
    Draft,
    repair_column_residuals,
    repair_excess_inputs,
    repair_negative_flows,
    repair_row_residuals,
)
from tenon.schema import LabelError
from tests.unit.data.examples import DRAFT, ORIGIN, changed, draft

ALL = [
    (repair_negative_flows, "stocks"),
    (repair_excess_inputs, "stocks"),
    (repair_row_residuals, "stocks"),
    (repair_column_residuals, "work"),
]


@pytest.mark.parametrize(("repair", "into"), ALL)
def test_a_sound_draft_comes_back_as_it_is(repair: Callable[..., Draft], into: str) -> None:
    assert repair(DRAFT, into=into) is DRAFT


@pytest.mark.parametrize("repair", [function for function, _ in ALL])
def test_an_unknown_place_for_the_residual_is_refused(repair: Callable[..., Draft]) -> None:
    with pytest.raises(LabelError, match=r"has no (category|item) 'nowhere'"):
        repair(DRAFT, into="nowhere")


def test_negative_sales_go_to_stocks_of_the_buyers_region() -> None:
    wrong = draft(Z=changed(DRAFT.Z, (0, 3), -0.5))
    right = repair_negative_flows(wrong, into="stocks")
    assert right.Z[0, 3] == 0.0
    assert right.Y[0, 3] == -0.5
    assert np.allclose(right.row_residuals(), wrong.row_residuals())
    assert right.repairs[0].startswith("repair_negative_flows: 1 negative sales between industries (-0.5 in all")


def test_inputs_of_an_industry_without_output_go_to_stocks() -> None:
    wrong = draft(Z=changed(DRAFT.Z, (1, 2), 3.0))
    right = repair_excess_inputs(wrong, into="stocks")
    assert right.Z[1, 2] == 0.0
    assert right.Y[1, 3] == 3.0
    assert "B:mining without output" in right.repairs[0]


def test_inputs_above_output_are_scaled_down_to_it() -> None:
    wrong = draft(Z=changed(DRAFT.Z, (3, 0), 9.0))
    right = repair_excess_inputs(wrong, into="stocks")
    assert right.Z[:, 0].sum() == pytest.approx(DRAFT.x[0])
    assert np.allclose(right.row_residuals(), wrong.row_residuals())
    assert "A:mining 1.200" in right.repairs[0]


def test_what_rows_lack_goes_to_stocks_of_the_producers_region() -> None:
    right = repair_row_residuals(draft(x=changed(DRAFT.x, (3,), 17.0)), into="stocks")
    assert np.allclose(right.row_residuals(), 0.0)
    assert right.Y[3, 3] == DRAFT.Y[3, 3] + 2.0
    assert "largest +2 at B:power" in right.repairs[0]


def test_what_columns_lack_goes_to_one_item_of_value_added() -> None:
    right = repair_column_residuals(draft(V=DRAFT.V - 1.0), into="work")
    assert np.allclose(right.column_residuals(), 0.0)
    assert np.array_equal(right.V[1], DRAFT.V[1] - 1.0)


def test_repairs_end_in_a_table_that_lists_them() -> None:
    wrong = draft(Z=changed(DRAFT.Z, (3, 0), 9.0))
    for repair, into in ALL:
        wrong = repair(wrong, into=into)
    table = wrong.table(ORIGIN)
    assert [sentence.partition(":")[0] for sentence in table.repairs] == [
        "repair_excess_inputs",
        "repair_row_residuals",
        "repair_column_residuals",
    ]
    assert table.balance().relative < 1e-12
