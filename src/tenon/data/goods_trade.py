"""Trade in goods between pairs of economies in 2023, arranged for the 81 regions of the OECD tables.

The totals are those that Ignatenko, Macedoni, Lashkaripour and Simonovska (2025, Making America great again: the
economic impacts of Liberation Day tariffs, Journal of International Economics) derived from CEPII's BACI (HS22,
release 202501): 194 economies, thousand USD, row: exporter. An empty cell means that nothing was reported. Taiwan and
São Tomé are not among the 194.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from tenon.data.sources import file_or_refuse
from tenon.schema.arrays import Float
from tenon.schema.errors import SourceError
from tenon.schema.tables import InputOutputTable

__all__ = ["GOODS_CITATION", "add_missing_economy", "goods_between_regions", "read_goods_totals"]

GOODS_CITATION = (
    "Ignatenko, Macedoni, Lashkaripour and Simonovska (2025), Journal of International Economics; "
    "CEPII BACI HS22 V202501 (Etalab Open Licence 2.0), goods trade 2023"
)


def read_goods_totals(folder: str | Path, regions: Sequence[str]) -> Float:
    """Read goods trade of pairs of economies, pooling economies that are not regions into the last region.

    Parameters
    ----------
    folder : str or Path
        Folder with ``trade_cepii.csv`` and ``country_labels.csv``.
    regions : sequence of str
        ISO 3166 alpha-3 codes in order; the last is the rest of the world.

    Returns
    -------
    (R, R) array, million USD per year
        Row: seller, column: buyer. NaN where no trade is reported, for regions that the file lacks, and on the
        diagonal.

    Raises
    ------
    SourceError
        If a file is missing, cut short or of another layout.
    """
    import pandas as pd

    trade_file = file_or_refuse(Path(folder) / "trade_cepii.csv", "goods trade 2023, 194 x 194")
    label_file = file_or_refuse(Path(folder) / "country_labels.csv", "the labels of the goods trade file")
    try:
        labels = [str(label) for label in pd.read_csv(label_file)["iso3"]]
        trade = pd.read_csv(trade_file).fillna(0.0).to_numpy(dtype=np.float64) / 1e3
    except (ValueError, KeyError, UnicodeDecodeError) as error:
        message = f"{trade_file} or {label_file.name} cannot be read ({error}). Download them again."
        raise SourceError(message) from error
    if trade.shape != (len(labels), len(labels)):
        message = (
            f"{trade_file} must be {len(labels)} x {len(labels)}, one row and column for each label of "
            f"{label_file.name}, but is {trade.shape}. The file may be cut short; download it again."
        )
        raise SourceError(message)
    position = {region: index for index, region in enumerate(regions)}
    member = np.zeros((len(labels), len(regions)))
    for row, label in enumerate(labels):
        member[row, position.get(label, len(regions) - 1)] = 1.0
    totals = np.asarray(member.T @ trade @ member)
    np.fill_diagonal(totals, 0.0)
    return np.where(totals > 0, totals, np.nan)


def add_missing_economy(
    totals: Float, economy: str, regions: Sequence[str], *, margins: tuple[Float, Float], older: InputOutputTable
) -> Float:
    """Give an economy that the trade file lacks the partner pattern it had in an older table.

    The share of the older table's rest of the world is spread: four fifths over the regions that the older table
    lacks, in proportion to their goods exports, one fifth stays with the rest of the world.

    Parameters
    ----------
    totals : (R, R) array, currency per year
        From :func:`read_goods_totals`; the economy's row and column are NaN.
    economy : str
        Label of the economy, in ``regions`` and in ``older``.
    regions : sequence of str
        Labels in order; the last is the rest of the world.
    margins : tuple of two (R,) arrays, currency per year
        Goods exports and goods imports of all regions. The totals are scaled to the same level.
    older : InputOutputTable
        World table with the economy and a region ``ROW``, and sectors ``c1`` to ``c16`` that make goods.

    Returns
    -------
    (R, R) array, currency per year
        The totals, scaled to the sum of the goods exports of the regions with known totals, with the economy added.
    """
    here = list(regions).index(economy)
    exports, imports = margins
    scaled = totals * (exports.sum() - exports[here] - imports[here]) / np.nansum(totals)
    sells, buys = _older_pattern(economy, list(regions), exports, older)
    scaled[here] = np.where(sells > 0, sells / sells.sum() * exports[here], np.nan)
    scaled[:, here] = np.where(buys > 0, buys / buys.sum() * imports[here], np.nan)
    return np.asarray(scaled * exports.sum() / np.nansum(scaled))


_GOODS_SECTORS = 16
_SPREAD_OF_REST = 0.8


def _older_pattern(economy: str, regions: list[str], exports: Float, older: InputOutputTable) -> tuple[Float, Float]:
    """Return what the economy sold to and bought from each region, by the older table."""
    flows = goods_between_regions(older, _GOODS_SECTORS)
    there = older.regions.index(economy)
    rest = older.regions.index("ROW")
    others = [index for index, region in enumerate(regions) if region not in older.regions and region not in _TOO_SMALL]
    spread = exports[others] / exports[others].sum()
    result = []
    for amounts in (flows[there], flows[:, there]):
        pattern = np.zeros(len(regions))
        for index, region in enumerate(older.regions):
            if region not in (economy, "ROW"):
                pattern[regions.index(region)] = amounts[index]
        pattern[others] = _SPREAD_OF_REST * amounts[rest] * spread
        pattern[-1] = (1 - _SPREAD_OF_REST) * amounts[rest]
        result.append(pattern)
    return result[0], result[1]


_TOO_SMALL = ("STP",)
"""Economies that the trade file lacks as well and whose trade is negligible; their pairs stay unknown."""


def goods_between_regions(table: InputOutputTable, goods: int) -> Float:
    """Sales of goods from each region to each other.

    Parameters
    ----------
    table : InputOutputTable
        A table whose first sectors make goods.
    goods : int
        How many do.

    Returns
    -------
    (R, R) array, currency per year
        Row: seller, column: buyer; the diagonal is zero.
    """
    regions, sectors = len(table.regions), len(table.sectors)
    sales = table.Z.reshape(regions, sectors, regions, sectors)[:, :goods].sum(axis=(1, 3))
    sales += table.Y.reshape(regions, sectors, regions, -1)[:, :goods].sum(axis=(1, 3))
    np.fill_diagonal(sales, 0.0)
    return np.asarray(sales)
