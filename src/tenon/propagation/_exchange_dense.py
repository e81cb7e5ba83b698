"""Exchange in dense storage: plain rules, one reading of the flows a day and scenario."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from tenon.propagation._dense import pass_dense
from tenon.propagation._exchange import Day, cut, destroy, limits_from_stocks, ordering_of, run_parts, with_shortcuts
from tenon.propagation._layout import Layout
from tenon.propagation.parameters import Parameters
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
        self._parameters = parameters
        self._ordering = ordering_of(parameters)
        parts = cut(layout.first_agent, threads)
        self._parts = [np.arange(low, high) for low, high in parts]
        self._pool = ThreadPoolExecutor(len(parts)) if len(parts) > 1 else None
        slots = layout.slots
        self._stock = np.tile(slots.goal, (scenarios, 1))
        self._scale = np.ones((scenarios, slots.flow.size))
        self._weight = np.ones((scenarios, layout.output.size))

    def advance(self, day: Day, number: int) -> Float:
        """Deliver, use, restock and order."""
        del number
        scenarios = day.production.shape[0]
        sums = np.zeros((scenarios, len(self._layout.network.products), 4))
        for scenario in range(scenarios):
            self._pass(day, scenario, self._weight[scenario] * day.served[scenario], sums[scenario])
        self._weight[:] = day.weight
        return sums

    def destroy(self, scenario: int, slots: Float) -> None:
        """Destroy a share of the stock of each slot."""
        destroy(self._stock[scenario], slots)

    def limits(self, day: Day, scenario: int) -> None:
        """Work out anew which output the stocks allow."""
        limits_from_stocks(self._layout, self._stock[scenario], day, scenario, per_link=False)

    def inventories(self, scenario: int) -> Float:
        """Return the stock of every slot."""
        stock: Float = self._stock[scenario]
        return stock

    def state(self) -> dict[str, Float]:
        """Return the arrays that a later run needs to go on."""
        return {"stock": self._stock, "scale": self._scale, "weight": self._weight}

    def _pass(self, day: Day, scenario: int, delivered: Float, sums: Float) -> None:
        layout, stock, scale = self._layout, self._stock[scenario], self._scale[scenario]
        ordering = self._ordering
        if self._parameters.quirks:
            received = self._received(delivered) * scale
            ordering = with_shortcuts(layout, self._parameters, stock, received, day, scenario)
        # The kernel meets buyers in the order of the agents.
        order, position = layout.order, layout.position
        buyers = layout.relative(np.stack([day.production[scenario], day.target_output[scenario]]))[:, position]
        limits = np.full((len(self._parts), order.size), np.inf)
        scarce = np.full((len(self._parts), order.size), -1, dtype=np.int64)

        def work(part: int) -> None:
            pass_dense(
                self._parts[part], layout.first_agent, layout.slots, layout.restocking_rate, ordering, buyers,
                delivered, day.weight[scenario], stock, scale, day.orders[scenario], limits[part], scarce[part], sums,
            )  # fmt: skip

        run_parts(self._pool, work, len(self._parts))
        for limit, product in zip(limits[1:], scarce[1:], strict=True):
            # Parts follow the products, so on a tie the first product stays, whatever the number of parts.
            tighter = limit < limits[0]
            limits[0, tighter], scarce[0, tighter] = limit[tighter], product[tighter]
        day.limit[scenario], day.scarce[scenario] = limits[0, order], scarce[0, order]

    def _received(self, delivered: Float) -> Float:
        """Goods that reach every slot per unit of its order scale, (K,)."""
        layout = self._layout
        blocks = enumerate(layout.network.product_blocks())
        return np.concatenate(
            [delivered[layout.first_agent[s] : layout.first_agent[s + 1]] @ block for s, (_, block) in blocks]
        )
