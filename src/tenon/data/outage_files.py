"""Reading outages of one's own: a TOML file of ``[[outages]]``, checked key by key."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

from tenon.data.scenario_files import read_toml_text, toml_table
from tenon.data.sources import file_or_refuse
from tenon.schema import Outage, ScenarioError, SourceError, TenonError, nearest

__all__ = ["read_outages"]

_KEYS = tuple(field.name for field in fields(Outage))
_TABLES = {
    ".xlsx": "an Excel workbook", ".xlsm": "an Excel workbook", ".xls": "an Excel workbook",
    ".ods": "a spreadsheet", ".csv": "a CSV table", ".tsv": "a table of text",
}  # fmt: skip
_WORKBOOK_BEGINS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""First bytes of new and of old workbooks."""
_EXAMPLE = 'a line [[outages]], below it name = "fire" and sites = ["Ghent melt shop"]'
_SINGLE_BRACKETS = re.compile(r"^[ \t]*\[[ \t]*outages[ \t]*\][ \t]*(#.*)?$", re.MULTILINE)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_FORMS: dict[str, tuple[Callable[[object], bool], str]] = {
    "name": (lambda value: isinstance(value, str), "a text"),
    "loss": (_is_number, "a number without quotes, such as 0.5 for one half"),
    "days": (_is_number, "a number without quotes"),
    "stock_lost": (lambda value: isinstance(value, bool), "true or false"),
}
_LABELS = (lambda value: isinstance(value, list) and all(isinstance(label, str) for label in value), "a list of labels")


def read_outages(path: str | Path) -> tuple[Outage, ...]:
    """Read the outages in a TOML file.

    Parameters
    ----------
    path : str or Path
        The file; each ``[[outages]]`` has the keys of :class:`tenon.schema.Outage`.

    Returns
    -------
    tuple of Outage
        In their order; labels are checked when a chain is stressed.

    Raises
    ------
    SourceError
        If the file is missing, empty, not text, or a spreadsheet.
    ScenarioError
        If it is not TOML, or a key is unknown, missing or of the wrong form.
    ShockError
        If a figure is out of its range.
    """
    where = f"outage file {path}"
    _refuse_spreadsheets(path)
    values = _table(read_toml_text(path, kind="chain outage"), where)
    for key in values:
        if key in _KEYS:
            message = f"{where} has {key!r} above its first outage; put a line [[outages]] before it."
            raise ScenarioError(message)
        if key != "outages":
            message = f"{where} has an unknown entry {key!r}; {nearest(key, ['outages'])} Begin each with [[outages]]."
            raise ScenarioError(message)
    outages = values.get("outages")
    if not (isinstance(outages, list) and outages):
        message = f"{where} must hold at least one outage, but has none; begin each with [[outages]]."
        raise ScenarioError(message)
    return tuple(_outage(outage, f"outage {number} of {where}") for number, outage in enumerate(outages, 1))


def _refuse_spreadsheets(path: str | Path) -> None:
    """Say what was expected instead of a table, before its bytes are taken for damaged text."""
    file = file_or_refuse(path, "a chain outage (TOML)")
    what = _TABLES.get(file.suffix.lower(), "")
    if not what:
        with file.open("rb") as stream:
            what = "an Excel workbook" if stream.read(4) in _WORKBOOK_BEGINS else ""
    if what:
        message = (
            f"{file} is {what}, but outages of your own are read from a text file (TOML), such as outages.toml: "
            f"{_EXAMPLE}."
        )
        raise SourceError(message)


def _table(text: str, where: str) -> dict[str, Any]:
    """Read the file; single brackets are told apart from other mistakes, for two such tables are no TOML at all."""
    try:
        values = toml_table(text, where=where)
    except ScenarioError:
        _refuse_single_brackets(text, where)
        raise
    if isinstance(values.get("outages"), dict):
        _refuse_single_brackets(text, where)
    return values


def _refuse_single_brackets(text: str, where: str) -> None:
    found = _SINGLE_BRACKETS.search(text)
    if found:
        line = text.count("\n", 0, found.start()) + 1
        message = (
            f"{where}, line {line}, has [outages] in single brackets; there may be several outages, so begin each of "
            "them with [[outages]] in double brackets."
        )
        raise ScenarioError(message)


def _outage(values: object, where: str) -> Outage:
    if not isinstance(values, dict):
        message = f"{where} must be a table with keys, but is {values!r}; begin it with [[outages]]."
        raise ScenarioError(message)
    for key, value in values.items():
        if key not in _KEYS:
            message = f"{where} has an unknown key {key!r}; {nearest(key, _KEYS)}"
            raise ScenarioError(message)
        is_good, form = _FORMS.get(key, _LABELS)
        if not is_good(value):
            message = f"{where}: {key} must be {form}, but is {value!r}."
            raise ScenarioError(message)
    if "name" not in values:
        message = f"{where} has no name; give it one, results are labelled by it."
        raise ScenarioError(message)
    try:
        return Outage(**values)
    except TenonError as error:
        raise type(error)(f"{where}: {error}") from error
