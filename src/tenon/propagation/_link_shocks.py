"""Closed and delayed links of a scenario, by classes of agents that no link shock tells apart.

A shock that names regions or sectors hits millions of links alike. Agents that stand in the same region and at the same
ends of every link shock form a class, so that a day needs only a small matrix of shares by class of supplier and buyer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tenon.propagation._layout import Layout
from tenon.propagation._targets import positions_of
from tenon.schema import DelayShock, Float, Integer, LinkShock, Scenario, ShockError, Timing

__all__ = ["LinkDisturbance", "disturb_links"]

ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class _Hit:
    """One shock: which pairs of classes it hits, (C, E); the share of flow lost or the days of delay; when."""

    pairs: NDArray[np.bool_]
    size: float
    timing: Timing


@dataclass(frozen=True, eq=False)
class LinkDisturbance:
    """What a scenario does to links.

    Parameters
    ----------
    supplier_class, buyer_class : (N,) array of int
        Class of each agent at either end, by position.
    demander_class : (D,) array of int
        Class of each demander as a buyer.
    counts : tuple of int
        Number of classes of suppliers and of buyers.
    closures, delays : tuple
        The shocks.
    """

    supplier_class: Integer
    buyer_class: Integer
    demander_class: Integer
    counts: tuple[int, int]
    closures: tuple[_Hit, ...]
    delays: tuple[_Hit, ...]

    @property
    def longest_delay(self) -> int:
        """Longest time, in days, that goods can be under way."""
        return int(sum(delay.size for delay in self.delays))

    def open_share(self, day: int) -> Float:
        """Return the share of the flow that may pass, by class of supplier and of buyer."""
        share = 1.0 - self._closed(day)
        return np.where(share < ROUNDING, 0.0, share)

    def late(self, day: int) -> Integer:
        """Return the days that goods sent on a day are under way, by class of supplier and of buyer."""
        days = np.zeros(self.counts, dtype=np.int64)
        for delay in self.delays:
            if delay.timing.remaining(day) > 0.0:
                days += delay.pairs * int(delay.size)
        return days

    def mean_closed(self, days: int) -> Float:
        """Return the share of the flow that could not pass on average over the first days, by class."""
        total: Float = np.sum([self._closed(day) for day in range(days)], axis=0)
        return total / max(days, 1)

    def mean_late(self, days: int) -> Float:
        """Return the share of the first days on which goods are sent late, by class."""
        total: Float = np.sum([self.late(day) > 0 for day in range(days)], axis=0, dtype=np.float64)
        return total / max(days, 1)

    def check(self, scenario: Scenario) -> None:
        """Refuse closures that together take more than all of a flow."""
        if len(self.closures) < 2:  # noqa: PLR2004 - one cannot overlap
            return
        for day in range(scenario.horizon_days):
            worst = float(self._closed(day).max())
            if worst > 1 + ROUNDING:
                message = (
                    f"link shocks of scenario {scenario.name!r} that overlap on day {day} take {worst:.0%} of a flow; "
                    "together they may take at most 100 %. Lower or separate them."
                )
                raise ShockError(message)

    def _closed(self, day: int) -> Float:
        closed = np.zeros(self.counts)
        for closure in self.closures:
            remaining = closure.timing.remaining(day)
            if remaining > 0.0:
                closed += closure.pairs * (closure.size * remaining)
        return closed


def disturb_links(layout: Layout, scenario: Scenario) -> LinkDisturbance:
    """Classify agents by the link shocks of a scenario.

    Parameters
    ----------
    layout : Layout
        The network.
    scenario : Scenario
        With or without link and delay shocks.

    Returns
    -------
    LinkDisturbance
        One class of everybody if there are none.

    Raises
    ------
    LabelError
        If a label is unknown.
    ShockError
        If a target is empty, or overlapping closures take more than all of a flow.
    """
    network = layout.network
    shocks = [shock for shock in scenario.shocks if isinstance(shock, LinkShock | DelayShock)]
    size = len(network)
    if not shocks:
        nobody = np.zeros(size, dtype=np.int64)
        return LinkDisturbance(nobody, nobody, np.zeros(len(network.demanders), dtype=np.int64), (1, 1), (), ())
    sells, buys = _ends(layout, scenario, shocks)
    region = network.region[layout.order]
    regions = {label: number for number, label in enumerate(network.regions)}
    user_region = np.concatenate([region, [regions.get(label, -1) for label in network.demanders]])
    suppliers, supplier_class = np.unique(np.column_stack([sells, region]), axis=0, return_inverse=True)
    buyers, buyer_class = np.unique(np.column_stack([buys, user_region]), axis=0, return_inverse=True)
    abroad = suppliers[:, -1][:, None] != buyers[:, -1][None, :]
    hits = []
    for number, shock in enumerate(shocks):
        pairs = (suppliers[:, number][:, None] * buyers[:, number][None, :] == 1) & (abroad | shock.domestic)
        amount = shock.loss if isinstance(shock, LinkShock) else float(shock.delay_days)
        hits.append((shock, _Hit(pairs, amount, shock.timing)))
    result = LinkDisturbance(
        supplier_class=supplier_class.ravel(),
        buyer_class=buyer_class.ravel()[:size],
        demander_class=buyer_class.ravel()[size:],
        counts=(len(suppliers), len(buyers)),
        closures=tuple(hit for shock, hit in hits if isinstance(shock, LinkShock)),
        delays=tuple(hit for shock, hit in hits if isinstance(shock, DelayShock)),
    )
    result.check(scenario)
    return result


def _ends(layout: Layout, scenario: Scenario, shocks: Sequence[LinkShock | DelayShock]) -> tuple[Integer, Integer]:
    """Say who stands at either end of each shock: suppliers, (N, n), and buyers followed by demanders, (N + D, n)."""
    network = layout.network
    size = len(network)
    sells = np.zeros((size, len(shocks)), dtype=np.int64)
    buys = np.zeros((size + len(network.demanders), len(shocks)), dtype=np.int64)
    for number, shock in enumerate(shocks):
        sells[positions_of(layout, scenario, shock.suppliers), number] = 1
        buys[positions_of(layout, scenario, shock.buyers), number] = 1
        if isinstance(shock, LinkShock) and shock.final_demand and not (shock.buyers.sectors or shock.buyers.agents):
            wanted = set(scenario.expand(shock.buyers.regions or network.regions, network.regions, "region"))
            everywhere = not shock.buyers.regions
            buys[size:, number] = [everywhere or label in wanted for label in network.demanders]
    return sells, buys
