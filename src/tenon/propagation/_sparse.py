"""Kernels of sparse storage: one pass over the links serves a day of one scenario.

:func:`pass_slots` keeps a stock per product and :func:`pass_links` a stock per link. Both know closed links, delays and every
rationing rule.
"""

from __future__ import annotations

import math

from tenon.numerics import kernel
from tenon.propagation._formulas import output_limit, passing, shipped, wanted
from tenon.schema import Float, Integer

__all__ = ["LIMIT", "MAKES", "RATIO", "SCARCE", "SHARE", "STOCKS_FOR", "WEIGHT", "pass_links", "pass_slots", "ration_pass"]

# Columns of the two tables that a pass reads at random: one row an agent, so that one line of the cache brings all of it.
MAKES, STOCKS_FOR, LIMIT, SCARCE = 0, 1, 2, 3
SHARE, RATIO, WEIGHT = 0, 1, 2


@kernel
def pass_slots(
    segments: Integer,
    first_slot: Integer,
    buyer: Integer,
    link_first: Integer,
    supplier: Integer,
    link_flow: Float,
    coefficient: Float,
    slot_flow: Float,
    goal: Float,
    slope: Float,
    offset: Float,
    rate: Float,
    suppliers: Float,
    supplier_class: Integer,
    buyer_class: Integer,
    open_share: Float,
    delay: Integer,
    arrivals: Float,
    day: int,
    weighted_orders: bool,
    floored: bool,
    frozen: bool,
    no_gap: bool,
    stock: Float,
    order: Float,
    buyers: Float,
    demand: Float,
    flows_of: Float,
) -> None:
    """Ship, receive, use, restock and order, slot by slot, for some segments (block of buyers and product); one stock a slot.

    ``suppliers`` (N, 3) holds the share of its orders that each serves, the multiple of undisturbed flows that it exceeds for
    nobody, and its weight in tomorrow's orders. ``buyers`` (N, 4) holds production and the output for which stocks are
    wanted, and takes the limit that stocks set and the product that sets it. ``open_share`` and ``delay`` hold, by class
    of supplier and of buyer, the share of a link's flow that may pass and the days that goods are under way (one cell if
    nothing is disturbed); ``arrivals`` is a ring of days by slot, empty without delays. Changes ``stock`` and ``order``
    (by link); adds to ``demand`` (by supplier) and ``flows_of`` (S, 6), as :func:`tenon.propagation._dense.pass_dense` does.
    """
    ring = arrivals.shape[0]
    closures = open_share.size > 1
    apart = closures or ring > 0
    for segment in segments:
        s = segment % rate.size
        shipped_sum, arrived_sum, used_sum, change_sum = 0.0, 0.0, 0.0, 0.0
        apart_flows, apart_goal = -math.inf, -math.inf
        for k in range(first_slot[segment], first_slot[segment + 1]):
            b = buyer[k]
            to = buyer_class[b] if apart else 0
            use = coefficient[k] * buyers[b, MAKES]
            received, pull = 0.0, 0.0
            for link in range(link_first[k], link_first[k + 1]):
                i = supplier[link]
                goods = shipped(order[link], suppliers[i, SHARE], link_flow[link], suppliers[i, RATIO])
                shipped_sum += goods
                if ring > 0:
                    arrivals[(day + delay[supplier_class[i], to]) % ring, k] += goods
                else:
                    received += goods
                free = open_share[supplier_class[i], to] if closures else 1.0
                pull += link_flow[link] * suppliers[i, WEIGHT] * free
            if ring > 0:
                received = arrivals[day % ring, k]
                arrivals[day % ring, k] = 0.0
            old = stock[k]
            new = old if frozen else old + received - use
            stock[k] = new
            target = goal[k] * buyers[b, STOCKS_FOR]
            if new < math.inf:
                change_sum += new - old
                apart_goal = max(apart_goal, abs(new - target) - 1e-5 * abs(target))
            else:
                change_sum += received - use
            apart_flows = max(apart_flows, abs(received - use) - 1e-5 * abs(use))
            arrived_sum += received
            used_sum += use
            quantity = use if no_gap else wanted(new, use, target, rate[s], floored, slot_flow[k])
            if not weighted_orders:
                # With fixed shares nobody takes over what a closed link cannot carry.
                pull = slot_flow[k]
            scale = quantity / pull if pull > 0.0 else 0.0
            for link in range(link_first[k], link_first[k + 1]):
                i = supplier[link]
                free = open_share[supplier_class[i], to] if closures else 1.0
                placed = passing(scale * link_flow[link] * suppliers[i, WEIGHT], free, link_flow[link])
                order[link] = placed
                demand[i] += placed
            bound = output_limit(new, slope[k], offset[k])
            if bound < buyers[b, LIMIT]:
                buyers[b, LIMIT] = bound
                buyers[b, SCARCE] = s
        flows_of[s, 0] += shipped_sum
        flows_of[s, 1] += arrived_sum
        flows_of[s, 2] += used_sum
        flows_of[s, 3] += change_sum
        flows_of[s, 4] = max(flows_of[s, 4], apart_flows)
        flows_of[s, 5] = max(flows_of[s, 5], apart_goal)


