"""What must hold of the stress test of any chain, and its agreement with a plain twin on 500 random ones."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tenon.schema import Outage, SupplyChain
from tenon.vulnerability import every_site, stress_chain
from tests.random_chains import random_chain, random_outage
from tests.twins import stress as twin

SEEDS = range(40)
CAP = 60.0


def scale(chain: SupplyChain, days: float) -> float:
    """Margin of so many days."""
    return float(chain.demands.margin @ chain.demands.quantity) * days


def total(chain: SupplyChain, outage: Outage) -> float:
    """Margin lost over the outage, with what is lost undisturbed."""
    values = stress_chain(chain, [outage], cap_days=CAP, prices=False).values
    return float((values["performance_impact"] + values["undisturbed_loss"]).values[0, 1])


@pytest.mark.parametrize("late", [False, True], ids=["at once", "late"])
@pytest.mark.parametrize("first", range(0, 250, 50))
def test_the_plain_twin_agrees(first: int, *, late: bool) -> None:
    for seed in range(first, first + 50):
        chain = random_chain(seed, late=late)
        outage = random_outage(chain, seed)
        assert outage.days is not None
        values = stress_chain(chain, [outage], cap_days=CAP, prices=False).values.isel(outage=0)
        whole = scale(chain, outage.days)
        undisturbed = twin.loss(chain, None, outage.days)
        loss = twin.loss(chain, outage, outage.days)
        assert values["undisturbed_loss"].values[1] == pytest.approx(undisturbed, abs=1e-8 * whole), seed
        assert values["performance_impact"].values[1] == pytest.approx(loss - undisturbed, abs=1e-8 * whole), seed
        assert values["survival_days"].item() == pytest.approx(twin.survival(chain, outage, CAP), abs=1e-6), seed


def of_mixed_delays(seed: int) -> SupplyChain:
    """Draw a chain on little stock with long ways and late starts, but one source of each input in use."""
    chain = random_chain(seed, late=False)
    random = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(7,)))
    count, feeds = len(chain.supplies), chain.input_of_supply
    start = np.where(random.random(count) < 0.5, random.integers(1, 9, count), 0).astype(np.float64)
    start[np.unique(feeds, return_index=True)[1]] = 0.0
    return replace(
        chain,
        lanes=replace(chain.lanes, days=random.integers(0, 9, len(chain.lanes)).astype(np.float64)),
        supplies=replace(chain.supplies, start_up_days=start, lane=random.integers(-1, len(chain.lanes), count)),
        stages=replace(chain.stages, stock=0.1 * chain.stages.stock),
        inputs=replace(chain.inputs, stock=0.1 * chain.inputs.stock),
    )


@pytest.mark.parametrize("seed", range(100))
def test_the_plain_twin_agrees_where_ways_and_starts_are_long(seed: int) -> None:
    chain = of_mixed_delays(seed)
    outage = random_outage(chain, seed)
    assert outage.days is not None
    loss = twin.loss(chain, outage, outage.days)
    assert total(chain, outage) == pytest.approx(loss, abs=1e-8 * scale(chain, outage.days))


@pytest.mark.parametrize("seed", SEEDS)
def test_starting_from_a_stored_basis_changes_nothing(seed: int) -> None:
    chain = random_chain(seed)
    outages = [*every_site(chain), random_outage(chain, seed)]
    together = stress_chain(chain, outages, cap_days=CAP).values
    for outage in outages:
        alone = stress_chain(chain, [outage], cap_days=float(together["recovery_days"].max() + CAP)).values
        found = together.sel(outage=[outage.name])
        tolerance = 1e-9 * scale(chain, float(alone["recovery_days"].max()))
        assert found["performance_impact"].values == pytest.approx(alone["performance_impact"].values, abs=tolerance)
        if not found["survival_is_capped"].item():
            assert found["survival_days"].item() == pytest.approx(alone["survival_days"].item(), rel=1e-7)


@pytest.mark.parametrize("seed", SEEDS)
def test_longer_outages_cost_no_less(seed: int) -> None:
    chain = random_chain(seed)
    outage = random_outage(chain, seed)
    losses = [total(chain, replace(outage, days=float(days))) for days in (0.5, 2, 5, 9, 14, 20, 45)]
    assert (np.diff(losses) >= -1e-8 * scale(chain, 45)).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_more_stock_or_capacity_costs_no_more(seed: int) -> None:
    chain = random_chain(seed, late=False)
    outage = random_outage(chain, seed)
    before = total(chain, outage)
    stages = chain.stages
    more = {
        "stock": replace(chain, stages=replace(stages, stock=stages.stock + 3)),
        "capacity": replace(chain, stages=replace(stages, capacity=1.4 * stages.capacity)),
        "inputs": replace(chain, inputs=replace(chain.inputs, stock=chain.inputs.stock + 3)),
        "contracts": replace(chain, supplies=replace(chain.supplies, capacity=1.4 * chain.supplies.capacity)),
        "lanes": replace(chain, lanes=replace(chain.lanes, capacity=1.4 * chain.lanes.capacity)),
        "sites": replace(chain, sites=replace(chain.sites, capacity=1.4 * chain.sites.capacity)),
    }
    for what, changed in more.items():
        assert total(changed, outage) <= before + 1e-8 * scale(chain, outage.days or 0), what


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_lost_exactly_when_the_chain_survives_long_enough(seed: int) -> None:
    chain = random_chain(seed)
    values = stress_chain(chain, [*every_site(chain), random_outage(chain, seed)], cap_days=CAP).values
    days, survives = values["recovery_days"].values[:, 1], values["survival_days"].values
    lost = (values["performance_impact"] + values["undisturbed_loss"]).values[:, 1]
    is_clear = np.abs(days - survives) > 1e-6
    assert ((lost == 0) == (survives >= days))[is_clear].all()


@pytest.mark.parametrize("seed", SEEDS)
def test_two_outages_together_cost_at_least_the_larger(seed: int) -> None:
    chain = random_chain(seed)
    pair = chain.sites.labels[:2]
    single = [total(chain, Outage(name="one", sites=(site,), days=12)) for site in pair]
    assert total(chain, Outage(name="both", sites=pair, days=12)) >= max(single) - 1e-8 * scale(chain, 12)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("late", [False, True], ids=["at once", "late"])
def test_prices_lie_between_the_slopes_to_both_sides(seed: int, *, late: bool) -> None:
    chain = random_chain(seed, late=late)
    outage = random_outage(chain, seed)
    assert outage.days is not None
    values = stress_chain(chain, [outage], cap_days=CAP).values.isel(outage=0)
    here, step, noise = total(chain, outage), 1e-3, 1e-6 * scale(chain, outage.days)
    for stage in range(len(chain.stages)):
        one = np.eye(len(chain.stages))[stage] * step
        stock = chain.stages.stock
        price = float(values["value_of_stock"][stage])
        more = total(replace(chain, stages=replace(chain.stages, stock=stock + one)), outage)
        assert price >= (here - more) / step - noise
        if stock[stage] > step:
            less = total(replace(chain, stages=replace(chain.stages, stock=stock - one)), outage)
            assert price <= (less - here) / step + noise
        if not late and np.isfinite(chain.stages.capacity[stage]):
            wider = replace(chain, stages=replace(chain.stages, capacity=chain.stages.capacity + one))
            assert float(values["value_of_capacity"][stage]) >= (here - total(wider, outage)) / step - noise


@pytest.mark.parametrize("seed", SEEDS)
def test_a_day_less_saves_what_its_price_says(seed: int) -> None:
    chain = random_chain(seed, late=False)
    outage = random_outage(chain, seed)
    assert outage.days is not None
    values = stress_chain(chain, [outage], cap_days=CAP).values.isel(outage=0)
    step, noise = 1e-4 * outage.days, 1e-6 * scale(chain, outage.days)
    if float(values["undisturbed_loss"][1]) > 0:
        pytest.skip("the undisturbed loss grows too")
    here, price = total(chain, outage), float(values["value_of_earlier_recovery"])
    assert price >= (here - total(chain, replace(outage, days=outage.days - step))) / step - noise
    assert price <= (total(chain, replace(outage, days=outage.days + step)) - here) / step + noise


@pytest.mark.parametrize("seed", SEEDS)
def test_other_labels_and_another_order_change_nothing(seed: int) -> None:
    chain = random_chain(seed)
    order = np.random.default_rng(seed).permutation(len(chain.stages))
    place = np.argsort(order)
    stages, supplies = chain.stages, chain.supplies

    moved: dict[str, Any] = {name: column[order] for name, column in vars(stages).items()}
    other = replace(
        chain,
        sites=replace(chain.sites, labels=tuple(f"new {label}" for label in chain.sites.labels)),
        groups={},
        stages=replace(stages, **moved),
        inputs=replace(chain.inputs, stage=place[chain.inputs.stage]),
        supplies=replace(supplies, supplier=place[supplies.supplier], buyer=place[supplies.buyer]),
        demands=replace(chain.demands, stage=place[chain.demands.stage]),
    )
    one, two = (stress_chain(each, cap_days=CAP).values for each in (chain, other))
    whole = scale(chain, 40)
    assert two["performance_impact"].values == pytest.approx(one["performance_impact"].values, abs=1e-9 * whole)
    assert two["survival_days"].values == pytest.approx(one["survival_days"].values, rel=1e-7)


@pytest.mark.parametrize("seed", SEEDS)
def test_another_currency_changes_amounts_only(seed: int) -> None:
    chain = random_chain(seed)
    dear = replace(chain, demands=replace(chain.demands, margin=1e6 * chain.demands.margin))
    one, two = (stress_chain(each, cap_days=CAP).values for each in (chain, dear))
    whole = scale(chain, 40)
    assert two["performance_impact"].values / 1e6 == pytest.approx(one["performance_impact"].values, abs=1e-9 * whole)
    assert two["survival_days"].values == pytest.approx(one["survival_days"].values, rel=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("factor", [1e-6, 1e6])
def test_another_unit_of_a_part_changes_nothing(seed: int, factor: float) -> None:
    chain = random_chain(seed)
    chain = replace(chain, lanes=replace(chain.lanes, capacity=np.full(len(chain.lanes), np.inf)))
    outage = replace(random_outage(chain, seed), loss=1.0)
    stages, inputs, supplies, demands = chain.stages, chain.inputs, chain.supplies, chain.demands
    part = int(np.random.default_rng(seed).integers(len(chain.parts)))
    made = np.where(stages.part == part, factor, 1.0)
    used = np.where(inputs.part == part, factor, 1.0)
    other = replace(
        chain,
        stages=replace(
            stages, capacity=stages.capacity * made, stock=stages.stock * made, site_use=stages.site_use / made
        ),
        inputs=replace(inputs, units=inputs.units * used / made[inputs.stage], stock=inputs.stock * used),
        supplies=replace(supplies, capacity=supplies.capacity * made[supplies.supplier]),
        demands=replace(
            demands, quantity=demands.quantity * made[demands.stage], margin=demands.margin / made[demands.stage]
        ),
    )
    one, two = (stress_chain(each, [outage], cap_days=CAP).values for each in (chain, other))
    whole = scale(chain, outage.days or 0)
    assert two["performance_impact"].values == pytest.approx(one["performance_impact"].values, abs=1e-9 * whole)
    assert two["survival_days"].values == pytest.approx(one["survival_days"].values, rel=1e-6)
