"""Formulas of one slot, link or agent, each written once and inlined into the kernels.

Symbols: ``w`` stock, ``use`` what production takes, ``goal`` target stock, ``rate`` share of a gap ordered in a day.
"""

from __future__ import annotations

import math

from tenon.numerics import inlined
from tenon.propagation._ordering import Ordering

__all__ = ["capacity_factor", "order_scale", "output_limit", "passing", "shipped", "used_for", "wanted", "worse"]

_ROUNDING = 1e-15
_NO_GAP = 1e-12


@inlined
def used_for(makes: float, stocks_for: float, ordering: Ordering) -> float:
    """Relative output for whose use is ordered: that of today, or the one for which stocks are wanted."""
    return stocks_for if ordering.planned else makes


@inlined
def wanted(stock: float, use: float, goal: float, rate: float, ordering: Ordering, flow: float) -> float:
    """Quantity ordered: a day's use and a share of the gap between target and stock (none for unlimited stocks).

    A quantity below the rounding of the undisturbed ``flow`` is what cancellation of the two terms leaves, not an
    order.
    """
    gap = max(goal - stock, 0.0) if ordering.floored else goal - stock
    # Signed gaps pass rounding on along the chain, larger each day; without this an undisturbed economy would collapse.
    gap = gap if abs(gap) > _NO_GAP * goal else 0.0
    quantity = use + (0.0 if ordering.use_only or stock == math.inf else gap * rate)
    return quantity if quantity > _ROUNDING * flow else 0.0


@inlined
def order_scale(quantity: float, pull: float) -> float:
    """Order per weighted flow of the suppliers; nothing where no supplier has any weight."""
    return quantity / (pull if pull > 0.0 else math.inf)


@inlined
def output_limit(stock: float, slope: float, offset: float) -> float:
    """Share of undisturbed output that the stock of one input allows; no limit where the input never binds."""
    # Both are worked out, so that loops need no branch.
    bound = slope * stock + offset
    return bound if slope >= 0.0 else math.inf


@inlined
def shipped(order: float, flow: float, served: float, ordering: Ordering) -> float:
    """What is sent of an order: the share ``served`` of it, or at most ``served`` times the undisturbed flow."""
    return min(order, flow * served) if ordering.by_flow else order * served


@inlined
def worse(violation: float, other: float) -> float:
    """Return the larger of two violations of a balance; what is no number is worst and stays."""
    return violation if math.isnan(violation) or other <= violation else other


@inlined
def passing(order: float, free: float, flow: float) -> float:
    """What can be ordered over a link of which the share ``free`` is open: at most that share of its flow."""
    if free == 1.0:
        return order
    return min(order * free, free * flow)


@inlined
def capacity_factor(factor: float, scarcity: float, base: float, most: float, days: float, tolerance: float) -> float:
    """Overproduction factor: grows with scarcity, relaxes without, never below one (Hallegatte 2014)."""
    if abs(scarcity) <= tolerance:
        return max(1.0, factor + (base - factor) / days)
    return max(1.0, factor + (most - factor) * scarcity / days)
