"""The exchange of goods and orders: three ways to do the same day, chosen by what a run needs.

``SparseExchange`` knows every rule. ``DenseExchange`` reads a table's flows once a day and knows the plain rules.
``BatchExchange`` does many scenarios in that one reading as matrix products. Tests hold them to the same series.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from tenon.numerics import kernel
from tenon.propagation._agents import stock_limits
from tenon.propagation._dense import pass_dense
from tenon.propagation._disturbances import Disturbance
from tenon.propagation._formulas import output_limit, wanted
from tenon.propagation._layout import LANES, Layout
from tenon.propagation._sparse import (
    LIMIT,
    MAKES,
    RATIO,
    SCARCE,
    SHARE,
    STOCKS_FOR,
    WEIGHT,
    pass_links,
    pass_slots,
    ration_pass,
)
from tenon.propagation.parameters import InventoryRule, OrderRule, Parameters, Quirk, RestockingGap
from tenon.schema import Float, Integer

__all__ = ["BatchExchange", "Day", "DenseExchange", "Exchange", "SparseExchange"]

_CLOSE = 1e-8  # absolute tolerance of the shortcuts of BoARIO (numpy.allclose)
_RATION_PASSES = 200


@dataclass(eq=False)
class Day:
    """What agents and exchange tell each other within a day; ``B`` scenarios, ``N`` agents by position.

    Parameters
    ----------
    production, target_output : (B, N) array, currency per day
        What agents make, and the output for which they want stocks.
    share, ratio : (B, N) array, dimensionless
        Share of each supplier's orders that it serves, and the multiple of undisturbed flows that it exceeds for nobody.
    weight : (B, N) array, dimensionless
        Weight of each supplier in tomorrow's orders.
    orders : (B, N) array, currency per day
        Orders received by each agent.
    limit : (B, N) array, currency per day
        Output that stocks allow tomorrow.
    scarce : (B, N) array of int
        Product whose stock sets that limit.
    """

    production: Float
    target_output: Float
    share: Float
    ratio: Float
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
            share=np.ones(shape),
            ratio=np.full(shape, np.inf),
            weight=np.ones(shape),
            orders=np.tile(orders, (scenarios, 1)),
            limit=np.full(shape, np.inf),
            scarce=np.full(shape, -1, dtype=np.int64),
        )


class Exchange(Protocol):
    """A way to do a day of deliveries and orders."""

    def ration(self, day: Day, scenario: int, supply: Float, final: Float, *, final_last: bool) -> Float:
        """Fill ``day.share`` and ``day.ratio`` for smallest orders first; return the share of final demand served."""

    def advance(self, day: Day, number: int) -> Float:
        """Deliver, use, restock and order; return (B, S, 4) sums by product: shipped, arrived, used, change of stocks."""

    def destroy(self, scenario: int, slots: Float) -> None:
        """Destroy a share of the stock of each slot, (K,)."""

    def limits(self, day: Day, scenario: int) -> None:
        """Work out anew which output the stocks allow."""

    def inventories(self, scenario: int) -> Float:
        """Return the stock of every slot, (K,), currency."""

    def state(self) -> dict[str, Float]:
        """Return the arrays that a later run needs to go on."""


class SparseExchange:
    """Links named one by one; every rule."""

    def __init__(
        self, layout: Layout, parameters: Parameters, disturbances: Sequence[Disturbance], *, threads: int = 1
    ) -> None:
        slots = layout.slots
        self._layout = layout
        self._parameters = parameters
        self._disturbances = disturbances
        self._per_link = parameters.inventory_rule is InventoryRule.PER_LINK
        products = len(layout.network.products)
        # Lanes end where blocks of buyers end, so that no two write to one buyer.
        lanes = _cut(slots.link_first[slots.first[::products]], LANES)
        self._lanes = [np.arange(low * products, high * products) for low, high in lanes]
        self._pool = ThreadPoolExecutor(min(threads, len(self._lanes))) if threads > 1 < len(self._lanes) else None
        held = slots.goal * layout.output[self._buyer_of_stock()]
        self._stock = np.tile(held, (len(disturbances), 1))
        self._order = np.tile(slots.link_flow, (len(disturbances), 1))
        ring = 1 + max(disturbance.longest_delay for disturbance in disturbances)
        places = held.size if ring > 1 else 0
        self._arrivals = np.zeros((len(disturbances), ring if ring > 1 else 0, places))

    def _buyer_of_stock(self) -> Integer:
        slots = self._layout.slots
        return np.repeat(slots.buyer, np.diff(slots.link_first)) if self._per_link else slots.buyer

    def open(self, day: Day) -> None:
        """Close links on the first day, before anything was ordered."""
        layout, slots = self._layout, self._layout.slots
        buyers = np.repeat(slots.buyer, np.diff(slots.link_first))
        for number, disturbance in enumerate(self._disturbances):
            if disturbance.closures:
                share = disturbance.open_share(0)
                free = share[disturbance.supplier_class[slots.supplier], disturbance.buyer_class[buyers]]
                self._order[number] *= free
                day.orders[number] = np.bincount(slots.supplier, self._order[number], layout.output.size)

    def ration(self, day: Day, scenario: int, supply: Float, final: Float, *, final_last: bool) -> Float:
        """Serve the smallest orders first, relative to undisturbed flows (Inoue and Todo 2019).

        Solves ``sum_k min(o_k, r f_k) + min(1, r) c = supply`` for the ratio ``r`` of each supplier by raising it from below: orders
        ``o`` that ``r`` covers are served in full, the rest shares what is left in proportion to flows ``f``.
        """
        slots, order = self._layout.slots, self._order[scenario]
        orders = day.orders[scenario]
        wanted_final = np.zeros_like(final) if final_last else final
        short = supply < (orders + wanted_final) * (1 - 1e-15)
        ratio = np.where(short, 0.0, np.inf)
        for _ in range(_RATION_PASSES):
            served, open_flow = np.zeros_like(orders), np.zeros_like(orders)
            ration_pass(slots.link_first, slots.supplier, slots.link_flow, order, ratio, served, open_flow)
            covered = ratio >= 1.0
            served += np.where(covered, wanted_final, 0.0)
            open_flow += np.where(covered, 0.0, wanted_final)
            left = np.maximum(supply - served, 0.0)
            raised = np.where(short, np.where(open_flow > 0, left / np.where(open_flow > 0, open_flow, 1.0), ratio), np.inf)
            if not (raised > ratio).any():
                break
            ratio = np.maximum(ratio, raised)
        day.share[scenario] = 1.0
        day.ratio[scenario] = ratio
        if final_last:
            left = np.maximum(supply - np.minimum(orders, supply), 0.0)
            return np.where(final > 0, np.minimum(1.0, left / np.where(final > 0, final, 1.0)), 1.0)
        return np.minimum(1.0, ratio)

    def advance(self, day: Day, number: int) -> Float:
        """Deliver, use, restock and order."""
        day.orders[:] = 0.0
        sums = np.empty((len(self._disturbances), len(self._layout.network.products), 6))
        for scenario, disturbance in enumerate(self._disturbances):
            # Orders placed today travel tomorrow, so tomorrow's borders decide which can be placed.
            opened = disturbance.open_share(number + 1) if disturbance.closures else np.ones((1, 1))
            late = disturbance.delay_days(number)

            def one_pass(
                frozen: bool,  # noqa: FBT001 - called by position below
                no_gap: bool,  # noqa: FBT001
                scenario: int = scenario,
                disturbance: Disturbance = disturbance,
                opened: Float = opened,
                late: Integer = late,
            ) -> Float:
                self._pass(day, number, scenario, disturbance, opened, late, frozen, no_gap, sums[scenario])
                return sums[scenario]

            changed = [self._stock[scenario], self._order[scenario], self._arrivals[scenario], day.orders[scenario]]
            _with_shortcuts(self._parameters, one_pass, changed)
        return sums[:, :, :4]

    def _pass(  # budget: gathers the arguments of a kernel
        self,
        day: Day,
        number: int,
        scenario: int,
        disturbance: Disturbance,
        opened: Float,
        late: Integer,
        frozen: bool,  # noqa: FBT001
        no_gap: bool,  # noqa: FBT001
        sums: Float,
    ) -> None:
        slots, parameters = self._layout.slots, self._parameters
        size = self._layout.output.size
        buyers = np.empty((size, 4))
        buyers[:, MAKES], buyers[:, STOCKS_FOR] = day.production[scenario], day.target_output[scenario]
        buyers[:, LIMIT], buyers[:, SCARCE] = np.inf, -1.0
        suppliers = np.empty((size, 3))
        suppliers[:, SHARE], suppliers[:, RATIO] = day.share[scenario], day.ratio[scenario]
        suppliers[:, WEIGHT] = day.weight[scenario]
        demand = np.zeros((len(self._lanes), size))
        flows_of = np.zeros((len(self._lanes), *sums.shape))
        flows_of[:, :, 4:] = -np.inf

        def work(lane: int) -> None:
            fixed = (
                self._lanes[lane], slots.first, slots.buyer, slots.link_first, slots.supplier, slots.link_flow,
                slots.coefficient, slots.flow, slots.goal, slots.limit_slope, slots.limit_offset,
                self._layout.restocking_rate, suppliers, disturbance.supplier_class, disturbance.buyer_class, opened,
                late, self._arrivals[scenario], number, parameters.order_rule is OrderRule.CAPACITY_WEIGHTED,
                parameters.restocking_gap is RestockingGap.FLOORED,
            )  # fmt: skip
            changed = (self._stock[scenario], self._order[scenario], buyers, demand[lane], flows_of[lane])
            if self._per_link:
                pass_links(*fixed, *changed)
            else:
                pass_slots(*fixed, frozen, no_gap, *changed)

        _run(self._pool, work, len(self._lanes))
        np.sum(demand, axis=0, out=day.orders[scenario])
        day.limit[scenario], day.scarce[scenario] = buyers[:, LIMIT], buyers[:, SCARCE]
        sums[:, :4] = flows_of[:, :, :4].sum(axis=0)
        sums[:, 4:] = flows_of[:, :, 4:].max(axis=0)

    def destroy(self, scenario: int, slots: Float) -> None:
        """Destroy a share of the stock of each slot."""
        if self._per_link:
            slots = np.repeat(slots, np.diff(self._layout.slots.link_first))
        self._stock[scenario] *= 1.0 - slots

    def limits(self, day: Day, scenario: int) -> None:
        """Work out anew which output the stocks allow."""
        _limits_from_stocks(self._layout, self._stock[scenario], day, scenario, per_link=self._per_link)

    def inventories(self, scenario: int) -> Float:
        """Return the stock of every slot."""
        if self._per_link and self._stock.shape[1]:
            return np.add.reduceat(self._stock[scenario], self._layout.slots.link_first[:-1])
        return self._stock[scenario]

    def state(self) -> dict[str, Float]:
        """Return the arrays that a later run needs to go on."""
        return {"stock": self._stock, "order": self._order, "arrivals": self._arrivals}


class DenseExchange:
    """A flow for every pair; plain rules; one reading of the flows a day and scenario."""

    def __init__(self, layout: Layout, parameters: Parameters, scenarios: int, *, threads: int = 1) -> None:
        self._layout = layout
        self._parameters = parameters
        # All products have as many slots; work grows with the suppliers.
        chunks = _cut(layout.first_agent * layout.output.size, threads)
        self._chunks = [np.arange(low, high) for low, high in chunks]
        self._pool = ThreadPoolExecutor(len(self._chunks)) if len(self._chunks) > 1 else None
        slots = layout.slots
        self._stock = np.tile(slots.goal * layout.output[slots.buyer], (scenarios, 1))
        self._scale = np.ones((scenarios, slots.flow.size))
        self._weight = np.ones((scenarios, layout.output.size))

    def ration(self, day: Day, scenario: int, supply: Float, final: Float, *, final_last: bool) -> Float:
        """Refuse: smallest orders first needs links named one by one."""
        raise NotImplementedError

    def advance(self, day: Day, number: int) -> Float:
        """Deliver, use, restock and order."""
        del number
        scenarios = day.production.shape[0]
        sums = np.empty((scenarios, len(self._layout.network.products), 6))
        for scenario in range(scenarios):
            delivered = self._weight[scenario] * day.share[scenario]

            def one_pass(
                frozen: bool,  # noqa: FBT001 - called by position below
                no_gap: bool,  # noqa: FBT001
                scenario: int = scenario,
                delivered: Float = delivered,
            ) -> Float:
                self._pass(day, scenario, delivered, frozen, no_gap, sums[scenario])
                return sums[scenario]

            changed = [self._stock[scenario], self._scale[scenario], day.orders[scenario]]
            _with_shortcuts(self._parameters, one_pass, changed)
        self._weight[:] = day.weight
        return sums[:, :, :4]

    def _pass(  # budget: gathers the arguments of a kernel
        self,
        day: Day,
        scenario: int,
        delivered: Float,
        frozen: bool,  # noqa: FBT001
        no_gap: bool,  # noqa: FBT001
        sums: Float,
    ) -> None:
        layout, slots = self._layout, self._layout.slots
        floored = self._parameters.restocking_gap is RestockingGap.FLOORED
        limits = np.full((len(self._chunks), layout.output.size), np.inf)
        scarce = np.full((len(self._chunks), layout.output.size), -1, dtype=np.int64)

        def work(chunk: int) -> None:
            pass_dense(
                self._chunks[chunk], layout.first_agent, slots.first, slots.buyer, slots.link_flow, slots.coefficient,
                slots.flow, slots.goal, slots.limit_slope, slots.limit_offset, layout.restocking_rate,
                day.production[scenario], day.target_output[scenario], delivered, day.weight[scenario], floored, frozen,
                no_gap, self._stock[scenario], self._scale[scenario], day.orders[scenario], limits[chunk],
                scarce[chunk], sums,
            )  # fmt: skip

        _run(self._pool, work, len(self._chunks))
        _merge(limits, scarce, day.limit[scenario], day.scarce[scenario])

    def destroy(self, scenario: int, slots: Float) -> None:
        """Destroy a share of the stock of each slot."""
        self._stock[scenario] *= 1.0 - slots

    def limits(self, day: Day, scenario: int) -> None:
        """Work out anew which output the stocks allow."""
        _limits_from_stocks(self._layout, self._stock[scenario], day, scenario, per_link=False)

    def inventories(self, scenario: int) -> Float:
        """Return the stock of every slot."""
        return self._stock[scenario]

    def state(self) -> dict[str, Float]:
        """Return the arrays that a later run needs to go on."""
        return {"stock": self._stock, "scale": self._scale, "weight": self._weight}


class BatchExchange:
    """Many scenarios on a table: deliveries and orders of a product are products of matrices."""

    def __init__(self, layout: Layout, parameters: Parameters, scenarios: int, *, threads: int = 1) -> None:
        del threads  # the matrix products bring their own
        self._layout = layout
        self._parameters = parameters
        slots = layout.slots
        self._blocks = [block for _, block in layout.network.product_blocks()]
        self._stock = np.repeat((slots.goal * layout.output[slots.buyer])[:, None], scenarios, axis=1)
        self._scale = np.ones((slots.flow.size, scenarios))
        self._weight = np.ones((layout.output.size, scenarios))

    def ration(self, day: Day, scenario: int, supply: Float, final: Float, *, final_last: bool) -> Float:
        """Refuse: smallest orders first needs links named one by one."""
        raise NotImplementedError

    def advance(self, day: Day, number: int) -> Float:
        """Deliver, use, restock and order."""
        del number
        layout, slots = self._layout, self._layout.slots
        scenarios, size = day.production.shape
        delivered = self._weight * day.share.T
        weight = np.ascontiguousarray(day.weight.T)
        production = np.ascontiguousarray(day.production.T)
        target = np.ascontiguousarray(day.target_output.T)
        limit = np.full((size, scenarios), np.inf)
        scarce = np.full((size, scenarios), -1, dtype=np.int64)
        sums = np.empty((len(self._blocks), 4, scenarios))
        floored = self._parameters.restocking_gap is RestockingGap.FLOORED
        even = (weight == 1.0).all()
        for product, block in enumerate(self._blocks):
            low, high = layout.first_agent[product], layout.first_agent[product + 1]
            here = slice(slots.first[product], slots.first[product + 1])
            received = block @ delivered[low:high]
            weighted = received[:0] if even else block @ weight[low:high]
            _restock_batch(
                product, slots.buyer[here], slots.coefficient[here], slots.flow[here], slots.goal[here],
                slots.limit_slope[here], slots.limit_offset[here], layout.restocking_rate[product], production, target,
                floored, received, weighted, self._stock[here], self._scale[here], limit, scarce, sums[product],
            )  # fmt: skip
            day.orders[:, low:high] = (self._scale[here].T @ block) * day.weight[:, low:high]
        self._weight = weight
        day.limit[:] = limit.T
        day.scarce[:] = scarce.T
        return np.ascontiguousarray(sums.transpose(2, 0, 1))

    def destroy(self, scenario: int, slots: Float) -> None:
        """Destroy a share of the stock of each slot."""
        self._stock[:, scenario] *= 1.0 - slots

    def limits(self, day: Day, scenario: int) -> None:
        """Work out anew which output the stocks allow."""
        stock = np.ascontiguousarray(self._stock[:, scenario])
        _limits_from_stocks(self._layout, stock, day, scenario, per_link=False)

    def inventories(self, scenario: int) -> Float:
        """Return the stock of every slot."""
        return self._stock[:, scenario]

    def state(self) -> dict[str, Float]:
        """Return the arrays that a later run needs to go on."""
        return {"stock": self._stock, "scale": self._scale, "weight": self._weight}


@kernel
def _restock_batch(
    product: int,
    buyer: Integer,
    coefficient: Float,
    flow: Float,
    goal: Float,
    slope: Float,
    offset: Float,
    rate: float,
    production: Float,
    target_output: Float,
    floored: bool,  # noqa: FBT001 - a kernel takes arrays and numbers by position
    received: Float,
    weighted: Float,
    stock: Float,
    scale: Float,
    limit: Float,
    scarce: Integer,
    sums: Float,
) -> None:
    """Receive, use, restock and order for the slots of one product, all scenarios side by side."""
    even = weighted.shape[0] == 0
    sums[:, :] = 0.0
    for k in range(buyer.size):
        if coefficient[k] == 0.0:
            continue
        b = buyer[k]
        for n in range(stock.shape[1]):
            goods = received[k, n] * scale[k, n]
            use = coefficient[k] * production[b, n]
            new = stock[k, n] + goods - use
            sums[0, n] += goods
            sums[2, n] += use
            sums[3, n] += new - stock[k, n] if new < np.inf else goods - use
            stock[k, n] = new
            quantity = wanted(new, use, goal[k] * target_output[b, n], rate, floored, flow[k])
            pull = flow[k] if even else weighted[k, n]
            scale[k, n] = quantity / pull if pull > 0.0 else 0.0
            bound = output_limit(new, slope[k], offset[k])
            if bound < limit[b, n]:
                limit[b, n] = bound
                scarce[b, n] = product
    sums[1, :] = sums[0, :]


def _cut(first: Integer, parts: int) -> list[tuple[int, int]]:
    """Cut runs of work, which start at ``first`` and end at its last entry, into parts of about the same work."""
    runs = first.size - 1
    bounds = [int(np.searchsorted(first, first[-1] * (part / parts))) for part in range(parts + 1)]
    bounds[0], bounds[-1] = 0, runs
    return [(low, high) for low, high in zip(bounds, bounds[1:], strict=False) if high > low]


def _run(pool: ThreadPoolExecutor | None, work: Callable[[int], None], chunks: int) -> None:
    if pool is None:
        for chunk in range(chunks):
            work(chunk)
    else:
        list(pool.map(work, range(chunks)))


def _merge(limits: Float, scarce: Integer, limit: Float, product: Integer) -> None:
    """Take the tightest limit over the chunks; on a tie the first product, whatever the number of chunks."""
    limit[:] = limits[0]
    product[:] = scarce[0]
    for other, its_product in zip(limits[1:], scarce[1:], strict=True):
        tighter = other < limit
        limit[tighter] = other[tighter]
        product[tighter] = its_product[tighter]


def _limits_from_stocks(layout: Layout, stock: Float, day: Day, scenario: int, *, per_link: bool) -> None:
    slots = layout.slots
    stock_limits(
        len(layout.network.products), slots.first, slots.buyer, slots.link_first, slots.limit_slope, slots.limit_offset, per_link, stock,
        day.limit[scenario], day.scarce[scenario],
    )  # fmt: skip


def _with_shortcuts(parameters: Parameters, one_pass: Callable[[bool, bool], Float], changed: list[Float]) -> None:
    """Do a pass, and where asked repeat it as BoARIO does when all flows or all stocks are close to what they should be."""
    freezes = Quirk.STOCKS_FROZEN_WHEN_CLOSE in parameters.quirks
    skips = Quirk.NO_RESTOCKING_WHEN_CLOSE in parameters.quirks
    if not (freezes or skips):
        one_pass(False, False)  # noqa: FBT003
        return
    before = [array.copy() for array in changed]

    def again(frozen: bool, no_gap: bool) -> Float:  # noqa: FBT001
        for array, old in zip(changed, before, strict=True):
            array[...] = old
        return one_pass(frozen, no_gap)

    sums = one_pass(False, False)  # noqa: FBT003
    frozen = bool(freezes and (sums[:, 4] <= _CLOSE).all())
    if frozen:
        sums = again(frozen, False)  # noqa: FBT003
    if skips and (sums[:, 5] <= _CLOSE).all():
        again(frozen, True)  # noqa: FBT003
