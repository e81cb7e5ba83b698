"""Reading outages of one's own: a TOML file of ``[[outages]]``, checked key by key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

from tenon.data.scenario_files import read_toml_text, toml_table
from tenon.schema import Outage, ScenarioError, TenonError, nearest

__all__ = ["read_outages"]

_KEYS = tuple(field.name for field in fields(Outage))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_FORMS: dict[str, tuple[Callable[[object], bool], str]] = {
    "name": (lambda value: isinstance(value, str), "a text"),
    "loss": (_is_number, "a number"),
    "days": (_is_number, "a number"),
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
        If the file is missing, empty or not text.
    ScenarioError
        If it is not TOML, or a key is unknown, missing or of the wrong form.
    ShockError
        If a figure is out of its range.
    """
    where = f"outage file {path}"
    values = toml_table(read_toml_text(path, kind="chain outage"), where=where)
    for key in values:
        if key != "outages":
            message = f"{where} has an unknown entry {key!r}; {nearest(key, ['outages'])} Begin each with [[outages]]."
            raise ScenarioError(message)
    outages = values.get("outages")
    if not (isinstance(outages, list) and outages):
        message = f"{where} must hold at least one outage, but has none; begin each with [[outages]]."
        raise ScenarioError(message)
    return tuple(_outage(outage, f"outage {number} of {where}") for number, outage in enumerate(outages, 1))


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
