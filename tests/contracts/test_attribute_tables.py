"""What a type holds is said once: the attribute tables agree with the code, its docstrings and what it makes."""

from __future__ import annotations

import dataclasses
from collections.abc import Container, Hashable
from enum import Enum
from functools import cached_property
from typing import Any

import numpy as np
import pytest
from numpydoc.docscrape import NumpyDocString

from tenon import planning, propagation, schema, vulnerability
from tenon.schema import Attribute, CapacityShock, Scenario, Target, attribute_table, attribute_table_names
from tests.chains import CASES
from tests.unit.schema.examples import NETWORK, TABLE
from tests.unit.vulnerability.risky_chains import DUAL, dual_impact, risky

# Variables of a dataset, not attributes of a type.
WITHOUT_TYPE = {"annual_loss_values", "result_values", "safety_stocks", "stress_values"}
TYPES = {
    "".join(part.capitalize() for part in name.split("_")): name
    for name in attribute_table_names()
    if name not in WITHOUT_TYPE
}
# How datasets write the units of the tables, in a network whose currency is "million EUR".
UNITS = {
    "": "1",
    "dimensionless": "1",
    "currency": "million EUR",
    "currency per day": "million EUR/day",
    "days": "day",
}
STRESS_UNITS = {
    "": "1",
    "dimensionless": "1",
    "currency": "EUR",
    "currency per day": "EUR/day",
    "currency per site's measure per day": "EUR/(measure/day)",
    "currency per unit": "EUR/unit",
    "currency per unit per day": "EUR/(unit/day)",
    "days": "day",
    "units of the part": "units of the part",
}
DIMENSIONS = {
    "input_output_table": {"N": 4, "R": 2, "S": 2, "K": 2, "P": 2, "R*K": 4},
    "supply_network": {"N": 3, "S": 2, "R": 2, "D": 2},
}


def type_of(name: str) -> type[Any]:
    """Return the type that a table describes; engines define only what they alone need."""
    engines = {"Parameters": propagation, "SafetyStockProblem": planning}
    found: type[Any] = getattr(engines.get(name, schema), name)
    return found


def given(name: str) -> list[Attribute]:
    return [row for row in attribute_table(name) if row.status != "derived"]


def written(field: dataclasses.Field[Any]) -> str:
    """Write a default as the tables do."""
    if field.default_factory is not dataclasses.MISSING:
        made = field.default_factory()
        return repr(made) if isinstance(made, dict | tuple) else f"{type(made).__name__}()"
    if field.default is dataclasses.MISSING:
        return ""
    return str(field.default.value) if isinstance(field.default, Enum) else repr(field.default)


def test_every_public_data_type_has_a_table() -> None:
    types = {name for name in schema.__all__ if dataclasses.is_dataclass(getattr(schema, name)) and name != "Attribute"}
    assert types | {"Parameters", "SafetyStockProblem"} == set(TYPES)


@pytest.mark.parametrize(("type_name", "name"), TYPES.items())
def test_the_table_names_the_fields_in_their_order(type_name: str, name: str) -> None:
    fields = dataclasses.fields(type_of(type_name))
    assert [row.attribute for row in given(name)] == [field.name for field in fields]


@pytest.mark.parametrize(("type_name", "name"), TYPES.items())
def test_the_table_says_the_defaults_and_what_is_required(type_name: str, name: str) -> None:
    fields = dataclasses.fields(type_of(type_name))
    assert [row.default for row in given(name)] == [written(field) for field in fields]
    assert [row.status for row in given(name)] == ["optional" if written(field) else "required" for field in fields]


@pytest.mark.parametrize(("type_name", "name"), TYPES.items())
def test_derived_attributes_are_properties(type_name: str, name: str) -> None:
    derived = [row.attribute for row in attribute_table(name) if row.status == "derived"]
    owner = type_of(type_name)
    assert derived == [key for key, value in vars(owner).items() if isinstance(value, property | cached_property)]


