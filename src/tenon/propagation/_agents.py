"""Kernels over agents: capacity, production, rationing, final demand."""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from tenon.numerics import kernel
from tenon.propagation._formulas import capacity_factor, output_limit, worse
from tenon.propagation._layout import Slots
from tenon.schema import Float, Integer

__all__ = [
    "CAPACITY",
    "DEMAND",
    "NOT_LIMITED",
    "check_balances",
    "decide",
    "ration_proportionally",
    "settle_production",
    "stock_limits",
    "tally",
]

Small: TypeAlias = NDArray[np.int32]

NOT_LIMITED = -1
CAPACITY = -2
DEMAND = -3

# Production within a millionth of the undisturbed level counts as undisturbed when the reason for a loss is recorded.
_NOTICEABLE = 1e-6
_ENOUGH = 1.0 - 1e-11
_CHUNK = 1024


@kernel
def settle_production(
    adapt: bool,
    base: float,
    most: float,
    days: float,
    tolerance: float,
    output: Float,
    able: Float,
    release: Float,
    capacity_loss: Float,
    orders: Float,
    final: Float,
    rebuilding: Float,
    limit: Float,
    scarce: Integer,
    production: Float,
    factor: Float,
    total: Float,
    capacity: Float,
    limiting: Small,
) -> None:
    """Production of the day: the least of demand, capacity and what stocks allow, with the reason where it is low.

    On entry ``production`` is yesterday's. Fills ``production``, ``factor`` (overproduction), ``total`` (demand for
    production), ``capacity`` and ``limiting``.
    """
    for i in range(output.size):
        total[i] = max(0.0, orders[i] + final[i] + rebuilding[i] - release[i])
        if adapt:
            scarcity = (total[i] - production[i]) / total[i] if total[i] > 0.0 else 0.0
            factor[i] = capacity_factor(factor[i], scarcity, base, most, days, tolerance)
        capacity[i] = able[i] * (1.0 - capacity_loss[i]) * factor[i]
        possible = min(total[i], capacity[i])
        # Who makes nothing undisturbed has no stocks that could limit it.
        bound = max(0.0, limit[i] * output[i]) if output[i] > 0.0 else math.inf
        # A stock of one day is exactly what is used: were its rounding a shortage, each day would start from less.
        production[i] = possible if bound >= possible * _ENOUGH else bound
        own = CAPACITY if capacity[i] < total[i] else DEMAND
        reason = scarce[i] if production[i] < possible else own
        limiting[i] = reason if production[i] < output[i] * (1.0 - _NOTICEABLE) else NOT_LIMITED


@kernel
def ration_proportionally(
    final_last: bool,
    orders: Float,
    final: Float,
    rebuilding: Float,
    release: Float,
    production: Float,
    share: Float,
    final_share: Float,
    rebuilding_served: Float,
) -> None:
    """Share of orders (and rebuilding) and of final demand that each agent serves, and what rebuilding gets."""
    for i in range(orders.size):
        firms = orders[i] + rebuilding[i]
        everyone = firms + final[i]
        supply = production[i] + release[i]
        share[i] = min(1.0, supply / everyone) if everyone > 0.0 else 1.0
        final_share[i] = share[i]
        if final_last and share[i] < 1.0:
            share[i] = min(1.0, supply / firms) if firms > 0.0 else 1.0
            left = max(0.0, supply - firms)
            final_share[i] = min(1.0, left / final[i]) if final[i] > 0.0 else 1.0
        rebuilding_served[i] = rebuilding[i] * share[i]


