from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tenon.web.organizations import sharing
from tenon.web.organizations.models import Membership
from tenon.web.organizations.rules import Hidden, Marking, Profile, Reach
from tenon.web.pages.uploads import BODY_MOST
from tenon.web.rooms import equipment_services, evidence_services, round_services
from tenon.web.rooms.equipment_rules import LIMITS, IntakeState, Limit
from tenon.web.rooms.models import Attachment, Checklist, Equipment, Finding, InspectionRound, Intake, Reading
from tests.web.plants import JPEG, PDF, SVG, answers, checklist, equipment, round_begun
from tests.web.worlds import client_of, finding, member, organization, viewer

pytestmark = pytest.mark.django_db


class People:
    """A plant with a kiln and everybody who is needed, and a port beside it."""

    def __init__(self) -> None:
        self.plant, self.port = organization("Plant"), organization("Port")
        self.lead, self.worker = member(self.plant, "coordinator"), member(self.plant, "inspector")
        self.reader, self.stranger = member(self.plant, "observer"), member(self.port, "administrator")
        self.by = viewer(self.lead)
        self.kiln = equipment(self.plant, self.by, code="K1", name_en="Secret kiln")
        self.checklist = checklist(self.kiln, self.by)
        self.round = round_begun(self.kiln, self.by, self.checklist)
        self.token = equipment_services.renew_label(self.by, self.kiln)
        self.client = client_of(self.lead)


@pytest.fixture
def people(settings: Any, tmp_path: Path) -> People:
    settings.ATTACHMENTS = tmp_path / "attachments"
    return People()


def page_of(client: Client, name: str, *arguments: object) -> str:
    return client.get(reverse(name, args=arguments)).content.decode()


FIELDS = {
    "code": "C7",
    "name_en": "Crane",
    "name_zh": "",
    "equipment_class": "crane",
    "criticality": "B",
    "channel": "sea",
    "arrangement": "series",
}


def test_equipment_is_added_and_changed_from_pages(people: People) -> None:
    answer = people.client.post(reverse("new_equipment"), {**FIELDS, "parent": "K1"})
    crane = Equipment.objects.get(code="C7")
    assert answer.headers["Location"] == reverse("equipment", args=[crane.pk])
    assert crane.parent == people.kiln
    changed = {**FIELDS, "place": "Berth 2", "version": 1}
    assert people.client.post(reverse("edit_equipment", args=[crane.pk]), changed).status_code == 302
    again = people.client.post(reverse("edit_equipment", args=[crane.pk]), {**changed, "place": "typed with care"})
    assert again.status_code == 409
    assert "typed with care" in again.content.decode()
    crane.refresh_from_db()
    assert crane.parent_id is None
    assert crane.place == "Berth 2"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"parent": "NONE"}, "No equipment of your organization has this code"),
        ({"mtbf_hours": "5"}, "Both failure figures or none"),
        ({"arrangement": "k of n"}, "Say how many"),
        ({"name_en": ""}, "A name is required"),
        ({"code": "K1"}, "already exists"),
        ({"mtbf_hours": "nan", "mttr_hours": "1"}, "Enter a number"),
    ],
)
def test_a_form_with_a_mistake_comes_back(people: People, change: dict[str, str], words: str) -> None:
    answer = people.client.post(reverse("new_equipment"), {**FIELDS, **change})
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not Equipment.objects.filter(code="C7").exists()


def test_a_tree_comes_from_a_file_or_its_rows_are_told(people: People) -> None:
    def sent(body: str) -> Any:
        file = SimpleUploadedFile("tree.csv", ("code,name_en,name_zh,class,criticality\n" + body).encode())
        return people.client.post(reverse("import_equipment"), {"file": file})

    wrong = sent("C1,Crane,,crane,B\nC2,Crane,,<b>rocket,B\n")
    assert wrong.status_code == 422
    assert "&lt;b&gt;rocket" in wrong.content.decode()
    assert Equipment.objects.count() == 1
    assert sent("C1,Crane,,crane,B\n").status_code == 302
    assert Equipment.objects.count() == 2


