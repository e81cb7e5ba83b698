"""Names of regions and sectors in English and Chinese, approximate positions, and concordances.

They stand in the folder ``labels``, in small CSV files that a person can edit: ``economies.csv`` (81 economies of the
OECD tables with the region of the shipped table each belongs to), ``regions.csv`` and ``sectors.csv`` (the shipped
table), ``industries.csv`` (50 industries of the OECD tables) and ``wiod2013_industries.csv``, both with the sector of
the shipped table. Positions are approximate centers in degrees, for marks on a map; they say nothing about borders.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal, TypeAlias

from tenon.schema.errors import LabelError, nearest

__all__ = [
    "Language",
    "Place",
    "economy_names",
    "label_names",
    "oecd_industry_names",
    "region_of_economies",
    "region_places",
    "sector_of_industries",
    "sector_of_wiod_industries",
    "shipped_labels",
    "wiod_industry_names",
]

Language: TypeAlias = Literal["en", "zh"]
"""Languages in which names are kept: English or Chinese."""

_COLUMNS = {"en": "english", "zh": "chinese"}


@dataclass(frozen=True)
class Place:
    """Where the mark of a region stands on a map.

    Parameters
    ----------
    longitude, latitude : float, degrees
        Approximate center of the region; east and north are positive.
    """

    longitude: float
    latitude: float


def label_names(language: Language = "en") -> Mapping[str, str]:
    """Names for people of all labels of regions and sectors that the package knows.

    Parameters
    ----------
    language : {"en", "zh"}
        English or Chinese.

    Returns
    -------
    mapping of str to str
        Name by label: economies (ISO 3166 alpha-3), regions and sectors of the shipped table, industries of the OECD
        tables and of WIOD 2013.

    Raises
    ------
    LabelError
        If the language is another.

    Examples
    --------
    >>> label_names()["TUR"], label_names("zh")["electronics"]
    ('Türkiye', '计算机、电子和光学产品')
    """
    if language not in _COLUMNS:
        message = f"there are no names in language {language!r}; {nearest(language, _COLUMNS)}"
        raise LabelError(message)
    tables = ("wiod2013_industries", "industries", "sectors", "economies", "regions")
    merged = {label: name for table in tables for label, name in _column(table, _COLUMNS[language]).items()}
    return MappingProxyType(merged)


def region_places() -> Mapping[str, Place]:
    """Approximate positions of all economies and of the regions of the shipped table.

    Returns
    -------
    mapping of str to Place
        Position by label.

    Examples
    --------
    >>> region_places()["JPN"]
    Place(longitude=138.0, latitude=36.5)
    """
    places = {
        row["label"]: Place(float(row["longitude"]), float(row["latitude"]))
        for table in ("economies", "regions")
        for row in _rows(table)
    }
    return MappingProxyType(places)


def economy_names() -> Mapping[str, str]:
    """English names of the 81 economies of the OECD tables by label.

    Returns
    -------
    mapping of str to str
        English name by ISO 3166 alpha-3 code.
    """
    return _column("economies", "english")


def oecd_industry_names() -> Mapping[str, str]:
    """English names of the 50 industries of the OECD tables by code.

    Returns
    -------
    mapping of str to str
        English name by code.
    """
    return _column("industries", "english")


def wiod_industry_names() -> Mapping[str, str]:
    """English names of the 35 industries of the WIOD 2013 release by code.

    Returns
    -------
    mapping of str to str
        English name by code.
    """
    return _column("wiod2013_industries", "english")


def region_of_economies() -> Mapping[str, str]:
    """The region of the shipped table to which each of the 81 economies belongs.

    Returns
    -------
    mapping of str to str
        Region by ISO 3166 alpha-3 code of the economy.
    """
    return _column("economies", "region")


def sector_of_industries() -> Mapping[str, str]:
    """The sector of the shipped table to which each of the 50 OECD industries belongs.

    Returns
    -------
    mapping of str to str
        Sector by code of the industry.
    """
    return _column("industries", "sector")


def sector_of_wiod_industries() -> Mapping[str, str]:
    """The sector of the shipped table nearest to each of the 35 industries of the WIOD 2013 release.

    Returns
    -------
    mapping of str to str
        Sector by code of the industry.
    """
    return _column("wiod2013_industries", "sector")


def shipped_labels(axis: Literal["regions", "sectors"]) -> tuple[str, ...]:
    """Labels of the shipped table in order.

    Parameters
    ----------
    axis : {"regions", "sectors"}
        Which labels.

    Returns
    -------
    tuple of str
        The labels.
    """
    return tuple(_column(axis, "english"))


def _column(table: str, column: str) -> Mapping[str, str]:
    return MappingProxyType({row["label"]: row[column] for row in _rows(table)})


@cache
def _rows(table: str) -> tuple[dict[str, str], ...]:
    text = files("tenon.data").joinpath("labels", f"{table}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
