"""Runs equal those of Inoue and Todo's own program, in total and firm by firm; see source.md."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tenon.propagation import RationingRule, RestockingGap, inoue_todo, propagate
from tenon.schema import (
    CapacityShock,
    Float,
    RecoveryShape,
    Result,
    Scenario,
    SparseLinks,
    SupplyNetwork,
    Target,
    Timing,
)

RATIONING = {"R0": RationingRule.PROPORTIONAL, "R2": RationingRule.SMALLEST_ORDER_FIRST}
GAPS = {"o0": RestockingGap.SIGNED, "o2": RestockingGap.FLOORED}
DAYS_OF_FIRMS = (10, 30, 60, 119)


@dataclass(frozen=True)
class Case:
    """A reference run and the engine's."""

    totals: pd.DataFrame
    firms: pd.DataFrame
    result: Result
    network: SupplyNetwork
    precision: float

    def record(self, name: str) -> Float:
        """Return a record of the engine, day first."""
        return np.asarray(self.result.values[name].isel(scenario=0).to_numpy())


def firm_network(folder: Path) -> tuple[SupplyNetwork, dict[str, float]]:
    """Return the network and the capacity that each hit firm loses."""
    with np.load(folder / "f2000.npz") as data:
        size = data["C"].size
        network = SupplyNetwork(
            name="firms",
            agents=tuple(f"{firm:04d}" for firm in range(size)),
            products=tuple(f"{sector:03d}" for sector in range(100)),
            product=data["sector"],
            regions=("all",),
            region=np.zeros(size, dtype=np.int64),
            links=SparseLinks(data["sup"], data["cli"], data["amt"]),
            demanders=("final",),
            final_demand=data["C"][:, None],
            value_added=data["P"] - np.bincount(data["cli"], data["amt"], size),
            capital=np.zeros(size),
            inventory_days=np.array([[15.0]]),
            stock_release=np.zeros(size),
            currency="JPY",
            unit=1.0,
            source="reference run",
        )
        np.testing.assert_allclose(network.output, data["P"], rtol=1e-12)
        lost = {f"{firm:04d}": float(share) for firm, share in zip(data["hit"], data["delta"], strict=True)}
    return network, lost


@pytest.fixture(scope="module", params=["R0_o0_c0", "R0_o2_c30", "R2_o2_c30"])
def case(request: pytest.FixtureRequest, shared: Path) -> Case:
    folder = shared / "reference" / "firm_network"
    rationing, gap, recovery = request.param.split("_")
    network, lost = firm_network(folder)
    timing = Timing(duration_days=120)
    if recovery != "c0":
        timing = Timing(duration_days=1, recovery=RecoveryShape.LINEAR, recovery_days=float(recovery[1:]))
    shocks = tuple(
        CapacityShock(target=Target(agents=(firm,)), loss=share, timing=timing) for firm, share in lost.items()
    )
    rules = inoue_todo(rationing=RATIONING[rationing], restocking_gap=GAPS[gap])
    return Case(
        totals=pd.read_csv(folder / f"{request.param}_totals.csv"),
        firms=pd.read_csv(folder / f"{request.param}_firms.csv"),
        result=propagate(network, Scenario(name=request.param, horizon_days=120, shocks=shocks), rules),
        network=network,
        precision=2e-6 if rationing == "R2" else 1e-11,
    )


def test_total_production_equals_the_reference(case: Case) -> None:
    expected = case.totals["production"].to_numpy()
    assert case.network.output.sum() == pytest.approx(expected[0], rel=1e-12)
    np.testing.assert_allclose(case.record("total_production"), expected[1:], rtol=case.precision)


def test_final_consumption_equals_the_reference(case: Case) -> None:
    served = case.network.final_demand.sum() - case.record("total_unmet_final_demand")
    np.testing.assert_allclose(served, case.totals["final_consumption"].to_numpy()[1:], rtol=case.precision)


def test_value_added_equals_the_reference(case: Case) -> None:
    share = case.network.value_added / case.network.output
    added = case.record("production") @ share
    np.testing.assert_allclose(added, case.totals["value_added"].to_numpy()[1:], rtol=case.precision)


@pytest.mark.parametrize("day", DAYS_OF_FIRMS)
def test_the_production_of_every_firm_equals_the_reference(case: Case, day: int) -> None:
    distance = np.abs(case.record("production")[day] - case.firms[f"production_{day}"].to_numpy())
    assert distance.max() <= 1e-5 * case.network.output.max()


@pytest.mark.parametrize("day", DAYS_OF_FIRMS)
def test_the_demand_of_every_firm_equals_the_reference(case: Case, day: int) -> None:
    distance = np.abs(case.record("orders")[day] - case.firms[f"demand_{day}"].to_numpy())
    precision = 5e-5 if case.precision > 1e-9 else 1e-5
    assert distance.max() <= precision * case.network.output.max()


@pytest.mark.parametrize("day", DAYS_OF_FIRMS)
def test_what_limits_a_firm_agrees_with_the_reference(case: Case, day: int) -> None:
    """A firm is held down by a scarce input exactly where its printed input limit is what it makes."""
    named = case.record("limiting")[day]
    made = case.firms[f"production_{day}"].to_numpy()
    limit = case.firms[f"input_limit_{day}"].to_numpy()
    held_down = named >= 0
    np.testing.assert_allclose(limit[held_down], made[held_down], rtol=1e-4, atol=1e-5 * case.network.output.max())
    assert (limit[~held_down] >= made[~held_down] * (1 - 1e-4)).all()
