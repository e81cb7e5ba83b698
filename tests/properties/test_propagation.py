"""Properties of the daily model that hold for every network, scenario and set of rules."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tenon.data import supply_network
from tenon.propagation import (
    RECORDS,
    OrderRule,
    Parameters,
    RestockingGap,
    boario_compatible,
    inoue_todo,
    propagate,
)
from tenon.schema import (
    CapacityShock,
    Float,
    Integer,
    Result,
    Scenario,
    SparseLinks,
    SupplyNetwork,
    Target,
    TenonWarning,
    Timing,
)
from tests.strategies import (
    SEEDS,
    firms,
    in_unit,
    networks,
    parameter_sets,
    relabelled,
    scenarios,
    table_networks,
    tables,
)

DAYS = 30
EVERY_NETWORK = networks() | table_networks() | tables(odd=True).map(supply_network)
MONEY = ("production", "capacity", "orders", "reconstruction", "capital_lost", "unmet_final_demand", "inventories")


def run(
    network: SupplyNetwork, scenarios: Scenario | Sequence[Scenario], rules: Parameters | None = None, **options: Any
) -> Result:
    """Run with every record, whatever the engine warns of."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", TenonWarning)
        return propagate(network, scenarios, rules, records=tuple(RECORDS), **options)


def record(result: Result, name: str, number: int = 0, days: int | None = None) -> Float:
    """Return a record of one scenario with agents in a row, (T, ...)."""
    chosen = result.values[name].isel(scenario=number)
    values = chosen.to_numpy()
    if "region" in chosen.dims:
        values = values.reshape(*values.shape[:-2], -1)
    return np.asarray(values[:days], dtype=np.float64)


def assert_close(found: Float, expected: Float, network: SupplyNetwork, precision: float, what: str) -> None:
    """Compare relative to the largest output or capital; unlimited stocks must be unlimited in both."""
    limited = np.isfinite(expected)
    np.testing.assert_array_equal(np.isfinite(found), limited, err_msg=what)
    scale = float((network.capital if "capital" in what else network.output).max())
    np.testing.assert_allclose(found[limited], expected[limited], rtol=0, atol=precision * scale, err_msg=what)


@given(st.data())
@settings(max_examples=100)
def test_no_shock_no_loss(data: st.DataObject) -> None:
    network = data.draw(EVERY_NETWORK)
    result = run(network, Scenario(name="calm", horizon_days=DAYS), data.draw(parameter_sets(network, wild=True)))
    tolerance = 1e-12 * max(float(network.output.max()), 1e-300)
    assert np.abs(record(result, "production") - network.output).max() <= tolerance
    assert np.abs(record(result, "unmet_final_demand")).max() <= tolerance
    assert (record(result, "limiting") == -1).all()
    assert np.abs(result.values["production_lost"]).max() <= DAYS * tolerance
    assert (result.values["recovery_day"] == 0).all()


@pytest.mark.parametrize("days", [1.0, 2.0, 15.0, 90.0])
@pytest.mark.parametrize("gap", RestockingGap)
@pytest.mark.parametrize("preset", [Parameters, boario_compatible, inoue_todo])
def test_an_undisturbed_year_stays_undisturbed(
    preset: Callable[[], Parameters], gap: RestockingGap, days: float
) -> None:
    """Signed gaps, and stocks of a single day, once let rounding grow into the collapse of an undisturbed economy."""
    network = replace(firms(9, agents=40, products=6), inventory_days=np.array([[days]]))
    rules = replace(preset(), restocking_gap=gap)
    made = record(run(network, Scenario(name="calm", horizon_days=365), rules), "production")
    assert np.abs(made / network.output - 1).max() <= 1e-12


@given(st.data())
@settings(max_examples=100)
def test_what_is_delivered_is_received_and_stocks_change_by_in_minus_out(data: st.DataObject) -> None:
    network = data.draw(EVERY_NETWORK)
    result = run(
        network, data.draw(scenarios(network, horizon_days=DAYS)), data.draw(parameter_sets(network, wild=True))
    )
    assert set(result.residuals) == {
        "production against deliveries",
        "stocks against their flows",
        "production above demand",
    }
    for rule, residual in result.residuals.items():
        assert residual <= 1e-12, rule


