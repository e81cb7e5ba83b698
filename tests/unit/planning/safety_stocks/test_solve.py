from __future__ import annotations

import json
import re
from dataclasses import replace

import numpy as np
import pytest

from tenon.planning import place_safety_stocks, safety_stock_problem
from tenon.schema import ParameterError, Status, attribute_table
from tests.chains import V3, floats
from tests.unit.planning.safety_stocks.samples import problem
from tests.unit.planning.safety_stocks.test_solve_chain import BRANCHING, tangled

UNITS = {"": "1", "dimensionless": "1", "days": "day"}


def test_a_result_worked_out_by_hand() -> None:
    # One stage: 0.25 * 10 * 2 * 3 * sqrt(5 - 1).
    one = problem(
        stages=("cart",),
        supplier=np.zeros(0, dtype=np.int64),
        buyer=np.zeros(0, dtype=np.int64),
        units=np.zeros(0),
        stage_days=np.array([5]),
        added_cost=np.array([10.0]),
        deviation=np.array([3.0]),
        service_days=np.array([1]),
    )
    result = place_safety_stocks(one)
    figures = {name: result.values[name].values.ravel()[0] for name in result.values}
    assert figures == {
        "service_days": 1,
        "inbound_days": 0,
        "replenishment_days": 4,
        "safety_stock": pytest.approx(12.0),
        "safety_stock_cost": pytest.approx(30.0),
        "pooled_deviation": 3.0,
        "unit_cost": 10.0,
        "total_cost": pytest.approx(30.0),
        "bound": pytest.approx(30.0),
        "gap": 0.0,
        "proven": True,
    }
    assert result.status is Status.COMPLETE
    assert result.notes[0] == "No service times cost less: this is proven."


def test_the_variables_are_those_of_the_table() -> None:
    values = place_safety_stocks(problem()).values
    rows = {row.attribute: row for row in attribute_table("safety_stocks")}
    assert set(rows) == {str(name) for name in values.data_vars}
    for name, row in rows.items():
        assert values[name].dims == (("stage",) if row.dims else ())
        assert values[name].dtype == row.dtype
        assert values[name].attrs["units"] == UNITS.get(
            row.unit, row.unit.replace("currency", "EUR").replace(" per ", "/")
        )
        assert values[name].attrs["long_name"]


def test_a_chain_is_taken_with_the_figures_by_default() -> None:
    chain = replace(V3, demands=replace(V3.demands, deviation=floats(3)))
    result = place_safety_stocks(chain)
    assert result.values["stage"].values.tolist() == list(chain.stage_labels)
    same = place_safety_stocks(safety_stock_problem(chain, service_factor=1.645, holding_rate=0.2))
    assert float(result.values["total_cost"]) == float(same.values["total_cost"]) > 0


def test_what_is_not_proven_is_not_said_to_be() -> None:
    result = place_safety_stocks(tangled(BRANCHING[0]), branches=0)
    values = result.values
    assert not bool(values["proven"])
    assert float(values["bound"]) < float(values["total_cost"])
    assert float(values["gap"]) == pytest.approx(1 - float(values["bound"]) / float(values["total_cost"]))
    assert result.notes[0].startswith("Better service times may exist, but save at most ")


def test_notes_say_what_was_assumed() -> None:
    notes = " ".join(place_safety_stocks(problem()).notes)
    assert "up to 2 standard deviations above its mean" in notes
    assert "cost 25.0% of its cost" in notes
    assert "independent" in notes


def test_a_note_names_the_first_stage_that_one_demand_reaches_over_two_ways() -> None:
    note = "reaches 1 of 4 stages over more than one way .* the first is 'steel', with a deviation of 8.485 .* 12 is"
    assert re.search(note, " ".join(place_safety_stocks(problem()).notes))
    one_way = problem(supplier=np.array([3, 1, 2]), buyer=np.array([1, 0, 0]), units=np.array([2.0, 1.0, 4.0]))
    assert not any("more than one way" in note for note in place_safety_stocks(one_way).notes)


def test_how_a_result_was_made_fits_into_json() -> None:
    provenance = json.loads(json.dumps(place_safety_stocks(problem(), seed=3).provenance))
    assert provenance["chain"] == {"name": "carts", "stages": 4, "supplies": 4}
    assert provenance["parameters"] == {"service_factor": 2.0, "holding_rate": 0.25, "branches": 1000, "seed": 3}


@pytest.mark.parametrize("name", ["branches", "seed"])
@pytest.mark.parametrize("value", [-1, 1.5])
def test_figures_that_are_negative_or_not_whole_are_refused(name: str, value: float) -> None:
    with pytest.raises(ParameterError, match=f"{name} must be a whole number, not negative, but is {value}"):
        place_safety_stocks(problem(), **{name: value})  # type: ignore[arg-type]  # one of two figures
