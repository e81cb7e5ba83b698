from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenon.web.organizations.rules import (
    MARKINGS,
    PERMISSIONS,
    Capability,
    Given,
    Hidden,
    Marking,
    MembershipState,
    Permission,
    Profile,
    Reach,
    Standing,
    hidden_parts,
    may_grant,
    membership_may_become,
    permissions,
    reach_allowed,
    stricter,
)

NOW = datetime(2026, 11, 30, tzinfo=UTC)
EVERYTHING = frozenset(Capability)
given_shares = st.builds(
    Given,
    profile=st.sampled_from(list(Profile)),
    granted=st.just(NOW),
    member_since=st.none() | st.sampled_from([NOW - timedelta(days=1), NOW + timedelta(days=1)]),
    hides=st.frozensets(st.sampled_from(list(Hidden))),
)
standings = st.builds(
    Standing,
    owns=st.booleans(),
    named=st.booleans(),
    reach=st.sampled_from(list(Reach)),
    marking=st.sampled_from(list(Marking)),
    shares=st.lists(given_shares, max_size=3).map(tuple),
    ceiling=st.sampled_from(list(Marking)),
)


@given(standings, st.frozensets(st.sampled_from(list(Capability))))
def test_whoever_may_do_anything_may_read(standing: Standing, capabilities: frozenset[Capability]) -> None:
    allowed = permissions(standing, capabilities)
    assert not allowed or Permission.READ in allowed
    if Capability.READ not in capabilities:
        assert not allowed


@given(standings)
def test_a_stricter_marking_never_allows_more(standing: Standing) -> None:
    for looser, strict in zip(MARKINGS[1:], MARKINGS[:-1], strict=True):
        one, other = replace(standing, marking=looser), replace(standing, marking=strict)
        assert permissions(other, EVERYTHING) <= permissions(one, EVERYTHING)


@given(standings, st.frozensets(st.sampled_from(list(Capability))), st.sampled_from(list(Capability)))
def test_one_capability_more_never_allows_less(
    standing: Standing, capabilities: frozenset[Capability], more: Capability
) -> None:
    assert permissions(standing, capabilities) <= permissions(standing, capabilities | {more})


@given(standings)
def test_only_the_owner_deletes(standing: Standing) -> None:
    if not standing.owns:
        assert Permission.DELETE not in permissions(standing, EVERYTHING)


def test_to_contribute_is_not_to_delete_nor_to_share() -> None:
    assert PERMISSIONS[Profile.CONTRIBUTE] & {Permission.DELETE, Permission.SHARE, Permission.VERIFY} == frozenset()
    assert Permission.EDIT not in PERMISSIONS[Profile.VERIFY]


def test_red_is_seen_by_named_people_alone_even_at_home() -> None:
    own = Standing(owns=True, named=False, reach=Reach.ORGANIZATION, marking=Marking.RED)
    assert permissions(own, EVERYTHING) == frozenset()
    named = Standing(owns=True, named=True, reach=Reach.ORGANIZATION, marking=Marking.RED)
    assert Permission.READ in permissions(named, EVERYTHING)


@given(standings)
def test_strict_amber_never_leaves_the_organization(standing: Standing) -> None:
    if not standing.owns and standing.marking in {Marking.RED, Marking.AMBER_STRICT}:
        assert permissions(standing, EVERYTHING) == frozenset()


@given(standings, given_shares)
def test_the_most_restrictive_share_decides_what_is_kept_back(standing: Standing, more: Given) -> None:
    wider = Standing(
        standing.owns, standing.named, standing.reach, standing.marking, (*standing.shares, more), standing.ceiling
    )
    if any(share.counts for share in standing.shares):
        assert hidden_parts(standing) <= hidden_parts(wider)
    if standing.owns:
        assert hidden_parts(wider) == frozenset()


@pytest.mark.parametrize(
    ("marking", "reaches"),
    [
        (Marking.RED, {Reach.ORGANIZATION}),
        (Marking.AMBER_STRICT, {Reach.ORGANIZATION}),
        (Marking.AMBER, {Reach.ORGANIZATION, Reach.GROUP, Reach.ROOM}),
        (Marking.GREEN, set(Reach)),
        (Marking.CLEAR, set(Reach)),
    ],
)
def test_a_marking_limits_the_reach(marking: Marking, reaches: set[Reach]) -> None:
    assert {reach for reach in Reach if reach_allowed(reach, marking)} == reaches


def test_markings_are_ordered() -> None:
    assert stricter(Marking.RED, Marking.AMBER_STRICT)
    assert stricter(Marking.AMBER_STRICT, Marking.AMBER)
    assert not stricter(Marking.GREEN, Marking.GREEN)


def test_nobody_gives_what_they_do_not_have() -> None:
    assert may_grant(EVERYTHING, EVERYTHING)
    assert not may_grant(EVERYTHING - {Capability.EXPORT}, {Capability.EXPORT})
    assert not may_grant(EVERYTHING - {Capability.ADMINISTER}, {Capability.READ})


def test_an_ended_membership_stays_ended() -> None:
    assert not any(membership_may_become(MembershipState.ENDED, state) for state in MembershipState)
    assert membership_may_become(MembershipState.SUSPENDED, MembershipState.ACTIVE)
    assert not membership_may_become(MembershipState.AWAITING_CONSENT, MembershipState.SUSPENDED)
