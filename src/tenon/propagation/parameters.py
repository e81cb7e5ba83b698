"""The rules and figures of one propagation run."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tenon.schema import ParameterError

__all__ = [
    "DEFAULT_RESTOCKING_DAYS",
    "ImportantInputs",
    "InventoryRule",
    "OrderRule",
    "Parameters",
    "Quirk",
    "RationingRule",
    "RestockingGap",
    "RestockingTarget",
    "StockThreshold",
    "boario_compatible",
    "inoue_todo",
]

DEFAULT_RESTOCKING_DAYS = 60.0
"""Days in which a gap in a stock is closed where nothing else is said."""


DEFAULT_RESTOCKING_DAYS = 60.0
CRITICAL, IMPORTANT, NEITHER = 1.0, 0.5, 0.0


class OrderRule(StrEnum):
    """How a buyer splits its order of a product over the suppliers of that product."""

    FIXED_SHARES = "fixed_shares"
    CAPACITY_WEIGHTED = "capacity_weighted"
    SUPPLY_WEIGHTED = "supply_weighted"


class InventoryRule(StrEnum):
    """Whether a buyer keeps one stock of a product, or one for each supplier of it."""

    PER_PRODUCT = "per_product"
    PER_LINK = "per_link"


class RationingRule(StrEnum):
    """Who goes short when a supplier cannot serve every order."""

    PROPORTIONAL = "proportional"
    FINAL_DEMAND_LAST = "final_demand_last"
    SMALLEST_ORDER_FIRST = "smallest_order_first"
    SMALLEST_ORDER_FIRST_FINAL_DEMAND_LAST = "smallest_order_first_final_demand_last"

    @property
    def smallest_first(self) -> bool:
        """Whether small orders come before large ones."""
        return self in {self.SMALLEST_ORDER_FIRST, self.SMALLEST_ORDER_FIRST_FINAL_DEMAND_LAST}

    @property
    def final_last(self) -> bool:
        """Whether final users come after everybody else."""
        return self in {self.FINAL_DEMAND_LAST, self.SMALLEST_ORDER_FIRST_FINAL_DEMAND_LAST}


class StockThreshold(StrEnum):
    """From which stock on a missing input slows production."""

    SHARE_OF_TARGET = "share_of_target"
    DAY_OF_USE = "day_of_use"


class RestockingTarget(StrEnum):
    """For which output a buyer wants its target days of stock."""

    ATTAINABLE_OUTPUT = "attainable_output"
    PRODUCTION = "production"
    UNDISTURBED_OUTPUT = "undisturbed_output"
    AT_LEAST_UNDISTURBED = "at_least_undisturbed"


class RestockingGap(StrEnum):
    """Whether a stock above its target cancels part of the day's order, and for which use the order is."""

    FLOORED = "floored"
    SIGNED = "signed"
    POSITION = "position"


class ImportantInputs(StrEnum):
    """What an input does that is important but not critical (Pichler et al. 2022)."""

    STOP_PRODUCTION = "stop_production"
    HALVE_PRODUCTION = "halve_production"
    DO_NOTHING = "do_nothing"


class Quirk(StrEnum):
    """Peculiarities of BoARIO 0.7.2, off by default, for comparison number by number."""

    STOCKS_FROZEN_WHEN_CLOSE = "stocks_frozen_when_close"
    NO_RESTOCKING_WHEN_CLOSE = "no_restocking_when_close"
    EXACT_SCARCITY_TEST = "exact_scarcity_test"
    CAPACITY_SHOCKS_A_DAY_LATE = "capacity_shocks_a_day_late"
    ROUNDED_DAMAGE = "rounded_damage"