@kernel
def decide(
    adapt: bool,
    base: float,
    most: float,
    days: float,
    tolerance: float,
    final_last: bool,
    output: Float,
    able: Float,
    release: Float,
    capacity_loss: Float,
    orders: Float,
    final: Float,
    rebuilding: Float,
    limit: Float,
    scarce: Integer,
    production: Float,
    factor: Float,
    total: Float,
    capacity: Float,
    limiting: Small,
    share: Float,
    final_share: Float,
    rebuilding_served: Float,
) -> None:
    """Settle production and ration it, some agents at a time, so that what both read comes from memory once."""
    for low in range(0, output.size, _CHUNK):
        here = slice(low, low + _CHUNK)
        settle_production(
            adapt, base, most, days, tolerance, output[here], able[here], release[here], capacity_loss[here],
            orders[here], final[here], rebuilding[here], limit[here], scarce[here], production[here], factor[here],
            total[here], capacity[here], limiting[here],
        )  # fmt: skip
        ration_proportionally(
            final_last, orders[here], final[here], rebuilding[here], release[here], production[here], share[here],
            final_share[here], rebuilding_served[here],
        )  # fmt: skip


@kernel
def stock_limits(products: int, slots: Slots, per_link: bool, stock: Float, limit: Float, scarce: Integer) -> None:
    """Share of output that stocks allow after some were destroyed, and the product that sets this limit."""
    limit[:] = math.inf
    for segment in range(slots.first.size - 1):
        for k in range(slots.first[segment], slots.first[segment + 1]):
            held = 0.0
            if per_link:
                for link in range(slots.link_first[k], slots.link_first[k + 1]):
                    held += stock[link]
            else:
                held = stock[k]
            bound = output_limit(held, slots.limit_slope[k], slots.limit_offset[k])
            if bound < limit[slots.buyer[k]]:
                limit[slots.buyer[k]] = bound
                scarce[slots.buyer[k]] = segment % products


@kernel
def tally(
    number: int,
    recovered: float,
    first_agent: Integer,
    output: Float,
    release: Float,
    production: Float,
    orders: Float,
    final: Float,
    rebuilding: Float,
    final_share: Float,
    rebuilding_served: Float,
    wanted: Float,
    sent: Float,
    unmet: Float,
    to_agents: Float,
    lost: Float,
    last_day_below: Float,
    residuals: Float,
) -> None:
    """Add up losses, what is left for agents and the final demand that stays unmet, by product.

    ``unmet`` (D, S) is what is ``wanted`` (N, D) less what is ``sent`` (N, D) and served; ``to_agents`` (S,) production
    and releases, as far as there is demand, less what final users and reconstruction get. ``residuals[2]`` keeps the
    worst excess of production over demand, or below nothing, in currency per day.
    """
    for s in range(first_agent.size - 1):
        left, worst, sound = 0.0, 0.0, 0.0
        for i in range(first_agent[s], first_agent[s + 1]):
            asked = orders[i] + final[i] + rebuilding[i]
            left += min(production[i] + release[i], asked) - final[i] * final_share[i] - rebuilding_served[i]
            excess = max(production[i] - max(0.0, asked - release[i]), -production[i])
            worst = max(worst, excess)
            # Keeps what is no number, which a maximum may lose.
            sound += production[i] + release[i] + asked
            lost[i] += output[i] - production[i]
            if production[i] < recovered * output[i]:
                last_day_below[i] = number
        for d in range(wanted.shape[1]):
            missing = 0.0
            for i in range(first_agent[s], first_agent[s + 1]):
                missing += wanted[i, d] - sent[i, d] * final_share[i]
            unmet[d, s] = missing
        to_agents[s] = left
        residuals[2] = worse(residuals[2], math.nan if math.isnan(sound) else worst)


@kernel
def check_balances(to_agents: Float, sums: Float, residuals: Float) -> None:
    """Keep the worst violation of two balances of each product, in currency per day.

    What is left for agents equals goods shipped to them; stocks change by goods arrived minus goods used.
    """
    for s in range(to_agents.size):
        residuals[0] = worse(residuals[0], abs(to_agents[s] - sums[s, 0]))
        residuals[1] = worse(residuals[1], abs(sums[s, 1] - sums[s, 2] - sums[s, 3]))
