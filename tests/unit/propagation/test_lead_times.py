"""Goods that take days, capacities above output, and sources in reserve; the plain model of chains is their twin."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tenon.propagation import Parameters, inoue_todo, propagate
from tenon.propagation.parameters import Quirk, RationingRule
from tenon.schema import CapacityShock, ParameterError, Scenario, SparseLinks, SupplyNetwork, Target, Timing
from tests.chains import floats, positions

CALM = Scenario(name="calm", horizon_days=60)
OUT = Scenario(
    name="out",
    horizon_days=80,
    shocks=(CapacityShock(target=Target(agents=("farm",)), loss=1.0, timing=Timing(start_day=5, duration_days=10)),),
)


def bread(links: SparseLinks, **changed: Any) -> SupplyNetwork:
    """Return a farm and a reserve farm that grow grain, and a mill that makes 20 of flour from 10 of it."""
    given: dict[str, Any] = {
        "name": "bread", "agents": ("farm", "spare farm", "mill"), "products": ("grain", "flour"),
        "product": np.array([0, 0, 1]), "regions": ("A",), "region": np.zeros(3, dtype=np.int64), "links": links,
        "demanders": ("people",), "final_demand": np.array([[0.0], [0.0], [20.0]]), "value_added": np.zeros(3),
        "capital": np.zeros(3), "inventory_days": np.array([[3.0]]), "stock_release": np.zeros(3), "currency": "EUR",
        "unit": 1.0, "source": "made up", "capacity": np.array([15.0, 8.0, 20.0]),
    }  # fmt: skip
    return SupplyNetwork(**given | changed)


BY_SEA = SparseLinks(positions(0), positions(2), floats(10), days=positions(12))
WITH_SPARE = SparseLinks(positions(0, 1), positions(2, 2), floats(10, 0), days=positions(0, 4), reserve=floats(0, 6))


def made(network: SupplyNetwork, scenario: Scenario, rules: Parameters | None = None) -> np.ndarray:
    run = propagate(network, scenario, rules, records=("production",))
    assert max(run.residuals.values()) < 1e-12
    return run.values["production"].isel(scenario=0).to_numpy()


@pytest.mark.parametrize("links", [BY_SEA, WITH_SPARE])
def test_an_undisturbed_network_stays_still(links: SparseLinks) -> None:
    np.testing.assert_allclose(made(bread(links), CALM), np.tile([10.0, 0.0, 20.0], (60, 1)), rtol=1e-12)


def test_a_gap_arrives_after_the_days_that_goods_take() -> None:
    mill = made(bread(BY_SEA), OUT, Parameters(stock_threshold="day_of_use", restocking_days=5.0))[:, 2]  # type: ignore[arg-type]  # parameters take the words of their enumerations
    short = np.flatnonzero(mill < 20 * (1 - 1e-9))
    # Nothing is sent on days 5 to 14, so the last goods arrive on day 16; three days of stock last to day 19.
    assert short[0] == 20
    assert short[-1] >= 26


def test_what_is_under_way_is_not_ordered_again() -> None:
    run = propagate(bread(BY_SEA), OUT, Parameters(restocking_days=5.0), records=("inventories",))
    stock = run.values["inventories"].isel(scenario=0).sel(product="grain", agent="mill").to_numpy()
    # Three days of stock, and at most what a restart brings beyond them.
    assert stock[60:].max() < 30 * 1.25


def test_a_source_in_reserve_brings_what_it_can_and_stops_when_it_is_not_needed() -> None:
    grown = made(bread(WITH_SPARE), OUT, Parameters(restocking_days=5.0))[:, 1]
    assert not grown[:6].any()
    assert grown[6:11] == pytest.approx(6.0)
    assert not grown[17:].any()


def test_a_capacity_above_output_is_used_to_fill_stocks_again() -> None:
    with_room = made(bread(WITH_SPARE), OUT, Parameters(restocking_days=5.0))[:, 0]
    assert with_room.max() > 10.2
    assert with_room.max() <= 15.0
    without = made(bread(WITH_SPARE, capacity=None), OUT, Parameters(restocking_days=5.0, overproduction_max=1.0))[:, 0]
    assert without.max() <= 10.0 * (1 + 1e-12)


def test_a_run_with_goods_under_way_goes_on_where_it_was_interrupted(tmp_path: Path) -> None:
    def stop(day: int, _: int) -> None:
        if day == 40:
            raise KeyboardInterrupt

    network, rules = bread(BY_SEA), Parameters(restocking_days=5.0)
    propagate(network, OUT, rules, records=("production",), store=tmp_path, progress=stop)
    again = propagate(network, OUT, rules, records=("production",), store=tmp_path, resume=True)
    np.testing.assert_array_equal(again.values["production"].isel(scenario=0), made(network, OUT, rules))


@pytest.mark.parametrize(
    "rules",
    [
        inoue_todo(),
        Parameters(rationing=RationingRule.SMALLEST_ORDER_FIRST),
        Parameters(quirks=frozenset({Quirk.EXACT_SCARCITY_TEST})),
    ],
)
def test_rules_that_know_no_goods_under_way_are_refused(rules: Parameters) -> None:
    with pytest.raises(
        ParameterError, match="need inventory_rule 'per_product', a rationing in proportion and no quirks"
    ):
        propagate(bread(BY_SEA), CALM, rules)
