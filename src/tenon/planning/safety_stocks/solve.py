"""Safety stock where it costs least, as a labelled result."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np

from tenon.planning.safety_stocks.formulate import safety_stock_problem
from tenon.planning.safety_stocks.problem import SafetyStockProblem
from tenon.planning.safety_stocks.solve_chain import TOLERANCE, Placement, solve_chain
from tenon.schema import Float, Integer, ParameterError, Result, Status, SupplyChain
from tenon.schema.arrays import is_whole

if TYPE_CHECKING:
    import xarray

__all__ = ["place_safety_stocks"]

_BRANCHES = 1000


def place_safety_stocks(
    chain: SupplyChain | SafetyStockProblem,
    *,
    branches: int = _BRANCHES,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Result:
    """Find where safety stock serves all customers in time at the least cost of holding it.

    The guaranteed-service model: every stage promises its buyers a service time ``S`` and keeps the promise while
    demand stays below what the service factor covers. It waits an inbound time ``SI`` for the slowest supplier, works
    ``T`` days, and bridges the rest, ``SI + T - S`` days, from safety stock (Graves and Willems 2000, eqs. 1 to 4)::

        minimize  sum h z sigma sqrt(SI + T - S)
        subject to  S of a supplier <= SI of its buyer,  0 <= S <= SI + T,  S <= service_days

    Parameters
    ----------
    chain : SupplyChain or SafetyStockProblem
        A chain, taken as :func:`safety_stock_problem` takes it by default; or a problem.
    branches : int, not negative
        How hard to look for a proof where none comes by itself; 0 looks for none.
    seed : int, not negative
        Of the random trees along which service times are improved; the same seed gives the same answer.
    progress : callable, optional
        Called with the branches done and the most, while a proof is looked for.

    Returns
    -------
    Result
        By stage: ``service_days``, ``inbound_days``, ``replenishment_days``, ``safety_stock`` and its cost a year,
        ``pooled_deviation`` and ``unit_cost``. In all: ``total_cost``, the ``bound`` that no service times can
        undercut, the ``gap`` between them as a share of the cost, and whether the service times are ``proven`` the
        best.

    Raises
    ------
    ChainError
        If times are not whole days, or an input has no source in use.
    ParameterError
        If ``branches`` or ``seed`` is negative or not whole.

    References
    ----------
    Graves, S. C., Willems, S. P., 2000. Optimizing strategic safety stock placement in supply chains. Manufacturing &
    Service Operations Management 2(1), 68-83; erratum 5(2), 176-177, 2003.

    Examples
    --------
    >>> problem = SafetyStockProblem(
    ...     name="two stages", stages=("parts", "goods"), supplier=[0], buyer=[1], units=[1.0], stage_days=[4, 1],
    ...     added_cost=[5.0, 1.0], deviation=[0.0, 3.0], service_days=[np.inf, 0], currency="EUR")
    >>> result = place_safety_stocks(problem)
    >>> result.values["replenishment_days"].values, round(float(result.values["total_cost"]), 2)
    (array([0, 5]), 13.24)
    """
    for name, value in (("branches", branches), ("seed", seed)):
        if not is_whole(value, least=0):
            message = f"{name} must be a whole number, not negative, but is {value!r}."
            raise ParameterError(message)
    started = time.perf_counter()
    problem = safety_stock_problem(chain) if isinstance(chain, SupplyChain) else chain
    found = solve_chain(problem, branches=int(branches), seed=int(seed), progress=progress)
    inbound, replenishment = _times(problem, found.service)
    late = found.service[problem.supplier] - inbound[problem.buyer]
    return Result(
        values=_label(problem, found, inbound, replenishment),
        status=Status.COMPLETE,
        residuals={"days by which a promise is missed": float(max(0, late.max(initial=0), -replenishment.min()))},
        notes=_notes(problem, found),
        provenance={
            **{package: version(package) for package in ("tenon", "numpy", "numba", "xarray")},
            "python": platform.python_version(),
            "chain": {"name": problem.name, "stages": len(problem), "supplies": int(problem.supplier.size)},
            "parameters": {
                "service_factor": problem.service_factor,
                "holding_rate": problem.holding_rate,
                "branches": branches,
                "seed": seed,
            },
            "branches_used": found.branches,
            "made": datetime.now(UTC).isoformat(timespec="seconds"),
            "seconds": round(time.perf_counter() - started, 3),
        },
    )


def _times(problem: SafetyStockProblem, service: Integer) -> tuple[Integer, Integer]:
    """Inbound times, and net replenishment times."""
    inbound = np.zeros_like(service)
    np.maximum.at(inbound, problem.buyer, service[problem.supplier])
    return inbound, inbound + problem.stage_days.astype(np.int64) - service


def _label(problem: SafetyStockProblem, found: Placement, inbound: Integer, replenishment: Integer) -> xarray.Dataset:
    import xarray

    def by_stage(values: Float | Integer, units: str, meaning: str) -> xarray.Variable:
        return xarray.Variable(("stage",), values, {"units": units, "long_name": meaning})

    def total(value: float | bool, units: str, meaning: str) -> xarray.Variable:  # noqa: FBT001 - a value, not a switch
        return xarray.Variable((), value, {"units": units, "long_name": meaning})

    bridged = np.sqrt(replenishment)
    cost = problem.day_cost * bridged
    whole = float(cost.sum())
    bound = whole if _is_proven(found) else min(found.bound, whole)
    yearly = f"{problem.currency}/year"
    content = {
        "service_days": by_stage(found.service, "day", "time promised to buyers and customers"),
        "inbound_days": by_stage(inbound, "day", "time promised by the slowest supplier"),
        "replenishment_days": by_stage(replenishment, "day", "net replenishment time, bridged from safety stock"),
        "safety_stock": by_stage(
            problem.service_factor * problem.pooled_deviation * bridged, "units", "safety stock, in units of the stage"
        ),
        "safety_stock_cost": by_stage(cost, yearly, "cost of holding the safety stock"),
        "pooled_deviation": by_stage(
            problem.pooled_deviation, "units/day", "standard deviation of the demand that reaches the stage"
        ),
        "unit_cost": by_stage(
            problem.unit_cost, f"{problem.currency}/unit", "cost of a unit with all that went into it"
        ),
        "total_cost": total(whole, yearly, "cost of holding all safety stock"),
        "bound": total(bound, yearly, "cost that no service times can undercut"),
        "gap": total((whole - bound) / whole if whole > 0 else 0.0, "1", "most that could still be saved, as a share"),
        "proven": total(_is_proven(found), "1", "whether no service times cost less"),
    }
    return xarray.Dataset(content, coords={"stage": list(problem.stages)})


def _is_proven(found: Placement) -> bool:
    return found.cost - found.bound <= TOLERANCE * found.cost


def _notes(problem: SafetyStockProblem, found: Placement) -> tuple[str, ...]:
    gap = (found.cost - found.bound) / found.cost if found.cost > 0 else 0.0
    proof = (
        "No service times cost less: this is proven."
        if _is_proven(found)
        else f"Better service times may exist, but save at most {gap:.2%} of the cost; more branches may narrow this."
    )
    cover = (
        f"Safety stock covers demand up to {problem.service_factor:g} standard deviations above its mean; what exceeds "
        "that is met by other means, or late."
    )
    return (
        proof,
        *_too_low(problem),
        cover,
        f"Holding a unit for a year is taken to cost {problem.holding_rate:.1%} of its cost.",
        "Demands of different customers are taken as independent, and times as certain.",
    )


def _too_low(problem: SafetyStockProblem) -> tuple[str, ...]:
    """Say where demand that comes over several ways is pooled as if it were of several customers."""
    pooled, joint = problem.pooled_deviation, problem.joint_deviation()
    low = np.flatnonzero(joint > pooled * (1 + TOLERANCE))
    if not low.size:
        return ()
    note = (
        f"One customer's demand reaches {low.size} of {len(problem)} stages over more than one way and is pooled there "
        f"as if it were of several, so that their safety stock is too low; the first is {problem.stages[low[0]]!r}, "
        f"with a deviation of {pooled[low[0]]:.4g} units a day where {joint[low[0]]:.4g} is right."
    )
    return (note,)
