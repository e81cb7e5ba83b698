from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from tenon.web.organizations import services as organizations
from tenon.web.organizations import sharing
from tenon.web.organizations.rules import Hidden, Marking, Profile, Reach
from tenon.web.rooms import room_services
from tenon.web.rooms.models import Room, RoomEntry
from tenon.web.rooms.room_rules import Part
from tenon.web.rooms.room_study_selectors import attachable_studies, studies_in, study_shares_of
from tenon.web.rooms.room_study_services import attach_study
from tenon.web.runs.models import Study
from tests.web.runs.building import asked
from tests.web.worlds import client_of, member, organization, room, viewer

pytestmark = pytest.mark.django_db


class World:
    """A plant with a room and a study, a port in the room, and a bank outside."""

    def __init__(self) -> None:
        self.plant, self.port = organization("Plant"), organization("Port")
        self.lead_member, self.port_member = member(self.plant, "coordinator"), member(self.port, "coordinator")
        self.analyst = member(self.plant, "analyst")
        self.room: Room = room(self.plant, viewer(self.lead_member))
        self.study: Study = asked(viewer(self.lead_member), self.plant, title="Secret chain")
        room_services.bring_in(self.lead, self.room, self.port)
        room_services.send(self.harbor, self.room, self.port_member.user, self.port, Part.LIAISON)

    @property
    def lead(self) -> Any:
        return viewer(self.lead_member)

    @property
    def harbor(self) -> Any:
        return viewer(self.port_member)


@pytest.fixture
def world() -> World:
    return World()


def test_an_attached_study_is_read_in_the_room_without_what_is_kept_back(world: World) -> None:
    assert studies_in(world.harbor, world.room) == []
    attach_study(world.lead, world.room, world.study, [Hidden.COST])
    assert studies_in(world.harbor, world.room) == [world.study]
    assert studies_in(viewer(member(organization("Bank"), "administrator")), world.room) == []
    (share,) = study_shares_of(world.room)
    assert share.hides == ["cost"]
    entry = RoomEntry.objects.get(room=world.room, change="study attached")
    assert entry.text == ""  # nobody learns a title from the timeline
    with pytest.raises(ValidationError, match="belongs to the room already"):
        attach_study(world.lead, world.room, world.study)


def test_taking_its_share_back_takes_a_study_out_of_the_room(world: World) -> None:
    attach_study(world.lead, world.room, world.study)
    world.study.refresh_from_db()
    sharing.revoke(world.lead, world.study, study_shares_of(world.room).get())
    assert studies_in(world.harbor, world.room) == []
    assert world.study in attachable_studies(world.lead, world.room)


def test_only_who_has_a_part_and_may_share_attaches(world: World) -> None:
    with pytest.raises(PermissionDenied, match="part in this room"):
        attach_study(viewer(world.analyst), world.room, world.study)
    with pytest.raises(PermissionDenied, match="share this"):
        attach_study(world.harbor, world.room, world.study)
    assert world.study not in attachable_studies(world.harbor, world.room)
    assert not study_shares_of(world.room).exists()


def test_earlier_shares_do_not_come_alive_by_attaching(world: World) -> None:
    bank = organization("Bank")
    sharing.set_reach(world.lead, world.study, Reach.GROUP, Marking.AMBER)
    sharing.share(world.lead, world.study, bank, Profile.READ)
    sharing.set_reach(world.lead, world.study, Reach.ORGANIZATION, Marking.AMBER)
    with pytest.raises(ValidationError, match="Widen the reach"):
        attach_study(world.lead, world.room, world.study)


def test_a_ceiling_keeps_a_study_from_an_organization_in_the_room(world: World) -> None:
    attach_study(world.lead, world.room, world.study)
    administrator = viewer(member(world.plant, "administrator"))
    organizations.set_ceiling(administrator, world.plant, world.port, Marking.GREEN)
    assert studies_in(world.harbor, world.room) == []


def test_the_page_of_a_room_offers_and_lists_studies(world: World) -> None:
    client, address = client_of(world.lead_member), reverse("room", args=[world.room.pk])
    assert "Secret chain" in client.get(address).content.decode()
    sent = {"action": "attach study", "study": str(world.study.pk), "hides": ["cost", "names"]}
    assert client.post(address, sent).status_code == 302
    harbor = client_of(world.port_member).get(address).content.decode()
    assert f"/studies/{world.study.pk}/" in harbor
    assert "attached a study" in harbor
    other = asked(viewer(world.port_member), world.port, title="Of the port")
    refused = client.post(address, {"action": "attach study", "study": str(other.pk)})
    assert refused.status_code == 200
    assert studies_in(world.lead, world.room) == [world.study]
