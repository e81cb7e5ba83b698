from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tenon.web.organizations.models import Membership, Organization
from tenon.web.organizations.rules import Profile
from tenon.web.rooms import room_services, room_work_services
from tenon.web.rooms.models import Room, RoomEntry, RoomFinding, RoomReport, RoomTask
from tenon.web.rooms.room_rules import EntryKind, Part, RoomState
from tenon.web.rooms.room_selectors import participants_of
from tests.web.worlds import ROOM, client_of, finding, member, organization, room, viewer

pytestmark = pytest.mark.django_db


class World:
    """A room of a plant with the port in it, and everything that a room can hold."""

    def __init__(self) -> None:
        self.plant, self.port = organization("Plant"), organization("Port")
        self.lead_member, self.port_member = member(self.plant, "coordinator"), member(self.port, "coordinator")
        self.room = room(self.plant, viewer(self.lead_member), title="Secret storm")
        room_services.bring_in(viewer(self.lead_member), self.room, self.port)
        room_services.send(viewer(self.port_member), self.room, self.port_member.user, self.port, Part.LIAISON)
        lead = viewer(self.lead_member)
        self.link = room_work_services.attach(
            lead, self.room, finding(self.plant, lead, title="Secret crack"), Profile.READ
        )
        room_work_services.write(lead, self.room, EntryKind.FACT, "Secret fact")
        there = participants_of(self.room)[0]
        self.task = room_work_services.give_task(
            lead, self.room, "Secret task", there, timezone.now() + timedelta(days=1)
        )
        self.lead, self.harbor = client_of(self.lead_member), client_of(self.port_member)

    def send(self, client: Client, action: str, page: str = "room", **fields: Any) -> Any:
        self.room.refresh_from_db()
        sent = {"action": action, "version": self.room.version, **fields}
        return client.post(reverse(page, args=[self.room.pk]), sent)

    def addresses(self) -> list[str]:
        named = ["room", "room_timeline", "room_people", "close_room"]
        return [
            *(reverse(name, args=[self.room.pk]) for name in named),
            reverse("room_task", args=[self.room.pk, self.task.pk]),
            reverse("detach_from_room", args=[self.room.pk, self.link.pk]),
            reverse("room_report", args=[self.room.pk, 1]),
            reverse("long_room_report", args=[self.room.pk, 1]),
        ]


@pytest.fixture
def world() -> World:
    return World()


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_room_is_opened_from_a_page() -> None:
    client = client_of(member(organization("Plant"), "coordinator"))
    sent = {**ROOM, "since": "2026-11-30T08:00", "marking": "TLP:AMBER"}
    answer = client.post(reverse("new_room"), sent)
    made = Room.objects.get()
    assert answer.headers["Location"] == reverse("room", args=[made.pk])
    assert "Storm closes the strait" in text(client.get(answer.headers["Location"]))
    assert "Storm closes the strait" in text(client.get(reverse("rooms")))
    again = client.post(reverse("new_room"), {**sent, "title": "", "marking": "TLP:RED"})
    assert again.status_code == 200
    assert "No ship passes since the morning." in text(again)


def test_strangers_find_nothing_anywhere(world: World) -> None:
    world.send(world.lead, "report", assessment="Secret assessment")
    bank = organization("Bank")
    stranger = client_of(member(bank, "administrator"))
    own = room(bank, title="Own")
    for address in world.addresses():
        answer = stranger.get(address)
        assert answer.status_code == 404, address
        assert "Secret" not in text(answer)
        assert stranger.post(address, {"action": "message", "text": "Hello"}).status_code in {404, 405}
    for page in (reverse("rooms"), f"{reverse('rooms')}?search=Secret", reverse("room", args=[own.pk])):
        shown = text(stranger.get(page))
        for secret in ("Secret storm", "Secret crack", "Secret fact", "Secret task", "Secret assessment"):
            assert secret not in shown, (page, secret)
    assert Client().get(world.addresses()[0]).status_code == 302