@dataclass(frozen=True, kw_only=True)
class Parameters:  # budget: one flat table of settings, written as such in scenario files
    """Rules and figures of the daily model; the defaults are those of the ARIO family.

    Attributes are listed with units and admissible ranges in ``docs/reference``.

    Parameters
    ----------
    order_rule : OrderRule
        Fixed shares, or shares weighted by how much of its undisturbed output a supplier can make: with its capacity,
        or with its capacity and its stocks (``supply_weighted``).
    inventory_rule : InventoryRule
        One stock per product, or one per link.
    rationing : RationingRule
        Who goes short.
    stock_threshold : StockThreshold
        ``share_of_target``: production falls when a stock is below ``psi`` times its target (but at least a day of
        use); ``day_of_use``: only when it is below the day's use.
    psi : float, in (0, 1]
        Share of the target stock below which production falls.
    restocking_days : float or mapping of str to float, days, at least 1
        Time in which a buyer closes the gap between target and stock; by product where a mapping (others: 60).
    restocking_target : RestockingTarget
        Output for which the target is held.
    restocking_gap : RestockingGap
        Whether a stock above target reduces orders; with ``position`` it does, and what is ordered besides is the use
        at the output for which the target is held, rather than today's.
    overproduction_base, overproduction_max : float, at least 1
        Factor on capacity without scarcity, and its limit under lasting scarcity.
    overproduction_days : float, days, above 0
        Time in which capacity adapts.
    important_inputs : ImportantInputs
        What inputs of criticality 0.5 do.
    criticality : mapping of str to mapping of str to float
        From buyer's product to input product to 1 (critical), 0.5 (important) or 0 (neither); others are critical.
    least_coefficient : float, dimensionless, at least 0
        Inputs below this share of output never stop production.
    scarcity_tolerance : float, dimensionless, at least 0
        Relative excess of demand over production that counts as none, so that overproduction relaxes.
    step_days : int, days
        Length of a step; only 1 is accepted, see Raises.
    quirks : frozenset of Quirk
        Peculiarities of BoARIO to reproduce.

    Raises
    ------
    ParameterError
        If a figure is out of its range. Steps other than a day are refused: the rules are daily ones (a stock serves at
        least a day), and weekly steps were seen to change losses by a fifth. Add days up in the result instead.

    Examples
    --------
    >>> Parameters(psi=0.9).psi
    0.9
    """

    order_rule: OrderRule = OrderRule.CAPACITY_WEIGHTED
    inventory_rule: InventoryRule = InventoryRule.PER_PRODUCT
    rationing: RationingRule = RationingRule.PROPORTIONAL
    stock_threshold: StockThreshold = StockThreshold.SHARE_OF_TARGET
    psi: float = 0.8
    restocking_days: float | Mapping[str, float] = DEFAULT_RESTOCKING_DAYS
    restocking_target: RestockingTarget = RestockingTarget.ATTAINABLE_OUTPUT
    restocking_gap: RestockingGap = RestockingGap.FLOORED
    overproduction_base: float = 1.0
    overproduction_max: float = 1.25
    overproduction_days: float = 365.0
    important_inputs: ImportantInputs = ImportantInputs.STOP_PRODUCTION
    criticality: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    least_coefficient: float = 1e-6
    scarcity_tolerance: float = 1e-6
    step_days: int = 1
    quirks: frozenset[Quirk] = frozenset()

    def __post_init__(self) -> None:
        for name, kind in _RULES.items():
            object.__setattr__(self, name, _member(kind, getattr(self, name), name))
        object.__setattr__(self, "quirks", frozenset(_member(Quirk, quirk, "quirks") for quirk in self.quirks))
        if self.step_days != 1:
            message = (
                f"step_days must be 1, but is {self.step_days}: the rules of the model hold for days. "
                "Run daily and add days up in the result, for example with .coarsen(day=7)."
            )
            raise ParameterError(message)
        _check_range("psi", self.psi, above=0.0, most=1.0)
        days = self.restocking_days.values() if isinstance(self.restocking_days, Mapping) else [self.restocking_days]
        for value in days:
            _check_range("restocking_days", value, least=1.0)
        _check_range("overproduction_base", self.overproduction_base, least=1.0)
        _check_range("overproduction_max", self.overproduction_max, least=self.overproduction_base)
        _check_range("overproduction_days", self.overproduction_days, above=0.0)
        _check_range("least_coefficient", self.least_coefficient, least=0.0)
        _check_range("scarcity_tolerance", self.scarcity_tolerance, least=0.0)
        for buyer, inputs in self.criticality.items():
            for product, value in inputs.items():
                if value not in {CRITICAL, IMPORTANT, NEITHER}:
                    message = f"criticality of {product!r} for {buyer!r} must be 0, 0.5 or 1, but is {value}."
                    raise ParameterError(message)


