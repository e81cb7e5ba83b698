"""Filling pairs that a trade file lacks, by a gravity equation fitted on the pairs it has.

The goods trade file of 2023 has no figure for any pair of eleven economies with each other, Korea and Viet Nam, or
Poland and Russia, among them. Balancing that leaves such pairs free puts there whatever the margins do not explain:
122 billion USD of goods from Russia to Korea, for instance. So they are estimated first.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tenon.data.names import region_places
from tenon.schema.arrays import Float

__all__ = ["distances_between", "fill_by_gravity", "settle_unreported"]

UNREPORTED = ("AGO", "ARG", "BGD", "BLR", "CMR", "COD", "KOR", "PHL", "POL", "RUS", "VNM")
"""Economies between which the trade file of 2023 has no figure at all, which cannot mean that they do not trade."""

_EARTH_RADIUS = 6371.0
_WIDEST = (0.0, 3.0)
_BISECTIONS = 30
_ROUNDS = 200


def settle_unreported(totals: Float, regions: Sequence[str], *, absent: Sequence[str]) -> Float:
    """Decide what an empty cell of the trade file of 2023 means.

    Pairs of the eleven economies ``UNREPORTED`` are estimated by :func:`fill_by_gravity`; other empty cells between
    economies of the file mean no trade; pairs with economies that the file lacks stay unknown.

    Parameters
    ----------
    totals : (R, R) array, currency per year
        Row: seller, column: buyer; NaN where nothing is reported.
    regions : sequence of str
        Labels in order; the last is the rest of the world, which has no place and does not enter the fit.
    absent : sequence of str
        Economies that the file lacks.

    Returns
    -------
    (R, R) array, currency per year
        NaN only on the diagonal and for the absent economies.
    """
    labels = np.array(regions)
    hidden, missing = np.isin(labels, UNREPORTED), np.isin(labels, absent)
    either_missing = missing[:, None] | missing[None, :]
    own = np.eye(len(labels), dtype=np.bool_)
    estimated = hidden[:, None] & hidden[None, :] & ~own
    settled = np.where(np.isnan(totals) & ~either_missing & ~own & ~estimated, 0.0, totals)
    fitted = ~(either_missing | estimated | own)
    fitted[-1] = fitted[:, -1] = False
    gravity = fill_by_gravity(settled, distances_between(regions), known=fitted)
    return np.where(estimated, gravity, settled)


def fill_by_gravity(totals: Float, distances: Float, *, known: NDArray[np.bool_]) -> Float:
    r"""Estimate trade of all pairs by a gravity equation fitted on the known ones.

    .. math:: \hat M_{sr} = a_s b_r d_{sr}^{-\theta}

    with ``a``, ``b`` and ``theta`` from Poisson pseudo maximum likelihood (Santos Silva and Tenreyro 2006): its first
    order conditions say that fitted and known trade of the known pairs agree for each seller, for each buyer, and in
    the mean of the logarithm of distance.

    Parameters
    ----------
    totals : (R, R) array, currency per year
        Row: seller, column: buyer; read only where ``known``.
    distances : (R, R) array, km
        Between the regions; positive where ``known`` and where an estimate is wanted.
    known : (R, R) array of bool
        Pairs to fit.

    Returns
    -------
    (R, R) array, currency per year
        Estimates for all pairs of different regions; zero for regions without a known pair.

    References
    ----------
    Santos Silva, J. M. C. and Tenreyro, S. (2006), The log of gravity, Review of Economics and Statistics 88(4).

    Examples
    --------
    Trade that follows the equation exactly is recovered where it was hidden:

    >>> d = np.array([[1, 2, 4, 8], [2, 1, 2, 4], [4, 2, 1, 2], [8, 4, 2, 1.0]])
    >>> trade = np.outer([1, 2, 3, 4], [4, 3, 2, 1]) / d
    >>> known = ~np.eye(4, dtype=bool)
    >>> known[0, 1] = False
    >>> fill_by_gravity(trade, d, known=known)[0, 1].round(3), trade[0, 1]
    (np.float64(1.5), np.float64(1.5))
    """
    trade = np.where(known, totals, 0.0)
    far = np.log(np.where(distances > 0, distances, 1.0))
    wanted = float((trade * far).sum())
    low, high = _WIDEST
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        too_far = float((_with_elasticity(trade, far, middle, known=known) * far)[known].sum()) > wanted
        low, high = (middle, high) if too_far else (low, middle)
    estimate = _with_elasticity(trade, far, (low + high) / 2, known=known)
    np.fill_diagonal(estimate, 0.0)
    return estimate


def distances_between(regions: Sequence[str]) -> Float:
    """Great-circle distances between the approximate centers of regions.

    Parameters
    ----------
    regions : sequence of str
        Labels that :func:`tenon.data.region_places` knows.

    Returns
    -------
    (R, R) array, km
        Symmetric, with a diagonal of zero.

    Examples
    --------
    >>> int(distances_between(["JPN", "KOR"])[0, 1])
    911
    """
    places = region_places()
    longitude = np.radians([places[region].longitude for region in regions])
    latitude = np.radians([places[region].latitude for region in regions])
    across = np.sin((latitude[:, None] - latitude) / 2) ** 2
    along = np.cos(latitude[:, None]) * np.cos(latitude) * np.sin((longitude[:, None] - longitude) / 2) ** 2
    return np.asarray(2 * _EARTH_RADIUS * np.arcsin(np.sqrt(across + along)))


def _with_elasticity(trade: Float, far: Float, elasticity: float, *, known: NDArray[np.bool_]) -> Float:
    resistance = np.exp(-elasticity * far)
    open_pairs = resistance * known
    seller = buyer = np.ones(len(trade))
    for _ in range(_ROUNDS):
        seller = _ratio(trade.sum(axis=1), open_pairs @ buyer)
        buyer = _ratio(trade.sum(axis=0), seller @ open_pairs)
    return np.asarray(seller[:, None] * resistance * buyer)


def _ratio(above: Float, below: Float) -> Float:
    return np.asarray(np.divide(above, below, out=np.zeros_like(below), where=below > 0))