@given(st.data())
@settings(max_examples=60)
def test_figures_stay_what_they_can_be(data: st.DataObject) -> None:
    network = data.draw(EVERY_NETWORK)
    rules = data.draw(parameter_sets(network, wild=True))
    result = run(network, data.draw(scenarios(network, horizon_days=DAYS)), rules)
    rounding = 1e-12 * max(float(network.output.max()), 1e-300)
    production, capacity = record(result, "production"), record(result, "capacity")
    assert (production >= 0).all()
    assert (production <= capacity + rounding).all()
    assert (production <= record(result, "orders") + rounding).all()
    factor = record(result, "overproduction")
    assert (factor >= 1).all()
    assert (factor <= rules.overproduction_max).all()
    assert (record(result, "unmet_final_demand") >= -rounding).all()
    assert (record(result, "capital_lost") >= 0).all()
    assert (record(result, "capital_lost") <= network.capital * (1 + 1e-9)).all()
    assert (record(result, "inventories") >= -rounding * network.inventory_days.clip(max=1e3).max(initial=1.0)).all()


@given(st.data())
def test_relabelling_agents_permutes_the_answer(data: st.DataObject) -> None:
    network = data.draw(networks())
    order = np.array(data.draw(st.permutations(range(len(network)))))
    hit, rules = data.draw(scenarios(network, horizon_days=DAYS)), data.draw(parameter_sets(network))
    result, other = run(network, hit, rules), run(relabelled(network, order), hit, rules)
    for name in MONEY:
        expected = record(result, name)
        by_agent = "agent" in RECORDS[name].dims
        assert_close(record(other, name), expected[..., order] if by_agent else expected, network, 1e-9, name)


def with_products_in_another_order(network: SupplyNetwork, order: Integer) -> SupplyNetwork:
    """Return the same network with product ``order[k]`` as product ``k``."""
    place = np.argsort(order)
    days = network.inventory_days
    by_product = days.ndim > 1 and days.shape[0] > 1
    sparse = network.to_sparse()
    other = replace(
        sparse,
        products=tuple(network.products[position] for position in order),
        product=place[network.product],
        inventory_days=days[order] if by_product else days,
    )
    return other if isinstance(network.links, SparseLinks) else other.to_dense()


@given(st.data())
def test_relabelling_products_and_regions_permutes_the_answer(data: st.DataObject) -> None:
    network = data.draw(networks())
    products = np.array(data.draw(st.permutations(range(len(network.products)))))
    regions = np.array(data.draw(st.permutations(range(len(network.regions)))))
    hit, rules = data.draw(scenarios(network, horizon_days=DAYS)), data.draw(parameter_sets(network))
    changed = replace(
        with_products_in_another_order(network, products),
        regions=tuple(network.regions[position] for position in regions),
        region=np.argsort(regions)[network.region],
    )
    result, other = run(network, hit, rules).values, run(changed, hit, rules).values
    for name in MONEY:
        first = other[name]
        if "product" in first.dims:
            first = first.sel(product=list(network.products))
        assert_close(first.to_numpy(), result[name].to_numpy(), network, 1e-9, name)


@given(st.data(), st.sampled_from([2.0, 0.25]))
def test_another_currency_unit_scales_money_and_nothing_else(data: st.DataObject, factor: float) -> None:
    """Powers of two, so that not a single bit may differ."""
    network = data.draw(EVERY_NETWORK)
    hit, rules = data.draw(scenarios(network, horizon_days=DAYS)), data.draw(parameter_sets(network, wild=True))
    result, other = run(network, hit, rules), run(in_unit(network, factor), hit, rules)
    for name in MONEY:
        np.testing.assert_array_equal(record(other, name), record(result, name) * factor, err_msg=name)
    for name in ("overproduction", "limiting"):
        np.testing.assert_array_equal(record(other, name), record(result, name), err_msg=name)
    np.testing.assert_array_equal(other.values["recovery_day"], result.values["recovery_day"])
    np.testing.assert_array_equal(
        other.values["value_added_lost"].to_numpy(), result.values["value_added_lost"].to_numpy() * factor
    )


@given(st.data())
def test_dense_sparse_and_batch_give_the_same_series(data: st.DataObject) -> None:
    network = data.draw(networks(dense=True) | table_networks() | tables(odd=True).map(supply_network))
    rules = data.draw(parameter_sets(network, plain=True))
    drawn = [data.draw(scenarios(network, horizon_days=DAYS, links=False)) for _ in range(4)]
    hits = [replace(hit, name=f"scenario {number}") for number, hit in enumerate(drawn)]
    batch, sparse = run(network, hits, rules), run(network.to_sparse(), hits, rules)
    for number, hit in enumerate(hits):
        alone = run(network, hit, rules)
        for name in (*MONEY, "overproduction"):
            expected = record(alone, name)
            assert_close(record(batch, name, number), expected, network, 1e-10, f"batch: {name}")
            assert_close(record(sparse, name, number), expected, network, 1e-10, f"sparse: {name}")


