from __future__ import annotations

import pytest

from tenon.web.audit.selectors import chain_names, find_fault
from tenon.web.config.demo import fill
from tenon.web.organizations.models import Membership
from tenon.web.rooms.models import Finding
from tenon.web.rooms.rules import FindingState
from tenon.web.rooms.selectors import findings_for
from tests.web.worlds import PASSWORD, viewer

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> dict[str, Membership]:
    return {user.email.partition("@")[0]: Membership.objects.get(user=user) for user in fill(PASSWORD)}


def test_the_world_shows_hazards_at_every_stage(people: dict[str, Membership]) -> None:
    assert len(people) == 18
    states = set(Finding.objects.values_list("state", flat=True))
    assert states == set(FindingState) - {FindingState.REJECTED, FindingState.DUPLICATE}
    assert all(find_fault(name) is None for name in chain_names())


def test_everybody_sees_their_part_of_it(people: dict[str, Membership]) -> None:
    seen = {name: findings_for(viewer(member)).count() for name, member in people.items()}
    assert seen["lin"] > seen["sari"] > seen["budi"] > 0
    assert seen["weber"] == 6  # two of its own sight: its own and the one shared with it; and what all see
