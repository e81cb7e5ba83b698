from __future__ import annotations

import tomllib
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenon.data import parse_scenario, scenario_to_toml, toml_value
from tenon.schema import CapacityShock, LinkShock, RecoveryShape, Scenario, Target
from tests.strategies import scenarios
from tests.unit.schema.examples import NETWORK

texts = st.text(st.characters(codec="utf-8"))


@given(scenario=scenarios(NETWORK))
def test_what_is_written_is_read_back_as_the_same(scenario: Scenario) -> None:
    assert parse_scenario(scenario_to_toml(scenario), where="test").scenario == scenario


@given(
    name=texts.filter(str.strip),
    title=texts,
    groups=st.dictionaries(texts, st.lists(texts, min_size=1).map(tuple), max_size=2),
    sources=st.lists(texts, max_size=2).map(tuple),
)
def test_any_text_survives(name: str, title: str, groups: dict[str, tuple[str, ...]], sources: tuple[str, ...]) -> None:
    scenario = Scenario(name=name, title=title, horizon_days=3, groups=groups, sources=sources)
    assert parse_scenario(scenario_to_toml(scenario), where="test").scenario == scenario


def test_what_equals_its_default_is_left_out() -> None:
    shock = CapacityShock(target=Target(regions=("JPN",)), loss=0.5)
    text = scenario_to_toml(Scenario(name="fire", horizon_days=9, shocks=(shock,)))
    assert text == ('name = "fire"\nhorizon_days = 9\n\n[[shocks]]\nkind = "capacity"\nregions = ["JPN"]\nloss = 0.5\n')


@pytest.mark.parametrize(
    ("shock", "written"),
    [(CapacityShock(target=Target(), loss=0.5), "regions = []"), (LinkShock(loss=0.5), "suppliers = {}")],
)
def test_a_shock_on_everybody_says_so(shock: CapacityShock | LinkShock, written: str) -> None:
    text = scenario_to_toml(Scenario(name="fire", horizon_days=9, shocks=(shock,)))
    assert written in text.splitlines()
    assert parse_scenario(text, where="test").scenario.shocks == (shock,)


def test_parameters_and_network_are_written() -> None:
    scenario = Scenario(name="fire", horizon_days=9)
    text = scenario_to_toml(scenario, parameters={"psi": 0.9}, network={"inventory_days": {"a b": 3.0}})
    file = parse_scenario(text, where="test")
    assert (file.parameters, file.network) == ({"psi": 0.9}, {"inventory_days": {"a b": 3.0}})


@given(
    st.recursive(
        st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | texts,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    )
)
def test_any_value_survives(value: object) -> None:
    assert tomllib.loads(f"value = {toml_value(value)}") == {"value": value}


def test_enumerations_and_sets_become_texts_and_lists() -> None:
    assert toml_value(RecoveryShape.LINEAR) == '"linear"'
    assert toml_value(frozenset({"b", "a"})) == '["a", "b"]'


def test_a_value_without_a_form_in_toml_is_refused() -> None:
    with pytest.raises(TypeError, match="TOML has no form for datetime"):
        toml_value(datetime.now(UTC))
