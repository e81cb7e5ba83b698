from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from tenon.web.audit.models import Entry
from tenon.web.audit.selectors import find_fault
from tenon.web.audit.services import organization_chain
from tenon.web.rooms import equipment_services, round_services, services
from tenon.web.rooms.equipment_rules import Answer, Outcome
from tenon.web.rooms.equipment_selectors import series_at
from tenon.web.rooms.models import Finding, InspectionRound, Reading, RoundAnswer
from tenon.web.rooms.round_selectors import open_rounds, overdue_rounds, round_for
from tests.web.plants import CHECK, READING, answers, checklist, equipment, round_begun
from tests.web.worlds import finding, member, organization, viewer

pytestmark = pytest.mark.django_db


class People:
    """A plant with a kiln and everybody who is needed, and a port beside it."""

    def __init__(self) -> None:
        self.plant = organization("Plant")
        self.lead = viewer(member(self.plant, "coordinator"))
        self.worker = viewer(member(self.plant, "inspector"))
        self.reader = viewer(member(self.plant, "observer"))
        self.stranger = viewer(member(organization("Port"), "administrator"))
        self.kiln = equipment(self.plant, self.lead, place="Bay 7")


@pytest.fixture
def people() -> People:
    return People()


def test_what_fails_becomes_one_finding_each_however_often_it_is_sent(people: People) -> None:
    begun = round_begun(people.kiln, people.lead)
    sent = answers(begun, passed=False, value=95.5)
    done = round_services.answer(people.worker, begun, sent, 1, finish=True)
    again = round_services.answer(people.worker, begun, sent, 1, finish=True)
    assert done.finished is not None
    assert again.version == done.version
    made = {item.title: item for item in Finding.objects.all()}
    assert set(made) == {"Oil leaks", "Bearing temperature"}
    hot = made["Bearing temperature"]
    assert (hot.source, hot.equipment, hot.place, hot.severity, hot.urgency) == ("round", people.kiln, "Bay 7", 4, 4)
    assert hot.description == "Read 95.5 °C; at most 80 is allowed."
    reading = Reading.objects.get()
    assert (reading.finding, reading.value, reading.unit, reading.high) == (hot, 95.5, "°C", 80.0)
    assert Entry.objects.filter(action="equipment.round_finished").count() == 1
    assert find_fault(organization_chain(people.plant.pk)) is None


def test_what_passes_makes_no_finding(people: People) -> None:
    begun = round_begun(people.kiln, people.lead)
    round_services.answer(people.worker, begun, answers(begun), 1, finish=True)
    assert not Finding.objects.exists()
    assert RoundAnswer.objects.count() == 2


def test_a_round_is_kept_and_finished_later(people: People) -> None:
    begun = round_begun(people.kiln, people.lead)
    some = dict(list(answers(begun, passed=False).items())[:1])
    kept = round_services.answer(people.worker, begun, some, 1, finish=False)
    assert (kept.finished, kept.version, Finding.objects.count()) == (None, 2, 0)
    same = round_services.answer(people.worker, begun, some, 1, finish=False)
    assert same.version == 2
    with pytest.raises(ValidationError, match="Somebody changed this round") as refusal:
        round_services.answer(people.worker, begun, answers(begun), 1, finish=False)
    assert refusal.value.code == services.STALE
    with pytest.raises(ValidationError, match=r"Every item needs an answer.*Bearing"):
        round_services.answer(people.worker, begun, some, 2, finish=True)
    assert round_services.answer(people.worker, begun, answers(begun), 2, finish=True).finished is not None


def test_an_item_is_skipped_with_a_reason(people: People) -> None:
    begun = round_begun(people.kiln, people.lead)
    skipped = dict.fromkeys(answers(begun), Answer(Outcome.SKIPPED, note="Scaffold in the way"))
    round_services.answer(people.worker, begun, skipped, 1, finish=True)
    assert set(RoundAnswer.objects.values_list("outcome", flat=True)) == {"skipped"}


def test_items_of_other_checklists_are_not_looked_at(people: People) -> None:
    begun, other = round_begun(people.kiln, people.lead), round_begun(people.kiln, people.lead)
    round_services.answer(people.worker, begun, answers(other), 1, finish=False)
    assert not RoundAnswer.objects.exists()


