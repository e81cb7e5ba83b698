from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest

from tenon.web.organizations import sharing
from tenon.web.organizations.models import Share
from tenon.web.organizations.rules import Hidden, Marking, Profile, Reach
from tenon.web.rooms import round_services
from tenon.web.rooms.models import ChecklistItem, Equipment, Finding, InspectionRound, Reading
from tests.web.plants import checklist, equipment, round_begun
from tests.web.programs import Program, program_of
from tests.web.worlds import finding, member, organization, viewer

pytestmark = pytest.mark.django_db


class Plant:
    """A plant with a line, a kiln below it, and an inspector; a port beside it."""

    def __init__(self) -> None:
        self.plant, self.port = organization("Plant"), organization("Port")
        self.lead_at = member(self.plant, "coordinator")
        self.by = viewer(self.lead_at)
        self.line = equipment(self.plant, self.by, code="A-1", name_en="Line", site_name="Plant one")
        figures = {"mtbf_hours": 900.0, "mttr_hours": 100.0}
        self.kiln = equipment(self.plant, self.by, code="A-2", parent=self.line, place="Hall 3", **figures)
        self.lead = program_of(self.lead_at)
        self.inspector = program_of(member(self.plant, "inspector"))
        self.stranger = program_of(member(self.port, "administrator"))

    def share_kiln(self, *hides: Hidden) -> None:
        sharing.set_reach(self.by, self.kiln, Reach.GROUP, Marking.GREEN)
        self.kiln.refresh_from_db()
        sharing.share(self.by, self.kiln, self.port, Profile.COMMENT, hides)

    def answers(self, found: dict[str, Any], *, passed: bool) -> list[dict[str, Any]]:
        return [
            {"item": item["id"], "value": 60.0 if passed else 99.0}
            if item["kind"] == "reading"
            else {"item": item["id"], "outcome": "pass"}
            for item in found["items"]
        ]


@pytest.fixture
def here() -> Plant:
    return Plant()


def test_the_tree_comes_with_what_is_open_and_what_that_leaves(here: Plant) -> None:
    listed = here.lead("get", f"/equipment?owner={here.plant.pk}").json()["items"]
    assert [(item["code"], item["parent"]) for item in listed] == [("A-1", None), ("A-2", str(here.line.pk))]
    assert [(item["availability"], item["open_findings"]) for item in listed] == [(None, 0), (0.9, 0)]
    finding(here.plant, here.by, equipment=here.kiln, severity=4, urgency=4)
    finding(here.plant, here.by, equipment=here.kiln, severity=1)
    one = here.lead("get", f"/equipment/{here.kiln.pk}")
    assert one["ETag"] == '"1"'
    assert (one.json()["open_findings"], one.json()["critical_findings"]) == (2, 1)
    assert one.json()["undisturbed"] == 0.9
    assert one.json()["availability"] == pytest.approx(900 / 1100)
    assert len(here.lead("get", f"/equipment/{here.line.pk}/findings").json()["items"]) == 2
    (site,) = here.lead("get", "/sites").json()
    assert (site["site"], site["units"]) == ("Plant one", 2)
    assert site["expected"] < site["undisturbed"]
    assert sum(level["probability"] for level in site["capacity"]) == pytest.approx(1)


def test_lists_are_narrowed_and_go_page_by_page(here: Plant) -> None:
    for _ in range(3):
        equipment(here.plant, here.by, equipment_class="pump", criticality="C")
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = here.lead("get", "/equipment?limit=2" + (f"&cursor={cursor}" if cursor else "")).json()
        seen += [item["code"] for item in page["items"]]
        cursor = page["next"]
    assert seen == sorted(seen)
    assert len(seen) == len(set(seen)) == 5
    assert len(here.lead("get", "/equipment?equipment_class=pump&criticality=C").json()["items"]) == 3
    assert len(here.lead("get", "/equipment?search=line").json()["items"]) == 1
    assert here.lead("get", f"/equipment?owner={here.port.pk}").json()["items"] == []
    assert here.lead("get", "/equipment?class=pump").status_code == 422


def test_a_list_takes_as_many_queries_as_one_row(here: Plant, django_assert_max_num_queries: Any) -> None:
    for _ in range(20):
        equipment(here.plant, here.by)
    with django_assert_max_num_queries(13):
        assert len(here.lead("get", "/equipment").json()["items"]) == 22


def test_others_get_no_figures_no_place_and_no_rounds(here: Plant) -> None:
    found = round_begun(here.kiln, here.by)
    here.share_kiln(Hidden.PLACES)
    (one,) = here.stranger("get", "/equipment").json()["items"]
    assert (one["code"], one["place"], one["parent"]) == ("A-2", "", None)
    assert (one["mtbf_hours"], one["availability"], one["undisturbed"]) == (None, None, None)
    for path in (f"/equipment/{here.kiln.pk}/readings", f"/equipment/{here.kiln.pk}/checklists"):
        assert here.stranger("get", path).status_code == 403
    assert here.stranger("get", "/rounds").json()["items"] == []
    assert here.stranger("get", "/sites").json() == []
    for method, path, body in (
        ("get", f"/rounds/{found.pk}", None),
        ("post", f"/rounds/{found.pk}/start", {}),
        ("put", f"/rounds/{found.pk}/answers", {"answers": []}),
        ("get", f"/equipment/{here.line.pk}", None),
        ("get", f"/equipment/{here.line.pk}/findings", None),
        ("get", f"/equipment/{here.line.pk}/readings", None),
    ):
        assert here.stranger(method, path, body, if_match='"1"').status_code == 404, path
    assert here.stranger("post", "/rounds", {"checklist": str(found.checklist_id)}).status_code == 422
    Share.objects.update(revoked="2026-01-01T00:00Z")
    assert here.stranger("get", f"/equipment/{here.kiln.pk}").status_code == 404