@pytest.mark.parametrize(("type_name", "name"), TYPES.items())
def test_the_docstring_describes_every_field_with_its_unit(type_name: str, name: str) -> None:
    documentation = NumpyDocString(type_of(type_name).__doc__)["Parameters"]
    described = {part.strip(): entry for entry in documentation for part in entry.name.split(",")}
    for row in given(name):
        entry = described[row.attribute]
        text = f"{entry.type} {' '.join(entry.desc)}".lower().replace("``unit``", "the unit of the account")
        assert row.unit.partition(",")[0] in text, (row, text)


@pytest.mark.parametrize(("name", "made"), [("input_output_table", TABLE), ("supply_network", NETWORK)])
def test_dimensions_are_those_of_what_is_made(name: str, made: object) -> None:
    sizes = DIMENSIONS[name]
    for row in attribute_table(name):
        if row.dims and ";" not in row.dims and getattr(made, row.attribute) is not None:
            wanted = tuple(sizes[dimension.strip()] for dimension in row.dims.split(","))
            assert np.shape(getattr(made, row.attribute)) == wanted, row


@pytest.mark.parametrize("made", [TABLE, NETWORK], ids=["table", "network"])
def test_arrays_have_the_type_that_the_table_says(made: Any) -> None:
    name = {"InputOutputTable": "input_output_table", "SupplyNetwork": "supply_network"}[type(made).__name__]
    for row in attribute_table(name):
        value = getattr(made, row.attribute)
        if isinstance(value, np.ndarray):
            assert value.dtype == row.dtype, row


def test_the_variables_of_a_result_are_those_of_the_table() -> None:
    fire = Scenario(name="fire", horizon_days=9, shocks=(CapacityShock(target=Target(agents=("mine",)), loss=1.0),))
    parameters = propagation.Parameters(restocking_days=10.0)
    result = propagation.propagate(NETWORK, fire, parameters, records=tuple(propagation.RECORDS))
    traced = propagation.attribute_losses(NETWORK, fire, parameters, result)
    values = result.values.merge(traced)
    rows = {row.attribute: row for row in attribute_table("result_values")}
    assert {str(name) for name in values.data_vars} == set(rows)
    for name, row in rows.items():
        assert values[name].dims == tuple(part.strip() for part in row.dims.split(",")), row
        assert (values[name].dtype.kind in "UOT") if row.dtype == "str" else (values[name].dtype == row.dtype), row
        assert values[name].attrs.get("units", "1") == UNITS[row.unit], row
        assert row.status == status_of(name, traced.data_vars), row


def test_the_variables_of_a_stress_test_are_those_of_the_table() -> None:
    chain = CASES["dual source"].chain
    values, bare = (vulnerability.stress_chain(chain, prices=prices).values for prices in (True, False))
    rows = {row.attribute: row for row in attribute_table("stress_values")}
    assert [str(name) for name in values.data_vars] == list(rows)
    for name, row in rows.items():
        assert values[name].dims == tuple(part.strip() for part in row.dims.split(",")), row
        assert values[name].dtype == row.dtype, row
        assert values[name].attrs["units"] == STRESS_UNITS[row.unit], row
        assert row.status == ("always" if name in bare.data_vars else "with prices"), row


def status_of(name: str, traced: Container[Hashable]) -> str:
    """Say when a variable is there."""
    if name in traced:
        return "with attribution"
    return "always" if name in propagation.DEFAULT_RECORDS or name not in propagation.RECORDS else "if asked for"


def test_the_variables_of_annual_losses_are_those_of_the_table() -> None:
    chain = risky(DUAL, [1, 1, 1], [1, 2, 3], {"both": (("S1", "S2"), 1.0)})
    values = vulnerability.annual_losses(chain, dual_impact, years=200).values
    rows = {row.attribute: row for row in attribute_table("annual_loss_values")}
    assert [str(name) for name in values.data_vars] == list(rows)
    for name, row in rows.items():
        assert values[name].dims == tuple(part.strip() for part in row.dims.split(",") if part), row
        assert values[name].dtype == row.dtype, row
        assert values[name].attrs["units"] == {"": "1", "currency": "EUR", "1/year": "1/year"}[row.unit], row
        assert row.status == "always", row
