"""Kernels of sparse storage: one pass over the links serves a day of one scenario.

A pass knows stocks per product and per link, closed links, delays and every rationing rule. It works on segments: the
slots of one product in one block of buyers. Of a segment it takes a chunk of some links at a time through short steps,
each a loop of its own, so that figures of agents are looked up many at once and arithmetic uses vector units; what one
step leaves to the next stays in the fastest cache.

Stocks lie in *stores*: one a link, or one a slot.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tenon.numerics import kernel
from tenon.propagation._formulas import order_scale, output_limit, passing, shipped, used_for, wanted
from tenon.propagation._layout import Index, Slots
from tenon.propagation._ordering import Ordering
from tenon.schema import Float, Integer

__all__ = ["Agents", "Borders", "begin_pass", "end_pass", "pass_segments"]

_CHUNK = 1024
_NO_SHORTFALL = 1e-9


class Agents(NamedTuple):
    """What a pass looks up of agents, by position.

    Parameters
    ----------
    served : (N,) array, dimensionless
        What each serves of its orders as a supplier (see :func:`tenon.propagation._formulas.shipped`).
    weight : (N,) array, dimensionless
        Its weight as a supplier in tomorrow's orders; one with fixed shares.
    makes, stocks_for : (N,) array, dimensionless
        Its production and the output for which it wants stocks as a buyer, relative to undisturbed output.
    """

    served: Float
    weight: Float
    makes: Float
    stocks_for: Float


class Borders(NamedTuple):
    """Which links are closed or late on a day.

    Parameters
    ----------
    supplier_class, buyer_class : (N,) array of int
        Class of each agent at either end.
    open_share : (C, E) array, dimensionless
        Share of a link's flow that may be ordered, by class of supplier and of buyer; one cell if none is closed.
    late : (C, E) array of int, days
        How long goods sent today are under way.
    day : int
        The day, from 0.
    """

    supplier_class: Integer
    buyer_class: Integer
    open_share: Float
    late: Integer
    day: int


class _Chunk(NamedTuple):
    """What the steps leave each other: ``weight`` and ``free`` by link, ``held`` by slot, the others by store.

    ``missing`` is what lacks on the way to a store, zero without lead times.

    ``goods`` holds what is sent, by link, until it has arrived at stores.
    """

    goods: Float
    weight: Float
    free: Float
    taken: Float
    makes: Float
    stocks_for: Float
    wish: Float
    held: Float
    missing: Float


@kernel
def _look_up(values: Float, places: Index, found: Float) -> None:
    for j in range(places.size):
        found[j] = values[places[j]]


@kernel
def _send(order: Float, flow: Float, ordering: Ordering, goods: Float) -> float:
    """Turn what suppliers serve into goods; return their sum."""
    sent = 0.0
    for j in range(order.size):
        goods[j] = shipped(order[j], flow[j], goods[j], ordering)
        sent += goods[j]
    return sent


@kernel
def _travel(slots: Slots, low: int, high: int, per_link: bool, borders: Borders, arrivals: Float, goods: Float) -> None:
    """Put goods on their way, and take up what arrives today."""
    ring, start = arrivals.shape[0], slots.link_first[low]
    for k in range(low, high):
        to = borders.buyer_class[slots.buyer[k]]
        for link in range(slots.link_first[k], slots.link_first[k + 1]):
            late = borders.late[borders.supplier_class[slots.supplier[link]], to]
            if slots.link_days.size > 0:
                late += slots.link_days[link]
            arrivals[(borders.day + late) % ring, link if per_link else k] += goods[link - start]
    first = start if per_link else low
    today = arrivals[borders.day % ring, first : slots.link_first[high] if per_link else high]
    goods[: today.size] = today
    today[:] = 0.0


@kernel
def _unload(link_first: Integer, goods: Float) -> None:
    """Add up the goods of each slot, in place."""
    for q in range(link_first.size - 1):
        received = 0.0
        for link in range(link_first[q] - link_first[0], link_first[q + 1] - link_first[0]):
            received += goods[link]
        goods[q] = received


@kernel
def _draw_alone(flow: Float, stock: Float, chunk: _Chunk) -> None:
    """Take what production uses from stocks that have a slot for themselves; nobody uses what is not there."""
    for q in range(flow.size):
        chunk.taken[q] = min(flow[q] * chunk.makes[q], stock[q])


@kernel
def _draw_pools(slots: Slots, low: int, high: int, agents: Agents, stock: Float, chunk: _Chunk) -> None:
    """Take what production uses from the stocks of all links of a slot alike; an unlimited pool gives what is asked."""
    start = slots.link_first[low]
    for k in range(low, high):
        first, last = slots.link_first[k], slots.link_first[k + 1]
        makes, stocks_for = agents.makes[slots.buyer[k]], agents.stocks_for[slots.buyer[k]]
        pool = 0.0
        for link in range(first, last):
            pool += stock[link - start]
        share = min(1.0, slots.flow[k] * makes / pool) if pool > 0.0 else 0.0
        for link in range(first, last):
            j = link - start
            chunk.taken[j] = stock[j] * share if pool < math.inf else slots.link_flow[link] * makes
            chunk.makes[j], chunk.stocks_for[j] = makes, stocks_for


@kernel
def _look_ahead(slots: Slots, low: int, high: int, day: int, arrivals: Float, chunk: _Chunk) -> None:
    """Work out what lacks on the way: usual goods under way, by the weights of suppliers, less what will arrive."""
    if slots.link_days.size == 0:
        return
    ring, start = arrivals.shape[0], slots.link_first[low]
    for k in range(low, high):
        usual, pull, days, longest = 0.0, 0.0, 0.0, 0
        for link in range(slots.link_first[k], slots.link_first[k + 1]):
            weighted = slots.link_flow[link] * chunk.weight[link - start] * chunk.free[link - start]
            pull += weighted
            days += weighted * slots.link_days[link]
            usual += slots.link_flow[link] * slots.link_days[link]
            if slots.link_flow[link] > 0.0:
                longest = max(longest, slots.link_days[link])
        coming = 0.0
        for ahead in range(1, longest + 1):
            coming += arrivals[(day + ahead) % ring, k]
        wanted_on_way = days / pull * slots.flow[k] if pull > 0.0 else usual
        chunk.missing[k - low] = wanted_on_way * chunk.stocks_for[k - low] - coming


@kernel
def _order_reserve(slots: Slots, low: int, high: int, served: Float, chunk: _Chunk, order: Float) -> None:
    """Order over reserve links what the usual suppliers of a slot will not deliver, if they serve as they did today."""
    if slots.reserve.size == 0:
        return
    start = slots.link_first[low]
    for k in range(low, high):
        first, last = slots.link_first[k], slots.link_first[k + 1]
        covered, at_hand = 0.0, 0.0
        for link in range(first, last):
            covered += order[link - start] * served[slots.supplier[link]]
            at_hand += slots.reserve[link] * chunk.free[link - start]
        wish = chunk.wish[k - low]
        if at_hand > 0.0 and wish - covered > _NO_SHORTFALL * wish:
            share = min(1.0, (wish - covered) / at_hand)
            for link in range(first, last):
                order[link - start] += slots.reserve[link] * chunk.free[link - start] * share


@kernel
def _restock(
    flow: Float, goal: Float, rate: float, ordering: Ordering, stock: Float, chunk: _Chunk
) -> tuple[float, float, float]:
    """Change stocks by what arrives and is taken, and work out what is wanted; return goods arrived, used, changes."""
    arrived, used, changed = 0.0, 0.0, 0.0
    for p in range(stock.size):
        old, goods, taken = stock[p], chunk.goods[p], chunk.taken[p]
        new = old if ordering.frozen else max(0.0, old + goods - taken)
        stock[p] = new
        arrived += goods
        used += taken
        changed += new - old if old < math.inf else goods - taken
        target = goal[p] * chunk.stocks_for[p] + chunk.missing[p]
        use = flow[p] * used_for(chunk.makes[p], chunk.stocks_for[p], ordering)
        chunk.wish[p] = wanted(new, use, target, rate, ordering, flow[p])
    return arrived, used, changed


@kernel
def _order_apart(flow: Float, ordering: Ordering, chunk: _Chunk, order: Float) -> None:
    """Order over each link for itself: the only one of a slot, or one that has a stock and a fixed share.

    With fixed shares nothing makes up for what a closed link cannot carry.
    """
    for j in range(order.size):
        pull = chunk.weight[j] * chunk.free[j] if ordering.weighted else 1.0
        order[j] = passing(order_scale(chunk.wish[j], pull) * chunk.weight[j], chunk.free[j], flow[j])


@kernel
def _order_shared(
    link_first: Integer, flow: Float, per_link: bool, ordering: Ordering, chunk: _Chunk, order: Float
) -> None:
    """Share what is wanted out over the links of each slot, by wishes of links or by undisturbed flows, and weights."""
    for q in range(link_first.size - 1):
        first, last = link_first[q] - link_first[0], link_first[q + 1] - link_first[0]
        wished, pull, wish = 0.0, 0.0, 0.0
        for j in range(first, last):
            wish = chunk.wish[j] if per_link else flow[j]
            wished += wish
            pull += wish * chunk.weight[j] * chunk.free[j]
        scale = order_scale(wished if per_link else chunk.wish[q], pull if ordering.weighted else wished)
        for j in range(first, last):
            wish = chunk.wish[j] if per_link else flow[j]
            order[j] = passing(scale * wish * chunk.weight[j], chunk.free[j], flow[j])


@kernel
def _demand(supplier: Index, order: Float, demand: Float) -> None:
    for j in range(order.size):
        demand[supplier[j]] += order[j]


@kernel
def _pool(link_first: Integer, stock: Float, held: Float) -> None:
    """Add up the stocks of all links of each slot."""
    for q in range(link_first.size - 1):
        held[q] = 0.0
        for link in range(link_first[q] - link_first[0], link_first[q + 1] - link_first[0]):
            held[q] += stock[link]


@kernel
def _lower_limits(
    held: Float,
    slope: Float,
    offset: NDArray[np.float32],
    buyer: Index,
    ceiling: float,
    product: int,
    limit: Float,
    scarce: Integer,
) -> None:
    """Lower the limits of buyers where stocks bind; most chunks have none that does."""
    binding = False
    for q in range(buyer.size):
        binding |= output_limit(held[q], slope[q], offset[q]) < ceiling
    if binding:
        for q in range(buyer.size):
            bound = output_limit(held[q], slope[q], offset[q])
            if bound < ceiling and bound < limit[buyer[q]]:
                limit[buyer[q]] = bound
                scarce[buyer[q]] = product


@kernel
def _open(slots: Slots, low: int, high: int, borders: Borders, free: Float) -> None:
    """Look up which share of each link is open."""
    for k in range(low, high):
        to = borders.buyer_class[slots.buyer[k]]
        for link in range(slots.link_first[k], slots.link_first[k + 1]):
            free[link - slots.link_first[low]] = borders.open_share[borders.supplier_class[slots.supplier[link]], to]


@kernel
def _chunk_end(slots: Slots, segment: int, low: int) -> int:
    """Return the slot before which a chunk ends: slots of one link stay among themselves, a long one stands alone."""
    alone = low < slots.shared[segment]
    high: int = min(low + _CHUNK, slots.shared[segment]) if alone else low + 1
    end = high if alone else slots.first[segment + 1]
    while high < end and slots.link_first[high + 1] - slots.link_first[low] <= _CHUNK:
        high += 1
    return high


@kernel
def _most_links(slots: Slots, segments: Integer) -> int:
    """Return how many links a chunk can have; the longest slot of a segment is its last."""
    most = _CHUNK
    for segment in segments:
        if slots.first[segment] < slots.first[segment + 1]:
            last = slots.first[segment + 1]
            most = max(most, slots.link_first[last] - slots.link_first[last - 1])
    return most


@kernel
def pass_segments(  # budget: the steps in their order
    segments: Integer,
    slots: Slots,
    rate: Float,
    ordering: Ordering,
    borders: Borders,
    per_link: bool,
    agents: Agents,
    ceiling: float,
    stock: Float,
    order: Float,
    arrivals: Float,
    demand: Float,
    limit: Float,
    scarce: Integer,
    flows_of: Float,
) -> None:
    """Ship, receive, use, restock and order for some segments.

    With ``per_link`` a stock lies on each link, and production draws on those of a slot alike; else each slot has one.
    Stocks that support more than ``ceiling`` cannot limit anybody. ``arrivals`` is a ring of days by store, empty
    without delays. Changes ``stock`` (by store) and ``order`` (by link), lowers ``limit`` and sets ``scarce`` (by
    buyer), adds to ``demand`` (by supplier) and ``flows_of`` (S, 4): goods shipped, goods arrived, used, change of
    stocks.
    """
    most = _most_links(slots, segments)
    chunk = _Chunk(
        np.empty(most), np.ones(most), np.ones(most), np.empty(most), np.empty(most), np.empty(most), np.empty(most),
        np.empty(most), np.zeros(most),
    )  # fmt: skip
    for segment in segments:
        s, low = segment % rate.size, slots.first[segment]
        while low < slots.first[segment + 1]:
            alone, high = low < slots.shared[segment], _chunk_end(slots, segment, low)
            start, end = slots.link_first[low], slots.link_first[high]
            link_first, buyer = slots.link_first[low : high + 1], slots.buyer[low:high]
            supplier, flow, ordered = slots.supplier[start:end], slots.link_flow[start:end], order[start:end]
            _look_up(agents.served, supplier, chunk.goods)
            flows_of[s, 0] += _send(ordered, flow, ordering, chunk.goods)
            if arrivals.shape[0] > 0:
                _travel(slots, low, high, per_link, borders, arrivals, chunk.goods)
            elif not (per_link or alone):
                _unload(link_first, chunk.goods)
            bought = flow if per_link else slots.flow[low:high]
            kept = stock[start:end] if per_link else stock[low:high]
            goal = slots.goal[start:end] if per_link else slots.goal[low:high]
            if alone or not per_link:
                _look_up(agents.makes, buyer, chunk.makes)
                _look_up(agents.stocks_for, buyer, chunk.stocks_for)
                _draw_alone(bought, kept, chunk)
            else:
                _draw_pools(slots, low, high, agents, kept, chunk)
            if ordering.weighted:
                _look_up(agents.weight, supplier, chunk.weight)
            if borders.open_share.size > 1:
                _open(slots, low, high, borders, chunk.free)
            _look_ahead(slots, low, high, borders.day, arrivals, chunk)
            arrived, used, changed = _restock(bought, goal, rate[s], ordering, kept, chunk)
            flows_of[s, 1] += arrived
            flows_of[s, 2] += used
            flows_of[s, 3] += changed
            if alone or (per_link and not ordering.weighted):
                _order_apart(flow, ordering, chunk, ordered)
            else:
                _order_shared(link_first, flow, per_link, ordering, chunk, ordered)
            _order_reserve(slots, low, high, agents.served, chunk, ordered)
            _demand(supplier, ordered, demand)
            held = kept
            if per_link and not alone:
                _pool(link_first, kept, chunk.held)
                held = chunk.held
            slope, offset = slots.limit_slope[low:high], slots.limit_offset[low:high]
            _lower_limits(held, slope, offset, buyer, ceiling, s, limit, scarce)
            low = high


@kernel
def begin_pass(
    output: Float,
    production: Float,
    target_output: Float,
    makes: Float,
    stocks_for: Float,
    limit: Float,
    scarce: Integer,
) -> None:
    """Fill what each agent makes and wants stocks for, relative to undisturbed output; lift the limits of yesterday."""
    for i in range(output.size):
        # Agents without output go on as undisturbed.
        makes[i] = production[i] / output[i] if output[i] > 0.0 else 1.0
        stocks_for[i] = target_output[i] / output[i] if output[i] > 0.0 else 1.0
        # Few have any: what need not be written is not.
        if limit[i] < math.inf:
            limit[i] = math.inf
            scarce[i] = -1


@kernel
def end_pass(demand: Float, orders: Float) -> None:
    """Add up the demand of all lanes, (Q, N), and clear it for the next pass."""
    for i in range(orders.size):
        orders[i] = 0.0
        for lane in range(demand.shape[0]):
            orders[i] += demand[lane, i]
            demand[lane, i] = 0.0
