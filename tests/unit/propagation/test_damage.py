"""Damage to capital: a share of it, or amounts by agent, in any unit, never more than there is."""

from __future__ import annotations

import re
import warnings
from typing import Any

import numpy as np
import pytest

from tenon.propagation import Parameters, propagate
from tenon.schema import CapitalShock, LabelError, Reconstruction, ShockError, Target, TenonWarning
from tests.unit.propagation.samples import BREAD, bread, during, quietly, scenario, values

REBUILT = Reconstruction(sectors={"bread": 1.0}, days=5.0)


def lost(*shocks: CapitalShock, network: Any = BREAD) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return the capital lost on day 1."""
    found: np.ndarray[tuple[int, ...], np.dtype[np.float64]]
    found = values(quietly(network, scenario(*shocks)), "capital_lost")[1]
    return found


@pytest.mark.parametrize("reconstruction", [None, REBUILT])
def test_a_share_of_the_capital_of_a_target_is_lost(reconstruction: Reconstruction | None) -> None:
    shock = CapitalShock(target=Target(regions=("A",)), loss=0.25, reconstruction=reconstruction, timing=during(1, 5))
    np.testing.assert_allclose(lost(shock), [25, 20, 0])
    capacity = values(quietly(BREAD, scenario(shock)), "capacity")[1]
    np.testing.assert_allclose(capacity, [15, 22.5, 40])


@pytest.mark.parametrize("reconstruction", [None, REBUILT])
def test_damage_by_agent_is_in_its_own_unit(reconstruction: Reconstruction | None) -> None:
    shock = CapitalShock(
        damage={"bakery": 0.03, "farm": 0.05}, damage_unit=1000.0, reconstruction=reconstruction, timing=during(1, 5)
    )
    np.testing.assert_allclose(lost(shock), [50, 0, 30])
    np.testing.assert_allclose(lost(shock, network=bread(unit=1000.0)), [0.05, 0, 0.03])


def test_losses_of_several_shocks_add_up() -> None:
    shocks = [CapitalShock(damage={"farm": 20.0}, reconstruction=plan, timing=during(1, 9)) for plan in (None, REBUILT)]
    np.testing.assert_allclose(lost(*shocks), [40, 0, 0])
    capacity = values(quietly(BREAD, scenario(*shocks)), "capacity")[1]
    np.testing.assert_allclose(capacity, [12, 30, 40])


def test_damage_of_an_unknown_agent_is_refused_with_the_nearest() -> None:
    hit = scenario(CapitalShock(damage={"mil": 1.0}))
    with pytest.raises(
        LabelError, match=r"scenario 'sample' damages 'mil', which does not exist; did you mean 'mill'\?"
    ):
        propagate(BREAD, hit, Parameters())


def test_damage_above_the_capital_is_refused_with_both_figures() -> None:
    message = re.escape(
        "the damage to 'mill' in scenario 'sample' is 81, more than its capital of 80 (in units of 1 EUR); "
        "check damage_unit."
    )
    with pytest.raises(ShockError, match=message):
        propagate(BREAD, scenario(CapitalShock(damage={"farm": 1.0, "mill": 81.0})), Parameters())


def test_all_of_the_capital_may_be_lost() -> None:
    hit = scenario(CapitalShock(damage={"mill": 80.0}, timing=during(1, 3)))
    assert values(quietly(BREAD, hit), "production")[1, 1] == 0.0


def test_damage_outside_the_target_is_refused() -> None:
    """The target says whose capital is meant; a damage elsewhere is a slip of the pen."""
    shock = CapitalShock(target=Target(agents=("mill",)), damage={"farm": 10.0})
    with pytest.raises(ShockError, match="'farm'"):
        propagate(BREAD, scenario(shock), Parameters())


@pytest.mark.parametrize("first", [None, REBUILT])
@pytest.mark.parametrize("second", [None, REBUILT])
def test_damages_that_together_exceed_the_capital_are_refused(
    first: Reconstruction | None, second: Reconstruction | None
) -> None:
    shocks = [
        CapitalShock(damage={"farm": 70.0}, reconstruction=plan, timing=during(day, 9))
        for day, plan in ((1, first), (3, second))
    ]
    with pytest.raises(
        ShockError, match="overlap on day 3 take 140% from 'farm'; together they may take at most 100 %"
    ):
        propagate(BREAD, scenario(*shocks), Parameters())


@pytest.mark.parametrize("reconstruction", [None, REBUILT])
def test_an_agent_without_capital_loses_no_capacity_and_is_named(reconstruction: Reconstruction | None) -> None:
    network = bread(capital=np.array([100.0, 0.0, 0.0]))
    shock = CapitalShock(
        damage={"bakery": 5.0, "mill": 5.0, "farm": 5.0}, reconstruction=reconstruction, timing=during(1, 5)
    )
    message = (
        r"'mill' has no productive capital \(value added is not positive\), so its damage in scenario 'sample' costs "
        r"no capacity \(2 such industries\)\."
    )
    with pytest.warns(TenonWarning, match=message):
        result = propagate(network, scenario(shock), Parameters())
    np.testing.assert_allclose(values(result, "capacity")[1], [19, 30, 40])


def test_a_share_of_no_capital_is_no_damage_and_no_warning() -> None:
    network = bread(capital=np.zeros(3))
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message=".*no productive capital")
        result = propagate(network, scenario(CapitalShock(loss=0.5, timing=during(1, 5))), Parameters())
    np.testing.assert_allclose(values(result, "capacity")[1], BREAD.output)
