"""Outages are found in the chain, or refused by name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tenon.schema import LabelError, Outage, Passages, ShockError
from tenon.schema.hits import lanes_of_passages, read_hits
from tests.chains import floats, positions
from tests.unit.vulnerability.test_outages import CHAIN


def outage(**changes: Any) -> Outage:
    return Outage(name="fire", **({"days": 5.0} | changes))


@pytest.mark.parametrize(
    ("outages", "error", "message"),
    [
        ((), ShockError, r"at least one outage is required, none came; every_site\(chain\)"),
        ((outage(sites=("S",)), outage(sites=("P",))), ShockError, "two outages are called 'fire'"),
        ((outage(sites=("s",)),), LabelError, "outage 'fire' names the site 's', which the chain lacks; did you mean"),
        ((outage(stages=("s @ P",)),), LabelError, "names the stage 's @ P', which the chain lacks"),
        ((outage(groups=("cost",)),), LabelError, "names the group 'cost'.*did you mean 'coast'"),
        ((outage(sites=("coast",)),), LabelError, "lacks; it has a group of that name, so list it under groups"),
        ((outage(lanes=("see",)),), LabelError, "names the lane 'see'.*did you mean 'sea'"),
        ((outage(passages=("channel",)),), LabelError, "names the passage 'channel'"),
    ],
)
def test_what_is_not_in_the_chain_is_refused(outages: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        read_hits(CHAIN, outages)


def test_a_part_of_something_unlimited_is_refused() -> None:
    unlimited = replace(CHAIN, stages=replace(CHAIN.stages, capacity=floats(np.inf, 10)))
    with pytest.raises(ShockError, match=r"takes 50% of 's @ S', which has no capacity; a part of something unlimited"):
        read_hits(unlimited, [outage(sites=("S",), loss=0.5)])
    lanes = replace(CHAIN.lanes, capacity=floats(np.inf, 5))
    unlimited = replace(CHAIN, lanes=lanes, supplies=replace(CHAIN.supplies, lane=positions(0)))
    with pytest.raises(ShockError, match=r"takes 25% of lane 'sea', where neither .* Give the lane a capacity"):
        read_hits(unlimited, [outage(lanes=("sea",), loss=0.25)])
    assert read_hits(unlimited, [outage(lanes=("sea",))])[0].kept == 0


def test_several_sites_take_the_longest_time_to_recover() -> None:
    sites = replace(CHAIN.sites, recovery_days=np.array([[1.0, 5.0, 6.0], [2.0, 3.0, 9.0]]))
    hit = read_hits(replace(CHAIN, sites=sites), [outage(groups=("coast",), days=None)])[0]
    assert hit.days.tolist() == [2, 5, 9]
    assert hit.stages.tolist() == [0, 1]


def test_a_passage_hits_all_its_lanes() -> None:
    assert read_hits(CHAIN, [outage(passages=("strait",))])[0].lanes.tolist() == [0, 1]


CLOSURES = replace(
    CHAIN,
    lanes=replace(CHAIN.lanes, closure_days=np.array([[1.0, 4.0, 20.0], [np.nan] * 3])),
    passages=Passages(labels=("strait",), closure_days=np.array([[2.0, 3.0, 30.0]])),
)


@pytest.mark.parametrize(
    ("named", "days"),
    [
        ({"lanes": ("sea",)}, [1, 4, 20]),
        ({"passages": ("strait",)}, [2, 3, 30]),
        ({"lanes": ("sea", "road"), "passages": ("strait", "canal")}, [2, 4, 30]),
        ({"lanes": ("road",), "sites": ("S",)}, [10, 10, 10]),
        ({"lanes": ("sea",), "sites": ("S",)}, [10, 10, 20]),
    ],
)
def test_what_has_no_time_of_its_own_lasts_as_long_as_the_rest(named: dict[str, Any], days: list[float]) -> None:
    assert read_hits(CLOSURES, [outage(days=None, **named)])[0].days.tolist() == days


@pytest.mark.parametrize("named", [{"lanes": ("road",)}, {"passages": ("canal",)}])
def test_an_outage_for_a_time_that_nobody_knows_is_refused(named: dict[str, Any]) -> None:
    with pytest.raises(ShockError, match=r"outage 'fire' of lanes or passages must say how many days .* Give days, or"):
        read_hits(CLOSURES, [outage(days=None, **named)])


def test_a_lane_that_names_a_passage_twice_is_closed_once() -> None:
    lanes = replace(CHAIN.lanes, passages=(("strait", "canal", "strait"), ("strait",)))
    assert lanes_of_passages(replace(CHAIN, lanes=lanes)) == {"strait": [0, 1], "canal": [0]}
