from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tenon.web.audit.models import Entry
from tenon.web.organizations.models import Membership
from tenon.web.rooms import room_report_services, room_services, room_work_services, webhooks
from tenon.web.rooms.alert_rules import OVERDUE, REMINDER, AlertKind, Way, task_step
from tenon.web.rooms.alert_selectors import alerts_for, unread
from tenon.web.rooms.alert_services import Choice, choose, set_webhook
from tenon.web.rooms.deliveries import Sent, deliver
from tenon.web.rooms.models import Alert, Delivery, Participant, RoomTask
from tenon.web.rooms.room_alert_services import tick_tasks
from tenon.web.rooms.room_rules import Part, RoomStep, TaskState
from tests.web.worlds import client_of, member, organization, rolled_back, room, viewer

pytestmark = pytest.mark.django_db


class Corridor:
    """A room that the plant commands, with a liaison of the port, which stands below a group."""

    def __init__(self) -> None:
        self.plant, self.group = organization("Plant"), organization("Group")
        self.port = organization("Port", self.group)
        self.lead_at, self.liaison_at = member(self.plant, "coordinator"), member(self.port, "coordinator")
        self.room = room(self.plant, viewer(self.lead_at), title="Strait closed")
        self.lead = viewer(self.lead_at)
        room_services.bring_in(self.lead, self.room, self.port)
        self.liaison = viewer(self.liaison_at)
        self.send(self.liaison_at)

    def send(self, who: Membership) -> None:
        room_services.send(viewer(who), self.room, who.user, self.port, Part.LIAISON)

    def part(self, who: Membership) -> Participant:
        return Participant.objects.get(room=self.room, user=who.user, until=None)

    def task(self, hours: int = 48) -> RoomTask:
        due = timezone.now() + timedelta(hours=hours)
        return room_work_services.give_task(self.lead, self.room, "Ask for wagons", self.part(self.liaison_at), due)


@pytest.fixture
def here() -> Corridor:
    return Corridor()


def kinds(who: Any) -> list[str]:
    return [item.kind for item in alerts_for(who)]


def soon(hours: int) -> datetime:
    return timezone.now() + timedelta(hours=hours)


def wish(who: Any, kind: AlertKind, *ways: Way) -> None:
    choose(who, {kind: Choice(frozenset(ways))})


def test_whoever_is_given_a_part_by_others_is_told(here: Corridor) -> None:
    assert kinds(here.liaison) == []  # went by themselves
    other = member(here.port, "observer")
    room_services.send(here.liaison, here.room, other.user, here.port, Part.OBSERVER)
    assert kinds(viewer(other)) == ["joined"]
    room_services.hand_over(here.lead, here.room, here.part(here.liaison_at), "Shift", 1)
    assert kinds(here.liaison) == ["joined"]
    assert kinds(here.lead) == []


def test_a_task_is_told_to_whoever_gets_it_and_leads_to_its_page(here: Corridor) -> None:
    task = here.task()
    (told,) = alerts_for(here.liaison)
    assert (told.kind, told.get_absolute_url()) == ("task_given", f"/rooms/{here.room.pk}/tasks/{task.pk}/")
    room_work_services.hand_task(here.lead, task, here.part(here.lead_at), task.version)
    assert kinds(here.lead) == []
    browser = client_of(here.liaison_at)
    page = browser.get("/alerts/").content.decode()
    assert "1 · Strait closed" in page
    assert "Ask for wagons" in page
    answer = browser.post("/alerts/read/", {"alert": told.pk})
    assert answer.headers["Location"] == told.get_absolute_url()
    assert unread(here.liaison) == 0


def test_reports_and_the_end_are_told_to_everybody_who_takes_part(here: Corridor) -> None:
    gone = member(here.port, "observer")
    room_services.send(here.liaison, here.room, gone.user, here.port, Part.OBSERVER)
    room_services.dismiss(here.liaison, here.room, here.part(gone))
    room_report_services.make_report(here.lead, here.room, "It holds")
    room_services.move_room(here.lead, here.room, RoomStep.STABILIZE, "Ships pass", 1)
    room_report_services.close_room(here.lead, here.room, {"happened": "A storm", "learnt": "Book early"}, 2)
    assert kinds(here.liaison) == ["closed", "situation"]
    assert kinds(here.lead) == []
    assert kinds(viewer(gone)) == ["joined"]


def test_what_is_not_wanted_is_not_told(here: Corridor) -> None:
    wish(here.liaison, AlertKind.TASK_GIVEN)
    here.task()
    assert not Alert.objects.filter(kind="task_given").exists()


def test_an_alert_is_written_with_what_it_tells_or_not_at_all(here: Corridor) -> None:
    wish(here.liaison, AlertKind.TASK_GIVEN, Way.EMAIL)
    with rolled_back():
        here.task()
        assert Delivery.objects.count() == 1
    assert not Delivery.objects.exists()
    assert not Alert.objects.exists()


def test_somebody_sent_from_above_is_told_where_they_are_a_member(here: Corridor) -> None:
    boss = member(here.group, "coordinator")
    room_services.send(viewer(boss), here.room, boss.user, here.port, Part.LIAISON)
    room_report_services.make_report(here.lead, here.room, "It holds")
    assert Alert.objects.get(user=boss.user).organization_id == here.group.pk
    assert kinds(viewer(boss)) == ["situation"]


