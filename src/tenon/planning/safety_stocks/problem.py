"""What the guaranteed-service model asks of a chain: stages, who supplies whom, times, costs and demand."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tenon.schema import ChainError, Float, Integer, ParameterError
from tenon.schema.arrays import blocks, frozen_array, frozen_integers
from tenon.schema.labels import check_labels

__all__ = ["SafetyStockProblem"]


@dataclass(frozen=True, eq=False, kw_only=True)
class SafetyStockProblem:
    """Where to hold safety stock, checked when made.

    Parameters
    ----------
    name : str
        Short name.
    stages : tuple of str
        Names of the ``N`` stages, each of which can hold stock of what it makes.
    supplier, buyer : (A,) array of int
        Positions of two stages; a pair stands once, and there are no loops.
    units : (A,) array, units of input per unit of output
        What the buyer takes of the supplier for a unit of its own; above zero.
    stage_days : (N,) array, days
        Time from having all inputs to having the output; whole, not negative.
    added_cost : (N,) array, currency per unit
        Cost added at the stage; not negative.
    deviation : (N,) array, units per day
        Standard deviation of a day's demand of the stage's own customers; zero where there are none.
    service_days : (N,) array, days
        Longest time that the stage may promise to those that it delivers to; whole, not negative; infinite where
        nothing limits it, which a stage without buyers must not be.
    service_factor : float, standard deviations
        How far demand may rise above its mean and still be served from stock, ``z``; above 0.
    holding_rate : float, 1/year
        What holding a unit for a year costs, as a share of its cost; above 0.
    currency : str
        ISO code of the currency of costs.

    Raises
    ------
    ChainError
        If columns differ in length, a figure is out of its range or not whole, a position points nowhere, a pair stands
        twice, supplies run in a loop, or a stage without buyers has no service time.
    LabelError
        If there is no stage, or a name is blank or stands twice.
    ParameterError
        If the service factor or the holding rate is out of its range.

    Examples
    --------
    >>> problem = SafetyStockProblem(
    ...     name="two stages", stages=("parts", "goods"), supplier=[0], buyer=[1], units=[2.0], stage_days=[4, 1],
    ...     added_cost=[5.0, 10.0], deviation=[0.0, 3.0], service_days=[np.inf, 0], currency="EUR")
    >>> problem.unit_cost, problem.pooled_deviation
    (array([ 5., 20.]), array([6., 3.]))
    """

    name: str
    stages: tuple[str, ...]
    supplier: Integer
    buyer: Integer
    units: Float
    stage_days: Float
    added_cost: Float
    deviation: Float
    service_days: Float
    service_factor: float = 1.645
    holding_rate: float = 0.2
    currency: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "stages", check_labels(self.stages, "stages"))
        for column in ("supplier", "buyer"):
            object.__setattr__(self, column, frozen_integers(getattr(self, column)))
        for column in ("units", "stage_days", "added_cost", "deviation", "service_days"):
            object.__setattr__(self, column, frozen_array(getattr(self, column)))
        self._check_lengths()
        self._check_arcs()
        self._check_stages()
        for column in ("service_factor", "holding_rate"):
            value = getattr(self, column)
            if not (math.isfinite(value) and value > 0):
                message = f"{column} must be a finite number above zero, but is {value:g}."
                raise ParameterError(message)
        self.order  # noqa: B018 - found here, so that loops are refused when the problem is made
        self._check_ends()

    def __len__(self) -> int:
        return len(self.stages)

    @cached_property
    def order(self) -> Integer:
        """Positions of the stages, every supplier before its buyers, (N,)."""
        waiting = np.bincount(self.buyer, minlength=len(self))
        buyers: list[list[int]] = [[] for _ in self.stages]
        for supplier, buyer in zip(self.supplier.tolist(), self.buyer.tolist(), strict=True):
            buyers[supplier].append(buyer)
        order = np.flatnonzero(waiting == 0).tolist()
        for stage in order:  # grows while it is walked
            for buyer in buyers[stage]:
                waiting[buyer] -= 1
                if waiting[buyer] == 0:
                    order.append(buyer)
        if len(order) < len(self):
            held = [self.stages[stage] for stage in np.flatnonzero(waiting)[:3]]
            message = (
                f"supplies must not run in a loop, but do so upstream of or among {', '.join(held)}; remove one supply "
                "of the loop."
            )
            raise ChainError(message)
        return np.array(order, dtype=np.int64)

    @cached_property
    def unit_cost(self) -> Float:
        """Cost of a unit with all that went into it, (N,)."""
        cost, arcs_into = np.array(self.added_cost), self._arcs_into()
        for stage in self.order:
            arcs = arcs_into[stage]
            cost[stage] += self.units[arcs] @ cost[self.supplier[arcs]]
        return cost

    @cached_property
    def pooled_deviation(self) -> Float:
        """Standard deviation of a day's demand that reaches each stage, independent demands pooled, (N,)."""
        variance, arcs_into = self.deviation**2, self._arcs_into()
        for stage in self.order[::-1]:
            arcs = arcs_into[stage]
            variance[self.supplier[arcs]] += self.units[arcs] ** 2 * variance[stage]
        return np.sqrt(variance)

    def joint_deviation(self) -> Float:
        """Standard deviation where one customer's demand over several ways is counted as one, (N,).

        ``sigma_k^2 = sum_d (units_kd sigma_d)^2`` with the units of stage ``k`` in one of stage ``d`` over all ways. It
        exceeds :attr:`pooled_deviation`, which the model uses, where demand reaches a stage over more than one.
        """
        variance, arcs_into = np.zeros(len(self)), self._arcs_into()
        served = np.flatnonzero(self.deviation)
        for part in blocks(served.size, len(self)):
            reached = np.zeros((len(self), served[part].size))
            reached[served[part], np.arange(served[part].size)] = self.deviation[served[part]]
            for stage in self.order[::-1]:
                arcs = arcs_into[stage]
                reached[self.supplier[arcs]] += self.units[arcs, None] * reached[stage]
            variance += (reached**2).sum(axis=1)
        return np.sqrt(variance)

    @cached_property
    def day_cost(self) -> Float:
        """Cost a year of the safety stock that bridges one day, (N,); that for ``n`` days is ``sqrt(n)`` times it."""
        return self.holding_rate * self.unit_cost * self.service_factor * self.pooled_deviation

    def _arcs_into(self) -> list[Integer]:
        by_buyer = np.argsort(self.buyer, kind="stable")
        return np.split(by_buyer, np.searchsorted(self.buyer[by_buyer], np.arange(1, len(self))))

    def _check_lengths(self) -> None:
        lengths = {"supplier": self.supplier.size, "stages": len(self)}
        columns = dict.fromkeys(("buyer", "units"), "supplier")
        columns |= dict.fromkeys(("stage_days", "added_cost", "deviation", "service_days"), "stages")
        for column, like in columns.items():
            shape = getattr(self, column).shape
            if shape != (lengths[like],):
                message = (
                    f"{column} must have one entry for each entry of {like}, {lengths[like]} here, but has the shape "
                    f"{shape}."
                )
                raise ChainError(message)

    def _check_arcs(self) -> None:
        for column in ("supplier", "buyer"):
            positions = getattr(self, column)
            bad = np.flatnonzero((positions < 0) | (positions >= len(self)))
            if bad.size:
                message = (
                    f"{column} of row {bad[0]} points at position {positions[bad[0]]}, but there are {len(self)} "
                    "stages; positions count from 0."
                )
                raise ChainError(message)
        pairs = list(zip(self.supplier.tolist(), self.buyer.tolist(), strict=True))
        if len(set(pairs)) < len(pairs):
            supplier, buyer = next(pair for row, pair in enumerate(pairs) if pair in pairs[:row])
            message = (
                f"the supply of {self.stages[supplier]!r} to {self.stages[buyer]!r} stands twice; merge the two rows."
            )
            raise ChainError(message)
        bad = np.flatnonzero(~((self.units > 0) & np.isfinite(self.units)))
        if bad.size:
            supplier, buyer = pairs[bad[0]]
            message = (
                f"units of {self.stages[supplier]!r} in {self.stages[buyer]!r} must be a finite number above zero, but "
                f"are {self.units[bad[0]]:g}."
            )
            raise ChainError(message)

    def _check_stages(self) -> None:
        whole = "whole days, not negative; round them, or count time in a shorter unit throughout, with rates to match"
        checks: list[tuple[str, Callable[[Float], NDArray[np.bool_]], str]] = [
            ("stage_days", _is_whole, whole),
            ("service_days", lambda days: _is_whole(days) | (days == np.inf), whole),
            ("added_cost", _is_amount, "a finite number, not negative"),
            ("deviation", _is_amount, "a finite number, not negative"),
        ]
        for column, is_good, required in checks:
            values = getattr(self, column)
            bad = np.flatnonzero(~is_good(values))
            if bad.size:
                message = f"{column} of {self.stages[bad[0]]!r} must be {required}, but is {values[bad[0]]:g}."
                raise ChainError(message)

    def _check_ends(self) -> None:
        """Refuse ends of the chain that may let their customers wait for ever."""
        ends = np.ones(len(self), dtype=bool)
        ends[self.supplier] = False
        bad = np.flatnonzero(ends & ~np.isfinite(self.service_days))
        if bad.size:
            message = (
                f"{self.stages[bad[0]]!r} has no buyers, so its service_days must say how long its customers wait at "
                "most, but are infinite; give them, 0 if customers are served from stock."
            )
            raise ChainError(message)


def _is_amount(values: Float) -> NDArray[np.bool_]:
    return np.asarray(np.isfinite(values) & (values >= 0))


def _is_whole(days: Float) -> NDArray[np.bool_]:
    return np.asarray(_is_amount(days) & (days == np.floor(days)))
