"""Damage to productive capital: whose, how much, and which share of it."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

from tenon.propagation._layout import Layout
from tenon.propagation._targets import positions_of
from tenon.schema import CapitalShock, Float, Integer, LabelError, Scenario, ShockError, TenonWarning, nearest

__all__ = ["Damage", "damage_of"]

_ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class Damage:
    """Damage of one shock.

    Parameters
    ----------
    positions : (n,) array of int
        Who is hit.
    amount : (n,) array, currency
        Damage of each, in units of the network.
    capital : (n,) array, currency
        Productive capital of each.
    """

    positions: Integer
    amount: Float
    capital: Float

    @property
    def share(self) -> Float:
        """Share of capital lost, (n,); zero where there is none."""
        return np.divide(self.amount, self.capital, out=np.zeros_like(self.amount), where=self.capital > 0)


def damage_of(layout: Layout, scenario: Scenario, shock: CapitalShock) -> Damage:
    """Work out the damage of a shock to capital.

    Parameters
    ----------
    layout : Layout
        The network.
    scenario : Scenario
        For groups and messages.
    shock : CapitalShock
        With a loss, a damage, or household damage alone.

    Returns
    -------
    Damage
        By position. Agents without productive capital keep their damage but lose no capacity; a warning names one.

    Raises
    ------
    LabelError
        If a label is unknown.
    ShockError
        If a damage exceeds the capital or the target is empty.
    """
    network = layout.network
    positions, amount = _amounts(layout, scenario, shock)
    capital = network.capital[layout.order][positions]
    names = [network.agents[agent] for agent in layout.order[positions]]
    excess = np.flatnonzero((amount > capital * (1 + _ROUNDING)) & (capital > 0))
    if excess.size:
        worst = excess[0]
        message = (
            f"the damage to {names[worst]!r} in scenario {scenario.name!r} is {amount[worst]:.6g}, more than its "
            f"capital of {capital[worst]:.6g} (in units of {network.unit:g} {network.currency}); check damage_unit."
        )
        raise ShockError(message)
    bare = np.flatnonzero((capital <= 0) & (amount > 0))
    if bare.size:
        note = (
            f"{names[bare[0]]!r} has no productive capital (value added is not positive), so its damage in scenario "
            f"{scenario.name!r} costs no capacity ({bare.size} such industries)."
        )
        warnings.warn(note, TenonWarning, stacklevel=2)
    return Damage(positions, amount, capital)


def _amounts(layout: Layout, scenario: Scenario, shock: CapitalShock) -> tuple[Integer, Float]:
    """Positions of damaged agents and damage in units of the network."""
    network = layout.network
    if shock.loss is not None:
        positions = positions_of(layout, scenario, shock.target)
        return positions, shock.loss * network.capital[layout.order][positions]
    damage = shock.damage or {}
    agents = {agent: number for number, agent in enumerate(network.agents)}
    for label in damage:
        if label not in agents:
            message = f"scenario {scenario.name!r} damages {label!r}, which does not exist; {nearest(label, agents)}"
            raise LabelError(message)
    positions = layout.position[np.array([agents[label] for label in damage], dtype=np.int64)]
    outside = np.flatnonzero(~np.isin(positions, positions_of(layout, scenario, shock.target)))
    if outside.size:
        message = (
            f"scenario {scenario.name!r} damages {list(damage)[outside[0]]!r}, which its target "
            f"({shock.target.describe()}) does not include; widen the target or leave it out."
        )
        raise ShockError(message)
    amount = np.array(list(damage.values()), dtype=np.float64) * (shock.damage_unit / network.unit)
    sorting = np.argsort(positions)
    return positions[sorting], amount[sorting]
