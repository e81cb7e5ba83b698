"""Every compiled kernel once more, in plain NumPy: slow, slot by slot, and only right.

A twin takes what its kernel takes, by name, and changes the same arrays.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from tenon.schema import Float, Integer

Arguments = SimpleNamespace
NO_GAP, ROUNDING, ENOUGH = 1e-12, 1e-15, 1 - 1e-11


def wanted(stock: Float, use: Float, target: Float, rate: float, ordering: Any, flow: Float) -> Float:
    """Quantity ordered for use and for a share of the gap between target and stock."""
    unlimited = np.isinf(stock)
    gap = np.where(unlimited, 0.0, np.where(np.isfinite(target), target, 0.0) - np.where(unlimited, 0.0, stock))
    if ordering.floored:
        gap = np.maximum(gap, 0.0)
    gap = np.where(np.abs(gap) > NO_GAP * np.where(np.isfinite(target), target, 0.0), gap, 0.0)
    quantity = use if ordering.use_only else use + gap * rate
    return np.where(quantity > ROUNDING * flow, quantity, 0.0)


def bounds_of(stock: Float, slope: Float, offset: Float) -> Float:
    """Share of undisturbed output that stocks allow; infinite where an input never binds."""
    return np.where(slope < 0, np.inf, slope * np.where(slope < 0, 0.0, stock) + offset)


def shipped(order: Float, flow: Float, served: Float, *, by_flow: bool) -> Float:
    """What suppliers ship of orders: the share served, or at most a multiple of undisturbed flows."""
    if not by_flow:
        return order * served
    return np.minimum(order, np.where(np.isinf(served), np.inf, flow * np.where(np.isinf(served), 0.0, served)))


def pass_segments(given: Arguments) -> None:
    """Twin of the pass over the links, with a stock per product or per link."""
    slots = given.slots
    for segment in given.segments:
        product = int(segment) % given.rate.size
        for k in range(slots.first[segment], slots.first[segment + 1]):
            links = slice(slots.link_first[k], slots.link_first[k + 1])
            at = links if given.per_link else slice(k, k + 1)
            goods = _deliver(given, product, links, at, int(slots.buyer[k]))
            _stock_up(given, product, k, at, goods)
            _order(given, product, k, links, at)
            held = np.array([given.stock[at].sum()])
            bound = bounds_of(held, slots.limit_slope[k : k + 1], slots.limit_offset[k : k + 1])[0]
            if bound < given.ceiling and bound < given.limit[slots.buyer[k]]:
                given.limit[slots.buyer[k]] = bound
                given.scarce[slots.buyer[k]] = product


def _pairs(given: Arguments, links: slice, buyer: int) -> tuple[Integer, int]:
    borders = given.borders
    if borders.open_share.size == 1 and given.arrivals.shape[0] == 0:
        return np.zeros(links.stop - links.start, dtype=np.int64), 0
    return borders.supplier_class[given.slots.supplier[links]], int(borders.buyer_class[buyer])


def _deliver(given: Arguments, product: int, links: slice, at: slice, buyer: int) -> Float:
    """Ship what suppliers serve of yesterday's orders, and return what arrives at each stock."""
    slots = given.slots
    served = given.agents.served[slots.supplier[links]]
    goods = shipped(given.order[links], slots.link_flow[links], served, by_flow=given.ordering.by_flow)
    given.flows_of[product, 0] += goods.sum()
    ring = given.arrivals.shape[0]
    if ring:
        classes, to = _pairs(given, links, buyer)
        late = given.borders.late[classes, to]
        place = np.arange(at.start, at.stop) if given.per_link else np.full(goods.size, at.start)
        np.add.at(given.arrivals, ((given.borders.day + late) % ring, place), goods)
        goods = given.arrivals[given.borders.day % ring, at].copy()
        given.arrivals[given.borders.day % ring, at] = 0.0
    elif not given.per_link:
        goods = goods.sum(keepdims=True)
    given.flows_of[product, 1] += goods.sum()
    return np.asarray(goods)


def _stock_up(given: Arguments, product: int, k: int, at: slice, goods: Float) -> None:
    """Add what arrives and take off what is used, from every stock of a pool alike; none or all are unlimited."""
    slots = given.slots
    use = slots.flow[k] * given.agents.makes[slots.buyer[k]]
    old = given.stock[at].copy()
    use = min(use, old.sum())
    if not given.per_link:
        given.stock[at] = old if given.ordering.frozen else old + goods - use
    elif np.isfinite(old).all():
        taken = old * (use / old.sum()) if old.sum() > 0 else np.zeros_like(old)
        given.stock[at] = np.maximum(0.0, old + goods - taken)
    given.flows_of[product, 2] += use
    limited = np.isfinite(old).all()
    given.flows_of[product, 3] += (given.stock[at] - old).sum() if limited else goods.sum() - use


