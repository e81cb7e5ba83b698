"""The estimated world input-output table of 2022: 81 regions and 50 industries.

The OECD's national tables of 2022 say what each of 80 economies uses, exports and imports of each product, but not
from whom. This module adds a rest of the world, spreads exports over importers by three-way balancing with the goods
trade of 2023 (:mod:`tenon.data.balancing`), and gives all users of a product in a region the same origins. Trade
between single pairs is therefore an estimate; how good, is measured by :func:`tenon.data.balancing_accuracy`.

A user's folder must hold ``oecd_iot_2022/XXX2022ttl.csv`` (80 files), ``liberation_day_2025/trade_cepii.csv`` with
``country_labels.csv``, and ``wiod2013/wiot_2011.RData`` (for the partners of Taiwan, which the trade file lacks).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from tenon.data.balancing import PairTotals, TradeBalance, balance_trade, users_from_trade
from tenon.data.drafts import Draft, Origin, Progress
from tenon.data.goods_trade import GOODS_CITATION, add_missing_economy, read_goods_totals
from tenon.data.missing_pairs import UNREPORTED, settle_unreported
from tenon.data.names import economy_names, oecd_industry_names
from tenon.data.oecd_national import (
    OECD_CITATION,
    OECD_LICENSE,
    USE_CATEGORIES,
    NationalUse,
    read_oecd_use,
)
from tenon.data.repairs import (
    repair_column_residuals,
    repair_excess_inputs,
    repair_negative_flows,
    repair_row_residuals,
)
from tenon.data.wiod2013 import read_wiod_2013
from tenon.schema.arrays import Float
from tenon.schema.errors import SourceError
from tenon.schema.tables import InputOutputTable

__all__ = ["WorldEstimate", "build_world_2022", "estimate_world_2022"]

ECONOMIES = 80
LOWER_INCOME = ("PAK", "BGD", "NGA", "EGY", "AGO", "KAZ", "UKR", "PER", "MMR", "CMR", "CIV", "SAU")
"""Economies whose tables, added up, stand for the rest of the world."""

REST_VALUE_ADDED = 8.5e6
"""Value added of the rest of the world before its trade is closed, million USD."""

REST_TRADE_SHARE = 0.05
"""Share of world trade in each product that the rest of the world sells, and buys, besides closing the balance."""

REST_IMPORT_LIMIT = 0.7
"""Largest share of imports in what the rest of the world uses of a product; more use is added where needed."""

_REST_OF_WORLD = (
    f"rest of the world: sum of {', '.join(LOWER_INCOME)} scaled to {REST_VALUE_ADDED / 1e6:g} trillion USD of value "
    f"added, trade {REST_TRADE_SHARE:.0%} of the world's plus what closes the balance of each product; its value added "
    "includes taxes on products"
)
_ABSENT = ("TWN", "STP")
_FILLED = (
    f"settle_unreported: goods trade between {', '.join(UNREPORTED)}, missing in the trade file, estimated by a "
    "gravity equation; other pairs without a figure taken as no trade"
)


@dataclass(frozen=True, eq=False)
class WorldEstimate:
    """The estimated table and what is known about how well it was estimated.

    Parameters
    ----------
    table : InputOutputTable
        81 regions x 50 industries, million USD.
    trade : TradeBalance
        Trade between regions by product, with the errors left in margins and pair totals.
    row_residual : float, million USD
        Largest difference between output and sales of an industry before the repair.
    relative_row_residual : float, dimensionless
        Sum of these differences in absolute values over the sum of outputs.
    """

    table: InputOutputTable
    trade: TradeBalance
    row_residual: float
    relative_row_residual: float


@dataclass(frozen=True, eq=False)
class _World:
    """National accounts of all regions, stacked: region r, product i, user j."""

    regions: tuple[str, ...]
    industries: tuple[str, ...]
    Z: Float
    Y: Float
    exports: Float
    imports: Float
    primary: Float
    output: Float


def build_world_2022(folder: str | Path, *, progress: Progress | None = None) -> InputOutputTable:
    """Build the estimated world table of 2022 from the files in a folder.

    Parameters
    ----------
    folder : str or Path
        Folder with ``oecd_iot_2022``, ``liberation_day_2025`` and ``wiod2013``.
    progress : callable, optional
        Called as ``progress(done, total, what)``.

    Returns
    -------
    InputOutputTable
        81 regions x 50 industries, million USD, ``estimated=True``; ``repairs`` lists what was changed.

    Raises
    ------
    SourceError
        If a file is missing, cut short or of another layout.
    ConvergenceError
        If the balancing misses the national margins.
    """
    return estimate_world_2022(folder, progress=progress).table


def estimate_world_2022(
    folder: str | Path, *, fill_missing_pairs: bool = True, progress: Progress | None = None
) -> WorldEstimate:
    """Build the estimated world table of 2022 and report how well it balances.

    Parameters
    ----------
    folder : str or Path
        Folder with ``oecd_iot_2022``, ``liberation_day_2025`` and ``wiod2013``.
    fill_missing_pairs : bool
        Whether pairs without a figure in the trade file are settled before balancing (see
        :func:`tenon.data.missing_pairs.settle_unreported`), or left to the margins.
    progress : callable, optional
        Called as ``progress(done, total, what)``.

    Returns
    -------
    WorldEstimate
        The table, the trade and the residuals.

    Raises
    ------
    SourceError
        If a file is missing, cut short or of another layout.
    ConvergenceError
        If the balancing misses the national margins.
    """
    root = Path(folder)
    older = read_wiod_2013(root / "wiod2013" / "wiot_2011.RData")
    world = _with_rest_of_world(_read_all(root / "oecd_iot_2022", progress))
    goods = np.array([industry[0] in "ABC" for industry in world.industries])
    reported = read_goods_totals(root / "liberation_day_2025", world.regions)
    if fill_missing_pairs:
        reported = settle_unreported(reported, world.regions, absent=_ABSENT)
    totals = add_missing_economy(
        reported,
        "TWN",
        world.regions,
        margins=(world.exports[:, goods].sum(axis=1), world.imports[:, goods].sum(axis=1)),
        older=older,
    )
    trade = balance_trade(world.exports.T, world.imports.T, PairTotals(totals, goods), progress=progress)
    draft = _draft(world, trade.flows)
    if fill_missing_pairs:
        draft = replace(draft, repairs=(*draft.repairs, _FILLED))
    residuals = draft.row_residuals()
    draft = repair_negative_flows(draft, into="INVNT")
    draft = repair_excess_inputs(draft, into="INVNT")
    draft = repair_row_residuals(draft, into="INVNT")
    draft = repair_column_residuals(draft, into="value added")
    origin = Origin(
        name="world-2022-full",
        currency="USD",
        unit=1e6,
        year=2022,
        source=(
            f"estimated 2022: origins of trade by three-way balancing of {OECD_CITATION} with {GOODS_CITATION}, and "
            "the partners of Taiwan in WIOD 2011"
        ),
        license=f"derived figures; {OECD_LICENSE}; Etalab Open Licence 2.0; WIOD free with citation",
        estimated=True,
    )
    return WorldEstimate(
        table=draft.table(origin),
        trade=trade,
        row_residual=float(np.abs(residuals).max()),
        relative_row_residual=float(np.abs(residuals).sum() / draft.x.sum()),
    )


def _read_all(folder: Path, progress: Progress | None) -> list[NationalUse]:
    found = sorted(folder.glob("???2022ttl.csv"))
    if len(found) != ECONOMIES:
        message = (
            f"{folder} must hold the {ECONOMIES} national tables XXX2022ttl.csv, but holds {len(found)}. Get the "
            "missing ones from https://oe.cd/icio."
        )
        raise SourceError(message)
    tables: list[NationalUse] = []
    for done, file in enumerate(found, start=1):
        use = read_oecd_use(file)
        if use.industries != (tables[0].industries if tables else use.industries):
            message = f"{file} has other industries than {found[0].name}; all tables must be of one edition."
            raise SourceError(message)
        tables.append(use)
        if progress is not None:
            progress(done, ECONOMIES, "reading national tables")
    return tables


def _with_rest_of_world(tables: list[NationalUse]) -> _World:
    """Stack the national tables and add the rest of the world, which closes the world's balance of each product."""
    exports = np.maximum([table.exports for table in tables], 0.0)
    imports = np.maximum([table.imports for table in tables], 0.0)
    lower = [table for table in tables if table.economy in LOWER_INCOME]
    scale = REST_VALUE_ADDED / sum(float(table.primary[0].sum()) for table in lower)
    Z = scale * np.sum([table.Z for table in lower], axis=0)
    Y = scale * np.sum([table.Y for table in lower], axis=0)
    share = REST_TRADE_SHARE * (exports.sum(axis=0) + imports.sum(axis=0)) / 2
    surplus = exports.sum(axis=0) - imports.sum(axis=0)
    sells, buys = share + np.maximum(-surplus, 0.0), share + np.maximum(surplus, 0.0)
    used = Z.sum(axis=1) + Y.sum(axis=1)
    Y[:, USE_CATEGORIES.index("GFCF")] += np.maximum(buys / REST_IMPORT_LIMIT - used, 0.0)
    output = Z.sum(axis=1) + Y.sum(axis=1) + sells - buys
    primary = np.vstack([output - Z.sum(axis=0), np.zeros((2, len(output)))])
    return _World(
        regions=(*(table.economy for table in tables), "ROW"),
        industries=tables[0].industries,
        Z=np.stack([*(table.Z for table in tables), Z]),
        Y=np.stack([*(table.Y for table in tables), Y]),
        exports=np.vstack([exports, sells]),
        imports=np.vstack([imports, buys]),
        primary=np.stack([*(table.primary for table in tables), primary]),
        output=np.stack([*(table.output for table in tables), output]),
    )


def _draft(world: _World, flows: Float) -> Draft:
    """Spread every region's use over origins, product by product."""
    regions, products = world.output.shape
    use = world.Z.sum(axis=2) + world.Y.sum(axis=2)
    shares = users_from_trade(flows, np.ascontiguousarray(use.T))
    Z = np.empty((regions, products, regions, products))
    Y = np.empty((regions, products, regions, world.Y.shape[2]))
    for product in range(products):
        Z[:, product] = shares[product][:, :, None] * world.Z[None, :, product]
        Y[:, product] = shares[product][:, :, None] * world.Y[None, :, product]
    size = regions * products
    industry_names, region_names = oecd_industry_names(), economy_names()
    return Draft(
        regions=world.regions,
        sectors=world.industries,
        final_demand_categories=USE_CATEGORIES,
        value_added_items=("value added", "taxes less subsidies on products", "other imports"),
        Z=Z.reshape(size, size),
        Y=Y.reshape(size, -1),
        V=world.primary.transpose(1, 0, 2).reshape(3, size),
        x=world.output.ravel(),
        region_names={region: region_names[region] for region in world.regions},
        sector_names={industry: industry_names[industry] for industry in world.industries},
        repairs=(_REST_OF_WORLD,),
    )
