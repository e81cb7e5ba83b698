"""Links of a synthetic economy: how many a flow of the table gets, between which firms, and how much each carries."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenon.schema import Float, InputOutputTable, Integer, ParameterError

__all__ = ["Flows", "Industries", "carried_flows", "deal_links", "draw_ends", "spread_flows"]

_SUPPLIERS, _BUYERS = 1, 2
# Draws by size that meet a link which is there already are repeated so often, then made without regard to size.
_DRAWS_BY_SIZE = 8
_MOST_DRAWS = 200
# Rounds of proportional fitting, after which firms trade in proportion to their sizes as far as their links allow.
_FITTING_ROUNDS = 12


@dataclass(frozen=True, eq=False)
class Industries:
    """Firms, industry by industry.

    Parameters
    ----------
    first : (N+1,) array of int
        First firm of each industry.
    of_firm : (F,) array of int
        Industry of each firm.
    share : (F,) array, dimensionless
        Share of each firm in its industry.
    bounds : (F+1,) array, dimensionless
        Running sum of the firms' chances of being the end of a link.
    """

    first: Integer
    of_firm: Integer
    share: Float
    bounds: Float

    @classmethod
    def of(cls, count: Integer, sizes: Float, elasticity: float) -> Industries:
        """Lay out firms.

        Parameters
        ----------
        count : (N,) array of int
            Number of firms of each industry.
        sizes : (F,) array
            Sizes of the firms, industry by industry.
        elasticity : float, dimensionless
            The chance of being the end of a link grows with size to this power.

        Returns
        -------
        Industries
            The firms with their shares and chances.
        """
        first = np.concatenate([[0], np.cumsum(count)])
        of_firm = np.repeat(np.arange(count.size), count)
        share = sizes / np.bincount(of_firm, weights=sizes, minlength=count.size)[of_firm]
        return cls(first, of_firm, share, np.concatenate([[0.0], np.cumsum(sizes**elasticity)]))

    @property
    def count(self) -> Integer:
        """Number of firms of each industry, (N,)."""
        return np.diff(self.first)


@dataclass(frozen=True, eq=False)
class Flows:
    """Flows between industries that get links.

    Parameters
    ----------
    seller, buyer : (K,) array of int
        Industries.
    value : (K,) array, currency per year
        Flow from seller to buyer.
    pooled : float, dimensionless
        Share of all flows that was pooled.
    """

    seller: Integer
    buyer: Integer
    value: Float
    pooled: float


def carried_flows(table: InputOutputTable, most: int, most_pooled: float) -> Flows:
    """Return at most so many flows of a table, pooling the smallest ones of each product if there are more.

    Pooled flows of a product are dealt again by the north-west corner rule, which keeps what each industry sells and
    buys of it and needs hardly more flows than industries. Sellers and buyers stand region by region, so that pooled
    flows stay within a region where they can.

    Parameters
    ----------
    table : InputOutputTable
        ``N`` industries.
    most : int
        Number of flows that can be carried.
    most_pooled : float, dimensionless
        Largest share of all flows that may be pooled.

    Returns
    -------
    Flows
        Flows above zero, and the share that was pooled.

    Raises
    ------
    ParameterError
        If there is nothing to carry, or more than ``most_pooled`` of all flows would be pooled.
    """
    seller, buyer = np.nonzero(table.Z)
    value = table.Z[seller, buyer]
    if value.size == 0:
        message = f"table {table.name!r} has no flows between industries, so there is nothing for links to carry."
        raise ParameterError(message)
    if value.size <= most:
        return Flows(seller, buyer, value, 0.0)
    corner = len(table.sectors) * (len(table) + len(table.regions))
    order = np.argsort(-value, kind="stable")
    sums = np.cumsum(value[order])
    kept = max(0, most - corner)
    pooled = 1.0 - float(sums[kept - 1] / sums[-1]) if kept else 1.0
    if pooled > most_pooled:
        needed = 2 * min(value.size, corner + 1 + int(np.searchsorted(sums, (1.0 - most_pooled) * sums[-1])))
        message = (
            f"{2 * most} links are too few for table {table.name!r}: with them {pooled:.0%} of its flows would have to "
            f"be pooled, and at most {most_pooled:.0%} may be. Ask for {needed} links or more, aggregate the table, or "
            "raise most_pooled."
        )
        raise ParameterError(message)
    rest = np.zeros_like(table.Z)
    rest[seller[order[kept:]], buyer[order[kept:]]] = value[order[kept:]]
    result = table.Z - rest
    for product in range(len(table.sectors)):
        rows = np.arange(product, len(table), len(table.sectors))
        result[rows] += _corner_rule(rest[rows].sum(axis=1), rest[rows].sum(axis=0))
    seller, buyer = np.nonzero(result)
    return Flows(seller, buyer, result[seller, buyer], pooled)


def _corner_rule(rows: Float, columns: Float) -> Float:
    """Return a matrix with these sums of rows and columns and few cells that are not zero."""
    total = float(rows.sum())
    result = np.zeros((rows.size, columns.size))
    if total == 0.0:
        return result
    edges = np.unique(np.concatenate([[0.0], np.cumsum(rows)[:-1], np.cumsum(columns)[:-1], [total]]).clip(0.0, total))
    middle = (edges[1:] + edges[:-1]) / 2
    row = np.searchsorted(np.cumsum(rows), middle).clip(0, rows.size - 1)
    column = np.searchsorted(np.cumsum(columns), middle).clip(0, columns.size - 1)
    np.add.at(result, (row, column), np.diff(edges))
    # Running sums of millions leave crumbs where a small column ends; what each buyer buys is exact again after this.
    found = result.sum(axis=0)
    return result * np.where(found > 0, columns / np.where(found > 0, found, 1.0), 0.0)


def deal_links(flows: Flows, industries: Industries, links: int) -> Integer:
    """Return the number of links of each flow: one, and more in proportion to value, up to half of the pairs of firms.

    Parameters
    ----------
    flows : Flows
        ``K`` flows.
    industries : Industries
        Their firms.
    links : int
        Links in all, at least ``K``.

    Returns
    -------
    (K,) array of int
        Links of each flow.

    Raises
    ------
    ParameterError
        If the firms have too few pairs for so many links.
    """
    count = industries.count
    pairs = count[flows.seller] * (count[flows.buyer] - (flows.seller == flows.buyer))
    most = np.maximum(1, pairs // 2)
    if links > int(most.sum()):
        message = (
            f"{links} links are too many: the firms of industries that trade have room for {int(most.sum())} (half of "
            "their pairs). Ask for fewer links or more firms."
        )
        raise ParameterError(message)
    dealt = np.ones(flows.value.size, dtype=np.int64)
    while (left := links - int(dealt.sum())) > 0:
        open_value = np.where(dealt < most, flows.value, 0.0)
        bounds = np.cumsum(open_value)
        steps = np.round(bounds * (left / bounds[-1])).astype(np.int64)
        dealt = np.minimum(most, dealt + np.diff(steps, prepend=0))
    return dealt


def draw_ends(flows: Flows, dealt: Integer, industries: Industries, seed: int) -> tuple[Integer, Integer]:
    """Draw supplier and buyer of every link: no pair twice, no firm with itself, no firm left out.

    Parameters
    ----------
    flows : Flows
        ``K`` flows.
    dealt : (K,) array of int
        Links of each flow.
    industries : Industries
        The firms.
    seed : int, not negative
        Suppliers and buyers have streams of their own under it.

    Returns
    -------
    tuple of two (L,) arrays of int
        Suppliers and buyers, flow by flow.

    Raises
    ------
    ParameterError
        If there are too few links for every firm to have one.
    """
    streams = [np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(key,))) for key in (_SUPPLIERS, _BUYERS)]
    flow = np.repeat(np.arange(dealt.size), dealt)
    ends = [
        _draw(random, industry[flow], industries, by_size=True)
        for random, industry in zip(streams, (flows.seller, flows.buyer), strict=True)
    ]
    for attempt in range(1, _MOST_DRAWS):
        again = _unwanted(ends[0], ends[1], industries.of_firm.size)
        if again.size == 0:
            break
        for end, random, industry in zip(ends, streams, (flows.seller, flows.buyer), strict=True):
            end[again] = _draw(random, industry[flow[again]], industries, by_size=attempt < _DRAWS_BY_SIZE)
    _include_everyone(ends, flows.value[flow] / dealt[flow], industries)
    return ends[0], ends[1]


def _draw(random: np.random.Generator, industry: Integer, industries: Industries, *, by_size: bool) -> Integer:
    """Draw a firm of each given industry."""
    low, high = industries.first[industry], industries.first[industry + 1]
    chance = random.random(industry.size)
    if not by_size:
        return np.minimum(low + (chance * (high - low)).astype(np.int64), high - 1)
    start = industries.bounds[low]
    found = np.searchsorted(industries.bounds, start + chance * (industries.bounds[high] - start), side="right") - 1
    return np.asarray(np.clip(found, low, high - 1))


def _unwanted(supplier: Integer, buyer: Integer, firms: int) -> Integer:
    """Return links from a firm to itself, and links that stand before."""
    keys = supplier * firms + buyer
    order = np.argsort(keys, kind="stable")
    repeated = np.zeros(keys.size, dtype=np.bool_)
    repeated[order[1:]] = keys[order[1:]] == keys[order[:-1]]
    return np.flatnonzero(repeated | (supplier == buyer))


def _include_everyone(ends: list[Integer], value: Float, industries: Industries) -> None:
    """Give firms without a link the least valuable links of larger firms of their industry, which keep their best."""
    size = industries.of_firm.size
    for end in ends:
        lonely = np.flatnonzero(~_has_link(ends, size))
        if lonely.size == 0:
            return
        spare = _spare(end, value, industries)
        of_spare, of_lonely = industries.of_firm[end[spare]], industries.of_firm[lonely]
        # The k-th lonely firm of an industry takes the k-th spare link of the industry.
        position = np.searchsorted(of_spare, of_lonely) + np.arange(lonely.size) - np.searchsorted(of_lonely, of_lonely)
        taken = position < np.searchsorted(of_spare, of_lonely, side="right")
        end[spare[position[taken]]] = lonely[taken]
    lonely = np.flatnonzero(~_has_link(ends, size))
    if lonely.size:
        message = (
            f"{ends[0].size} links are too few: {lonely.size} of {size} firms would have neither supplier nor "
            "customer. Ask for more links or fewer firms; three links a firm are enough for most tables."
        )
        raise ParameterError(message)


def _has_link(ends: list[Integer], firms: int) -> NDArray[np.bool_]:
    found = np.zeros(firms, dtype=np.bool_)
    for end in ends:
        found[end] = True
    return found


def _spare(end: Integer, value: Float, industries: Industries) -> Integer:
    """Return links which their firm at this end can do without, industry by industry and the least valuable first."""
    order = np.lexsort((-value, end))
    spare = order[1:][end[order[1:]] == end[order[:-1]]]
    return np.asarray(spare[np.lexsort((value[spare], industries.of_firm[end[spare]]))])


def spread_flows(flows: Flows, dealt: Integer, industries: Industries, ends: tuple[Integer, Integer]) -> Float:
    """Return what each link carries: flows add up exactly, and firms trade in proportion to size as links allow.

    Proportional fitting (Deming and Stephan 1940, *Annals of Mathematical Statistics* 11:427) to three sets of sums:
    what each firm sells, what each buys, and the flow between each two industries, which comes last.

    Parameters
    ----------
    flows : Flows
        ``K`` flows.
    dealt : (K,) array of int
        Links of each flow.
    industries : Industries
        The firms.
    ends : tuple of two (L,) arrays of int
        Suppliers and buyers, flow by flow.

    Returns
    -------
    (L,) array, currency per year
        What each link carries; above zero.
    """
    flow = np.repeat(np.arange(dealt.size), dealt)
    industries_count, firms = industries.count.size, industries.of_firm.size
    targets = [
        industries.share * np.bincount(industry, weights=flows.value, minlength=industries_count)[industries.of_firm]
        for industry in (flows.seller, flows.buyer)
    ]
    result = np.ones(flow.size)
    for _ in range(_FITTING_ROUNDS):
        for end, target in zip(ends, targets, strict=True):
            found = np.bincount(end, weights=result, minlength=firms)
            result *= (target / np.where(found > 0, found, 1.0))[end]
        found = np.bincount(flow, weights=result, minlength=dealt.size)
        result *= (flows.value / found)[flow]
    return np.maximum(result, np.finfo(np.float64).tiny)
