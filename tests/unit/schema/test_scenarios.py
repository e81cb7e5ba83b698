"""Scenarios refuse what has no name, no length or no member, and expand groups of labels."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest

from tenon.schema import CapacityShock, InventoryShock, LabelError, Scenario, ScenarioError, Target, Timing

REGIONS = ("CHN", "DEU", "FRA", "JPN")


def scenario(**changes: Any) -> Scenario:
    return Scenario(**{"name": "quake", "horizon_days": 30, "groups": {"europe": ("DEU", "FRA")}, **changes})


def test_lists_become_tuples_and_the_callers_mapping_is_copied() -> None:
    groups = {"europe": ["DEU"]}
    made = scenario(groups=groups, sources=["a paper"])
    groups["europe"].append("FRA")
    assert made.groups == {"europe": ("DEU",)}
    assert made.sources == ("a paper",)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": " "}, "a scenario needs a name; give it one word or a few."),
        (
            {"horizon_days": 0},
            "horizon_days of scenario 'quake' must be a whole number of at least 1, but is 0; a year",
        ),
        ({"horizon_days": 1.5}, "horizon_days of scenario 'quake' must be a whole number of at least 1, but is 1.5"),
        ({"horizon_days": math.nan}, "horizon_days of scenario 'quake' must be a whole number of at least 1, but is"),
        ({"groups": {"europe": ()}}, "group 'europe' of scenario 'quake' has no members; name at least one."),
    ],
)
def test_a_scenario_without_name_length_or_members_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ScenarioError, match=re.escape(message)):
        scenario(**changes)


def test_a_group_given_as_a_single_word_is_refused() -> None:
    with pytest.raises(LabelError, match="group 'europe' must be a list of labels, but is the single word 'DEU'"):
        scenario(groups={"europe": "DEU"})


@pytest.mark.parametrize(
    "shock",
    [CapacityShock(target=Target(), loss=0.5, timing=Timing(start_day=30)), InventoryShock(loss=0.5, day=30)],
)
def test_a_shock_after_the_end_is_refused(shock: Any) -> None:
    message = "shock 1 of scenario 'quake' starts on day 30, but the run ends after day 29; lengthen horizon_days"
    with pytest.raises(ScenarioError, match=re.escape(message)):
        scenario(shocks=[shock])


def test_groups_expand_to_their_members_once_in_the_order_of_mention() -> None:
    assert scenario().expand(["JPN", "europe", "DEU"], REGIONS, "region") == ("JPN", "DEU", "FRA")


def test_an_unknown_label_is_refused_with_the_nearest_label_or_group() -> None:
    message = "scenario 'quake' names the region 'europ', which does not exist; did you mean 'europe'?"
    with pytest.raises(LabelError, match=re.escape(message)):
        scenario().expand(["europ"], REGIONS, "region")


def test_an_unknown_member_of_a_group_is_refused() -> None:
    made = scenario(groups={"asia": ("CHN", "JAP")})
    with pytest.raises(LabelError, match=r"names the region 'JAP', which does not exist; did you mean 'JPN'\?"):
        made.expand(["asia"], REGIONS, "region")
