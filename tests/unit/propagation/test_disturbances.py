"""What shocks take on each day, how those of one kind add up and those of several kinds combine."""

from __future__ import annotations

import re

import numpy as np
import pytest

from tenon.propagation import InventoryRule, Parameters, Quirk, propagate
from tenon.schema import (
    CapacityShock,
    CapitalShock,
    FinalDemandShock,
    InventoryShock,
    LabelError,
    LaborShock,
    Shock,
    ShockError,
    Target,
)
from tests.unit.propagation.samples import BREAD, bread, during, named, quietly, scenario, values

RULES = Parameters(overproduction_max=1.0)


def test_losses_of_one_kind_that_overlap_add_up() -> None:
    shocks = (
        CapacityShock(target=named("farm"), loss=0.3, timing=during(1, 4)),
        CapacityShock(target=Target(regions=("A",)), loss=0.2, timing=during(3, 4)),
    )
    capacity = values(quietly(BREAD, scenario(*shocks, days=9), RULES), "capacity")
    np.testing.assert_allclose(capacity[:, 0], 20 * np.array([1, 0.7, 0.7, 0.5, 0.5, 0.8, 0.8, 1, 1]))
    np.testing.assert_allclose(capacity[:, 1], 30 * np.array([1, 1, 1, 0.8, 0.8, 0.8, 0.8, 1, 1]))


def test_across_kinds_the_scarcest_factor_limits() -> None:
    timing = during(1, 3)
    shocks = (
        CapacityShock(target=named("farm", "mill"), loss=0.3, timing=timing),
        LaborShock(target=named("mill", "bakery"), loss=0.5, timing=timing),
        CapitalShock(target=named("farm", "bakery"), loss=0.6, timing=timing),
    )
    capacity = values(quietly(BREAD, scenario(*shocks), RULES), "capacity")
    np.testing.assert_allclose(capacity[1], [20 * 0.4, 30 * 0.5, 40 * 0.4])
    np.testing.assert_allclose(capacity[4], BREAD.output)


def test_a_loss_comes_back_along_its_curve() -> None:
    shock = CapacityShock(target=named("farm"), loss=0.8, timing=during(2, 2, 4))
    capacity = values(quietly(BREAD, scenario(shock, days=9), RULES), "capacity")[:, 0]
    np.testing.assert_allclose(capacity / 20, [1, 1, 0.2, 0.2, 0.4, 0.6, 0.8, 1, 1])


def test_final_demand_falls_and_rises_for_whom_and_what_is_meant() -> None:
    shocks = (
        FinalDemandShock(target=named("bakery"), demanders=("A",), loss=0.5, timing=during(1, 2)),
        FinalDemandShock(target=Target(sectors=("grain",)), loss=-0.4, timing=during(1, 1)),
    )
    orders = values(quietly(BREAD, scenario(*shocks, days=5), RULES), "orders")
    np.testing.assert_allclose(orders[1], [10 + 1.4 * 10, 30, 40 - 15])
    np.testing.assert_allclose(orders[2][2], 25)
    assert orders[3][2] == pytest.approx(40)


def test_demand_that_nobody_can_serve_is_unmet_by_demander_and_product() -> None:
    shock = CapacityShock(target=named("bakery"), loss=0.25, timing=during(1, 1))
    unmet = values(quietly(BREAD, scenario(shock), RULES), "unmet_final_demand")
    np.testing.assert_allclose(unmet[1], [[0, 0, 7.5], [0, 0, 2.5]], atol=1e-12)
    np.testing.assert_allclose(unmet[2], 0, atol=1e-12)


def test_stocks_are_destroyed_on_one_day_and_production_falls_at_once() -> None:
    shock = InventoryShock(target=named("mill"), products=("grain",), loss=0.99, day=3)
    result = quietly(BREAD, scenario(shock), RULES)
    # 2 of 200 are left on day 3; a day's use is 10, and the threshold is 16 of 20 days.
    assert values(result, "production")[3, 1] == pytest.approx(30 * 2 / 160)
    assert values(result, "limiting")[3, 1] == 0
    assert values(result, "production")[2, 1] == pytest.approx(30)


@pytest.mark.parametrize("rule", InventoryRule)
@pytest.mark.parametrize("dense", [False, True])
@pytest.mark.parametrize("batch", [1, 5])
def test_stocks_that_never_run_short_cannot_be_destroyed(rule: InventoryRule, dense: bool, batch: int) -> None:
    network = bread(inventory_days=np.array([[np.inf], [20.0], [20.0]]))
    hits = [scenario(InventoryShock(loss=1.0, day=3), name=f"{number}") for number in range(batch)]
    result = quietly(network.to_dense() if dense else network, hits, Parameters(inventory_rule=rule))
    stocks = values(result, "inventories")
    assert not np.isnan(stocks).any()
    assert (stocks[:, 0, 1] == np.inf).all()
    assert stocks[2, 1, 2] == pytest.approx(400)
    assert stocks[3, 1, 2] < 25
    assert values(result, "production")[3, 1] == pytest.approx(30)
    assert max(result.residuals.values()) < 1e-12


