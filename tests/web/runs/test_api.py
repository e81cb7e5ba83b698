from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest

from tenon.web.audit.models import Entry
from tenon.web.organizations import sharing
from tenon.web.organizations.rules import Capability, Hidden, Marking, Profile, Reach
from tenon.web.runs import folders, outcome_services
from tenon.web.runs.configurations import StudyKind
from tenon.web.runs.models import Study
from tests.web.programs import Program, program_of
from tests.web.runs.building import asked, done, outage, taken_up
from tests.web.runs.conftest import Cast
from tests.web.worlds import member, organization, viewer

TOHOKU = {"kind": "table stress", "scenario": "tohoku-2011"}


@pytest.fixture
def analyst(cast: Cast) -> Program:
    return program_of(cast.analyst_member)


def test_a_scenario_is_asked_for_called_off_and_tried_again(analyst: Program) -> None:
    made = analyst("post", "/studies", TOHOKU)
    assert (made.status_code, made["ETag"], made.json()["state"]) == (201, '"1"', "queued")
    assert made.json()["title"] == "Great East Japan earthquake and tsunami, 2011"
    assert made.json()["parameters"] == {"table": "world-2022", "scenario": "tohoku-2011"}
    path = f"/studies/{made.json()['id']}"
    assert made["Location"] == f"/api/v1{path}"
    assert analyst("post", f"{path}/steps", {"action": "cancel"}).status_code == 428
    assert analyst("post", f"{path}/steps", {"action": "cancel"}, if_match='"9"').status_code == 412
    assert analyst("post", f"{path}/steps", {"action": "retry"}, if_match='"1"').status_code == 409
    off = analyst("post", f"{path}/steps", {"action": "cancel"}, if_match='"1"')
    assert (off.status_code, off.json()["state"], off["ETag"]) == (200, "cancelled", '"2"')
    assert analyst("post", f"{path}/steps", {"action": "cancel"}, if_match='"2"').status_code == 409
    assert analyst("post", f"{path}/steps", {"action": "retry"}, if_match='"2"').json()["state"] == "queued"


def test_a_study_is_asked_for_again_and_looked_further_into(cast: Cast, analyst: Program) -> None:
    before = done(asked(cast.analyst, cast.plant, parameters={"follow": 3}))
    again = analyst("post", "/studies", {"kind": "again", "study": str(before.pk)}).json()
    assert (again["made_from"], again["parameters"]["follow"], again["title"]) == (str(before.pk), 3, "Our chain")
    stress = analyst("post", "/studies", {"kind": "chain stress", "chain_of": str(before.pk), "closure_days": 7}).json()
    assert stress["parameters"] == {"closure_days": 7.0, "within_days": 0.0, "follow": 10}
    question = {"kind": "chain outage", "chain_of": str(before.pk), "site": "Genk works", "days": 7}
    first = analyst("post", "/studies", question).json()
    assert first["title"] == "Genk works stops for 7 days"
    assert analyst("post", "/studies", question).json()["id"] == first["id"]
    wrong = analyst("post", "/studies", {**question, "site": "Genk work"})
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["pointer"] == "/body/site"


def test_what_cannot_be_run_is_refused(cast: Cast, analyst: Program) -> None:
    table = asked(
        cast.analyst, cast.plant, kind=StudyKind.TABLE_STRESS, parameters={"table": "world-2022", "scenario": "x"}
    )
    for body, pointer in (
        ({**TOHOKU, "scenario": "tohoku-2012"}, "/body/scenario"),
        ({**TOHOKU, "table": "world-1800"}, "/body/table"),
        ({**TOHOKU, "days": 1}, "/body/table stress/days"),
        ({**TOHOKU, "state": "done"}, "/body/table stress/state"),
        ({**TOHOKU, "owner": str(cast.port.pk)}, "/body/owner"),
        ({**TOHOKU, "marking": "TLP:RED", "reach": "group"}, "/body/reach"),
        ({"kind": "chain stress", "chain_of": str(table.pk)}, "/body/chain_of"),
        ({"kind": "again", "study": str(uuid.uuid4())}, "/body/study"),
        ({"kind": "chain outage", "chain_of": str(uuid.uuid4()), "site": "x", "days": 7}, "/body/chain_of"),
    ):
        answer = analyst("post", "/studies", body)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    assert (
        "did you mean 'tohoku-2011'"
        in analyst("post", "/studies", {**TOHOKU, "scenario": "tohoku-2012"}).content.decode()
    )
    outage_of_table = {"kind": "chain outage", "chain_of": str(table.pk), "site": "x", "days": 7}
    assert analyst("post", "/studies", outage_of_table).status_code == 409
    assert Study.objects.count() == 1


