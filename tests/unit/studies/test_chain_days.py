"""Outages of a chain followed from day to day; hand cases V1 to V5 beside the program's answers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import xarray

from tenon.schema import LabelError, Lanes, Mode, Outage, ParameterError, ShockError, Status, SupplyChain
from tenon.studies import chain_rules, follow_outages
from tests.chains import CASES, Case, chain_of, floats, positions

SERIAL, DUAL = CASES["serial"], CASES["dual source"]
ONE_WAY = ("serial", "bill of materials, first input", "bill of materials, second input", "hidden in the second tier")
SEA_DAYS = 30
SEA = Lanes(labels=("sea",), mode=(Mode.SEA,), days=floats(SEA_DAYS), capacity=floats(np.inf), passages=((),))


def followed(chain: SupplyChain, *outages: Outage, horizon_days: int = 120) -> xarray.Dataset:
    result = follow_outages(chain, outages, horizon_days=horizon_days)
    assert result.status is Status.COMPLETE
    assert max(result.residuals.values(), default=0.0) < 1e-9
    return result.values


def of_case(case: Case) -> xarray.Dataset:
    return followed(case.chain, Outage(name="out", sites=(case.site,), days=case.days)).isel(outage=0)


@pytest.mark.parametrize("name", ONE_WAY)
def test_without_another_way_all_that_the_program_loses_is_lost_and_nothing_more(name: str) -> None:
    case = CASES[name]
    found = of_case(case)
    assert found["margin_lost"].item() == pytest.approx(case.impact)
    # A day of goods at every place carries customers beyond the stocks, by a day each, and comes back as late.
    assert case.survives < found["first_loss_day"].item() <= case.survives + len(case.chain.stages) + 3
    assert found["over_day"].item() > case.days


def test_the_loss_of_v1_begins_when_the_stocks_and_the_goods_at_every_place_end() -> None:
    """20 and 5 in stock; 10 each at S's store, P's input and P's store, and twice in the making: 75 units."""
    found = of_case(SERIAL)
    assert found["delivered"].sel(product="P @ P").to_numpy()[:12].round(9).tolist() == [1] * 7 + [0.5, 0, 0, 0, 1]
    assert (found["first_short_stage"].item(), found["first_short_part"].item()) == ("s @ S", "s")
    assert found["first_short_day"].item() == 4
    assert (found["first_customer"].item(), found["first_product"].item()) == ("all", "P @ P")


@pytest.mark.parametrize(("name", "most"), [("dual source", 33), ("first of two sources", 10)])
def test_buyers_turn_to_the_other_source_a_day_late(name: str, most: float) -> None:
    case = CASES[name]
    found = of_case(case)
    assert case.impact < found["margin_lost"].item() <= most + 0.01


def test_orders_follow_shares_and_not_margins() -> None:
    """The program loses 50 units of the cheap product; by shares 40 of the dear one go first."""
    case = CASES["choice by margin"]
    found = of_case(case)
    lost = 10 * (1 - found["delivered"]).sum("day").to_series()
    assert lost.sum() == pytest.approx(60, abs=0.01)
    assert case.impact < found["margin_lost"].item() < 5 * lost.sum()


def by_sea(stock: float) -> SupplyChain:
    chain = chain_of([("S", 0, 100), ("P", 0, 100)], [("S", "P", "s", 1)], [("P", 1, 10)])
    supplies = replace(chain.supplies, lane=positions(0))
    inputs = replace(chain.inputs, stock=floats(stock))
    return replace(chain, lanes=SEA, supplies=supplies, inputs=inputs)


def test_an_outage_before_a_long_lane_arrives_as_a_wave() -> None:
    found = followed(by_sea(40.0), Outage(name="out", sites=("S",), days=10)).isel(outage=0)
    lost = found["margin_lost_a_day"].to_numpy()
    hit = np.flatnonzero(lost > 0.01)
    assert found["margin_lost"].item() == pytest.approx(10 * (10 - 4))
    assert SEA_DAYS + 4 <= hit[0] <= SEA_DAYS + 8
    assert hit[-1] - hit[0] < 10
    assert not (lost[: SEA_DAYS + 4] > 0).any()


def test_a_closed_lane_shows_as_late_as_the_lane_is_long() -> None:
    found = followed(by_sea(0.0), Outage(name="out", lanes=("sea",), days=10)).isel(outage=0)
    assert SEA_DAYS <= found["first_loss_day"].item() <= SEA_DAYS + 4
    assert found["margin_lost"].item() == pytest.approx(100, rel=0.01)


