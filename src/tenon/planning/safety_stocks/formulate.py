"""From a company's chain to the question where it should hold safety stock."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tenon.planning.safety_stocks.problem import SafetyStockProblem
from tenon.schema import ChainError, Float, SupplyChain
from tenon.schema.sourcing import shares_in_use

__all__ = ["safety_stock_problem"]


def safety_stock_problem(
    chain: SupplyChain, *, service_factor: float = 1.645, holding_rate: float = 0.2
) -> SafetyStockProblem:
    """Read from a chain what the guaranteed-service model needs.

    Sources in use count, those that would have to be found or qualified first do not. A stage takes of a supplier the
    units of its bill of materials times the share of that supplier; suppliers without a share split what is left in
    proportion to what they can deliver (:func:`tenon.schema.sourcing.shares_in_use`). Stage time is the time to process
    and, before it, the longest lane over which the stage is supplied. A unit costs what its stage adds and what went
    into it. A stage promises to all the shortest service time that one of its customers asks.

    Parameters
    ----------
    chain : SupplyChain
        With ``N`` stages; deviations and service times of its demands, costs added and days of its stages, lanes.
    service_factor : float, standard deviations
        How far demand may rise above its mean and still be served from stock, ``z``; 1.645 covers 95 % of days of
        normally distributed demand. Above 0.
    holding_rate : float, 1/year
        What holding a unit for a year costs, as a share of its cost. Above 0.

    Returns
    -------
    SafetyStockProblem
        Stages as in the chain.

    Raises
    ------
    ChainError
        If times are not whole days, or an input has no source in use.
    ParameterError
        If the service factor or the holding rate is out of its range.

    Examples
    --------
    >>> from tenon.schema import (Demands, Evidence, Inputs, Lanes, Parts, Sites, Stages, Supplies)
    >>> chain = SupplyChain(
    ...     name="two stages", currency="EUR", source="made up",
    ...     sites=Sites(labels=("works", "shop"), country=("", ""), latitude=[np.nan] * 2, longitude=[np.nan] * 2,
    ...                 capacity=[np.inf] * 2, recovery_days=[[5, 10, 20]] * 2,
    ...                 recovery_evidence=(Evidence.ASSUMED,) * 2, events_per_year=[0.0] * 2),
    ...     parts=Parts(labels=("bolt", "box of bolts"), units=("piece", "box")),
    ...     stages=Stages(site=[0, 1], part=[0, 1], capacity=[np.inf] * 2, stock=[0, 0], site_use=[0, 0],
    ...                   added_cost=[0.1, 1.0], processing_days=[3, 1]),
    ...     inputs=Inputs(stage=[1], part=[0], units=[20], stock=[0]),
    ...     supplies=Supplies(supplier=[0], buyer=[1], share=[np.nan], capacity=[np.inf], lane=[0], start_up_days=[0],
    ...                       verified=[True]),
    ...     lanes=Lanes(labels=("road",), mode=("road",), days=[2], capacity=[np.inf], passages=((),)),
    ...     demands=Demands(stage=[1], customer=("all",), quantity=[10], margin=[2], deviation=[4], service_days=[1]))
    >>> problem = safety_stock_problem(chain)
    >>> problem.stage_days, problem.unit_cost, problem.pooled_deviation
    (array([3., 3.]), array([0.1, 3. ]), array([80.,  4.]))
    """
    _check_fed(chain)
    share = shares_in_use(chain)
    used = share > 0
    supplies = chain.supplies
    supplier, buyer = supplies.supplier[used], supplies.buyer[used]
    stages = chain.stage_labels
    lane_days = np.append(chain.lanes.days, 0.0)[supplies.lane[used]]
    _check_whole(lane_days, [f"the lane to {stages[stage]!r} takes" for stage in buyer])
    _check_whole(chain.stages.processing_days, [f"{label!r} takes" for label in stages])
    stage_days = np.zeros(len(stages))
    np.maximum.at(stage_days, buyer, lane_days)
    stage_days += chain.stages.processing_days
    variance = np.bincount(chain.demands.stage, chain.demands.deviation**2, len(stages))
    return SafetyStockProblem(
        name=chain.name,
        stages=stages,
        supplier=supplier,
        buyer=buyer,
        units=(share * chain.inputs.units[chain.input_of_supply])[used],
        stage_days=stage_days,
        added_cost=chain.stages.added_cost,
        deviation=np.sqrt(variance),
        service_days=_service_days(chain, used),
        service_factor=service_factor,
        holding_rate=holding_rate,
        currency=chain.currency,
    )


def _check_fed(chain: SupplyChain) -> None:
    in_use = chain.supplies.start_up_days == 0
    fed = np.bincount(chain.input_of_supply[in_use], minlength=len(chain.inputs))
    if not fed.all():
        row = int(np.flatnonzero(fed == 0)[0])
        stage, part = chain.stage_labels[chain.inputs.stage[row]], chain.parts.labels[chain.inputs.part[row]]
        message = (
            f"{stage!r} needs {part!r}, but every source of it has 'start-up days' above zero; safety stock is placed "
            "for the sources in use, so set one to 0 on the sheet 'suppliers'."
        )
        raise ChainError(message)


def _service_days(chain: SupplyChain, used: NDArray[np.bool_]) -> Float:
    """Shortest time that customers ask of each stage; a stage that serves nobody need not be waited for."""
    demands = chain.demands
    asked = [f"customer {name!r} is served within" for name in demands.customer]
    _check_whole(demands.service_days, asked)
    days = np.full(len(chain.stages), np.inf)
    np.minimum.at(days, demands.stage, demands.service_days)
    serves = np.zeros(len(chain.stages), dtype=bool)
    serves[chain.supplies.supplier[used]] = True
    return np.where(serves | np.isfinite(days), days, 0.0)


def _check_whole(days: Float, said: list[str]) -> None:
    bad = np.flatnonzero(days != np.floor(days))
    if bad.size:
        message = (
            f"times must be whole days, but {said[bad[0]]} {days[bad[0]]:g} days; round it up, or down where being "
            "late by less than a day does not matter."
        )
        raise ChainError(message)
