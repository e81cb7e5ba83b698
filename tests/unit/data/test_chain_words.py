"""The table of sheets and columns contradicts itself nowhere."""

from __future__ import annotations

from collections import Counter
from itertools import chain

import pytest

from tenon.data.chain_cells import BAD, NUMBERS, blank_cell, read_cell
from tenon.data.chain_words import INSTRUCTIONS, Column, Form, Sheet, chain_sheets, choices, plain, spelling
from tests.unit.data.chain_reference import PAGE, page

SHEETS = chain_sheets()
COLUMNS = [(sheet, column) for sheet in SHEETS for column in sheet.columns]


def written(item: Sheet | Column) -> list[str]:
    return [spelling(name) for name in (item.name, item.chinese, *item.also)]


def test_no_spelling_names_two_sheets() -> None:
    spellings = [*chain.from_iterable(map(written, SHEETS)), *map(spelling, INSTRUCTIONS.values())]
    assert [word for word, count in Counter(spellings).items() if count > 1] == []


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_no_spelling_names_two_columns(sheet: Sheet) -> None:
    spellings = chain.from_iterable(map(written, sheet.columns))
    assert [word for word, count in Counter(spellings).items() if count > 1] == []


@pytest.mark.parametrize("form", [form for form in Form if choices(form)])
def test_no_spelling_means_two_words(form: Form) -> None:
    spellings = [spelling(text) for word in choices(form) for text in (word.word, word.chinese, *word.also)]
    assert [word for word, count in Counter(spellings).items() if count > 1] == []


@pytest.mark.parametrize(("sheet", "column"), COLUMNS, ids=lambda item: item.name)
def test_every_column_is_explained_in_both_languages(sheet: Sheet, column: Column) -> None:
    assert sheet.purpose.endswith(".")
    assert sheet.purpose_zh.endswith("。")
    assert column.explanation.endswith(".")
    assert column.explanation_zh.endswith("。")
    assert bool(column.unit) == bool(column.unit_zh)


@pytest.mark.parametrize(("sheet", "column"), COLUMNS, ids=lambda item: item.name)
def test_what_is_not_required_has_a_default(sheet: Sheet, column: Column) -> None:
    assert bool(column.default) != column.required, sheet.name
    if not column.required:
        assert column.default_zh
        assert blank_cell(column) is not BAD


def test_defaults_that_are_figures_are_read_as_such() -> None:
    figures = {
        column.name: blank_cell(column) for _, column in COLUMNS if column.form in NUMBERS and not column.required
    }
    assert {name: value for name, value in figures.items() if value is None} == {
        "recovery low": None,
        "recovery high": None,
        "closure low": None,
        "closure high": None,
    }


@pytest.mark.parametrize(
    ("text", "same"), [("\uff21（1）", "A(1)"), (" a  b\u3000", "a b"), ("e\u0301", "é"), ("m³", "m³")]
)
def test_names_have_one_spelling(text: str, same: str) -> None:
    assert plain(text) == same


@pytest.mark.parametrize("choice", [word for form in Form for word in choices(form)])
def test_words_are_read_in_every_spelling(choice: object) -> None:
    for form in Form:
        for word in choices(form):
            if word == choice:
                values = {read_cell(text, form) for text in (word.word, word.chinese, word.word.upper(), *word.also)}
                assert len(values) == 1
                assert BAD not in values


def test_the_manual_lists_every_column_and_problem() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()
