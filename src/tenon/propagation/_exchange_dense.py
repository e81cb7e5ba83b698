"""Exchange in dense storage: plain rules, one reading of the flows a day and scenario."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from tenon.propagation._dense import fill_buyers, pass_dense, rest, tighten
from tenon.propagation._exchange import Day, cut, destroy, limits_from_stocks, ordering_of, run_parts
from tenon.propagation._layout import Layout
from tenon.propagation._ordering import Ordering
from tenon.propagation.parameters import Parameters, Quirk
from tenon.schema import Float

__all__ = ["DenseExchange"]


class DenseExchange:
    """A flow for every pair of agents.

    Parameters
    ----------
    layout : Layout
        A network in dense storage.
    parameters : Parameters
        Plain rules: stocks per product, proportional rationing or final demand last.
    scenarios : int
        Number ``B`` of scenarios.
    threads : int
        Threads that share the products.
    """

    def __init__(self, layout: Layout, parameters: Parameters, scenarios: int, *, threads: int = 1) -> None:
        self._layout = layout
        self._quirks = parameters.quirks
        self._ordering = ordering_of(parameters)
        parts = cut(layout.first_agent, threads)
        self._parts = [np.arange(low, high) for low, high in parts]
        self._pool = ThreadPoolExecutor(len(parts)) if len(parts) > 1 else None
        size, slots = layout.output.size, layout.slots
        self._stock = self._array(scenarios, slots.goal.size)
        self._scale = self._array(scenarios, slots.goal.size)
        self._weight = self._array(scenarios, size)
        self._stock[:], self._scale[:], self._weight[:] = slots.goal, 1.0, 1.0
        # The kernels meet buyers in the order of the agents.
        self._buyers = self._array(2, scenarios, size)
        self._limits = self._array(len(parts), scenarios, size)
        self._scarce = np.zeros_like(self._limits, dtype=np.int64)

    def advance(self, day: Day, number: int) -> Float:
        """Deliver, use, restock and order."""
        del number
        layout = self._layout
        delivered = self._weight * day.served
        self._weight[:] = day.weight
        fill_buyers(layout.order, layout.output, day.production, day.target_output, self._buyers)
        self._limits.fill(np.inf)
        self._scarce.fill(-1)
        sums = np.zeros((day.production.shape[0], len(layout.network.products), 4))
        self._pass(day, delivered, sums)
        day.limit.fill(np.inf)
        day.scarce.fill(-1)
        for limits, products in zip(self._limits, self._scarce, strict=True):
            # Parts follow the products, so on a tie the first product stays, whatever the number of parts.
            tighten(layout.order, limits, products, day.limit, day.scarce)
        return sums

    def destroy(self, scenario: int, slots: Float) -> None:
        """Destroy a share of the stock of each slot."""
        destroy(self._stock[scenario], slots)

    def limits(self, day: Day, scenario: int) -> None:
        """Work out anew which output the stocks allow."""
        limits_from_stocks(self._layout, self.inventories(scenario), day, scenario, per_link=False)

    def inventories(self, scenario: int) -> Float:
        """Return the stock of every slot."""
        return np.ascontiguousarray(self._stock[scenario])

    def state(self) -> dict[str, Float]:
        """Return the arrays that a later run needs to go on."""
        return {"stock": self._stock, "scale": self._scale, "weight": self._weight}

    @staticmethod
    def _array(*shape: int) -> Float:
        return np.empty(shape)

    def _pass(self, day: Day, delivered: Float, sums: Float) -> None:
        layout = self._layout
        for b in range(len(sums)):
            ordering, buyers = self._ordering, self._buyers[:, b]
            if self._quirks:
                ordering = self._with_shortcuts(b, delivered[b])

            def work(part: int, b: int = b, ordering: Ordering = ordering, buyers: Float = buyers) -> None:
                pass_dense(
                    self._parts[part], layout.first_agent, layout.slots, layout.restocking_rate, ordering, buyers,
                    delivered[b], day.weight[b], self._stock[b], self._scale[b], day.orders[b], self._limits[part, b],
                    self._scarce[part, b], sums[b],
                )  # fmt: skip

            run_parts(self._pool, work, len(self._parts))

    def _with_shortcuts(self, b: int, delivered: Float) -> Ordering:
        """Return the day's rules with the two shortcuts that BoARIO takes when numbers are close."""
        layout = self._layout
        goods_close, before_close, after_close = rest(
            layout.first_agent, layout.slots, self._buyers[:, b], delivered, self._stock[b], self._scale[b]
        )
        frozen = goods_close and Quirk.STOCKS_FROZEN_WHEN_CLOSE in self._quirks
        close = before_close if frozen else after_close
        return self._ordering._replace(frozen=frozen, use_only=close and Quirk.NO_RESTOCKING_WHEN_CLOSE in self._quirks)