def test_a_checklist_is_written_and_its_next_version_too(people: People) -> None:
    line = {"items-0-text": "Noise", "items-0-kind": "check", "items-0-severity": "2"}
    size = {"items-TOTAL_FORMS": "2", "items-INITIAL_FORMS": "0"}
    empty = {"items-1-text": "", "items-1-kind": "check", "items-1-severity": "2"}
    sent = {"name": "Weekly", "every_days": "7", **size, **line, **empty}
    url = reverse("new_equipment_checklist", args=[people.kiln.pk])
    assert people.client.post(url, sent).status_code == 302
    made = Checklist.objects.get(name="Weekly")
    assert [item.text for item in made.items.all()] == ["Noise"]
    change = reverse("equipment_checklist", args=[made.pk])
    assert people.client.post(change, {**sent, "items-0-text": "Smell"}).status_code == 302
    assert people.client.post(change, sent).status_code == 409
    assert Checklist.objects.get(name="Weekly", is_current=True).number == 2
    page = people.client.post(url, {**sent, "items-0-unit": "mm"}).content.decode()
    assert "Only a reading has a unit" in page


def test_a_round_is_answered_and_finished_with_one_form(people: People) -> None:
    client = client_of(people.worker)
    url = reverse("round", args=[people.round.pk])
    check, reading = people.checklist.items.all()
    sent = {"version": "1", f"outcome_{check.pk.hex}": "pass", f"value_{reading.pk.hex}": ""}
    assert client.post(url, {**sent, "keep": "1"}).status_code == 302
    late = client.post(url, {**sent, "version": "2", "finish": "1"})
    assert "Every item needs an answer" in late.content.decode()
    whole = {**sent, "version": "2", f"value_{reading.pk.hex}": "99.5", "finish": "1"}
    for _ in range(2):
        assert client.post(url, whole).status_code == 302
    hot = Finding.objects.get()
    page = page_of(client, "round", people.round.pk)
    assert reverse("finding", args=[hot.pk]) in page
    assert "<polyline" in page_of(client, "equipment", people.kiln.pk)
    assert "Secret kiln" in page_of(client, "finding", hot.pk)


def test_two_inspectors_at_once_lose_nothing(people: People) -> None:
    client, url = client_of(people.worker), reverse("round", args=[people.round.pk])
    check, _ = people.checklist.items.all()
    sent = {"version": "1", f"outcome_{check.pk.hex}": "pass", f"note_{check.pk.hex}": "first", "keep": "1"}
    assert client.post(url, sent).status_code == 302
    answer = client.post(url, {**sent, f"note_{check.pk.hex}": "second, typed with care"})
    assert answer.status_code == 409
    assert "second, typed with care" in answer.content.decode()


def test_a_round_is_planned_started_and_listed(people: People) -> None:
    plan = reverse("plan_round", args=[people.checklist.pk])
    assert people.client.post(plan, {"due": "2026-01-31"}).status_code == 302
    planned = InspectionRound.objects.get(due__isnull=False)
    assert "overdue" in page_of(people.client, "rounds")
    worker = client_of(people.worker)
    assert "Start the round" in page_of(worker, "round", planned.pk)
    assert worker.post(reverse("round", args=[planned.pk]), {"start": "1"}).status_code == 302
    assert "Finish the round" in page_of(worker, "round", planned.pk)
    assert worker.post(reverse("start_round", args=[people.checklist.pk])).status_code == 302
    assert worker.post(plan, {"due": "2026-01-31"}).status_code == 403


def _intake(people: People) -> Intake:
    return evidence_services.receive(people.by.actor, people.kiln, {"title": "Smoke", "what": ""}, ("a.jpg", JPEG))


PAGES: list[tuple[str, Callable[[People], list[object]]]] = [
    ("equipment", lambda people: [people.kiln.pk]),
    ("edit_equipment", lambda people: [people.kiln.pk]),
    ("equipment_label", lambda people: [people.kiln.pk]),
    ("new_equipment_checklist", lambda people: [people.kiln.pk]),
    ("equipment_checklist", lambda people: [people.checklist.pk]),
    ("round", lambda people: [people.round.pk]),
    ("intake", lambda people: [_intake(people).pk]),
    ("attachment", lambda people: [_intake(people).attachments.get().pk]),
]
# Pages without a form that is sent to them.
FETCHED = {"attachment", "equipment", "equipment_label"}
POSTS: list[tuple[str, Callable[[People], list[object]]]] = [
    ("renew_equipment_label", lambda people: [people.kiln.pk]),
    ("share_equipment", lambda people: [people.kiln.pk]),
    ("reach_of_equipment", lambda people: [people.kiln.pk]),
    ("plan_round", lambda people: [people.checklist.pk]),
    ("start_round", lambda people: [people.checklist.pk]),
    ("attach_to_finding", lambda people: [finding(people.plant, people.by).pk]),
    ("add_reading_to_finding", lambda people: [finding(people.plant, people.by).pk]),
    ("equipment_of_finding", lambda people: [finding(people.plant, people.by).pk]),
]


