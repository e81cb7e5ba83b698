from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tenon.web.audit.models import Entry
from tenon.web.organizations.models import Share
from tenon.web.organizations.rules import Capability, Hidden, Marking, Profile, Reach
from tenon.web.rooms.models import Finding, FindingEvent
from tenon.web.rooms.rules import FindingState
from tests.web.programs import Program, program_of
from tests.web.worlds import FIELDS, finding, member, organization, viewer

pytestmark = pytest.mark.django_db


def test_a_hazard_goes_from_its_report_to_its_end_by_two_programs() -> None:
    plant = organization("Plant")
    lead, inspector = member(plant, "coordinator"), member(plant, "inspector")
    first, second = program_of(lead), program_of(member(plant, "verifier"))
    made = first("post", "/findings", FIELDS)
    assert made.status_code == 201
    assert made["ETag"] == '"1"'
    path = f"/findings/{made.json()['id']}"
    assert made["Location"] == f"/api/v1{path}"
    assert {person["id"] for person in first("get", f"{path}/people").json()} == {
        str(lead.user_id),
        str(inspector.user_id),
    }
    steps: list[tuple[Program, dict[str, Any]]] = [
        (first, {"action": "triage", "severity": 4, "urgency": 3}),
        (
            first,
            {
                "action": "assign",
                "responsible": str(inspector.user_id),
                "measure": "Weld it",
                "means": "Two welders",
                "deadline": (timezone.now() + timedelta(days=3)).isoformat(),
                "fallback": "Second kiln",
            },
        ),
        (first, {"action": "eliminate", "note": "Welded"}),
        (second, {"action": "verify", "note": "No crack left"}),
        (first, {"action": "close"}),
    ]
    for version, (program, sent) in enumerate(steps, start=1):
        answer = program("post", f"{path}/steps", sent, if_match=f'"{version}"')
        assert answer.status_code == 200, answer.content
        assert answer["ETag"] == f'"{version + 1}"'
    assert first("get", path).json()["state"] == "closed"
    happened = [event["action"] for event in first("get", f"{path}/events").json()]
    assert happened == ["report", "triage", "assign", "eliminate", "verify", "close"]


def test_a_change_needs_the_version_that_was_seen() -> None:
    plant = organization("Plant")
    program, item = program_of(member(plant, "coordinator")), finding(plant)
    step = {"action": "triage", "severity": 1, "urgency": 1}
    path = f"/findings/{item.pk}/steps"
    assert program("post", path, step).status_code == 428
    for tag in ('"2"', 'W/"1"', "*", '"1", "2"', "1"):
        answer = program("post", path, step, if_match=tag)
        assert answer.status_code == 412, tag
        assert answer["Content-Type"] == "application/problem+json"
    assert Finding.objects.get().version == 1
    assert program("post", path, step, if_match='"1"').status_code == 200
    wide = {"reach": "community", "marking": "TLP:GREEN"}
    assert program("put", f"/findings/{item.pk}/reach", wide).status_code == 428
    assert program("put", f"/findings/{item.pk}/reach", wide, if_match='"1"').status_code == 412
    answer = program("put", f"/findings/{item.pk}/reach", wide, if_match='"2"')
    assert (answer.status_code, answer["ETag"], answer.json()["reach"]) == (200, '"3"', "community")


def test_what_the_state_does_not_allow_is_a_conflict_and_what_a_field_lacks_is_not() -> None:
    plant = organization("Plant")
    program, item = program_of(member(plant, "coordinator")), finding(plant)
    path = f"/findings/{item.pk}/steps"
    assert program("post", path, {"action": "close"}, if_match='"1"').status_code == 409
    answer = program("post", path, {"action": "triage", "severity": 9}, if_match='"1"')
    assert answer.status_code == 422
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/body/triage/severity", "/body/triage/urgency"]
    forbidden = program(
        "put", f"/findings/{item.pk}/reach", {"reach": "community", "marking": "TLP:RED"}, if_match='"1"'
    )
    assert forbidden.status_code == 409


@pytest.mark.parametrize(
    "extra",
    [
        {"state": "closed"},
        {"id": str(uuid.UUID(int=1))},
        {"version": 9},
        {"number": 1},
        {"source": "phone"},
        {"reported_by": str(uuid.UUID(int=1))},
        {"verified_by": str(uuid.UUID(int=1))},
    ],
)
def test_nothing_can_be_set_that_is_not_offered(extra: dict[str, object]) -> None:
    plant = organization("Plant")
    program = program_of(member(plant, "coordinator"))
    answer = program("post", "/findings", {**FIELDS, **extra})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == f"/body/{next(iter(extra))}"
    assert not Finding.objects.exists()
    assert program("get", "/findings?state=open&stat=open").status_code == 422