def test_a_round_is_answered_and_what_failed_becomes_a_finding(here: Plant) -> None:
    written = checklist(here.kiln, here.by)
    (listed,) = here.inspector("get", f"/equipment/{here.kiln.pk}/checklists").json()
    assert (listed["id"], len(listed["items"])) == (str(written.pk), 2)
    made = here.inspector("post", "/rounds", {"checklist": listed["id"]})
    assert (made.status_code, made["ETag"]) == (201, '"1"')
    path = f"/rounds/{made.json()['id']}"
    assert made["Location"] == f"/api/v1{path}"
    body: dict[str, Any] = {"answers": here.answers(made.json(), passed=False), "finish": True}
    assert here.inspector("put", f"{path}/answers", body).status_code == 428
    assert here.inspector("put", f"{path}/answers", body, if_match='"9"').status_code == 412
    incomplete = {"answers": body["answers"][:1], "finish": True}
    assert here.inspector("put", f"{path}/answers", incomplete, if_match='"1"').status_code == 409
    done = here.inspector("put", f"{path}/answers", body, if_match='"1"')
    assert done.status_code == 200
    assert done.json()["finished"] is not None
    failed = [row["finding"] for row in done.json()["answers"] if row["finding"]]
    assert failed == [str(Finding.objects.get().pk)]
    (series,) = here.inspector("get", f"/equipment/{here.kiln.pk}/readings").json()
    assert (series["quantity"], series["high"], series["readings"][0]["value"]) == ("Bearing temperature", 80.0, 99.0)
    (reading,) = here.inspector("get", f"/findings/{failed[0]}/readings").json()
    assert (reading["value"], reading["unit"]) == (99.0, "°C")
    assert [item["id"] for item in here.lead("get", "/rounds?state=finished").json()["items"]] == [made.json()["id"]]
    assert here.lead("get", "/rounds?state=planned").json()["items"] == []
    assert here.lead("get", f"/rounds?equipment={here.line.pk}").json()["items"] == []


def test_a_planned_round_is_started_once(here: Plant) -> None:
    written = checklist(here.kiln, here.by)
    planned = round_services.plan(here.by, here.kiln, written, date(2030, 1, 1))
    answer = {"answers": [], "finish": False}
    assert here.inspector("put", f"/rounds/{planned.pk}/answers", answer, if_match='"1"').status_code == 409
    first = here.inspector("post", f"/rounds/{planned.pk}/start")
    assert (first.status_code, first["ETag"]) == (200, '"2"')
    assert here.inspector("post", f"/rounds/{planned.pk}/start")["ETag"] == '"2"'
    observer = program_of(member(here.plant, "observer"))
    assert observer("get", f"/rounds/{planned.pk}").status_code == 200
    assert observer("post", f"/rounds/{planned.pk}/start").status_code == 403
    assert observer("post", "/rounds", {"checklist": str(written.pk)}).status_code == 403
    assert here.lead("get", "/rounds?state=under%20way").json()["items"][0]["items"] is None


def test_answers_name_items_of_the_round_each_once(here: Plant) -> None:
    found = round_begun(here.kiln, here.by)
    other = ChecklistItem.objects.filter(checklist=checklist(here.line, here.by)).first()
    item = str(ChecklistItem.objects.filter(checklist=found.checklist, kind="check").get().pk)
    assert other is not None
    for rows in (
        [{"item": str(uuid.uuid4()), "outcome": "pass"}],
        [{"item": str(other.pk), "outcome": "pass"}],
        [{"item": item, "outcome": "pass"}, {"item": item, "outcome": "fail"}],
        [{"item": item, "outcome": "fine"}],
        [{"item": item, "finding": str(uuid.uuid4())}],
    ):
        assert (
            here.inspector("put", f"/rounds/{found.pk}/answers", {"answers": rows}, if_match='"1"').status_code == 422
        )
    assert InspectionRound.objects.get().version == 1


def test_a_reading_is_added_to_a_finding(here: Plant) -> None:
    item = finding(here.plant, here.by)
    path = f"/findings/{item.pk}/readings"
    body = {"quantity": "Shell temperature", "value": 412.5, "unit": "°C", "high": 380.0}
    first = here.inspector("post", path, body, idempotency_key="monday-1")
    assert first.status_code == 201
    assert here.inspector("post", path, body, idempotency_key="monday-1").content == first.content
    assert Reading.objects.get().value == 412.5
    for wrong in ({**body, "value": "hot"}, {**body, "time": "2026-01-01"}, {**body, "low": 400.0}):
        assert here.inspector("post", path, wrong).status_code in {409, 422}
    assert program_of(member(here.plant, "observer"))("post", path, body).status_code == 403
    assert here.stranger("post", path, body).status_code == 404
    assert here.stranger("get", path).status_code == 404
    assert Reading.objects.count() == 1


def test_equipment_marked_red_is_seen_by_named_people_alone(here: Plant) -> None:
    other = program_of(member(here.plant, "coordinator"))
    sharing.set_reach(here.by, here.kiln, Reach.ORGANIZATION, Marking.RED)
    assert Equipment.objects.get(pk=here.kiln.pk).marking == Marking.RED
    _only_the_line(other)


def _only_the_line(program: Program) -> None:
    assert [item["code"] for item in program("get", "/equipment").json()["items"]] == ["A-1"]
