from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tenon.web.organizations.models import Membership, Organization
from tenon.web.organizations.rules import Capability, Profile
from tenon.web.rooms import room_services, room_work_services
from tenon.web.rooms.models import Participant, Room, RoomEntry, RoomTask
from tenon.web.rooms.room_rules import EntryKind, Part
from tenon.web.rooms.rules import Action
from tests.web.programs import Program, program_of
from tests.web.worlds import ROOM, finding, member, organization, room, viewer, walk

pytestmark = pytest.mark.django_db
CLOSE = {"action": "close", "happened": "The strait was closed.", "learnt": "Book earlier."}


def due(hours: int = 48) -> str:
    return (timezone.now() + timedelta(hours=hours)).isoformat()


class Corridor:
    """A plant that commands a room, and a port in it whose liaison takes part."""

    def __init__(self) -> None:
        self.plant, self.port = organization("Plant"), organization("Port")
        self.lead_at, self.liaison_at = member(self.plant, "coordinator"), member(self.port, "coordinator")
        self.lead, self.liaison = program_of(self.lead_at), program_of(self.liaison_at)
        self.by = viewer(self.lead_at)
        self.room = room(self.plant, self.by)
        self.by = viewer(self.lead_at)  # in the room's group from now on
        self.bring_in(self.port, self.liaison_at)
        self.path = f"/rooms/{self.room.pk}"

    def bring_in(self, of: Organization, who: Membership) -> None:
        room_services.bring_in(self.by, self.room, of)
        room_services.send(viewer(who), self.room, who.user, of, Part.LIAISON)

    def part_of(self, who: Membership) -> str:
        return str(Participant.objects.get(room=self.room, user=who.user, until=None).pk)


def test_a_room_goes_from_its_opening_to_its_closing_report_by_programs() -> None:
    program = program_of(member(organization("Plant"), "coordinator"))
    made = program("post", "/rooms", ROOM)
    assert (made.status_code, made["ETag"]) == (201, '"1"')
    path = f"/rooms/{made.json()['id']}"
    assert made["Location"] == f"/api/v1{path}"
    assert made.json()["part"] == "commander"
    assert made.json()["actions"] == ["stabilize"]
    me = program("get", f"{path}/participants").json()
    assert [item["part"] for item in me] == ["commander"]
    assert program("post", f"{path}/entries", {"text": "We wait"}).json()["kind"] == "message"
    assert program("post", f"{path}/entries", {"kind": "fact", "text": "12 ships wait"}).status_code == 201
    decided = program("post", f"{path}/decisions", {"text": "By rail", "reasons": "Five days faster"}).json()
    assert decided["decided_by"] == me[0]["person"]
    task = program("post", f"{path}/tasks", {"title": "Ask for wagons", "to": me[0]["id"], "due": due()})
    assert (task.status_code, task["ETag"]) == (201, '"1"')
    one = f"{path}/tasks/{task.json()['id']}"
    assert task["Location"] == f"/api/v1{one}"
    done = program("post", f"{one}/steps", {"action": "done", "note": "Forty"}, if_match='"1"')
    assert (done.json()["state"], done["ETag"], program("get", one)["ETag"]) == ("done", '"2"', '"2"')
    report = program("post", f"{path}/reports", {"assessment": "It holds."})
    assert report["Location"] == f"/api/v1{path}/reports/1"
    assert report.json()["content"]["title"] == ROOM["title"]
    stable = program("post", f"{path}/steps", {"action": "stabilize", "reason": "Ships pass"}, if_match='"1"')
    assert (stable.json()["state"], stable["ETag"]) == ("stable", '"2"')
    closed = program("post", f"{path}/steps", {**CLOSE, "measures": ["Contract with rail"]}, if_match='"2"')
    assert (closed.status_code, closed.json()["state"], closed.json()["actions"]) == (200, "closed", ["reopen"])
    assert [item["closing"] for item in program("get", f"{path}/reports").json()["items"]] == [True, False]
    assert program("get", f"{path}/reports/2").json()["learnt"] == "Book earlier."
    assert program("get", f"{path}/findings").json()["items"][0]["title"] == "Contract with rail"
    assert [item["text"] for item in program("get", f"{path}/decisions").json()["items"]] == ["By rail"]
    assert program("get", f"{path}/entries").json()["items"][-1]["change"] == "opened"


