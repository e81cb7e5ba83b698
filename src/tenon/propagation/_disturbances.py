"""A scenario on a network, day by day: losses of capacity, final demand, closed and delayed links, destroyed stocks.

Losses of one kind that overlap add up and may not exceed one; across kinds (capacity, labor, capital) the scarcest
factor limits, because production needs all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenon.propagation._damage import damage_of
from tenon.propagation._layout import Layout
from tenon.propagation._link_shocks import ROUNDING, LinkDisturbance, disturb_links
from tenon.propagation._rebuilding import Rebuilding, damage_decimals, plan_rebuilding
from tenon.propagation._targets import positions_of
from tenon.schema import (
    CapacityShock,
    CapitalShock,
    FinalDemandShock,
    Float,
    Integer,
    InventoryShock,
    LaborShock,
    Scenario,
    ShockError,
    Timing,
)

__all__ = ["Disturbance", "Loss", "disturb"]

Mask = NDArray[np.bool_]
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

    def capital_on(self, day: int) -> Float | None:
        """Return the capital lost on a day, currency, or None if nothing is."""
        shares = self.on(day)
        return None if shares is None or self.capital is None else shares * self.capital


@dataclass(frozen=True, eq=False)
class DemandChange:
    """A change of final demand: which cells (N, D), by which share, when."""

    cells: Mask
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
    demand : tuple of DemandChange
        Changes of final demand.
    links : LinkDisturbance
        Closed and delayed links.
    destroyed : tuple of (day, shares)
        Stocks destroyed: on which day, which share of the stock of each slot, (K,).
    """

    losses: tuple[Loss, ...]
    rebuildings: tuple[Rebuilding, ...]
    demand: tuple[DemandChange, ...]
    links: LinkDisturbance
    destroyed: tuple[tuple[int, Float], ...]

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
        scarcest, *others = total.values()
        for shares in others:
            np.maximum(scarcest, shares, out=scarcest)
        return np.minimum(scarcest, 1.0, out=scarcest)

    def capital_lost(self, day: int, agents: int) -> Float:
        """Return the productive capital that each agent lacks on a day, (N,), currency."""
        lost = np.zeros(agents)
        for loss in self.losses:
            amount = loss.capital_on(day)
            if amount is not None:
                lost[loss.positions] += amount
        for rebuilding in self.rebuildings:
            if rebuilding.has_begun(day):
                lost[rebuilding.clients] += rebuilding.lost()
        return lost

    def demand_factor(self, day: int) -> Float | None:
        """Return the factor on final demand, (N, D), or None if it is undisturbed."""
        factor: Float | None = None
        for change in self.demand:
            remaining = change.timing.remaining(day)
            if remaining > 0.0:
                factor = np.ones(change.cells.shape) if factor is None else factor
                factor -= change.cells * (change.loss * remaining)
        return None if factor is None else np.maximum(factor, 0.0)

    def destroyed_on(self, day: int) -> Iterator[Float]:
        """Yield the share of the stock of each slot that is destroyed on a day, shock by shock."""
        return (shares for when, shares in self.destroyed if when == day)


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
    demand: list[DemandChange] = []
    destroyed: list[tuple[int, Float]] = []
    for shock in scenario.shocks:
        match shock:
            case CapacityShock() | LaborShock():
                lag = late_days if isinstance(shock, CapacityShock) else 0
                losses.append(_loss(layout, scenario, shock, late_days=lag, rounded=rounded))
            case CapitalShock(reconstruction=None):
                damage = damage_of(layout, scenario, shock)
                decimals = damage_decimals(layout.network.unit) if rounded else None
                losses.append(
                    Loss("capital", damage.positions, damage.share, shock.timing, damage.capital, decimals=decimals)
                )
            case CapitalShock():
                damage = damage_of(layout, scenario, shock)
                rebuildings.append(plan_rebuilding(layout, scenario, shock, damage, rounded=rounded))
            case FinalDemandShock():
                demand.append(DemandChange(_demand_cells(layout, scenario, shock), shock.loss, shock.timing))
            case InventoryShock():
                destroyed.append((shock.day, _stocks_lost(layout, scenario, shock)))
            case _:
                pass  # shocks to links are read together, below
    _check_losses(layout, scenario, losses, rebuildings)
    _check_demand(scenario, demand)
    return Disturbance(
        losses=tuple(losses),
        rebuildings=tuple(rebuildings),
        demand=tuple(demand),
        links=disturb_links(layout, scenario),
        destroyed=tuple(destroyed),
    )


