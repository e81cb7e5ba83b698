"""The database's answer to "who sees what?" is that of the rules, on made-up worlds."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import NamedTuple

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tenon.web.accounts.models import User
from tenon.web.audit.rules import Actor
from tenon.web.organizations.models import GroupMembership, Organization, Share, SharingGroup
from tenon.web.organizations.policies import NOBODY, Viewer, standing_of, visible_to
from tenon.web.organizations.row_policies import looking_as
from tenon.web.organizations.rules import (
    Capability,
    Marking,
    Permission,
    Profile,
    Reach,
    permissions,
    reach_allowed,
)
from tenon.web.rooms.models import Finding
from tests.web.worlds import finding, member, organization, person, rolled_back, viewer

NOW = timezone.now()


class World(NamedTuple):
    everybody: list[Organization]
    group: SharingGroup
    user: User


@pytest.fixture
def world(request: pytest.FixtureRequest) -> World:
    """Two trees, a stranger, a group that holds one of each; findings are drawn by the tests."""
    request.getfixturevalue("db")
    steel = organization("Steel")
    mine = organization("Mine", steel)
    port = organization("Port")
    berth = organization("Berth", port)
    group = SharingGroup.objects.create(name_en="Nickel", owner=steel)
    GroupMembership.objects.create(group=group, organization=steel, since=NOW - timedelta(days=9))
    GroupMembership.objects.create(group=group, organization=port, since=NOW - timedelta(days=3))
    return World([steel, mine, port, berth], group, person())


shares = st.lists(
    st.tuples(
        st.sampled_from(["0", "1", "2", "3", "group", "user"]),
        st.sampled_from(list(Profile)),
        st.sampled_from([1, 5, 20]),
        st.booleans(),
    ),
    max_size=4,
)


def made(
    world: World,
    owner: Organization,
    reach: Reach,
    marking: Marking,
    given_to: list[tuple[str, Profile, int, bool]],
) -> Finding:
    item = Finding.objects.create(
        owner=owner,
        number=Finding.objects.count() + 1,
        title="x",
        level="part",
        channel="sea",
        hazard="other",
        source="page",
        reach=reach,
        marking=marking,
    )
    for receiver, profile, days, revoked in given_to:
        Share.objects.create(
            subject_kind="finding",
            subject_id=item.pk,
            organization=world.everybody[int(receiver)] if receiver.isdigit() else None,
            group=world.group if receiver == "group" else None,
            user=world.user if receiver == "user" else None,
            profile=profile,
            granted=NOW - timedelta(days=days),
            revoked=NOW if revoked else None,
        )
    return item


@given(
    owner=st.integers(0, 3),
    reach=st.sampled_from(list(Reach)),
    marking=st.sampled_from(list(Marking)),
    given_to=shares,
    acting=st.integers(0, 3),
    capabilities=st.sets(st.sampled_from(list(Capability))),
    named=st.booleans(),
    open_history=st.booleans(),
    ceiling=st.none() | st.sampled_from(list(Marking)),
)
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_lists_hold_exactly_what_the_rules_grant(  # budget: the parts of a world  # noqa: PLR0913, PLR0917 - the same
    world: World,
    owner: int,
    reach: Reach,
    marking: Marking,
    given_to: list[tuple[str, Profile, int, bool]],
    acting: int,
    capabilities: set[Capability],
    named: bool,
    open_history: bool,
    ceiling: Marking | None,
) -> None:
    everybody, group = world.everybody, world.group
    if not reach_allowed(reach, marking):
        reach = Reach.ORGANIZATION
    with rolled_back():
        item = made(world, everybody[owner], reach, marking, given_to)
        own = frozenset(part.pk for part in everybody if part.path.startswith(everybody[acting].path))
        since = {0: 9, 2: 3}.get(acting)
        looks = Viewer(
            actor=Actor(user_id=world.user.pk if named else uuid.UUID(int=1)),
            capabilities=frozenset(capabilities),
            own=own,
            groups={} if since is None else {group.pk: None if open_history else NOW - timedelta(days=since)},
            ceilings={} if ceiling is None else {everybody[owner].root_id: ceiling},
        )
        expected = permissions(standing_of(item, looks), looks.capabilities)
        for permission in Permission:
            listed = visible_to(Finding.objects.all(), looks, permission).filter(pk=item.pk).exists()
            assert listed == (permission in expected), (permission, expected)
        if connection.vendor == "postgresql":
            with looking_as(looks):
                assert Finding.objects.filter(pk=item.pk).exists() == (Permission.READ in expected), expected


@pytest.mark.django_db
def test_an_empty_group_reaches_nobody_but_its_owner() -> None:
    steel, port = organization("Steel"), organization("Port")
    empty = SharingGroup.objects.create(name_en="Empty", owner=steel)
    item = finding(steel, reach="group")
    Share.objects.create(subject_kind="finding", subject_id=item.pk, group=empty, profile=Profile.MANAGE)
    assert not visible_to(Finding.objects.all(), viewer(member(port, "administrator"))).exists()


@pytest.mark.django_db
def test_nobody_sees_nothing() -> None:
    finding(organization(), reach="community", marking="TLP:CLEAR")
    assert not visible_to(Finding.objects.all(), NOBODY).exists()
