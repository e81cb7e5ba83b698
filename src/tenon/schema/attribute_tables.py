"""Attribute tables: what every type holds, in CSV files that the manual shows and the tests hold against the code."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

from tenon.schema.errors import LabelError, nearest

__all__ = ["Attribute", "attribute_table", "attribute_table_names"]


@dataclass(frozen=True, kw_only=True)
class Attribute:
    """One row of an attribute table.

    Parameters
    ----------
    attribute : str
        Name of the attribute or variable.
    dims : str
        Its dimensions, separated by commas; blank for a single figure.
    dtype : str
        Type of the figure or object.
    unit : str
        Unit of the figure; blank where there is none.
    default : str
        What holds if it is left out, written as in Python; blank where it must be given.
    description : str
        What it is and which figures are admissible.
    status : str
        ``required``, ``optional`` or ``derived``; for variables of a result, when they are there.
    """

    attribute: str
    dims: str
    dtype: str
    unit: str
    default: str
    description: str
    status: str


def attribute_table_names() -> tuple[str, ...]:
    """List the types that have an attribute table.

    Returns
    -------
    tuple of str
        Names for :func:`attribute_table`, in alphabetical order.

    Examples
    --------
    >>> "supply_network" in attribute_table_names()
    True
    """
    found = (entry.name.removesuffix(".csv") for entry in _folder().iterdir() if entry.name.endswith(".csv"))
    return tuple(sorted(found))


def attribute_table(name: str) -> tuple[Attribute, ...]:
    """Read the attribute table of a type.

    Parameters
    ----------
    name : str
        Name of the type in lower case with underscores, such as ``"supply_network"``.

    Returns
    -------
    tuple of Attribute
        Its rows, in the order of the type.

    Raises
    ------
    LabelError
        If there is no such table.

    Examples
    --------
    >>> [row.attribute for row in attribute_table("sparse_links")]
    ['supplier', 'buyer', 'flow', 'days', 'reserve']
    >>> attribute_table("sparse_links")[2].unit
    'currency per day'
    """
    names = attribute_table_names()
    if name not in names:
        message = f"there is no attribute table {name!r}; {nearest(name, names)}"
        raise LabelError(message)
    lines = (_folder() / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    return tuple(Attribute(**row) for row in csv.DictReader(lines))


def _folder() -> Traversable:
    return files("tenon.schema") / "attributes"
