"""What goes wrong in BoARIO 0.7.2, and in other programs of its kind, does not go wrong here: one test a defect.

Two of them have their tests elsewhere: a clean installation is imported by ``tests/contracts/test_imports.py``, and
sectors that an inventory table leaves out take the default in ``tests/unit/data/test_networks.py``.
"""

from __future__ import annotations

import gc
import logging
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tenon.propagation import RECORDS, OrderRule, Parameters, Quirk, RestockingGap, RestockingTarget, propagate
from tenon.schema import (
    CapacityShock,
    CapitalShock,
    FinalDemandShock,
    ParameterError,
    Reconstruction,
    Shock,
    SupplyNetwork,
    Target,
    TenonWarning,
)
from tests.strategies import firms
from tests.unit.propagation.samples import BREAD, bread, during, every_shock, named, quietly, scenario, values

NETWORK = replace(firms(5), inventory_days=np.array([[60.0]]))
BUILDERS = Reconstruction(sectors={"s0": 0.3, "s1": 0.7}, days=12.0)


def rebuilt(agent: str, share: float, first: int, days: int, households: float = 0.0) -> CapitalShock:
    """Return capital lost that is rebuilt, with damage to the households of R0."""
    capital = NETWORK.capital[NETWORK.agents.index(agent)]
    return CapitalShock(
        damage={agent: share * capital},
        damage_unit=NETWORK.unit,
        household_damage={"R0": households} if households else {},
        reconstruction=BUILDERS,
        timing=during(first, days),
    )


@pytest.mark.parametrize("unit", [1.0, 1e3, 1e6, 1e9])
@pytest.mark.parametrize("reconstruction", [None, BUILDERS])
def test_a_the_same_damage_in_any_unit_gives_the_same_result(
    unit: float, reconstruction: Reconstruction | None
) -> None:
    def run(one: float) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        shock = CapitalShock(
            damage={"agent 3": 5e9 / one},
            damage_unit=one,
            household_damage={"R1": 1e9 / one} if reconstruction else {},
            reconstruction=reconstruction,
            timing=during(2, 5),
        )
        return values(quietly(NETWORK, scenario(shock, days=60)), "production")

    np.testing.assert_allclose(run(unit), run(1e6), rtol=1e-12)
    assert np.abs(run(unit) - NETWORK.output).max() > 0.01 * NETWORK.output.max()


@pytest.mark.parametrize("pause", [(3, 30), (30, 3)])
@pytest.mark.parametrize("households", [0.0, 50.0])
def test_b_d_two_rebuilding_events_with_and_without_household_damage_end_in_any_order(
    pause: tuple[int, int], households: float
) -> None:
    first, second = pause
    shocks = (rebuilt("agent 3", 0.01, 1, first, households), rebuilt("agent 7", 0.02, 2, second, households))
    result = quietly(NETWORK, scenario(*shocks, days=400))
    lost = values(result, "capital_lost")
    assert lost[2, 3] == pytest.approx(0.01 * NETWORK.capital[3])
    assert lost[2, 7] == pytest.approx(0.02 * NETWORK.capital[7])
    assert lost[-1].max() < 1e-6 * NETWORK.capital.max()
    work = values(result, "reconstruction").sum()
    assert work == pytest.approx(0.01 * NETWORK.capital[3] + 0.02 * NETWORK.capital[7] + 2 * households, rel=1e-6)


def test_c_events_of_every_kind_combine_and_each_has_an_effect() -> None:
    whole = every_shock()
    reference = quietly(NETWORK, whole)
    assert max(reference.residuals.values()) < 1e-12
    for number in range(len(whole.shocks)):
        rest = replace(whole, shocks=whole.shocks[:number] + whole.shocks[number + 1 :])
        changed = values(quietly(NETWORK, rest), "production") != values(reference, "production")
        assert changed.any(), f"{whole.shocks[number]} does nothing"


