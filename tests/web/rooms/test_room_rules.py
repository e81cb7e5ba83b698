from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenon.web.organizations.rules import Capability
from tenon.web.rooms.room_rules import (
    PARTS,
    ROOM_EDGES,
    SIMILAR_FROM,
    Part,
    Power,
    RoomState,
    RoomStep,
    Traits,
    figures,
    holds_open,
    powers,
    room_steps,
    similarity,
    telling_words,
)
from tenon.web.rooms.rules import Channel, FindingState, Hazard, Severity

capabilities = st.frozensets(st.sampled_from(list(Capability)))
parts = st.none() | st.sampled_from(list(Part))
states = st.sampled_from(list(RoomState))
everything = frozenset(Capability)
traits = st.builds(
    Traits,
    st.sampled_from(list(Hazard)),
    st.sampled_from(list(Channel)),
    st.frozensets(st.sampled_from(["strait", "storm", "kiln", "海峡", "port"])),
)


def test_a_room_is_closed_only_when_it_is_stable() -> None:
    assert ROOM_EDGES[RoomStep.CLOSE].sources == {RoomState.STABLE}
    assert room_steps(RoomState.ACTIVE) == (RoomStep.STABILIZE,)
    assert {edge.target for edge in ROOM_EDGES.values()} == set(RoomState)


@given(part=parts, state=states, able=capabilities, more=capabilities, owns=st.booleans())
def test_who_can_do_more_never_may_do_less(
    part: Part | None, state: RoomState, able: frozenset[Capability], more: frozenset[Capability], owns: bool
) -> None:
    assert powers(part, state, able, owns=owns) <= powers(part, state, able | more, owns=owns)
    assert powers(part, state, able, owns=False) <= powers(Part.COMMANDER, state, able, owns=owns)


@given(part=parts, state=states, owns=st.booleans())
def test_a_part_without_capabilities_allows_nothing(part: Part | None, state: RoomState, owns: bool) -> None:
    assert powers(part, state, [], owns=owns) == frozenset()


@given(part=parts, able=capabilities, owns=st.booleans())
def test_a_closed_room_is_silent(part: Part | None, able: frozenset[Capability], owns: bool) -> None:
    assert powers(part, RoomState.CLOSED, able, owns=owns) <= {Power.STEER, Power.HAND_OVER}


def test_only_the_commander_steers_and_decides_about_people() -> None:
    for part in [None, Part.SCRIBE, Part.LIAISON, Part.OBSERVER]:
        given_to = powers(part, RoomState.ACTIVE, everything, owns=False)
        assert not given_to & {Power.STEER, Power.PEOPLE, Power.HAND_OVER}
    assert powers(Part.COMMANDER, RoomState.ACTIVE, everything, owns=False) == frozenset(Power)
    assert powers(Part.OBSERVER, RoomState.ACTIVE, everything, owns=False) == frozenset()


def test_the_owner_can_always_name_another_commander() -> None:
    assert powers(None, RoomState.ACTIVE, [Capability.COMMAND], owns=True) == {Power.HAND_OVER}
    assert powers(None, RoomState.ACTIVE, [Capability.COMMENT], owns=True) == frozenset()


def test_a_part_asks_for_what_it_does() -> None:
    assert PARTS[Part.COMMANDER] is Capability.COMMAND
    assert PARTS[Part.OBSERVER] is Capability.READ


@pytest.mark.parametrize("state", list(FindingState))
def test_must_findings_hold_a_room_until_they_are_verified_or_no_findings_at_all(state: FindingState) -> None:
    over = {FindingState.VERIFIED, FindingState.CLOSED, FindingState.REJECTED, FindingState.DUPLICATE}
    assert holds_open(Severity.SERIOUS, state) is (state not in over)
    assert not holds_open(Severity.MODERATE, state)


@given(st.lists(st.tuples(st.sampled_from(list(Severity)), st.sampled_from(list(FindingState)))))
def test_figures_agree_with_each_other(findings: list[tuple[Severity, FindingState]]) -> None:
    counted = figures(findings)
    assert counted.verified <= counted.eliminated <= counted.counted <= len(findings)
    assert counted.holding <= counted.musts <= counted.counted
    assert 0 <= counted.rate <= 100
    assert counted.holding == sum(holds_open(*finding) for finding in findings)


def test_without_findings_everything_is_eliminated() -> None:
    assert figures([]).rate == 100


@given(one=traits, other=traits)
def test_similarity_is_the_same_both_ways_and_greatest_with_itself(one: Traits, other: Traits) -> None:
    assert similarity(one, other) == similarity(other, one)
    assert 0 <= similarity(one, other) <= max(similarity(one, one), similarity(other, other)) <= 1


def test_what_has_nothing_in_common_is_not_similar() -> None:
    one = Traits(Hazard.FIRE, Channel.PLANT, frozenset({"kiln"}))
    assert similarity(one, Traits(Hazard.CYBER, Channel.POST, frozenset({"kiosk"}))) == 0
    assert similarity(one, Traits(Hazard.CYBER, Channel.PLANT, frozenset({"mill"}))) < SIMILAR_FROM
    assert similarity(one, Traits(Hazard.FIRE, Channel.PLANT, frozenset())) >= SIMILAR_FROM


def test_words_are_found_in_both_languages() -> None:
    assert telling_words("Typhoon: the port was CLOSED, it is on fire") == {"typhoon", "port", "closed", "fire"}
    assert telling_words("台风,港口") == {"台风", "港口"}
    assert telling_words("第12号 of 2026") == frozenset()
