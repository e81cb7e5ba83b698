"""A chain of three that can be checked by hand, every shock at once, and runs without the warning of a collapse."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import xarray as xr

from tenon.propagation import (
    RECORDS,
    OrderRule,
    Parameters,
    RationingRule,
    RestockingGap,
    RestockingTarget,
    StockThreshold,
    propagate,
)
from tenon.schema import (
    CapacityShock,
    CapitalShock,
    DelayShock,
    FinalDemandShock,
    Float,
    InventoryShock,
    LaborShock,
    LinkShock,
    Reconstruction,
    RecoveryShape,
    Result,
    Scenario,
    Shock,
    SparseLinks,
    SupplyNetwork,
    Target,
    TenonWarning,
    Timing,
)

# A farm sells half its grain to a mill, which sells two thirds of its flour to a bakery abroad.
BREAD = SupplyNetwork(
    name="bread",
    agents=("farm", "mill", "bakery"),
    products=("grain", "flour", "bread"),
    product=np.array([0, 1, 2]),
    regions=("A", "B"),
    region=np.array([0, 0, 1]),
    links=SparseLinks(np.array([0, 1]), np.array([1, 2]), np.array([10.0, 20.0])),
    demanders=("A", "B"),
    final_demand=np.array([[5.0, 5.0], [5.0, 5.0], [30.0, 10.0]]),
    value_added=np.array([20.0, 20.0, 20.0]),
    capital=np.array([100.0, 80.0, 60.0]),
    inventory_days=np.array([[20.0]]),
    stock_release=np.zeros(3),
    currency="EUR",
    unit=1.0,
    source="made up",
)


def bread(**changes: Any) -> SupplyNetwork:
    """Return the chain with some attributes changed."""
    return replace(BREAD, **changes)


def named(*agents: str) -> Target:
    """Return a target of agents by name."""
    return Target(agents=agents)


def during(first: int, days: int, back: float = 0.0) -> Timing:
    """Return a timing with a linear return in ``back`` days, or a sudden one."""
    shape = RecoveryShape.LINEAR if back else RecoveryShape.SUDDEN
    return Timing(start_day=first, duration_days=days, recovery=shape, recovery_days=back)


def scenario(*shocks: Shock, days: int = 30, name: str = "sample", **more: Any) -> Scenario:
    """Return a scenario of some shocks."""
    return Scenario(name=name, horizon_days=days, shocks=shocks, **more)


def quietly(
    network: SupplyNetwork, scenarios: Scenario | Sequence[Scenario], rules: Parameters | None = None, **options: Any
) -> Result:
    """Run the engine with every record, whatever it warns of."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TenonWarning)
        return propagate(network, scenarios, rules, **{"records": tuple(RECORDS), **options})


def values(result: Result, name: str, number: int = 0) -> Float:
    """Return a record of one scenario with its agents in a row, (T, ...)."""
    record: xr.DataArray = result.values[name].isel(scenario=number)
    array = record.to_numpy()
    if "region" in record.dims:
        array = array.reshape(*array.shape[:-2], -1)
    return np.asarray(array, dtype=np.float64)


def every_shock() -> Scenario:
    """Return a scenario with every kind of shock for the firms of ``tests.strategies.firms``, overlapping in time."""
    rebuilt = Reconstruction(sectors={"s0": 0.4, "s1": 0.6}, days=20.0, factor=1.3)
    at_home = Reconstruction(sectors={"s2": 1.0}, days=10.0, local=True)
    north, south, west = (Target(regions=(label,)) for label in ("R0", "R1", "R2"))
    return scenario(
        CapacityShock(target=named("agent 0", "agent 4"), loss=0.4, timing=during(2, 6, 9)),
        LaborShock(target=south, loss=0.5, timing=Timing(start_day=4, recovery=RecoveryShape.CONVEX, recovery_days=9)),
        CapitalShock(target=Target(sectors=("s2",)), loss=0.3, timing=during(1, 5, 12)),
        CapitalShock(
            target=north, loss=0.3, household_damage={"R1": 3000.0}, damage_unit=1e6, reconstruction=rebuilt,
            timing=during(3, 5),
        ),
        CapitalShock(damage={"agent 8": 3000.0}, damage_unit=1e6, reconstruction=at_home, timing=during(8, 2)),
        FinalDemandShock(target=Target(sectors=("s0",)), demanders=("R2",), loss=0.6, timing=during(10, 10)),
        FinalDemandShock(target=Target(sectors=("s1",)), loss=-0.3, timing=during(0, 10)),
        InventoryShock(target=south, products=("s0", "s1"), loss=0.7, day=12),
        LinkShock(suppliers=north, buyers=south, loss=0.8, timing=during(5, 10, 5)),
        LinkShock(
            suppliers=Target(regions=("R0", "R2")), buyers=Target(sectors=("s1",)), domestic=True, loss=0.2,
            timing=during(0, 10),
        ),
        DelayShock(suppliers=south, buyers=Target(), delay_days=4, timing=during(6, 9)),
        DelayShock(suppliers=Target(sectors=("s1",)), buyers=west, delay_days=2, domestic=True, timing=during(8, 3)),
        days=35,
    )  # fmt: skip


def plain_shocks() -> tuple[Shock, ...]:
    """Return those of every shock that dense storage and batches know: all but closed and delayed links."""
    return tuple(shock for shock in every_shock().shocks if not isinstance(shock, LinkShock | DelayShock))


def plain_rules(rationing: RationingRule, **more: Any) -> Iterator[Parameters]:
    """Yield every combination of the rules on orders, thresholds, targets and gaps."""
    for order, threshold, target, gap in itertools.product(OrderRule, StockThreshold, RestockingTarget, RestockingGap):
        yield Parameters(
            order_rule=order,
            rationing=rationing,
            stock_threshold=threshold,
            restocking_target=target,
            restocking_gap=gap,
            psi=0.7,
            restocking_days={"s0": 5.0, "s1": 12.0},
            overproduction_days=20.0,
            **more,
        )
