"""Attribute tables are found by name."""

from __future__ import annotations

import pytest

from tenon.schema import LabelError, attribute_table, attribute_table_names


def test_every_table_has_rows_with_a_description() -> None:
    for name in attribute_table_names():
        rows = attribute_table(name)
        assert rows
        assert all(row.attribute and row.dtype and row.description and row.status for row in rows)


def test_an_unknown_table_is_refused_with_the_nearest() -> None:
    with pytest.raises(LabelError, match=r"there is no attribute table 'scenarios'; did you mean 'scenario'\?"):
        attribute_table("scenarios")
