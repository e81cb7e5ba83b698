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
from tenon.propagation._sparse import (
    Borders,
    fill_tables,
    pass_links,
    pass_slots,
    ration_pass,
)
from tenon.propagation.parameters import InventoryRule, Parameters
from tenon.schema import Float, Integer

__all__ = ["SparseExchange"]

_RATION_PASSES = 200
# Orders that exceed supply by less than their rounding are served in full.
_SHORT = 1 - 1e-15


class _Room(NamedTuple):
    """What every pass fills anew: tables of buyers and suppliers, (N, 2), and demand by lane, (Q, N)."""

    buyers: Float
    suppliers: Float
    demand: Float


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
    threads : int
        Threads that share the lanes.
    """

    def __init__(
        self, layout: Layout, parameters: Parameters, disturbances: Sequence[Disturbance], *, threads: int = 1
    ) -> None:
        slots = layout.slots
        self._layout = layout
        self._parameters = parameters
        # Nobody works above the limit of overproduction, unless capacity adapts in less than a day and overshoots it.
        self._ceiling = parameters.overproduction_max if parameters.overproduction_days >= 1 else math.inf
        self._disturbances = disturbances
        self._per_link = parameters.inventory_rule is InventoryRule.PER_LINK
        products = len(layout.network.products)
        # Lanes end where blocks of buyers end, so that no two write to one buyer.
        lanes = cut(slots.link_first[slots.first[::products]], LANES)
        self._lanes = [np.arange(low * products, high * products) for low, high in lanes]
        self._pool = ThreadPoolExecutor(min(threads, len(lanes))) if threads > 1 < len(lanes) else None
        self._stock = np.tile(slots.goal, (len(disturbances), 1))
        self._order = np.tile(slots.link_flow, (len(disturbances), 1))
        # Room that every pass fills anew.
        agents = layout.output.size
        self._room = _Room(np.empty((agents, 2)), np.empty((agents, 2)), np.empty((len(lanes), agents)))
        longest = max(disturbance.links.longest_delay for disturbance in disturbances)
        ring = (longest + 1, self._stock.shape[1]) if longest else (0, 0)
        self._arrivals = np.zeros((len(disturbances), *ring))

    def open(self, day: Day) -> None:
        """Close links on the first day, before anything was ordered."""
        slots, buyers = self._layout.slots, self._buyer_of_link()
        for number, disturbance in enumerate(self._disturbances):
            links = disturbance.links
            if links.closures:
                at = links.supplier_class[slots.supplier], links.buyer_class[buyers]
                self._order[number] *= links.open_share(0)[at]
                day.orders[number] = np.bincount(slots.supplier, self._order[number], self._layout.output.size)

    def ration(self, day: Day, scenario: int, supply: Float, final: Float) -> Float:
        """Serve the smallest orders first, relative to undisturbed flows (Inoue and Todo 2019).

        Solves ``sum_k min(o_k, r f_k) + c min(1, r) = supply`` for the ratio ``r`` of each supplier by raising it from
        below: orders ``o`` that ``r`` covers are served in full, the others share what is left in proportion to their
        undisturbed flows ``f``; so does final demand ``c``.

        Parameters
        ----------
        day : Day
            Takes the ratios as what is served.
        scenario : int
            Row of ``day``.
        supply, final : (N,) array, currency per day
            What each agent can deliver, and final demand that is served like any order.

        Returns
        -------
        array
            Share of final demand served, (N,).
        """
        slots, order, orders = self._layout.slots, self._order[scenario], day.orders[scenario]
        short = supply < (orders + final) * _SHORT
        ratio = np.where(short, 0.0, np.inf)
        for _ in range(_RATION_PASSES):
            served, open_flow = np.zeros_like(orders), np.zeros_like(orders)
            ration_pass(slots, order, ratio, served, open_flow)
            served += np.where(ratio >= 1.0, final, 0.0)
            open_flow += np.where(ratio >= 1.0, 0.0, final)
            left = np.maximum(supply - served, 0.0)
            raised = np.divide(left, open_flow, out=ratio.copy(), where=short & (open_flow > 0))
            if not (raised > ratio).any():
                break
            ratio = np.maximum(ratio, raised)
        day.served[scenario] = ratio
        return np.minimum(1.0, ratio)

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
        room = self._room
        fill_tables(
            self._layout.output, day.production[scenario], day.target_output[scenario], day.served[scenario],
            day.weight[scenario], room.buyers, room.suppliers,
        )  # fmt: skip
        limit, scarce = day.limit[scenario], day.scarce[scenario]
        limit[:], scarce[:] = np.inf, -1
        room.demand[:] = 0.0
        flows_of = np.zeros((len(self._lanes), *sums.shape))
        ordering = self._ordering(day, scenario)
        one_pass = pass_links if self._per_link else pass_slots

        def work(lane: int) -> None:
            one_pass(
                self._lanes[lane], self._layout.slots, self._layout.restocking_rate, ordering, borders, room.suppliers,
                room.buyers, self._ceiling, self._stock[scenario], self._order[scenario], self._arrivals[scenario],
                room.demand[lane], limit, scarce, flows_of[lane],
            )  # fmt: skip

        run_parts(self._pool, work, len(self._lanes))
        np.sum(room.demand, axis=0, out=day.orders[scenario])
        np.sum(flows_of, axis=0, out=sums)

    def _ordering(self, day: Day, scenario: int) -> Ordering:
        if not self._parameters.quirks or self._per_link:
            return ordering_of(self._parameters)
        slots = self._layout.slots
        goods = self._order[scenario] * day.served[scenario, slots.supplier]
        received = np.add.reduceat(goods, slots.link_first[:-1])
        return with_shortcuts(self._layout, self._parameters, self._stock[scenario], received, day, scenario)
