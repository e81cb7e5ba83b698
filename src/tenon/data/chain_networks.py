"""From a company's chain to a supply network that lives from day to day.

Every stage becomes an agent, its *maker*; a stage with finished stock becomes two, of which the second, its *store*,
buys what the maker makes, holds the stock, and sells. Flows are money: units times one price a part, so that suppliers
of a part are substitutes in one measure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenon.schema import Float, Integer, SparseLinks, SupplyChain, SupplyNetwork

__all__ = ["ChainNetwork", "network_from_chain"]

_UNLIMITED = 100.0
_UNKNOWN = "unknown"
_NONE = -1


@dataclass(frozen=True, eq=False, kw_only=True)
class ChainNetwork:
    """A chain as a supply network, and where its stages and supplies stand in it.

    Parameters
    ----------
    chain : SupplyChain
        ``N`` stages and ``L`` supplies.
    network : SupplyNetwork
        Makers of all stages, then stores; links of supplies, then from makers to their stores.
    price : (P,) array, currency per unit
        What a unit of each part counts.
    seller : (N,) array of int
        Agent that sells what each stage makes: its store, or its maker where it has none.
    link : (L,) array of int
        Link of each supply; -1 where it carries nothing and never could.
    short_of_capacity : (N,) array of bool
        Stages that are asked for more than they can make even when nothing is disturbed; the network lets them make it.
    """

    chain: SupplyChain
    network: SupplyNetwork
    price: Float
    seller: Integer
    link: Integer
    short_of_capacity: NDArray[np.bool_]

    @property
    def has_store(self) -> NDArray[np.bool_]:
        """Whether each stage has a store, (N,)."""
        return self.seller >= len(self.chain.stages)


class _Undisturbed(NamedTuple):
    """An undisturbed day: ``output`` (N,) and ``flow`` (L,) in units per day, ``price`` (P,)."""

    output: Float
    flow: Float
    price: Float


class _Links(NamedTuple):
    """Columns of links; see :class:`tenon.schema.SparseLinks`."""

    supplier: Integer
    buyer: Integer
    flow: Float
    days: Integer
    reserve: Float
    inventory_days: Float


def network_from_chain(chain: SupplyChain, flow: Float, unit_cost: Float) -> ChainNetwork:
    """Make the supply network of a chain.

    Agents make what customers and buyers take on an undisturbed day. A part counts its mean unit cost over the stages
    that make it (1 where it costs nothing), for every stage alike.

    A store holds ``s / x + 1`` days of what its stage makes (``s`` finished stock, ``x`` output a day), and a maker
    ``m / (r x) + 1`` days of each input (``m`` its stock, ``r`` units of it a unit): in the daily model goods of a day
    are handed on the next day, so a day of goods stands at every place, and the stock of the chain comes on top. What a
    maker hands to its store, or to buyers where it has none, takes the processing days; what goes by a lane takes its
    days, rounded to whole ones.

    A maker can make the less of its own capacity and its part of the site's, which is divided as on an undisturbed day;
    what has no limit counts as a hundred times its output. Sources that must be started up are reserve links: each can
    carry the least of contract, lane, what the supplier can make beyond its output, and what the buyer could use.

    Parameters
    ----------
    chain : SupplyChain
        ``N`` stages and ``L`` supplies.
    flow : (L,) array, units per day
        What each supply brings on an undisturbed day (:func:`tenon.vulnerability.normal_flows`).
    unit_cost : (N,) array, currency per unit
        Cost added at each stage and all before it; likewise.

    Returns
    -------
    ChainNetwork
        Currency and labels of the chain; regions are countries, ``"unknown"`` where a site has none.

    Raises
    ------
    NetworkError
        If a figure is out of its range.
    LabelError
        If a store, ``"stock of part @ site"``, would have the label of a stage.

    Examples
    --------
    >>> from tenon.data import example_chain
    >>> from tenon.vulnerability import normal_flows
    >>> chain = example_chain()
    >>> flows = normal_flows(chain)
    >>> converted = network_from_chain(chain, flows.flow, flows.unit_cost)
    >>> converted.network.agents[converted.seller[0]]
    'stock of plate 304 @ Shanghai service center'
    """
    stages = chain.stages
    asked: Float = np.bincount(chain.demands.stage, chain.demands.quantity, len(stages)).astype(np.float64)
    asked += np.bincount(chain.supplies.supplier, flow, len(stages))
    day = _Undisturbed(asked, flow, _prices(chain, asked, unit_cost))
    worth = day.price[stages.part]
    holds = (stages.stock > 0) & (day.output > 0)
    makers = np.arange(len(stages))
    seller = np.where(holds, len(stages) - 1 + np.cumsum(holds), makers)
    most = _most(chain, day)
    links, link = _links(chain, day, seller, most)
    kept = np.flatnonzero(holds)
    countries = np.array([country or _UNKNOWN for country in chain.sites.country], dtype=object)
    regions, region = np.unique(countries[stages.site], return_inverse=True)
    products = _products(chain, holds)
    labels = np.array(chain.stage_labels, dtype=object)
    output = np.concatenate([day.output * worth, (day.output * worth)[kept]])
    network = SupplyNetwork(
        name=chain.name,
        agents=(*chain.stage_labels, *(f"stock of {label}" for label in labels[kept])),
        products=products,
        product=_product_of(chain, holds, products),
        regions=tuple(str(label) for label in regions),
        region=np.concatenate([region, region[kept]]),
        links=SparseLinks(links.supplier, links.buyer, links.flow, days=links.days, reserve=links.reserve),
        demanders=tuple(dict.fromkeys(chain.demands.customer)),
        final_demand=_final_demand(chain, seller, worth, output.size),
        value_added=output - np.bincount(links.buyer, links.flow, output.size),
        capital=np.zeros(output.size),
        inventory_days=links.inventory_days,
        stock_release=np.zeros(output.size),
        capacity=np.concatenate([most * worth, _UNLIMITED * output[kept]]),
        currency=chain.currency,
        unit=1.0,
        source=chain.source,
    )
    return ChainNetwork(
        chain=chain,
        network=network,
        price=day.price,
        seller=seller,
        link=link,
        short_of_capacity=_limit(chain, day) < day.output * (1 - 1e-9),
    )


def _final_demand(chain: SupplyChain, seller: Integer, worth: Float, agents: int) -> Float:
    """What each customer takes from each agent, (agents, customers) currency per day."""
    demands = chain.demands
    place = {label: number for number, label in enumerate(dict.fromkeys(demands.customer))}
    final = np.zeros((agents, len(place)))
    customer = np.array([place[label] for label in demands.customer])
    np.add.at(final, (seller[demands.stage], customer), demands.quantity * worth[demands.stage])
    return final


def _prices(chain: SupplyChain, output: Float, unit_cost: Float) -> Float:
    """One price a part, (P,): the mean cost of its stages by what they make; by stages where nobody makes any."""
    part, count = chain.stages.part, len(chain.parts)
    made = np.bincount(part, output, count)[part] > 0
    weight = np.where(made, output, 1.0)
    total = np.bincount(part, weight, count)
    mean = np.divide(np.bincount(part, weight * unit_cost, count), total, out=np.zeros(count), where=total > 0)
    return np.where(mean > 0, mean, 1.0)


def _limit(chain: SupplyChain, day: _Undisturbed) -> Float:
    """Most that each stage can make beside the others of its site, (N,) units per day; infinite without a limit."""
    stages = chain.stages
    site = chain.sites.capacity[stages.site]
    use = np.bincount(stages.site, stages.site_use * day.output, len(chain.sites))[stages.site]
    takes, works = stages.site_use > 0, day.output > 0
    factor = np.divide(site, use, out=np.full(use.size, np.inf), where=use > 0)
    part = np.multiply(factor, day.output, out=np.full(use.size, np.inf), where=takes & works)
    # Who makes nothing on an undisturbed day may use what the others leave.
    spare = np.maximum(site - use, 0.0)
    np.divide(spare, stages.site_use, out=part, where=takes & ~works)
    least: Float = np.minimum(stages.capacity, part)
    return least


def _most(chain: SupplyChain, day: _Undisturbed) -> Float:
    """Capacity of each maker, (N,) units per day: finite, and at least its output."""
    limit = _limit(chain, day)
    wanted = np.bincount(chain.supplies.supplier, _wanted(chain, day, limit), len(chain.stages))
    return np.maximum(np.where(np.isfinite(limit), limit, _UNLIMITED * day.output + wanted), day.output)


def _wanted(chain: SupplyChain, day: _Undisturbed, limit: Float) -> Float:
    """Most that the buyer of each source to be started up could use of it, (L,) units per day."""
    supplies = chain.supplies
    could = np.where(np.isfinite(limit), np.maximum(limit, day.output), day.output)
    used = day.output[supplies.buyer] > 0
    waits = (supplies.start_up_days > 0) & used
    return np.asarray(waits * chain.inputs.units[chain.input_of_supply] * could[supplies.buyer], dtype=np.float64)


def _links(chain: SupplyChain, day: _Undisturbed, seller: Integer, most: Float) -> tuple[_Links, Integer]:
    """Links of supplies, then of stores; and the link of each supply."""
    stages, supplies, inputs = chain.stages, chain.supplies, chain.inputs
    feeds = chain.input_of_supply
    spare = np.maximum(most - day.output, 0.0)[supplies.supplier]
    lane = np.append(chain.lanes.capacity, np.inf)[supplies.lane]
    reserve = np.minimum.reduce([_wanted(chain, day, _limit(chain, day)), supplies.capacity, lane, spare])
    kept = np.flatnonzero((day.flow > 0) | (reserve > 0))
    link = np.full(len(supplies), _NONE)
    link[kept] = np.arange(kept.size)
    holds = np.flatnonzero(seller >= len(stages))
    made_here = np.where(seller == np.arange(len(stages)), stages.processing_days, 0.0)
    days = np.append(chain.lanes.days, 0.0)[supplies.lane] + made_here[supplies.supplier]
    need = inputs.units * day.output[inputs.stage]
    held = 1.0 + np.divide(inputs.stock, need, out=np.zeros(need.size), where=need > 0)
    worth = day.price[stages.part]
    nothing = np.zeros(holds.size)
    columns = _Links(
        supplier=np.concatenate([seller[supplies.supplier[kept]], holds]),
        buyer=np.concatenate([supplies.buyer[kept], seller[holds]]),
        flow=np.concatenate([(day.flow * worth[supplies.supplier])[kept], (day.output * worth)[holds]]),
        days=np.concatenate([_whole(days[kept]), _whole(stages.processing_days[holds])]),
        reserve=np.concatenate([np.where(day.flow > 0, 0.0, reserve * worth[supplies.supplier])[kept], nothing]),
        inventory_days=np.concatenate([held[feeds][kept], 1.0 + stages.stock[holds] / day.output[holds]]),
    )
    return columns, link


def _whole(days: Float) -> Integer:
    """Round to whole days, halves up."""
    return np.floor(days + 0.5).astype(np.int64)


def _products(chain: SupplyChain, holds: NDArray[np.bool_]) -> tuple[str, ...]:
    """Parts, and parts as makers hand them to their stores: these are for nobody else."""
    stored = sorted(set(chain.stages.part[holds].tolist()))
    return (*chain.parts.labels, *(_as_made(chain.parts.labels[part]) for part in stored))


def _product_of(chain: SupplyChain, holds: NDArray[np.bool_], products: tuple[str, ...]) -> Integer:
    parts, place = chain.parts.labels, {label: number for number, label in enumerate(products)}
    made = [
        place[_as_made(parts[part])] if stored else part
        for part, stored in zip(chain.stages.part.tolist(), holds.tolist(), strict=True)
    ]
    return np.array([*made, *chain.stages.part[holds].tolist()], dtype=np.int64)


def _as_made(part: str) -> str:
    return f"{part}, as made"