@pytest.mark.parametrize(("name", "arguments"), [*PAGES, *POSTS])
def test_what_is_not_visible_is_not_there(
    people: People, name: str, arguments: Callable[[People], list[object]]
) -> None:
    client, url = client_of(people.stranger), reverse(name, args=arguments(people))
    for method in (client.get, client.post) if (name, arguments) in PAGES else (client.post,):
        answer = method(url)
        only_fetched = name in FETCHED and method == client.post
        assert answer.status_code == (405 if only_fetched else 404)
        assert "Secret kiln" not in answer.content.decode()


@pytest.mark.parametrize(("name", "arguments"), [*PAGES, *POSTS])
def test_without_signing_in_there_is_nothing(
    people: People, name: str, arguments: Callable[[People], list[object]]
) -> None:
    answer = Client().post(reverse(name, args=arguments(people)))
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize(
    "name", ["edit_equipment", "equipment_label", "new_equipment_checklist", "equipment_checklist", "intake"]
)
@pytest.mark.parametrize("who", ["worker", "reader"])
def test_what_is_visible_but_not_allowed_is_refused(people: People, name: str, who: str) -> None:
    client = client_of(getattr(people, who))
    arguments = dict(PAGES)[name](people)
    assert client.get(reverse(name, args=arguments)).status_code == 403
    sent = client.post(reverse(name, args=arguments), {"reason": "x", "discard": "1"})
    assert sent.status_code == (405 if name in FETCHED else 403)


@pytest.mark.parametrize("name", ["new_equipment", "import_equipment", "intakes"])
def test_pages_for_those_who_judge_are_for_those_alone(people: People, name: str) -> None:
    assert client_of(people.worker).get(reverse(name)).status_code == 403
    assert people.client.get(reverse(name)).status_code == 200


def test_an_observer_neither_starts_nor_answers_a_round(people: People) -> None:
    client = client_of(people.reader)
    assert client.post(reverse("start_round", args=[people.checklist.pk])).status_code == 403
    assert client.post(reverse("round", args=[people.round.pk]), {"version": "1", "keep": "1"}).status_code == 403
    assert "Finish the round" not in page_of(client, "round", people.round.pk)


def test_lists_of_strangers_hold_nothing(people: People) -> None:
    _intake(people)
    client = client_of(people.stranger)
    for name in ("equipment_tree", "rounds", "intakes", "equipment_availability", "new_equipment", "new_finding"):
        page = page_of(client, name)
        assert "Secret kiln" not in page, name
        assert ">K1<" not in page, name
        assert '"K1"' not in page, name
        assert "Smoke" not in page, name


def test_ids_of_others_are_refused_in_forms(people: People) -> None:
    client = client_of(people.stranger)
    equipment(people.port, viewer(people.stranger), code="P1")
    answer = client.post(reverse("new_equipment"), {**FIELDS, "parent": "K1"})
    assert "No equipment of your organization" in answer.content.decode()
    owner = client.post(reverse("new_equipment"), {**FIELDS, "owner": str(people.plant.pk)})
    assert owner.status_code == 302
    assert Equipment.objects.get(code="C7").owner == people.port
    item = finding(people.port, viewer(people.stranger))
    sent = {"equipment": "K1", "version": item.version}
    client.post(reverse("equipment_of_finding", args=[item.pk]), sent)
    item.refresh_from_db()
    assert item.equipment is None


def test_a_shared_piece_shows_neither_rounds_nor_labels(people: People) -> None:
    round_services.answer(people.by, people.round, answers(people.round), 1, finish=True)
    sharing.set_reach(people.by, people.kiln, Reach.GROUP, Marking.AMBER)
    sharing.share(people.by, people.kiln, people.port, Profile.MANAGE, [Hidden.PLACES])
    client = client_of(people.stranger)
    page = page_of(client, "equipment", people.kiln.pk)
    assert "Secret kiln" in page
    assert "Daily round" not in page
    assert "<polyline" not in page
    assert client.get(reverse("round", args=[people.round.pk])).status_code == 404
    assert client.get(reverse("equipment_label", args=[people.kiln.pk])).status_code == 403