def test_a_change_needs_the_version_that_was_seen() -> None:
    here = Corridor()
    step, path = {"action": "stabilize", "reason": "x"}, f"{here.path}/steps"
    assert here.lead("post", path, step).status_code == 428
    for tag in ('"9"', "*", 'W/"1"'):
        assert here.lead("post", path, step, if_match=tag).status_code == 412
    task = room_work_services.give_task(
        here.by, here.room, "Ask", Participant.objects.get(user=here.liaison_at.user), timezone.now()
    )
    path = f"{here.path}/tasks/{task.pk}/steps"
    assert here.liaison("post", path, {"action": "done", "note": "x"}).status_code == 428
    assert here.liaison("post", path, {"action": "done", "note": "x"}, if_match='"2"').status_code == 412
    assert here.liaison("post", path, {"action": "done", "note": "x"}, if_match='"1"').status_code == 200
    hand = {"action": "hand on", "to": here.part_of(here.lead_at)}
    assert here.lead("post", path, hand, if_match='"2"').json()["organization"] == str(here.plant.pk)


def test_what_the_state_does_not_allow_is_a_conflict_and_what_a_field_lacks_is_not() -> None:
    here = Corridor()
    assert here.lead("post", f"{here.path}/steps", CLOSE, if_match='"1"').status_code == 409
    assert (
        here.lead("post", f"{here.path}/steps", {"action": "reopen", "reason": "x"}, if_match='"1"').status_code == 409
    )
    empty = here.lead("post", f"{here.path}/steps", {"action": "stabilize", "reason": " "}, if_match='"1"')
    assert [fault["pointer"] for fault in empty.json()["errors"]] == ["/body/stabilize/reason"]
    red = here.lead("post", "/rooms", {**ROOM, "marking": "TLP:RED"})
    assert (red.status_code, red.json()["errors"][0]["pointer"]) == (422, "/body/marking")
    for extra in (
        {"state": "closed"},
        {"number": 1},
        {"reach": "community"},
        {"version": 2},
        {"group": str(uuid.uuid4())},
    ):
        assert here.lead("post", "/rooms", {**ROOM, **extra}).status_code == 422
    assert here.lead("get", "/rooms?stat=open").status_code == 422
    wrong = {"title": "Ask", "to": str(uuid.uuid4()), "due": due()}
    assert here.lead("post", f"{here.path}/tasks", wrong).json()["errors"][0]["pointer"] == "/body/to"
    assert here.lead("post", f"{here.path}/entries", {"kind": "state", "text": "x"}).status_code == 422
    assert Room.objects.count() == 1


def test_what_holds_a_room_open_is_named_as_far_as_one_sees_it() -> None:
    here = Corridor()
    item, verifier = finding(here.plant, here.by), viewer(member(here.plant, "verifier"))
    linked = here.lead("post", f"{here.path}/findings", {"finding": str(item.pk)})
    assert (linked.status_code, linked.json()["holds"]) == (201, True)
    assert here.lead("post", f"{here.path}/findings", {"finding": str(item.pk)}).status_code == 409
    assert here.lead("post", f"{here.path}/findings", {"finding": str(uuid.uuid4())}).status_code == 422
    assert here.liaison("get", f"/findings/{item.pk}").status_code == 200
    here.lead("post", f"{here.path}/steps", {"action": "stabilize", "reason": "x"}, if_match='"1"')
    refused = here.lead("post", f"{here.path}/steps", CLOSE, if_match='"2"')
    assert refused.status_code == 409
    assert refused["Content-Type"] == "application/problem+json"
    assert "Plant 1: Crack in the kiln shell" in refused.json()["detail"]
    item.refresh_from_db()
    walk(item, here.by, verifier, member(here.plant, "inspector").user, upto=Action.VERIFY)
    assert here.lead("post", f"{here.path}/steps", CLOSE, if_match='"2"').status_code == 200


