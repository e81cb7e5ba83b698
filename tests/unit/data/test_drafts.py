"""A draft carries figures to a table and knows its own residuals."""

from __future__ import annotations

import numpy as np
import pytest

from tenon.schema import LabelError, TableError
from tests.unit.data.examples import DRAFT, ORIGIN, changed, draft


def test_a_draft_becomes_the_table_it_describes() -> None:
    table = DRAFT.table(ORIGIN)
    assert (table.name, table.currency, table.unit, table.year) == ("small", "EUR", 1e6, 2020)
    assert np.array_equal(table.Z, DRAFT.Z)
    assert table.label(1) == DRAFT.label(1) == "A:power"


def test_residuals_say_what_rows_and_columns_lack() -> None:
    assert np.allclose(draft(x=changed(DRAFT.x, (0,), 11.0)).row_residuals(), [1, 0, 0, 0])
    assert np.allclose(draft(V=changed(DRAFT.V, (0, 3), 9.0)).column_residuals(), [0, 0, 0, 1])


def test_an_unknown_category_or_item_is_refused_with_the_nearest() -> None:
    with pytest.raises(LabelError, match=r"no category 'stock'; did you mean 'stocks'\?"):
        DRAFT.category("stock")
    with pytest.raises(LabelError, match=r"no item 'tax'; did you mean 'taxes'\?"):
        DRAFT.item("tax")


def test_an_unbalanced_draft_becomes_no_table() -> None:
    with pytest.raises(TableError, match="does not balance: sales Z"):
        draft(Y=changed(DRAFT.Y, (0, 0), 5.0)).table(ORIGIN)
