"""Each page asks the database a fixed number of questions, however much there is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tenon.web.organizations import sharing
from tenon.web.organizations.models import Organization
from tenon.web.organizations.policies import Viewer
from tenon.web.organizations.rules import Profile
from tenon.web.rooms import room_work_services
from tenon.web.rooms.models import Alert, Finding, Room
from tenon.web.rooms.room_rules import EntryKind
from tenon.web.rooms.services import acting
from tests.web.worlds import client_of, finding, member, organization, room, viewer

pytestmark = pytest.mark.django_db

_GREEN = {"marking": "TLP:GREEN"}
# At most so many questions where nothing is remembered, and where nothing changed since.
CEILINGS: dict[str, tuple[int, int]] = {
    "findings": (16, 11),
    "findings narrowed": (16, 11),
    "findings searched": (16, 11),
    "findings, page 2": (16, 11),
    "findings_map": (14, 10),
    "findings_ledger": (18, 10),
    "rooms": (18, 14),
    "room": (33, 24),
    "home": (24, 14),
}
ADDRESSES: dict[str, tuple[str, dict[str, Any]]] = {
    "findings narrowed": ("findings", {"state": "open", "severity": "2", "channel": "plant"}),
    "findings searched": ("findings", {"search": "kiln shell"}),
    "findings, page 2": ("findings", {"page": "2"}),
}


@dataclass
class Crowd:
    """A plant that can be filled, with somebody who looks."""

    plant: Organization
    neighbor: Organization
    lead: Viewer
    other: Viewer
    client: Client
    room: Room

    def fill(self, count: int) -> None:
        """Add findings of the plant and of a neighbor, shared with the plant, and what a room holds of them."""
        for number in range(count):
            made = finding(self.plant, self.lead, title=f"Kiln shell {number}", latitude=number, longitude=number)
            room_work_services.attach(self.lead, self.room, made, Profile.READ)
            room_work_services.write(self.lead, self.room, EntryKind.FACT, f"Fact {number}")
            room(self.plant, self.lead)
            self._tell(made)
        for number in range(4 * count):
            finding(self.neighbor, self.other, title=f"Kiln shell of others {number}", reach="community", **_GREEN)
        shared = finding(self.neighbor, self.other, reach="group", **_GREEN)
        sharing.share(self.other, shared, self.plant, Profile.COMMENT)

    def _tell(self, about: Finding) -> None:
        user_id, organization_id = acting(self.lead)
        Alert.objects.create(
            user_id=user_id,
            organization_id=organization_id,
            finding=about,
            kind="reported",
            key=str(about.pk),
            page=True,
        )

    def questions(self, page: str) -> tuple[int, int]:
        """Count what a page asks, first with nothing remembered, and then again."""
        name, wanted = ADDRESSES.get(page, (page, {}))
        address = reverse(name, args=[self.room.pk] if name == "room" else [])
        caches["remembered"].clear()
        return self._asked(address, wanted), self._asked(address, wanted)

    def _asked(self, address: str, wanted: dict[str, Any]) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert self.client.get(address, wanted).status_code == 200
        return len(asked)


@pytest.fixture
def crowd() -> Crowd:
    plant, neighbor = organization("Plant"), organization("Neighbor")
    lead_at = member(plant, "coordinator")
    lead = viewer(lead_at)
    other = viewer(member(neighbor, "coordinator"))
    crowd = Crowd(plant, neighbor, lead, other, client_of(lead_at), room(plant, lead))
    crowd.client.get(reverse("home"))  # the first page stores that the session is used
    crowd.lead = viewer(lead_at)  # in the room's group by now
    return crowd


def test_pages_ask_as_much_of_much_as_of_little(crowd: Crowd) -> None:
    crowd.fill(3)
    few = {page: crowd.questions(page) for page in CEILINGS}
    crowd.fill(13)
    many = {page: crowd.questions(page) for page in CEILINGS}
    few["findings, page 2"] = many["findings, page 2"]  # there was none
    assert many == few
    assert {page: asked for page, asked in many.items() if any(map(int.__gt__, asked, CEILINGS[page]))} == {}


def test_a_page_that_was_remembered_tells_what_changed_since(crowd: Crowd) -> None:
    crowd.fill(1)
    address = reverse("findings")
    assert "Burst hose" not in crowd.client.get(address).content.decode()
    finding(crowd.plant, crowd.lead, title="Burst hose")
    assert "Burst hose" in crowd.client.get(address).content.decode()
    assert "Burst hose" in crowd.client.get(address, {"search": "hose"}).content.decode()


def test_what_one_person_was_shown_is_not_remembered_for_another(crowd: Crowd) -> None:
    crowd.fill(1)
    stranger = client_of(member(organization("Stranger"), "coordinator"))
    for name in ("findings", "findings_map", "home"):
        assert "Kiln shell 0" in crowd.client.get(reverse(name)).content.decode()
        assert "Kiln shell 0" not in stranger.get(reverse(name)).content.decode()


def test_a_share_that_was_taken_back_is_gone_from_what_was_remembered(crowd: Crowd) -> None:
    made = finding(crowd.neighbor, crowd.other, reach="group", title="Leaking flange", **_GREEN)
    given = sharing.share(crowd.other, made, crowd.plant, Profile.READ)
    assert "Leaking flange" in crowd.client.get(reverse("findings")).content.decode()
    sharing.revoke(crowd.other, made, given)
    assert "Leaking flange" not in crowd.client.get(reverse("findings")).content.decode()