def test_a_stranger_finds_nothing_by_any_way() -> None:
    here = Corridor()
    stranger = program_of(member(organization("Stranger"), "administrator"))
    task = room_work_services.give_task(
        here.by, here.room, "Secret task", Participant.objects.get(user=here.lead_at.user), timezone.now()
    )
    attempts: list[tuple[str, str, object]] = [
        ("get", "", None),
        *(
            ("get", f"/{name}", None)
            for name in ("participants", "entries", "decisions", "tasks", "reports", "findings")
        ),
        ("get", f"/tasks/{task.pk}", None),
        ("get", "/reports/1", None),
        ("post", "/steps", {"action": "stabilize", "reason": "x"}),
        ("post", "/entries", {"text": "x"}),
        ("post", "/decisions", {"text": "x", "reasons": "x"}),
        ("post", "/tasks", {"title": "x", "to": here.part_of(here.lead_at), "due": due()}),
        ("post", f"/tasks/{task.pk}/steps", {"action": "done", "note": "x"}),
        ("post", "/reports", {"assessment": "x"}),
        ("post", "/findings", {"finding": str(finding(here.plant).pk)}),
    ]
    for method, path, body in attempts:
        answer = stranger(method, here.path + path, body, if_match='"1"')
        assert answer.status_code == 404, (method, path)
        assert "Secret" not in answer.content.decode()
    assert stranger("get", "/rooms?search=Storm").json()["items"] == []
    assert stranger("post", "/rooms", {**ROOM, "owner": str(here.plant.pk)}).status_code == 422
    # A task of another room, below a room of one's own.
    own = stranger("post", "/rooms", ROOM).json()["id"]
    assert stranger("get", f"/rooms/{own}/tasks/{task.pk}").status_code == 404
    body = {"title": "x", "to": here.part_of(here.lead_at), "due": due()}
    assert stranger("post", f"/rooms/{own}/tasks", body).status_code == 422
    assert RoomTask.objects.get().version == 1


def test_who_sees_a_room_but_may_not_is_told_so() -> None:
    here = Corridor()
    onlooker = program_of(member(here.port, "observer"))
    assert onlooker("get", here.path).json()["may"] == []
    person = here.part_of(here.lead_at)
    for program, path, body in (
        (onlooker, "/entries", {"text": "x"}),
        (onlooker, "/reports", {"assessment": "x"}),
        (here.liaison, "/decisions", {"text": "x", "reasons": "x"}),
        (here.liaison, "/tasks", {"title": "x", "to": person, "due": due()}),
        (here.liaison, "/steps", {"action": "stabilize", "reason": "x"}),
    ):
        assert program("post", here.path + path, body, if_match='"1"').status_code == 403, path
    assert here.liaison("post", f"{here.path}/entries", {"text": "At anchor"}).status_code == 201


def test_a_scope_is_less_than_the_role() -> None:
    here = Corridor()
    reader = program_of(here.lead_at, {Capability.READ})
    assert reader("get", here.path).json()["may"] == []
    assert reader("post", f"{here.path}/entries", {"text": "x"}).status_code == 403
    assert reader("post", "/rooms", ROOM).status_code == 403
    assert program_of(here.lead_at, {Capability.COMMAND})("post", "/rooms", ROOM).status_code == 403
    assert Room.objects.count() == 1


