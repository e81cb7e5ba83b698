"""What the programs of one period are worth beside one that knows days; the manual states each of these relations."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tenon.data import example_chain
from tenon.schema import Lanes, Mode, Outage, SupplyChain
from tenon.studies import follow_outages
from tenon.vulnerability import every_group, every_lane, every_passage, every_site, normal_flows, stress_chain
from tests.chains import CASES, Case, chain_of, floats, positions
from tests.random_chains import random_chain, random_outage
from tests.twins.time_expanded import Day, Method, lost_margin

MANUAL = Path(__file__).parents[2] / "docs" / "explanation" / "stress-test.md"
FIRST_CHAINS = [pytest.param(first, marks=[pytest.mark.slow] if first else []) for first in range(0, 200, 50)]
"""First of each block of 50 random chains."""
CAP = 60.0
LOWER = {0: 4, 50: 4, 100: 2, 150: 6}
"""Chains of each block in which the program loses less than the days do; the manual says that they are 16 of 200."""
AFTERWARDS = 140
FOLLOWED = ("Dovetail Stainless", "Inland Sea Carbon")
"""Outages of which the costly columns are found anew, for ten take two minutes; the manual says so."""


def undisturbed(chain: SupplyChain) -> Day:
    """Return what moves on a day without an outage."""
    flows = normal_flows(chain)
    return Day(flows.output, flows.flow)


def by_days(
    chain: SupplyChain, outage: Outage, *, more: int = 0, processing: bool = False, method: Method = "highs-ds"
) -> float:
    """Return the loss of an outage of whole days by the end of it, or so many days later."""
    return lost_margin(chain, outage, undisturbed(chain), days_after=more, processing=processing, method=method)


def by_program(chain: SupplyChain, outage: Outage) -> tuple[float, float]:
    """Return the loss with what is lost undisturbed, and the days survived."""
    values = stress_chain(chain, [outage], cap_days=CAP, prices=False).values.isel(outage=0)
    lost = values["performance_impact"] + values["undisturbed_loss"]
    return float(lost.sel(recovery="likely")), float(values["survival_days"])


def whole_outage(chain: SupplyChain, seed: int) -> Outage:
    """Draw an outage of whole days."""
    outage = random_outage(chain, seed)
    return replace(outage, days=float(np.ceil(outage.days or 0)))


def noise(chain: SupplyChain, outage: Outage) -> float:
    """Return what counts as nothing: a part in 1e8 of all margin of these days."""
    return 1e-8 * float(chain.demands.margin @ chain.demands.quantity) * (outage.days or 0)


def chain_with_lanes(seed: int) -> SupplyChain:
    """Draw a chain that lives on little stock, in which every supply takes one to six days."""
    chain = random_chain(seed)
    random = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(5,)))
    count = len(chain.supplies)
    return replace(
        chain,
        lanes=replace(chain.lanes, days=random.integers(1, 7, len(chain.lanes)).astype(np.float64)),
        supplies=replace(
            chain.supplies, lane=random.integers(0, len(chain.lanes), count), start_up_days=np.zeros(count)
        ),
        stages=replace(chain.stages, stock=0.15 * chain.stages.stock),
        inputs=replace(chain.inputs, stock=0.05 * chain.inputs.stock),
    )


def over_lanes(chain: SupplyChain, days: tuple[float, ...], start_up_days: tuple[float, ...]) -> SupplyChain:
    """Give every supply a lane of its own."""
    count = len(chain.supplies)
    return replace(
        chain,
        lanes=Lanes(
            labels=tuple(f"lane {number}" for number in range(count)),
            mode=(Mode.SEA,) * count,
            days=floats(*days),
            capacity=np.full(count, np.inf),
            passages=((),) * count,
        ),
        supplies=replace(chain.supplies, lane=positions(*range(count)), start_up_days=floats(*start_up_days)),
    )


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_the_cases_worked_out_by_hand_lose_the_same_by_days(case: Case) -> None:
    outage = Outage(name="one", sites=(case.site,), days=case.days)
    assert by_days(case.chain, outage) == pytest.approx(case.impact, abs=1e-9)
    for days in range(1, 8):
        assert (by_days(case.chain, replace(outage, days=float(days))) > 1e-9) == (days > case.survives)


@pytest.mark.parametrize("first", FIRST_CHAINS)
def test_where_nothing_takes_time_days_change_nothing(first: int) -> None:
    for seed in range(first, first + 50):
        chain = random_chain(seed, late=False)
        outage = whole_outage(chain, seed)
        loss, survives = by_program(chain, outage)
        near = noise(chain, outage)
        assert by_days(chain, outage) == pytest.approx(loss, abs=near), seed
        last = np.floor(survives)
        if last >= 1:
            assert by_days(chain, replace(outage, days=last)) <= near, seed
        if survives < CAP and last + 1 - survives > 1e-3:
            assert by_days(chain, replace(outage, days=last + 1)) > near, seed


@pytest.mark.parametrize("first", FIRST_CHAINS)
def test_where_lanes_take_time_the_program_never_loses_more(first: int) -> None:
    found = 0
    for seed in range(first, first + 50):
        chain = chain_with_lanes(seed)
        outage = whole_outage(chain, seed)
        (loss, survives), exact, near = by_program(chain, outage), by_days(chain, outage), noise(chain, outage)
        assert loss <= exact + near, seed
        assert survives >= (outage.days or 0) or exact > near, seed
        assert by_days(chain, outage, more=7) >= exact - near, seed
        found += loss < exact - near
    assert found == LOWER[first]


@pytest.mark.parametrize("first", FIRST_CHAINS)
def test_late_sources_without_a_limit_cost_the_program_no_more_either(first: int) -> None:
    for seed in range(first, first + 50):
        chain = random_chain(seed)
        starts = chain.supplies.supplier[chain.supplies.start_up_days > 0]
        free = np.isin(chain.stages.site, chain.stages.site[starts])
        capacity = np.where(free, np.inf, chain.stages.capacity)
        sites = np.where(np.bincount(chain.stages.site, free) > 0, np.inf, chain.sites.capacity)
        chain = replace(
            chain,
            stages=replace(chain.stages, capacity=capacity, stock=0.1 * chain.stages.stock),
            sites=replace(chain.sites, capacity=sites),
        )
        outage = replace(whole_outage(chain, seed), loss=1.0)
        assert by_program(chain, outage)[0] <= by_days(chain, outage) + noise(chain, outage), seed


@pytest.mark.parametrize("seed", range(100))
def test_with_one_way_only_lanes_are_stocks_that_run_out(seed: int) -> None:
    random = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(6,)))
    count, margin, demand = int(random.integers(2, 6)), float(random.uniform(1, 9)), float(random.uniform(1, 9))
    names = [f"n{number}" for number in range(count)]
    units = random.uniform(0.5, 2, count - 1)
    # What a unit sold takes of each stage.
    weight = np.append(np.cumprod(units[::-1])[::-1], 1.0)
    stock = random.uniform(0, 4, count) * demand * weight
    capacity = demand * weight * random.uniform(1, 1.5, count)
    lane_days = random.integers(0, 6, count - 1).astype(np.float64)
    chain = over_lanes(
        chain_of(
            list(zip(names, stock, capacity, strict=True)),
            [(names[j], names[j + 1], names[j], float(units[j])) for j in range(count - 1)],
            [(names[-1], margin, demand)],
        ),
        tuple(lane_days),
        (0,) * (count - 1),
    )
    held = random.uniform(0, 2, count - 1) * demand * weight[:-1]
    chain = replace(
        chain,
        stages=replace(chain.stages, processing_days=random.integers(0, 4, count).astype(np.float64)),
        inputs=replace(chain.inputs, stock=held),
    )
    out, days = int(random.integers(0, count)), int(random.integers(1, 40))
    outage = Outage(name="one", sites=(names[out],), days=float(days))
    short = days * demand - float((stock / weight)[out:].sum() + (held / weight[:-1])[out:].sum())
    under_way = demand * float(lane_days[out:].sum())
    in_process = demand * float(chain.stages.processing_days[out + 1 :].sum())
    near = noise(chain, outage)
    loss = margin * max(0.0, short - under_way)
    assert by_program(chain, outage)[0] == pytest.approx(loss, abs=near)
    assert by_days(chain, outage) == pytest.approx(loss, abs=near)
    in_making = margin * max(0.0, short - under_way - in_process)
    assert by_days(chain, outage, processing=True) == pytest.approx(in_making, abs=near)
    # Lanes and making gain time, not goods: once all has come through, stocks alone have helped.
    for processing in (False, True):
        in_the_end = by_days(chain, outage, more=60, processing=processing)
        assert in_the_end == pytest.approx(margin * max(0.0, short), abs=near)


def test_more_from_far_away_passes_every_lane_of_its_way() -> None:
    chain = chain_of(
        [("O", 0, 20), ("X", 0, 20), ("S", 0, 20), ("P", 0, 20)],
        [("O", "P", "s", 1), ("X", "S", "x", 1), ("S", "P", "s", 1)],
        [("P", 1, 10)],
    )
    chain = over_lanes(chain, (0, 3, 4), (0, 0, 0))
    outage = Outage(name="one", sites=("O",), days=10)
    # Half of ten a day is under way. In the program S sends ten a day for 10 - 4 days, since its own input suffices
    # over the ten days as a whole; by days that input is five a day for three days, and so P lacks five for seven.
    assert by_program(chain, outage)[0] == pytest.approx(20)
    assert by_days(chain, outage) == pytest.approx(35)


def test_what_is_lost_at_different_times_is_not_added_up_by_the_program() -> None:
    chain = chain_of(
        [("A", 0, 10), ("B", 0, 20), ("C", 80, 10), ("P", 0, 20)],
        [("A", "P", "s", 1), ("B", "P", "s", 1)],
        [("P", 1, 10), ("C", 1, 10)],
    )
    chain = over_lanes(chain, (0, 0), (0, 5))
    outage = Outage(name="one", sites=("A", "C"), days=10, loss=0.5)
    chain = replace(chain, stages=replace(chain.stages, stock=floats(0, 0, 30, 0)))
    # P lacks five a day for five days. B could make it up, on paper, by day ten, when C is twenty short.
    assert by_program(chain, outage)[0] == pytest.approx(25)
    assert by_days(chain, outage) == pytest.approx(45)


def test_a_source_that_is_being_started_up_makes_nothing_in_the_program() -> None:
    chain = chain_of(
        [("A", 0, 20), ("B", 0, 6), ("P", 0, 20)], [("A", "P", "s", 1), ("B", "P", "s", 1)], [("P", 1, 10)]
    )
    chain = over_lanes(chain, (0, 0), (0, 5))
    outage = Outage(name="one", sites=("A",), days=10)
    # B sends what it makes in the five days after its start; by days it has made thirty before and sends ten a day.
    assert by_program(chain, outage)[0] == pytest.approx(70)
    assert by_days(chain, outage) == pytest.approx(50)


def test_a_source_serves_near_and_far_and_late_with_all_that_it_makes() -> None:
    chain = chain_of(
        [("S", 0, 7), ("O", 0, 10), ("P", 0, 9), ("Q", 0, 9)],
        [("S", "P", "s", 1), ("O", "Q", "s", 1), ("S", "Q", "s", 1)],
        [("P", 1, 5), ("Q", 1, 5)],
    )
    chain = over_lanes(chain, (10, 0, 0), (0, 0, 10))
    # S sends P five a day for ten days, by a lane of ten, and then Q, for which it is started up, five a day for ten.
    outage = Outage(name="one", sites=("O",), days=20)
    assert by_program(chain, outage)[0] == pytest.approx(50)
    assert by_days(chain, outage) == pytest.approx(50)


def manual_table() -> dict[str, list[float]]:
    """Return the figures of the outages in the manual's table."""
    rows = re.findall(r"^\| ([A-Z][^|]+) \| ([0-9. |]+) \|", MANUAL.read_text(encoding="utf-8"), re.MULTILINE)
    return {name: [float(figure) for figure in figures.split("|")] for name, figures in rows}


