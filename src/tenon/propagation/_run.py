"""The state of a run and what happens in one of its days."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tenon.propagation._agents import check_balances, decide, tally
from tenon.propagation._disturbances import Disturbance, disturb
from tenon.propagation._exchange import Day, Exchange, cut, run_parts
from tenon.propagation._exchange_batch import BatchExchange
from tenon.propagation._exchange_dense import DenseExchange
from tenon.propagation._exchange_sparse import SparseExchange
from tenon.propagation._layout import LANES, Layout, lay_out
from tenon.propagation._rationing import Supplies
from tenon.propagation._records import Array
from tenon.propagation.parameters import (
    InventoryRule,
    OrderRule,
    Parameters,
    Quirk,
    RestockingTarget,
)
from tenon.schema import Float, Scenario, SupplyNetwork

__all__ = ["Run"]

_LINKS_WORTH_A_THREAD = 300_000
_SCENARIOS_WORTH_MATRICES = 4
_RECOVERED = 0.99
# Who has no other supplier goes on ordering from one that can deliver nothing.
_LEAST_WEIGHT = 1e-3


@dataclass(eq=False)
class _Today:
    """What agents decide in a day, (B, N) by position, currency per day unless said otherwise.

    ``orders``: received from agents; ``final``: sent by final users, and the share of it that is served;
    ``rebuilding``: ordered for reconstruction, and what of it is served; ``total``: demand for production; ``factor``:
    overproduction; ``limiting``: why production is low; ``capital_lost``: currency; ``unmet``: (B, D, S);
    ``to_agents``: what is left for them, (B, S).
    """

    orders: Float
    final: Float
    final_share: Float
    rebuilding: Float
    rebuilding_served: Float
    total: Float
    capacity: Float
    factor: Float
    limiting: NDArray[np.int32]
    capital_lost: Float
    unmet: Float
    to_agents: Float


class Run:
    """Scenarios side by side on one network, from day to day.

    Parameters
    ----------
    network : SupplyNetwork
        The network.
    scenarios : tuple of Scenario
        At least one.
    parameters : Parameters
        Rules and figures.
    threads : int
        Threads for large networks.
    """

    def __init__(
        self, network: SupplyNetwork, scenarios: tuple[Scenario, ...], parameters: Parameters, *, threads: int = 1
    ) -> None:
        self.scenarios, self.parameters = scenarios, parameters
        self.layout, self._disturbances = _prepare(network, scenarios, parameters)
        agents, demanders, products = len(network), len(network.demanders), len(network.products)
        shape = (len(scenarios), agents)
        self.day = Day.first(self.layout, len(scenarios))
        if parameters.restocking_target is RestockingTarget.PRODUCTION:
            self.day.target_output = self.day.production
        self.today = _Today(
            **{
                name: np.zeros(shape)
                for name in _Today.__annotations__
                if name not in {"limiting", "factor", "unmet", "to_agents"}
            },
            factor=np.full(shape, parameters.overproduction_base),
            limiting=np.zeros(shape, dtype=np.int32),
            unmet=np.zeros((len(scenarios), demanders, products)),
            to_agents=np.zeros((len(scenarios), products)),
        )
        exact = Quirk.EXACT_SCARCITY_TEST in parameters.quirks
        self._scarcity_tolerance = 0.0 if exact else parameters.scarcity_tolerance
        self.lost = np.zeros(shape)
        self.last_day_below = np.full(shape, -1.0)
        self.residuals = np.zeros(3)
        threads = min(threads, 1 + self.layout.slots.link_flow.size // _LINKS_WORTH_A_THREAD)
        self._pool = ThreadPoolExecutor(threads) if threads > 1 and not self.layout.is_dense else None
        self._exchange = self._choose_exchange(threads)

    def live(self, number: int) -> None:
        """Live through one day: shocks, production, rationing, rebuilding, exchange of goods and orders.

        Parameters
        ----------
        number : int
            The day, from 0; days must follow each other.
        """
        day, today = self.day, self.today
        day.orders, today.orders = today.orders, day.orders
        for b, disturbance in enumerate(self._disturbances):
            self._destroy_stocks(number, b, disturbance)
            wanted, sent = self._final_demand(number, b, disturbance)
            self._order_rebuilding(number, b, disturbance)
            self._decide(number, b, disturbance)
            self._rebuild(number, b, disturbance)
            self._serve_smallest_first(b)
            self._tally(number, b, wanted, sent)
        self._plan_orders()
        sums = self._exchange.advance(day, number)
        for b in range(len(self.scenarios)):
            check_balances(today.to_agents[b], sums[b], self.residuals)

    def records(self, names: tuple[str, ...]) -> dict[str, Array]:
        """Return the day's records, agents in the order of the network, the scenario as first axis.

        Parameters
        ----------
        names : tuple of str
            Records that are wanted.

        Returns
        -------
        dict of str to array
            One array a record.
        """
        return {name: self._record(name) for name in names}

    def state(self) -> dict[str, Array]:
        """Return every array that changes from day to day, so that a later run can go on."""
        state: dict[str, Array] = {"lost": self.lost, "below": self.last_day_below, "residuals": self.residuals}
        state |= {"factor": self.today.factor, "final": self.today.final}
        state |= {f"day_{name}": getattr(self.day, name) for name in Day.__annotations__}
        state |= {f"exchange_{name}": values for name, values in self._exchange.state().items()}
        for b, disturbance in enumerate(self._disturbances):
            for k, rebuilding in enumerate(disturbance.rebuildings):
                state[f"rebuilding_{b}_{k}"] = rebuilding.remaining
        return state

    def restore(self, state: Mapping[str, Array]) -> None:
        """Take up a state that :meth:`state` returned.

        Parameters
        ----------
        state : mapping of str to array
            Of a run of the same network, scenarios and parameters.
        """
        for name, values in self.state().items():
            values[...] = state[name]

    def signature(self) -> str:
        """Return a fingerprint of network, scenarios and parameters."""
        digest = hashlib.sha256()
        network, slots = self.layout.network, self.layout.slots
        agents = (
            network.region,
            network.product,
            network.value_added,
            network.capital,
            network.stock_release,
            self.layout.able,
        )
        links = (
            slots.first,
            slots.buyer,
            slots.link_first,
            slots.supplier,
            slots.link_flow,
            slots.goal,
            slots.link_days,
            slots.reserve,
        )
        for array in (*agents, network.final_demand, *links):
            digest.update(np.ascontiguousarray(array).tobytes())
        # The order within a set differs from process to process.
        rules = replace(self.parameters, quirks=frozenset())
        labels = (network.agents, network.products, network.regions, network.demanders)
        money = (network.currency, network.unit)
        digest.update(repr((labels, money, self.scenarios, rules, sorted(self.parameters.quirks))).encode())
        return digest.hexdigest()

    def _choose_exchange(self, threads: int) -> Exchange:
        if not self.layout.is_dense:
            exchange = SparseExchange(self.layout, self.parameters, self._disturbances, self._pool)
            exchange.open(self.day)
            return exchange
        if len(self.scenarios) >= _SCENARIOS_WORTH_MATRICES and not self.parameters.quirks:
            return BatchExchange(self.layout, self.parameters, len(self.scenarios), threads=threads)
        return DenseExchange(self.layout, self.parameters, len(self.scenarios), threads=threads)

    def _destroy_stocks(self, number: int, b: int, disturbance: Disturbance) -> None:
        for share in disturbance.destroyed_on(number):
            self._exchange.destroy(b, share)
            self._exchange.limits(self.day, b)

    def _final_demand(self, number: int, b: int, disturbance: Disturbance) -> tuple[Float, Float]:
        """What final users want, and what of it can be ordered across open borders, (N, D)."""
        wanted = sent = self.layout.final_demand
        factor = disturbance.demand_factor(number)
        if factor is not None:
            wanted = sent = wanted * factor
        links = disturbance.links
        if links.closures:
            share = links.open_share(number)
            free = share[links.supplier_class[:, None], links.demander_class[None, :]]
            # No more than the open share of what is wanted, nor of the undisturbed flow.
            sent = np.where(free < 1.0, np.minimum(wanted, self.layout.final_demand) * free, wanted)
        if disturbance.demand or links.closures or number == 0:
            np.sum(sent, axis=1, out=self.today.final[b])
        return wanted, sent

    def _order_rebuilding(self, number: int, b: int, disturbance: Disturbance) -> None:
        if disturbance.rebuildings:
            self.today.rebuilding[b] = 0.0
            for rebuilding in disturbance.rebuildings:
                if rebuilding.works(number):
                    np.add.at(self.today.rebuilding[b], rebuilding.builders, rebuilding.ordered())

    def _decide(self, number: int, b: int, disturbance: Disturbance) -> None:
        """Set production and what is served in proportion."""
        day, today, parameters = self.day, self.today, self.parameters
        lost = disturbance.capacity_loss(number, self.layout.output.size)

        def work(part: int) -> None:
            here = self._agents_of(part)
            decide(
                # The first two days of a run have no yesterday that could have been scarce.
                number > 1 and parameters.overproduction_max > 1.0,
                parameters.overproduction_base, parameters.overproduction_max, parameters.overproduction_days,
                self._scarcity_tolerance, parameters.rationing.final_last, self.layout.output[here],
                self.layout.able[here],
                self.layout.release[here], lost[here], today.orders[b, here], today.final[b, here],
                today.rebuilding[b, here], day.limit[b, here], day.scarce[b, here], day.production[b, here],
                today.factor[b, here], today.total[b, here], today.capacity[b, here], today.limiting[b, here],
                day.served[b, here], today.final_share[b, here], today.rebuilding_served[b, here],
            )  # fmt: skip

        run_parts(self._pool, work, len(self._parts))

    def _rebuild(self, number: int, b: int, disturbance: Disturbance) -> None:
        if disturbance.has_capital_losses:
            # Recorded as it was when the day's capacity was set.
            self.today.capital_lost[b] = disturbance.capital_lost(number, self.layout.output.size)
        for rebuilding in disturbance.rebuildings:
            if rebuilding.works(number):
                rebuilding.deliver(self.day.served[b, rebuilding.builders])

    def _serve_smallest_first(self, b: int) -> None:
        if isinstance(self._exchange, SparseExchange) and self.parameters.rationing.smallest_first:
            day, today = self.day, self.today
            supplies = Supplies(
                day.production[b], self.layout.release, today.orders[b], today.final[b], today.rebuilding_served[b],
                day.served[b], today.final_share[b],
            )  # fmt: skip
            self._exchange.ration(b, supplies)

    def _tally(self, number: int, b: int, wanted: Float, sent: Float) -> None:
        residuals = np.tile(self.residuals, (len(self._parts), 1))
        day, today, layout = self.day, self.today, self.layout

        def work(part: int) -> None:
            low, high = self._parts[part]
            tally(
                number, _RECOVERED, layout.first_agent[low : high + 1], layout.output, layout.release,
                day.production[b], today.orders[b], today.final[b], today.rebuilding[b], today.final_share[b],
                today.rebuilding_served[b], wanted, sent, today.unmet[b, :, low:high], today.to_agents[b, low:high],
                self.lost[b], self.last_day_below[b], residuals[part],
            )  # fmt: skip

        run_parts(self._pool, work, len(self._parts))
        np.max(residuals, axis=0, out=self.residuals)

    @cached_property
    def _parts(self) -> list[tuple[int, int]]:
        """Products cut into parts for threads: of whole products, so that sums over agents have one order."""
        return cut(self.layout.first_agent, LANES)

    def _agents_of(self, part: int) -> slice:
        low, high = self._parts[part]
        return slice(self.layout.first_agent[low], self.layout.first_agent[high])

    def _plan_orders(self) -> None:
        """Set the output for which stocks are wanted, and the weights of suppliers in orders."""
        day, today, output = self.day, self.today, self.layout.output
        target = self.parameters.restocking_target
        if target in {RestockingTarget.ATTAINABLE_OUTPUT, RestockingTarget.AT_LEAST_UNDISTURBED}:
            # Work that was delivered today will not be asked for tomorrow.
            np.minimum(today.total - today.rebuilding_served, today.capacity, out=day.target_output)
        if target is RestockingTarget.AT_LEAST_UNDISTURBED:
            np.maximum(day.target_output, output, out=day.target_output)
        if self.parameters.order_rule is OrderRule.CAPACITY_WEIGHTED:
            np.divide(today.capacity, self.layout.able, out=day.weight, where=output > 0)
        elif self.parameters.order_rule is OrderRule.SUPPLY_WEIGHTED:
            able = np.divide(today.capacity, output, out=np.ones_like(day.weight), where=output > 0)
            np.clip(np.minimum(able, day.limit), _LEAST_WEIGHT, 1.0, out=day.weight)

    def _record(self, name: str) -> Array:
        match name:
            case "production":
                values: Array = self.day.production
            case "orders":
                values = self.today.total
            case "overproduction":
                values = self.today.factor
            case "reconstruction":
                values = self.today.rebuilding_served
            case "capacity" | "capital_lost" | "limiting":
                values = getattr(self.today, name)
            case "unmet_final_demand":
                return self.today.unmet
            case "total_production":
                total: Array = np.sum(self.day.production, axis=1)
                return total
            case "total_unmet_final_demand":
                unmet: Array = np.sum(self.today.unmet, axis=(1, 2))
                return unmet
            case _:
                return self._inventories()
        return np.take(values, self.layout.position, axis=1)

    def _inventories(self) -> Array:
        """Stocks by product and agent, (B, S, N); zero where an agent does not use a product."""
        layout = self.layout
        stocks = np.zeros((len(self.scenarios), len(layout.network.products), layout.output.size))
        holder = layout.order[layout.slots.buyer]
        for b in range(len(self.scenarios)):
            stocks[b, layout.product_of_slot, holder] = self._exchange.inventories(b)
        return stocks


def _prepare(
    network: SupplyNetwork, scenarios: tuple[Scenario, ...], parameters: Parameters
) -> tuple[Layout, list[Disturbance]]:
    """Lay the network out densely if it is stored so and nothing needs single links."""
    needs_links = parameters.inventory_rule is InventoryRule.PER_LINK or parameters.rationing.smallest_first
    layout = lay_out(network.to_sparse() if needs_links else network, parameters)
    late = int(Quirk.CAPACITY_SHOCKS_A_DAY_LATE in parameters.quirks)
    rounded = Quirk.ROUNDED_DAMAGE in parameters.quirks
    disturbances = [disturb(layout, scenario, late_days=late, rounded=rounded) for scenario in scenarios]
    if layout.is_dense and any(item.links.closures or item.links.delays for item in disturbances):
        return _prepare(network.to_sparse(), scenarios, parameters)
    return layout, disturbances