def test_a_shared_finding_does_not_name_equipment_that_is_not(people: People) -> None:
    item = finding(people.plant, people.by, equipment=people.kiln)
    sharing.set_reach(people.by, item, Reach.GROUP, Marking.AMBER)
    sharing.share(people.by, item, people.port, Profile.CONTRIBUTE)
    page = page_of(client_of(people.stranger), "finding", item.pk)
    assert item.title in page
    assert "Secret kiln" not in page
    assert "At which equipment" not in page
    assert "Secret kiln" in page_of(people.client, "finding", item.pk)


def test_equipment_is_named_from_the_page_of_a_finding(people: People) -> None:
    item = finding(people.plant, people.by)
    url = reverse("equipment_of_finding", args=[item.pk])
    assert people.client.post(url, {"equipment": "K1", "version": 1}).status_code == 302
    assert Finding.objects.get().equipment == people.kiln
    assert people.client.post(url, {"equipment": "", "version": 1}).status_code == 409


def test_readings_and_files_come_from_the_page_of_a_finding(people: People) -> None:
    item = finding(people.plant, people.by)
    fields = {"quantity": "Crack", "value": "40", "unit": "cm", "high": "10"}
    people.client.post(reverse("add_reading_to_finding", args=[item.pk]), fields)
    people.client.post(reverse("add_reading_to_finding", args=[item.pk]), {**fields, "value": "long"})
    assert Reading.objects.get().value == 40
    files = reverse("attach_to_finding", args=[item.pk])
    for content in (SVG, PDF):
        people.client.post(files, {"file": SimpleUploadedFile("../x.html", content, "text/html")})
    kept = Attachment.objects.get()
    sent = people.client.get(reverse("attachment", args=[kept.pk]))
    assert sent.content == PDF
    assert sent.headers["Content-Disposition"] == 'attachment; filename="x.pdf"'
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    assert sent.headers["Content-Type"] == "application/pdf"
    assert "Crack" in page_of(people.client, "finding", item.pk)


def test_a_body_that_is_too_long_is_not_read(people: People) -> None:
    url = reverse("phone_report", args=[people.token])
    answer = Client().post(url, {"title": "x", "photo": SimpleUploadedFile("a.jpg", b"x" * BODY_MOST)})
    assert answer.status_code == 400
    assert not Intake.objects.exists()


# The page behind a label.


def test_whoever_holds_the_label_reports_without_signing_in(people: People) -> None:
    client, url = Client(), reverse("phone_report", args=[people.token])
    page = client.get(url).content.decode()
    assert "Secret kiln" in page
    for secret in ("Plant", "K1", "Daily round"):
        # As a word of its own: two letters may stand in any token.
        assert not re.search(rf"\b{secret}\b", page)
    photo = SimpleUploadedFile("IMG.jpg", JPEG)
    thanks = client.post(url, {"title": "Smoke", "what": "White", "photo": photo}).content.decode()
    intake = Intake.objects.get()
    assert str(intake.number) in thanks
    assert intake.attachments.count() == 1
    assert not Finding.objects.exists()
    assert "no-store" in client.get(url).headers["Cache-Control"]


def test_an_old_or_made_up_label_leads_nowhere(people: People) -> None:
    url = reverse("phone_report", args=[people.token])
    assert people.client.post(reverse("renew_equipment_label", args=[people.kiln.pk])).status_code == 302
    for answer in (Client().get(url), Client().post(url, {"title": "x"}), Client().get("/r/made-up/")):
        assert answer.status_code == 404
        assert "Secret kiln" not in answer.content.decode()


@pytest.mark.parametrize("title", ["", "x" * 161])
def test_a_report_has_a_title_of_bounded_length(people: People, title: str) -> None:
    answer = Client().post(reverse("phone_report", args=[people.token]), {"title": title})
    assert answer.status_code == 200
    assert not Intake.objects.exists()


def test_what_is_no_photo_is_refused(people: People) -> None:
    sent = {"title": "x", "photo": SimpleUploadedFile("a.jpg", SVG, "image/jpeg")}
    page = Client().post(reverse("phone_report", args=[people.token]), sent).content.decode()
    assert "Only JPEG" in page
    assert not Intake.objects.exists()