def test_identifiers_of_other_rooms_are_not_there(world: World) -> None:
    other = room(world.plant, viewer(world.lead_member))
    for name, pk in (("room_task", world.task.pk), ("detach_from_room", world.link.pk)):
        assert world.lead.get(reverse(name, args=[other.pk, pk])).status_code == 404
        assert world.lead.post(reverse(name, args=[other.pk, pk]), {"reason": "x"}).status_code == 404
    world.send(world.lead, "affected", kind="lane", name="Strait")
    place = world.room.affected.get()
    swapped = world.lead.post(reverse("room", args=[other.pk]), {"action": "spare", "place": place.pk})
    assert swapped.status_code == 404
    there = participants_of(world.room)[1]
    for action in ("dismiss", "part"):
        sent = {"action": action, "participant": there.pk, "part": "observer"}
        assert world.lead.post(reverse("room_people", args=[other.pk]), sent).status_code == 404
    sent = {"action": "task", "title": "Theft", "due": "2026-12-01T08:00", "to": there.pk}
    assert world.lead.post(reverse("room", args=[other.pk]), sent).status_code == 200
    assert RoomTask.objects.count() == 1


@pytest.mark.parametrize(
    ("action", "page", "fields"),
    [
        ("decision", "room", {"text": "We decide", "reasons": "We like to"}),
        ("task", "room", {"title": "Do it", "due": "2026-12-01T08:00"}),
        ("affected", "room", {"kind": "lane", "name": "Strait"}),
        ("report", "room", {"assessment": "All is well"}),
        ("revise", "room", {"title": "Ours", "description": "Ours", "severity": 1, "reason": "Ours"}),
        ("stabilize", "room", {"reason": "Calm"}),
        ("bring in", "room_people", {}),
        ("hand over", "room_people", {"reason": "We lead"}),
        ("history", "room_people", {}),
    ],
)
def test_a_liaison_is_refused_what_the_part_does_not_allow(
    world: World, action: str, page: str, fields: dict[str, Any]
) -> None:
    there = {item.part: item.pk for item in participants_of(world.room)}
    bank = organization("Bank")
    choices = {"by": there["commander"], "to": there["liaison"], "participant": there["liaison"]}
    before = RoomEntry.objects.count()
    answer = world.send(world.harbor, action, page, **{**choices, "organization": bank.pk, **fields})
    assert answer.status_code == 403
    assert RoomEntry.objects.count() == before
    assert world.harbor.get(reverse("close_room", args=[world.room.pk])).status_code == 403


def test_a_look_without_a_part_offers_nothing_to_send(world: World) -> None:
    observer: Membership = member(world.port, "member")
    client = client_of(observer)
    page = text(client.get(reverse("room", args=[world.room.pk])))
    assert "You look in without a part" in page
    assert 'class="step"' not in page
    assert world.send(client, "message", text="Hello").status_code == 403


def test_the_life_of_a_room_from_pages(world: World) -> None:
    there = {item.part: item.pk for item in participants_of(world.room)}
    due = "2026-12-01T08:00"
    for client, action, fields in (
        (world.harbor, "message", {"text": "We are here"}),
        (world.lead, "fact", {"text": "Wind 11"}),
        (world.lead, "decision", {"text": "Wait", "reasons": "Wind", "alternatives": "Sail", "by": there["liaison"]}),
        (world.lead, "task", {"title": "Call", "due": due, "to": there["liaison"]}),
        (world.lead, "affected", {"kind": "lane", "name": "Makassar Strait"}),
        (world.lead, "report", {"assessment": "Two days"}),
    ):
        assert world.send(client, action, **fields).status_code == 302, action
    page = text(world.harbor.get(reverse("room", args=[world.room.pk])))
    for word in ("We are here", "Wind 11", "Also considered", "Makassar Strait", "Situation report 1"):
        assert word in page, word
    fragment = text(world.harbor.get(reverse("room_timeline", args=[world.room.pk])))
    assert "Wind 11" in fragment
    assert "<html" not in fragment
    short, long = (text(world.harbor.get(reverse(name, args=[world.room.pk, 1]))) for name in REPORTS)
    assert "Two days" in short
    assert "Wind 11" not in short
    assert "Wind 11" in long
    task = RoomTask.objects.get(title="Call")
    address = reverse("room_task", args=[world.room.pk, task.pk])
    done = {"action": "state", "version": 1, "state": "done", "note": "Called"}
    assert world.harbor.post(address, {**done, "note": ""}).status_code == 200
    assert world.harbor.post(address, done).status_code == 302
    assert world.harbor.post(address, {**done, "state": "open"}).status_code == 409
    assert world.send(world.lead, "stabilize", reason="Calm").status_code == 302
    close = reverse("close_room", args=[world.room.pk])
    world.room.refresh_from_db()
    sent = {"action": "close", "version": world.room.version, "happened": "Storm", "learnt": "Moor", "measures": ""}
    refused = world.lead.post(close, sent)
    assert "Secret crack" in text(refused)
    assert not RoomReport.objects.filter(closing=True).exists()
    detach = reverse("detach_from_room", args=[world.room.pk, world.link.pk])
    assert world.lead.post(detach, {"action": "detach", "reason": "Another matter"}).status_code == 302
    assert RoomFinding.objects.get().detached is not None
    assert world.lead.post(close, {**sent, "measures": "Second line\n\nSiren"}).status_code == 302
    world.room.refresh_from_db()
    assert world.room.state == RoomState.CLOSED
    page = text(world.lead.get(reverse("room", args=[world.room.pk])))
    assert "The closing report" in page
    assert "Siren" in page


