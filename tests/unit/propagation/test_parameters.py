"""Rules and figures are checked when they are made; presets are what they say."""

from __future__ import annotations

import math
from dataclasses import FrozenInstanceError
from types import MappingProxyType
from typing import Any

import numpy as np
import pytest

from tenon.propagation import (
    InventoryRule,
    OrderRule,
    Parameters,
    Quirk,
    RationingRule,
    RestockingGap,
    RestockingTarget,
    StockThreshold,
    boario_compatible,
    inoue_todo,
    propagate,
)
from tenon.schema import LabelError, ParameterError
from tests.unit.propagation.samples import BREAD, quietly, scenario, values


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"psi": 0.0}, r"psi must be a finite number above 0 and at most 1, but is 0\.0\."),
        ({"psi": 1.1}, r"psi must be a finite number above 0 and at most 1, but is 1\.1\."),
        ({"psi": math.nan}, r"psi must be a finite number above 0 and at most 1, but is nan\."),
        ({"restocking_days": 0.5}, r"restocking_days must be a finite number at least 1, but is 0\.5\."),
        ({"restocking_days": {"grain": 0.5}}, r"restocking_days.* must be a finite number at least 1, but is 0\.5\."),
        ({"restocking_days": math.inf}, r"restocking_days must be a finite number at least 1, but is inf\."),
        ({"overproduction_base": 0.9}, r"overproduction_base must be a finite number at least 1, but is 0\.9\."),
        ({"overproduction_max": 0.9}, r"overproduction_max must be a finite number at least 1, but is 0\.9\."),
        (
            {"overproduction_base": 1.2, "overproduction_max": 1.1},
            r"overproduction_max must be a finite number at least 1\.2, but is 1\.1\.",
        ),
        ({"overproduction_days": 0.0}, r"overproduction_days must be a finite number above 0, but is 0\.0\."),
        ({"least_coefficient": -1e-9}, r"least_coefficient must be a finite number at least 0, but is -1e-09\."),
        ({"scarcity_tolerance": -1.0}, r"scarcity_tolerance must be a finite number at least 0, but is -1\.0\."),
        ({"criticality": {"flour": {"grain": 0.3}}}, "criticality of 'grain' for 'flour' must be 0, 0.5 or 1, but is"),
        ({"criticality": {"flour": {"grain": math.nan}}}, "criticality of 'grain' for 'flour' must be 0, 0.5 or 1"),
        (
            {"order_rule": "random"},
            "order_rule must be one of 'fixed_shares', 'capacity_weighted', 'supply_weighted', but is",
        ),
        ({"inventory_rule": ""}, "inventory_rule must be one of 'per_product', 'per_link', but is ''"),
        ({"rationing": "none"}, "rationing must be one of 'proportional', 'final_demand_last', 'smallest_order_first'"),
        ({"stock_threshold": "x"}, "stock_threshold must be one of 'share_of_target', 'day_of_use', but is 'x'"),
        ({"restocking_target": "x"}, "restocking_target must be one of 'attainable_output', 'production', 'undist"),
        ({"restocking_gap": "x"}, "restocking_gap must be one of 'floored', 'signed', 'position', but is 'x'"),
        ({"important_inputs": "x"}, "important_inputs must be one of 'stop_production', 'halve_production', 'do_noth"),
        ({"quirks": {"slow"}}, "quirks must be one of 'stocks_frozen_when_close', .*, but is 'slow'"),
    ],
)
def test_a_figure_out_of_its_range_is_refused_by_name(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        Parameters(**changes)


def test_plain_words_become_rules() -> None:
    rules = Parameters(order_rule="fixed_shares", quirks={"rounded_damage"})  # type: ignore[arg-type] # plain words are accepted
    assert rules.order_rule is OrderRule.FIXED_SHARES
    assert rules.quirks == {Quirk.ROUNDED_DAMAGE}


def test_rules_do_not_change_after_they_were_made() -> None:
    with pytest.raises(FrozenInstanceError):
        Parameters().psi = 0.5  # type: ignore[misc] # refused, as the test says


def test_the_defaults_are_those_of_the_documentation() -> None:
    rules = Parameters()
    assert (rules.psi, rules.restocking_days, rules.overproduction_max, rules.overproduction_days) == (
        0.8,
        60.0,
        1.25,
        365.0,
    )
    assert rules.order_rule is OrderRule.CAPACITY_WEIGHTED
    assert rules.rationing is RationingRule.PROPORTIONAL
    assert rules.restocking_gap is RestockingGap.FLOORED
    assert not rules.quirks


def test_the_preset_for_firms_is_the_model_of_inoue_and_todo() -> None:
    rules = inoue_todo()
    assert rules.inventory_rule is InventoryRule.PER_LINK
    assert rules.order_rule is OrderRule.FIXED_SHARES
    assert rules.rationing is RationingRule.SMALLEST_ORDER_FIRST
    assert rules.stock_threshold is StockThreshold.DAY_OF_USE
    assert rules.restocking_target is RestockingTarget.PRODUCTION
    assert rules.restocking_gap is RestockingGap.SIGNED
    assert rules.restocking_days == 6
    assert rules.overproduction_max == 1


def test_the_presets_hand_their_arguments_on() -> None:
    rules = boario_compatible(psi=0.5, restocking_days=7.0, overproduction_max=1.1, overproduction_days=9.0)
    assert (rules.psi, rules.restocking_days, rules.overproduction_max, rules.overproduction_days) == (0.5, 7, 1.1, 9)
    assert boario_compatible(order_rule=OrderRule.FIXED_SHARES).order_rule is OrderRule.FIXED_SHARES
    firms = inoue_todo(rationing=RationingRule.PROPORTIONAL, restocking_gap=RestockingGap.FLOORED, restocking_days=9.0)
    assert (firms.rationing, firms.restocking_gap, firms.restocking_days) == ("proportional", "floored", 9)


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        (
            Parameters(restocking_days={"grian": 9.0}),
            r"restocking_days names the product 'grian', which the network lacks; did you mean 'grain'\?",
        ),
        (
            Parameters(criticality={"floor": {"grain": 0.0}}),
            r"criticality names the product 'floor', which the network lacks; did you mean 'flour'\?",
        ),
        (
            Parameters(criticality={"flour": {"grian": 0.0}}),
            r"criticality names the product 'grian', which the network lacks; did you mean 'grain'\?",
        ),
    ],
)
def test_an_unknown_product_is_refused_with_the_nearest(rules: Parameters, message: str) -> None:
    with pytest.raises(LabelError, match=message):
        propagate(BREAD, scenario(), rules)


def test_restocking_times_may_come_in_any_mapping() -> None:
    plain, proxy = (Parameters(restocking_days=days) for days in ({"grain": 9.0}, MappingProxyType({"grain": 9.0})))
    runs = [values(quietly(BREAD, scenario(), rules), "production") for rules in (plain, proxy)]
    np.testing.assert_array_equal(runs[0], runs[1])
