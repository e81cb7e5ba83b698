"""Kernel of dense storage: one pass over the flows serves a day of one scenario."""

from __future__ import annotations

import math

import numpy as np

from tenon.numerics import kernel
from tenon.propagation._formulas import output_limit, wanted
from tenon.schema import Float, Integer

__all__ = ["pass_dense"]


@kernel
def pass_dense(
    products: Integer,
    first_agent: Integer,
    first_slot: Integer,
    buyer: Integer,
    flows: Float,
    coefficient: Float,
    slot_flow: Float,
    goal: Float,
    slope: Float,
    offset: Float,
    rate: Float,
    production: Float,
    target_output: Float,
    delivered: Float,
    weight: Float,
    floored: bool,  # noqa: FBT001 - a kernel takes arrays and numbers by position
    frozen: bool,  # noqa: FBT001
    no_gap: bool,  # noqa: FBT001
    stock: Float,
    scale: Float,
    demand: Float,
    limit: Float,
    scarce: Integer,
    flows_of: Float,
) -> None:
    """Receive, use, restock and order, slot by slot, for some products.

    ``delivered`` is yesterday's order weight of each supplier times the share it delivered; ``weight`` its order weight
    for tomorrow. An order of buyer ``j`` from supplier ``i`` is ``scale[slot] * weight[i] * flow[i, j]``, so orders need no
    storage. Fills ``stock``, ``scale``, ``demand`` (by supplier), ``limit`` and ``scarce`` (by buyer) and, by
    product, ``flows_of``: goods shipped, goods arrived, used, change of stocks, and the two largest distances that decide
    the shortcuts of BoARIO.
    """
    size = production.size
    for s in products:
        low, high = first_agent[s], first_agent[s + 1]
        members = high - low
        sent = delivered[low:high]
        share = weight[low:high]
        sent_equal = members > 0 and sent.min() == sent.max()
        share_equal = members > 0 and share.min() == share.max()
        ordered = np.zeros(members)
        received_sum, used_sum, change_sum = 0.0, 0.0, 0.0
        apart_flows, apart_goal = -math.inf, -math.inf
        block = low * size
        for j in range(size):
            k = first_slot[s] + j
            if coefficient[k] == 0.0:
                continue
            b = buyer[k]
            row = flows[block + j * members : block + (j + 1) * members]
            # Suppliers that all deliver (or weigh) alike need no sum.
            received = slot_flow[k] * sent[0] if sent_equal else 0.0
            if not sent_equal:
                for i in range(members):
                    received += row[i] * sent[i]
            received *= scale[k]
            weighted = slot_flow[k] * share[0] if share_equal else 0.0
            if not share_equal:
                for i in range(members):
                    weighted += row[i] * share[i]
            use = coefficient[k] * production[b]
            old = stock[k]
            new = old if frozen else old + received - use
            target = goal[k] * target_output[b]
            stock[k] = new
            received_sum += received
            used_sum += use
            if new < math.inf:
                change_sum += new - old
                apart_goal = max(apart_goal, abs(new - target) - 1e-5 * abs(target))
            else:
                change_sum += received - use
            apart_flows = max(apart_flows, abs(received - use) - 1e-5 * abs(use))
            quantity = use if no_gap else wanted(new, use, target, rate[s], floored, slot_flow[k])
            scale[k] = quantity / weighted if weighted > 0.0 else 0.0
            for i in range(members):
                ordered[i] += row[i] * scale[k]
            bound = output_limit(new, slope[k], offset[k])
            if bound < limit[b]:
                limit[b] = bound
                scarce[b] = s
        demand[low:high] = ordered * share
        flows_of[s, 0] = received_sum
        flows_of[s, 1] = received_sum
        flows_of[s, 2] = used_sum
        flows_of[s, 3] = change_sum
        flows_of[s, 4] = apart_flows
        flows_of[s, 5] = apart_goal
