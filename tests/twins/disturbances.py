"""The shocks of a scenario once more, in plain NumPy: what they take on each day, agent by agent and pair by pair.

Nothing is shared with the engine but the words (``tenon.schema``); agents stand in the order of the network.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tenon.propagation import Quirk
from tenon.schema import (
    CapacityShock,
    CapitalShock,
    DelayShock,
    FinalDemandShock,
    Float,
    Integer,
    InventoryShock,
    LaborShock,
    LinkShock,
    Scenario,
    SparseLinks,
    SupplyNetwork,
    Target,
    Timing,
)

Mask = NDArray[np.bool_]


def flows_of(network: SupplyNetwork) -> Float:
    """Return the undisturbed flow from each supplier (row) to each buyer (column), (N, N)."""
    flows = np.zeros((len(network), len(network)))
    if isinstance(network.links, SparseLinks):
        flows[network.links.supplier, network.links.buyer] = network.links.flow
    else:
        for members, block in network.product_blocks():
            flows[members] = block
    return flows


@dataclass
class Work:
    """Rebuilding that remains: a row for each agent that builds, a column for each agent and then each demander hit."""

    remaining: Float
    timing: Timing
    days: float
    factor: float


@dataclass
class Disturbances:
    """A scenario on a network, day by day."""

    network: SupplyNetwork
    scenario: Scenario
    flows: Float
    quirks: frozenset[Quirk] = frozenset()
    works: list[Work] = field(default_factory=list)
    returning: list[tuple[Float, Timing]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for shock in self.scenario.shocks:
            if isinstance(shock, CapitalShock):
                damage = self._damage(shock)
                if shock.reconstruction is None:
                    self.returning.append((damage, shock.timing))
                else:
                    self.works.append(self._work(shock, damage))

    def chosen(self, target: Target) -> Mask:
        """Say which agents a target means."""
        network = self.network
        if target.agents:
            return np.isin(network.agents, self._expanded(target.agents))
        region = np.isin(network.regions, self._expanded(target.regions or network.regions))
        sector = np.isin(network.products, self._expanded(target.sectors or network.products))
        return np.asarray(region[network.region] & sector[network.product])

    def capital_lost(self, day: int) -> Float:
        """Return the productive capital that each agent lacks, (N,)."""
        lost = np.zeros(len(self.network))
        for damage, timing in self.returning:
            lost += self._rounded(damage * timing.remaining(day), self._decimals, timing, day)
        for work in self.works:
            if day >= work.timing.start_day:
                lost += work.remaining[:, : len(self.network)].sum(axis=0) / work.factor
        return lost

    def capacity_lost(self, day: int) -> Float:
        """Return the share of capacity that each agent lacks, (N,): the largest of capacity, labor and capital."""
        capital = self.network.capital
        lost: dict[str, Float] = {
            "capital": np.divide(self.capital_lost(day), capital, out=np.zeros(capital.size), where=capital > 0),
            "capacity": np.zeros(capital.size),
            "labor": np.zeros(capital.size),
        }
        for shock in self.scenario.shocks:
            if isinstance(shock, CapacityShock | LaborShock):
                kind = "capacity" if isinstance(shock, CapacityShock) else "labor"
                late = kind == "capacity" and Quirk.CAPACITY_SHOCKS_A_DAY_LATE in self.quirks
                share: Float = np.where(self.chosen(shock.target), shock.loss * shock.timing.remaining(day - late), 0.0)
                lost[kind] += self._rounded(share, 6, shock.timing, day - late)
        worst: Float = np.max(list(lost.values()), axis=0)
        return np.minimum(worst, 1.0)

    def final_demand(self, day: int) -> tuple[Float, Float]:
        """Return what final users want, and what of it can be ordered over open links, (N, D)."""
        network = self.network
        factor = np.ones_like(network.final_demand)
        for shock in self.scenario.shocks:
            if isinstance(shock, FinalDemandShock):
                users = np.isin(network.demanders, self._expanded(shock.demanders or network.demanders))
                factor -= self.chosen(shock.target)[:, None] * users * (shock.loss * shock.timing.remaining(day))
        wanted = network.final_demand * np.maximum(factor, 0.0)
        open_share = np.ones_like(wanted)
        for shock in self.scenario.shocks:
            if isinstance(shock, LinkShock):
                open_share -= self._final_links(shock) * (shock.loss * shock.timing.remaining(day))
        # No more than the open share of what is wanted, nor of the undisturbed flow.
        open_share = np.where(open_share < 1e-9, 0.0, open_share)
        passing = np.minimum(wanted, network.final_demand) * open_share
        return wanted, np.where(open_share < 1.0, passing, wanted)

    def open_share(self, day: int) -> Float:
        """Return the share of each flow between agents that may pass, (N, N)."""
        share = np.ones_like(self.flows)
        for shock in self.scenario.shocks:
            if isinstance(shock, LinkShock):
                hits = self._links(shock)
                share -= hits * (shock.loss * shock.timing.remaining(day))
        return np.where(share < 1e-9, 0.0, share)

    def delay_days(self, day: int) -> Integer:
        """Return for how many days goods sent on a day are under way beyond the usual one, (N, N)."""
        days = np.zeros(self.flows.shape, dtype=np.int64)
        for shock in self.scenario.shocks:
            if isinstance(shock, DelayShock) and shock.timing.remaining(day) > 0:
                days += self._links(shock) * shock.delay_days
        return days

    def stock_left(self, day: int) -> Float:
        """Return the share of its stock of each product that each agent keeps, (S, N)."""
        kept = np.ones((len(self.network.products), len(self.network)))
        for shock in self.scenario.shocks:
            if isinstance(shock, InventoryShock) and shock.day == day:
                products = np.isin(self.network.products, self._expanded(shock.products or self.network.products))
                kept *= 1.0 - shock.loss * (products[:, None] & self.chosen(shock.target))
        return kept

    def rebuilding(self, day: int) -> Float:
        """Return the rebuilding work ordered from each agent, (N,)."""
        ordered = np.zeros(len(self.network))
        for work in self._at_work(day):
            ordered += work.remaining.sum(axis=1) / work.days
        return ordered

    def rebuild(self, day: int, share: Float) -> None:
        """Take off what each builder delivered: its share of the day's order."""
        for work in self._at_work(day):
            left = work.remaining - work.remaining / work.days * share[:, None]
            work.remaining = np.maximum(self._rounded(left, self._decimals, work.timing, day), 0.0)

    @property
    def _decimals(self) -> int:
        return int(np.log10(self.network.unit)) + 1

    def _rounded(self, values: Float, decimals: int, timing: Timing, day: int) -> Float:
        """Round what comes back, from the last day of the full loss on, as BoARIO does."""
        returning = day >= timing.start_day + timing.duration_days - 1
        return np.round(values, decimals) if returning and Quirk.ROUNDED_DAMAGE in self.quirks else values

    def _at_work(self, day: int) -> list[Work]:
        return [work for work in self.works if day >= work.timing.start_day + work.timing.duration_days]

    def _expanded(self, labels: tuple[str, ...]) -> list[str]:
        return [member for label in labels for member in self.scenario.groups.get(label, (label,))]

    def _links(self, shock: LinkShock | DelayShock) -> Mask:
        abroad = self.network.region[:, None] != self.network.region[None, :]
        pairs = self.chosen(shock.suppliers)[:, None] & self.chosen(shock.buyers)[None, :]
        return np.asarray(pairs & (abroad | shock.domestic))

    def _final_links(self, shock: LinkShock) -> Mask:
        network = self.network
        if not shock.final_demand or shock.buyers.sectors or shock.buyers.agents:
            return np.zeros(network.final_demand.shape, dtype=bool)
        users = np.ones(len(network.demanders), dtype=bool)
        if shock.buyers.regions:
            users = np.isin(network.demanders, self._expanded(shock.buyers.regions))
        home = np.array(network.regions)[network.region]
        abroad = home[:, None] != np.array(network.demanders)[None, :]
        return np.asarray(self.chosen(shock.suppliers)[:, None] & users & (abroad | shock.domestic))

    def _damage(self, shock: CapitalShock) -> Float:
        network = self.network
        if shock.loss is not None:
            return np.asarray(shock.loss * network.capital * self.chosen(shock.target))
        given = dict(shock.damage or {})
        return np.array([given.get(agent, 0.0) for agent in network.agents]) * (shock.damage_unit / network.unit)

    def _work(self, shock: CapitalShock, damage: Float) -> Work:
        network, plan = self.network, shock.reconstruction
        assert plan is not None
        scale = shock.damage_unit / network.unit
        households = [shock.household_damage.get(label, 0.0) * scale for label in network.demanders]
        amounts = np.concatenate([damage, households])
        bought = np.hstack([self.flows, network.final_demand])
        place = list(np.array(network.regions)[network.region]) + list(network.demanders)
        remaining = np.zeros((len(network), amounts.size))
        for client in np.flatnonzero(amounts):
            at_home = np.array(network.regions)[network.region] == place[client]
            for sector, share in plan.sectors.items():
                makers = network.product == network.products.index(sector)
                options = [network.output * makers * at_home, network.output * makers]
                if not plan.local:
                    options.insert(0, bought[:, client] * makers)
                weights = next(option for option in options if option.sum() > 0)
                remaining[:, client] += amounts[client] * share * weights / weights.sum()
        return Work(remaining * plan.factor, shock.timing, plan.days, plan.factor)
