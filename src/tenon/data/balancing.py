r"""Three-way balancing of trade: who sells which product to whom, when only margins and pair totals are known.

Known are, for each product ``i``, the exports of every region ``e_is`` and the imports of every region ``m_ir``, and,
for some group of products ``G`` (goods), the total that region ``s`` sells to region ``r``, ``M_sr``. Sought is
``P_isr >= 0`` with no sale of a region to itself and

.. math:: \sum_r P_{isr} = e_{is}, \qquad \sum_s P_{isr} = m_{ir}, \qquad \sum_{i \in G} P_{isr} = M_{sr}.

The three sets of sums come from different sources and cannot all hold. Iterative proportional fitting (Deming and
Stephan 1940; RAS of Stone 1961) scales to each in turn; the pair totals pull with a damped factor
``(M_sr / sum P)^d`` and are left out of the last rounds, so that the margins hold and the pair totals nearly do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenon.data.drafts import Progress
from tenon.schema.arrays import Float
from tenon.schema.errors import ConvergenceError, TableError

__all__ = ["PairTotals", "TradeBalance", "balance_trade", "users_from_trade"]


@dataclass(frozen=True, eq=False)
class PairTotals:
    """Totals of trade between pairs of regions, over a group of products.

    Parameters
    ----------
    values : (R, R) array, currency per year
        Row: seller, column: buyer. NaN where the total is not known; the diagonal is not used.
    products : (I,) array of bool
        Which products the totals add up.
    """

    values: Float
    products: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class TradeBalance:
    """Balanced trade and how well it meets what was known.

    Parameters
    ----------
    flows : (I, R, R) array, currency per year
        Sales of product, by seller (axis 1) and buyer (axis 2).
    rounds : int
        Rounds of scaling that were done.
    export_error, import_error : float, dimensionless
        Sum of absolute differences from the margins over the sum of the margins.
    pair_error : float, dimensionless
        Sum of absolute differences from all pair totals (unknown ones count as zero) over the sum of the totals; NaN
        where none is known.
    pair_correlation : float, dimensionless
        Correlation of ``log(1 + total)`` over all pairs of different regions; NaN where no total is known.
    """

    flows: Float
    rounds: int
    export_error: float
    import_error: float
    pair_error: float
    pair_correlation: float


def balance_trade(
    exports: Float,
    imports: Float,
    totals: PairTotals | None = None,
    *,
    start: Float | None = None,
    rounds: tuple[int, int] = (400, 300),
    progress: Progress | None = None,
) -> TradeBalance:
    """Spread exports and imports of each product over pairs of regions.

    Parameters
    ----------
    exports, imports : (I, R) array, currency per year
        Margins of each product; not negative. Their sums over regions should agree product by product: the import
        margin is the one that holds exactly in the end.
    totals : PairTotals, optional
        What is known about pairs of regions.
    start : (I, R, R) array, optional
        Pattern from which to start, such as trade of an earlier year; default ``sqrt(e_is m_ir)``.
    rounds : tuple of two int
        Rounds with pair totals, then rounds with the two margins alone.
    progress : callable, optional
        Called as ``progress(done, total, what)``.

    Returns
    -------
    TradeBalance
        Flows and how well they meet the margins and the totals.

    Raises
    ------
    TableError
        If shapes disagree or a margin is negative or not finite.
    ConvergenceError
        If the margins are missed by more than one part in a hundred.

    References
    ----------
    Deming, W. E. and Stephan, F. F. (1940), On a least squares adjustment of a sampled frequency table when the
    expected marginal totals are known, Annals of Mathematical Statistics 11(4).

    Stone, R. (1961), Input-Output and National Accounts, OEEC.

    Examples
    --------
    One product; A sells 10, B sells 5, C buys 9, and A sells nothing to itself:

    >>> flows = balance_trade(np.array([[10.0, 5.0, 0.0]]), np.array([[2.0, 4.0, 9.0]]), rounds=(0, 200)).flows
    >>> flows[0].round(3)
    array([[0., 4., 6.],
           [2., 0., 3.],
           [0., 0., 0.]])
    """
    _check_margins(exports, imports, totals)
    regions = exports.shape[1]
    flows = np.sqrt(exports[:, :, None] * imports[:, None, :]) if start is None else start.astype(np.float64)
    own = np.arange(regions)
    flows[:, own, own] = 0.0
    total_rounds = sum(rounds)
    for done in range(total_rounds):
        if totals is not None and done < rounds[0]:
            flows[totals.products] *= _pair_factors(flows, totals)
        flows *= _ratio(exports, flows.sum(axis=2))[:, :, None]
        flows *= _ratio(imports, flows.sum(axis=1))[:, None, :]
        if progress is not None and (done + 1) % 20 == 0:
            progress(done + 1, total_rounds, "balancing trade")
    return _measured(flows, exports, imports, totals, total_rounds)


def users_from_trade(flows: Float, use: Float) -> Float:
    r"""Turn trade into shares of origin, the same for all users of a product in a region.

    .. math:: S_{isr} = P_{isr} / u_{ir} \; (s \ne r), \qquad S_{irr} = 1 - \sum_{s \ne r} S_{isr}

    Parameters
    ----------
    flows : (I, R, R) array, currency per year
        Trade from :func:`balance_trade`.
    use : (I, R) array, currency per year
        Total use of product ``i`` in region ``r``, by industries and final demand together.

    Returns
    -------
    (I, R, R) array, dimensionless
        Share of seller ``s`` in what region ``r`` uses of product ``i``; one in all for each ``i, r``.

    Examples
    --------
    >>> users_from_trade(np.array([[[0.0, 3.0], [1.0, 0.0]]]), np.array([[10.0, 4.0]]))
    array([[[0.9 , 0.75],
            [0.1 , 0.25]]])
    """
    own = np.arange(flows.shape[1])
    shares = flows * _ratio(np.ones_like(use), use)[:, None, :]
    shares[:, own, own] = 0.0
    domestic = 1.0 - shares.sum(axis=1)
    # Where all is imported, rounding would leave tiny shares of either sign.
    shares[:, own, own] = np.where(np.abs(domestic) < _NOTHING, 0.0, domestic)
    return np.asarray(shares)


_NOTHING = 1e-12
_DAMPING = 0.7
"""Power of the pair factor: below one, so that rounds do not swing between sources that disagree."""


def _pair_factors(flows: Float, totals: PairTotals) -> Float:
    current = flows[totals.products].sum(axis=0)
    usable = np.isfinite(totals.values) & (current > 0)
    factors = np.ones_like(current)
    factors[usable] = (totals.values[usable] / current[usable]) ** _DAMPING
    return np.asarray(factors)


def _ratio(above: Float, below: Float) -> Float:
    return np.asarray(np.divide(above, below, out=np.zeros_like(below), where=below > 0))


def _check_margins(exports: Float, imports: Float, totals: PairTotals | None) -> None:
    for name, margin in (("exports", exports), ("imports", imports)):
        if not np.isfinite(margin).all() or (margin < 0).any():
            message = f"{name} must be finite and not negative; set negative margins to zero before balancing."
            raise TableError(message)
    if exports.shape != imports.shape or exports.ndim != 2:  # noqa: PLR2004 - products and regions
        message = (
            f"exports {exports.shape} and imports {imports.shape} must both have one row a product and one column a "
            "region. Check that they belong together."
        )
        raise TableError(message)
    if totals is not None:
        regions = exports.shape[1]
        if totals.values.shape != (regions, regions) or totals.products.shape != exports.shape[:1]:
            message = (
                f"pair totals must be ({regions}, {regions}) with {exports.shape[0]} products, but are "
                f"{totals.values.shape} with {totals.products.shape[0]}. Put them in the order of the margins."
            )
            raise TableError(message)


def _measured(flows: Float, exports: Float, imports: Float, totals: PairTotals | None, rounds: int) -> TradeBalance:
    export_error = float(np.abs(flows.sum(axis=2) - exports).sum() / exports.sum())
    import_error = float(np.abs(flows.sum(axis=1) - imports).sum() / imports.sum())
    if not max(export_error, import_error) < _WORST_MARGIN:
        message = (
            f"after {rounds} rounds the margins are missed by {export_error:.2%} of exports and {import_error:.2%} of "
            "imports (at most 1 %). Check that exports and imports of each product add up to the same world total."
        )
        raise ConvergenceError(message)
    pair_error = pair_correlation = float("nan")
    if totals is not None and np.nansum(totals.values) > 0:
        different = ~np.eye(len(totals.values), dtype=np.bool_)
        came = flows[totals.products].sum(axis=0)[different]
        known = np.nan_to_num(totals.values[different])
        pair_error = float(np.abs(came - known).sum() / known.sum())
        pair_correlation = float(np.corrcoef(np.log1p(came), np.log1p(known))[0, 1])
    return TradeBalance(flows, rounds, export_error, import_error, pair_error, pair_correlation)


_WORST_MARGIN = 0.01