def _order(given: Arguments, product: int, k: int, links: slice, at: slice) -> None:
    slots, ordering, buyer = given.slots, given.ordering, int(given.slots.buyer[k])
    makes, stocks_for = given.agents.makes[buyer], given.agents.stocks_for[buyer]
    flow, weight = slots.link_flow[links], given.agents.weight[slots.supplier[links]]
    free = np.ones(flow.size)
    if given.borders.open_share.size > 1:
        classes, to = _pairs(given, links, buyer)
        free = given.borders.open_share[classes, to]
    planned = stocks_for if ordering.planned else makes
    used = flow * planned if given.per_link else slots.flow[k : k + 1] * planned
    with np.errstate(invalid="ignore"):
        target = slots.goal[at] * stocks_for
    bought = flow if given.per_link else slots.flow[k : k + 1]
    quantity = wanted(given.stock[at], used, target, given.rate[product], ordering, bought)
    wish = quantity if given.per_link else flow
    pull = (wish * weight * free).sum() if ordering.weighted else wish.sum()
    total = quantity.sum()
    placed = wish * (weight if ordering.weighted else 1.0) * (total / pull if pull > 0 else 0.0)
    given.order[links] = np.where(free == 1.0, placed, np.minimum(placed * free, free * flow))
    np.add.at(given.demand, slots.supplier[links], given.order[links])


def pass_dense(given: Arguments) -> None:
    """Twin of the pass in dense storage."""
    slots, size = given.slots, given.limit.size
    for product in given.products:
        makers = slice(given.first_agent[product], given.first_agent[product + 1])
        here = slice(slots.first[product], slots.first[product + 1])
        block = slots.link_flow[makers.start * size : makers.stop * size].reshape(-1, size)
        goods = (given.delivered[makers] @ block) * given.scale[here]
        pull = given.weight[makers] @ block
        _restock_dense(given, int(product), here, goods, pull)
        given.demand[makers] = (block @ given.scale[here]) * given.weight[makers]


def fill_buyers(given: Arguments) -> None:
    """Twin of the table of buyers, by agent."""
    makes = given.output > 0
    for number, values in enumerate((given.production, given.target_output)):
        given.buyers[number][:, given.order] = np.divide(values, given.output, out=np.ones_like(values), where=makes)


def tighten(given: Arguments) -> None:
    """Twin of the tightest limits, by position."""
    tighter = given.limits[:, given.order] < given.limit
    given.limit[tighter] = given.limits[:, given.order][tighter]
    given.scarce[tighter] = given.products[:, given.order][tighter]


def rest(given: Arguments) -> tuple[bool, bool, bool]:
    """Twin of the tests whether goods are close to use, and stocks, before and after that, to their targets."""
    slots, size = given.slots, given.buyers.shape[1]
    blocks = slots.link_flow.reshape(size, size)
    makes, stocks_for = (np.tile(values, given.first_agent.size - 1) for values in given.buyers)
    received = np.add.reduceat(given.delivered[:, None] * blocks, given.first_agent[:-1]).ravel()
    use, goods = slots.flow * makes, received * given.scale
    limited = np.isfinite(slots.goal)
    target = np.where(limited, slots.goal, 0.0) * stocks_for
    before, after = (np.allclose(stock[limited], target[limited]) for stock in (given.stock, given.stock + goods - use))
    close = np.allclose(goods, use)
    # Which of the stocks counts depends on the goods; where neither can, no more is said.
    return (close, before, after) if close or after else (False, False, False)


def _restock_dense(given: Arguments, product: int, here: slice, goods: Float, pull: Float) -> None:
    slots = given.slots
    flow, old = slots.flow[here], given.stock[here].copy()
    makes, stocks_for = given.buyers
    use = flow * makes
    taken = np.minimum(use, old)
    new = old if given.ordering.frozen else old + goods - taken
    given.stock[here] = new
    limited = np.isfinite(new)
    change = (new[limited] - old[limited]).sum() + (goods - taken)[~limited].sum()
    given.flows_of[product] += np.array([goods.sum(), goods.sum(), taken.sum(), change])
    with np.errstate(invalid="ignore"):
        target = slots.goal[here] * stocks_for
    used = flow * stocks_for if given.ordering.planned else use
    quantity = wanted(new, used, target, given.rate[product], given.ordering, flow)
    given.scale[here] = np.divide(quantity, pull, out=np.zeros_like(quantity), where=pull > 0)
    bound = bounds_of(new, slots.limit_slope[here], slots.limit_offset[here])
    tighter = bound < given.limit
    given.limit[tighter], given.scarce[tighter] = bound[tighter], product


