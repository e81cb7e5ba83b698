"""Systems of pymrio come in and go out without loss."""

from __future__ import annotations

import builtins
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from tenon.data import Origin, from_pymrio, to_pymrio
from tenon.schema import InputOutputTable, LabelError, SourceError
from tests.strategies import tables
from tests.unit.schema.examples import TABLE

pymrio = pytest.importorskip("pymrio", reason="pymrio is optional; install it with: pip install 'tenon[pymrio]'")
ORIGIN = Origin(name="test", currency="EUR", unit=1e6, year=2010, source="pymrio", license="GPL-3.0")


def system() -> Any:
    """Return pymrio's own test system, calculated."""
    return pymrio.load_test().calc_all()


def test_the_test_system_of_pymrio_comes_in() -> None:
    source = system()
    table = from_pymrio(source, ORIGIN, extensions=("emissions",))
    assert (len(table.regions), len(table.sectors)) == (6, 8)
    assert np.allclose(table.Z, source.Z.to_numpy())
    assert np.allclose(table.A, source.A.to_numpy())
    assert table.balance().relative < 1e-12
    assert "emissions: emission_type1, air" in table.satellites
    assert table.satellites["emissions: emission_type1, air"].values.sum() == pytest.approx(
        source.emissions.F.iloc[0].sum()
    )


@settings(max_examples=10)
@given(tables())
def test_any_table_goes_out_and_comes_back(table: InputOutputTable) -> None:
    origin = Origin(name=table.name, currency=table.currency, unit=table.unit, year=table.year, source="", license="")
    back = from_pymrio(to_pymrio(table), origin)
    assert np.array_equal(back.Z, table.Z)
    assert np.array_equal(back.x, table.x)
    assert np.allclose(back.final_demand_by_region, table.final_demand_by_region, atol=1e-9 * table.x.max())


def test_value_added_and_satellites_go_out_as_extensions() -> None:
    out = to_pymrio(TABLE)
    assert np.array_equal(out.value_added.F.to_numpy(), TABLE.V)
    assert np.array_equal(out.satellites.F.loc["jobs"], TABLE.satellites["jobs"].values)
    assert set(out.unit["unit"]) == {"1e+06 EUR"}


def test_pymrio_calculates_what_the_table_says() -> None:
    out = to_pymrio(TABLE).calc_all()
    assert np.allclose(out.A.to_numpy(), TABLE.A)


def test_a_system_that_was_not_calculated_is_refused() -> None:
    source = system()
    source.Z = None
    with pytest.raises(SourceError, match=r"the pymrio system has no Z; call its calc_all\(\) before"):
        from_pymrio(source, ORIGIN)


def test_mixed_units_are_refused() -> None:
    source = system()
    source.unit = source.unit.copy()
    source.unit.iloc[0, 0] = "t"
    with pytest.raises(SourceError, match="mixes units"):
        from_pymrio(source, ORIGIN)


def test_shuffled_labels_are_refused() -> None:
    source = system()
    source.Z = source.Z.iloc[:, ::-1]
    with pytest.raises(LabelError, match="pymrio: columns of Z: 'reg6:other' stands at position 1"):
        from_pymrio(source, ORIGIN)


def test_an_unknown_extension_is_refused() -> None:
    with pytest.raises(SourceError, match=r"no extension 'emission'; did you mean 'emissions'\?"):
        from_pymrio(system(), ORIGIN, extensions=("emission",))


def test_negative_flows_are_repaired_by_name() -> None:
    source = system()
    source.Z = source.Z.copy()
    source.Z.iloc[0, 0] = -1.0
    table = from_pymrio(source, ORIGIN)
    assert table.Z[0, 0] == 0
    assert table.final_demand_categories[-1] == "balancing item"
    assert table.repairs[0].startswith("repair_negative_flows: 1 negative")


def test_without_pymrio_the_message_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def missing(name: str, *rest: Any, **keywords: Any) -> Any:
        if name == "pymrio":
            raise ModuleNotFoundError(name)
        return real(name, *rest, **keywords)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(SourceError, match="pip install 'tenon"):
        to_pymrio(TABLE)


def test_labels_of_the_system_are_those_of_the_table() -> None:
    assert isinstance(to_pymrio(TABLE).Z.index, pd.MultiIndex)
    assert [":".join(pair) for pair in to_pymrio(TABLE).Z.index] == list(TABLE.labels)
