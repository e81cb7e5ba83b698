"""Kernels of sparse storage: one pass over the links serves a day of one scenario.

:func:`pass_slots` keeps a stock per product and :func:`pass_links` a stock per link. Both know closed links, delays and
every rationing rule. They work on segments: the slots of one product in one block of buyers.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from tenon.numerics import kernel
from tenon.propagation._formulas import order_scale, output_limit, passing, shipped, wanted
from tenon.propagation._layout import Slots
from tenon.propagation._ordering import Ordering
from tenon.schema import Float, Integer

__all__ = [
    "MAKES",
    "SERVED",
    "STOCKS_FOR",
    "WEIGHT",
    "Borders",
    "fill_tables",
    "pass_links",
    "pass_slots",
    "ration_pass",
]

# Columns of the two tables that a pass reads at random: one row an agent, so that one line of the cache brings all of
# it.
MAKES, STOCKS_FOR = 0, 1
SERVED, WEIGHT = 0, 1

_ONE = np.uint64(1)


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


@kernel
def pass_slots(  # budget: one pass, so that every link is read once
    segments: Integer,
    slots: Slots,
    rate: Float,
    ordering: Ordering,
    borders: Borders,
    suppliers: Float,
    buyers: Float,
    ceiling: float,
    stock: Float,
    order: Float,
    arrivals: Float,
    demand: Float,
    limit: Float,
    scarce: Integer,
    flows_of: Float,
) -> None:
    """Ship, receive, use, restock and order, slot by slot, for some segments; one stock a slot.

    ``suppliers`` (N, 2) holds what each serves of its orders (see :func:`tenon.propagation._formulas.shipped`) and its
    weight in tomorrow's orders; ``buyers`` (N, 2) production and the output for which stocks are wanted, relative to
    undisturbed output. Stocks that support more than ``ceiling`` cannot limit anybody. ``arrivals`` is a ring of days
    by slot, empty without delays. Changes ``stock`` and ``order`` (by link), lowers ``limit`` and sets ``scarce`` (by
    buyer), adds to ``demand`` (by supplier) and ``flows_of`` (S, 4): goods shipped, goods arrived, used, change of
    stocks.
    """
    ring = arrivals.shape[0]
    closures = borders.open_share.size > 1
    for segment in segments:
        s = segment % rate.size
        for k in range(slots.first[segment], slots.first[segment + 1]):
            b = slots.buyer[k]
            to = borders.buyer_class[b] if closures or ring > 0 else 0
            received, pull = 0.0, 0.0
            for link in range(slots.link_first[k], slots.link_first[k + 1]):
                i, flow = slots.supplier[link], slots.link_flow[link]
                goods = shipped(order[link], flow, suppliers[i, SERVED], ordering)
                received += goods
                if ring > 0:
                    arrivals[(borders.day + borders.late[borders.supplier_class[i], to]) % ring, k] += goods
                free = borders.open_share[borders.supplier_class[i], to] if closures else 1.0
                pull += flow * suppliers[i, WEIGHT] * free
            flows_of[s, 0] += received
            if ring > 0:
                received = arrivals[borders.day % ring, k]
                arrivals[borders.day % ring, k] = 0.0
            use = slots.flow[k] * buyers[b, MAKES]
            old = stock[k]
            # An input that stops nobody may run out; nobody uses what is not there.
            taken = min(use, old)
            stock[k] = old if ordering.frozen else old + received - taken
            flows_of[s, 1] += received
            flows_of[s, 2] += taken
            flows_of[s, 3] += stock[k] - old if old < math.inf else received - taken
            target = slots.goal[k] * buyers[b, STOCKS_FOR]
            quantity = wanted(stock[k], use, target, rate[s], ordering, slots.flow[k])
            # With fixed shares nobody takes over what a closed link cannot carry.
            pull = pull if ordering.weighted else slots.flow[k]
            scale = order_scale(quantity, pull)
            for link in range(slots.link_first[k], slots.link_first[k + 1]):
                i, flow = slots.supplier[link], slots.link_flow[link]
                free = borders.open_share[borders.supplier_class[i], to] if closures else 1.0
                placed = passing(scale * flow * suppliers[i, WEIGHT], free, flow)
                order[link] = placed
                demand[i] += placed
            bound = output_limit(stock[k], slots.limit_slope[k], slots.limit_offset[k])
            if bound < ceiling and bound < limit[b]:
                limit[b] = bound
                scarce[b] = s


@kernel
def pass_links(  # noqa: C901, PLR0915  # budget: one pass, so that every link is read once
    segments: Integer,
    slots: Slots,
    rate: Float,
    ordering: Ordering,
    borders: Borders,
    suppliers: Float,
    buyers: Float,
    ceiling: float,
    stock: Float,
    order: Float,
    arrivals: Float,
    demand: Float,
    limit: Float,
    scarce: Integer,
    flows_of: Float,
) -> None:
    """Ship, receive, use, restock and order for some segments; one stock a link, pooled over the slot when it is used.

    Arguments as in :func:`pass_slots`, with ``slots.goal``, ``stock`` and ``arrivals`` by link.
    """
    ring = arrivals.shape[0]
    closures = borders.open_share.size > 1
    for segment in segments:
        s = segment % rate.size
        sent, arrived, used, changed = 0.0, 0.0, 0.0, 0.0
        # Unsigned numbers of slots and links spare the test for negative indices.
        for k in range(np.uint64(slots.first[segment]), np.uint64(slots.first[segment + 1])):
            b = slots.buyer[k]
            to = borders.buyer_class[b] if closures or ring > 0 else 0
            low, high = np.uint64(slots.link_first[k]), np.uint64(slots.link_first[k + _ONE])
            pool = 0.0
            for link in range(low, high):
                pool += stock[link]
            # What production takes comes from every stock of the pool alike.
            use = slots.flow[k] * buyers[b, MAKES]
            taken_share = min(1.0, use / pool) if 0.0 < pool < math.inf else 0.0
            makes, stocks_for = buyers[b, MAKES], buyers[b, STOCKS_FOR]
            held, ordered, pull = 0.0, 0.0, 0.0
            for link in range(low, high):
                i, flow = slots.supplier[link], slots.link_flow[link]
                goods = shipped(order[link], flow, suppliers[i, SERVED], ordering)
                sent += goods
                if ring > 0:
                    arrivals[(borders.day + borders.late[borders.supplier_class[i], to]) % ring, link] += goods
                    goods = arrivals[borders.day % ring, link]
                    arrivals[borders.day % ring, link] = 0.0
                old = stock[link]
                new = max(0.0, old + goods - old * taken_share) if old < math.inf else old
                stock[link] = new
                arrived += goods
                changed += new - old if old < math.inf else goods - flow * makes
                held += new
                placed = wanted(new, flow * makes, slots.goal[link] * stocks_for, rate[s], ordering, flow)
                if ordering.weighted:
                    free = borders.open_share[borders.supplier_class[i], to] if closures else 1.0
                    ordered += placed
                    placed *= suppliers[i, WEIGHT]
                    pull += placed * free
                elif closures:
                    placed = passing(placed, borders.open_share[borders.supplier_class[i], to], flow)
                order[link] = placed
                if not ordering.weighted:
                    demand[i] += placed
            used += min(use, pool)
            if ordering.weighted:
                again = order_scale(ordered, pull)
                for link in range(low, high):
                    i = slots.supplier[link]
                    free = borders.open_share[borders.supplier_class[i], to] if closures else 1.0
                    order[link] = passing(order[link] * again, free, slots.link_flow[link])
                    demand[i] += order[link]
            bound = output_limit(held, slots.limit_slope[k], slots.limit_offset[k])
            if bound < ceiling and bound < limit[b]:
                limit[b] = bound
                scarce[b] = s
        flows_of[s, 0] += sent
        flows_of[s, 1] += arrived
        flows_of[s, 2] += used
        flows_of[s, 3] += changed


@kernel
def fill_tables(
    output: Float,
    production: Float,
    target_output: Float,
    served: Float,
    weight: Float,
    buyers: Float,
    suppliers: Float,
) -> None:
    """Put what a pass needs of each agent side by side: (N, 2) as a buyer and (N, 2) as a supplier."""
    for i in range(output.size):
        # Agents without output go on as undisturbed.
        makes_any = output[i] > 0.0
        buyers[i, MAKES] = production[i] / output[i] if makes_any else 1.0
        buyers[i, STOCKS_FOR] = target_output[i] / output[i] if makes_any else 1.0
        suppliers[i, SERVED] = served[i]
        suppliers[i, WEIGHT] = weight[i]


@kernel
def ration_pass(slots: Slots, order: Float, ratio: Float, served: Float, open_flow: Float) -> None:
    """Sort every supplier's orders, relative to undisturbed flows, into those that ``ratio`` covers and the others.

    Adds to ``served`` the orders served in full and to ``open_flow`` the undisturbed flows of the others.
    """
    for link in range(order.size):
        i = slots.supplier[link]
        if ratio[i] == math.inf:
            continue
        if order[link] <= ratio[i] * slots.link_flow[link]:
            served[i] += order[link]
        else:
            open_flow[i] += slots.link_flow[link]
