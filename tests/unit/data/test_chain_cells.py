"""Cells: what a form reads, and what it refuses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenon.data.chain_cells import BAD, explain, is_blank, read_cell
from tenon.data.chain_language import workbook_words
from tenon.data.chain_words import Column, Form, chain_sheets

ENGLISH = workbook_words("en")


@pytest.mark.parametrize(
    ("value", "form", "read"),
    [
        (3, Form.AMOUNT, 3.0),
        ("3.5", Form.AMOUNT, 3.5),
        ("\uff13\uff0e\uff15", Form.AMOUNT, 3.5),
        (" 1e3 ", Form.AMOUNT, 1000.0),
        ("10%", Form.SHARE, 0.1),
        ("12.5 \uff05", Form.SHARE, 0.125),
        ("5%", Form.RATE, 0.05),
        ("10%", Form.AMOUNT, BAD),
        (float("nan"), Form.AMOUNT, BAD),
        (float("inf"), Form.AMOUNT, BAD),
        ("inf", Form.AMOUNT, BAD),
        ("1_000", Form.AMOUNT, BAD),
        (0, Form.ABOVE_ZERO, BAD),
        (1.01, Form.SHARE, BAD),
        (-91, Form.LATITUDE, BAD),
        (181, Form.LONGITUDE, BAD),
        (4711, Form.LABEL, "4711"),
        (2.5, Form.LABEL, "2.5"),
        (b"x", Form.LABEL, BAD),
        ("chn", Form.COUNTRY, "CHN"),
        ("Sound; ; Kiel Canal;", Form.NAMES, ("Sound", "Kiel Canal")),
        ("#REF!", Form.LABEL, BAD),
        ("Yes", Form.SWITCH, True),
        (1, Form.SWITCH, True),
        ("presumed", Form.VERIFIED, False),
        ("铁路", Form.MODE, "rail"),
    ],
)
def test_a_cell_is_read_by_its_form(value: object, form: Form, read: object) -> None:
    found = read_cell(value, form)
    assert found == read
    assert type(found) is type(read)


@given(st.one_of(st.text(), st.floats(), st.integers(), st.booleans(), st.dates(), st.binary()))
def test_anything_can_be_read_or_explained(value: object) -> None:
    """No cell, however odd, ends in a traceback; what is refused is said with its mend."""
    for sheet in chain_sheets():
        for column in sheet.columns:
            if not is_blank(value) and read_cell(value, column.form) is BAD:
                key, values = explain(value, column, "", ENGLISH)
                assert ENGLISH.say(f"{key}.what", **values)
                assert ENGLISH.say(f"{key}.mend", **values)


@given(st.floats(min_value=0, allow_infinity=False))
def test_every_amount_is_read_as_it_is_written(value: float) -> None:
    assert read_cell(repr(value), Form.AMOUNT) == value


def column_of(sheet: str, name: str) -> Column:
    return next(c for s in chain_sheets() if s.name == sheet for c in s.columns if c.name == name)


def test_the_unit_of_the_part_is_named_where_it_is_known() -> None:
    stock = column_of("production", "stock")
    assert explain("5 t", stock, "kg", ENGLISH)[1]["unit"] == "kg"
    assert explain("5 t", stock, "", ENGLISH)[1]["unit"] == "units"
