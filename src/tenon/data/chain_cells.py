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
from typing import Any, Final

from tenon.data.chain_language import Words, closest
from tenon.data.chain_words import Column, Form, choices, plain, spelling

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
_HUNDRED = 100.0
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
NUMBERS = frozenset(_IN_RANGE)
"""Forms whose cells hold a number."""

Reason = tuple[str, dict[str, Any]]
"""Key of a sentence, and what stands in its placeholders."""

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


def explain(value: object, column: Column, unit: str, words: Words) -> Reason:
    """Say why a cell cannot be read, and how to mend it.

    Parameters
    ----------
    value : object
        As the file gives it.
    column : Column
        The column.
    unit : str
        Unit that its figures have, where that is known.
    words : Words
        Language in which it is said.

    Returns
    -------
    key : str
        Which sentence of the catalogue says it.
    values : dict of str to str
        What stands in its placeholders.
    """
    if strange := _explain_strange(value):
        return strange
    if column.form in NUMBERS:
        return _explain_number(value, column, unit, words)
    shown = plain(str(value))
    if offered := choices(column.form):
        known = [word for choice in offered for word in (choice.word, choice.chinese)]
        # A guess between yes and no would be worse than none.
        guess = None if column.form in {Form.SWITCH, Form.VERIFIED} else closest(shown, known)
        advice = words.say("advice.guess", word=guess) if guess else words.say("advice.one_of_these")
        listed = words.listed(words.either(choice.word, choice.chinese) for choice in offered)
        return "cell.choice", {"listed": listed, "shown": shown, "advice": advice}
    return "cell.country" if column.form is Form.COUNTRY else "cell.name", {"shown": shown}


def _explain_strange(value: object) -> Reason | None:
    """Explain what a spreadsheet puts into cells that hold neither a number nor a text of the user."""
    if isinstance(value, dt.date | dt.time | dt.timedelta):
        return "cell.date", {"shown": str(value)}
    text = plain(value) if isinstance(value, str) else ""
    if text.upper() in _EXCEL_ERRORS:
        return "cell.spreadsheet_error", {"shown": text}
    if text.startswith("="):
        return "cell.formula", {"shown": text}
    return None


def _explain_number(value: object, column: Column, unit: str, words: Words) -> Reason:
    form = column.form.name.lower()
    required = words.say(f"cell.required.{form}")
    number = _number(value)
    if number is not None and column.form is Form.SHARE and 1 < number <= _HUNDRED:
        return "cell.percent_for_share", {
            "required": required, "shown": f"{number:g}", "fraction": f"{number / _HUNDRED:g}",
        }  # fmt: skip
    if number is None and column.form in _PERCENT_FORMS:
        number = _percent(value)
    if number is not None:
        advice = words.say(f"cell.advice.{form}")
        return "cell.out_of_range", {"required": required, "shown": f"{number:g}", "advice": advice}
    shown = plain(str(value))
    measure = unit or words.either(column.unit, column.unit_zh)
    if re.fullmatch(r"[+-]?\d+([.,]\d+)?\s*%", shown):
        return "cell.percentage", {"required": required, "shown": shown, "unit": measure}
    if comma := _explain_comma(shown):
        return comma
    if found := re.match(r"[+-]?\d[\d.,]*\s*(?=[^\W\d_])(?P<unit>.+)", shown):
        return "cell.with_unit", {"found": found["unit"], "shown": shown, "unit": measure}
    return "cell.no_number" if column.required else "cell.no_number_or_blank", {"required": required, "shown": shown}


def _explain_comma(shown: str) -> Reason | None:
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", shown):
        digits, dotted = shown.replace(",", ""), shown.replace(",", ".")
        if shown.count(",") == 1 and "." not in shown:
            return "cell.comma_of_two_meanings", {"shown": shown, "number": digits, "other": dotted}
        return "cell.comma", {"shown": shown, "number": digits}
    if re.fullmatch(r"[+-]?\d+,\d+", shown):
        return "cell.decimal_comma", {"shown": shown, "number": shown.replace(",", ".")}
    return None


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
