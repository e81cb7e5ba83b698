"""Reconstruction: capital that comes back as suppliers deliver the work.

The damage of each client is split over the rebuilding sectors by given shares and over the regions that supply a
sector as the client's undisturbed purchases are (or to its own region alone). Each day the remaining work divided by
the time scale is ordered; what is delivered is restored (Hallegatte 2013, Risk Analysis 34:152, section 2.4).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tenon.propagation._damage import Damage
from tenon.propagation._layout import Layout
from tenon.schema import (
    CapitalShock,
    Float,
    Integer,
    LabelError,
    Reconstruction,
    Scenario,
    ShockError,
    SparseLinks,
    nearest,
)

__all__ = ["Rebuilding", "damage_decimals", "plan_rebuilding"]


@dataclass(eq=False)
class Rebuilding:
    """Work that remains of one capital shock; the only disturbance that changes as a run goes on.

    Parameters
    ----------
    builders : (m,) array of int
        Positions of the agents that rebuild.
    clients : (n,) array of int
        Positions of the agents that are hit.
    capital : (n,) array, currency
        Productive capital of the clients.
    remaining : (m, n + h) array, currency
        Work not yet delivered, by builder and client; the last ``h`` columns are households.
    first_loss_day, first_work_day : int
        Days on which the loss and the rebuilding begin.
    days : float, days
        Time scale of the work.
    factor : float
        Work per unit of capital lost.
    decimals : int or None
        Decimals to which remaining work is rounded (a quirk of BoARIO).
    """

    builders: Integer
    clients: Integer
    capital: Float
    remaining: Float
    first_loss_day: int
    first_work_day: int
    days: float
    factor: float
    decimals: int | None

    def has_begun(self, day: int) -> bool:
        """Say whether the loss is in effect on a day."""
        return day >= self.first_loss_day

    def lost(self) -> Float:
        """Return the capital that each client still lacks, (n,), currency."""
        lost: Float = self.remaining.sum(axis=0)[: self.clients.size] / self.factor
        return lost

    def lost_share(self) -> Float:
        """Return the share of capital that each client still lacks, (n,); zero where it has none."""
        return np.where(self.capital > 0, self.lost() / np.where(self.capital > 0, self.capital, 1.0), 0.0)

    def works(self, day: int) -> bool:
        """Say whether rebuilding has started on a day."""
        return day >= self.first_work_day

    def ordered(self) -> Float:
        """Return the work ordered from each builder in a day of rebuilding, (m,), currency."""
        ordered: Float = self.remaining.sum(axis=1) / self.days
        return ordered

    def deliver(self, share: Float) -> None:
        """Take off what was delivered: ``share`` of the day's order of each builder, (m,)."""
        left = self.remaining - (self.remaining / self.days) * share[:, None]
        if self.decimals is not None:
            left = np.round(left, self.decimals)
        self.remaining = np.maximum(left, 0.0)


def damage_decimals(unit: float) -> int:
    """Decimals to which BoARIO rounds damage that comes back, given the unit of the table."""
    return int(np.log10(unit)) + 1


def plan_rebuilding(
    layout: Layout, scenario: Scenario, shock: CapitalShock, damage: Damage, *, rounded: bool
) -> Rebuilding:
    """Split a damage over those who rebuild it.

    Parameters
    ----------
    layout : Layout
        The network.
    scenario : Scenario
        For messages.
    shock : CapitalShock
        With a reconstruction.
    damage : Damage
        Who is hit, and how much.
    rounded : bool
        Whether remaining work is rounded.

    Returns
    -------
    Rebuilding
        All work still to be done.

    Raises
    ------
    LabelError
        If a rebuilding sector or a demander is unknown.
    ShockError
        If there is no reconstruction, or nobody can do it.
    """
    work = shock.reconstruction
    if work is None:
        message = f"a capital shock of scenario {scenario.name!r} is to be rebuilt, but says not by whom."
        raise ShockError(message)
    network = layout.network
    products = [_product(network.products, sector, scenario) for sector in work.sectors]
    builders = np.concatenate([np.arange(layout.first_agent[p], layout.first_agent[p + 1]) for p in products])
    regions = {label: number for number, label in enumerate(network.regions)}
    columns = []
    for client, amount in zip(damage.positions, damage.amount, strict=True):
        home = int(network.region[layout.order[client]])
        columns.append(amount * _split(layout, work, products, _purchases(layout, int(client)), home=home))
    for demander, amount in _households(layout, scenario, shock):
        home = regions.get(network.demanders[demander], -1)
        columns.append(amount * _split(layout, work, products, layout.final_demand[:, demander], home=home))
    return Rebuilding(
        builders=builders,
        clients=damage.positions,
        capital=damage.capital,
        remaining=np.column_stack(columns) * work.factor,
        first_loss_day=shock.timing.start_day,
        first_work_day=shock.timing.start_day + shock.timing.duration_days,
        days=work.days,
        factor=work.factor,
        decimals=damage_decimals(network.unit) if rounded else None,
    )


def _households(layout: Layout, scenario: Scenario, shock: CapitalShock) -> list[tuple[int, float]]:
    """Demanders whose dwellings are damaged, and the damage in units of the network."""
    demanders = layout.network.demanders
    scale = shock.damage_unit / layout.network.unit
    for label in shock.household_damage:
        if label not in demanders:
            message = (
                f"scenario {scenario.name!r} damages households of {label!r}, which does not exist; "
                f"{nearest(label, demanders)}"
            )
            raise LabelError(message)
    return [(demanders.index(label), amount * scale) for label, amount in shock.household_damage.items()]


def _product(products: tuple[str, ...], sector: str, scenario: Scenario) -> int:
    if sector not in products:
        message = (
            f"scenario {scenario.name!r} lets {sector!r} rebuild, which does not exist; {nearest(sector, products)}"
        )
        raise LabelError(message)
    return products.index(sector)


def _purchases(layout: Layout, client: int) -> Float:
    """Undisturbed purchases of one agent from every other, by position."""
    network = layout.network
    bought = np.zeros(len(network))
    if isinstance(network.links, SparseLinks):
        mine = network.links.buyer == layout.order[client]
        bought[layout.position[network.links.supplier[mine]]] = network.links.flow[mine]
        return bought
    for members, block in network.product_blocks():
        bought[layout.position[members]] = block[:, layout.order[client]]
    return bought


def _split(layout: Layout, work: Reconstruction, products: list[int], bought: Float, *, home: int) -> Float:
    """Shares of one client's work over all builders; they add up to one."""
    parts = []
    for product, share in zip(products, work.sectors.values(), strict=True):
        makers = np.arange(layout.first_agent[product], layout.first_agent[product + 1])
        at_home = layout.output[makers] * (layout.network.region[layout.order[makers]] == home)
        # A client that buys nothing from a sector turns to its makers at home, and without them to all, by output.
        choices = [at_home, layout.output[makers]] if work.local else [bought[makers], at_home, layout.output[makers]]
        weights = next((weights for weights in choices if weights.sum() > 0), None)
        if weights is None:
            message = f"nobody makes {layout.network.products[product]!r}, which is to rebuild; name another sector."
            raise ShockError(message)
        parts.append(share * weights / weights.sum())
    return np.concatenate(parts)
