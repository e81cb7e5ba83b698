"""The whole daily model once more, in plain NumPy, from the equations of ``docs/explanation/propagation.md``.

Everything is a matrix of suppliers (rows) by buyers (columns), in the order of the network; there are no
compiled loops, no slots and no classes of agents. Slow, and only right: the engine is compared with it number by
number.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from tenon.propagation import Parameters, Quirk
from tenon.schema import Float, Scenario, SparseLinks, SupplyNetwork
from tests.twins.disturbances import Disturbances, flows_of
from tests.twins.rationing import ration

NOT_LIMITED, CAPACITY, DEMAND = -1, -2, -3


@dataclass(frozen=True)
class World:
    """A network and rules as matrices."""

    network: SupplyNetwork
    rules: Parameters

    @cached_property
    def flows(self) -> Float:
        """Undisturbed flows, (N, N)."""
        return flows_of(self.network)

    @cached_property
    def slot_flow(self) -> Float:
        """Undisturbed purchases of each product, (S, N)."""
        return self.by_product(self.flows)

    @cached_property
    def coefficient(self) -> Float:
        """Input of each product per unit of output, (S, N)."""
        return np.asarray(self.slot_flow / np.where(self.network.output > 0, self.network.output, 1.0))

    @cached_property
    def link_days(self) -> Float:
        """Target stock in days by link, (N, N)."""
        days, size = self.network.inventory_days, len(self.network)
        if days.ndim > 1:
            return np.asarray(np.broadcast_to(days, (len(self.network.products), size))[self.network.product])
        assert isinstance(self.network.links, SparseLinks)
        matrix = np.ones((size, size))
        matrix[self.network.links.supplier, self.network.links.buyer] = days
        return matrix

    @cached_property
    def slot_days(self) -> Float:
        """Target stock in days by product and buyer, (S, N): the average over links, weighted by flows."""
        held = np.multiply(self.flows, self.link_days, out=np.zeros_like(self.flows), where=self.flows > 0)
        used = self.slot_flow > 0
        return np.divide(self.by_product(held), self.slot_flow, out=np.ones_like(self.slot_flow), where=used)

    @cached_property
    def per_link(self) -> bool:
        """Whether stocks lie on links."""
        return self.rules.inventory_rule.value == "per_link"

    @cached_property
    def target_days(self) -> Float:
        """Target stock per unit of the buyer's output, by product (S, N) or by link (N, N)."""
        if not self.per_link:
            goal = np.zeros_like(self.coefficient)
            return np.multiply(self.slot_days, self.coefficient, out=goal, where=self.coefficient > 0)
        share = self.flows / np.where(self.network.output > 0, self.network.output, 1.0)
        return np.multiply(self.link_days, share, out=np.zeros_like(share), where=share > 0)

    @cached_property
    def restocking_rate(self) -> Float:
        """Share of a gap that is ordered in a day, (S,)."""
        days = self.rules.restocking_days
        if isinstance(days, float | int):
            return np.full(len(self.network.products), 1.0 / days)
        return np.array([1.0 / days.get(product, 60.0) for product in self.network.products])

    def by_product(self, values: Float) -> Float:
        """Add up rows of agents that make the same product, (N, ...) to (S, ...)."""
        total = np.zeros((len(self.network.products), *values.shape[1:]))
        np.add.at(total, self.network.product, values)
        return total

    def limits(self, stock: Float) -> Float:
        """Return the output that the stock of each product allows, (S, N)."""
        pooled = self.by_product(stock) if self.per_link else stock
        cover = np.ones_like(self.slot_days)
        if self.rules.stock_threshold.value == "share_of_target":
            cover = np.maximum(self.rules.psi * self.slot_days, 1.0)
        critical = np.ones_like(cover)
        for buyer, inputs in self.rules.criticality.items():
            for product, value in inputs.items():
                mine = self.network.product == self.network.products.index(buyer)
                critical[self.network.products.index(product), mine] = value
        binds = (self.coefficient > self.rules.least_coefficient) & np.isfinite(self.slot_days) & (critical > 0)
        if self.rules.important_inputs.value == "do_nothing":
            binds &= critical > 0.5
        bound = np.divide(pooled, cover * self.coefficient, out=np.full_like(cover, np.inf), where=binds)
        if self.rules.important_inputs.value == "halve_production":
            halved = binds & (critical == 0.5)
            bound = np.where(halved, 0.5 * bound + 0.5 * self.network.output, bound)
        return bound