@pytest.mark.parametrize("agents", [("agent 0",), NETWORK.agents])
def test_c_a_loss_of_capacity_has_its_effect_even_when_it_hits_everybody(agents: tuple[str, ...]) -> None:
    """In another program a cut of 90 % for all firms changed nothing."""
    hit = scenario(CapacityShock(target=Target(agents=agents), loss=0.9, timing=during(3, 5)))
    made = values(quietly(NETWORK, hit), "production")
    chosen = np.isin(NETWORK.agents, agents)
    np.testing.assert_allclose(made[3, chosen], 0.1 * NETWORK.output[chosen])


def test_e_a_loss_of_capacity_acts_on_its_day_and_late_only_on_request() -> None:
    hit = scenario(CapacityShock(target=named("mill"), loss=0.5, timing=during(4, 1)), days=10)
    on_time = values(quietly(BREAD, hit), "capacity")[:, 1] / 30
    np.testing.assert_allclose(on_time, [1, 1, 1, 1, 0.5, 1, 1, 1, 1, 1], rtol=0.01)
    quirks = frozenset({Quirk.CAPACITY_SHOCKS_A_DAY_LATE})
    late = values(quietly(BREAD, hit, Parameters(quirks=quirks)), "capacity")[:, 1] / 30
    np.testing.assert_allclose(late, [1, 1, 1, 1, 1, 0.5, 1, 1, 1, 1], rtol=0.01)


@pytest.mark.parametrize("stored", [False, True])
def test_f_every_record_is_filled_in_memory_and_on_disk(stored: bool, tmp_path: Path) -> None:
    result = quietly(NETWORK, every_shock(), store=tmp_path if stored else None)
    for name in RECORDS:
        record = values(result, name)
        assert np.isfinite(record).all(), name
        assert np.unique(record).size > 3, f"{name} is nearly the same everywhere"
        if stored:
            assert np.isfinite(np.load(tmp_path / f"{name}.npy")).all()


@pytest.mark.parametrize("days", [7, 0, 2, -1])
def test_g_steps_other_than_a_day_are_refused_with_the_reason(days: int) -> None:
    message = rf"step_days must be 1, but is {days}: the rules of the model hold for days\. Run daily and add days up"
    with pytest.raises(ParameterError, match=message):
        Parameters(step_days=days)


def test_h_runs_leave_no_file_or_log_handler_open(tmp_path: Path) -> None:
    descriptors = Path("/proc/self/fd")
    if not descriptors.is_dir():
        pytest.skip("open files are listed on Linux only")

    def count() -> tuple[int, int]:
        gc.collect()
        loggers = [logging.getLogger(), *(logging.getLogger(name) for name in logging.root.manager.loggerDict)]
        return len(list(descriptors.iterdir())), sum(len(logger.handlers) for logger in loggers)

    quietly(BREAD, scenario(days=2), store=tmp_path / "first")
    before = count()
    for number in range(3):
        quietly(BREAD, scenario(days=2), store=tmp_path / str(number))
        quietly(BREAD, scenario(days=2))
    assert count() == before


def test_i_many_scenarios_run_on_one_network_in_any_order() -> None:
    dense = NETWORK.to_dense()
    hits = [
        scenario(CapacityShock(target=named(agent), loss=0.5, timing=during(2, 9)), name=agent)
        for agent in NETWORK.agents[:6]
    ]
    before = {name: np.array(getattr(dense, name)) for name in ("final_demand", "capital", "inventory_days", "output")}
    forward = [values(quietly(dense, hit), "production") for hit in hits]
    backward = [values(quietly(dense, hit), "production") for hit in reversed(hits)]
    together = quietly(dense, hits)
    for number, (first, second) in enumerate(zip(forward, reversed(backward), strict=True)):
        np.testing.assert_array_equal(first, second)
        np.testing.assert_allclose(values(together, "production", number), first, rtol=1e-10)
    for name, array in before.items():
        np.testing.assert_array_equal(getattr(dense, name), array)


