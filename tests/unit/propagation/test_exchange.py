"""The three ways to exchange goods give the same series, with any number of threads and any cut of the work."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tenon.propagation import RECORDS, ImportantInputs, InventoryRule, Parameters, RationingRule
from tenon.propagation import _layout as layout_module
from tenon.propagation import _run as run_module
from tenon.propagation._exchange import cut
from tenon.propagation._exchange_batch import BatchExchange
from tenon.propagation._exchange_dense import DenseExchange
from tenon.propagation._exchange_sparse import SparseExchange
from tenon.propagation._run import Run
from tenon.schema import CapacityShock, Result, SupplyNetwork
from tests.strategies import firms
from tests.unit.propagation.samples import (
    BREAD,
    during,
    every_shock,
    named,
    plain_rules,
    plain_shocks,
    quietly,
    scenario,
    values,
)

PRECISION = 1e-10
CRITICALITY = {"s0": {"s1": 0.5, "s2": 0.0}, "s1": {"s1": 0.5}}
PLAIN = (RationingRule.PROPORTIONAL, RationingRule.FINAL_DEMAND_LAST)
HITS = tuple(scenario(*plain_shocks()[k:], days=20, name=f"run {k}") for k in range(4))


def assert_same_series(network: SupplyNetwork, found: Result, expected: Result, what: str) -> None:
    """Compare all records of all scenarios relative to the largest output, or capital."""
    for name in RECORDS:
        if name == "limiting":
            continue
        scale = (network.capital if name == "capital_lost" else network.output).max()
        for number in range(len(found.values["scenario"])):
            np.testing.assert_allclose(
                values(found, name, number),
                values(expected, name, number),
                rtol=0,
                atol=PRECISION * scale,
                err_msg=f"{what}: {name}",
            )


@pytest.mark.parametrize("important", ImportantInputs)
@pytest.mark.parametrize("rationing", PLAIN)
def test_sparse_dense_and_batch_agree_for_every_combination_of_rules(
    important: ImportantInputs, rationing: RationingRule
) -> None:
    network = firms(5).to_dense()
    for rules in plain_rules(rationing, important_inputs=important, criticality=CRITICALITY):
        dense = quietly(network, HITS[:3], rules)
        batch = quietly(network, HITS, rules)
        assert_same_series(network, quietly(network.to_sparse(), HITS[:3], rules), dense, f"sparse, {rules}")
        first_three = batch.values.isel(scenario=slice(3))
        assert_same_series(
            network, Result(values=first_three, status=batch.status, residuals={}), dense, f"batch, {rules}"
        )


def test_the_way_is_chosen_by_what_a_run_needs() -> None:
    dense, rules = firms(5).to_dense(), Parameters()

    def way(network: SupplyNetwork, scenarios: int, chosen: Parameters) -> type:
        return type(Run(network, HITS[:scenarios], chosen)._exchange)

    assert way(dense, 1, rules) is DenseExchange
    assert way(dense, 4, rules) is BatchExchange
    assert way(firms(5), 4, rules) is SparseExchange
    assert way(dense, 1, Parameters(inventory_rule=InventoryRule.PER_LINK)) is SparseExchange
    assert way(dense, 4, Parameters(rationing=RationingRule.SMALLEST_ORDER_FIRST)) is SparseExchange
    assert type(Run(dense, (every_shock(),), rules)._exchange) is SparseExchange


def economy() -> SupplyNetwork:
    """Return a table of 800 agents, large enough for a second thread in either form of storage."""
    return firms(8, agents=800, products=16, regions=4)


@pytest.mark.parametrize("form", ["dense", "sparse", "per link", "smallest first"])
def test_two_threads_give_the_same_bits_as_one(form: str) -> None:
    network = economy().to_dense() if form == "dense" else economy()
    rules = {
        "per link": Parameters(inventory_rule=InventoryRule.PER_LINK),
        "smallest first": Parameters(rationing=RationingRule.SMALLEST_ORDER_FIRST),
    }.get(form, Parameters(restocking_days=20.0))
    hit = scenario(CapacityShock(target=named("agent 3", "agent 44"), loss=0.7, timing=during(1, 5)), days=8)
    one, two = (quietly(network, hit, rules, threads=threads) for threads in (1, 2))
    assert Run(network, (hit,), rules, threads=2)._exchange._pool is not None  # type: ignore[attr-defined]  # not a batch
    for name in one.values.data_vars:
        np.testing.assert_array_equal(one.values[name].to_numpy(), two.values[name].to_numpy(), err_msg=str(name))
    assert one.residuals == two.residuals


@pytest.mark.parametrize("rule", InventoryRule)
def test_small_networks_too_may_be_cut_for_threads_and_blocks(
    rule: InventoryRule, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every rule of links with blocks of four buyers and two threads: the same series as in one piece."""
    network, rules = firms(5), Parameters(inventory_rule=rule, restocking_days=9.0)
    whole = quietly(network, every_shock(), rules)
    monkeypatch.setattr(layout_module, "_BUYERS_IN_A_BLOCK", 4)
    monkeypatch.setattr(run_module, "_LINKS_WORTH_A_THREAD", 1)
    cut_up = [quietly(network, every_shock(), rules, threads=threads) for threads in (1, 2)]
    assert_same_series(network, cut_up[0], whole, "blocks")
    for name in whole.values.data_vars:
        np.testing.assert_array_equal(cut_up[0].values[name].to_numpy(), cut_up[1].values[name].to_numpy())


