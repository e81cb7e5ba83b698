"""Kernels of sparse storage: one pass over the links serves a day of one scenario; every rule of the model is here."""

from __future__ import annotations

import math

import numpy as np

from tenon.numerics import kernel
from tenon.propagation._formulas import output_limit, shipped, wanted
from tenon.schema import Float, Integer

__all__ = ["pass_sparse", "ration_pass"]


@kernel
def pass_sparse(
    products: Integer,
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
    production: Float,
    target_output: Float,
    share: Float,
    ratio: Float,
    weight: Float,
    supplier_class: Integer,
    buyer_class: Integer,
    open_share: Float,
    delay: Integer,
    arrivals: Float,
    day: int,
    per_link: bool,  # noqa: FBT001 - a kernel takes arrays and numbers by position
    weighted_orders: bool,  # noqa: FBT001
    floored: bool,  # noqa: FBT001
    frozen: bool,  # noqa: FBT001
    no_gap: bool,  # noqa: FBT001
    stock: Float,
    order: Float,
    demand: Float,
    limit: Float,
    scarce: Integer,
    flows_of: Float,
) -> None:
    """Ship, receive, use, restock and order, slot by slot, for some products.

    ``share`` and ``ratio`` ration the orders of each supplier; ``weight`` is its weight in tomorrow's orders.
    ``open_share`` and ``delay`` hold, by class of supplier and of buyer, the share of a link's flow that may pass
    and the days that goods are under way (both have one row if nothing is disturbed; ``arrivals`` is a ring of days, empty
    without delays). Fills ``stock``, ``order`` (by link), ``demand``, ``limit``, ``scarce`` and ``flows_of`` as
    :func:`tenon.propagation._dense.pass_dense` does.
    """
    ring = arrivals.shape[0]
    closures = open_share.size > 1
    for s in products:
        shipped_sum, arrived_sum, used_sum, change_sum = 0.0, 0.0, 0.0, 0.0
        apart_flows, apart_goal = -math.inf, -math.inf
        for k in range(first_slot[s], first_slot[s + 1]):
            b = buyer[k]
            low, high = link_first[k], link_first[k + 1]
            to = buyer_class[b]
            use = coefficient[k] * production[b]
            # Goods: yesterday's orders arrive, today's production uses them up.
            pool = 0.0
            received = 0.0
            if per_link:
                for link in range(low, high):
                    pool += stock[link]
            for link in range(low, high):
                i = supplier[link]
                goods = shipped(order[link], share[i], link_flow[link], ratio[i])
                shipped_sum += goods
                if ring > 0:
                    at = link if per_link else k
                    late = delay[supplier_class[i], to]
                    arrivals[(day + late) % ring, at] += goods
                    goods = 0.0
                    if per_link or link == high - 1:
                        goods = arrivals[day % ring, at]
                        arrivals[day % ring, at] = 0.0
                received += goods
                if per_link and not frozen:
                    old = stock[link]
                    taken = use * (old / pool) if pool > 0.0 else 0.0
                    stock[link] = old if old == math.inf else max(0.0, old + goods - taken)
                    change_sum += stock[link] - old if old < math.inf else goods - taken
            new = 0.0
            if per_link:
                for link in range(low, high):
                    new += stock[link]
            else:
                old = stock[k]
                new = old if frozen else old + received - use
                stock[k] = new
                change_sum += new - old if new < math.inf else received - use
            used_sum += use
            arrived_sum += received
            # Orders: the day's use and part of the gap, split over the suppliers.
            if not per_link:
                target = goal[k] * target_output[b]
                if new < math.inf:
                    apart_goal = max(apart_goal, abs(new - target) - 1e-5 * abs(target))
                quantity = use if no_gap else wanted(new, use, target, rate[s], floored)
                for link in range(low, high):
                    order[link] = quantity * link_flow[link] / slot_flow[k]
            else:
                for link in range(low, high):
                    part = use * link_flow[link] / slot_flow[k]
                    target = goal[link] * target_output[b]
                    order[link] = wanted(stock[link], part, target, rate[s], floored)
            apart_flows = max(apart_flows, abs(received - use) - 1e-5 * abs(use))
            if weighted_orders:
                total, attracted = 0.0, 0.0
                for link in range(low, high):
                    i = supplier[link]
                    free = open_share[supplier_class[i], to] if closures else 1.0
                    total += order[link]
                    order[link] *= weight[i] * free
                    attracted += order[link]
                again = total / attracted if attracted > 0.0 else 0.0
                for link in range(low, high):
                    order[link] *= again
            for link in range(low, high):
                i = supplier[link]
                if closures:
                    free = open_share[supplier_class[i], to]
                    if free < 1.0:
                        passing = order[link] if weighted_orders else order[link] * free
                        order[link] = min(passing, free * link_flow[link])
                demand[i] += order[link]
            bound = output_limit(new, slope[k], offset[k])
            if bound < limit[b]:
                limit[b] = bound
                scarce[b] = s
        flows_of[s, 0] = shipped_sum
        flows_of[s, 1] = arrived_sum
        flows_of[s, 2] = used_sum
        flows_of[s, 3] = change_sum
        flows_of[s, 4] = apart_flows
        flows_of[s, 5] = apart_goal


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
        if ratio[i] == np.inf:
            continue
        if order[link] <= ratio[i] * link_flow[link]:
            served[i] += order[link]
        else:
            open_flow[i] += link_flow[link]