def boario_compatible(
    *,
    psi: float = 0.8,
    restocking_days: float | Mapping[str, float] = 60.0,
    overproduction_max: float = 1.25,
    overproduction_days: float = 365.0,
    order_rule: OrderRule = OrderRule.CAPACITY_WEIGHTED,
) -> Parameters:
    """Return the rules under which runs equal those of BoARIO 0.7.2, with every quirk on.

    Dates differ by convention: BoARIO's loss of ``duration`` d that recovers is in full effect for d + 2 steps,
    because it updates a recovery at the end of a step; write ``duration_days = d + 2``.

    Parameters
    ----------
    psi : float, in (0, 1]
        As in :class:`Parameters`; likewise the others.
    restocking_days : float or mapping of str to float, days, at least 1
        Restocking time.
    overproduction_max : float, at least 1
        Limit of the factor on capacity.
    overproduction_days : float, days, above 0
        Time in which capacity adapts.
    order_rule : OrderRule
        Split of orders.

    Returns
    -------
    rules : Parameters
        For comparison number by number; not advised for new studies.

    Examples
    --------
    >>> len(boario_compatible().quirks)
    5
    """
    return Parameters(
        psi=psi,
        restocking_days=restocking_days,
        overproduction_max=overproduction_max,
        overproduction_days=overproduction_days,
        order_rule=order_rule,
        # BoARIO compares yearly purchases with daily output.
        least_coefficient=1e-5 / 365,
        quirks=frozenset(Quirk),
    )


def inoue_todo(
    *,
    rationing: RationingRule = RationingRule.SMALLEST_ORDER_FIRST,
    restocking_gap: RestockingGap = RestockingGap.SIGNED,
    restocking_days: float = 6.0,
) -> Parameters:
    """Return the rules of the firm-level model of Inoue and Todo (2019, Nature Sustainability 2:841).

    Stocks lie on links and are pooled over suppliers of one sector; production stops when a day of use is missing;
    there is no overproduction. With proportional rationing these are the rules of Henriet, Hallegatte and Tabourier
    (2012).

    Parameters
    ----------
    rationing : RationingRule
        Who goes short.
    restocking_gap : RestockingGap
        Whether stocks above target cancel orders.
    restocking_days : float, days, at least 1
        Restocking time.

    Returns
    -------
    rules : Parameters
        Rules for firm networks.

    Examples
    --------
    >>> inoue_todo().inventory_rule.value
    'per_link'
    """
    return Parameters(
        order_rule=OrderRule.FIXED_SHARES,
        inventory_rule=InventoryRule.PER_LINK,
        rationing=rationing,
        stock_threshold=StockThreshold.DAY_OF_USE,
        restocking_days=restocking_days,
        restocking_target=RestockingTarget.PRODUCTION,
        restocking_gap=restocking_gap,
        overproduction_max=1.0,
        least_coefficient=0.0,
    )


_RULES: Mapping[str, type[StrEnum]] = {
    "order_rule": OrderRule,
    "inventory_rule": InventoryRule,
    "rationing": RationingRule,
    "stock_threshold": StockThreshold,
    "restocking_target": RestockingTarget,
    "restocking_gap": RestockingGap,
    "important_inputs": ImportantInputs,
}


def _member(kind: type[StrEnum], value: str, name: str) -> StrEnum:
    try:
        return kind(value)
    except ValueError:
        message = f"{name} must be one of {', '.join(repr(str(item)) for item in kind)}, but is {value!r}."
        raise ParameterError(message) from None


def _check_range(
    name: str, value: float, *, least: float = -math.inf, above: float = -math.inf, most: float = math.inf
) -> None:
    if math.isfinite(value) and least <= value <= most and value > above:
        return
    bounds = [f"at least {least:g}"] * math.isfinite(least) + [f"above {above:g}"] * math.isfinite(above)
    bounds += [f"at most {most:g}"] * math.isfinite(most)
    message = f"{name} must be a finite number {' and '.join(bounds)}, but is {value}."
    raise ParameterError(message)