def test_dense_storage_is_read_in_tiles_of_buyers() -> None:
    network = economy()
    hit = scenario(CapacityShock(target=named("agent 700"), loss=0.7, timing=during(1, 5)), days=6)
    assert_same_series(network, quietly(network.to_dense(), hit), quietly(network, hit), "tiles")


@pytest.mark.parametrize(
    ("work", "parts", "expected"),
    [
        ([0, 10, 20, 30, 40], 2, [(0, 2), (2, 4)]),
        ([0, 10, 20, 30, 40], 1, [(0, 4)]),
        ([0, 100, 101, 102], 2, [(0, 1), (1, 3)]),
        ([0, 5], 3, [(0, 1)]),
        ([0, 0, 0], 2, [(0, 2)]),
    ],
)
def test_work_is_cut_into_parts_that_cover_it_once(work: list[int], parts: int, expected: list[Any]) -> None:
    assert cut(np.array(work), parts) == expected


@pytest.mark.parametrize("rule", RationingRule)
def test_rationing_serves_no_more_than_there_is(rule: RationingRule) -> None:
    hit = scenario(CapacityShock(target=named("mill"), loss=0.6, timing=during(1, 9)), days=12)
    result = quietly(BREAD, hit, Parameters(rationing=rule, overproduction_max=1.0))
    unmet = values(result, "unmet_final_demand")[1]
    # The mill makes 12 of 30: 20 for the bakery and 10 for final users.
    served_to_users = 10 - unmet[:, 1].sum()
    expected = {
        RationingRule.PROPORTIONAL: 4.0,
        RationingRule.FINAL_DEMAND_LAST: 0.0,
        RationingRule.SMALLEST_ORDER_FIRST: 4.0,
        RationingRule.SMALLEST_ORDER_FIRST_FINAL_DEMAND_LAST: 0.0,
    }[rule]
    assert served_to_users == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("inventory", InventoryRule)
@pytest.mark.parametrize("important", [ImportantInputs.HALVE_PRODUCTION, ImportantInputs.DO_NOTHING])
@pytest.mark.parametrize("form", ["sparse", "dense", "batch"])
def test_a_stock_that_stops_nobody_runs_out_and_not_below_nothing(
    inventory: InventoryRule, important: ImportantInputs, form: str
) -> None:
    """Else a stock of minus sixty days would be refilled after the shock: orders for what was never used."""
    rules = Parameters(
        inventory_rule=inventory,
        important_inputs=important,
        criticality={"flour": {"grain": 0.5}, "bread": {"flour": 0.0}},
        overproduction_max=1.0,
    )
    network = BREAD if form == "sparse" else BREAD.to_dense()
    shock = CapacityShock(target=named("farm", "mill"), loss=1.0, timing=during(1, 40))
    hits = [scenario(shock, days=60, name=str(number)) for number in range(4 if form == "batch" else 1)]
    result = quietly(network, hits, rules)
    stocks = values(result, "inventories")
    assert stocks.min() >= 0
    assert stocks[40, 1, 2] == pytest.approx(0, abs=1e-9)
    assert max(result.residuals.values()) < 1e-12
    # The bakery goes on without flour, and orders no more than a day's use and a 60th of an empty stock.
    np.testing.assert_allclose(values(result, "production")[:, 2], 40)
    assert values(result, "orders")[:, 1].max() <= 10 + 20 + 400 / 60 + 1e-9