@dataclass
class Model:
    """One scenario on one network, from day to day."""

    world: World
    shocks: Disturbances
    stock: Float
    orders: Float
    production: Float
    factor: Float
    under_way: dict[int, Float] = field(default_factory=dict)

    @classmethod
    def start(cls, network: SupplyNetwork, scenario: Scenario, rules: Parameters) -> Model:
        """Return the undisturbed day before the first: stocks at their targets, undisturbed orders waiting."""
        world = World(network, rules)
        shocks = Disturbances(network, scenario, world.flows, rules.quirks)
        return cls(
            world=world,
            shocks=shocks,
            stock=world.target_days * network.output,
            orders=world.flows * shocks.open_share(0),
            production=network.output.copy(),
            factor=np.full(len(network), rules.overproduction_base),
        )

    def live(self, day: int) -> dict[str, Float]:
        """Live through a day and return its records."""
        world, network = self.world, self.world.network
        kept = self.shocks.stock_left(day)
        self.stock = self.stock * (kept[network.product] if world.per_link else kept)
        wanted, sent = self.shocks.final_demand(day)
        final, rebuilding = sent.sum(axis=1), self.shocks.rebuilding(day)
        asked = self.orders.sum(axis=1) + final + rebuilding
        demand = np.maximum(0.0, asked - network.stock_release)
        if day > 1 and world.rules.overproduction_max > 1:
            self.factor = self._adapted(demand)
        capacity = network.output * (1.0 - self.shocks.capacity_lost(day)) * self.factor
        lost = self.shocks.capital_lost(day)
        bounds = np.vstack([world.limits(self.stock), capacity, demand])
        possible, enough = np.minimum(capacity, demand), bounds[:-2].min(axis=0)
        self.production = np.where(enough >= possible * (1 - 1e-11), possible, enough)
        served, share, final_share = ration(
            world.rules.rationing.value,
            self.orders,
            world.flows,
            final=final,
            rebuilding=rebuilding,
            supply=self.production + network.stock_release,
        )
        self.shocks.rebuild(day, share)
        goods = self._arriving(day, served)
        self._restock(goods)
        target_output = self._target_output(demand - rebuilding * share, capacity)
        able = np.minimum(capacity, enough)
        self.orders = self._placed(self._quantities(target_output), capacity, able, self.shocks.open_share(day + 1))
        return {
            "production": self.production,
            "capacity": capacity,
            "orders": demand,
            "overproduction": self.factor,
            "reconstruction": rebuilding * share,
            "capital_lost": lost,
            "unmet_final_demand": world.by_product(wanted - sent * final_share[:, None]).T,
            "inventories": world.by_product(self.stock) if world.per_link else self.stock,
            "total_production": np.asarray(self.production.sum()),
            "total_unmet_final_demand": np.asarray((wanted - sent * final_share[:, None]).sum()),
            "bounds": bounds,
        }

    def _adapted(self, demand: Float) -> Float:
        rules = self.world.rules
        scarcity = np.divide(demand - self.production, demand, out=np.zeros_like(demand), where=demand > 0)
        tolerance = 0.0 if Quirk.EXACT_SCARCITY_TEST in rules.quirks else rules.scarcity_tolerance
        growing = self.factor + (rules.overproduction_max - self.factor) * scarcity / rules.overproduction_days
        relaxing = self.factor + (rules.overproduction_base - self.factor) / rules.overproduction_days
        return np.maximum(1.0, np.where(np.abs(scarcity) <= tolerance, relaxing, growing))

    def _arriving(self, day: int, served: Float) -> Float:
        """Send what is served, and return what arrives today, by link."""
        delay = self.shocks.delay_days(day)
        for days in np.unique(delay):
            sent = np.where(delay == days, served, 0.0)
            self.under_way[day + int(days)] = self.under_way.get(day + int(days), 0.0) + sent
        return self.under_way.pop(day)

    def _restock(self, goods: Float) -> None:
        world = self.world
        use = world.coefficient * self.production
        if not world.per_link:
            received = world.by_product(goods)
            frozen = Quirk.STOCKS_FROZEN_WHEN_CLOSE in world.rules.quirks and np.allclose(received, use)
            if not frozen:
                self.stock = self.stock + received - np.minimum(use, self.stock)
            return
        product = world.network.product
        pool = world.by_product(self.stock)[product]
        part = np.divide(self.stock, pool, out=np.zeros_like(self.stock), where=(pool > 0) & np.isfinite(pool))
        self.stock = np.maximum(0.0, self.stock + goods - np.minimum(use[product], pool) * part)

    def _target_output(self, demand: Float, capacity: Float) -> Float:
        match self.world.rules.restocking_target.value:
            case "attainable_output":
                return np.minimum(demand, capacity)
            case "at_least_undisturbed":
                return np.maximum(np.minimum(demand, capacity), self.world.network.output)
            case "production":
                return self.production
            case _:
                return self.world.network.output

    def _quantities(self, target_output: Float) -> Float:
        """Return what each buyer orders, by product (S, N) or by link (N, N)."""
        world = self.world
        planned = world.rules.restocking_gap.value == "position"
        use, rate = world.coefficient * (target_output if planned else self.production), world.restocking_rate[:, None]
        if world.per_link:
            product = world.network.product
            slot = np.where(world.slot_flow > 0, world.slot_flow, 1.0)[product]
            use, rate = use[product] * world.flows / slot, rate[product]
        limited = np.isfinite(world.target_days)
        target = np.where(limited, world.target_days, 0.0) * target_output
        gap = np.where(limited, target - np.where(limited, self.stock, 0.0), 0.0)
        gap = np.where(np.abs(gap) > 1e-12 * target, gap, 0.0)
        close = np.allclose(np.where(limited, self.stock, 0.0), np.where(limited, target, 0.0))
        if Quirk.NO_RESTOCKING_WHEN_CLOSE in world.rules.quirks and close:
            gap = np.zeros_like(gap)
        if world.rules.restocking_gap.value == "floored":
            gap = np.maximum(gap, 0.0)
        return np.maximum(0.0, use + gap * rate)

    def _placed(self, quantity: Float, capacity: Float, able: Float, free: Float) -> Float:
        """Split what is ordered over suppliers and take off what closed links cannot carry, (N, N)."""
        world, network = self.world, self.world.network
        product = network.product
        wish = quantity if world.per_link else world.flows
        weighted = world.rules.order_rule.value != "fixed_shares"
        if weighted:
            by_supply = world.rules.order_rule.value == "supply_weighted"
            makes = able if by_supply else capacity
            weight = np.divide(makes, network.output, out=np.ones_like(capacity), where=network.output > 0)
            weight = np.clip(weight, 1e-3, 1.0) if by_supply else weight
            wish = wish * weight[:, None] * free
        total = world.by_product(quantity) if world.per_link else quantity
        pull = world.by_product(wish)[product]
        placed = wish
        if weighted or not world.per_link:
            placed = np.divide(wish * total[product], pull, out=np.zeros_like(wish), where=pull > 0)
        if not weighted:
            placed = placed * free
        return np.where(free < 1.0, np.minimum(placed, free * world.flows), placed)


def run(network: SupplyNetwork, scenario: Scenario, rules: Parameters) -> dict[str, Float]:
    """Return the records of a run, day first; ``bounds`` (T, S+2, N): what products, capacity and demand allow."""
    model = Model.start(network, scenario, rules)
    days = [model.live(day) for day in range(scenario.horizon_days)]
    return {name: np.array([record[name] for record in days]) for name in days[0]}
