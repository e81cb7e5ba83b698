from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenon.data import ScenarioFile
from tenon.propagation import OrderRule, Parameters, Quirk, RationingRule, boario_compatible, inoue_todo
from tenon.schema import ParameterError, Scenario, ScenarioError, SourceError
from tenon.studies import (
    StudyConfiguration,
    configure,
    is_study,
    parameters_of,
    parse_study,
    read_study,
    study_to_toml,
)
from tests.strategies import scenarios
from tests.unit.schema.examples import NETWORK
from tests.unit.studies.examples import SCENARIO

CALM = Scenario(name="calm", horizon_days=3)


def file(scenario: Scenario = SCENARIO, **settings: Any) -> ScenarioFile:
    return ScenarioFile(scenario=scenario, where=f"file {scenario.name}", **settings)


@given(
    first=scenarios(NETWORK).map(lambda drawn: replace(drawn, name="one")),
    second=scenarios(NETWORK).map(lambda drawn: replace(drawn, name="two")),
    parameters=st.sampled_from([Parameters(), Parameters(psi=0.7), boario_compatible(), inoue_todo()]),
    days=st.sampled_from([{}, 30.0, {"ore": 3.0, "metal": float("inf")}]),
)
def test_a_study_is_read_back_as_it_was_written(
    first: Scenario, second: Scenario, parameters: Parameters, days: dict[str, float] | float
) -> None:
    study = StudyConfiguration(
        table="some table",
        scenarios=(first, second),
        parameters=parameters,
        inventory_days=days,
        records=("production",),
    )
    assert parse_study(study_to_toml(study), where="test") == study