@given(st.data())
def test_a_scenario_beside_others_runs_as_it_does_alone(data: st.DataObject) -> None:
    network = data.draw(networks() | table_networks())
    rules = data.draw(parameter_sets(network))
    days = [DAYS, DAYS - 10]
    hits = [replace(data.draw(scenarios(network, horizon_days=day)), name=f"{day} days") for day in days]
    together = run(network, hits, rules)
    assert together.values["scenario"].to_numpy().tolist() == ["30 days", "20 days"]
    for number, (hit, day) in enumerate(zip(hits, days, strict=True)):
        alone = run(network, hit, rules)
        for name in MONEY:
            # A table that one scenario closes links of is run sparsely for both.
            assert_close(record(together, name, number, day), record(alone, name), network, 1e-10, name)


@given(st.data())
def test_same_input_same_bits(data: st.DataObject) -> None:
    network = data.draw(EVERY_NETWORK)
    hit, rules = data.draw(scenarios(network, horizon_days=DAYS)), data.draw(parameter_sets(network, wild=True))
    first, second = run(network, hit, rules), run(network, hit, rules)
    for name in first.values.data_vars:
        np.testing.assert_array_equal(first.values[name].to_numpy(), second.values[name].to_numpy(), err_msg=str(name))


@st.composite
def chains(draw: st.DrawFn) -> SupplyNetwork:
    """Draw an economy without circles in which every product has one maker, and stocks outlast every shock.

    Agent ``k`` sells to later agents only, so nobody competes with the hit agent and nobody depends on himself.
    """
    size = draw(st.integers(2, 6))
    generator = np.random.default_rng(draw(SEEDS))
    flows = np.triu(generator.random((size, size)) * (generator.random((size, size)) < 0.7), 1)
    supplier, buyer = np.nonzero(flows)
    demand = flows.sum(axis=0) + generator.uniform(0.5, 2.0, size)
    names = tuple(f"agent {k}" for k in range(size))
    return SupplyNetwork(
        name="chain",
        agents=names,
        products=tuple(f"product {k}" for k in range(size)),
        product=np.arange(size),
        regions=("R0",),
        region=np.zeros(size, dtype=np.int64),
        links=SparseLinks(supplier, buyer, flows[supplier, buyer]),
        demanders=("R0",),
        final_demand=demand[:, None],
        value_added=np.ones(size),
        capital=np.ones(size),
        inventory_days=np.array([[400.0]]),
        stock_release=np.zeros(size),
        currency="EUR",
        unit=1.0,
        source="drawn by Hypothesis",
    )


@given(chains(), st.data())
def test_a_larger_loss_of_capacity_costs_more_where_stocks_last_and_nobody_competes(
    network: SupplyNetwork, data: st.DataObject
) -> None:
    """In general it need not: a buyer that is hit harder asks less of a scarce supplier, and leaves more to others."""
    rules = Parameters(order_rule=data.draw(st.sampled_from(OrderRule)), overproduction_max=1.0)
    target = Target(agents=(data.draw(st.sampled_from(network.agents)),))
    timing = Timing(start_day=data.draw(st.integers(0, 9)), duration_days=data.draw(st.integers(1, 12)))
    lost = []
    for share in (0.1, 0.4, 0.7, 1.0):
        shock = CapacityShock(target=target, loss=share, timing=timing)
        lost.append(
            float(
                run(network, Scenario(name="hit", horizon_days=DAYS, shocks=(shock,)), rules)
                .values["production_lost"]
                .sum()
            )
        )
    assert all(later > earlier for earlier, later in pairwise(lost))


@given(st.data())
def test_nobody_makes_more_than_a_loss_of_capacity_leaves(data: st.DataObject) -> None:
    network = data.draw(EVERY_NETWORK)
    rules = data.draw(parameter_sets(network))
    share = data.draw(st.floats(0.05, 1.0))
    timing = Timing(start_day=2, duration_days=6)
    shock = CapacityShock(target=Target(), loss=share, timing=timing)
    result = run(network, Scenario(name="hit", horizon_days=12, shocks=(shock,)), rules)
    made = record(result, "production")[2:8]
    assert (made <= network.output * (1 - share) * rules.overproduction_max * (1 + 1e-12)).all()