def test_whoever_does_not_see_the_room_any_more_is_told_nothing_of_it(here: Corridor) -> None:
    wish(here.liaison, AlertKind.TASK_GIVEN, Way.PAGE, Way.EMAIL)
    here.task()
    room_services.take_out(here.lead, here.room, here.port)
    gone = viewer(here.liaison_at)
    assert kinds(gone) == []
    assert unread(gone) == 0
    assert deliver(soon(1)) == Sent(withheld=1)
    assert mail.outbox == []
    told = Alert.objects.get()
    assert client_of(here.liaison_at).post("/alerts/read/", {"alert": told.pk}).status_code == 404


def test_a_letter_names_the_room_and_the_task(here: Corridor) -> None:
    for kind in (AlertKind.TASK_GIVEN, AlertKind.SITUATION):
        wish(here.liaison, kind, Way.EMAIL)
    task = here.task()
    room_report_services.make_report(here.lead, here.room, "Nobody outside reads this")
    assert deliver(soon(1)) == Sent(sent=2)
    (letter,) = mail.outbox
    assert isinstance(letter, EmailMessage)
    assert "task for you: Plant 1, Strait closed: Ask for wagons" in letter.body
    assert f"/rooms/{here.room.pk}/tasks/{task.pk}/" in letter.body
    assert "serious · active · deadline" in letter.body
    assert "new report: Plant 1, Strait closed" in letter.body
    assert "Nobody outside" not in letter.body


def test_a_message_names_the_room_and_the_task(here: Corridor, monkeypatch: pytest.MonkeyPatch) -> None:
    boss = member(here.port, "administrator")
    room_services.send(viewer(boss), here.room, boss.user, here.port, Part.LIAISON)
    set_webhook(viewer(boss), "https://hooks.example.org/x")
    wish(viewer(boss), AlertKind.TASK_GIVEN, Way.WEBHOOK)
    sent: list[bytes] = []
    monkeypatch.setattr(webhooks, "post", lambda _url, body, _headers: sent.append(body))
    task = room_work_services.give_task(here.lead, here.room, "Ask", here.part(boss), soon(48))
    assert deliver(soon(1)) == Sent(sent=1)
    (said,) = json.loads(sent[0])["alerts"]
    assert (said["room"], said["task"]) == (str(here.room.pk), {"id": str(task.pk), "title": "Ask"})
    assert (said["title"], said["state"], said["deadline"]) == ("Strait closed", "active", task.due.isoformat())
    assert "finding" not in said


def test_a_task_is_told_before_and_after_its_deadline_each_once(here: Corridor) -> None:
    task = here.task()
    assert tick_tasks(soon(23)) == 0
    assert tick_tasks(soon(25)) == 1
    assert tick_tasks(soon(26)) == 0
    assert tick_tasks(soon(49)) == 1
    assert tick_tasks(soon(1000)) == 0
    assert kinds(here.liaison) == ["task_overdue", "task_due", "task_given"]
    assert kinds(here.lead) == ["task_overdue"]
    assert RoomTask.objects.get().version == task.version
    assert [json.loads(item.details)["step"] for item in Entry.objects.filter(action="room.task.timer")] == [
        "reminder",
        "overdue",
    ]


def test_a_reminder_that_was_missed_is_left_out(here: Corridor) -> None:
    here.task()
    assert tick_tasks(soon(49)) == 1
    assert kinds(here.liaison) == ["task_overdue", "task_given"]


def test_what_is_done_and_what_is_in_a_closed_room_has_no_clock(here: Corridor) -> None:
    done = here.task()
    here.task()
    room_work_services.change_task(here.liaison, done, TaskState.DONE, "Forty", done.version)
    room_services.move_room(here.lead, here.room, RoomStep.STABILIZE, "Ships pass", 1)
    with rolled_back():
        assert tick_tasks(soon(49)) == 1
    room_report_services.close_room(here.lead, here.room, {"happened": "A storm", "learnt": "Book early"}, 2)
    assert tick_tasks(soon(49)) == 0


def test_a_report_takes_as_many_queries_for_ten_people_as_for_one(
    here: Corridor, django_assert_max_num_queries: Any
) -> None:
    for _ in range(10):
        other = member(here.port, "observer")
        room_services.send(here.liaison, here.room, other.user, here.port, Part.OBSERVER)
    with django_assert_max_num_queries(32):
        room_report_services.make_report(here.lead, here.room, "It holds")
    assert Alert.objects.filter(kind="situation").count() == 11


@given(st.sampled_from(["", REMINDER, OVERDUE]), st.integers(-200, 200))
def test_the_clock_of_a_task_goes_forward_alone(told: str, hours: int) -> None:
    due = datetime(2026, 12, 1, 12)  # noqa: DTZ001 - any zone
    step = task_step(due, told, due + timedelta(hours=hours))
    order = ["", REMINDER, OVERDUE]
    if hours >= 0:
        assert step == (None if told == OVERDUE else OVERDUE)
    else:
        assert step == (REMINDER if told == "" and hours >= -24 else None)
    assert step is None or order.index(step) > order.index(told)