def restock_batch(given: Arguments) -> None:
    """Twin of the pass of many scenarios side by side, for the last buyers of one product, from ``start`` on."""
    slots, product = given.slots, given.product
    here = slice(slots.first[product] + given.start, slots.first[product + 1])
    buyer = np.arange(given.start, slots.first[1])
    for n in range(given.stock.shape[1]):
        pull = slots.flow[here] if given.pull.shape[0] == 0 else given.pull[:, n]
        one = SimpleNamespace(
            slots=slots,
            ordering=given.ordering,
            buyers=given.buyers[:, buyer, n],
            rate=np.full(product + 1, given.rate),
            stock=given.stock[:, n],
            scale=given.scale[:, n],
            limit=given.limit[buyer, n],
            scarce=given.scarce[buyer, n],
            flows_of=given.flows_of[n],
        )
        _restock_dense(one, product, here, given.received[:, n] * given.scale[here, n], pull)
        given.limit[buyer, n], given.scarce[buyer, n] = one.limit, one.scarce


def settle_production(given: Arguments) -> None:
    """Twin of the production of a day."""
    given.total[:] = np.maximum(0.0, given.orders + given.final + given.rebuilding - given.release)
    if given.adapt:
        gap = given.total - given.production
        scarcity = np.divide(gap, given.total, out=np.zeros_like(gap), where=given.total > 0)
        calm = np.abs(scarcity) <= given.tolerance
        growth = np.where(calm, (given.base - given.factor), (given.most - given.factor) * scarcity)
        given.factor[:] = np.maximum(1.0, given.factor + growth / given.days)
    given.capacity[:] = given.able * (1.0 - given.capacity_loss) * given.factor
    possible = np.minimum(given.total, given.capacity)
    with np.errstate(invalid="ignore"):
        bound = np.where(given.output > 0, np.maximum(0.0, given.limit * given.output), np.inf)
    given.production[:] = np.where(bound >= possible * ENOUGH, possible, bound)
    low = given.production < given.output * (1 - 1e-6)
    own = np.where(given.capacity < given.total, -2, -3)
    given.limiting[:] = np.where(low, np.where(given.production < possible, given.scarce, own), -1)


def stock_limits(given: Arguments) -> None:
    """Twin of the limits that stocks set outside a pass."""
    slots = given.slots
    given.limit[:] = np.inf
    for segment in range(slots.first.size - 1):
        for k in range(slots.first[segment], slots.first[segment + 1]):
            at = slice(slots.link_first[k], slots.link_first[k + 1]) if given.per_link else slice(k, k + 1)
            held = given.stock[at].sum(keepdims=True)
            bound = bounds_of(held, slots.limit_slope[k : k + 1], slots.limit_offset[k : k + 1])[0]
            if bound < given.limit[slots.buyer[k]]:
                given.limit[slots.buyer[k]] = bound
                given.scarce[slots.buyer[k]] = segment % given.products


def tally(given: Arguments) -> None:
    """Twin of what is added up over agents."""
    asked = given.orders + given.final + given.rebuilding
    left = np.minimum(given.production + given.release, asked)
    left = left - given.final * given.final_share - given.rebuilding_served
    excess = np.maximum(given.production - np.maximum(0.0, asked - given.release), -given.production)
    given.residuals[2] = max(given.residuals[2], excess.max())
    given.lost += given.output - given.production
    given.last_day_below[given.production < given.recovered * given.output] = given.number
    missing = given.wanted - given.sent * given.final_share[:, None]
    for product in range(given.first_agent.size - 1):
        makers = slice(given.first_agent[product], given.first_agent[product + 1])
        given.unmet[:, product] = missing[makers].sum(axis=0)
        given.to_agents[product] = left[makers].sum()


def check_balances(given: Arguments) -> None:
    """Twin of the balances of a day."""
    for left, (shipped_by, arrived, used, changed) in zip(given.to_agents, given.sums, strict=True):
        given.residuals[0] = max(given.residuals[0], abs(left - shipped_by))
        given.residuals[1] = max(given.residuals[1], abs(arrived - used - changed))


def begin_pass(given: Arguments) -> None:
    """Twin of what a pass begins with."""
    for levels, values in ((given.makes, given.production), (given.stocks_for, given.target_output)):
        levels[:] = np.divide(values, given.output, out=np.ones_like(values), where=given.output > 0)
    given.scarce[np.isfinite(given.limit)] = -1
    given.limit[:] = np.inf


def end_pass(given: Arguments) -> None:
    """Twin of what a pass ends with."""
    given.orders[:] = given.demand.sum(axis=0)
    given.demand[:] = 0.0
