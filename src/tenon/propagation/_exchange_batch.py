"""Exchange of many scenarios on a table: deliveries and orders of a product are products of matrices."""

from __future__ import annotations

import math

import numpy as np

from tenon.numerics import kernel
from tenon.propagation._exchange import Day, run_parts
from tenon.propagation._exchange_dense import DenseExchange
from tenon.propagation._formulas import order_scale, output_limit, used_for, wanted
from tenon.propagation._layout import Slots
from tenon.propagation._ordering import Ordering
from tenon.schema import Float, Integer

__all__ = ["BatchExchange"]

# So many stocks, buyers times scenarios, stay in the cache from deliveries to orders. Linear algebra multiplies such
# small matrices fastest, and in the thread that asks for it.
_STOCKS_IN_A_TILE = 16_384
_LEAST_BUYERS = 32


class BatchExchange(DenseExchange):
    """All scenarios in one reading of the flows, side by side in memory; without quirks."""

    @staticmethod
    def _array(*shape: int) -> Float:
        return np.empty((*shape[:-2], shape[-1], shape[-2])).swapaxes(-1, -2)

    def _pass(self, day: Day, delivered: Float, sums: Float) -> None:
        delivered, weight = np.ascontiguousarray(delivered.T), np.ascontiguousarray(day.weight.T)
        orders = np.zeros_like(weight)
        run_parts(self._pool, lambda part: self._pass_part(part, delivered, weight, orders, sums), len(self._parts))
        np.multiply(orders.T, day.weight, out=day.orders)

    def _pass_part(self, part: int, delivered: Float, weight: Float, orders: Float, sums: Float) -> None:
        """Do some products, tile by tile of their buyers; add up ``orders`` before weights, (N, B) by supplier."""
        layout, (size, scenarios) = self._layout, weight.shape
        slots, stock, scale = layout.slots, self._stock.T, self._scale.T
        buyers, limit, scarce = self._buyers.swapaxes(1, 2), self._limits[part].T, self._scarce[part].T
        blocks = layout.network.product_blocks()
        width = min(size, max(_LEAST_BUYERS, _STOCKS_IN_A_TILE // scenarios))
        room = np.empty((2, width, scenarios))
        for product in map(int, self._parts[part]):
            makers = slice(layout.first_agent[product], layout.first_agent[product + 1])
            even = bool((weight[makers] == 1.0).all())
            for start in range(0, size, width):
                flows = blocks[product][1][:, start : start + width]
                received, pull = room[:, : flows.shape[1]]
                np.matmul(flows.T, delivered[makers], out=received)
                if not even:
                    np.matmul(flows.T, weight[makers], out=pull)
                _restock(
                    product, start, slots, layout.restocking_rate[product], self._ordering, buyers, received,
                    pull[:0] if even else pull, stock, scale, limit, scarce, sums,
                )  # fmt: skip
                first = slots.first[product] + start
                orders[makers] += flows @ scale[first : first + flows.shape[1]]


@kernel
def _restock(
    product: int,
    start: int,
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
    flows_of: Float,
) -> None:
    """Receive, use, restock and order for a tile of buyers of one product, all scenarios side by side.

    As :func:`pass_dense`, where the sums over suppliers of what they delivered and of their weights, ``received`` and
    ``pull`` (tile, B), are known; without ``pull`` all weights are one.
    """
    even = pull.shape[0] == 0
    sums = np.zeros((3, stock.shape[1]))
    for j in range(received.shape[0]):
        k = slots.first[product] + start + j
        flow, goal = slots.flow[k], slots.goal[k]
        slope, offset = slots.limit_slope[k], slots.limit_offset[k]
        goods, pulls = received[j], pull[j] if not even else received[j]
        held, scales, bounds, bounding = stock[k], scale[k], limit[start + j], scarce[start + j]
        makes, stocks_for = buyers[0, start + j], buyers[1, start + j]
        # Short loops without branches that store, so that they use vector units.
        for n in range(held.size):
            # An input that stops nobody may run out; nobody uses what is not there.
            taken = min(flow * makes[n], held[n])
            arrived = goods[n] * scales[n]
            new = held[n] + arrived - taken
            sums[0, n] += arrived
            sums[1, n] += taken
            sums[2, n] += new - held[n] if new < math.inf else arrived - taken
            held[n] = new
        for n in range(held.size):
            use = flow * used_for(makes[n], stocks_for[n], ordering)
            quantity = wanted(held[n], use, goal * stocks_for[n], rate, ordering, flow)
            scales[n] = order_scale(quantity, flow if even else pulls[n])
        for n in range(held.size):
            bound = output_limit(held[n], slope, offset)
            bounding[n] = product if bound < bounds[n] else bounding[n]
            bounds[n] = min(bound, bounds[n])
    for n in range(stock.shape[1]):
        flows_of[n, product, 0] += sums[0, n]
        flows_of[n, product, 1] += sums[0, n]
        flows_of[n, product, 2] += sums[1, n]
        flows_of[n, product, 3] += sums[2, n]
