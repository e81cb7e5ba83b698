"""Exchange in sparse storage: links named one by one, every rule."""

from __future__ import annotations

import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from tenon.propagation._disturbances import Disturbance
from tenon.propagation._exchange import Day, cut, destroy, limits_from_stocks, ordering_of, run_parts, with_shortcuts
from tenon.propagation._layout import LANES, Layout
from tenon.propagation._ordering import Ordering
from tenon.propagation._rationing import Supplies, customers_of, serve_smallest_first
from tenon.propagation._sparse import Agents, Borders, begin_pass, end_pass, pass_segments
from tenon.propagation.parameters import InventoryRule, Parameters, RestockingTarget
from tenon.schema import Float, Integer

__all__ = ["SparseExchange"]


class _Room(NamedTuple):
    """Levels of agents, (N,), filled anew by every pass; demand by lane, (Q, N), left empty by it; parts of agents."""

    makes: Float
    stocks_for: Float
    demand: Float
    parts: list[tuple[int, int]]

    @classmethod
    def of(cls, agents: int, lanes: int, parameters: Parameters) -> _Room:
        """Make room; what is made and what stocks are wanted for share it where they are the same."""
        makes = np.empty(agents)
        same = parameters.restocking_target is RestockingTarget.PRODUCTION
        return cls(
            makes, makes if same else np.empty(agents), np.zeros((lanes, agents)), cut(np.arange(agents + 1), LANES)
        )


