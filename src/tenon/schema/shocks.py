"""Shocks: what is taken away, from where, from which day, for how long, and how it comes back.

Every shock has a :class:`Timing`. Days count from 0; the loss is in full effect on days ``start_day`` to
``start_day + duration_days - 1`` and then comes back along a recovery curve.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import TypeAlias

from tenon.schema.arrays import is_whole
from tenon.schema.errors import ShockError
from tenon.schema.labels import label_tuple

__all__ = [
    "CapacityShock",
    "CapitalShock",
    "DelayShock",
    "FinalDemandShock",
    "InventoryShock",
    "LaborShock",
    "LinkShock",
    "Reconstruction",
    "RecoveryShape",
    "Shock",
    "Target",
    "Timing",
]


class RecoveryShape(StrEnum):
    """How a loss comes back after its full duration."""

    SUDDEN = "sudden"
    LINEAR = "linear"
    CONVEX = "convex"
    CONCAVE = "concave"
    CURVE = "curve"


@dataclass(frozen=True, kw_only=True)
class Timing:
    """When a loss is in effect, and how it comes back.

    Parameters
    ----------
    start_day : int, days, at least 0
        First day of the loss.
    duration_days : int, days, at least 1
        Days with the full loss.
    recovery : RecoveryShape
        Curve of the return.
    recovery_days : float, days, at least 0
        Time scale of the return, counted from the end of the full loss; above 1 for convex, above 2 for concave, and
        only for these two and linear.
    curve : tuple of (day, share)
        For ``recovery="curve"``: share of the loss still in effect, days counted from ``start_day``; straight lines
        between the points; the first share holds before the first point and the last one holds on. The duration is
        then ignored.

    Raises
    ------
    ShockError
        If a figure is out of its range, recovery days have no recovery to belong to, or a curve is missing,
        unordered, or given without ``recovery="curve"``.

    Examples
    --------
    >>> timing = Timing(start_day=5, duration_days=20, recovery=RecoveryShape.LINEAR, recovery_days=60)
    >>> timing.remaining(4), timing.remaining(24), timing.remaining(54), timing.remaining(84)
    (0.0, 1.0, 0.5, 0.0)
    """

    start_day: int = 0
    duration_days: int = 1
    recovery: RecoveryShape = RecoveryShape.SUDDEN
    recovery_days: float = 0.0
    curve: tuple[tuple[float, float], ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "recovery", RecoveryShape(self.recovery))
        object.__setattr__(self, "curve", tuple((float(day), float(share)) for day, share in self.curve))
        if not is_whole(self.start_day, least=0):
            message = f"start_day must be a whole number of days from 0, but is {self.start_day}."
            raise ShockError(message)
        if not is_whole(self.duration_days, least=1):
            message = f"duration_days must be a whole number of at least 1, but is {self.duration_days}."
            raise ShockError(message)
        least = _LEAST_RECOVERY_DAYS.get(self.recovery)
        if least is not None and not (math.isfinite(self.recovery_days) and self.recovery_days > least):
            message = (
                f"recovery_days must be above {least} for recovery {self.recovery.value!r}, but is "
                f"{self.recovery_days}; use recovery 'sudden' for a return at once."
            )
            raise ShockError(message)
        if least is None and self.recovery_days != 0:
            message = (
                f"recovery_days is {self.recovery_days}, but recovery {self.recovery.value!r} has no time scale; "
                "leave it out, or choose recovery 'linear', 'convex' or 'concave'."
            )
            raise ShockError(message)
        self._check_curve()

    def _check_curve(self) -> None:
        if (self.recovery is RecoveryShape.CURVE) != bool(self.curve):
            message = "a curve of (day, share) points must be given exactly when recovery is 'curve'."
            raise ShockError(message)
        days = [day for day, _ in self.curve]
        if not all(math.isfinite(day) and day >= 0 for day in days) or any(b <= a for a, b in pairwise(days)):
            message = f"the days of a curve must increase from 0 or later, but are {days}."
            raise ShockError(message)
        if any(not 0 <= share <= 1 for _, share in self.curve):
            message = f"the shares of a curve must lie between 0 and 1, but are {[share for _, share in self.curve]}."
            raise ShockError(message)

    def remaining(self, day: int) -> float:
        """Return the share of the loss that is in effect on a day.

        Parameters
        ----------
        day : int
            Day of the run, from 0.

        Returns
        -------
        float
            Between 0 and 1. With ``T`` recovery days, on the ``e``-th day of recovery: linear ``1 - e/T``; convex
            ``(1 - 1/T)^(4 e)``; concave ``T / (T + 1e-6 e^k)`` with ``k = (ln T - ln 1e-6) / (ln T - ln 2)``
            (curves of the ARIO family; shares below one in a million count as gone).
        """
        if day < self.start_day:
            return 0.0
        if self.curve:
            return _interpolate(self.curve, day - self.start_day)
        elapsed = day - self.start_day - self.duration_days + 1
        if elapsed <= 0:
            return 1.0
        share = self._recovering(elapsed)
        return share if share >= _GONE else 0.0

    def _recovering(self, elapsed: float) -> float:
        span = self.recovery_days
        match self.recovery:
            case RecoveryShape.LINEAR:
                return max(0.0, 1.0 - elapsed / span)
            case RecoveryShape.CONVEX:
                return float((1.0 - 1.0 / span) ** (4.0 * elapsed))
            case RecoveryShape.CONCAVE:
                steepness = (math.log(span) - math.log(1e-6)) / (math.log(span) - math.log(2.0))
                return float(span / (span + 1e-6 * elapsed**steepness))
            case _:
                return 0.0


@dataclass(frozen=True, kw_only=True)
class Target:
    """Which agents are meant: by region, by sector, both, or by name.

    Parameters
    ----------
    regions, sectors : tuple of str
        Labels of regions and of sectors (products), or names of groups of the scenario; empty means all.
    agents : tuple of str
        Labels of single agents; given instead of regions and sectors.

    Raises
    ------
    ShockError
        If agents are named together with regions or sectors.

    Examples
    --------
    >>> Target(regions=("JPN",), sectors=("electronics",)).describe()
    'electronics in JPN'
    """

    regions: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    agents: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for attribute in ("regions", "sectors", "agents"):
            object.__setattr__(self, attribute, label_tuple(getattr(self, attribute), attribute))
        if self.agents and (self.regions or self.sectors):
            message = "name either agents, or regions and sectors, not both; agents already say where they stand."
            raise ShockError(message)

    def describe(self) -> str:
        """Return the target in words.

        Returns
        -------
        str
            For messages and reports.
        """
        if self.agents:
            return ", ".join(self.agents)
        what = ", ".join(self.sectors) or "all sectors"
        return f"{what} in {', '.join(self.regions) or 'all regions'}"


@dataclass(frozen=True, kw_only=True)
class CapacityShock:
    """Part of the production capacity of some agents is lost.

    Parameters
    ----------
    target : Target
        Who loses it.
    loss : float, share of capacity, in (0, 1]
        How much.
    timing : Timing
        When, and how it comes back.

    Raises
    ------
    ShockError
        If the loss is not above 0 and at most 1.
    """

    target: Target
    loss: float
    timing: Timing = field(default_factory=Timing)

    def __post_init__(self) -> None:
        _check_share(self.loss, "a capacity shock")


@dataclass(frozen=True, kw_only=True)
class LaborShock:
    """Part of the workers of some agents cannot work; output is limited in proportion.

    Parameters
    ----------
    target : Target
        Whose workers.
    loss : float, share of labor, in (0, 1]
        How many.
    timing : Timing
        When, and how they come back.

    Raises
    ------
    ShockError
        If the loss is not above 0 and at most 1.
    """

    target: Target
    loss: float
    timing: Timing = field(default_factory=Timing)

    def __post_init__(self) -> None:
        _check_share(self.loss, "a labor shock")


@dataclass(frozen=True, kw_only=True)
class Reconstruction:
    """Who rebuilds what a capital shock destroyed, and how fast.

    Parameters
    ----------
    sectors : mapping of str to float
        Share of the work that falls to each rebuilding sector; shares add up to 1.
    days : float, days, above 0
        Time scale: each day the remaining work divided by ``days`` is ordered.
    local : bool
        True if only suppliers in the hit region rebuild; False if work is split over regions as the hit buyer's
        purchases from each rebuilding sector are.
    factor : float, dimensionless, above 0
        Demand for rebuilding per unit of capital destroyed.

    Raises
    ------
    ShockError
        If shares do not add up to one or figures are out of range.
    """

    sectors: Mapping[str, float]
    days: float = 60.0
    local: bool = False
    factor: float = 1.0

    def __post_init__(self) -> None:
        total = sum(self.sectors.values())
        if not (all(share > 0 for share in self.sectors.values()) and abs(total - 1) <= _SUM_TOLERANCE):
            message = (
                f"shares of the rebuilding sectors must be above 0 and add up to 1, but {dict(self.sectors)} "
                f"adds up to {total}."
            )
            raise ShockError(message)
        if not (math.isfinite(self.days) and self.days > 0 and math.isfinite(self.factor) and self.factor > 0):
            message = f"days and factor of a reconstruction must be above 0, but are {self.days} and {self.factor}."
            raise ShockError(message)


@dataclass(frozen=True, kw_only=True)
class CapitalShock:
    """Productive capital, and perhaps dwellings, are destroyed.

    Capacity falls by the share of capital lost. Without reconstruction, capital comes back along ``timing``; with it,
    the capital stays lost for ``timing.duration_days`` and then comes back as rebuilding is delivered.

    Parameters
    ----------
    target : Target
        Whose capital.
    loss : float, share of capital, in (0, 1], optional
        Give this, or ``damage``.
    damage : mapping of str to float, currency, optional
        Damage by agent label in units of ``currency``; all labels must lie inside the target.
    damage_unit : float
        How many currency units the figure 1 of ``damage`` and ``household_damage`` means.
    household_damage : mapping of str to float, currency
        Damage to dwellings and the like by demander; creates work only, so needs a reconstruction.
    reconstruction : Reconstruction, optional
        Who rebuilds.
    timing : Timing
        When, and, without reconstruction, how capital comes back.

    Raises
    ------
    ShockError
        If neither or both of loss and damage are given, figures are not above zero, or household damage has no
        reconstruction.
    """

    target: Target = field(default_factory=Target)
    loss: float | None = None
    damage: Mapping[str, float] | None = None
    damage_unit: float = 1.0
    household_damage: Mapping[str, float] = field(default_factory=dict)
    reconstruction: Reconstruction | None = None
    timing: Timing = field(default_factory=Timing)

    def __post_init__(self) -> None:
        both = self.loss is not None and self.damage is not None
        if both or not (self.loss is not None or self.damage or self.household_damage):
            message = (
                "a capital shock needs either a loss (share of capital) or a damage (amount by agent), one of the two."
            )
            raise ShockError(message)
        if self.loss is not None:
            _check_share(self.loss, "a capital shock")
        for label, amount in [*(self.damage or {}).items(), *self.household_damage.items()]:
            if not (math.isfinite(amount) and amount > 0):
                message = f"the damage of {label!r} must be a finite amount above 0, but is {amount}."
                raise ShockError(message)
        if not (math.isfinite(self.damage_unit) and self.damage_unit > 0):
            message = f"damage_unit must be above 0, but is {self.damage_unit}."
            raise ShockError(message)
        if self.household_damage and self.reconstruction is None:
            message = "household damage creates rebuilding work and nothing else; say who rebuilds (reconstruction)."
            raise ShockError(message)


@dataclass(frozen=True, kw_only=True)
class FinalDemandShock:
    """Final users want less, or more, of some products.

    Parameters
    ----------
    demanders : tuple of str
        Whose demand, by label of demander or group; empty means everybody's.
    target : Target
        Whose products.
    loss : float, share of final demand, at most 1
        How much less; negative for more.
    timing : Timing
        When, and how demand comes back.

    Raises
    ------
    ShockError
        If the loss is above 1, zero or not finite.
    """

    target: Target = field(default_factory=Target)
    demanders: tuple[str, ...] = ()
    loss: float
    timing: Timing = field(default_factory=Timing)

    def __post_init__(self) -> None:
        object.__setattr__(self, "demanders", label_tuple(self.demanders, "demanders"))
        if not (math.isfinite(self.loss) and self.loss <= 1 and self.loss != 0):
            message = (
                "the loss of a final demand shock must be a share of at most 1, not 0 (negative: a rise), "
                f"but is {self.loss}."
            )
            raise ShockError(message)


@dataclass(frozen=True, kw_only=True)
class LinkShock:
    """Part of the flow over some links is lost: an embargo, a sanction list, a closed border or strait.

    While in effect, no more than ``1 - loss`` of its undisturbed flow can pass a link.

    Parameters
    ----------
    suppliers, buyers : Target
        The two ends.
    loss : float, share of the undisturbed flow, in (0, 1]
        How much cannot pass.
    final_demand : bool
        Whether sales to final users in the buyers' regions are hit too (only where ``buyers`` names no sectors or
        agents).
    domestic : bool
        Whether links inside one region are hit too; False for borders and sea lanes.
    timing : Timing
        When, and how the flow comes back.

    Raises
    ------
    ShockError
        If the loss is not above 0 and at most 1, or both ends are everybody and domestic links are included.
    """

    suppliers: Target = field(default_factory=Target)
    buyers: Target = field(default_factory=Target)
    loss: float
    final_demand: bool = True
    domestic: bool = False
    timing: Timing = field(default_factory=Timing)

    def __post_init__(self) -> None:
        _check_share(self.loss, "a link shock")
        if self.domestic and self.suppliers == self.buyers == Target():
            message = (
                "a link shock on all links inside and between all regions stops the whole economy; name suppliers or "
                "buyers, or leave domestic links out."
            )
            raise ShockError(message)


@dataclass(frozen=True, kw_only=True)
class DelayShock:
    """Goods on some links arrive later than usual.

    Parameters
    ----------
    suppliers, buyers : Target
        The two ends.
    delay_days : int, days, at least 1
        How much longer goods sent while the shock is in effect are under way.
    domestic : bool
        Whether links inside one region are delayed too.
    timing : Timing
        When; delays end suddenly.

    Raises
    ------
    ShockError
        If the delay is not a whole number of at least 1, or the timing asks for a gradual recovery.
    """

    suppliers: Target = field(default_factory=Target)
    buyers: Target = field(default_factory=Target)
    delay_days: int
    domestic: bool = False
    timing: Timing = field(default_factory=Timing)

    def __post_init__(self) -> None:
        if not is_whole(self.delay_days, least=1):
            message = f"delay_days must be a whole number of at least 1, but is {self.delay_days}."
            raise ShockError(message)
        if self.timing.recovery is not RecoveryShape.SUDDEN:
            message = (
                f"a delay ends suddenly, but its recovery is {self.timing.recovery.value!r}; "
                "cut it into several delays."
            )
            raise ShockError(message)


@dataclass(frozen=True, kw_only=True)
class InventoryShock:
    """Part of the input stocks of some agents is destroyed on one day.

    Parameters
    ----------
    target : Target
        Whose stocks.
    products : tuple of str
        Stocks of which inputs; empty means all.
    loss : float, share of the stock, in (0, 1]
        How much.
    day : int, days, at least 0
        When.

    Raises
    ------
    ShockError
        If the loss is not above 0 and at most 1, or the day is negative.
    """

    target: Target = field(default_factory=Target)
    products: tuple[str, ...] = ()
    loss: float
    day: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "products", label_tuple(self.products, "products"))
        _check_share(self.loss, "an inventory shock")
        if not is_whole(self.day, least=0):
            message = f"the day of an inventory shock must be a whole number from 0, but is {self.day}."
            raise ShockError(message)


Shock: TypeAlias = (
    CapacityShock | CapitalShock | DelayShock | FinalDemandShock | InventoryShock | LaborShock | LinkShock
)
"""Any of the shocks."""

_LEAST_RECOVERY_DAYS = {RecoveryShape.LINEAR: 0, RecoveryShape.CONVEX: 1, RecoveryShape.CONCAVE: 2}
_GONE = 1e-6
_SUM_TOLERANCE = 1e-9


def _check_share(loss: float, what: str) -> None:
    if not (math.isfinite(loss) and 0 < loss <= 1):
        message = f"the loss of {what} is a share and must be above 0 and at most 1, but is {loss}. Write 20 % as 0.2."
        raise ShockError(message)


def _interpolate(curve: tuple[tuple[float, float], ...], day: float) -> float:
    if day <= curve[0][0]:
        return curve[0][1]
    for (left, low), (right, high) in pairwise(curve):
        if day <= right:
            return low + (high - low) * (day - left) / (right - left)
    return curve[-1][1]
