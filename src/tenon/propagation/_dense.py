"""Kernel of dense storage: one pass over the flows serves a day of one scenario."""

from __future__ import annotations

import math

import numpy as np

from tenon.numerics import kernel
from tenon.propagation._formulas import order_scale, output_limit, wanted
from tenon.propagation._layout import Slots
from tenon.propagation._ordering import Ordering
from tenon.schema import Float, Integer

__all__ = ["pass_dense"]

# Buyers whose flows from the suppliers of a product stay in the cache between deliveries and orders.
_TILE = 512


@kernel
def pass_dense(  # budget: one pass, so that every flow is read once
    products: Integer,
    first_agent: Integer,
    slots: Slots,
    rate: Float,
    ordering: Ordering,
    buyers: Float,
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

    ``buyers`` (2, N) holds production and the output for which stocks are wanted, by agent, relative to undisturbed
    output; ``delivered`` yesterday's
    order weight of each supplier times the share it delivered, ``weight`` its order weight for tomorrow, both by
    position. An order of buyer ``j`` from supplier ``i`` is ``scale[slot] * weight[i] * flow[i, j]``, so orders need no
    storage. Fills ``stock``, ``scale``, ``demand`` (by supplier), ``limit`` and ``scarce`` (by buyer) and, by product,
    ``flows_of``: goods shipped, goods arrived, used, change of stocks.
    """
    size = limit.size
    received, pull = np.empty(_TILE), np.empty(_TILE)
    for s in products:
        low, high = first_agent[s], first_agent[s + 1]
        block = slots.link_flow[low * size : high * size].reshape(high - low, size)
        demand[low:high] = 0.0
        for start in range(0, size, _TILE):
            width = min(_TILE, size - start)
            received[:width] = 0.0
            pull[:width] = 0.0
            for i in range(high - low):
                row = block[i, start : start + width]
                sent, share = delivered[low + i], weight[low + i]
                for j in range(width):
                    received[j] += row[j] * sent
                    pull[j] += row[j] * share
            here = slice(slots.first[s] + start, slots.first[s] + start + width)
            flow, goal = slots.flow[here], slots.goal[here]
            slope, offset = slots.limit_slope[here], slots.limit_offset[here]
            held, scales = stock[here], scale[here]
            makes, stocks_for = buyers[0, start : start + width], buyers[1, start : start + width]
            bounds, bounding = limit[start : start + width], scarce[start : start + width]
            arrived, used, changed = 0.0, 0.0, 0.0
            # Short loops, none with a branch that stores, so that they use vector units.
            for j in range(width):
                use, goods = flow[j] * makes[j], received[j] * scales[j]
                # An input that stops nobody may run out; nobody uses what is not there.
                taken = min(use, held[j])
                new = held[j] if ordering.frozen else held[j] + goods - taken
                arrived += goods
                used += taken
                changed += new - held[j] if new < math.inf else goods - taken
                held[j] = new
            for j in range(width):
                use, target = flow[j] * makes[j], goal[j] * stocks_for[j]
                scales[j] = order_scale(wanted(held[j], use, target, rate[s], ordering, flow[j]), pull[j])
            for j in range(width):
                bound = output_limit(held[j], slope[j], offset[j])
                bounding[j] = s if bound < bounds[j] else bounding[j]
                bounds[j] = min(bound, bounds[j])
            flows_of[s, 0] += arrived
            flows_of[s, 1] += arrived
            flows_of[s, 2] += used
            flows_of[s, 3] += changed
            for i in range(high - low):
                row = block[i, start : start + width]
                ordered = 0.0
                for j in range(width):
                    ordered += row[j] * scales[j]
                demand[low + i] += ordered * weight[low + i]