@kernel
def pass_links(
    segments: Integer,
    first_slot: Integer,
    buyer: Integer,
    link_first: Integer,
    supplier: Integer,
    link_flow: Float,
    coefficient: Float,
    slot_flow: Float,
    goal: Float,
    slope: Float,
    offset: Float,
    rate: Float,
    suppliers: Float,
    supplier_class: Integer,
    buyer_class: Integer,
    open_share: Float,
    delay: Integer,
    arrivals: Float,
    day: int,
    weighted_orders: bool,
    floored: bool,
    stock: Float,
    order: Float,
    buyers: Float,
    demand: Float,
    flows_of: Float,
) -> None:
    """Ship, receive, use, restock and order for some segments; one stock a link, pooled over the slot when it is used.

    Arguments as in :func:`pass_slots`, with ``goal``, ``stock`` and ``arrivals`` by link.
    """
    ring = arrivals.shape[0]
    closures = open_share.size > 1
    apart = closures or ring > 0
    for segment in segments:
        s = segment % rate.size
        shipped_sum, arrived_sum, used_sum, change_sum = 0.0, 0.0, 0.0, 0.0
        for k in range(first_slot[segment], first_slot[segment + 1]):
            b = buyer[k]
            to = buyer_class[b] if apart else 0
            low, high = link_first[k], link_first[k + 1]
            use = coefficient[k] * buyers[b, MAKES]
            pool = 0.0
            for link in range(low, high):
                pool += stock[link]
            # What production takes comes from every stock of the pool alike.
            taken_share = use / pool if pool > 0.0 else 0.0
            use_of_flow = use / slot_flow[k]
            new, ordered, pull = 0.0, 0.0, 0.0
            for link in range(low, high):
                i = supplier[link]
                goods = shipped(order[link], suppliers[i, SHARE], link_flow[link], suppliers[i, RATIO])
                shipped_sum += goods
                if ring > 0:
                    arrivals[(day + delay[supplier_class[i], to]) % ring, link] += goods
                    goods = arrivals[day % ring, link]
                    arrivals[day % ring, link] = 0.0
                old = stock[link]
                if old < math.inf:
                    stock[link] = max(0.0, old + goods - old * taken_share)
                    change_sum += stock[link] - old
                else:
                    change_sum += goods
                arrived_sum += goods
                new += stock[link]
                target = goal[link] * buyers[b, STOCKS_FOR]
                placed = wanted(
                    stock[link], link_flow[link] * use_of_flow, target, rate[s], floored, link_flow[link]
                )
                order[link] = placed
                if weighted_orders:
                    free = open_share[supplier_class[i], to] if closures else 1.0
                    ordered += placed
                    pull += placed * suppliers[i, WEIGHT] * free
            used_sum += use
            if pool == math.inf:
                change_sum -= use
            again = 1.0
            if weighted_orders:
                again = ordered / pull if pull > 0.0 else 0.0
            for link in range(low, high):
                i = supplier[link]
                free = open_share[supplier_class[i], to] if closures else 1.0
                placed = order[link] * again * suppliers[i, WEIGHT] if weighted_orders else order[link]
                placed = passing(placed, free, link_flow[link])
                order[link] = placed
                demand[i] += placed
            bound = output_limit(new, slope[k], offset[k])
            if bound < buyers[b, LIMIT]:
                buyers[b, LIMIT] = bound
                buyers[b, SCARCE] = s
        flows_of[s, 0] += shipped_sum
        flows_of[s, 1] += arrived_sum
        flows_of[s, 2] += used_sum
        flows_of[s, 3] += change_sum


@kernel
def ration_pass(
    link_first: Integer,
    supplier: Integer,
    link_flow: Float,
    order: Float,
    ratio: Float,
    served: Float,
    open_flow: Float,
) -> None:
    """Sort every supplier's orders, relative to undisturbed flows, into those served in full at ``ratio`` and the others.

    Adds to ``served`` the orders served in full and to ``open_flow`` the undisturbed flows of the others.
    """
    for link in range(link_first[0], link_first[-1]):
        i = supplier[link]
        if ratio[i] == math.inf:
            continue
        if order[link] <= ratio[i] * link_flow[link]:
            served[i] += order[link]
        else:
            open_flow[i] += link_flow[link]
