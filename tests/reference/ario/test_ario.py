"""Runs equal those of BoARIO 0.7.2 number by number; see source.md."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tenon.data import supply_network
from tenon.propagation import RECORDS, OrderRule, Parameters, Quirk, boario_compatible, propagate
from tenon.schema import (
    CapacityShock,
    CapitalShock,
    Float,
    InputOutputTable,
    Reconstruction,
    RecoveryShape,
    Result,
    Scenario,
    Shock,
    SupplyNetwork,
    Target,
    Timing,
)

RUNS = (
    "s1_recovery_default",
    "s2_recovery_tight",
    "s4_rebuild_tight",
    "s6_arbitrary_tight",
    "s8_quickstart_pymrio_test",
)
ROUNDING_DECIDES = {"s2_recovery_tight", "s6_arbitrary_tight"}
CALM = 220
SERIES = {
    "production": "production_realised",
    "capacity": "production_capacity",
    "overproduction": "overproduction",
    "reconstruction": "rebuild_prod",
    "capital_lost": "productive_capital_to_recover",
    "unmet_final_demand": "final_demand_unmet",
}
# Tolerances of steps from 220 on, where rounding decides.
LATE = {"production": 1e-4, "capacity": 1e-3, "overproduction": 1e-3}


@dataclass(frozen=True)
class Case:
    """A reference run: its description, its series and the network that it starts from."""

    about: dict[str, Any]
    series: dict[str, Float]
    network: SupplyNetwork

    @property
    def scale(self) -> float:
        """Largest daily output of an industry."""
        return float(self.series["X_0"].max())

    @property
    def rules(self) -> Parameters:
        """The rules of BoARIO with the parameters of the run."""
        given = self.about["model_parameters"]
        assert given["order_type"] == "alt"
        return boario_compatible(
            psi=given["psi_param"],
            restocking_days=given["inventory_restoration_tau"],
            overproduction_max=given["alpha_max"],
            overproduction_days=given["alpha_tau"],
            order_rule=OrderRule.CAPACITY_WEIGHTED,
        )

    @property
    def scenario(self) -> Scenario:
        """The event of the run."""
        (event,) = self.about["events"]
        impact = {label.replace("|", ":"): amount for label, amount in event["impact"].items()}
        first, days = event["occurrence"], event["duration"]
        if event["kind"] == "rebuild":
            plan = Reconstruction(
                sectors=event["rebuilding_sectors"], days=event["rebuild_tau"], factor=event["rebuilding_factor"]
            )
            timing = Timing(start_day=first, duration_days=days)
            shocks: list[Shock] = [CapitalShock(damage=impact, damage_unit=1e6, reconstruction=plan, timing=timing)]
        else:
            timing = Timing(
                start_day=first,
                duration_days=days + 2,
                recovery=RecoveryShape.LINEAR,
                recovery_days=event["recovery_tau"],
            )
            shocks = [CapitalShock(damage=impact, damage_unit=1e6, timing=timing)]
            if event["kind"] == "arbitrary":
                shocks = [
                    CapacityShock(target=Target(agents=(label,)), loss=share, timing=timing)
                    for label, share in impact.items()
                ]
        return Scenario(name=self.about["name"], horizon_days=self.about["T"], shocks=tuple(shocks))


def small_table() -> dict[str, Any]:
    """Return the test table of pymrio, sorted by region and sector as BoARIO sorts it."""
    pymrio = pytest.importorskip("pymrio")
    system = pymrio.load_test().calc_all()
    rows, columns = sorted(system.x.index), sorted(system.Y.columns)
    regions = sorted({region for region, _ in rows})
    return {
        "regions": tuple(regions),
        "sectors": tuple(sorted({sector for _, sector in rows})),
        "final_demand_categories": tuple(category for region, category in columns if region == regions[0]),
        "Z": system.Z.loc[rows, rows].to_numpy(),
        "Y": system.Y.loc[rows, columns].to_numpy(),
        "x": system.x.loc[rows].to_numpy().ravel(),
    }


def large_table(folder: Path) -> dict[str, Any]:
    """Return the table of 20 regions and 20 sectors."""
    with np.load(folder / "table_20x20x2.npz") as data:
        return {
            "regions": tuple(data["regions"].tolist()),
            "sectors": tuple(data["sectors"].tolist()),
            "final_demand_categories": ("fd0", "fd1"),
            **{name: data[name] for name in ("Z", "Y", "x")},
        }


def read_case(folder: Path, name: str) -> Case:
    """Read a reference run and make its network."""
    about = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    with np.load(folder / f"{name}.npz") as data:
        series = dict(data)
    parts = small_table() if name.startswith("s8") else large_table(folder)
    table = InputOutputTable(
        name=name,
        value_added_items=("value added",),
        V=(parts["x"] - parts["Z"].sum(axis=0))[None],
        currency="EUR",
        unit=1e6,
        year=2000,
        source="reference run",
        license="none",
        **parts,
    )
    given = about["model_parameters"]
    days = {sector: float(value) for sector, value in (given["inventory_dict"] or {}).items()}
    days |= dict.fromkeys(given["infinite_inventories_sect"] or [], np.inf)
    network = supply_network(table, inventory_days=days, default_inventory_days=float(given["main_inv_dur"]))
    return Case(about, series, network)


def record(result: Result, name: str) -> Float:
    """Return a record of the only scenario, (T, everything else)."""
    values = result.values[name].isel(scenario=0).to_numpy()
    return np.asarray(values.reshape(len(values), -1))


@pytest.fixture(scope="module", params=RUNS)
def case(request: pytest.FixtureRequest, shared: Path) -> Case:
    return read_case(shared / "reference" / "ario", request.param)


@pytest.fixture(scope="module", params=["dense", "sparse"])
def result(request: pytest.FixtureRequest, case: Case) -> Result:
    network = case.network.to_sparse() if request.param == "sparse" else case.network
    return propagate(network, case.scenario, case.rules, records=tuple(RECORDS))


@pytest.mark.parametrize("name", SERIES)
def test_every_series_equals_the_reference(case: Case, result: Result, name: str) -> None:
    expected = case.series[SERIES[name]]
    if name == "capital_lost" and np.isnan(expected).any():
        # A loss of capacity takes no capital; BoARIO leaves the series undefined.
        assert not record(result, name).any()
        return
    distance = np.abs(record(result, name) - expected).max(axis=1) / case.scale
    assert distance[:CALM].max() <= 1e-10
    rounding_decides = case.about["name"] in ROUNDING_DECIDES
    assert distance.max() <= (LATE.get(name, 1e-10) if rounding_decides else 1e-10)


def test_total_production_equals_the_reference(case: Case, result: Result) -> None:
    expected = case.series["production_realised"].sum(axis=1)
    distance = np.abs(record(result, "total_production")[:, 0] / expected - 1)
    assert distance[:CALM].max() <= 1e-10
    assert distance.max() <= (1e-6 if case.about["name"] in ROUNDING_DECIDES else 1e-10)


def test_the_cumulated_losses_equal_the_reference(case: Case, result: Result) -> None:
    relative = 5e-6 if case.about["name"] in ROUNDING_DECIDES else 1e-10
    lost = float(result.values["production_lost"].sum())
    assert -lost == pytest.approx(case.about["cumulated_production_change"], rel=relative)
    unmet = float(result.values["total_unmet_final_demand"].sum())
    assert unmet == pytest.approx(case.about["cumulated_final_demand_unmet"], rel=1e-10)


def test_the_stocks_at_the_end_equal_the_reference(case: Case, result: Result) -> None:
    expected = case.series["inputs_stock_final"]
    found = record(result, "inventories")[-1].reshape(expected.shape)
    limited = np.isfinite(expected)
    # Where nothing of an unlimited input is used, tenon has no stock rather than an unlimited one.
    np.testing.assert_array_equal(np.isfinite(found[limited]), np.ones(limited.sum(), dtype=bool))
    distance = np.abs(found[limited] - expected[limited]).max() / expected[limited].max()
    assert distance <= (1e-5 if case.about["name"] in ROUNDING_DECIDES else 1e-10)


def test_the_shortest_production_and_its_day_equal_the_reference(case: Case, result: Result) -> None:
    relative = record(result, "total_production")[:, 0] / case.series["X_0"].sum()
    assert relative.argmin() == case.about["argmin_step"]
    assert relative.min() == pytest.approx(case.about["min_total_production_rel"], rel=1e-10)
    named = record(result, "limiting")
    assert bool((named >= 0).any()) == case.about["had_shortage"]


def test_without_the_quirks_the_losses_differ_by_less_than_a_thousandth(case: Case) -> None:
    exact = replace(case.rules, quirks=frozenset(), scarcity_tolerance=1e-6, least_coefficient=1e-6)
    result = propagate(case.network, case.scenario, exact)
    lost = float(result.values["production_lost"].sum())
    assert -lost == pytest.approx(case.about["cumulated_production_change"], rel=1e-3)
    unmet = float(result.values["total_unmet_final_demand"].sum())
    assert unmet == pytest.approx(case.about["cumulated_final_demand_unmet"], rel=1e-4)
    # A loss of capacity acts on its day, not a day late.
    late = 1 if case.about["name"] == "s6_arbitrary_tight" else 0
    days = case.about["T"] - late
    distance = record(result, "production")[:days] - case.series["production_realised"][late:]
    assert np.abs(distance).max() <= 2e-3 * case.scale
    assert np.abs(distance[:150]).max() <= 1e-5 * case.scale


def test_the_quirks_are_all_on_and_named() -> None:
    assert boario_compatible().quirks == frozenset(Quirk)
    assert Parameters().quirks == frozenset()
