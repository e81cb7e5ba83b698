"""The sheets and columns of a chain's workbook: one table that reader, template, checks and manual share.

The table stands in the folder ``chain_sheets``, in three small CSV files that a person can edit: ``sheets.csv``,
``columns.csv``, and ``words.csv`` with what may be written where there is a choice. Each has its name in English and in
Chinese, and other spellings that are understood.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from tenon.data.names import Language

__all__ = [
    "INSTRUCTIONS",
    "Column",
    "Form",
    "Sheet",
    "Word",
    "chain_sheets",
    "choices",
    "currencies",
    "plain",
    "spelling",
]


class Form(StrEnum):
    """What a cell of a column must look like."""

    TEXT = "text"
    LABEL = "label"
    SITE = "site"
    PART = "part"
    LANE = "lane"
    COUNTRY = "country"
    NAMES = "names"
    AMOUNT = "amount"
    ABOVE_ZERO = "above zero"
    SHARE = "share"
    RATE = "rate"
    LATITUDE = "latitude"
    LONGITUDE = "longitude"
    ACTIVITY = "activity"
    EVIDENCE = "evidence"
    MODE = "mode"
    SWITCH = "switch"
    VERIFIED = "verified"


INSTRUCTIONS: Mapping[Language, str] = MappingProxyType({"en": "instructions", "zh": "填写说明"})
"""Names of the sheet that explains the others; it is not read."""


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a sheet.

    Parameters
    ----------
    name, chinese : str
        What stands above it.
    also : tuple of str
        Other spellings that are understood.
    form : Form
        What its cells must look like.
    unit, unit_zh : str
        Unit, in English and in Chinese; empty where there is none.
    required : bool
        Whether every row must fill it.
    default, default_zh : str
        What a blank cell means, in words or as a figure.
    explanation, explanation_zh : str
        One or two sentences for people.
    """

    name: str
    chinese: str
    also: tuple[str, ...]
    form: Form
    unit: str
    unit_zh: str
    required: bool
    default: str
    default_zh: str
    explanation: str
    explanation_zh: str

    def heading(self, language: Language) -> str:
        """What stands above the column: its name, with the unit in brackets.

        Parameters
        ----------
        language : {"en", "zh"}
            English or Chinese.

        Returns
        -------
        str
            The heading.
        """
        name, unit = (self.name, self.unit) if language == "en" else (self.chinese, self.unit_zh)
        return f"{name} ({unit})" if unit else name


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One sheet of the workbook, or one file of the folder.

    Parameters
    ----------
    name, chinese : str
        Its name.
    also : tuple of str
        Other spellings that are understood.
    required : bool
        Whether it must be there.
    purpose, purpose_zh : str
        What its rows say.
    columns : tuple of Column
        Its columns in order.
    """

    name: str
    chinese: str
    also: tuple[str, ...]
    required: bool
    purpose: str
    purpose_zh: str
    columns: tuple[Column, ...]

    def title(self, language: Language) -> str:
        """Name of the sheet.

        Parameters
        ----------
        language : {"en", "zh"}
            English or Chinese.

        Returns
        -------
        str
            The name.
        """
        return self.name if language == "en" else self.chinese


@dataclass(frozen=True)
class Word:
    """One thing that may be written where there is a choice.

    Parameters
    ----------
    word, chinese : str
        The word.
    also : tuple of str
        Other spellings that are understood.
    """

    word: str
    chinese: str
    also: tuple[str, ...]


@cache
def chain_sheets() -> tuple[Sheet, ...]:
    """Return every sheet with its columns, in order.

    Returns
    -------
    tuple of Sheet
        The whole table.

    Examples
    --------
    >>> [sheet.name for sheet in chain_sheets()][:4]
    ['about', 'sites', 'parts', 'production']
    >>> chain_sheets()[1].columns[6].heading("zh")
    '恢复时间 (天)'
    """
    columns = _rows("columns")
    return tuple(
        Sheet(
            name=row["sheet"],
            chinese=row["chinese"],
            also=_list(row["also"]),
            required=row["required"] == "yes",
            purpose=row["purpose"],
            purpose_zh=row["purpose_zh"],
            columns=tuple(_column(entry) for entry in columns if entry["sheet"] == row["sheet"]),
        )
        for row in _rows("sheets")
    )


@cache
def choices(form: Form) -> tuple[Word, ...]:
    """Return what may be written in the cells of a form.

    Parameters
    ----------
    form : Form
        Any form.

    Returns
    -------
    tuple of Word
        The words in order; none where anything of the form may be written.

    Examples
    --------
    >>> [choice.word for choice in choices(Form.ACTIVITY)]
    ['makes', 'buys in', 'passes on']
    """
    return tuple(Word(row["word"], row["chinese"], _list(row["also"])) for row in _rows("words") if row["form"] == form)


@cache
def currencies() -> Mapping[str, str]:
    """Return the codes of currencies in use by what people write instead, and by themselves.

    Source: ISO 4217, list one (current currencies and funds), without metals, tests and units of account.

    Returns
    -------
    mapping of str to str
        Code by spelling.

    Examples
    --------
    >>> currencies()["rmb"], currencies()["eur"]
    ('CNY', 'EUR')
    """
    return MappingProxyType(
        {spelling(word): row["code"] for row in _rows("currencies") for word in (row["code"], *_list(row["also"]))}
    )


# Full-width signs of Chinese keyboards, from the exclamation mark to the tilde, and blanks of every kind.
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x200B: None, 0xFEFF: None, 0x3000: " "}


def plain(text: str) -> str:
    """Return a text as names are compared: without blanks around it, half-width, accents composed.

    Parameters
    ----------
    text : str
        As written in a cell.

    Returns
    -------
    str
        The same text in its one spelling.

    Examples
    --------
    >>> plain(" \uff30lant\u3000\uff11 ")
    'Plant 1'
    """
    if text.isascii():
        return " ".join(text.split())
    return " ".join(unicodedata.normalize("NFC", text.translate(_NARROW)).split())


def spelling(text: str) -> str:
    """Return a heading or a word of a choice as it is looked up: no capitals, hyphens or underscores.

    Parameters
    ----------
    text : str
        As written.

    Returns
    -------
    str
        The key to look it up by.

    Examples
    --------
    >>> spelling("Start-up_Days")
    'start up days'
    """
    return " ".join(re.sub(r"[-_/]", " ", plain(text)).casefold().split())


def _column(row: Mapping[str, str]) -> Column:
    return Column(
        name=row["column"],
        chinese=row["chinese"],
        also=_list(row["also"]),
        form=Form(row["form"]),
        unit=row["unit"],
        unit_zh=row["unit_zh"],
        required=row["required"] == "yes",
        default=row["default"],
        default_zh=row["default_zh"],
        explanation=row["explanation"],
        explanation_zh=row["explanation_zh"],
    )


def _list(text: str) -> tuple[str, ...]:
    return tuple(text.split(";")) if text else ()


@cache
def _rows(table: str) -> tuple[dict[str, str], ...]:
    text = files("tenon.data").joinpath("chain_sheets", f"{table}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
