"""How good an estimated world table is: the same method on a table whose origins are known, with origins hidden.

From a compiled table only its margins are kept: exports and imports of each region by product, use by user, and, as
the case may be, goods totals of pairs of regions or the trade pattern of an earlier year. The method of
:mod:`tenon.data.world_2022` then estimates the origins, and the estimate is compared with the truth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenon.data.balancing import PairTotals, balance_trade, users_from_trade
from tenon.data.world_2022 import WorldEstimate
from tenon.schema.arrays import Float
from tenon.schema.errors import LabelError, TableError, nearest
from tenon.schema.tables import InputOutputTable

__all__ = ["BalancingAccuracy", "accuracy_table", "balancing_accuracy", "estimate_table"]

NOISE = 0.35
"""Standard deviation of the logarithm of errors put on goods totals: they are then off by 28 % on average, as much as
the two sources of 2022 disagree."""


@dataclass(frozen=True, kw_only=True)
class BalancingAccuracy:
    """Distance of an estimate from the truth; all figures are shares unless said otherwise.

    Parameters
    ----------
    known : str
        What the method was given.
    trade_error : float, dimensionless
        Sum of absolute errors of product x origin x destination trade over its sum.
    domestic_error, cross_border_error : float, dimensionless
        The same for cells of ``Z`` inside regions and between regions.
    origin_correlation : float, dimensionless
        Correlation of the shares that foreign regions have in the value added of each region's manufacturing output.
    origin_mean_error, origin_worst_error : float, dimensionless
        Mean and largest absolute error of these shares.
    """

    known: str
    trade_error: float
    domestic_error: float
    cross_border_error: float
    origin_correlation: float
    origin_mean_error: float
    origin_worst_error: float


@dataclass(frozen=True, eq=False)
class _Truth:
    table: InputOutputTable
    trade: Float
    use: Float
    inputs: Float
    goods: NDArray[np.bool_]
    manufacturing: NDArray[np.bool_]
    origins: Float


def balancing_accuracy(
    truth: InputOutputTable,
    *,
    goods: Sequence[str],
    manufacturing: Sequence[str],
    older: InputOutputTable | None = None,
    seed: int = 2022,
) -> tuple[BalancingAccuracy, ...]:
    """Measure the method of the 2022 table on a table whose origins are known.

    Parameters
    ----------
    truth : InputOutputTable
        A compiled world table, such as WIOD 2011.
    goods : sequence of str
        Sectors that make goods, whose pair totals are known to the method.
    manufacturing : sequence of str
        Sectors whose origins of value added are compared.
    older : InputOutputTable, optional
        The same regions and sectors in an earlier year, as a start of the balancing.
    seed : int
        Of the errors put on goods totals in the case that has them.

    Returns
    -------
    tuple of BalancingAccuracy
        Margins only; margins and goods totals (the case of 2022); the same with wrong goods totals; and with
        ``older`` the first two again, from its pattern.

    Raises
    ------
    LabelError
        If a sector is not in the table.
    TableError
        If the older table has other regions or sectors.
    """
    facts = _facts(truth, goods, manufacturing)
    exact = PairTotals(facts.trade[facts.goods].sum(axis=0), facts.goods)
    draws = np.random.default_rng(np.random.SeedSequence(seed)).normal(-(NOISE**2) / 2, NOISE, exact.values.shape)
    wrong = PairTotals(exact.values * np.exp(draws), facts.goods)
    cases: list[tuple[str, PairTotals | None, Float | None]] = [
        ("margins only", None, None),
        ("margins and goods totals (the case of 2022)", exact, None),
        ("margins and goods totals that are wrong by 28 %", wrong, None),
    ]
    if older is not None:
        if (older.regions, older.sectors) != (truth.regions, truth.sectors):
            message = f"tables {older.name!r} and {truth.name!r} must have the same regions and sectors, in one order."
            raise TableError(message)
        pattern = _trade(older)
        cases += [
            (f"margins and the pattern of {older.year}", None, pattern),
            (f"margins, goods totals and the pattern of {older.year}", exact, pattern),
        ]
    return tuple(_measure(facts, known, totals, start) for known, totals, start in cases)


def accuracy_table(cases: Sequence[BalancingAccuracy]) -> str:
    """Markdown table of measured accuracy, as the manual shows it.

    Parameters
    ----------
    cases : sequence of BalancingAccuracy
        From :func:`balancing_accuracy`.

    Returns
    -------
    str
        Lines of a Markdown table.
    """
    lines = [
        "| known to the method | trade | domestic cells | cross-border cells | origin: correlation | mean | worst |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {case.known} | {case.trade_error:.0%} | {case.domestic_error:.0%} | {case.cross_border_error:.0%} "
        f"| {case.origin_correlation:.3f} | {100 * case.origin_mean_error:.2f} pp "
        f"| {100 * case.origin_worst_error:.1f} pp |"
        for case in cases
    ]
    return "\n".join(lines)


def estimate_table(estimate: WorldEstimate) -> str:
    """Markdown table of what the estimated world table adds up to and how well it balances, as the manual shows it.

    Parameters
    ----------
    estimate : WorldEstimate
        From :func:`tenon.data.estimate_world_2022`.

    Returns
    -------
    str
        Lines of a Markdown table.
    """
    table, trade = estimate.table, estimate.trade
    trillion = 1e12 / table.unit
    added = float(table.V[table.value_added_items.index("value added")].sum()) / trillion
    rows = {
        "value added / output / trade": (
            f"{added:.1f} / {table.x.sum() / trillion:.1f} / {trade.flows.sum() / trillion:.1f} trillion USD"
        ),
        "output minus sales before the repair, largest": f"{estimate.row_residual * table.unit / 1e9:.1f} billion USD",
        "the same, sum of absolute values over output": f"{estimate.relative_row_residual:.1e}",
        "national exports by product missed by": f"{trade.export_error:.1e}",
        "goods totals of pairs: correlation of log(1 + x)": f"{trade.pair_correlation:.3f}",
        "goods totals of pairs: sum of absolute errors": f"{trade.pair_error:.0%}",
    }
    return "\n".join(["| figure | value |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows.items())])


def _facts(table: InputOutputTable, goods: Sequence[str], manufacturing: Sequence[str]) -> _Truth:
    regions, sectors = len(table.regions), len(table.sectors)
    inputs = table.Z.reshape(regions, sectors, regions, sectors).sum(axis=0)
    made = _members(table, manufacturing)
    return _Truth(
        table=table,
        trade=_trade(table),
        use=inputs.sum(axis=2) + table.Y.reshape(regions, sectors, regions, -1).sum(axis=(0, 3)),
        inputs=inputs,
        goods=_members(table, goods),
        manufacturing=made,
        origins=_origins(table, table.Z, made),
    )


def _members(table: InputOutputTable, sectors: Sequence[str]) -> NDArray[np.bool_]:
    for sector in sectors:
        if sector not in table.sectors:
            message = f"table {table.name!r} has no sector {sector!r}; {nearest(sector, table.sectors)}"
            raise LabelError(message)
    return np.isin(np.array(table.sectors), list(sectors))


def _trade(table: InputOutputTable) -> Float:
    """Return sales between different regions by product, (S, R, R), without net draws on foreign stocks."""
    regions, sectors = len(table.regions), len(table.sectors)
    sales = table.Z.reshape(regions, sectors, regions, sectors).sum(axis=3)
    sales = sales + table.Y.reshape(regions, sectors, regions, -1).sum(axis=3)
    trade = np.maximum(sales.transpose(1, 0, 2), 0.0)
    own = np.arange(regions)
    trade[:, own, own] = 0.0
    return np.asarray(trade)


def _measure(facts: _Truth, known: str, totals: PairTotals | None, start: Float | None) -> BalancingAccuracy:
    trade = balance_trade(facts.trade.sum(axis=2), facts.trade.sum(axis=1), totals, start=start).flows
    shares = users_from_trade(trade, facts.use)
    estimate = (shares[:, :, :, None] * facts.inputs[:, None]).transpose(1, 0, 2, 3).reshape(facts.table.Z.shape)
    regions, sectors = len(facts.table.regions), len(facts.table.sectors)
    domestic = np.kron(np.eye(regions, dtype=np.bool_), np.ones((sectors, sectors), dtype=np.bool_))
    errors = np.abs(estimate - facts.table.Z)
    foreign = ~np.eye(regions, dtype=np.bool_)
    true = facts.origins[foreign]
    found = _origins(facts.table, estimate, facts.manufacturing)[foreign]
    return BalancingAccuracy(
        known=known,
        trade_error=float(np.abs(trade - facts.trade).sum() / facts.trade.sum()),
        domestic_error=float(errors[domestic].sum() / facts.table.Z[domestic].sum()),
        cross_border_error=float(errors[~domestic].sum() / facts.table.Z[~domestic].sum()),
        origin_correlation=float(np.corrcoef(found, true)[0, 1]),
        origin_mean_error=float(np.abs(found - true).mean()),
        origin_worst_error=float(np.abs(found - true).max()),
    )


def _origins(table: InputOutputTable, flows: Float, manufacturing: NDArray[np.bool_]) -> Float:
    """Return the share of each region (row) in the value added of each region's manufacturing output (column)."""
    regions, sectors = len(table.regions), len(table.sectors)
    output = np.where(table.x > 0, table.x, 1.0)
    wanted = np.zeros((len(table), regions))
    for region in range(regions):
        rows = slice(region * sectors, (region + 1) * sectors)
        wanted[rows, region] = np.where(manufacturing, table.x[rows], 0.0)
    needed = np.linalg.solve(np.eye(len(table)) - flows / output, wanted)
    earned = (table.value_added / output)[:, None] * needed
    return np.asarray(earned.reshape(regions, sectors, regions).sum(axis=1) / wanted.sum(axis=0))
