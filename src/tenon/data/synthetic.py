"""A synthetic economy of firms: an input-output table whose industries are cut into firms that trade by name.

Firm by firm data on who supplies whom are secret nearly everywhere. What can be had is a network with the flows of a
table and the stylized facts of real ones; see ``docs/explanation/synthetic-firms.md`` for the method and its sources.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenon.data.synthetic_links import Industries, carried_flows, deal_links, draw_ends, spread_flows
from tenon.schema import Float, InputOutputTable, Integer, LabelError, ParameterError, SparseLinks, SupplyNetwork
from tenon.schema.arrays import is_whole

__all__ = ["FirmTraits", "synthetic_firms"]

_DAYS_A_YEAR = 365.0
_FIRMS_AN_INDUSTRY = 2
_SIZES = 0


@dataclass(frozen=True, kw_only=True)
class FirmTraits:
    """Stylized facts that a synthetic economy follows.

    Parameters
    ----------
    size_exponent : float, dimensionless, at least 0.5
        Exponent of the tail of firm sizes: the share of firms larger than ``s`` falls as ``s`` to the power of minus
        this. 1 is Zipf's law (Axtell 2001, *Science* 293:1818).
    degree_elasticity : float, dimensionless, from 0 to 1
        The chance of being the end of a link grows with size to this power, and the tail exponent of the numbers of
        customers and suppliers is ``size_exponent / degree_elasticity``.
    most_pooled : float, dimensionless, from 0 to 0.5
        Largest share of all flows between industries that may be pooled where there are too few links for each.
    capital_to_value_added : float, years, not negative
        Productive capital as a multiple of yearly value added.
    inventory_days : float, days, above 0
        Target stock of every input, in days of use.

    Raises
    ------
    ParameterError
        If a figure is out of its range.

    Examples
    --------
    >>> FirmTraits().size_exponent
    1.0
    """

    size_exponent: float = 1.0
    degree_elasticity: float = 0.75
    most_pooled: float = 0.1
    capital_to_value_added: float = 4.0
    inventory_days: float = 90.0

    def __post_init__(self) -> None:
        for name, (least, most) in _RANGES.items():
            value = getattr(self, name)
            if not least <= value <= most:
                message = f"{name} must be from {least:g} to {most:g}, but is {value}."
                raise ParameterError(message)


_RANGES = {
    "size_exponent": (0.5, 10.0),
    "degree_elasticity": (0.0, 1.0),
    "most_pooled": (0.0, 0.5),
    "capital_to_value_added": (0.0, 1000.0),
    "inventory_days": (1e-6, math.inf),
}


def synthetic_firms(
    table: InputOutputTable, *, firms: int, links: int, seed: int, traits: FirmTraits | None = None
) -> SupplyNetwork:
    """Cut the industries of a table into firms that trade by name, so that their flows add up to the table.

    Parameters
    ----------
    table : InputOutputTable
        ``N`` industries, yearly flows.
    firms : int
        Number of firms; at least two for each industry that trades.
    links : int
        Number of links. Each flow of the table has at least one; where half of the links are too few for that, the
        smallest flows of each product are pooled: what every industry sells and what every industry buys of the product
        stay as they are, but by whom from whom changes.
    seed : int, not negative
        The same seed gives the same network, bit for bit.
    traits : FirmTraits, optional
        Stylized facts; Zipf's law by default.

    Returns
    -------
    SupplyNetwork
        Firms ``"region:sector:k"``, the largest of an industry first; flows per day, sparse links, no firm its own
        customer, none without a supplier or customer. Flows between industries, final demand and value added add up to
        the table; ``source`` says what was pooled. ``estimated`` is True.

    Raises
    ------
    ParameterError
        If there are too few firms or links, more links than pairs of firms can carry, or the seed is no whole number.
    LabelError
        If a label of the table holds so many colons that firms would share one.

    Examples
    --------
    >>> from tenon.data import load
    >>> network = synthetic_firms(load("world-2022"), firms=3000, links=100_000, seed=1)
    >>> len(network), len(network.links), network.agents[0]
    (3000, 100000, 'ARG:agriculture:1')
    """
    traits = FirmTraits() if traits is None else traits
    _check_numbers(firms, links, seed)
    demand = table.final_demand_by_region
    trades = (table.Z.sum(axis=0) + table.Z.sum(axis=1) > 0) | demand.any(axis=1)
    count = _firms_by_industry(table, trades, firms)
    sizes = _sizes(count, traits, seed)
    industries = Industries.of(count, sizes, traits.degree_elasticity)
    flows = carried_flows(table, links // 2, traits.most_pooled)
    dealt = deal_links(flows, industries, links)
    supplier, buyer = draw_ends(flows, dealt, industries, seed)
    flow = spread_flows(flows, dealt, industries, (supplier, buyer)) / _DAYS_A_YEAR
    return _network(table, industries, SparseLinks(supplier, buyer, flow), flows.pooled, traits, (demand, seed))


def _check_numbers(firms: int, links: int, seed: int) -> None:
    for name, value, least in (("firms", firms, 2), ("links", links, 1), ("seed", seed, 0)):
        if not is_whole(value, least=least):
            message = f"{name} must be a whole number of at least {least}, but is {value}."
            raise ParameterError(message)


def _firms_by_industry(table: InputOutputTable, trades: NDArray[np.bool_], firms: int) -> Integer:
    """Give every industry that trades two firms, and deal the others in proportion to output."""
    least = _FIRMS_AN_INDUSTRY * int(trades.sum())
    if firms < least:
        message = (
            f"{firms} firms are too few for table {table.name!r}: {int(trades.sum())} of its industries trade, and "
            f"each needs two firms, {least} in all. Ask for more firms, or aggregate the table first."
        )
        raise ParameterError(message)
    output = np.where(trades, np.maximum(table.x, 0.0), 0.0)
    bounds = np.concatenate([[0.0], np.cumsum(output)]) * ((firms - least) / max(float(output.sum()), 1e-300))
    bounds[-1] = firms - least if output.any() else 0.0
    ends = np.round(bounds).astype(np.int64)
    count = _FIRMS_AN_INDUSTRY * trades.astype(np.int64) + ends[1:] - ends[:-1]
    count[int(np.argmax(trades))] += firms - int(count.sum())
    return count


def _sizes(count: Integer, traits: FirmTraits, seed: int) -> Float:
    """Draw sizes with a Pareto tail; the largest firm of each industry first."""
    random = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(_SIZES,)))
    sizes = (1.0 - random.random(int(count.sum()))) ** (-1.0 / traits.size_exponent)
    order = np.lexsort((-sizes, np.repeat(np.arange(count.size), count)))
    return np.asarray(sizes[order])


def _network(
    table: InputOutputTable,
    industries: Industries,
    links: SparseLinks,
    pooled: float,
    traits: FirmTraits,
    parts: tuple[Float, int],
) -> SupplyNetwork:
    demand, seed = parts
    at, share = industries.of_firm, industries.share
    size = at.size
    final = np.maximum(demand, 0.0)[at]
    final *= share[:, None] / _DAYS_A_YEAR
    release = share * np.maximum(-demand, 0.0).sum(axis=1)[at] / _DAYS_A_YEAR
    sales = np.bincount(links.supplier, weights=links.flow, minlength=size) + final.sum(axis=1) - release
    value_added = sales - np.bincount(links.buyer, weights=links.flow, minlength=size)
    rank = np.arange(size) - industries.first[at] + 1
    labels = table.labels
    agents = tuple(f"{labels[industry]}:{number}" for industry, number in zip(at.tolist(), rank.tolist(), strict=True))
    if len(set(agents)) < size:
        message = f"labels of table {table.name!r} hold colons, so that two firms would have one; rename its sectors."
        raise LabelError(message)
    note = f"; {pooled:.2%} of the flows between industries pooled by product" if pooled > 0 else ""
    return SupplyNetwork(
        name=f"{table.name} in {size} firms",
        agents=agents,
        products=table.sectors,
        product=at % len(table.sectors),
        regions=table.regions,
        region=at // len(table.sectors),
        links=links,
        demanders=table.regions,
        final_demand=final,
        value_added=value_added,
        capital=traits.capital_to_value_added * _DAYS_A_YEAR * np.maximum(value_added, 0.0),
        inventory_days=np.array([[traits.inventory_days]]),
        stock_release=release,
        currency=table.currency,
        unit=table.unit,
        source=f"synthetic firms (seed {seed}) of table {table.name}: {table.source}{note}",
        estimated=True,
    )
