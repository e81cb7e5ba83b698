"""Defaults for the sectors of a table: days of inventory, capital, and who rebuilds.

``defaults/sectors.csv`` is derived from the sector parameters that BoARIO's sensitivity study used for EXIOBASE 3
(``exiobase3_ixi_full_sectors.csv``, MIT): each figure is the median over the EXIOBASE sectors that belong to the
sector. They are assumptions of that literature, not measurements: nearly all goods have 90 days there.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from tenon.data.names import sector_of_industries, sector_of_wiod_industries
from tenon.schema.errors import LabelError, nearest
from tenon.schema.tables import InputOutputTable

__all__ = ["SectorParameters", "sector_parameters"]


@dataclass(frozen=True, kw_only=True)
class SectorParameters:
    """Defaults of one sector.

    Parameters
    ----------
    inventory_days : float, days
        Days of use that buyers hold of the sector's product; infinite where its lack stops nobody.
    restocking_days : float, days
        Time in which buyers close a gap in that inventory.
    storable : bool
        Whether the product can be held in stock: goods can (sections A to C of ISIC), electricity and services cannot.
    capital_to_value_added : float, years
        Productive capital over value added per year.
    rebuilding_share : float, dimensionless, in [0, 1]
        Share of the sector in what is bought to rebuild lost capital; one in all.
    source : str
        Where the figures come from.
    """

    inventory_days: float
    restocking_days: float
    storable: bool
    capital_to_value_added: float
    rebuilding_share: float
    source: str

    @property
    def unlimited(self) -> bool:
        """Whether the lack of the product stops nobody.

        Returns
        -------
        bool
            True if ``inventory_days`` is infinite.
        """
        return math.isinf(self.inventory_days)


def sector_parameters(table: InputOutputTable) -> Mapping[str, SectorParameters]:
    """Defaults for each sector of a table.

    Known are the sectors of the shipped table, the industries of the OECD tables and those of WIOD 2013; the latter
    two take the figures of the shipped sector they belong to, and share its ``rebuilding_share`` equally. The shares of
    a table's sectors add up to one.

    Parameters
    ----------
    table : InputOutputTable
        Its sectors are looked up.

    Returns
    -------
    mapping of str to SectorParameters
        In the order of the table's sectors.

    Raises
    ------
    LabelError
        If a sector is of another classification.

    Examples
    --------
    >>> from tenon.data import load
    >>> parameters = sector_parameters(load("world-2022"))
    >>> parameters["electronics"].inventory_days, parameters["electronics"].capital_to_value_added
    (90.0, 1.5)
    >>> parameters["information"].storable
    False
    """
    shipped = _shipped()
    concordance = {**{sector: sector for sector in shipped}, **sector_of_industries(), **sector_of_wiod_industries()}
    for sector in table.sectors:
        if sector not in concordance:
            message = (
                f"there are no default parameters for sector {sector!r} of table {table.name!r}; "
                f"{nearest(sector, concordance)} Give inventories and capital yourself."
            )
            raise LabelError(message)
    groups = [concordance[sector] for sector in table.sectors]
    total = sum(shipped[group].rebuilding_share for group in set(groups)) or 1.0
    return MappingProxyType(
        {
            sector: replace(
                shipped[group], rebuilding_share=shipped[group].rebuilding_share / groups.count(group) / total
            )
            for sector, group in zip(table.sectors, groups, strict=True)
        }
    )


@cache
def _shipped() -> Mapping[str, SectorParameters]:
    text = files("tenon.data").joinpath("defaults", "sectors.csv").read_text(encoding="utf-8")
    return MappingProxyType(
        {
            row["sector"]: SectorParameters(
                inventory_days=float(row["inventory_days"]),
                restocking_days=float(row["restocking_days"]),
                storable=row["storable"] == "yes",
                capital_to_value_added=float(row["capital_to_value_added"]),
                rebuilding_share=float(row["rebuilding_share"]),
                source=row["source"],
            )
            for row in csv.DictReader(text.splitlines())
        }
    )
