from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray

from tenon.data import load, sector_parameters, supply_network, write_csv_folder
from tenon.propagation import Parameters, propagate
from tenon.schema import (
    CapacityShock,
    CapitalShock,
    LabelError,
    ParameterError,
    Scenario,
    ScenarioError,
    ShockError,
    SourceError,
    Status,
    StorageError,
    Target,
    TenonWarning,
)
from tenon.studies import StudyConfiguration, network_of, parse_study, run_study, stress
from tests.unit.schema.examples import NETWORK
from tests.unit.studies.examples import SCENARIO, TABLE, about


def test_a_stress_test_is_the_propagation_on_the_network_of_the_table() -> None:
    result = stress(TABLE, SCENARIO)
    network = network_of(TABLE, StudyConfiguration(scenarios=(SCENARIO,)))
    direct = propagate(network, SCENARIO)
    for name in direct.values.data_vars:
        np.testing.assert_array_equal(result.values[name].to_numpy(), direct.values[name].to_numpy())
    assert result.status is Status.COMPLETE
    assert float(result.values["value_added_lost"].sum()) > 0


def test_losses_are_traced_and_named() -> None:
    values = stress(TABLE, SCENARIO).values
    traced = values["loss_by_origin"].sel(scenario="fire", region="JPN", origin="JPN")
    assert float(traced) > 0
    assert values["path_agent"].sel(scenario="fire").isel(path=0, step=0) == "JPN:electronics"
    assert values["region_name_zh"].sel(region="JPN") == "日本"


def test_without_the_records_that_tracing_needs_nothing_is_traced() -> None:
    values = stress(TABLE, SCENARIO, records=("total_production",)).values
    assert "loss_by_origin" not in values
    assert "production" not in values


def test_a_table_scenario_and_file_may_be_named_by_path(tmp_path: Path) -> None:
    path = tmp_path / "calm.toml"
    path.write_text('name = "calm"\nhorizon_days = 3\n[parameters]\npsi = 0.7\n', encoding="utf-8")
    result = stress(write_csv_folder(TABLE, tmp_path / "table"), path)
    assert list(result.values["scenario"].values) == ["calm"]
    assert about(result, "parameters", "psi") == 0.7
    assert about(result, "scenario", "calm", "toml") == path.read_text(encoding="utf-8")


def test_scenarios_run_side_by_side_as_they_do_alone() -> None:
    shock = CapacityShock(target=Target(regions=("CHN",)), loss=0.1)
    other = replace(SCENARIO, name="smoke", shocks=(shock,))
    both, alone = stress(TABLE, [SCENARIO, other]), stress(TABLE, other)
    np.testing.assert_allclose(
        both.values["production"].sel(scenario="smoke"), alone.values["production"].sel(scenario="smoke"), rtol=1e-12
    )
    np.testing.assert_allclose(
        both.values["loss_by_origin"].sel(scenario="smoke"),
        alone.values["loss_by_origin"].sel(scenario="smoke"),
        atol=1e-9,
    )


def test_the_result_says_what_made_it() -> None:
    result = stress(TABLE, SCENARIO, parameters=Parameters(psi=0.9))
    assert about(result, "table") == {
        "name": "world",
        "year": 2020,
        "source": "made up",
        "license": "none",
        "currency": "USD",
        "unit": 1e6,
        "estimated": False,
        "repairs": [],
    }
    facts = about(result, "scenario", "fire")
    assert facts["title_zh"] == "火灾"
    assert facts["shocks"] == [
        "50 % of the capacity of electronics in Japan is lost from day 2 for 20 days, then all at once as before."
    ]
    assert facts["shocks_zh"] == ["日本的计算机、电子和光学产品的产能损失50%，自第2天起持续20天，随后立即恢复。"]
    study = parse_study(about(result, "study"), where="test")
    assert study == StudyConfiguration(table="world", scenarios=(SCENARIO,), parameters=Parameters(psi=0.9))


def test_the_stored_study_runs_again_to_the_same_figures(tmp_path: Path) -> None:
    result = stress(TABLE, SCENARIO, out=tmp_path / "out")
    study = parse_study((tmp_path / "out" / "study.toml").read_text(encoding="utf-8"), where="test")
    again = run_study(study, table=TABLE)
    xarray.testing.assert_identical(again.values, result.values)


def test_a_folder_that_is_taken_is_refused_before_the_run(tmp_path: Path) -> None:
    (tmp_path / "note.txt").touch()
    days: list[int] = []
    with pytest.raises(StorageError, match="is not empty and is left as it is"):
        stress(TABLE, SCENARIO, out=tmp_path, progress=lambda done, _: days.append(done))
    assert not days


def test_progress_counts_the_days() -> None:
    seen: list[tuple[int, int]] = []
    stress(TABLE, SCENARIO, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(day, 40) for day in range(1, 41)]


