"""Lockdown profiles by region, from the daily stringency index of the Oxford COVID-19 Government Response Tracker.

The index of a country and day lies between 0 and 100. A country whose states or provinces are in the source takes their
mean, because the national figure follows the strictest place in the country. The mean over two weeks is a point of a
region's profile; regions of several countries take the mean weighted by gross domestic product. The library's scenario
``pandemic-2020`` is made here, so that its figures can be derived again from the source.

Sources: Hale, Angrist, Goldszmidt et al. (2021), A global panel database of pandemic policies (Oxford COVID-19
Government Response Tracker), Nature Human Behaviour 5:529-538, doi:10.1038/s41562-021-01079-8, data CC BY 4.0; World
Bank, GDP (current US$), indicator NY.GDP.MKTP.CD, CC BY 4.0.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np

from tenon.data.names import region_of_economies
from tenon.data.sources import file_or_refuse
from tenon.schema.arrays import Float
from tenon.schema.errors import SourceError
from tenon.schema.scenarios import Scenario
from tenon.schema.shocks import LaborShock, RecoveryShape, Target, Timing

__all__ = ["WORK_LOST", "lockdown_profiles", "pandemic_scenario", "read_gdp", "read_stringency"]

_DAYS_OF_A_POINT = 14
_POINTS = 26
_WEIGHT_YEAR = "2019"
_OPEN_UNTIL = 0.5

WORK_LOST: Mapping[str, float] = MappingProxyType({"contact": 0.8, "on-site": 0.4})
"""Share of work lost at an index of 100, by group of sectors."""


def read_stringency(path: str | Path) -> dict[str, Float]:
    """Read the wide file of the stringency index.

    Parameters
    ----------
    path : str or Path
        ``OxCGRT_timeseries_StringencyIndex_v1.csv``: one row a jurisdiction, one column a day from 1 January 2020.

    Returns
    -------
    dict of str to array, index from 0 to 100
        By ISO 3166 alpha-3 code of a country, one figure a day; NaN where the source has none (after 2020). The mean of
        states or provinces where the source has them.

    Raises
    ------
    SourceError
        If the file is missing or laid out otherwise.
    """
    file = file_or_refuse(path, "the stringency index of OxCGRT")
    with file.open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream)
        head = next(rows)
        if head[:1] != ["CountryCode"] or "Jurisdiction" not in head or "01Jan2020" not in head:
            message = (
                f"{file} does not begin as the wide files of OxCGRT do (CountryCode, ..., Jurisdiction, 01Jan2020), "
                f"but with {', '.join(head[:4])}. Take OxCGRT_timeseries_StringencyIndex_v1.csv."
            )
            raise SourceError(message)
        kind, first = head.index("Jurisdiction"), head.index("01Jan2020")
        found: dict[str, dict[str, list[Float]]] = {"NAT_TOTAL": {}, "STATE_TOTAL": {}}
        for row in rows:
            if row[kind] in found:
                daily = np.array([float(value or "nan") for value in row[first:]])
                found[row[kind]].setdefault(row[0], []).append(daily)
    return {country: np.mean(series, axis=0) for country, series in (found["NAT_TOTAL"] | found["STATE_TOTAL"]).items()}


def read_gdp(path: str | Path) -> dict[str, float]:
    """Read gross domestic products of 2019.

    Parameters
    ----------
    path : str or Path
        CSV with the columns Country Code, Year and Value, as published by the World Bank.

    Returns
    -------
    dict of str to float, current USD
        By ISO 3166 alpha-3 code; also of groups of countries, under codes of the World Bank.

    Raises
    ------
    SourceError
        If the file is missing.
    """
    file = file_or_refuse(path, "gross domestic products")
    with file.open(encoding="utf-8", newline="") as stream:
        return {
            row["Country Code"]: float(row["Value"]) for row in csv.DictReader(stream) if row["Year"] == _WEIGHT_YEAR
        }


def lockdown_profiles(stringency: Mapping[str, Float], gdp: Mapping[str, float]) -> dict[str, tuple[float, ...]]:
    """Average the index over two weeks and over the countries of each region.

    Parameters
    ----------
    stringency : mapping of str to array, index from 0 to 100
        Daily index by country.
    gdp : mapping of str to float, currency
        Weight of each country; those without one count only where they are a region of their own.

    Returns
    -------
    dict of str to tuple of float, share of the maximum
        For each region of the shipped table with a country in the index, 26 means over 14 days from 1 January 2020,
        rounded to three digits.
    """
    region_of = region_of_economies()
    members: dict[str, list[str]] = {}
    for country in stringency:
        members.setdefault(region_of.get(country, "ROW"), []).append(country)
    profiles = {}
    for region, countries in members.items():
        known = [country for country in countries if country in gdp] or countries
        weights = np.array([gdp.get(country, 1.0) for country in known])
        daily = np.average([stringency[country] for country in known], axis=0, weights=weights)
        means = daily[: _POINTS * _DAYS_OF_A_POINT].reshape(_POINTS, _DAYS_OF_A_POINT).mean(axis=1) / 100
        profiles[region] = tuple(round(float(mean), 3) for mean in means)
    return profiles


def pandemic_scenario(profiles: Mapping[str, tuple[float, ...]], frame: Scenario) -> Scenario:
    """Turn lockdown profiles into labor shocks.

    An index of 50 stands for rules of distance that leave workplaces open, 100 for closing what can be closed; between
    the two, work is lost in proportion. When the profiles end, all work is back. This and ``WORK_LOST`` are assumptions
    of this project.

    Parameters
    ----------
    profiles : mapping of str to tuple of float, share of the maximum
        By region, one figure each two weeks from day 0.
    frame : Scenario
        Name, texts, horizon, and the groups ``contact`` and ``on-site`` of sectors.

    Returns
    -------
    Scenario
        The frame with a labor shock for each group of sectors in each region where the index ever passed 50.
    """
    closed = {
        region: [round(max(0.0, (share - _OPEN_UNTIL) / (1 - _OPEN_UNTIL)), 3) for share in profile]
        for region, profile in profiles.items()
    }
    shocks = tuple(
        LaborShock(
            target=Target(regions=(region,), sectors=(group,)),
            loss=loss,
            timing=Timing(
                recovery=RecoveryShape.CURVE,
                curve=(
                    *((_DAYS_OF_A_POINT * (at + 0.5), share) for at, share in enumerate(shares)),
                    (_DAYS_OF_A_POINT * len(shares), 0.0),
                ),
            ),
        )
        for region, shares in closed.items()
        if max(shares) > 0
        for group, loss in WORK_LOST.items()
    )
    return replace(frame, shocks=shocks)