def test_who_may_not_is_told_so_and_strangers_find_nothing(cast: Cast) -> None:
    study = asked(cast.analyst, cast.plant)
    reader, stranger = program_of(member(cast.plant, "observer")), program_of(member(cast.port, "analyst"))
    assert reader("post", "/studies", TOHOKU).status_code == 403
    assert reader("post", f"/studies/{study.pk}/steps", {"action": "cancel"}, if_match='"1"').status_code == 403
    assert reader("get", f"/studies/{study.pk}").json()["may_run"] is False
    for method, path in (("get", ""), ("get", "/files/report.html"), ("post", "/steps")):
        body = {"action": "cancel"} if method == "post" else None
        assert stranger(method, f"/studies/{study.pk}{path}", body, if_match='"1"').status_code == 404
    assert stranger("get", "/studies").json()["items"] == []
    assert stranger("post", "/studies", {"kind": "again", "study": str(study.pk)}).status_code == 422
    only = program_of(cast.analyst_member, {Capability.STUDY})
    assert only("post", "/studies", TOHOKU).status_code == 403
    assert Study.objects.count() == 1


def test_what_is_kept_back_is_nowhere_in_the_answer(cast: Cast) -> None:
    study = done(outage(cast.coordinator, cast.plant))
    sharing.set_reach(cast.coordinator, study, Reach.GROUP, Marking.AMBER)
    sharing.share(cast.coordinator, study, cast.port, Profile.READ, list(Hidden))
    stranger = program_of(member(cast.port, "analyst"))
    for said in (stranger("get", f"/studies/{study.pk}"), stranger("get", "/studies?kind=chain%20outage")):
        text = said.content.decode()
        assert "Our chain" in text
        for secret in ("Ghent", "household", "1824200", "182420", "report.html", "Person"):
            assert secret not in text, secret
    shown = stranger("get", f"/studies/{study.pk}").json()
    assert (shown["files"], shown["created_by"], shown["hidden"]) == ([], None, ["cost", "names", "places"])
    assert stranger("get", f"/studies/{study.pk}/files/report.html").status_code == 404


def test_why_a_study_failed_is_told_to_those_from_whom_nothing_is_kept_back(cast: Cast, analyst: Program) -> None:
    study = outage(cast.coordinator, cast.plant)
    outcome_services.refuse(taken_up(), "no site 'Ghent melt shop'")
    sharing.set_reach(cast.coordinator, study, Reach.GROUP, Marking.AMBER)
    sharing.share(cast.coordinator, study, cast.port, Profile.READ, [Hidden.PLACES])
    assert "Ghent" in analyst("get", f"/studies/{study.pk}").json()["reason"]
    assert program_of(member(cast.port, "analyst"))("get", f"/studies/{study.pk}").json()["reason"] == ""


def test_a_file_is_handed_out_and_recorded(cast: Cast, analyst: Program, data_folder: Path) -> None:
    study = done(asked(cast.analyst, cast.plant))
    assert analyst("get", f"/studies/{study.pk}").json()["files"] == [
        {"name": "outages.csv", "size": 10},
        {"name": "report.html", "size": 1000},
    ]
    assert analyst("get", f"/studies/{study.pk}/files/outages.csv").status_code == 404
    path = folders.report_file(study.pk, "outages.csv")
    assert data_folder in path.parents
    path.parent.mkdir(parents=True)
    path.write_bytes(b"site;loss\n")
    got = analyst("get", f"/studies/{study.pk}/files/outages.csv")
    assert b"".join(got.streaming_content) == b"site;loss\n"
    assert got["Content-Type"] == "application/octet-stream"
    assert Entry.objects.filter(action="study.downloaded").count() == 1
    assert analyst("get", f"/studies/{study.pk}/files/..%2f..%2fkey").status_code == 404


def test_the_list_is_read_page_by_page_and_narrowed(
    cast: Cast, analyst: Program, django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        asked(cast.analyst, cast.plant, title=f"Study {number}")
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = analyst("get", "/studies?limit=2" + (f"&cursor={cursor}" if cursor else "")).json()
        seen += [item["title"] for item in page["items"]]
        cursor = page["next"]
    assert seen == [f"Study {number}" for number in (4, 3, 2, 1, 0)]
    assert analyst("get", "/studies?state=done").json()["items"] == []
    assert analyst("get", "/studies?kind=table%20stress").json()["items"] == []
    assert analyst("get", "/studies?status=done").status_code == 422
    with django_assert_max_num_queries(9):
        analyst("get", "/studies")


def test_the_same_request_again_makes_no_second_study(analyst: Program) -> None:
    first = analyst("post", "/studies", TOHOKU, idempotency_key="monday-1")
    again = analyst("post", "/studies", TOHOKU, idempotency_key="monday-1")
    assert (again.content, again["Idempotency-Replayed"]) == (first.content, "true")
    assert Study.objects.count() == 1


def test_a_study_of_an_organization_below_is_ones_own(cast: Cast) -> None:
    below = organization("Mine", cast.plant)
    study = asked(viewer(member(below, "analyst")), below)
    program = program_of(member(cast.plant, "analyst"))
    again = program("post", "/studies", {"kind": "again", "study": str(study.pk)})
    assert again.json()["owner"] == str(below.pk)
    assert program("post", "/studies", {**TOHOKU, "owner": str(below.pk)}).json()["owner"] == str(below.pk)
