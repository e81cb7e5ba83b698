"""The exchange of goods and orders: what every way to do a day has in common.

Three ways exist, chosen by what a run needs: sparse knows every rule, dense reads a table's flows once a day and
knows the plain rules, batch does many scenarios in that one reading as products of matrices. Tests hold them to the
same series.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np

from tenon.propagation._agents import stock_limits
from tenon.propagation._layout import Layout
from tenon.propagation._ordering import Ordering
from tenon.propagation.parameters import OrderRule, Parameters, Quirk, RestockingGap
from tenon.schema import Float, Integer

__all__ = ["Day", "Exchange", "cut", "destroy", "limits_from_stocks", "ordering_of", "run_parts", "with_shortcuts"]


@dataclass(eq=False)
class Day:
    """What agents and exchange tell each other within a day; ``B`` scenarios, ``N`` agents by position.

    Parameters
    ----------
    production, target_output : (B, N) array, currency per day
        What agents make, and the output for which they want stocks.
    served : (B, N) array, dimensionless
        What each supplier serves: a share of each order, or with smallest orders first the multiple of the undisturbed
        flow that it exceeds for nobody.
    weight : (B, N) array, dimensionless
        Weight of each supplier in tomorrow's orders.
    orders : (B, N) array, currency per day
        Orders received by each agent.
    limit : (B, N) array, dimensionless
        Share of undisturbed output that stocks allow tomorrow.
    scarce : (B, N) array of int
        Product whose stock sets that limit.
    """

    production: Float
    target_output: Float
    served: Float
    weight: Float
    orders: Float
    limit: Float
    scarce: Integer

    @classmethod
    def first(cls, layout: Layout, scenarios: int) -> Day:
        """Return the undisturbed day, with undisturbed orders waiting."""
        shape = (scenarios, layout.output.size)
        orders = layout.network.sales_to_agents[layout.order]
        return cls(
            production=np.tile(layout.output, (scenarios, 1)),
            target_output=np.tile(layout.output, (scenarios, 1)),
            served=np.ones(shape),
            weight=np.ones(shape),
            orders=np.tile(orders, (scenarios, 1)),
            limit=np.full(shape, np.inf),
            scarce=np.full(shape, -1, dtype=np.int64),
        )


class Exchange(Protocol):
    """A way to do a day of deliveries and orders."""

    def advance(self, day: Day, number: int) -> Float:
        """Deliver, use, restock and order; return sums by product, (B, S, 4): shipped, arrived, used, stock change."""

    def destroy(self, scenario: int, slots: Float) -> None:
        """Destroy a share of the stock of each slot, (K,)."""

    def limits(self, day: Day, scenario: int) -> None:
        """Work out anew which output the stocks allow."""

    def inventories(self, scenario: int) -> Float:
        """Return the stock of every slot, (K,), currency."""

    def state(self) -> dict[str, Float]:
        """Return the arrays that a later run needs to go on."""


def destroy(stock: Float, share: Float) -> None:
    """Take a share off stocks in place; those that never run short cannot be destroyed."""
    limited = np.isfinite(stock)
    stock[limited] *= 1.0 - share[limited]


def cut(first: Integer, parts: int) -> list[tuple[int, int]]:
    """Cut runs of work, which start at ``first`` and end at its last entry, into parts of about the same work."""
    runs = first.size - 1
    bounds = [int(np.searchsorted(first, first[-1] * (part / parts))) for part in range(parts + 1)]
    bounds[0], bounds[-1] = 0, runs
    return [(low, high) for low, high in pairwise(bounds) if high > low]


def run_parts(pool: ThreadPoolExecutor | None, work: Callable[[int], None], parts: int) -> None:
    """Do ``work`` for every part, in threads if there are any."""
    if pool is None:
        for part in range(parts):
            work(part)
    else:
        list(pool.map(work, range(parts)))


def limits_from_stocks(layout: Layout, stock: Float, day: Day, scenario: int, *, per_link: bool) -> None:
    """Fill the limits that stocks set, outside a pass."""
    products = len(layout.network.products)
    stock_limits(products, layout.slots, per_link, stock, day.limit[scenario], day.scarce[scenario])


def ordering_of(parameters: Parameters) -> Ordering:
    """Return the rules of orders that hold on every day."""
    return Ordering(
        weighted=parameters.order_rule is not OrderRule.FIXED_SHARES,
        floored=parameters.restocking_gap is RestockingGap.FLOORED,
        by_flow=parameters.rationing.smallest_first,
        planned=parameters.restocking_gap is RestockingGap.POSITION,
    )


def with_shortcuts(
    layout: Layout, parameters: Parameters, stock: Float, received: Float, day: Day, scenario: int
) -> Ordering:
    """Return the day's rules with the two shortcuts that BoARIO takes when numbers are close.

    Parameters
    ----------
    layout : Layout
        The network.
    parameters : Parameters
        With quirks.
    stock, received : (K,) array, currency and currency per day
        Stock of every slot before the day, and what it receives.
    day : Day
        Production and output for which stocks are wanted.
    scenario : int
        Row of ``day``.

    Returns
    -------
    ordering : Ordering
        ``frozen`` if all goods received are close to what is used; ``use_only`` if all stocks are then close to their
        targets.
    """
    slots = layout.slots
    use = slots.flow * layout.relative(day.production[scenario])[slots.buyer]
    frozen = Quirk.STOCKS_FROZEN_WHEN_CLOSE in parameters.quirks and np.allclose(received, use)
    after = stock if frozen else stock + received - use
    stocks_for = layout.relative(day.target_output[scenario])[slots.buyer]
    target = np.where(np.isinf(slots.goal), np.inf, np.where(np.isinf(slots.goal), 0.0, slots.goal) * stocks_for)
    close = Quirk.NO_RESTOCKING_WHEN_CLOSE in parameters.quirks and np.allclose(after, target)
    return ordering_of(parameters)._replace(frozen=bool(frozen), use_only=bool(close))