def test_whoever_fills_in_what_people_do_not_see_is_thanked_and_forgotten(people: People) -> None:
    sent = {"title": "x", "website": "https://example.org"}
    answer = Client().post(reverse("phone_report", args=[people.token]), sent)
    assert "Thank you" in answer.content.decode()
    assert not Intake.objects.exists()


@pytest.mark.parametrize("kind", ["label", "address"])
def test_a_label_and_an_address_send_so_much_and_no_more(
    people: People, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(LIMITS, kind, Limit(2, 3600))
    url = reverse("phone_report", args=[people.token])
    codes = [Client().post(url, {"title": "x"}, REMOTE_ADDR="192.0.2.1").status_code for _ in range(3)]
    assert codes == [200, 200, 429]
    assert Intake.objects.count() == 2
    other = Client().post(url, {"title": "x"}, REMOTE_ADDR="192.0.2.2")
    assert other.status_code == (429 if kind == "label" else 200)
    last = Client().post(url, {"title": "x"}, REMOTE_ADDR="192.0.2.1")
    assert 0 < int(last.headers["Retry-After"]) <= 3600


def test_reports_are_judged_from_pages(people: People) -> None:
    first, second = _intake(people), _intake(people)
    assert str(first.number) in page_of(people.client, "intakes")
    url = reverse("intake", args=[first.pk])
    sent = {"title": "Smoke", "level": "equipment", "channel": "plant", "hazard": "fire", "severity": 3, "urgency": 4}
    assert people.client.post(url, {**sent, "accept": "1"}).status_code == 302
    made = Finding.objects.get()
    assert made.source == "phone"
    assert made.attachments.count() == 1
    assert people.client.post(url, {**sent, "accept": "1"}).status_code == 409
    people.client.post(reverse("intake", args=[second.pk]), {"reason": "", "discard": "1"})
    second.refresh_from_db()
    assert second.state == IntakeState.WAITING
    people.client.post(reverse("intake", args=[second.pk]), {"reason": "A joke", "discard": "1"})
    second.refresh_from_db()
    assert (second.state, second.reason) == (IntakeState.DISCARDED, "A joke")


def test_a_label_can_be_printed_again(people: People) -> None:
    page = page_of(people.client, "equipment_label", people.kiln.pk)
    assert f"/r/{people.token}/" in page
    assert re.search(r'<path d="M\d+ \d+h1v1h-1z', page)
    assert "style=" not in page


def test_no_page_carries_styles_or_scripts_inside(people: People) -> None:
    round_services.answer(people.by, people.round, answers(people.round, value=99.0), 1, finish=True)
    Equipment.objects.update(site_name="Mine")
    pages = [page_of(people.client, name, *arguments(people)) for name, arguments in PAGES[:-1]]
    pages += [page_of(people.client, name) for name in ("equipment_tree", "equipment_availability", "rounds")]
    for page in pages:
        assert "style=" not in page
        assert "<script>" not in page


def test_the_ceiling_of_queries_does_not_grow_with_the_tree(people: People, django_assert_max_num_queries: Any) -> None:
    for number in range(15):
        part = equipment(people.plant, people.by, parent=people.kiln, site_name="Mine", code=f"P{number}")
        finding(people.plant, people.by, equipment=part)
        begun = round_begun(people.kiln, people.by, people.checklist)
        round_services.answer(people.by, begun, answers(begun), 1, finish=True)
        _intake(people)
    for name, arguments, most in (
        ("equipment_tree", [], 22),
        ("equipment", [people.kiln.pk], 40),
        ("equipment_availability", [], 18),
        ("rounds", [], 22),
        ("intakes", [], 20),
        ("round", [people.round.pk], 20),
    ):
        with django_assert_max_num_queries(most):
            assert people.client.get(reverse(name, args=arguments)).status_code == 200


def test_red_equipment_is_for_those_who_are_named(people: People) -> None:
    sharing.name_person(people.by, people.kiln, people.lead.user)
    sharing.set_reach(people.by, people.kiln, Reach.ORGANIZATION, Marking.RED)
    other: Membership = member(people.plant, "coordinator")
    client = client_of(other)
    for name, arguments in PAGES[:6]:
        assert client.get(reverse(name, args=arguments(people))).status_code == 404
    assert "Secret kiln" not in page_of(client, "equipment_tree")
