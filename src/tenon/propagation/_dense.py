"""Kernels of dense storage: one pass over the flows serves a day.

A pass goes product by product and through the buyers in tiles, so that the flows of a tile stay in the cache between
deliveries and orders.
"""

from __future__ import annotations

import math

import numpy as np

from tenon.numerics import inlined, kernel
from tenon.propagation._formulas import order_scale, output_limit, used_for, wanted
from tenon.propagation._layout import Slots
from tenon.propagation._ordering import Ordering
from tenon.schema import Float, Integer

__all__ = ["fill_buyers", "pass_dense", "rest", "tighten"]

_TILE = 128
# What NumPy's ``allclose`` takes for close.
_RELATIVE, _ABSOLUTE = 1e-5, 1e-8


@kernel
def pass_dense(
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
    """Receive, use, restock and order, slot by slot, for some products and one scenario.

    ``buyers`` (2, N) holds production and the output for which stocks are wanted, by agent, relative to undisturbed
    output; ``delivered`` yesterday's order weight of each supplier times the share it delivered, ``weight`` its order
    weight for tomorrow, both by position. An order of buyer ``j`` from supplier ``i`` is ``scale[slot] * weight[i] *
    flow[i, j]``, so orders need no storage. Fills ``stock``, ``scale``, ``demand`` (by supplier), ``limit`` and
    ``scarce`` (by buyer) and, by product, ``flows_of``: goods shipped, goods arrived, used, change of stocks.
    """
    size = limit.size
    received, pull = np.empty(_TILE), np.empty(_TILE)
    for s in products:
        low, high = first_agent[s], first_agent[s + 1]
        block = slots.link_flow[low * size : high * size].reshape(high - low, size)
        demand[low:high] = 0.0
        for start in range(0, size, _TILE):
            stop = min(size, start + _TILE)
            _weigh_rows(block, start, stop, delivered[low:high], received)
            _weigh_rows(block, start, stop, weight[low:high], pull)
            _restock(
                s, start, stop, slots, rate[s], ordering, buyers[0], buyers[1], received, pull, stock, scale, limit,
                scarce, flows_of[s],
            )  # fmt: skip
            first = slots.first[s]
            _add_orders(block, start, stop, scale[first + start : first + stop], weight[low:high], demand[low:high])


@kernel
def rest(
    first_agent: Integer, slots: Slots, buyers: Float, delivered: Float, stock: Float, scale: Float
) -> tuple[bool, bool, bool]:
    """Whether all goods received are close to what is used, and all stocks, before and after that, to their targets.

    Reads no further than needed to know that neither the first nor the last holds.
    """
    size = buyers.shape[1]
    received = np.empty(_TILE)
    goods_close, before_close, after_close = True, True, True
    for s in range(first_agent.size - 1):
        low, high = first_agent[s], first_agent[s + 1]
        block = slots.link_flow[low * size : high * size].reshape(high - low, size)
        for start in range(0, size, _TILE):
            stop = min(size, start + _TILE)
            _weigh_rows(block, start, stop, delivered[low:high], received)
            for j in range(start, stop):
                k = slots.first[s] + j
                use, goods = slots.flow[k] * buyers[0, j], received[j - start] * scale[k]
                goods_close &= _close(goods, use)
                if slots.goal[k] < math.inf:
                    target = slots.goal[k] * buyers[1, j]
                    before_close &= _close(stock[k], target)
                    after_close &= _close(stock[k] + goods - use, target)
            if not (goods_close or after_close):
                return False, False, False
    return goods_close, before_close, after_close


@kernel
def fill_buyers(order: Integer, output: Float, production: Float, target_output: Float, buyers: Float) -> None:
    """Put what buyers make and want stocks for, (B, N) by position, relative to output, into (2, B, N) by agent."""
    for i in range(order.size):
        makes = output[i] > 0.0
        for b in range(production.shape[0]):
            buyers[0, b, order[i]] = production[b, i] / output[i] if makes else 1.0
            buyers[1, b, order[i]] = target_output[b, i] / output[i] if makes else 1.0


@kernel
def tighten(order: Integer, limits: Float, products: Integer, limit: Float, scarce: Integer) -> None:
    """Take limits, (B, N) by agent, and their products where they are tighter than what is there by position."""
    for i in range(order.size):
        for b in range(limit.shape[0]):
            if limits[b, order[i]] < limit[b, i]:
                limit[b, i], scarce[b, i] = limits[b, order[i]], products[b, order[i]]


@inlined
def _weigh_rows(block: Float, start: int, stop: int, weights: Float, total: Float) -> None:
    """Sum the rows of some columns with weights; four rows at a time, so that less is stored between."""
    total[:] = 0.0
    fours = weights.size // 4 * 4
    for i in range(0, fours, 4):
        a, b = block[i, start:stop], block[i + 1, start:stop]
        c, d = block[i + 2, start:stop], block[i + 3, start:stop]
        of_a, of_b, of_c, of_d = weights[i], weights[i + 1], weights[i + 2], weights[i + 3]
        for j in range(stop - start):
            total[j] += a[j] * of_a + b[j] * of_b + c[j] * of_c + d[j] * of_d
    for i in range(fours, weights.size):
        row, share = block[i, start:stop], weights[i]
        for j in range(stop - start):
            total[j] += row[j] * share


@inlined
def _add_orders(block: Float, start: int, stop: int, scales: Float, weight: Float, demand: Float) -> None:
    """Add what some buyers order from each supplier."""
    for i in range(weight.size):
        row, ordered = block[i, start:stop], 0.0
        for j in range(stop - start):
            ordered += row[j] * scales[j]
        demand[i] += ordered * weight[i]


@inlined
def _restock(
    product: int,
    start: int,
    stop: int,
    slots: Slots,
    rate: float,
    ordering: Ordering,
    makes: Float,
    stocks_for: Float,
    received: Float,
    pull: Float,
    stock: Float,
    scale: Float,
    limit: Float,
    scarce: Integer,
    flows_of: Float,
) -> None:
    """Receive, use, restock and order for the slots of some buyers; add up goods shipped, arrived, used, and stocks."""
    here = slice(slots.first[product] + start, slots.first[product] + stop)
    flow, goal = slots.flow[here], slots.goal[here]
    slope, offset = slots.limit_slope[here], slots.limit_offset[here]
    held, scales = stock[here], scale[here]
    makes, stocks_for = makes[start:stop], stocks_for[start:stop]
    bounds, bounding = limit[start:stop], scarce[start:stop]
    arrived, used, changed = 0.0, 0.0, 0.0
    # Short loops, none with a branch that stores, so that they use vector units.
    for j in range(stop - start):
        use, goods = flow[j] * makes[j], received[j] * scales[j]
        # An input that stops nobody may run out; nobody uses what is not there.
        taken = min(use, held[j])
        new = held[j] if ordering.frozen else held[j] + goods - taken
        arrived += goods
        used += taken
        changed += new - held[j] if new < math.inf else goods - taken
        held[j] = new
    for j in range(stop - start):
        use, target = flow[j] * used_for(makes[j], stocks_for[j], ordering), goal[j] * stocks_for[j]
        scales[j] = order_scale(wanted(held[j], use, target, rate, ordering, flow[j]), pull[j])
    for j in range(stop - start):
        bound = output_limit(held[j], slope[j], offset[j])
        bounding[j] = product if bound < bounds[j] else bounding[j]
        bounds[j] = min(bound, bounds[j])
    flows_of[0] += arrived
    flows_of[1] += arrived
    flows_of[2] += used
    flows_of[3] += changed


@inlined
def _close(value: float, goal: float) -> bool:
    """Whether a finite value is close to a goal, by NumPy's measure."""
    return abs(value - goal) <= _ABSOLUTE + _RELATIVE * abs(goal)