def test_every_parameter_can_be_given_in_a_file() -> None:
    given_all = {
        "order_rule": "fixed_shares",
        "inventory_rule": "per_link",
        "rationing": "final_demand_last",
        "stock_threshold": "day_of_use",
        "psi": 1,
        "restocking_days": {"food": 3.0},
        "restocking_target": "production",
        "restocking_gap": "signed",
        "overproduction_base": 1.1,
        "overproduction_max": 2,
        "overproduction_days": 100,
        "important_inputs": "do_nothing",
        "criticality": {"food": {"energy": 0.5}},
        "least_coefficient": 0,
        "scarcity_tolerance": 0,
        "step_days": 1,
        "quirks": ["rounded_damage"],
    }
    assert set(given_all) == {entry.name for entry in fields(Parameters)}
    made = parameters_of(given_all, where="test")
    assert made.order_rule is OrderRule.FIXED_SHARES
    assert made.rationing is RationingRule.FINAL_DEMAND_LAST
    assert made.quirks == {Quirk.ROUNDED_DAMAGE}
    assert made.restocking_days == {"food": 3.0}


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"phi": 1}, r"^test, parameters\.phi: unknown parameter; did you mean 'psi'\?$"),
        ({"psi": "0.8"}, r"^test, parameters\.psi: must be a number, but is '0\.8'\.$"),
        ({"psi": True}, r"^test, parameters\.psi: must be a number, but is True\.$"),
        ({"psi": 2}, r"^test, parameters: psi must be .* at most 1, but is 2\.$"),
        ({"order_rule": 3}, r"^test, parameters\.order_rule: must be a text, but is 3\.$"),
        ({"order_rule": "fixed"}, r"^test, parameters: order_rule must be one of 'fixed_shares'"),
        ({"quirks": "a"}, r"^test, parameters\.quirks: must be a list of texts, but is 'a'\.$"),
        ({"criticality": 3}, r"^test, parameters\.criticality: must be a table, but is 3\.$"),
        (
            {"restocking_days": []},
            r"^test, parameters\.restocking_days: must be a number or a table of numbers, but is \[",
        ),
    ],
)
def test_a_wrong_parameter_is_refused_with_its_place(values: dict[str, object], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        parameters_of(values, where="test")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"inventory": 3}, r"^file fire, network\.inventory: unknown setting; did you mean 'inventory_days'\?$"),
        ({"inventory_days": "3"}, r"^file fire, network\.inventory_days: must be a number or a table of numbers, but"),
        (
            {"inventory_days": 0},
            r"^file fire, network\.inventory_days must be a number above 0 \(inf: .*\), but is 0\.$",
        ),
        ({"inventory_days": {"food": -1}}, r"network\.inventory_days of 'food' must be a number above 0 .* is -1\.$"),
    ],
)
def test_a_wrong_network_setting_is_refused_with_its_place(values: dict[str, object], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        configure("t", [file(network=values)])


def test_settings_of_the_files_hold_unless_others_are_given() -> None:
    opened = [file(parameters={"psi": 0.7}, network={"inventory_days": 20})]
    study = configure("t", opened)
    assert (study.parameters.psi, study.inventory_days) == (0.7, 20)
    study = configure("t", opened, parameters=Parameters(psi=0.6), network={"inventory_days": 5.0})
    assert (study.parameters.psi, study.inventory_days) == (0.6, 5.0)


@pytest.mark.parametrize("what", ["parameters", "network"])
def test_files_that_ask_for_different_rules_are_refused(what: str) -> None:
    values: dict[str, Any] = {what: {"psi": 0.7} if what == "parameters" else {"inventory_days": 3}}
    opened = [file(**values), file(CALM)]
    with pytest.raises(ScenarioError, match=rf"^file fire and file calm ask for different \[{what}\]"):
        configure("t", opened)


def test_a_given_network_setting_settles_a_disagreement() -> None:
    opened = [file(network={"inventory_days": 3}), file(CALM)]
    assert configure("t", opened, network={"inventory_days": 9.0}).inventory_days == 9.0


def test_a_study_needs_scenarios_of_different_names_and_known_records() -> None:
    with pytest.raises(ScenarioError, match=r"^a study needs at least one scenario"):
        StudyConfiguration(scenarios=())
    with pytest.raises(ScenarioError, match=r"^two scenarios of the study are called 'fire'"):
        StudyConfiguration(scenarios=(SCENARIO, SCENARIO))
    with pytest.raises(ParameterError, match=r"^there is no record 'prodction'; did you mean 'production'\?$"):
        StudyConfiguration(scenarios=(SCENARIO,), records=("prodction",))
    with pytest.raises(ParameterError, match=r"^capital_to_value_added must be a number above 0"):
        StudyConfiguration(scenarios=(SCENARIO,), capital_to_value_added=0.0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("tabel = 't'", r"^test, tabel: unknown key of a study; did you mean 'table'\?$"),
        ("table = 3", r"^test, table: must be a text, but is 3\.$"),
        ("scenarios = 3", r"^test, scenarios: must be a list, but is 3\.$"),
        ("table = 't'", r"^a study needs at least one scenario"),
        ("[[scenarios]]\nname = 'a'\nhorizon = 3", r"^test, scenarios\[1\]\.horizon: unknown key; did you mean 'horiz"),
        ("[[scenarios]]\nname = 'a'\nhorizon_days = 3\nparameters = {}", r"scenarios\[1\]\.parameters: unknown key"),
        ("x", r"^test is not valid TOML"),
    ],
)
def test_a_wrong_study_is_refused_with_the_place(text: str, message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        parse_study(text, where="test")


def test_a_file_is_told_to_be_a_study_or_a_scenario(tmp_path: Path) -> None:
    study, scenario, neither = (tmp_path / name for name in ("study.toml", "scenario.toml", "neither.toml"))
    configuration = StudyConfiguration(scenarios=(SCENARIO,))
    study.write_text(study_to_toml(configuration), encoding="utf-8")
    scenario.write_text('name = "a"\nhorizon_days = 3\n', encoding="utf-8")
    neither.write_text("scenarios = [", encoding="utf-8")
    assert [is_study(path) for path in (study, scenario, neither, "tohoku-2011")] == [True, False, False, False]
    assert read_study(study) == configuration


def test_a_study_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"nothing\.toml does not exist .*; a study \(TOML\) was expected there"):
        read_study(tmp_path / "nothing.toml")
    (tmp_path / "latin.toml").write_bytes("name = 'é'".encode("latin-1"))
    with pytest.raises(
        SourceError, match=r"^study file .*latin\.toml is not UTF-8 text \(byte 8\); save it as UTF-8\.$"
    ):
        read_study(tmp_path / "latin.toml")


def test_a_study_of_defaults_is_a_few_lines() -> None:
    text = study_to_toml(StudyConfiguration(scenarios=(CALM,)))
    assert text.splitlines()[1:] == [
        'table = "world-2022"',
        "",
        "[[scenarios]]",
        'name = "calm"',
        "horizon_days = 3",
    ]


def test_a_study_keeps_its_scenarios_as_they_are() -> None:
    study = StudyConfiguration(scenarios=(SCENARIO, replace(SCENARIO, name="again")))
    assert [scenario.name for scenario in study.scenarios] == ["fire", "again"]