REPORTS = ("room_report", "long_room_report")


def test_what_was_typed_comes_back_with_a_refusal(world: World) -> None:
    answer = world.send(world.lead, "decision", text="Typed with care", reasons="")
    assert answer.status_code == 200
    assert "Typed with care" in text(answer)
    world.room.refresh_from_db()
    stale = world.send(world.lead, "stabilize", reason="Typed too", version=world.room.version + 1)
    assert stale.status_code == 409
    assert "Typed too" in text(stale)
    assert world.send(world.lead, "nonsense").status_code == 404


def test_people_are_sent_brought_in_and_taken_out_from_pages(world: World) -> None:
    bank: Organization = organization("Bank")
    banker = client_of(member(bank, "coordinator"))
    assert world.send(world.lead, "bring in", "room_people", organization=bank.pk).status_code == 302
    address = reverse("room_people", args=[world.room.pk])
    page = text(banker.get(address))
    assert "Send somebody of your organization" in page
    joining = page.split('name="person"')[1].split('value="')[1].split('"')[0]
    assert world.send(banker, "send", "room_people", person=joining, part="liaison").status_code == 302
    there = participants_of(world.room).get(organization=bank)
    assert world.send(world.harbor, "dismiss", "room_people", participant=there.pk).status_code == 403
    commander = participants_of(world.room)[0]
    refused = world.send(world.lead, "dismiss", "room_people", participant=commander.pk)
    assert refused.status_code == 302
    assert "always has a commander" in text(world.lead.get(address))
    changed = world.send(world.lead, "part", "room_people", participant=there.pk, part="scribe")
    assert changed.status_code == 302
    left = world.send(banker, "take out", "room_people", organization=bank.pk)
    assert left.headers["Location"] == reverse("rooms")
    assert banker.get(address).status_code == 404


def test_the_ceiling_of_queries_does_not_grow_with_what_a_room_holds(
    world: World, django_assert_max_num_queries: Any
) -> None:
    lead = viewer(world.lead_member)
    for number in range(15):
        room_work_services.write(lead, world.room, EntryKind.FACT, f"Fact {number}")
        room_work_services.attach(lead, world.room, finding(world.plant, lead), Profile.READ)
        room(world.plant, lead)
    with django_assert_max_num_queries(45):
        world.lead.get(reverse("room", args=[world.room.pk]))
    with django_assert_max_num_queries(20):
        world.harbor.get(reverse("room_timeline", args=[world.room.pk]))
    with django_assert_max_num_queries(20):
        world.lead.get(reverse("rooms"))


def test_pages_are_shown_in_chinese_too(world: World) -> None:
    world.send(world.lead, "report", assessment="Two days")
    world.lead.cookies["django_language"] = "zh-hans"
    for address in world.addresses():
        assert world.lead.get(address).status_code == 200, address
