"""A scenario on a network, day by day: losses of capacity, final demand, closed and delayed links, destroyed stocks.

Losses of one kind that overlap add up and may not exceed one; across kinds (capacity, labor, capital) the scarcest
factor limits, because production needs all of them.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tenon.propagation._layout import Layout
from tenon.propagation._rebuilding import Rebuilding, damage_decimals, plan_rebuilding
from tenon.schema import (
    CapacityShock,
    CapitalShock,
    DelayShock,
    FinalDemandShock,
    Float,
    Integer,
    InventoryShock,
    LabelError,
    LaborShock,
    LinkShock,
    Scenario,
    ShockError,
    Target,
    TenonWarning,
    Timing,
    nearest,
)

__all__ = ["Disturbance", "Loss", "disturb", "positions_of"]

Mask = NDArray[np.bool_]
_ROUNDING = 1e-9
_SHARE_DECIMALS = 6


@dataclass(frozen=True, eq=False)
class Loss:
    """One loss of some agents.

    Parameters
    ----------
    kind : str
        ``"capacity"``, ``"labor"`` or ``"capital"``; losses of one kind add up.
    positions : (n,) array of int
        Who.
    shares : (n,) array, dimensionless
        How much of each.
    timing : Timing
        When.
    capital : (n,) array, currency
        Productive capital of each; only losses of capital have one.
    late_days : int, days
        Days by which the loss acts late (a quirk of BoARIO).
    decimals : int or None
        Decimals to which capital, or else shares, are rounded while they come back (a quirk of BoARIO).
    """

    kind: str
    positions: Integer
    shares: Float
    timing: Timing
    capital: Float | None = None
    late_days: int = 0
    decimals: int | None = None

    def on(self, day: int) -> Float | None:
        """Return the shares lost on a day, or None if nothing is."""
        day -= self.late_days
        remaining = self.timing.remaining(day)
        if remaining == 0.0:
            return None
        shares = self.shares * remaining
        if self.decimals is None or day < self.timing.start_day + self.timing.duration_days - 1:
            return shares
        unit = np.ones_like(shares) if self.capital is None else np.where(self.capital > 0, self.capital, 1.0)
        return np.round(shares * unit, self.decimals) / unit


@dataclass(frozen=True, eq=False)
class Closure:
    """A loss on links between two sets of classes."""

    hits: Mask
    loss: float
    timing: Timing


@dataclass(frozen=True, eq=False)
class Disturbance:
    """Everything that one scenario does to one network.

    Parameters
    ----------
    losses : tuple of Loss
        Losses of capacity, labor and capital that return by themselves.
    rebuildings : tuple of Rebuilding
        Capital that returns as it is rebuilt.
    demand : tuple of (cells, loss, timing)
        Changes of final demand; ``cells`` is a (N, D) mask.
    closures, delays : tuple of Closure
        On links; the loss of a delay is its number of days.
    destroyed : tuple of (day, slots, loss)
        Stocks destroyed; ``slots`` is a mask over slots.
    supplier_class, buyer_class : (N,) array of int
        Class of each agent as supplier and as buyer.
    demander_class : (D,) array of int
        Class of each demander as buyer.
    """

    losses: tuple[Loss, ...] = ()
    rebuildings: tuple[Rebuilding, ...] = ()
    demand: tuple[tuple[Mask, float, Timing], ...] = ()
    closures: tuple[Closure, ...] = ()
    delays: tuple[Closure, ...] = ()
    destroyed: tuple[tuple[int, Mask, float], ...] = ()
    supplier_class: Integer = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    buyer_class: Integer = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    demander_class: Integer = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    class_counts: tuple[int, int] = (1, 1)

    @property
    def longest_delay(self) -> int:
        """Longest time, in days, that goods can be under way."""
        return int(sum(delay.loss for delay in self.delays))

    @property
    def has_capital_losses(self) -> bool:
        """Whether any capital is lost on any day."""
        return bool(self.rebuildings) or any(loss.kind == "capital" for loss in self.losses)

    def capacity_loss(self, day: int, agents: int) -> Float:
        """Return the share of capacity that each agent lacks on a day, (N,)."""
        total: dict[str, Float] = {}
        for loss in self.losses:
            shares = loss.on(day)
            if shares is not None:
                total.setdefault(loss.kind, np.zeros(agents))[loss.positions] += shares
        for rebuilding in self.rebuildings:
            if rebuilding.has_begun(day):
                total.setdefault("capital", np.zeros(agents))[rebuilding.clients] += rebuilding.lost_share()
        if not total:
            return np.zeros(agents)
        return np.minimum(np.maximum.reduce(list(total.values())), 1.0)

    def capital_lost(self, day: int, agents: int) -> Float:
        """Return the productive capital that each agent lacks on a day, (N,), currency."""
        lost = np.zeros(agents)
        for loss in self.losses:
            shares = loss.on(day) if loss.capital is not None else None
            if shares is not None:
                lost[loss.positions] += shares * loss.capital
        for rebuilding in self.rebuildings:
            if rebuilding.has_begun(day):
                lost[rebuilding.clients] += rebuilding.lost()
        return lost

    def demand_factor(self, day: int) -> Float | None:
        """Return the factor on final demand, (N, D), or None if it is undisturbed."""
        factor: Float | None = None
        for cells, loss, timing in self.demand:
            remaining = timing.remaining(day)
            if remaining > 0.0:
                factor = np.ones(cells.shape) if factor is None else factor
                factor -= cells * (loss * remaining)
        return None if factor is None else np.maximum(factor, 0.0)

    def open_share(self, day: int) -> Float:
        """Return the share of the flow that may pass, by class of supplier and of buyer."""
        return _share_left(self.closures, day, self.class_counts)

    def delay_days(self, day: int) -> Integer:
        """Return the days that goods sent today are under way, by class of supplier and of buyer."""
        days = np.zeros(self.class_counts, dtype=np.int64)
        for delay in self.delays:
            if delay.timing.remaining(day) > 0.0:
                days += delay.hits * int(delay.loss)
        return days


def disturb(layout: Layout, scenario: Scenario, *, late_days: int = 0, rounded: bool = False) -> Disturbance:
    """Compile the shocks of a scenario for a network.

    Parameters
    ----------
    layout : Layout
        The network.
    scenario : Scenario
        The shocks.
    late_days : int, days
        Days by which capacity shocks act late (a quirk of BoARIO).
    rounded : bool
        Whether damage is rounded while it comes back (a quirk of BoARIO).

    Returns
    -------
    Disturbance
        The scenario day by day.

    Raises
    ------
    LabelError
        If a label is unknown.
    ShockError
        If overlapping losses of one kind exceed one, a damage exceeds the capital, or a target is empty.
    """
    losses: list[Loss] = []
    rebuildings: list[Rebuilding] = []
    demand: list[tuple[Mask, float, Timing]] = []
    destroyed: list[tuple[int, Mask, float]] = []
    links = [shock for shock in scenario.shocks if isinstance(shock, LinkShock | DelayShock)]
    for shock in scenario.shocks:
        match shock:
            case CapacityShock() | LaborShock():
                kind = "capacity" if isinstance(shock, CapacityShock) else "labor"
                positions = positions_of(layout, scenario, shock.target)
                shares = np.full(positions.size, shock.loss)
                lag = late_days if kind == "capacity" else 0
                decimals = _SHARE_DECIMALS if rounded else None
                losses.append(Loss(kind, positions, shares, shock.timing, late_days=lag, decimals=decimals))
            case CapitalShock():
                _add_capital(layout, scenario, shock, losses=losses, rebuildings=rebuildings, rounded=rounded)
            case FinalDemandShock():
                demand.append((_demand_cells(layout, scenario, shock), shock.loss, shock.timing))
            case InventoryShock():
                destroyed.append((shock.day, _slots_held(layout, scenario, shock), shock.loss))
            case _:
                pass
    classes = _classify(layout, scenario, links)
    result = Disturbance(
        losses=tuple(losses),
        rebuildings=tuple(rebuildings),
        demand=tuple(demand),
        destroyed=tuple(destroyed),
        **classes,
    )
    _check_overlaps(layout, scenario, result)
    return result


def positions_of(layout: Layout, scenario: Scenario, target: Target) -> Integer:
    """Return the positions of the agents that a target means.

    Parameters
    ----------
    layout : Layout
        The network.
    scenario : Scenario
        Whose groups the target may use.
    target : Target
        Regions and sectors, or agents.

    Returns
    -------
    (n,) array of int
        Sorted positions.

    Raises
    ------
    LabelError
        If a label is unknown.
    ShockError
        If nobody is meant.
    """
    network = layout.network
    if target.agents:
        wanted = set(scenario.expand(target.agents, network.agents, "agent"))
        chosen = np.array([agent in wanted for agent in network.agents])
    else:
        chosen = _belongs(scenario, target.regions, network.regions, network.region, "region")
        chosen &= _belongs(scenario, target.sectors, network.products, network.product, "sector")
    positions = np.sort(layout.position[np.flatnonzero(chosen)])
    if not positions.size:
        message = (
            f"a shock of scenario {scenario.name!r} aims at {target.describe()}, where nobody is; widen its target."
        )
        raise ShockError(message)
    return positions


def _belongs(scenario: Scenario, labels: Sequence[str], known: tuple[str, ...], index: Integer, what: str) -> Mask:
    if not labels:
        return np.ones(index.size, dtype=bool)
    wanted = set(scenario.expand(labels, known, what))
    return np.array([label in wanted for label in known])[index]


def _add_capital(
    layout: Layout,
    scenario: Scenario,
    shock: CapitalShock,
    *,
    losses: list[Loss],
    rebuildings: list[Rebuilding],
    rounded: bool,
) -> None:
    positions, damage = _damage(layout, scenario, shock)
    capital = layout.network.capital[layout.order][positions]
    names = [layout.network.agents[agent] for agent in layout.order[positions]]
    excess = np.flatnonzero((damage > capital * (1 + _ROUNDING)) & (capital > 0))
    if excess.size:
        worst = excess[0]
        message = (
            f"the damage to {names[worst]!r} in scenario {scenario.name!r} is {damage[worst]:.6g}, more than its capital of "
            f"{capital[worst]:.6g} (in units of {layout.network.unit:g} {layout.network.currency}); check damage_unit."
        )
        raise ShockError(message)
    bare = np.flatnonzero((capital <= 0) & (damage > 0))
    if bare.size:
        note = (
            f"{names[bare[0]]!r} has no productive capital (value added is not positive), so its damage in scenario "
            f"{scenario.name!r} costs no capacity ({bare.size} such industries)."
        )
        warnings.warn(note, TenonWarning, stacklevel=2)
    share = np.where(capital > 0, damage / np.where(capital > 0, capital, 1.0), 0.0)
    if shock.reconstruction is not None:
        rebuildings.append(
            plan_rebuilding(layout, scenario, shock, clients=positions, damage=damage, capital=capital, rounded=rounded)
        )
    elif positions.size:
        decimals = damage_decimals(layout.network.unit) if rounded else None
        losses.append(Loss("capital", positions, share, shock.timing, capital, decimals=decimals))


def _damage(layout: Layout, scenario: Scenario, shock: CapitalShock) -> tuple[Integer, Float]:
    """Positions of damaged agents and damage in units of the network."""
    network = layout.network
    if shock.damage is not None:
        agents = {agent: number for number, agent in enumerate(network.agents)}
        unknown = [label for label in shock.damage if label not in agents]
        if unknown:
            message = f"scenario {scenario.name!r} damages {unknown[0]!r}, which does not exist; {nearest(unknown[0], agents)}"
            raise LabelError(message)
        positions = layout.position[[agents[label] for label in shock.damage]]
        amounts = np.array(list(shock.damage.values())) * (shock.damage_unit / network.unit)
        sorting = np.argsort(positions)
        return positions[sorting], amounts[sorting]
    if shock.loss is None:
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    positions = positions_of(layout, scenario, shock.target)
    return positions, shock.loss * network.capital[layout.order][positions]


def _demand_cells(layout: Layout, scenario: Scenario, shock: FinalDemandShock) -> Mask:
    network = layout.network
    cells = np.zeros((len(network), len(network.demanders)), dtype=bool)
    demanders = scenario.expand(shock.demanders or network.demanders, network.demanders, "demander")
    columns = [network.demanders.index(label) for label in demanders]
    cells[np.ix_(positions_of(layout, scenario, shock.target), columns)] = True
    return cells


def _slots_held(layout: Layout, scenario: Scenario, shock: InventoryShock) -> Mask:
    holders = np.zeros(len(layout.network), dtype=bool)
    holders[positions_of(layout, scenario, shock.target)] = True
    products = layout.network.products
    wanted = set(scenario.expand(shock.products or products, products, "product"))
    return holders[layout.slots.buyer] & np.array([product in wanted for product in products])[layout.product_of_slot]


def _classify(layout: Layout, scenario: Scenario, links: Sequence[LinkShock | DelayShock]) -> dict[str, object]:
    """Group agents that no link shock tells apart, and say which pairs of groups each shock hits."""
    network = layout.network
    size, demanders = len(network), len(network.demanders)
    if not links:
        zero = np.zeros(size, dtype=np.int64)
        return {"supplier_class": zero, "buyer_class": zero, "demander_class": np.zeros(demanders, dtype=np.int64)}
    region = network.region[layout.order]
    regions = {label: number for number, label in enumerate(network.regions)}
    demander_region = np.array([regions.get(label, -1) for label in network.demanders])
    sells = np.zeros((size, len(links)), dtype=np.int64)
    buys = np.zeros((size + demanders, len(links)), dtype=np.int64)
    for number, shock in enumerate(links):
        sells[positions_of(layout, scenario, shock.suppliers), number] = 1
        buys[positions_of(layout, scenario, shock.buyers), number] = 1
        if isinstance(shock, LinkShock) and shock.final_demand and not (shock.buyers.sectors or shock.buyers.agents):
            buys[size:, number] = _demanders_in(scenario, shock.buyers, network.demanders, network.regions)
    suppliers, supplier_class = np.unique(np.column_stack([sells, region]), axis=0, return_inverse=True)
    buyer_region = np.concatenate([region, demander_region])
    buyers, buyer_class = np.unique(np.column_stack([buys, buyer_region]), axis=0, return_inverse=True)
    abroad = suppliers[:, -1][:, None] != buyers[:, -1][None, :]
    closures: list[Closure] = []
    delays: list[Closure] = []
    for number, shock in enumerate(links):
        hits = (suppliers[:, number][:, None] == 1) & (buyers[:, number][None, :] == 1) & (abroad | shock.domestic)
        if isinstance(shock, LinkShock):
            closures.append(Closure(hits, shock.loss, shock.timing))
        else:
            delays.append(Closure(hits, float(shock.delay_days), shock.timing))
    return {
        "supplier_class": supplier_class.ravel(),
        "buyer_class": buyer_class.ravel()[:size],
        "demander_class": buyer_class.ravel()[size:],
        "class_counts": (len(suppliers), len(buyers)),
        "closures": tuple(closures),
        "delays": tuple(delays),
    }


def _demanders_in(scenario: Scenario, buyers: Target, demanders: tuple[str, ...], regions: tuple[str, ...]) -> Integer:
    if not buyers.regions:
        return np.ones(len(demanders), dtype=np.int64)
    wanted = set(scenario.expand(buyers.regions, regions, "region"))
    return np.array([label in wanted for label in demanders], dtype=np.int64)


def _share_left(closures: Sequence[Closure], day: int, counts: tuple[int, int]) -> Float:
    share = np.ones(counts)
    for closure in closures:
        remaining = closure.timing.remaining(day)
        if remaining > 0.0:
            share -= closure.hits * (closure.loss * remaining)
    return np.where(share < _ROUNDING, 0.0, share)


def _check_overlaps(layout: Layout, scenario: Scenario, disturbance: Disturbance) -> None:
    """Refuse losses of one kind that together exceed one on any day."""
    for kind in ("capacity", "labor", "capital"):
        same = [loss for loss in disturbance.losses if loss.kind == kind]
        if len(same) > 1:
            for day in range(scenario.horizon_days):
                _check_losses(layout, scenario, same, day)
    if len(disturbance.closures) > 1:
        for day in range(scenario.horizon_days):
            worst = float(_total_closed(disturbance.closures, day).max())
            if worst > 1 + _ROUNDING:
                message = (
                    f"link shocks of scenario {scenario.name!r} that overlap on day {day} take {worst:.0%} of a flow; "
                    "together they may take at most 100 %. Lower or separate them."
                )
                raise ShockError(message)
    if len(disturbance.demand) > 1:
        for day in range(scenario.horizon_days):
            total = sum(cells * (loss * timing.remaining(day)) for cells, loss, timing in disturbance.demand)
            if float(np.max(total)) > 1 + _ROUNDING:
                message = (
                    f"final demand shocks of scenario {scenario.name!r} that overlap on day {day} take {np.max(total):.0%} "
                    "of a demand; together they may take at most 100 %. Lower or separate them."
                )
                raise ShockError(message)


def _check_losses(layout: Layout, scenario: Scenario, losses: Sequence[Loss], day: int) -> None:
    total = np.zeros(len(layout.network))
    for loss in losses:
        shares = loss.on(day)
        if shares is not None:
            total[loss.positions] += shares
    worst = int(total.argmax())
    if total[worst] > 1 + _ROUNDING:
        agent = layout.network.agents[layout.order[worst]]
        message = (
            f"{losses[0].kind} shocks of scenario {scenario.name!r} that overlap on day {day} take {total[worst]:.0%} from "
            f"{agent!r}; together they may take at most 100 %. Lower or separate them."
        )
        raise ShockError(message)


def _total_closed(closures: Sequence[Closure], day: int) -> Float:
    return np.sum([closure.hits * (closure.loss * closure.timing.remaining(day)) for closure in closures], axis=0)
