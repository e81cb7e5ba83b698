"""Shocks refuse what cannot happen, and losses come back along their curves."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest

from tenon.schema import (
    CapacityShock,
    CapitalShock,
    DelayShock,
    FinalDemandShock,
    InventoryShock,
    LabelError,
    LaborShock,
    LinkShock,
    Reconstruction,
    RecoveryShape,
    ShockError,
    Target,
    Timing,
)

EVERYBODY = Target()


def remaining(timing: Timing, days: list[int]) -> list[float]:
    return [timing.remaining(day) for day in days]


def test_a_loss_is_nothing_before_it_starts_and_full_while_it_lasts() -> None:
    timing = Timing(start_day=3, duration_days=2)
    assert remaining(timing, [0, 2, 3, 4, 5]) == [0.0, 0.0, 1.0, 1.0, 0.0]


def test_a_linear_return_falls_by_the_same_share_each_day() -> None:
    timing = Timing(recovery="linear", recovery_days=4)  # type: ignore[arg-type] # plain words are accepted
    assert remaining(timing, [0, 1, 2, 3, 4, 9]) == [1.0, 0.75, 0.5, 0.25, 0.0, 0.0]


def test_a_convex_return_is_fast_first() -> None:
    timing = Timing(recovery=RecoveryShape.CONVEX, recovery_days=10)
    assert timing.remaining(1) == pytest.approx(0.9**4)
    assert timing.remaining(10) == pytest.approx(0.9**40)


def test_a_concave_return_is_slow_first_and_has_half_the_loss_left_after_half_its_time() -> None:
    span = 30.0
    timing = Timing(recovery=RecoveryShape.CONCAVE, recovery_days=span)
    steepness = math.log(span / 1e-6) / math.log(span / 2.0)
    assert timing.remaining(15) == pytest.approx(span / (span + 1e-6 * 15.0**steepness))
    assert timing.remaining(15) == pytest.approx(0.5)
    assert timing.remaining(6) > 0.99


@pytest.mark.parametrize("shape", [RecoveryShape.CONVEX, RecoveryShape.CONCAVE])
def test_a_share_below_one_in_a_million_counts_as_gone(shape: RecoveryShape) -> None:
    assert Timing(recovery=shape, recovery_days=3).remaining(10_000) == 0.0


def test_a_curve_joins_its_points_by_straight_lines_and_holds_its_ends() -> None:
    timing = Timing(start_day=10, recovery=RecoveryShape.CURVE, curve=((2, 0.5), (4, 1.0), (8, 0.2)))
    assert remaining(timing, [9, 10, 12, 13, 14, 16, 18, 99]) == pytest.approx([0, 0.5, 0.5, 0.75, 1, 0.6, 0.2, 0.2])


def test_a_curve_may_end_with_nothing_left() -> None:
    assert Timing(recovery=RecoveryShape.CURVE, curve=((0, 1.0), (4, 0.0))).remaining(2) == 0.5


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"start_day": -1}, "start_day must be a whole number of days from 0, but is -1."),
        ({"start_day": 0.5}, "start_day must be a whole number of days from 0, but is 0.5."),
        ({"start_day": math.nan}, "start_day must be a whole number of days from 0, but is nan."),
        ({"duration_days": 0}, "duration_days must be a whole number of at least 1, but is 0."),
        ({"duration_days": math.inf}, "duration_days must be a whole number of at least 1, but is inf."),
        ({"recovery": "linear"}, "recovery_days must be above 0 for recovery 'linear', but is 0.0; use recovery"),
        ({"recovery": "convex", "recovery_days": 1}, "recovery_days must be above 1 for recovery 'convex', but is 1"),
        ({"recovery": "concave", "recovery_days": 2}, "recovery_days must be above 2 for recovery 'concave', but is 2"),
        ({"recovery": "linear", "recovery_days": math.nan}, "recovery_days must be above 0 for recovery 'linear'"),
        ({"recovery_days": 5}, "recovery_days is 5, but recovery 'sudden' has no time scale; leave it out"),
        ({"recovery": "curve"}, "a curve of (day, share) points must be given exactly when recovery is 'curve'."),
        ({"curve": [(0, 1)]}, "a curve of (day, share) points must be given exactly when recovery is 'curve'."),
        ({"recovery": "curve", "curve": [(1, 1), (1, 0)]}, "the days of a curve must increase from 0 or later, but"),
        (
            {"recovery": "curve", "curve": [(-1, 1)]},
            "the days of a curve must increase from 0 or later, but are [-1.0]",
        ),
        ({"recovery": "curve", "curve": [(math.nan, 1)]}, "the days of a curve must increase from 0 or later"),
        ({"recovery": "curve", "curve": [(0, 1.5)]}, "the shares of a curve must lie between 0 and 1, but are [1.5]."),
        ({"recovery": "curve", "curve": [(0, math.nan)]}, "the shares of a curve must lie between 0 and 1, but are"),
    ],
)
def test_a_timing_out_of_its_range_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ShockError, match=re.escape(message)):
        Timing(**changes)


def test_a_target_describes_itself_in_words() -> None:
    assert EVERYBODY.describe() == "all sectors in all regions"
    assert Target(regions=("JPN", "KOR"), sectors=("steel",)).describe() == "steel in JPN, KOR"
    assert Target(agents=("mine", "mill")).describe() == "mine, mill"


def test_agents_named_together_with_regions_or_sectors_are_refused() -> None:
    for other in ({"regions": ("JPN",)}, {"sectors": ("steel",)}):
        with pytest.raises(ShockError, match="name either agents, or regions and sectors, not both"):
            Target(agents=("mine",), **other)


def test_a_region_given_as_a_single_word_is_refused() -> None:
    with pytest.raises(LabelError, match=r"regions must be a list of labels, but is the single word 'JPN'"):
        Target(regions="JPN")  # type: ignore[arg-type] # what a hurried user writes


@pytest.mark.parametrize("loss", [0.0, -0.1, 1.01, 20, math.nan, math.inf])
@pytest.mark.parametrize(
    ("kind", "what"),
    [
        (CapacityShock, "a capacity shock"),
        (LaborShock, "a labor shock"),
        (CapitalShock, "a capital shock"),
        (InventoryShock, "an inventory shock"),
    ],
)
def test_a_loss_that_is_no_share_is_refused(kind: Any, what: str, loss: float) -> None:
    message = f"the loss of {what} is a share and must be above 0 and at most 1, but is {loss}. Write 20 % as 0.2."
    with pytest.raises(ShockError, match=re.escape(message)):
        kind(target=EVERYBODY, loss=loss)


@pytest.mark.parametrize("loss", [0.0, 1.5, math.nan])
def test_a_loss_of_a_link_that_is_no_share_is_refused(loss: float) -> None:
    with pytest.raises(ShockError, match="the loss of a link shock is a share and must be above 0 and at most 1"):
        LinkShock(loss=loss)


def test_a_link_shock_on_every_link_is_refused_and_on_every_border_is_not() -> None:
    with pytest.raises(ShockError, match="a link shock on all links inside and between all regions stops the whole"):
        LinkShock(loss=0.5, domestic=True)
    assert LinkShock(loss=0.5).loss == 0.5


def test_final_demand_may_rise_by_any_share_but_not_fall_by_more_than_all() -> None:
    assert FinalDemandShock(loss=-2.0).loss == -2.0
    for loss in (1.1, 0.0, math.nan, -math.inf):
        with pytest.raises(ShockError, match="the loss of a final demand shock must be a share of at most 1, not 0"):
            FinalDemandShock(loss=loss)


def test_a_capital_shock_has_a_loss_or_a_damage() -> None:
    rebuild = Reconstruction(sectors={"construction": 1.0})
    assert CapitalShock(damage={"mine": 5.0}).damage == {"mine": 5.0}
    assert CapitalShock(household_damage={"A": 5.0}, reconstruction=rebuild).loss is None


@pytest.mark.parametrize("changes", [{}, {"loss": 0.5, "damage": {"mine": 5.0}}, {"damage": {}}])
def test_a_capital_shock_with_neither_or_both_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ShockError, match=r"a capital shock needs either a loss .* or a damage"):
        CapitalShock(**changes)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"damage": {"mine": 0.0}}, "the damage of 'mine' must be a finite amount above 0, but is 0.0."),
        ({"damage": {"mine": math.nan}}, "the damage of 'mine' must be a finite amount above 0, but is nan."),
        ({"loss": 0.5, "household_damage": {"A": -1.0}}, "the damage of 'A' must be a finite amount above 0"),
        ({"loss": 0.5, "damage_unit": 0.0}, "damage_unit must be above 0, but is 0.0."),
        ({"loss": 0.5, "household_damage": {"A": 1.0}}, "household damage creates rebuilding work and nothing else"),
    ],
)
def test_damage_out_of_its_range_or_that_nobody_repairs_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ShockError, match=re.escape(message)):
        CapitalShock(**changes)


@pytest.mark.parametrize("sectors", [{}, {"a": 0.5}, {"a": 1.5, "b": -0.5}, {"a": math.nan}, {"a": 1.0, "b": 0.0}])
def test_shares_of_rebuilding_sectors_that_do_not_add_up_to_one_are_refused(sectors: dict[str, float]) -> None:
    with pytest.raises(ShockError, match="shares of the rebuilding sectors must be above 0 and add up to 1"):
        Reconstruction(sectors=sectors)


@pytest.mark.parametrize("changes", [{"days": 0.0}, {"days": math.inf}, {"factor": 0.0}, {"factor": math.nan}])
def test_a_reconstruction_without_end_or_work_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ShockError, match="days and factor of a reconstruction must be above 0"):
        Reconstruction(sectors={"construction": 1.0}, **changes)


@pytest.mark.parametrize("days", [0, 1.5, math.nan])
def test_a_delay_that_is_no_number_of_days_is_refused(days: float) -> None:
    with pytest.raises(ShockError, match="delay_days must be a whole number of at least 1"):
        DelayShock(delay_days=days)  # type: ignore[arg-type] # wrong on purpose


def test_a_delay_that_ends_gradually_is_refused() -> None:
    gradual = Timing(recovery=RecoveryShape.LINEAR, recovery_days=5)
    with pytest.raises(ShockError, match="a delay ends suddenly, but its recovery is 'linear'"):
        DelayShock(delay_days=3, timing=gradual)


@pytest.mark.parametrize("day", [-1, 0.5, math.nan])
def test_an_inventory_shock_on_no_day_of_the_run_is_refused(day: float) -> None:
    with pytest.raises(ShockError, match="the day of an inventory shock must be a whole number from 0"):
        InventoryShock(loss=0.5, day=day)  # type: ignore[arg-type] # wrong on purpose


def test_shocks_with_equal_attributes_are_equal() -> None:
    assert CapacityShock(target=Target(regions=["JPN"]), loss=0.5) == CapacityShock(  # type: ignore[arg-type] # a list will do
        target=Target(regions=("JPN",)), loss=0.5
    )