@pytest.mark.parametrize("target", RestockingTarget)
@pytest.mark.parametrize("gap", RestockingGap)
@pytest.mark.parametrize("dense", [True, False])
def test_k_an_inventory_of_one_day_is_honoured(target: RestockingTarget, gap: RestockingGap, dense: bool) -> None:
    """For a year: rounding must not eat the stock up, which is exactly what each day uses."""
    network = replace(NETWORK.to_dense() if dense else NETWORK, inventory_days=np.array([[1.0]]))
    rules = Parameters(restocking_target=target, restocking_gap=gap, psi=1.0)
    calm = quietly(network, scenario(days=365))
    np.testing.assert_allclose(values(calm, "production"), np.tile(network.output, (365, 1)), rtol=1e-12)
    used = values(quietly(network, scenario(days=3), rules), "inventories")[-1]
    bought = np.zeros_like(used)
    np.add.at(bought, (NETWORK.product[NETWORK.links.supplier], NETWORK.links.buyer), NETWORK.links.flow)  # type: ignore[union-attr] # firms name their links
    np.testing.assert_allclose(used, bought, rtol=1e-12)


def test_k_an_inventory_below_one_day_is_refused_with_the_reason() -> None:
    message = r"inventory_days must be at least 1, but the smallest is 0\.5: deliveries of a day are used on the next"
    with pytest.raises(ParameterError, match=message):
        propagate(bread(inventory_days=np.array([[20.0], [0.5], [20.0]])), scenario())


def test_k_targets_stay_per_input() -> None:
    """In another program the least target of all inputs replaced every other."""
    days = np.array([[3.0], [40.0], [20.0]])
    stocks = values(quietly(bread(inventory_days=days), scenario(days=5)), "inventories")[-1]
    np.testing.assert_allclose(stocks, [[0, 30, 0], [0, 0, 800], [0, 0, 0]], atol=1e-9)


@pytest.mark.parametrize("reconstruction", [None, Reconstruction(sectors={"bread": 1.0}, days=5.0)])
def test_m_a_loss_of_capital_where_there_is_none_warns_and_runs(reconstruction: Reconstruction | None) -> None:
    network = bread(value_added=np.array([20.0, -5.0, 20.0]), capital=np.array([100.0, 0.0, 60.0]))
    shock = CapitalShock(damage={"farm": 10.0, "mill": 10.0}, reconstruction=reconstruction, timing=during(2, 4))
    message = (
        r"'mill' has no productive capital \(value added is not positive\), so its damage in scenario 'sample' costs"
    )
    with pytest.warns(TenonWarning, match=message):
        result = propagate(network, scenario(shock), Parameters(restocking_days=20.0))
    assert values(result, "capacity")[2, 0] == pytest.approx(0.9 * 20)
    assert values(result, "capacity")[2, 1] == pytest.approx(30, rel=0.01)


def test_n_runs_repeat_bit_by_bit_and_overproduction_relaxes_after_recovery() -> None:
    hit = scenario(CapacityShock(target=named("agent 0"), loss=0.6, timing=during(2, 20)), days=600)
    rules = Parameters(overproduction_days=30.0, restocking_days=15.0)
    first, second = (values(quietly(NETWORK.to_dense(), hit, rules), "overproduction") for _ in range(2))
    np.testing.assert_array_equal(first, second)
    assert first.max() > 1.005
    peak = first.max(axis=1).argmax()
    # With the exact test it stays high wherever rounding leaves a scarcity of 1e-16.
    assert first[-1].max() < 1 + 0.01 * (first[peak].max() - 1)