def test_a_source_that_is_started_up_takes_over() -> None:
    stages = replace(DUAL.chain.stages, capacity=floats(20.0, 20.0, 20.0), stock=floats(0.0, 0.0, 0.0))
    waits = replace(DUAL.chain, stages=stages, supplies=replace(DUAL.chain.supplies, start_up_days=floats(0, 20)))
    delivered = followed(waits, Outage(name="out", sites=("S1",), days=60))["delivered"].isel(outage=0, product=0)
    share = delivered.to_numpy()
    assert share[:2].tolist() == [1, 1]
    assert not share[2:20].any()
    # A day in the making, and a day until it is used.
    assert share[22:] == pytest.approx(1.0)


def test_a_longer_outage_and_less_stock_never_lose_less_without_another_way() -> None:
    longer = [Outage(name=f"{days}", sites=("S",), days=days) for days in range(1, 25)]
    lost = followed(SERIAL.chain, *longer)["margin_lost"].to_numpy()
    assert (np.diff(lost) >= -1e-9).all()
    assert lost[0] == 0
    assert lost[-1] > 1000
    stocks = [
        replace(SERIAL.chain, stages=replace(SERIAL.chain.stages, stock=floats(held, 5.0))) for held in (60, 20, 5, 1)
    ]
    by_stock = [followed(chain, longer[9])["margin_lost"].item() for chain in stocks]
    assert by_stock == sorted(by_stock)


def test_nobody_goes_short_in_an_outage_that_stocks_outlast() -> None:
    found = followed(SERIAL.chain, Outage(name="out", sites=("S",), days=1)).isel(outage=0)
    assert found["margin_lost"].item() == 0
    assert (found["delivered"] == 1).all()
    assert np.isnan(found["first_loss_day"].item())
    assert np.isnan(found["over_day"].item())
    assert found["first_customer"].item() == ""


def test_an_outage_that_never_ends_within_the_run_is_not_over() -> None:
    found = followed(SERIAL.chain, Outage(name="out", sites=("S",), days=119)).isel(outage=0)
    assert np.isnan(found["over_day"].item())
    assert found["first_loss_day"].item() == 7


def test_lost_stock_loses_more() -> None:
    kept, gone = (
        followed(SERIAL.chain, Outage(name="out", sites=("S",), days=6, stock_lost=lost)) for lost in (False, True)
    )
    assert gone["margin_lost"].item() == pytest.approx(kept["margin_lost"].item() + 7 * 30)


def test_outages_side_by_side_equal_outages_alone() -> None:
    outages = [Outage(name=name, sites=(name,), days=8) for name in ("S1", "P")]
    together = followed(DUAL.chain, *outages)
    for outage in outages:
        alone = followed(DUAL.chain, outage).isel(outage=0)
        xarray.testing.assert_equal(together.sel(outage=outage.name).drop_vars("outage"), alone.drop_vars("outage"))


def test_limits_of_supplies_in_use_and_of_stages_are_told() -> None:
    tight = replace(DUAL.chain, supplies=replace(DUAL.chain.supplies, capacity=floats(6, np.inf)))
    short = replace(tight, stages=replace(tight.stages, capacity=floats(4.0, 4.0, 20.0)))
    result = follow_outages(short, [Outage(name="out", sites=("S1",), days=2)], horizon_days=30)
    told = " ".join(result.notes)
    assert "asked for more than they can make, such as 's @ S1' (2 in all)" in told
    assert "but not those in use (1 with a limit)" in told


@pytest.mark.parametrize("horizon", [4, 6])
def test_a_horizon_that_ends_with_the_outage_is_refused(horizon: int) -> None:
    with pytest.raises(ParameterError, match=f"must be more than the longest outage, 6 days, but is {horizon}"):
        follow_outages(SERIAL.chain, [Outage(name="out", sites=("S",), days=6)], horizon_days=horizon)


def test_a_restocking_time_below_a_day_is_refused() -> None:
    with pytest.raises(ParameterError, match=r"restocking_days must be a finite number at least 1, but is 0\.5"):
        chain_rules(0.5)


def test_what_the_chain_lacks_is_refused() -> None:
    with pytest.raises(LabelError, match="names the site 'moon'"):
        follow_outages(SERIAL.chain, [Outage(name="out", sites=("moon",))])
    with pytest.raises(ShockError, match="at least one outage is required"):
        follow_outages(SERIAL.chain, [])


def test_the_run_goes_on_for_a_year_beyond_the_longest_outage() -> None:
    result = follow_outages(SERIAL.chain, [Outage(name="out", sites=("S",), days=6)])
    assert result.values.sizes["day"] == 371
    assert result.provenance["parameters"] == {"restocking_days": 5.0, "horizon_days": 371}
