from __future__ import annotations

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenon.web.rooms.availability_rules import (
    Arrangement,
    Capacity,
    Unit,
    adding,
    availability,
    best,
    capacity_of,
    expected,
    score,
    two_states,
)
from tenon.web.rooms.equipment_rules import Criticality

shares = st.floats(0.0, 1.0)
several = st.lists(shares, min_size=1, max_size=5)


def close(one: Capacity, other: Capacity) -> bool:
    levels = {*one, *other}
    return all(math.isclose(one.get(level, 0), other.get(level, 0), abs_tol=1e-9) for level in levels)


def test_hand_checks_of_textbooks() -> None:
    assert best([two_states(0.9)] * 3, 2)[1.0] == pytest.approx(0.972)
    lines = adding([two_states(0.9)] * 2, [0.5, 0.5])
    assert close(lines, {0.0: 0.01, 0.5: 0.18, 1.0: 0.81})
    assert close(best([lines, two_states(0.95)], 2), {0.0: 0.0595, 0.5: 0.171, 1.0: 0.7695})


@given(several, st.data())
def test_so_many_of_several_is_counted_state_by_state(chances: list[float], data: st.DataObject) -> None:
    needed = data.draw(st.integers(1, len(chances)))
    exact = 0.0
    for states in itertools.product([0, 1], repeat=len(chances)):
        if sum(states) >= needed:
            exact += math.prod(a if state else 1 - a for a, state in zip(chances, states, strict=True))
    found = best([two_states(a) for a in chances], needed)
    assert found.get(1.0, 0.0) == pytest.approx(exact, abs=1e-9)


@given(several)
def test_series_and_parallel_are_products(chances: list[float]) -> None:
    parts = [two_states(a) for a in chances]
    assert best(parts, len(parts)).get(1.0, 0.0) == pytest.approx(math.prod(chances), abs=1e-9)
    assert best(parts, 1).get(0.0, 0.0) == pytest.approx(math.prod(1 - a for a in chances), abs=1e-9)


trees = st.recursive(
    st.builds(Unit, availability=shares, criticality=st.sampled_from(list(Criticality))),
    lambda parts: st.builds(
        Unit,
        availability=shares,
        criticality=st.sampled_from(list(Criticality)),
        arrangement=st.sampled_from(list(Arrangement)),
        needed=st.integers(1, 4),
        share=st.none() | st.floats(0.05, 1.0),
        parts=st.lists(parts, min_size=1, max_size=4).map(tuple),
    ),
    max_leaves=12,
)


@given(trees)
def test_every_tree_gives_a_distribution(unit: Unit) -> None:
    found = capacity_of(unit)
    assert sum(found.values()) == pytest.approx(1, abs=1e-6)
    assert all(0 <= level <= 1 and 0 < probability <= 1 + 1e-9 for level, probability in found.items())
    assert expected(found) <= unit.availability + 1e-6
    assert len(found) <= 201


@given(trees, st.floats(0.0, 1.0))
def test_a_better_unit_never_makes_the_whole_worse(unit: Unit, gain: float) -> None:
    def better(one: Unit) -> Unit:
        up = one.availability + gain * (1 - one.availability)
        return Unit(up, one.criticality, one.arrangement, one.needed, one.share, tuple(map(better, one.parts)))

    assert expected(capacity_of(better(unit))) >= expected(capacity_of(unit)) - 1e-6


def test_what_does_not_matter_is_left_out() -> None:
    spare = Unit(0.1, Criticality.C)
    assert capacity_of(Unit(0.9, parts=(spare,))) == two_states(0.9)


def test_many_different_lines_keep_their_mean() -> None:
    lines = [Unit(0.9, share=1 / (17 + place)) for place in range(16)]
    found = capacity_of(Unit(arrangement=Arrangement.PARALLEL, parts=tuple(lines)))
    assert len(found) <= 201
    assert expected(found) == pytest.approx(sum(0.9 / (17 + place) for place in range(16)))


def test_equal_lines_carry_equal_shares() -> None:
    two = Unit(arrangement=Arrangement.PARALLEL, parts=(Unit(0.5), Unit(0.5)))
    assert close(capacity_of(two), {0.0: 0.25, 0.5: 0.5, 1.0: 0.25})


@given(st.floats(1, 1e5), st.floats(0.1, 1e4), st.lists(st.integers(1, 16), max_size=300))
def test_findings_only_ever_lower_availability(mtbf: float, mttr: float, priorities: list[int]) -> None:
    before, after = availability(mtbf, mttr), availability(mtbf, mttr, score(priorities))
    assert 0 < after <= before <= 1
    assert before == pytest.approx(mtbf / (mtbf + mttr))


def test_one_finding_of_the_highest_priority_doubles_the_failure_rate() -> None:
    assert availability(1000, 10, score([16])) == pytest.approx(500 / (500 + 10))
