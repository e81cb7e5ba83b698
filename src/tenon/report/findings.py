"""What a run found, in the figures that a report tells: who lost what, why, and until when.

An agent that produces less than undisturbed loses value added in proportion to production. Each lost day is counted
under what limited the agent on that day: its own capacity (hit directly), an input that was scarce, or orders that
fell away (both hit indirectly). Days above the undisturbed level make losses up.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tenon.report.agents import Agents
from tenon.report.language import Money
from tenon.schema import Float

__all__ = [
    "CAUSES",
    "DAYS_OF_A_YEAR",
    "UNEXPLAINED",
    "Findings",
    "Group",
    "Origins",
    "Route",
    "Shortages",
    "Unmet",
    "Window",
    "back_from",
]

CAUSES = ("capacity", "inputs", "demand", "made_up")
"""Columns of :attr:`Group.causes`."""

DAYS_OF_A_YEAR = 365

UNEXPLAINED = "unexplained"
"""Label of the origin of losses that attribution could not trace."""
_NEAR = 0.99
_YEARS_END = 1e-12


@dataclass(frozen=True, eq=False, kw_only=True)
class Group:
    """Losses of regions, of sectors or of agents, one entry each.

    Parameters
    ----------
    labels : tuple of str
        Whose losses.
    lost : (n,) array, currency
        Value added lost over the run, net of catching up.
    baseline : (n,) array, currency per day
        Undisturbed value added.
    causes : (n, 4) array, currency, optional
        The loss by what limited production, in the order of :data:`CAUSES`; the last column is negative.
    production : (n, T) array, dimensionless, optional
        Production relative to undisturbed.
    back : (n,) array, days
        First day from which production stays within 1 % of undisturbed; NaN if not within the run, 0 if never left.
    """

    labels: tuple[str, ...]
    lost: Float
    baseline: Float
    causes: Float | None = None
    production: Float | None = None
    back: Float

    def __len__(self) -> int:
        return len(self.labels)

    def order(self) -> list[int]:
        """Return positions from the largest loss to the smallest."""
        return [int(position) for position in np.argsort(-self.lost, kind="stable")]

    def share(self, days: float) -> Float:
        """Return the losses relative to undisturbed value added of some days.

        Parameters
        ----------
        days : float
            Number of days.

        Returns
        -------
        (n,) array, dimensionless
            NaN where there is no value added to lose.
        """
        earned = self.baseline * days
        return np.divide(self.lost, earned, out=np.full_like(earned, np.nan), where=earned > _YEARS_END)


@dataclass(frozen=True, eq=False, kw_only=True)
class Shortages:
    """Which inputs held production back.

    Parameters
    ----------
    products : tuple of str
        Labels of the products.
    held_back : (P, T) array of int
        Number of agents that each product limits on each day.
    lost : (P,) array, currency
        Value added lost on the days on which the product was the limit.
    by_region : (P, R) array, currency
        The same by region of the agent.
    """

    products: tuple[str, ...]
    held_back: NDArray[np.int64]
    lost: Float
    by_region: Float

    def order(self) -> list[int]:
        """Return positions of the products that limit anyone, from the costliest on."""
        ranked = np.lexsort((-self.held_back.sum(axis=1), -self.lost))
        return [int(position) for position in ranked if self.held_back[position].any()]


@dataclass(frozen=True, eq=False, kw_only=True)
class Unmet:
    """What final users go without.

    Parameters
    ----------
    demanders, products : tuple of str
        Labels.
    missing : (D, P) array, currency
        Final demand that was not met over the run.
    baseline : (D, P) array, currency per day
        Undisturbed final demand.
    """

    demanders: tuple[str, ...]
    products: tuple[str, ...]
    missing: Float
    baseline: Float


@dataclass(frozen=True, eq=False, kw_only=True)
class Origins:
    """Where the losses of each region began.

    Parameters
    ----------
    regions, origins : tuple of str
        Labels of the hit regions and of the origins.
    lost : (R, O) array, currency
        Value added lost.
    """

    regions: tuple[str, ...]
    origins: tuple[str, ...]
    lost: Float

    def own(self) -> Float:
        """Return what each region lost to an origin inside itself, (R,), currency."""
        return np.array(
            [
                float(self.lost[row, self.origins.index(region)]) if region in self.origins else 0.0
                for row, region in enumerate(self.regions)
            ]
        )


@dataclass(frozen=True)
class Route:
    """One chain along which a loss travelled.

    Parameters
    ----------
    steps : tuple of (str, str)
        Agent and what limited it, from the hit agent back to where the loss began.
    lost : float, currency
        Value added lost along this chain.
    """

    steps: tuple[tuple[str, str], ...]
    lost: float


@dataclass(frozen=True)
class Window:
    """Days on which something was taken away.

    Parameters
    ----------
    start, full, end : float, days
        First day, end of the full loss, and end of the recovery.
    """

    start: float
    full: float
    end: float


@dataclass(frozen=True, eq=False, kw_only=True)
class Findings:
    """What one scenario of a result found.

    Parameters
    ----------
    name : str
        Label of the scenario.
    days : (T,) array, days
        Days of the run.
    agents : Agents
        Who is in the network.
    money : Money
        What figures mean.
    each, regions, sectors : Group
        Losses by agent, by region and by sector; regions and sectors may be empty.
    index : (T,) array, dimensionless
        Total production relative to undisturbed.
    shortages : Shortages, optional
        Which inputs held production back.
    unmet : Unmet, optional
        What final users go without.
    origins : Origins, optional
        Where losses began.
    routes : tuple of Route
        Chains of propagation, most important first.
    """

    name: str
    days: Float
    agents: Agents
    money: Money
    each: Group
    regions: Group
    sectors: Group
    index: Float
    shortages: Shortages | None = None
    unmet: Unmet | None = None
    origins: Origins | None = None
    routes: tuple[Route, ...] = field(default=())

    @property
    def span(self) -> float:
        """Length of the run in days."""
        return float(self.days.size * step_of(self.days))

    @property
    def lost(self) -> float:
        """Value added lost by all agents over the run, currency."""
        return float(self.each.lost.sum())

    @property
    def share(self) -> float:
        """Loss relative to the undisturbed value added of the days of the run, dimensionless."""
        return self.lost / max(float(self.each.baseline.sum()) * self.span, _YEARS_END)

    @property
    def share_of_year(self) -> float:
        """Loss relative to the undisturbed value added of a year, dimensionless."""
        return self.share * self.span / DAYS_OF_A_YEAR

    @property
    def worst(self) -> tuple[float, float]:
        """Day of the lowest total production, and how far it is below undisturbed (a share)."""
        at = int(self.index.argmin())
        return float(self.days[at]), float(1 - self.index[at])

    def causes(self) -> Float | None:
        """Return the losses of all agents by what limited production, (4,), currency; see :data:`CAUSES`."""
        return None if self.each.causes is None else np.asarray(self.each.causes.sum(axis=0))


def step_of(days: Float) -> float:
    """Return how many days one step of the run stands for.

    Parameters
    ----------
    days : (T,) array, days
        Days of the run.

    Returns
    -------
    float
        1 for a daily run.
    """
    return float(days[1] - days[0]) if days.size > 1 else 1.0


def back_from(production: Float, days: Float) -> Float:
    """Return from which day on production stays above 99 % of undisturbed.

    Parameters
    ----------
    production : (n, T) array, dimensionless
        Production relative to undisturbed.
    days : (T,) array, days
        Days of the run.

    Returns
    -------
    (n,) array, days
        0 if it never falls below, NaN if it is below on the last day.

    Examples
    --------
    >>> back_from(np.array([[1.0, 0.9, 1.0], [1.0, 1.0, 1.0], [1.0, 0.9, 0.9]]), np.arange(3.0))
    array([ 2.,  0., nan])
    """
    below = production < _NEAR
    last = production.shape[1] - 1 - below[:, ::-1].argmax(axis=1)
    following = np.append(days[1:], np.nan)
    return np.where(below.any(axis=1), following[last], 0.0)
