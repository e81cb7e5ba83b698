"""Exchange of many scenarios on a table: deliveries and orders of a product are products of matrices."""

from __future__ import annotations

import math

import numpy as np

from tenon.numerics import kernel
from tenon.propagation._exchange import Day, destroy, limits_from_stocks, ordering_of
from tenon.propagation._formulas import order_scale, output_limit, wanted
from tenon.propagation._layout import Layout, Slots
from tenon.propagation._ordering import Ordering
from tenon.propagation.parameters import Parameters
from tenon.schema import Float, Integer

__all__ = ["BatchExchange"]


class BatchExchange:
    """All scenarios in one reading of the flows.

    Parameters
    ----------
    layout : Layout
        A network in dense storage.
    parameters : Parameters
        Plain rules, as in dense storage, without quirks.
    scenarios : int
        Number ``B`` of scenarios.
    """

    def __init__(self, layout: Layout, parameters: Parameters, scenarios: int) -> None:
        self._layout = layout
        self._ordering = ordering_of(parameters)
        self._blocks = [block for _, block in layout.network.product_blocks()]
        slots = layout.slots
        self._stock = np.repeat(slots.goal[:, None], scenarios, axis=1)
        self._scale = np.ones((slots.flow.size, scenarios))
        self._weight = np.ones((layout.output.size, scenarios))

    def advance(self, day: Day, number: int) -> Float:
        """Deliver, use, restock and order."""
        del number
        layout = self._layout
        scenarios, size = day.production.shape
        delivered = self._weight * np.ascontiguousarray(day.served.T)
        self._weight[:] = day.weight.T
        buyers = layout.relative(np.stack([day.production, day.target_output]))
        buyers = np.ascontiguousarray(buyers.transpose(0, 2, 1))
        limit = np.full((size, scenarios), np.inf)
        scarce = np.full((size, scenarios), -1, dtype=np.int64)
        sums = np.zeros((len(self._blocks), 4, scenarios))
        even = bool((self._weight == 1.0).all())
        for product, block in enumerate(self._blocks):
            makers = slice(layout.first_agent[product], layout.first_agent[product + 1])
            here = slice(layout.slots.first[product], layout.slots.first[product + 1])
            received = block.T @ delivered[makers]
            pull = received[:0] if even else block.T @ self._weight[makers]
            _restock(
                product, layout.slots, layout.restocking_rate[product], self._ordering, buyers, received, pull,
                self._stock, self._scale, limit, scarce, sums[product],
            )  # fmt: skip
            day.orders[:, makers] = (block @ self._scale[here]).T * day.weight[:, makers]
        day.limit[:], day.scarce[:] = limit.T, scarce.T
        return np.ascontiguousarray(sums.transpose(2, 0, 1))

    def destroy(self, scenario: int, slots: Float) -> None:
        """Destroy a share of the stock of each slot."""
        destroy(self._stock[:, scenario], slots)

    def limits(self, day: Day, scenario: int) -> None:
        """Work out anew which output the stocks allow."""
        limits_from_stocks(self._layout, self.inventories(scenario), day, scenario, per_link=False)

    def inventories(self, scenario: int) -> Float:
        """Return the stock of every slot."""
        return np.ascontiguousarray(self._stock[:, scenario])

    def state(self) -> dict[str, Float]:
        """Return the arrays that a later run needs to go on."""
        return {"stock": self._stock, "scale": self._scale, "weight": self._weight}


@kernel
def _restock(
    product: int,
    slots: Slots,
    rate: float,
    ordering: Ordering,
    buyers: Float,
    received: Float,
    pull: Float,
    stock: Float,
    scale: Float,
    limit: Float,
    scarce: Integer,
    sums: Float,
) -> None:
    """Receive, use, restock and order for the slots of one product, all scenarios side by side."""
    even = pull.shape[0] == 0
    first = slots.first[product]
    for k in range(first, slots.first[product + 1]):
        flow, goal = slots.flow[k], slots.goal[k]
        slope, offset = slots.limit_slope[k], slots.limit_offset[k]
        b = slots.buyer[k]
        goods, pulls = received[k - first], pull[k - first] if not even else received[k - first]
        held, scales, bounds, bounding = stock[k], scale[k], limit[b], scarce[b]
        makes, stocks_for = buyers[0, b], buyers[1, b]
        # Short loops without branches that store, so that they use vector units.
        for n in range(held.size):
            # An input that stops nobody may run out; nobody uses what is not there.
            taken = min(flow * makes[n], held[n])
            arrived = goods[n] * scales[n]
            new = held[n] + arrived - taken
            sums[0, n] += arrived
            sums[2, n] += taken
            sums[3, n] += new - held[n] if new < math.inf else arrived - taken
            held[n] = new
        for n in range(held.size):
            quantity = wanted(held[n], flow * makes[n], goal * stocks_for[n], rate, ordering, flow)
            scales[n] = order_scale(quantity, flow if even else pulls[n])
        for n in range(held.size):
            bound = output_limit(held[n], slope, offset)
            bounding[n] = product if bound < bounds[n] else bounding[n]
            bounds[n] = min(bound, bounds[n])
    sums[1, :] = sums[0, :]