def test_the_database_itself_keeps_a_finished_round(people: People) -> None:
    begun = round_begun(people.kiln, people.lead)
    round_services.answer(people.worker, begun, answers(begun), 1, finish=True)
    first = RoundAnswer.objects.all()[0]
    row = InspectionRound.objects.filter(pk=begun.pk)
    changes: list[Callable[[], object]] = [
        lambda: row.update(finished=None, finished_by=None),
        lambda: row.update(version=9),
        lambda: RoundAnswer.objects.filter(pk=first.pk).update(note="Never mind"),
        lambda: RoundAnswer.objects.all().delete(),
        lambda: RoundAnswer.objects.create(round=begun, item=first.item, outcome="pass"),
    ]
    for change in changes:
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_an_item_has_one_answer_in_a_round(people: People) -> None:
    begun = round_begun(people.kiln, people.lead)
    round_services.answer(people.worker, begun, answers(begun), 1, finish=False)
    first = RoundAnswer.objects.all()[0]
    with pytest.raises(IntegrityError), transaction.atomic():
        RoundAnswer.objects.create(round=begun, item=first.item, outcome="pass")


def test_a_planned_round_is_started_once_and_then_answered(people: People) -> None:
    used = checklist(people.kiln, people.lead)
    planned = round_services.plan(people.lead, people.kiln, used, date(2026, 1, 31))
    assert list(overdue_rounds(people.worker)) == [planned]
    with pytest.raises(ValidationError, match="has not begun"):
        round_services.answer(people.worker, planned, {}, 1, finish=False)
    begun = round_services.start(people.worker, people.kiln, used, planned)
    assert round_services.start(people.lead, people.kiln, used, planned).started_by_id == begun.started_by_id
    round_services.answer(people.worker, begun, answers(begun), begun.version, finish=True)
    assert not open_rounds(people.worker).exists()


def test_a_checklist_that_comes_back_plans_its_next_round(people: People) -> None:
    used = checklist(people.kiln, people.lead, every_days=7)
    begun = round_begun(people.kiln, people.lead, used)
    newer = equipment_services.write_checklist(
        people.lead, people.kiln, {"name": "Weekly", "every_days": 7}, [CHECK], used
    )
    round_services.answer(people.worker, begun, answers(begun), 1, finish=True)
    following = open_rounds(people.worker).get()
    assert (following.checklist, following.due) == (newer, timezone.localdate() + timedelta(days=7))
    another = round_services.start(people.worker, people.kiln, newer)
    round_services.answer(people.worker, another, answers(another), 1, finish=True)
    assert open_rounds(people.worker).get() == following


def test_an_old_version_of_a_checklist_starts_no_round(people: People) -> None:
    used = checklist(people.kiln, people.lead)
    equipment_services.write_checklist(people.lead, people.kiln, {"name": "x", "every_days": None}, [CHECK], used)
    with pytest.raises(ValidationError, match="newer version"):
        round_services.start(people.worker, people.kiln, used)
    other = equipment(people.plant, people.lead)
    with pytest.raises(ValidationError, match="other equipment"):
        round_services.plan(people.lead, other, used, date(2027, 1, 1))


@pytest.mark.parametrize("who", ["reader", "stranger"])
def test_only_who_reports_there_inspects(people: People, who: str) -> None:
    begun = round_begun(people.kiln, people.lead)
    other = getattr(people, who)
    with pytest.raises(PermissionDenied):
        round_services.start(other, people.kiln, begun.checklist)
    with pytest.raises(PermissionDenied):
        round_services.answer(other, begun, answers(begun), 1, finish=True)
    with pytest.raises(PermissionDenied):
        round_services.plan(people.worker, people.kiln, begun.checklist, date(2027, 1, 1))
    assert round_for(people.stranger, begun.pk) is None
    assert round_for(people.reader, begun.pk) == begun


def test_readings_are_drawn_from_rounds_and_findings_each_once(people: People) -> None:
    used = checklist(people.kiln, people.lead, READING)
    for value in (60.0, 95.0):
        begun = round_begun(people.kiln, people.lead, used)
        round_services.answer(people.worker, begun, answers(begun, value=value), 1, finish=True)
    other = finding(people.plant, people.lead, equipment=people.kiln)
    Reading.objects.create(finding=other, quantity="Crack", value=40.0, unit="cm", high=10.0)
    series = {one.quantity: one for one in series_at(people.lead, people.kiln)}
    assert [point.value for point in series["Bearing temperature"].chart.points] == [60.0, 95.0]
    assert [point.outside for point in series["Bearing temperature"].chart.points] == [False, True]
    assert [point.value for point in series["Crack"].chart.points] == [40.0]
