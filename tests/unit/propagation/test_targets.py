"""A target means the agents that its labels say, and unknown labels are refused with the nearest."""

from __future__ import annotations

import re

import numpy as np
import pytest

from tenon.propagation import Parameters, propagate
from tenon.schema import CapacityShock, LabelError, ShockError, Target
from tests.strategies import relabelled
from tests.unit.propagation.samples import BREAD, during, quietly, scenario, values


@pytest.mark.parametrize(
    ("target", "hit"),
    [
        (Target(), "farm mill bakery"),
        (Target(regions=("A",)), "farm mill"),
        (Target(regions=("B",)), "bakery"),
        (Target(sectors=("grain", "bread")), "farm bakery"),
        (Target(regions=("A",), sectors=("flour", "bread")), "mill"),
        (Target(agents=("bakery", "farm")), "farm bakery"),
        (Target(regions=("north",)), "farm mill"),
        (Target(sectors=("food", "grain")), "farm mill bakery"),
        (Target(agents=("south firms",)), "bakery"),
    ],
)
def test_a_target_means_these_agents(target: Target, hit: str) -> None:
    groups = {"north": ("A",), "food": ("flour", "bread"), "south firms": ("bakery",)}
    shock = CapacityShock(target=target, loss=0.5, timing=during(1, 1))
    capacity = values(quietly(BREAD, scenario(shock, days=2, groups=groups)), "capacity")[1]
    lost = [agent for agent, share in zip(BREAD.agents, capacity / BREAD.output, strict=True) if share < 0.9]
    assert " ".join(lost) == hit


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (Target(regions=("AA",)), "names the region 'AA', which does not exist; did you mean 'A'?"),
        (Target(sectors=("bred",)), "names the sector 'bred', which does not exist; did you mean 'bread'?"),
        (Target(agents=("bakry",)), "names the agent 'bakry', which does not exist; did you mean 'bakery'?"),
        (Target(regions=("nrth",)), "names the region 'nrth', which does not exist; did you mean 'north'?"),
    ],
)
def test_an_unknown_label_is_refused_with_the_nearest(target: Target, message: str) -> None:
    hit = scenario(CapacityShock(target=target, loss=0.5), groups={"north": ("A",)})
    with pytest.raises(LabelError, match=re.escape(message)):
        propagate(BREAD, hit, Parameters())


def test_a_target_where_nobody_is_is_refused() -> None:
    hit = scenario(CapacityShock(target=Target(regions=("B",), sectors=("grain",)), loss=0.5))
    message = "a shock of scenario 'sample' aims at grain in B, where nobody is; widen its target."
    with pytest.raises(ShockError, match=message):
        propagate(BREAD, hit, Parameters())


def test_agents_may_stand_in_any_order_in_the_network() -> None:
    """Inside the engine agents are sorted by product; records come in the order of the network."""
    order = np.array([2, 0, 1])
    hit = scenario(CapacityShock(target=Target(agents=("mill",)), loss=0.5, timing=during(1, 1)), days=3)
    capacity = values(quietly(relabelled(BREAD, order), hit), "capacity")
    np.testing.assert_allclose(capacity, values(quietly(BREAD, hit), "capacity")[:, order])