def test_those_who_join_later_see_what_comes_later() -> None:
    here = Corridor()
    here.lead("post", f"{here.path}/entries", {"text": "Early"})
    here.lead("post", f"{here.path}/reports", {"assessment": "Early"})
    late = organization("Late")
    newcomer_at = member(late, "coordinator")
    here.bring_in(late, newcomer_at)
    here.lead("post", f"{here.path}/entries", {"text": "Afterwards"})
    program = program_of(newcomer_at)
    texts = [item["text"] for item in program("get", f"{here.path}/entries").json()["items"]]
    assert "Afterwards" in texts
    assert "Early" not in texts
    assert program("get", f"{here.path}/reports").json()["items"] == []
    assert program("get", f"{here.path}/reports/1").status_code == 404


def test_an_entry_names_only_findings_that_one_may_see() -> None:
    here = Corridor()
    item = finding(here.plant, here.by)
    room_work_services.attach(here.by, here.room, item, Profile.READ)
    late = organization("Late")
    newcomer_at = member(late, "coordinator")
    room_services.set_history(here.by, here.room, is_open=True)
    here.bring_in(late, newcomer_at)
    attached = [entry for entry in _entries(here.lead, here) if entry["change"] == "attached"]
    assert [entry["finding"] for entry in attached] == [str(item.pk)]
    here.lead("put", f"/findings/{item.pk}/reach", {"reach": "organization", "marking": "TLP:AMBER"}, if_match='"2"')
    assert [entry["finding"] for entry in _entries(program_of(newcomer_at), here) if entry["change"] == "attached"] == [
        None
    ]
    assert program_of(newcomer_at)("get", f"{here.path}/findings").json() == {"items": [], "unseen": 1}


def _entries(program: Program, here: Corridor) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = program("get", f"{here.path}/entries").json()["items"]
    return found


def test_lists_go_page_by_page_without_holes_and_repeats() -> None:
    plant = organization("Plant")
    by = viewer(member(plant, "coordinator"))
    program = program_of(member(plant, "coordinator"))
    made = [room(plant, by, title=f"Room {number}") for number in range(5)]
    for number in range(6):
        room_work_services.write(by, made[0], EntryKind.MESSAGE, f"Line {number}")
    for path in ("/rooms?state=open", f"/rooms/{made[0].pk}/entries?"):
        seen: list[str] = []
        cursor: str | None = ""
        while cursor is not None:
            page = program("get", f"{path}&limit=2" + (f"&cursor={cursor}" if cursor else "")).json()
            seen += [item["id"] for item in page["items"]]
            cursor = page["next"]
        assert (
            len(seen)
            == len(set(seen))
            == (5 if path.startswith("/rooms?") else RoomEntry.objects.filter(room=made[0]).count())
        )
    cursor = program("get", "/rooms?limit=2").json()["next"]
    assert program("get", f"/rooms/{made[0].pk}/entries?cursor={cursor}").status_code == 400
    assert program("get", "/rooms?state=closed").json() == {"items": [], "next": None}


def test_a_list_takes_as_many_queries_as_one_row(django_assert_max_num_queries: Any) -> None:
    plant = organization("Plant")
    by = viewer(member(plant, "coordinator"))
    program = program_of(member(plant, "coordinator"))
    for _ in range(20):
        room(plant, by)
    with django_assert_max_num_queries(13):
        assert len(program("get", "/rooms").json()["items"]) == 20


def test_the_same_request_again_changes_nothing_again() -> None:
    here = Corridor()
    for path, body in (("/rooms", ROOM), (f"{here.path}/entries", {"text": "Once"})):
        key = {"idempotency_key": f"monday{path[-8:]}".replace("/", "-")}
        first, again = here.lead("post", path, body, **key), here.lead("post", path, body, **key)
        assert (first.status_code, again.content) == (201, first.content)
        assert again["Idempotency-Replayed"] == "true"
    assert Room.objects.count() == 2
    assert RoomEntry.objects.filter(text="Once").count() == 1