def test_a_stranger_finds_nothing_by_any_way() -> None:
    plant = organization("Plant")
    item = finding(plant, title="Secret crack")
    share = Share.objects.create(
        subject_kind="finding", subject_id=item.pk, user=member(plant).user, profile=Profile.READ
    )
    port = organization("Port")
    stranger = program_of(member(port, "administrator"))
    own = finding(port)
    attempts: list[tuple[str, str, object]] = [
        ("get", "", None),
        ("get", "/events", None),
        ("get", "/people", None),
        ("get", "/shares", None),
        ("post", "/steps", {"action": "reject", "note": "x"}),
        ("post", "/comments", {"note": "x"}),
        ("post", "/shares", {"organization": str(port.pk), "profile": "manage"}),
        ("put", "/reach", {"reach": "community", "marking": "TLP:CLEAR"}),
        ("delete", f"/shares/{share.pk}", None),
    ]
    for method, path, body in attempts:
        answer = stranger(method, f"/findings/{item.pk}{path}", body, if_match='"1"')
        assert answer.status_code == 404, (method, path)
        assert "Secret" not in answer.content.decode()
    for path in ("/findings", "/findings?search=Secret", f"/findings?owner={plant.pk}"):
        assert "Secret" not in stranger("get", path).content.decode()
    # Identifiers of others in the path below, in the body, and as a parent of what is one's own.
    assert stranger("delete", f"/findings/{own.pk}/shares/{share.pk}").status_code == 404
    merge = {"action": "merge", "merged_into": str(item.pk)}
    assert stranger("post", f"/findings/{own.pk}/steps", merge, if_match='"1"').status_code == 422
    assert stranger("post", "/findings", {**FIELDS, "owner": str(plant.pk)}).status_code == 422
    assert stranger("get", f"/organizations/{plant.pk}").status_code == 404
    assert stranger("get", f"/organizations/{plant.pk}/record").status_code == 404
    assert Share.objects.get(pk=share.pk).revoked is None


def test_who_sees_but_may_not_is_told_so() -> None:
    plant = organization("Plant")
    item = finding(plant)
    observer = program_of(member(plant, "observer"))
    for method, path, body in (
        ("post", "/steps", {"action": "reject", "note": "x"}),
        ("post", "/comments", {"note": "x"}),
        ("get", "/people", None),
        ("get", "/shares", None),
        ("put", "/reach", {"reach": "organization", "marking": "TLP:RED"}),
    ):
        assert observer(method, f"/findings/{item.pk}{path}", body, if_match='"1"').status_code == 403, path
    assert observer("post", "/findings", FIELDS).status_code == 403
    assert observer("get", f"/organizations/{plant.pk}/record").status_code == 403


def test_what_a_share_keeps_back_is_kept_back_here_too() -> None:
    plant, port = organization("Plant"), organization("Port")
    lead = viewer(member(plant, "coordinator"))
    item = finding(plant, lead, cost="1000.50", place="Bay 7", reach=Reach.GROUP.value)
    program = program_of(member(plant, "coordinator"))
    shared = {"organization": str(port.pk), "profile": "read", "hides": [part.value for part in Hidden]}
    made = program("post", f"/findings/{item.pk}/shares", shared)
    assert made.status_code == 201
    receiver = program_of(member(port, "coordinator"))
    seen = receiver("get", f"/findings/{item.pk}").json()
    assert (seen["cost"], seen["place"], seen["reported_by"]) == (None, "", None)
    assert seen["hidden"] == ["cost", "names", "places"]
    assert receiver("get", f"/findings/{item.pk}/events").json()[0]["person"] is None
    assert Entry.objects.filter(action="finding.read").count() == 1
    assert program("delete", f"/findings/{item.pk}/shares/{made.json()['id']}").status_code == 204
    assert receiver("get", f"/findings/{item.pk}").status_code == 404


def test_pages_follow_each_other_while_others_report() -> None:
    plant = organization("Plant")
    by = viewer(member(plant, "coordinator"))
    program = program_of(member(plant, "coordinator"))
    numbers = [finding(plant, by).number for _ in range(7)]
    # The time alone does not tell them apart.
    Finding.objects.update(reported=timezone.now())
    seen: list[int] = []
    query: str | None = ""
    while query is not None:
        page = program("get", f"/findings?limit=3{query}").json()
        seen += [item["number"] for item in page["items"]]
        query = f"&cursor={page['next']}" if page["next"] else None
        finding(plant, by)
    assert sorted(seen) == numbers
    assert program("get", "/findings?cursor=x").status_code == 400
    assert program("get", "/findings?limit=0").status_code == 422
    others = program("get", "/organizations?cursor=" + program("get", "/findings?limit=1").json()["next"])
    assert others.status_code == 400


