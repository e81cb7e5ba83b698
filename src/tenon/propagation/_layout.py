"""A network as the kernels read it: agents sorted by product, slots and links in the order of one pass.

Inside the engine an agent stands at its *position*: agents of product 0 first, then those of product 1, and so on, so
that the suppliers of a slot are neighbours. A slot is a buyer with all suppliers of one product. Slots are numbered
product by product, then buyer by buyer; in sparse storage this order starts anew for each block of buyers, so that
what a pass reads of buyers and of suppliers stays in the processor's cache, and within a product of a block slots with
few links come first, so that loops over them turn equally often.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenon.propagation._grouping import grouped
from tenon.propagation.parameters import (
    DEFAULT_RESTOCKING_DAYS,
    IMPORTANT,
    NEITHER,
    ImportantInputs,
    InventoryRule,
    Parameters,
    StockThreshold,
)
from tenon.schema import (
    DenseLinks,
    Float,
    Integer,
    LabelError,
    NetworkError,
    ParameterError,
    SparseLinks,
    SupplyNetwork,
    nearest,
)

__all__ = ["LANES", "Layout", "Slots", "lay_out"]

# Unsigned, so that kernels need not look for negative indices.
Index = NDArray[np.uint32]

_BUYERS_IN_A_BLOCK = 32_768
_LINKS_WORTH_BLOCKS = 300_000

LANES = 4
"""Blocks of buyers are dealt to this many lanes, whatever the number of threads, so that sums never depend on it."""


class Slots(NamedTuple):
    """What does not change of the slots (or, with inventories per link, of the links); kernels read it as it is.

    ``K`` counts slots, ``L`` links.

    Parameters
    ----------
    first : (Q S + 1,) array of int
        Number of the first slot of each segment: of each product in each of ``Q`` blocks of buyers (one block in dense
        storage).
    shared : (Q S,) array of int
        Number of the first slot of each segment that has several links; empty in dense storage.
    buyer : (K,) array of int
        Position of the buyer.
    flow : (K,) array, currency per day
        Undisturbed flow into the slot.
    limit_slope : (K,) array, 1/currency
        Share of the buyer's undisturbed output that a unit of stock supports; below zero where the input never stops
        production.
    limit_offset : (K,) array, dimensionless
        Share of undisturbed output that is possible without the input (half for important inputs).
    link_first : (K+1,) array of int
        Number of the first link of each slot; empty in dense storage.
    supplier : (L,) array of int
        Position of the supplier of each link; empty in dense storage.
    link_flow : (L,) array, currency per day
        Undisturbed flow of each link; in dense storage the flat array of :class:`DenseLinks`.
    goal : (K,) or (L,) array, currency
        Target stock at undisturbed output: days times flow, of slots or, with inventories per link, of links.
    link_days : (L,) array of int, days
        Usual time under way of each link; empty if none takes any.
    reserve : (L,) array, currency per day
        Most that a link without a flow may carry; empty if there is none.
    """

    first: Integer
    shared: Integer
    buyer: Index
    flow: Float
    limit_slope: Float
    limit_offset: NDArray[np.float32]
    link_first: Integer
    supplier: Index
    link_flow: Float
    goal: Float
    link_days: Integer
    reserve: Float


@dataclass(frozen=True, eq=False)
class Layout:
    """A network in the engine's order.

    Parameters
    ----------
    network : SupplyNetwork
        The network as it came.
    order : (N,) array of int
        Agent at each position.
    position : (N,) array of int
        Position of each agent.
    first_agent : (S+1,) array of int
        First position of each product.
    output, able : (N,) array, currency per day
        Undisturbed output, and most that can be made without a loss, by position.
    release : (N,) array, currency per day
        Sales out of stock, by position.
    final_demand : (N, D) array, currency per day
        By position and demander.
    restocking_rate : (S,) array, 1/day
        Share of a gap in the stock of each product that is ordered in a day.
    slots : Slots
        What is read in one pass.
    """

    network: SupplyNetwork
    order: Integer
    position: Integer
    first_agent: Integer
    output: Float
    able: Float
    release: Float
    final_demand: Float
    restocking_rate: Float
    slots: Slots

    def relative(self, values: Float) -> Float:
        """Divide (..., N) values in currency per day by undisturbed output; agents without any go on as undisturbed."""
        return np.divide(values, self.output, out=np.ones_like(values), where=self.output > 0)

    @property
    def is_dense(self) -> bool:
        """Whether flows are stored for every pair."""
        return isinstance(self.network.links, DenseLinks)

    @property
    def product_of_slot(self) -> Integer:
        """Product of each slot, (K,)."""
        segment = np.arange(self.slots.first.size - 1) % len(self.network.products)
        return np.repeat(segment, np.diff(self.slots.first))


def lay_out(network: SupplyNetwork, parameters: Parameters) -> Layout:
    """Put a network into the engine's order and work out what its stocks are for.

    Parameters
    ----------
    network : SupplyNetwork
        Links sparse or dense.
    parameters : Parameters
        Rules; those on stocks and thresholds enter the slots.

    Returns
    -------
    Layout
        Read-only.

    Raises
    ------
    ParameterError
        If inventories are shorter than a day of use, or a rule names an unknown product.
    NetworkError
        If an agent sells without making or releasing anything.
    """
    if network.inventory_days.min(initial=np.inf) < 1:
        message = (
            f"inventory_days must be at least 1, but the smallest is {network.inventory_days.min():g}: deliveries of a "
            "day are used on the next, so a smaller stock could not carry undisturbed production. Use 1."
        )
        raise ParameterError(message)
    order = _order(network)
    position = np.empty_like(order)
    position[order] = np.arange(order.size)
    first_agent = np.concatenate([[0], np.cumsum(np.bincount(network.product, minlength=len(network.products)))])
    output = network.output[order]
    _check_sellers(network)
    if isinstance(network.links, DenseLinks):
        slots = _dense_slots(network, parameters, position, output)
    else:
        slots = _sparse_slots(network, network.links, parameters, order, position)
    return Layout(
        network=network,
        order=order,
        position=position,
        first_agent=first_agent,
        output=output,
        able=output if network.capacity is None else np.maximum(network.capacity[order], output),
        release=network.stock_release[order],
        final_demand=np.ascontiguousarray(network.final_demand[order]),
        restocking_rate=_restocking_rates(network, parameters),
        slots=slots,
    )


def _order(network: SupplyNetwork) -> Integer:
    """Agents by product; where links are named, those with many customers first: what is read often lies together."""
    if isinstance(network.links, SparseLinks):
        customers = np.bincount(network.links.supplier, minlength=len(network))
        return np.lexsort((-customers, network.product))
    return np.argsort(network.product, kind="stable")


def _check_sellers(network: SupplyNetwork) -> None:
    sales = network.sales_to_agents + network.final_demand.sum(axis=1)
    # Tables hold traces of rounding where an industry neither sells nor stores anything.
    excess = np.flatnonzero(network.stock_release > sales * (1 + 1e-9) + 1e-12 * sales.sum())
    if excess.size:
        agent = excess[0]
        message = (
            f"{network.agents[agent]!r} releases more from stock than it sells ({network.stock_release[agent]:.6g} "
            f"against {sales[agent]:.6g} per day); lower stock_release."
        )
        raise NetworkError(message)


def _restocking_rates(network: SupplyNetwork, parameters: Parameters) -> Float:
    days = parameters.restocking_days
    if not isinstance(days, Mapping):
        return np.full(len(network.products), 1.0 / days)
    for label in days:
        if label not in network.products:
            message = (
                f"restocking_days names the product {label!r}, which the network lacks; "
                f"{nearest(label, network.products)}"
            )
            raise LabelError(message)
    return np.array([1.0 / days.get(product, DEFAULT_RESTOCKING_DAYS) for product in network.products])


def _dense_slots(network: SupplyNetwork, parameters: Parameters, position: Integer, output: Float) -> Slots:
    if parameters.inventory_rule is InventoryRule.PER_LINK:
        message = "inventories per link need sparse storage; the engine converts the network before it comes here."
        raise NetworkError(message)
    size, products = len(network), len(network.products)
    flow = np.concatenate([block.sum(axis=0) for _, block in network.product_blocks()])
    buyer = np.tile(position.astype(np.uint32), products)
    days = np.broadcast_to(network.inventory_days, (products, size)).ravel()
    use = _Use(flow, days, np.tile(np.arange(size), products), output[buyer], np.repeat(np.arange(products), size))
    slope, offset = _limits(network, parameters, use)
    assert isinstance(network.links, DenseLinks)  # noqa: S101 - for the type checker; the caller looked
    return Slots(
        first=np.arange(products + 1) * size,
        shared=np.zeros(0, dtype=np.int64),
        buyer=buyer,
        flow=flow,
        limit_slope=slope,
        limit_offset=offset,
        link_first=np.zeros(0, dtype=np.int64),
        supplier=np.zeros(0, dtype=np.uint32),
        link_flow=network.links.flows,
        goal=_goal(flow, days),
        link_days=np.zeros(0, dtype=np.int64),
        reserve=np.zeros(0),
    )


def _sparse_slots(
    network: SupplyNetwork, links: SparseLinks, parameters: Parameters, order: Integer, position: Integer
) -> Slots:
    sorting, link_first, first = _slots_in_order(network, links, order, position)
    alone = np.append(0, np.cumsum(np.diff(link_first) == 1))
    supplier, flow = position[links.supplier[sorting]], links.flow[sorting]
    opens = sorting[link_first[:-1]]
    buyer, slot_product = links.buyer[opens], network.product[links.supplier[opens]]
    slot_flow = np.add.reduceat(flow, link_first[:-1]) if flow.size else np.zeros(0)
    link_days = _link_days(network, links, sorting)
    slot_days = np.add.reduceat(link_days * flow, link_first[:-1]) / slot_flow if flow.size else np.zeros(0)
    slope, offset = _limits(network, parameters, _Use(slot_flow, slot_days, buyer, network.output[buyer], slot_product))
    per_link = parameters.inventory_rule is InventoryRule.PER_LINK
    if per_link:
        _check_even_targets(network, link_days, link_first, buyer)
    _check_rules_of_links(links, parameters)
    timed = links.days is not None and bool(links.days.any())
    under_way = links.days[sorting] if links.days is not None and timed else np.zeros(0, dtype=np.int64)
    reserve = links.reserve[sorting] if links.reserve is not None else np.zeros(0)
    return Slots(
        first=first,
        shared=first[:-1] + np.diff(alone[first]),
        buyer=position[buyer].astype(np.uint32),
        flow=slot_flow,
        limit_slope=slope,
        limit_offset=offset,
        link_first=link_first,
        supplier=supplier.astype(np.uint32),
        link_flow=flow,
        goal=_goal(flow, link_days) if per_link else _goal(slot_flow, slot_days),
        link_days=under_way,
        reserve=reserve,
    )


def _check_rules_of_links(links: SparseLinks, parameters: Parameters) -> None:
    """Refuse rules that know neither goods under way nor reserve sources."""
    if links.days is None and links.reserve is None:
        return
    if parameters.inventory_rule is InventoryRule.PER_LINK or parameters.rationing.smallest_first or parameters.quirks:
        message = (
            "links with days under way or a reserve need inventory_rule 'per_product', a rationing in proportion and "
            "no quirks; choose these, or leave days and reserve out."
        )
        raise ParameterError(message)


def _slots_in_order(
    network: SupplyNetwork, links: SparseLinks, order: Integer, position: Integer
) -> tuple[Integer, Integer, Integer]:
    """Sort links by segment and slot; return the order, the first link of each slot, the first slot of each segment."""
    size, products = len(network), len(network.products)
    # Suppliers of a product are neighbours: by buyer and supplier, the links of a slot come together.
    pair = position[links.buyer] * size + position[links.supplier]
    by_buyer = np.argsort(pair)
    buyer, supplier = np.divmod(pair[by_buyer], size)
    product = network.product[order][supplier]
    opens = np.ones(buyer.size, dtype=bool)
    opens[1:] = (buyer[1:] != buyer[:-1]) | (product[1:] != product[:-1])
    first_link = np.flatnonzero(opens)
    count = np.diff(first_link, append=buyer.size)
    blocks = -(-size // _BUYERS_IN_A_BLOCK)
    if buyer.size >= _LINKS_WORTH_BLOCKS:
        blocks = max(blocks, LANES)
    segment = buyer[first_link] // -(-size // blocks) * products + product[first_link]
    _, by_count = grouped(count, count.max(initial=0) + 1)
    first, by_segment = grouped(segment[by_count], blocks * products)
    slots = by_count[by_segment]
    first_link, count = first_link[slots], count[slots]
    link_first = np.append(0, np.cumsum(count))
    sorting = by_buyer[np.arange(buyer.size) + np.repeat(first_link - link_first[:-1], count)]
    return sorting, link_first, first


def _check_even_targets(network: SupplyNetwork, days: Float, link_first: Integer, buyer: Integer) -> None:
    """Refuse stocks per link whose targets differ within a slot: drawn on together, they drift without a shock."""
    if not days.size:
        return
    low, high = np.minimum.reduceat(days, link_first[:-1]), np.maximum.reduceat(days, link_first[:-1])
    uneven = np.flatnonzero(high > low * (1 + 1e-9))
    if uneven.size:
        label = network.agents[int(buyer[uneven[0]])]
        message = (
            f"inventory_days of stocks on links must be the same for all suppliers of a product, but {label!r} wants "
            f"{low[uneven[0]]:g} to {high[uneven[0]]:g} days from those of one; give one figure, or use inventory_rule "
            "'per_product'."
        )
        raise ParameterError(message)


def _link_days(network: SupplyNetwork, links: SparseLinks, sorting: Integer) -> Float:
    days = network.inventory_days
    if days.ndim == 1:
        return days[sorting]
    rows = network.product[links.supplier] if days.shape[0] > 1 else 0
    columns = links.buyer if days.shape[1] > 1 else 0
    return np.broadcast_to(days[rows, columns], (len(links),))[sorting]


def _goal(flow: Float, days: Float) -> Float:
    # An input that is not used has no target, even where its stock is unlimited.
    return np.where(flow > 0, days * np.where(flow > 0, flow, 1.0), 0.0)


class _Use(NamedTuple):
    """One input product of one agent in each slot, (K,): flow, target days, buyer, its output, product."""

    flow: Float
    days: Float
    buyer: Integer
    output: Float
    product: Integer


def _limits(network: SupplyNetwork, parameters: Parameters, use: _Use) -> tuple[Float, NDArray[np.float32]]:
    """Share of output that a stock supports: ``slope * stock + offset``; the slope is negative where none binds."""
    binds = (use.flow > parameters.least_coefficient * use.output) & np.isfinite(use.days)
    cover = np.ones_like(use.flow)
    if parameters.stock_threshold is StockThreshold.SHARE_OF_TARGET:
        # A stock cannot serve more than itself in a day, however short the target.
        cover[binds] = np.maximum(parameters.psi * use.days[binds], 1.0)
    slope = np.where(binds, 1.0 / np.where(binds, cover * use.flow, 1.0), -1.0)
    # Nothing or a half, so that single precision is exact.
    offset = np.zeros(slope.size, dtype=np.float32)
    if parameters.criticality:
        criticality = _criticality(network, parameters)[network.product[use.buyer], use.product]
        slope[criticality == NEITHER] = -1.0
        important = (criticality == IMPORTANT) & (slope > 0)
        match parameters.important_inputs:
            case ImportantInputs.DO_NOTHING:
                slope[important] = -1.0
            case ImportantInputs.HALVE_PRODUCTION:
                slope[important] *= 0.5
                offset[important] = 0.5
            case ImportantInputs.STOP_PRODUCTION:
                pass
    return slope, offset


def _criticality(network: SupplyNetwork, parameters: Parameters) -> Float:
    matrix = np.ones((len(network.products), len(network.products)))
    index = {product: number for number, product in enumerate(network.products)}
    for buyer, inputs in parameters.criticality.items():
        for product, value in inputs.items():
            for label in (buyer, product):
                if label not in index:
                    message = (
                        f"criticality names the product {label!r}, which the network lacks; {nearest(label, index)}"
                    )
                    raise LabelError(message)
            matrix[index[buyer], index[product]] = value
    return matrix