@pytest.mark.slow
def test_the_table_of_the_manual_holds_the_ten_costliest_outages_of_the_example() -> None:
    chain, table = example_chain(), manual_table()
    every = [*every_site(chain), *every_group(chain), *every_lane(chain, 30), *every_passage(chain, 30)]
    values = stress_chain(chain, every, prices=False).values.sel(recovery="likely")
    impact = values["performance_impact"].to_series().sort_values(ascending=False, kind="stable")[:10]
    assert list(table) == list(impact.index)
    days = values["recovery_days"].to_series()
    outages = [replace(outage, days=float(days[outage.name])) for outage in every if outage.name in table]
    lived = follow_outages(chain, outages).values["margin_lost"].to_series()
    for outage in outages:
        found = [impact[outage.name], by_days(chain, outage, method="highs-ipm"), lived[outage.name]]
        of_days, *told = table[outage.name]
        assert (of_days, [told[0], told[1], told[4]]) == (outage.days, millions(found)), outage.name
        if outage.name in FOLLOWED:
            later = [by_days(chain, outage, more=more, processing=True, method="highs-ipm") for more in (0, AFTERWARDS)]
            assert told[2:4] == millions(later), outage.name


def millions(figures: list[float]) -> list[float]:
    return [round(figure / 1e6, 1) for figure in figures]