def test_a_list_takes_as_many_queries_as_one_row(django_assert_max_num_queries: object) -> None:
    plant = organization("Plant")
    by = viewer(member(plant, "coordinator"))
    program = program_of(member(plant, "coordinator"))
    for _ in range(20):
        finding(plant, by)
    with django_assert_max_num_queries(11):  # type: ignore[operator]  # a context manager of pytest-django
        assert len(program("get", "/findings").json()["items"]) == 20


def test_the_same_request_again_changes_nothing_again() -> None:
    plant = organization("Plant")
    lead = member(plant, "coordinator")
    program = program_of(lead)
    first = program("post", "/findings", FIELDS, idempotency_key="monday-1")
    again = program("post", "/findings", FIELDS, idempotency_key="monday-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again["ETag"] == first["ETag"]
    assert again["Idempotency-Replayed"] == "true"
    assert Finding.objects.count() == 1
    other = program("post", "/findings", {**FIELDS, "title": "Another"}, idempotency_key="monday-1")
    assert other.status_code == 422
    # Another token has keys of its own.
    assert program_of(lead)("post", "/findings", FIELDS, idempotency_key="monday-1").status_code == 201
    item = first.json()["id"]
    said = program("post", f"/findings/{item}/comments", {"note": "Seen"}, idempotency_key="monday-1-c")
    assert (
        program("post", f"/findings/{item}/comments", {"note": "Seen"}, idempotency_key="monday-1-c").json()
        == said.json()
    )
    assert FindingEvent.objects.filter(action="comment").count() == 1


def test_a_refusal_is_not_kept() -> None:
    plant = organization("Plant")
    program, item = program_of(member(plant, "coordinator")), finding(plant)
    step = {"action": "triage", "severity": 1, "urgency": 1}
    path = f"/findings/{item.pk}/steps"
    assert program("post", path, step, if_match='"9"', idempotency_key="step-one").status_code == 412
    assert program("post", path, step, if_match='"1"', idempotency_key="step-one").status_code == 200
    assert program("post", path, step, if_match='"1"', idempotency_key="step-one").status_code == 200
    assert Finding.objects.get().version == 2
    assert program("post", path, step, if_match='"1"', idempotency_key="short").status_code == 422


def test_a_body_that_is_not_understood_is_refused() -> None:
    plant = organization("Plant")
    program = program_of(member(plant, "coordinator"))
    for body, status in (
        ("{", 400),
        ('{"title": NaN}', 400),
        ('{"title": "a", "title": "b"}', 400),
        ("[" * 100_000, 400),
        ("[]", 422),
        ("{}", 422),
        ('{"title": "' + "x" * 3_000_000 + '"}', 413),
        ('{"title": "a\\u0000b", "level": "site", "channel": "sea", "hazard": "other"}', 422),
        ('{"title": "\\ud800", "level": "site", "channel": "sea", "hazard": "other"}', 422),
    ):
        answer = program("post", "/findings", body)
        assert answer.status_code == status, body[:80]
        assert answer.json()["status"] == status
    answer = program.client.post("/api/v1/findings", {"title": "x"}, HTTP_AUTHORIZATION=f"Bearer {program.secret}")
    assert answer.status_code == 415
    assert not Finding.objects.exists()


def test_a_scope_is_less_than_the_role() -> None:
    plant = organization("Plant")
    lead = member(plant, "coordinator")
    reader = program_of(lead, {Capability.READ})
    item = finding(plant)
    assert reader("get", f"/findings/{item.pk}").json()["actions"] == []
    assert reader("post", f"/findings/{item.pk}/comments", {"note": "x"}).status_code == 403
    blind = program_of(lead, {Capability.REPORT})
    assert blind("post", "/findings", FIELDS).status_code == 403
    assert blind("get", "/findings").json()["items"] == []
    assert blind("get", "/directory").status_code == 403


def test_a_red_finding_is_seen_by_named_people_alone() -> None:
    plant = organization("Plant")
    program, other = program_of(member(plant, "coordinator")), program_of(member(plant, "coordinator"))
    made = program("post", "/findings", {**FIELDS, "marking": Marking.RED.value})
    assert made.status_code == 201
    assert other("get", f"/findings/{made.json()['id']}").status_code == 404
    assert Finding.objects.get().state == FindingState.REPORTED
    answer = program(
        "post",
        f"/findings/{made.json()['id']}/shares",
        {"organization": str(organization("Port").pk), "profile": "read"},
    )
    assert answer.status_code == 409
    item = finding(plant)
    lost = program("put", f"/findings/{item.pk}/reach", {"reach": "organization", "marking": "TLP:RED"}, if_match='"1"')
    assert (lost.status_code, Finding.objects.get(pk=item.pk).version) == (409, 1)