def test_an_interrupt_leaves_the_finished_days(tmp_path: Path) -> None:
    def stop(done: int, _: int) -> None:
        if done == 10:
            raise KeyboardInterrupt

    result = stress(TABLE, SCENARIO, progress=stop, out=tmp_path / "out")
    assert result.status is Status.INTERRUPTED
    assert 9 <= result.values.sizes["day"] <= 10
    assert (tmp_path / "out" / "result.nc").is_file()


def test_a_stored_study_goes_on_where_it_was_interrupted(tmp_path: Path) -> None:
    def stop(done: int, _: int) -> None:
        if done == 10:
            raise KeyboardInterrupt

    study, seen = StudyConfiguration(table="world", scenarios=(SCENARIO,)), list[int]()
    first = run_study(study, table=TABLE, store=tmp_path / "days", progress=stop)
    assert first.status is Status.INTERRUPTED
    assert len(np.load(tmp_path / "days" / "production.npy")) == 10
    resumed = run_study(
        study, table=TABLE, store=tmp_path / "days", resume=True, progress=lambda done, _: seen.append(done)
    )
    xarray.testing.assert_identical(resumed.values.load(), stress(TABLE, SCENARIO).values)
    assert seen == list(range(11, 41))


def test_another_study_is_not_resumed(tmp_path: Path) -> None:
    study = StudyConfiguration(table="world", scenarios=(SCENARIO,))
    run_study(study, table=TABLE, store=tmp_path / "days")
    with pytest.raises(SourceError, match="has another network, scenario, parameters or records than this one"):
        run_study(replace(study, inventory_days=99.0), table=TABLE, store=tmp_path / "days", resume=True)


def test_an_interrupt_while_losses_are_traced_leaves_all_days(monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tenon.studies.running.attribute_losses", stop)
    result = stress(TABLE, SCENARIO)
    assert result.status is Status.INTERRUPTED
    assert result.values.sizes["day"] == 40
    assert "loss_by_origin" not in result.values


def test_sectors_that_are_known_take_their_defaults_and_the_study_changes_some() -> None:
    study = StudyConfiguration(scenarios=(SCENARIO,), inventory_days={"electronics": 7.0}, capital_to_value_added=2.0)
    table = load("world-2022")
    network = network_of(table, study)
    known = sector_parameters(table)
    days = dict(zip(network.products, network.inventory_days[:, 0], strict=True))
    assert days["electronics"] == 7.0
    assert days["finance and real estate"] == known["finance and real estate"].inventory_days == np.inf
    np.testing.assert_allclose(network.capital, 2.0 * np.maximum(table.value_added, 0.0))


def test_sectors_of_another_classification_take_the_general_defaults() -> None:
    other = replace(TABLE, sectors=("a", "b"), sector_names={})
    network = network_of(other, StudyConfiguration(scenarios=(SCENARIO,)))
    np.testing.assert_array_equal(network.inventory_days, supply_network(other).inventory_days)
    np.testing.assert_array_equal(network.capital, supply_network(other).capital)


def test_a_network_of_firms_runs_as_it_is() -> None:
    network = replace(NETWORK, inventory_days=np.array([[90.0]]))
    result = stress(network, Scenario(name="calm", horizon_days=5))
    assert list(result.values["agent"].values) == list(NETWORK.agents)
    assert about(result, "table", "name") == "small"


def test_a_network_with_settings_of_the_study_is_refused() -> None:
    study = StudyConfiguration(scenarios=(Scenario(name="calm", horizon_days=5),), inventory_days=3.0)
    with pytest.raises(
        ParameterError, match=r"^network 'small' has inventories .* but inventory_days was given as well"
    ):
        run_study(study, table=NETWORK)


def test_a_warning_of_the_model_is_passed_on_and_noted() -> None:
    # Stocks of three days filled in sixty: production may not come back.
    study = StudyConfiguration(scenarios=(SCENARIO,), inventory_days=3.0)
    with pytest.warns(TenonWarning, match="collapse") as caught:
        result = run_study(study, table=TABLE)
    assert set(result.notes) == {str(item.message) for item in caught}


@pytest.mark.parametrize(
    ("table", "scenario", "error", "message"),
    [
        ("wrld", SCENARIO, SourceError, "did you mean 'world-2022'"),
        (TABLE, "tohoku", ScenarioError, "did you mean 'tohoku-2011'"),
        (TABLE, "tohoku-2011", LabelError, "'agriculture'|'JPN:agriculture'"),
        (TABLE, [], ScenarioError, "a study needs at least one scenario"),
    ],
)
def test_what_does_not_exist_is_refused(table: Any, scenario: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        stress(table, scenario)


def test_a_damage_above_the_capital_is_refused() -> None:
    shock = CapitalShock(target=Target(regions=("JPN",)), damage={"JPN:electronics": 1e12})
    with pytest.raises(ShockError, match="more than its capital"):
        stress(TABLE, Scenario(name="flood", horizon_days=5, shocks=(shock,)))
