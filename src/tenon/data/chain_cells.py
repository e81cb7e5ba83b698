"""One cell of a chain's workbook: what it means, or why it cannot be read.

:func:`read_cell` is quick and says only whether a cell is right; :func:`explain` looks again at a wrong one.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final

from tenon.data.chain_words import Column, Form, choices, plain, spelling
from tenon.schema.errors import nearest

__all__ = ["BAD", "NUMBERS", "blank_cell", "explain", "is_blank", "read_cell"]


class _Bad:
    """What stands for a cell that cannot be read; it is no value, and what needs it is left out of further checks."""

    def __repr__(self) -> str:
        return "BAD"


BAD: Final = _Bad()
"""Stands for a cell that cannot be read."""

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_EXCEL_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"})
_MOST_EVENTS = 366.0
_PERCENT_FORMS = frozenset({Form.SHARE, Form.RATE})

_IN_RANGE: Mapping[Form, Callable[[float], bool]] = MappingProxyType(
    {
        Form.AMOUNT: lambda x: x >= 0,
        Form.ABOVE_ZERO: lambda x: x > 0,
        Form.SHARE: lambda x: 0 <= x <= 1,
        Form.RATE: lambda x: 0 <= x <= _MOST_EVENTS,
        Form.LATITUDE: lambda x: abs(x) <= 90,  # noqa: PLR2004 - degrees from the equator to a pole
        Form.LONGITUDE: lambda x: abs(x) <= 180,  # noqa: PLR2004 - degrees from Greenwich to the date line
    }
)
_RANGES: Mapping[Form, tuple[str, str]] = MappingProxyType(
    {
        Form.AMOUNT: ("must be a finite number, not negative", "Write zero or more."),
        Form.ABOVE_ZERO: ("must be a finite number above zero", "Write how much it is."),
        Form.SHARE: ("is a share and must be between 0 and 1", "Write 25 % as 0.25 or 25%."),
        Form.RATE: ("must be how often it happens a year, 0 to 366", "Write once in twenty years as 0.05."),
        Form.LATITUDE: ("must be degrees between -90 and 90", "Are latitude and longitude exchanged?"),
        Form.LONGITUDE: ("must be degrees between -180 and 180", "Write degrees with decimals, west negative."),
    }
)
NUMBERS = frozenset(_RANGES)
"""Forms whose cells hold a number."""

_DEFAULTS = {"unlimited": math.inf, "unknown": math.nan, "the rest": math.nan}


def is_blank(value: object) -> bool:
    """Say whether a cell holds nothing but blanks.

    Parameters
    ----------
    value : object
        As the file gives it.

    Returns
    -------
    bool
        True for nothing and for a text without a sign.

    Examples
    --------
    >>> is_blank("　 "), is_blank(0)
    (True, False)
    """
    if isinstance(value, str):
        # Most texts begin with a sign that is plainly no blank.
        return not (value[:1].isalnum() or plain(value))
    return value is None


@cache
def blank_cell(column: Column) -> object:
    """Return what a blank cell of an optional column means.

    Parameters
    ----------
    column : Column
        The column.

    Returns
    -------
    object
        A number, a word, or None where it depends on the rest of the workbook.

    Examples
    --------
    >>> from tenon.data.chain_words import chain_sheets
    >>> [blank_cell(column) for column in chain_sheets()[3].columns[2:5]]
    ['makes', inf, 0.0]
    """
    if column.form in NUMBERS:
        return _DEFAULTS[column.default] if column.default in _DEFAULTS else _number(column.default)
    if choices(column.form):
        return read_cell(column.default, column.form)
    return {Form.NAMES: (), Form.COUNTRY: ""}.get(column.form, column.default if column.name == "customer" else None)


def read_cell(value: object, form: Form) -> object:
    """Return what a cell says, which is not blank.

    Parameters
    ----------
    value : object
        As the file gives it.
    form : Form
        What it must look like.

    Returns
    -------
    object
        A number, a text, a tuple of names, or BAD where it cannot be read.

    Examples
    --------
    >>> read_cell("25%", Form.SHARE), read_cell("3,5", Form.AMOUNT), read_cell(4711.0, Form.LABEL)
    (0.25, BAD, '4711')
    """
    return _reader(form)(value)


def explain(value: object, column: Column, unit: str) -> tuple[str, str]:
    """Say why a cell cannot be read, and how to mend it.

    Parameters
    ----------
    value : object
        As the file gives it.
    column : Column
        The column.
    unit : str
        Unit that its figures have, where that is known.

    Returns
    -------
    tuple of str
        What is wrong, and what to do.
    """
    if strange := _explain_strange(value):
        return strange
    if column.form in NUMBERS:
        return _explain_number(value, column, unit)
    shown = plain(str(value))
    if words := choices(column.form):
        known = [word for choice in words for word in (choice.word, choice.chinese)]
        listed = ", ".join(choice.word for choice in words)
        # A guess between yes and no would be worse than none.
        advice = "" if column.form in {Form.SWITCH, Form.VERIFIED} else nearest(shown, known)
        mend = _capital(advice) if advice.startswith("did you mean") else "Write one of these words."
        return f"must be one of {listed}, but is {shown!r}.", mend
    if column.form is Form.COUNTRY:
        return f"must be the ISO code of a country, but is {shown!r}.", "Write its two or three letters, such as CHN."
    return f"must be a name, but is {shown!r}.", "Write a text."


def _explain_strange(value: object) -> tuple[str, str] | None:
    """Explain what a spreadsheet puts into cells that hold neither a number nor a text of the user."""
    if isinstance(value, dt.date | dt.time | dt.timedelta):
        return (
            f"holds the date or time {value}.",
            "A spreadsheet makes dates of entries such as 3-5; format the cell as text or number and type it again.",
        )
    text = plain(value) if isinstance(value, str) else ""
    if text.upper() in _EXCEL_ERRORS:
        return f"holds the error {text} of the spreadsheet.", "Mend its formula, or type the value."
    if text.startswith("="):
        return f"holds the formula {text!r} instead of a value.", "Paste the value."
    return None


def _explain_number(value: object, column: Column, unit: str) -> tuple[str, str]:
    required, mend = _RANGES[column.form]
    number = _number(value)
    if number is None and column.form in _PERCENT_FORMS:
        number = _percent(value)
    if number is not None:
        return f"{required}, but is {number:g}.", mend
    shown = plain(str(value))
    measure = unit or column.unit
    if re.fullmatch(r"[+-]?\d+([.,]\d+)?\s*%", shown):
        return f"{required}, but is the percentage {shown!r}.", f"Write the number itself, in {measure}."
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", shown):
        digits, dotted = shown.replace(",", ""), shown.replace(",", ".")
        either = f"{digits} or {dotted}" if shown.count(",") == 1 and "." not in shown else digits
        return f"holds {shown!r}, whose comma may mean thousands or decimals.", f"Write {either}."
    if re.fullmatch(r"[+-]?\d+,\d+", shown):
        return f"holds {shown!r} with a decimal comma.", f"Write {shown.replace(',', '.')}."
    if found := re.match(r"[+-]?\d[\d.,]*\s*(?=[^\W\d_])(?P<unit>.+)", shown):
        return (
            f"holds a number with the unit {found['unit']!r}: {shown!r}.",
            f"Figures here are in {measure}; convert it where needed and write the number alone.",
        )
    mend = "Write a number." if column.required else "Write a number, or leave the cell blank for the default."
    return f"{required}, but is {shown!r}, which is no number.", mend


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _number(value: object) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, str):
        text = plain(value)
        return float(text) if _NUMBER.fullmatch(text) else None
    return None


def _percent(value: object) -> float | None:
    if not isinstance(value, str) or not plain(value).endswith("%"):
        return None
    number = _number(plain(value).removesuffix("%"))
    return None if number is None else number / 100


def _number_reader(form: Form) -> Callable[[object], object]:
    in_range, percent = _IN_RANGE[form], form in _PERCENT_FORMS

    def read(value: object) -> object:
        number = value if type(value) is float else _number(value)
        if number is None and percent:
            number = _percent(value)
        return number if number is not None and math.isfinite(number) and in_range(number) else BAD

    return read


def _text(value: object) -> object:
    if isinstance(value, str):
        text = plain(value)
        return BAD if text.startswith("=") or text.upper() in _EXCEL_ERRORS else text
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(int(value)) if float(value).is_integer() else repr(value)
    return BAD


def _country(value: object) -> object:
    text = _text(value)
    return text.upper() if isinstance(text, str) and re.fullmatch(r"[A-Za-z]{2,3}", text) else BAD


def _names(value: object) -> object:
    text = _text(value)
    if not isinstance(text, str):
        return BAD
    return tuple(name for name in (part.strip() for part in text.split(";")) if name)


def _word_reader(form: Form) -> Callable[[object], object]:
    known = {
        spelling(written): choice.word
        for choice in choices(form)
        for written in (choice.word, choice.chinese, *choice.also)
    }
    if form in {Form.SWITCH, Form.VERIFIED}:
        meaning: dict[str, object] = {written: word == "yes" for written, word in known.items()}
    else:
        meaning = dict(known)

    def read(value: object) -> object:
        text = str(value) if isinstance(value, bool) else _text(value)
        return meaning.get(spelling(text), BAD) if isinstance(text, str) else BAD

    return read


@cache
def _reader(form: Form) -> Callable[[object], object]:
    """Return what reads the cells of a form; the words of choices are looked up when they are first needed."""
    if form in NUMBERS:
        return _number_reader(form)
    if choices(form):
        return _word_reader(form)
    return {Form.COUNTRY: _country, Form.NAMES: _names}.get(form, _text)
