"""A chain's network from day to day once more, in plain NumPy: lead times, reserve sources and the rules of chains.

Written from ``docs/explanation/propagation.md`` and ``docs/explanation/chain-days.md``; knows the shocks and rules that
chains use and no others. Slow, and only right: the engine is compared with it number by number.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from tenon.schema import CapacityShock, Float, Integer, InventoryShock, LinkShock, Scenario, SparseLinks, SupplyNetwork

__all__ = ["live_through"]

LEAST_WEIGHT, NO_GAP, ENOUGH, NO_SHORTFALL, LARGE = 1e-3, 1e-12, 1 - 1e-11, 1e-9, 1e30


@dataclass(frozen=True, eq=False)
class World:
    """What does not change: stores are pairs of a buyer and a product, numbered in their own order."""

    network: SupplyNetwork

    @cached_property
    def links(self) -> SparseLinks:
        """Links by name."""
        assert isinstance(self.network.links, SparseLinks)
        return self.network.links

    @cached_property
    def days(self) -> Integer:
        """Usual days under way, by link."""
        given = self.links.days
        return np.zeros(len(self.links), dtype=np.int64) if given is None else np.asarray(given)

    @cached_property
    def reserve(self) -> Float:
        """Most that links may carry that carry nothing in undisturbed days."""
        given = self.links.reserve
        return np.zeros(len(self.links)) if given is None else np.asarray(given)

    @cached_property
    def stores(self) -> tuple[Integer, Integer]:
        """Buyer of each store, and store of each link."""
        products = len(self.network.products)
        keys = self.links.buyer * products + self.network.product[self.links.supplier]
        unique, store = np.unique(keys, return_inverse=True)
        return unique // products, store

    @cached_property
    def flow(self) -> Float:
        """Undisturbed purchases, by store."""
        return self.by_store(self.links.flow)

    @cached_property
    def goal(self) -> Float:
        """Target stock, by store."""
        return self.by_store(self.links.flow * self.network.inventory_days)

    @cached_property
    def lead(self) -> Integer:
        """Longest usual lead time, by store."""
        longest = np.zeros(self.flow.size, dtype=np.int64)
        np.maximum.at(longest, self.stores[1], np.where(self.links.flow > 0, self.days, 0))
        return longest

    @cached_property
    def capacity(self) -> Float:
        """Most that agents can make."""
        return self.network.output if self.network.capacity is None else np.asarray(self.network.capacity)

    def by_store(self, values: Float) -> Float:
        """Add up links of each store."""
        return np.bincount(self.stores[1], values, self.stores[0].size).astype(np.float64)

    def relative(self, values: Float) -> Float:
        """Relative to undisturbed output; one where there is none."""
        output = self.network.output
        return np.divide(values, output, out=np.ones_like(values), where=output > 0)


@dataclass
class Model:
    """One scenario, from day to day."""

    world: World
    scenario: Scenario
    rate: float
    stock: Float
    orders: Float
    arrivals: dict[int, Float] = field(default_factory=dict)

    def live(self, day: int) -> tuple[Float, Float]:
        """Live through a day; return production and demand for it."""
        world, network = self.world, self.world.network
        self._destroy(day)
        asked = np.bincount(world.links.supplier, self.orders, len(network))
        demand = asked + network.final_demand.sum(axis=1)
        capacity = world.capacity * (1.0 - self._lost(day))
        allowed = self._allowed()
        possible = np.minimum(demand, capacity)
        # Who makes nothing in undisturbed days finds its own inputs.
        enough = np.where(network.output > 0, np.minimum(allowed, LARGE) * network.output, np.inf)
        production = np.where(enough >= possible * ENOUGH, possible, enough)
        served = np.divide(production, demand, out=np.ones_like(demand), where=demand > 0).clip(max=1.0)
        self._send(day, self.orders * served[world.links.supplier])
        buyer = world.stores[0]
        use = np.minimum(world.flow * world.relative(production)[buyer], self.stock)
        self.stock = np.maximum(0.0, self.stock + self.arrivals.pop(day, 0.0) - use)
        able = np.minimum(world.relative(capacity), allowed)
        weight = np.where(network.output > 0, able.clip(LEAST_WEIGHT, 1.0), 1.0)
        wanted = world.relative(np.maximum(possible, network.output))[buyer]
        self._order(day, wanted, weight[world.links.supplier], served[world.links.supplier])
        return production, demand

    def _allowed(self) -> Float:
        """Relative output that stocks allow, by agent."""
        world = self.world
        allowed = np.full(len(world.network), np.inf)
        used = world.flow > 0
        np.minimum.at(allowed, world.stores[0][used], self.stock[used] / world.flow[used])
        return allowed

    def _send(self, day: int, goods: Float) -> None:
        for days in np.unique(self.world.days):
            sent = self.world.by_store(np.where(self.world.days == days, goods, 0.0))
            self.arrivals[day + int(days)] = self.arrivals.get(day + int(days), 0.0) + sent

    def _order(self, day: int, wanted: Float, weight: Float, served: Float) -> None:
        world, store = self.world, self.world.stores[1]
        flow, free = world.links.flow, self._open(day + 1)
        pull = world.by_store(flow * weight * free)
        usual = np.divide(world.by_store(world.days * flow), world.flow, out=np.zeros_like(pull), where=world.flow > 0)
        mean = np.divide(world.by_store(world.days * flow * weight * free), pull, out=usual, where=pull > 0)
        target = world.goal * wanted
        gap = target - self.stock + mean * world.flow * wanted - self._coming(day)
        gap = np.where(np.abs(gap) > NO_GAP * target, gap, 0.0)
        wish = np.where(world.flow > 0, np.maximum(0.0, world.flow * wanted + gap * self.rate), 0.0)
        scale = np.divide(wish, pull, out=np.zeros_like(wish), where=pull > 0)
        placed = scale[store] * flow * weight * free
        placed = np.where(free < 1.0, np.minimum(placed, free * flow), placed)
        short = wish - world.by_store(placed * served)
        short = np.where(short > NO_SHORTFALL * wish, short, 0.0)
        reserve = world.reserve * free
        at_hand = world.by_store(reserve)
        share = np.divide(short, at_hand, out=np.zeros_like(short), where=at_hand > 0).clip(max=1.0)
        self.orders = placed + reserve * share[store]

    def _coming(self, day: int) -> Float:
        """Goods that arrive within the usual lead time of their store."""
        coming = np.zeros_like(self.stock)
        for when, goods in self.arrivals.items():
            coming += np.where(when - day <= self.world.lead, goods, 0.0)
        return coming

    def _open(self, day: int) -> Float:
        """Share of each link that may be ordered."""
        links, agents = self.world.links, np.array(self.world.network.agents, dtype=object)
        closed = np.zeros(len(links))
        for shock in self.scenario.shocks:
            if isinstance(shock, LinkShock):
                hit = np.isin(agents[links.supplier], shock.suppliers.agents)
                hit &= np.isin(agents[links.buyer], shock.buyers.agents)
                closed += hit * shock.loss * shock.timing.remaining(day)
        return np.maximum(0.0, 1.0 - closed)

    def _lost(self, day: int) -> Float:
        lost = np.zeros(len(self.world.network))
        for shock in self.scenario.shocks:
            if isinstance(shock, CapacityShock):
                lost += (
                    np.isin(self.world.network.agents, shock.target.agents) * shock.loss * shock.timing.remaining(day)
                )
        return lost

    def _destroy(self, day: int) -> None:
        for shock in self.scenario.shocks:
            if isinstance(shock, InventoryShock) and shock.day == day:
                hit = np.isin(self.world.network.agents, shock.target.agents)[self.world.stores[0]]
                self.stock = self.stock * (1.0 - shock.loss * hit)


def live_through(network: SupplyNetwork, scenario: Scenario, *, restocking_days: float) -> tuple[Float, Float]:
    """Return production and demand for it, (T, N), of a run."""
    world = World(network)
    model = Model(world, scenario, 1.0 / restocking_days, world.goal.copy(), world.links.flow.copy())
    for days in range(int(world.days.max(initial=0))):
        model.arrivals[days] = world.by_store(np.where(world.days > days, world.links.flow, 0.0))
    model.orders = model.orders * model._open(0)
    days_of = [model.live(day) for day in range(scenario.horizon_days)]
    production, demand = zip(*days_of, strict=True)
    return np.array(production), np.array(demand)
