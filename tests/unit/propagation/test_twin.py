"""The engine equals the plain-NumPy statement of the model, rule by rule, record by record."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenon.propagation import (
    RECORDS,
    ImportantInputs,
    InventoryRule,
    Parameters,
    Quirk,
    RationingRule,
    boario_compatible,
)
from tenon.schema import CapacityShock, CapitalShock, Float, Reconstruction, Result, Scenario, SupplyNetwork
from tests.strategies import firms, networks, parameter_sets, scenarios, table_networks
from tests.twins import model
from tests.unit.propagation.samples import BREAD, during, every_shock, named, plain_rules, quietly, scenario, values

PRECISION = 1e-10
CRITICALITY = {"s0": {"s1": 0.5, "s2": 0.0}, "s1": {"s1": 0.5}}


def assert_equal_runs(network: SupplyNetwork, scenario: Scenario, rules: Parameters) -> None:
    """Compare every record of the engine with the twin's, in units of the largest output (capital: of the largest)."""
    result = quietly(network, scenario, rules)
    expected = model.run(network, scenario, rules)
    for name in RECORDS:
        if name == "limiting":
            continue
        scale = float(network.capital.max() if name == "capital_lost" else network.output.max())
        found = values(result, name)
        wanted = expected[name]
        limited = np.isfinite(wanted)
        np.testing.assert_array_equal(np.isfinite(found), limited, err_msg=name)
        distance = np.abs(np.where(limited, found, 0.0) - np.where(limited, wanted, 0.0)).max(initial=0.0)
        assert distance <= PRECISION * max(scale, 1e-300), f"{name} of {rules} is {distance} off"
    assert_reasons_hold(network, result, expected["bounds"])


def assert_reasons_hold(network: SupplyNetwork, result: Result, bounds: Float) -> None:
    """What is named as limiting is the tightest of all bounds; nothing is named where production is undisturbed."""
    named = values(result, "limiting").astype(np.int64)
    tolerance = 1e-9 * network.output.max()
    tightest = bounds.min(axis=1)
    # Rows of the bounds: products, capacity, demand.
    row = np.select([named >= 0, named == -2, named == -3], [named, bounds.shape[1] - 2, bounds.shape[1] - 1], 0)
    named_bound = np.take_along_axis(bounds, row[:, None, :], axis=1)[:, 0, :]
    low = tightest < network.output * (1 - 1e-6)
    assert (named_bound[low & (named != -1)] <= tightest[low & (named != -1)] + tolerance).all()
    unclear = np.abs(tightest - network.output * (1 - 1e-6)) <= tolerance
    np.testing.assert_array_equal((named != -1)[~unclear], low[~unclear])


@pytest.mark.parametrize("rationing", RationingRule)
@pytest.mark.parametrize("inventory", InventoryRule)
def test_every_combination_of_rules_with_every_shock_equals_the_twin(
    inventory: InventoryRule, rationing: RationingRule
) -> None:
    network = firms(5)
    important = list(ImportantInputs)
    for number, rules in enumerate(plain_rules(rationing, inventory_rule=inventory, criticality=CRITICALITY)):
        changed = {"important_inputs": important[number % 3]}
        assert_equal_runs(network, every_shock(), Parameters(**{**vars(rules), **changed}))


@given(st.data())
@settings(max_examples=60)
def test_drawn_networks_scenarios_and_rules_equal_the_twin(data: st.DataObject) -> None:
    network = data.draw(networks(most_agents=8) | table_networks())
    rules = data.draw(parameter_sets(network))
    assert_equal_runs(network, data.draw(scenarios(network, horizon_days=30)), rules)


def test_unlimited_stocks_equal_the_twin() -> None:
    network = firms(7)
    days = np.array(np.broadcast_to(network.inventory_days, (3, len(network))))
    days[1] = np.inf
    days[0, ::2] = np.inf
    unlimited = type(network)(**{**vars(network), "inventory_days": days})
    for inventory in InventoryRule:
        assert_equal_runs(unlimited, every_shock(), Parameters(inventory_rule=inventory, restocking_days=20.0))


@pytest.mark.parametrize("quirk", [quirk for quirk in Quirk if quirk is not Quirk.EXACT_SCARCITY_TEST])
@pytest.mark.parametrize("dense", [True, False])
def test_every_quirk_alone_equals_the_twin_and_changes_something(quirk: Quirk, dense: bool) -> None:
    """The exact test of scarcity is left out: below it rounding decides, so no two programs can agree for long."""
    network = firms(5).to_dense() if dense else firms(5)
    rebuilt = Reconstruction(sectors={"s0": 1.0}, days=5.0)
    mild = (
        CapacityShock(target=named("agent 0"), loss=0.123456789, timing=during(2, 4, 7)),
        CapitalShock(target=named("agent 4"), loss=0.0123456789, timing=during(1, 3, 9)),
        CapitalShock(target=named("agent 5"), loss=0.01, reconstruction=rebuilt, timing=during(2, 2)),
    )
    # So small that every flow and every stock stays close to what it should be.
    tiny = (CapacityShock(target=named("agent 0"), loss=5e-6, timing=during(2, 4)),)
    plain = Parameters(restocking_days=2.0, overproduction_days=9.0)
    rules = replace(plain, quirks=frozenset({quirk}))
    changes = []
    for shocks in (mild, tiny):
        hit = scenario(*shocks, days=45)
        assert_equal_runs(network, hit, rules)
        runs = [values(quietly(network, hit, chosen), "orders") for chosen in (plain, rules)]
        changes.append((runs[0] != runs[1]).any())
    assert any(changes)


def test_the_exact_test_of_scarcity_is_an_option_of_its_own() -> None:
    hit = scenario(CapacityShock(target=named("mill"), loss=0.3, timing=during(2, 4)), days=20)
    runs = [
        values(quietly(BREAD, hit, Parameters(quirks=quirks, scarcity_tolerance=0.2)), "overproduction")
        for quirks in (frozenset(), frozenset({Quirk.EXACT_SCARCITY_TEST}))
    ]
    assert (runs[0] != runs[1]).any()


@pytest.mark.parametrize("seed", [5, 6])
@pytest.mark.parametrize("dense", [True, False])
def test_all_quirks_together_equal_the_twin_while_the_shock_lasts(seed: int, dense: bool) -> None:
    """Afterwards scarcity is sometimes exactly zero and sometimes the rounding of zero, and no two programs agree."""
    network = firms(seed).to_dense() if dense else firms(seed)
    rebuilt = Reconstruction(sectors={"s0": 1.0}, days=60.0)
    shocks = (
        CapacityShock(target=named("agent 0", "agent 2"), loss=0.123456789, timing=during(2, 30, 60)),
        CapitalShock(target=named("agent 5"), loss=0.001, reconstruction=rebuilt, timing=during(3, 5)),
    )
    assert_equal_runs(network, scenario(*shocks, days=30), boario_compatible(psi=0.7, restocking_days=9.0))