@pytest.mark.parametrize("rule", InventoryRule)
@pytest.mark.parametrize("dense", [False, True])
@pytest.mark.parametrize("quirks", [False, True])
def test_an_unlimited_input_of_an_agent_that_stands_still_is_no_trouble(
    rule: InventoryRule, dense: bool, quirks: bool
) -> None:
    """Target and stock are infinite, target output is zero: nothing of that may become not-a-number."""
    network = bread(inventory_days=np.array([[np.inf]]))
    shock = CapacityShock(target=named("mill"), loss=1.0, timing=during(1, 5))
    rules = Parameters(inventory_rule=rule, quirks=frozenset(Quirk) if quirks else frozenset())
    result = quietly(network.to_dense() if dense else network, scenario(shock), rules)
    for name in ("production", "orders", "capacity"):
        assert np.isfinite(values(result, name)).all()
    np.testing.assert_allclose(values(result, "production")[-1], network.output, rtol=0.1)
    assert max(result.residuals.values()) < 1e-12


TOGETHER = "together they may take at most 100 %. Lower or separate them."


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        (
            CapacityShock(target=named("farm"), loss=0.6, timing=during(1, 9)),
            CapacityShock(target=Target(regions=("A",)), loss=0.5, timing=during(4, 9)),
            "capacity shocks of scenario 'sample' that overlap on day 4 take 110% from 'farm'; " + TOGETHER,
        ),
        (
            LaborShock(target=named("mill"), loss=0.6, timing=during(1, 9)),
            LaborShock(target=Target(), loss=0.5, timing=during(5, 9)),
            "labor shocks of scenario 'sample' that overlap on day 5 take 110% from 'mill'; " + TOGETHER,
        ),
        (
            CapitalShock(target=named("farm"), loss=0.6, timing=during(1, 9)),
            CapitalShock(damage={"farm": 60.0}, timing=during(2, 9)),
            "capital shocks of scenario 'sample' that overlap on day 2 take 120% from 'farm'; " + TOGETHER,
        ),
        (
            FinalDemandShock(demanders=("A",), loss=0.7, timing=during(1, 9)),
            FinalDemandShock(target=named("mill"), loss=0.5, timing=during(3, 9)),
            "final demand shocks of scenario 'sample' that overlap on day 3 take 120% of a demand; " + TOGETHER,
        ),
    ],
)
def test_losses_of_one_kind_that_exceed_one_together_are_refused(first: Shock, second: Shock, message: str) -> None:
    with pytest.raises(ShockError, match=re.escape(message)):
        propagate(BREAD, scenario(first, second), Parameters())


def test_losses_that_do_not_meet_may_be_large() -> None:
    shocks = (
        CapacityShock(target=named("farm"), loss=0.9, timing=during(1, 3)),
        CapacityShock(target=named("farm"), loss=0.9, timing=during(4, 3)),
        CapacityShock(target=named("mill"), loss=0.9, timing=during(1, 3)),
        LaborShock(target=named("farm"), loss=0.9, timing=during(1, 3)),
    )
    capacity = values(quietly(BREAD, scenario(*shocks), RULES), "capacity")
    np.testing.assert_allclose(capacity[1:7, 0], 2)


def test_losses_that_meet_while_one_comes_back_may_just_fill_one() -> None:
    shocks = (
        CapacityShock(target=named("farm"), loss=0.8, timing=during(1, 2, 4)),
        CapacityShock(target=named("farm"), loss=0.4, timing=during(4, 1)),
    )
    assert values(quietly(BREAD, scenario(*shocks), RULES), "capacity")[4, 0] == pytest.approx(20 * (1 - 0.4 - 0.4))


@pytest.mark.parametrize(
    ("shock", "message"),
    [
        (
            FinalDemandShock(demanders=("C",), loss=0.1),
            "names the demander 'C', which does not exist; known are: A, B.",
        ),
        (
            InventoryShock(products=("flur",), loss=0.1),
            "names the product 'flur', which does not exist; did you mean 'fl",
        ),
        (
            InventoryShock(target=named("mil"), loss=0.1),
            "names the agent 'mil', which does not exist; did you mean 'mill",
        ),
        (LaborShock(target=Target(sectors=("bred",)), loss=0.1), "names the sector 'bred', which does not exist; did"),
    ],
)
def test_unknown_labels_are_refused_with_the_nearest(shock: Shock, message: str) -> None:
    with pytest.raises(LabelError, match=re.escape(message)):
        propagate(BREAD, scenario(shock), Parameters())
