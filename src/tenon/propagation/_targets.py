"""Which agents a shock means."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from tenon.propagation._layout import Layout
from tenon.schema import Integer, Scenario, ShockError, Target

__all__ = ["positions_of"]


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
        chosen = _belongs(scenario, target.agents, network.agents, np.arange(len(network)), "agent")
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


def _belongs(
    scenario: Scenario, labels: Sequence[str], known: tuple[str, ...], index: Integer, what: str
) -> NDArray[np.bool_]:
    if not labels:
        return np.ones(index.size, dtype=bool)
    wanted = set(scenario.expand(labels, known, what))
    chosen: NDArray[np.bool_] = np.array([label in wanted for label in known])[index]
    return chosen