def _loss(
    layout: Layout, scenario: Scenario, shock: CapacityShock | LaborShock, *, late_days: int, rounded: bool
) -> Loss:
    positions = positions_of(layout, scenario, shock.target)
    return Loss(
        kind="capacity" if isinstance(shock, CapacityShock) else "labor",
        positions=positions,
        shares=np.full(positions.size, shock.loss),
        timing=shock.timing,
        late_days=late_days,
        decimals=_SHARE_DECIMALS if rounded else None,
    )


def _demand_cells(layout: Layout, scenario: Scenario, shock: FinalDemandShock) -> Mask:
    network = layout.network
    makes = np.zeros(len(network), dtype=bool)
    makes[positions_of(layout, scenario, shock.target)] = True
    wanted = set(scenario.expand(shock.demanders or network.demanders, network.demanders, "demander"))
    cells: Mask = makes[:, None] & np.array([label in wanted for label in network.demanders])[None, :]
    return cells


def _stocks_lost(layout: Layout, scenario: Scenario, shock: InventoryShock) -> Float:
    holds = np.zeros(len(layout.network), dtype=bool)
    holds[positions_of(layout, scenario, shock.target)] = True
    products = layout.network.products
    wanted = set(scenario.expand(shock.products or products, products, "product"))
    is_wanted = np.array([product in wanted for product in products])
    return np.where(holds[layout.slots.buyer] & is_wanted[layout.product_of_slot], shock.loss, 0.0)


def _check_losses(
    layout: Layout, scenario: Scenario, losses: Sequence[Loss], rebuildings: Sequence[Rebuilding]
) -> None:
    """Refuse losses of one kind that together exceed one on any day; what is being rebuilt counts until work begins."""
    for kind in ("capacity", "labor", "capital"):
        same = [loss for loss in losses if loss.kind == kind]
        rebuilt = rebuildings if kind == "capital" else ()
        for day in range(scenario.horizon_days if len(same) + len(rebuilt) > 1 else 0):
            total = np.zeros(len(layout.network))
            for loss in same:
                shares = loss.on(day)
                if shares is not None:
                    total[loss.positions] += shares
            for rebuilding in rebuilt:
                if rebuilding.has_begun(day) and not rebuilding.works(day):
                    total[rebuilding.clients] += rebuilding.lost_share()
            worst = int(total.argmax())
            if total[worst] > 1 + ROUNDING:
                agent = layout.network.agents[layout.order[worst]]
                message = (
                    f"{kind} shocks of scenario {scenario.name!r} that overlap on day {day} take {total[worst]:.0%} "
                    f"from {agent!r}; together they may take at most 100 %. Lower or separate them."
                )
                raise ShockError(message)


def _check_demand(scenario: Scenario, changes: Sequence[DemandChange]) -> None:
    for day in range(scenario.horizon_days if len(changes) > 1 else 0):
        total = np.sum([change.cells * (change.loss * change.timing.remaining(day)) for change in changes], axis=0)
        worst = float(total.max())
        if worst > 1 + ROUNDING:
            message = (
                f"final demand shocks of scenario {scenario.name!r} that overlap on day {day} take {worst:.0%} of a "
                "demand; together they may take at most 100 %. Lower or separate them."
            )
            raise ShockError(message)