@pytest.mark.parametrize("dense", [True, False])
@pytest.mark.parametrize("rule", OrderRule)
def test_o_orders_are_split_as_documented(rule: OrderRule, dense: bool) -> None:
    """Two farms sell grain to one mill, 15 and 5 a day. One loses 60 % of its capacity on day 2: the orders that the
    mill places that day go out in the ratio of 15 x 0.4 to 5 x 1 (capacity over undisturbed output), or as ever."""
    network = two_farms()
    hit = scenario(CapacityShock(target=named("large farm"), loss=0.6, timing=during(2, 3)), days=5)
    fixed = Parameters(order_rule=rule, overproduction_max=1.0)
    orders = values(quietly(network.to_dense() if dense else network, hit, fixed), "orders")
    # The mill used 20 on day 2, made its full output, and got 6 + 5 instead of 20: a gap of 9, closed in 60 days.
    placed = 20.0 + 9.0 / 60
    share = np.array([0.75, 0.25]) if rule is OrderRule.FIXED_SHARES else np.array([6.0, 5.0]) / 11
    np.testing.assert_allclose(orders[2, :2], [15.0, 5.0])
    np.testing.assert_allclose(orders[3, :2], placed * share)


def two_farms() -> SupplyNetwork:
    """Return two farms that sell to one mill and to nobody else."""
    links = type(NETWORK.links)([0, 1], [2, 2], [15.0, 5.0])  # type: ignore[call-arg, arg-type] # firms name their links
    return bread(
        agents=("large farm", "small farm", "mill"),
        products=("grain", "flour"),
        product=np.array([0, 0, 1]),
        links=links,
        final_demand=np.array([[0.0, 0.0], [0.0, 0.0], [30.0, 10.0]]),
    )


def test_restocking_in_one_day_gives_no_peaks_of_demand_long_after_the_event() -> None:
    """Reported of BoARIO: odd peaks of demand long after an event where stocks are restocked in a day.

    With floored gaps a stock that ran down is refilled once, and orders are calm again some weeks after. With signed
    gaps every difference swings on, which is why they are not the default.
    """
    hit = scenario(CapacityShock(target=named("agent 0"), loss=0.3, timing=during(2, 5)), days=400)
    rules = Parameters(restocking_days=1.0)
    orders = values(quietly(NETWORK.to_dense(), hit, rules), "orders")
    assert np.abs(orders[:60] / NETWORK.output - 1).max() > 0.01
    assert np.abs(orders[200:] / NETWORK.output - 1).max() < 0.01


@pytest.mark.parametrize("local", [True, False])
def test_reconstruction_can_be_kept_in_the_hit_region(local: bool) -> None:
    """A wish of BoARIO's users. Not local, work is split over regions as the hit buyer's purchases are."""
    plan = replace(BUILDERS, local=local)
    capital = float(NETWORK.capital[8])
    shock = CapitalShock(damage={"agent 8": 0.2 * capital}, damage_unit=1e6, reconstruction=plan, timing=during(1, 1))
    worked = values(quietly(NETWORK, scenario(shock, days=10)), "reconstruction").sum(axis=0)
    at_home = NETWORK.region == NETWORK.region[8]
    builders = NETWORK.product != 2
    has_makers = {p: (at_home & (NETWORK.product == p)).any() for p in (0, 1)}
    assert all(has_makers.values()), "choose another agent"
    if local:
        assert worked[at_home & builders].all()
    assert worked[~builders].sum() == 0
    assert bool(worked[~at_home].any()) is not local


def test_industries_without_inputs_or_customers_run() -> None:
    """BoARIO once stopped at industries without inputs."""
    lonely = bread(
        agents=("farm", "mill", "hermit"), final_demand=np.array([[5.0, 5.0], [5.0, 5.0], [0.0, 0.0]]),
        links=type(BREAD.links)([0], [1], [10.0]),  # type: ignore[call-arg, arg-type] # the chain names its links
    )  # fmt: skip
    shocks: tuple[Shock, ...] = (
        CapacityShock(target=Target(), loss=0.5, timing=during(1, 2)),
        FinalDemandShock(loss=-0.5, timing=during(5, 2)),
    )
    result = quietly(lonely, scenario(*shocks))
    assert max(result.residuals.values()) < 1e-12
    assert values(result, "production")[:, 2].max() == 0.0