class SparseExchange:
    """Links named one by one.

    Parameters
    ----------
    layout : Layout
        A network in sparse storage.
    parameters : Parameters
        Any rules.
    disturbances : sequence of Disturbance
        One a scenario, ``B`` in all.
    pool : ThreadPoolExecutor or None
        Threads that share the lanes, if more than one does the work.
    """

    def __init__(
        self,
        layout: Layout,
        parameters: Parameters,
        disturbances: Sequence[Disturbance],
        pool: ThreadPoolExecutor | None = None,
    ) -> None:
        slots = layout.slots
        self._layout = layout
        self._parameters = parameters
        # Nobody works above the limit of overproduction, unless capacity adapts in less than a day and overshoots it.
        ratio = float(layout.relative(layout.able).max(initial=1.0))
        self._ceiling = parameters.overproduction_max * ratio if parameters.overproduction_days >= 1 else math.inf
        self._disturbances = disturbances
        self._per_link = parameters.inventory_rule is InventoryRule.PER_LINK
        products = len(layout.network.products)
        # Lanes end where blocks of buyers end, so that no two write to one buyer.
        lanes = cut(slots.link_first[slots.first[::products]], LANES)
        self._lanes = [np.arange(low * products, high * products) for low, high in lanes]
        self._pool = pool
        self._stock = np.tile(slots.goal, (len(disturbances), 1))
        self._order = np.tile(slots.link_flow, (len(disturbances), 1))
        self._room = _Room.of(layout.output.size, len(lanes), parameters)
        if parameters.rationing.smallest_first:
            self._customers = customers_of(slots, layout.output.size)
        longest = max(disturbance.links.longest_delay for disturbance in disturbances)
        longest += int(slots.link_days.max(initial=0))
        ring = (longest + 1, self._stock.shape[1]) if longest else (0, 0)
        self._arrivals = np.zeros((len(disturbances), *ring))
        for days in range(int(slots.link_days.max(initial=0))):
            under_way = np.where(slots.link_days > days, slots.link_flow, 0.0)
            self._arrivals[:, days] = np.add.reduceat(under_way, slots.link_first[:-1])

    def open(self, day: Day) -> None:
        """Close links on the first day, before anything was ordered."""
        slots, buyers = self._layout.slots, self._buyer_of_link()
        for number, disturbance in enumerate(self._disturbances):
            links = disturbance.links
            if links.closures:
                at = links.supplier_class[slots.supplier], links.buyer_class[buyers]
                self._order[number] *= links.open_share(0)[at]
                day.orders[number] = np.bincount(slots.supplier, self._order[number], self._layout.output.size)

    def ration(self, scenario: int, supplies: Supplies) -> None:
        """Serve the smallest orders first, and final demand like any order unless it comes last."""
        final_last, order = self._parameters.rationing.final_last, self._order[scenario]

        suppliers = cut(self._customers.first, LANES)

        def work(part: int) -> None:
            serve_smallest_first(*suppliers[part], final_last, self._customers, order, supplies)

        run_parts(self._pool, work, len(suppliers))

    def advance(self, day: Day, number: int) -> Float:
        """Deliver, use, restock and order."""
        sums = np.empty((len(self._disturbances), len(self._layout.network.products), 4))
        for scenario, disturbance in enumerate(self._disturbances):
            links = disturbance.links
            # Orders placed today travel tomorrow, so tomorrow's borders decide which can be placed.
            opened = links.open_share(number + 1) if links.closures else np.ones((1, 1))
            borders = Borders(links.supplier_class, links.buyer_class, opened, links.late(number), number)
            self._pass(day, scenario, borders, sums[scenario])
        return sums

    def destroy(self, scenario: int, slots: Float) -> None:
        """Destroy a share of the stock of each slot."""
        if self._per_link:
            slots = np.repeat(slots, np.diff(self._layout.slots.link_first))
        destroy(self._stock[scenario], slots)

    def limits(self, day: Day, scenario: int) -> None:
        """Work out anew which output the stocks allow."""
        limits_from_stocks(self._layout, self._stock[scenario], day, scenario, per_link=self._per_link)

    def inventories(self, scenario: int) -> Float:
        """Return the stock of every slot."""
        if self._per_link and self._stock.shape[1]:
            return np.add.reduceat(self._stock[scenario], self._layout.slots.link_first[:-1])
        stock: Float = self._stock[scenario]
        return stock

    def state(self) -> dict[str, Float]:
        """Return the arrays that a later run needs to go on."""
        return {"stock": self._stock, "order": self._order, "arrivals": self._arrivals}

    def _buyer_of_link(self) -> Integer:
        slots = self._layout.slots
        return np.repeat(slots.buyer, np.diff(slots.link_first)).astype(np.int64)

    def _pass(self, day: Day, scenario: int, borders: Borders, sums: Float) -> None:
        layout, demand, parts = self._layout, self._room.demand, self._room.parts
        agents = Agents(day.served[scenario], day.weight[scenario], self._room.makes, self._room.stocks_for)
        flows_of = np.zeros((len(self._lanes), *sums.shape))
        ordering = self._ordering(day, scenario)

        def begin(part: int) -> None:
            here = slice(*parts[part])
            begin_pass(
                layout.output[here], day.production[scenario, here], day.target_output[scenario, here],
                agents.makes[here], agents.stocks_for[here], day.limit[scenario, here], day.scarce[scenario, here],
            )  # fmt: skip

        def work(lane: int) -> None:
            pass_segments(
                self._lanes[lane], layout.slots, layout.restocking_rate, ordering, borders, self._per_link, agents,
                self._ceiling, self._stock[scenario], self._order[scenario], self._arrivals[scenario], demand[lane],
                day.limit[scenario], day.scarce[scenario], flows_of[lane],
            )  # fmt: skip

        def end(part: int) -> None:
            here = slice(*parts[part])
            end_pass(demand[:, here], day.orders[scenario, here])

        run_parts(self._pool, begin, len(parts))
        run_parts(self._pool, work, len(self._lanes))
        run_parts(self._pool, end, len(parts))
        np.sum(flows_of, axis=0, out=sums)

    def _ordering(self, day: Day, scenario: int) -> Ordering:
        if not self._parameters.quirks or self._per_link:
            return ordering_of(self._parameters)
        slots = self._layout.slots
        goods = self._order[scenario] * day.served[scenario, slots.supplier]
        received = np.add.reduceat(goods, slots.link_first[:-1])
        return with_shortcuts(self._layout, self._parameters, self._stock[scenario], received, day, scenario)
