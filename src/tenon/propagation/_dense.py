"""Kernel of dense storage: one pass over the flows serves a day of one scenario."""

from __future__ import annotations

import math

import numpy as np

from tenon.numerics import kernel
from tenon.propagation._formulas import output_limit, wanted
from tenon.propagation._layout import Slots
from tenon.propagation._ordering import Ordering
from tenon.schema import Float, Integer

__all__ = ["pass_dense"]


@kernel
def pass_dense(  # budget: one pass, so that every flow is read once
    products: Integer,
    first_agent: Integer,
    slots: Slots,
    rate: Float,
    ordering: Ordering,
    production: Float,
    target_output: Float,
    delivered: Float,
    weight: Float,
    stock: Float,
    scale: Float,
    demand: Float,
    limit: Float,
    scarce: Integer,
    flows_of: Float,
) -> None:
    """Receive, use, restock and order, slot by slot, for some products.

    ``delivered`` is yesterday's order weight of each supplier times the share it delivered; ``weight`` its order weight
    for tomorrow. An order of buyer ``j`` from supplier ``i`` is ``scale[slot] * weight[i] * flow[i, j]``, so orders
    need no storage. Fills ``stock``, ``scale``, ``demand`` (by supplier), ``limit`` and ``scarce`` (by buyer) and, by
    product, ``flows_of``: goods shipped, goods arrived, used, change of stocks.
    """
    size = production.size
    for s in products:
        low, members = first_agent[s], first_agent[s + 1] - first_agent[s]
        sent, share = delivered[low : low + members], weight[low : low + members]
        # Suppliers that all deliver, or weigh, alike need no sum.
        sent_alike = members > 0 and sent.min() == sent.max()
        share_alike = members > 0 and share.min() == share.max()
        ordered = np.zeros(members)
        for j in range(size):
            k = slots.first[s] + j
            if slots.coefficient[k] == 0.0:
                continue
            b = slots.buyer[k]
            row = slots.link_flow[low * size + j * members : low * size + (j + 1) * members]
            received = slots.flow[k] * sent[0] if sent_alike else 0.0
            if not sent_alike:
                for i in range(members):
                    received += row[i] * sent[i]
            received *= scale[k]
            pull = slots.flow[k] * share[0] if share_alike else 0.0
            if not share_alike:
                for i in range(members):
                    pull += row[i] * share[i]
            use = slots.coefficient[k] * production[b]
            old = stock[k]
            stock[k] = old if ordering.frozen else old + received - use
            flows_of[s, 0] += received
            flows_of[s, 1] += received
            flows_of[s, 2] += use
            flows_of[s, 3] += stock[k] - old if old < math.inf else received - use
            target = slots.goal[k] * target_output[b]
            quantity = wanted(stock[k], use, target, rate[s], ordering, slots.flow[k])
            scale[k] = quantity / pull if pull > 0.0 else 0.0
            for i in range(members):
                ordered[i] += row[i] * scale[k]
            bound = output_limit(stock[k], slots.limit_slope[k], slots.limit_offset[k])
            if bound < limit[b]:
                limit[b] = bound
                scarce[b] = s
        demand[low : low + members] = ordered * share
