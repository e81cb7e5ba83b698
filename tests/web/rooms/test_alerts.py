from __future__ import annotations

import json
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from tenon.web.audit.models import Entry
from tenon.web.audit.selectors import find_fault
from tenon.web.audit.services import organization_chain
from tenon.web.organizations import services as organizations
from tenon.web.organizations import sharing
from tenon.web.organizations.models import Membership
from tenon.web.organizations.rules import Marking, MembershipState, Reach
from tenon.web.rooms import services, webhooks
from tenon.web.rooms.alert_rules import ATTEMPTS, AlertKind, DeliveryState, Plan, Way, signature
from tenon.web.rooms.alert_selectors import alerts_for, chain_for, chains_of, unread
from tenon.web.rooms.alert_services import Choice, choose, mark_read, remove_webhook, set_webhook
from tenon.web.rooms.chain_services import StepPlan, end_chain, set_chain
from tenon.web.rooms.deliveries import Sent, deliver
from tenon.web.rooms.models import Alert, AlertChoice, Delivery, Finding, Timer, TimerStep, Webhook
from tenon.web.rooms.rules import Action, Severity
from tenon.web.rooms.timer_services import deadline_of, tick
from tests.web.worlds import finding, member, organization, rolled_back, step_values, viewer

pytestmark = pytest.mark.django_db
HOOK = "https://hooks.example.org/very-secret-path"


class Plant:
    """A plant below a group, with people who are told, and a port beside it."""

    def __init__(self) -> None:
        self.group = organization("Group")
        self.plant = organization("Plant", self.group)
        self.port = organization("Port")
        self.lead_at = member(self.plant, "coordinator")
        self.lead = viewer(self.lead_at)
        self.worker_at = member(self.plant, "inspector")
        self.worker = viewer(self.worker_at)
        self.boss_at = member(self.group, "administrator")
        self.boss = viewer(self.boss_at)
        self.stranger = viewer(member(self.port, "administrator"))

    def assigned(self, **changes: Any) -> Finding:
        item = finding(self.plant, self.lead)
        values = {**step_values(self.worker_at.user), **changes}
        item = services.move(self.lead, item, Action.TRIAGE, values, item.version)
        return services.move(self.lead, item, Action.ASSIGN, values, item.version)


@pytest.fixture
def plant() -> Plant:
    return Plant()


def wish(who: Any, kind: AlertKind, *ways: Way, severity: Severity = Severity.MINOR) -> None:
    choose(who, {kind: Choice(frozenset(ways), severity)})


def kinds(who: Any) -> list[str]:
    return [item.kind for item in alerts_for(who)]


def test_whoever_is_made_responsible_is_told_without_having_chosen(plant: Plant) -> None:
    plant.assigned()
    assert kinds(plant.worker) == ["assigned"]
    assert unread(plant.worker) == 1
    assert kinds(plant.lead) == []
    assert not Delivery.objects.exists()


def test_new_hazards_are_told_upwards_from_a_severity_on_and_not_to_the_reporter(plant: Plant) -> None:
    for who in (plant.boss, plant.lead, plant.worker):
        wish(who, AlertKind.REPORTED, Way.PAGE, severity=Severity.SERIOUS)
    finding(plant.plant, plant.lead, severity=2)
    finding(plant.plant, plant.lead, severity=3)
    finding(plant.group, plant.boss, severity=4)
    assert (kinds(plant.boss), kinds(plant.worker), kinds(plant.lead)) == (["reported"], ["reported"], [])


def test_what_is_not_wanted_is_not_told(plant: Plant) -> None:
    wish(plant.worker, AlertKind.ASSIGNED)
    plant.assigned()
    assert not Alert.objects.exists()


def test_an_escalation_is_told(plant: Plant) -> None:
    wish(plant.boss, AlertKind.ESCALATED, Way.PAGE, Way.EMAIL)
    item = finding(plant.plant, plant.lead)
    services.move(plant.lead, item, Action.ESCALATE, {"note": "Too slow"}, item.version)
    assert kinds(plant.boss) == ["escalated"]
    assert Delivery.objects.get().way == Way.EMAIL


def test_alert_and_message_are_written_with_the_event_or_not_at_all(plant: Plant) -> None:
    wish(plant.boss, AlertKind.REPORTED, Way.EMAIL)
    with rolled_back():
        finding(plant.plant, plant.lead)
        assert Delivery.objects.count() == 1
    assert not Delivery.objects.exists()
    assert not Alert.objects.exists()


def test_an_alert_is_gone_from_the_page_when_the_finding_is(plant: Plant) -> None:
    item = plant.assigned()
    sharing.set_reach(plant.lead, item, Reach.ORGANIZATION, Marking.RED)
    assert kinds(plant.worker) == []
    assert unread(plant.worker) == 0


def test_reading_marks_one_or_all_of_ones_own(plant: Plant) -> None:
    plant.assigned()
    plant.assigned()
    first = alerts_for(plant.worker)[0]
    assert mark_read(plant.lead, first) == 0
    assert mark_read(plant.worker, first) == 1
    assert unread(plant.worker) == 1
    assert mark_read(plant.worker) == 1
    assert unread(plant.worker) == 0


def test_letters_go_out_once_and_several_together(plant: Plant) -> None:
    wish(plant.worker, AlertKind.ASSIGNED, Way.PAGE, Way.EMAIL)
    first, second = plant.assigned(), plant.assigned()
    assert deliver(timezone.now()) == Sent(sent=2)
    (letter,) = mail.outbox
    assert letter.to == [plant.worker_at.user.email]
    assert letter.subject == "tenon: 2 alerts"
    assert f"/findings/{first.pk}/" in letter.body
    assert f"/findings/{second.pk}/" in letter.body
    assert "Crack in the kiln shell" in letter.body
    assert deliver(timezone.now() + timedelta(days=1)) == Sent()


def test_a_letter_never_says_more_than_its_receiver_may_see_then(plant: Plant) -> None:
    wish(plant.worker, AlertKind.ASSIGNED, Way.EMAIL)
    item = plant.assigned()
    Finding.objects.filter(pk=item.pk).update(marking=Marking.RED)
    assert deliver(timezone.now()) == Sent(withheld=1)
    assert mail.outbox == []


def test_a_letter_about_what_is_kept_close_says_the_number_alone(plant: Plant) -> None:
    wish(plant.worker, AlertKind.ASSIGNED, Way.EMAIL)
    item = plant.assigned()
    sharing.set_reach(plant.lead, item, Reach.ORGANIZATION, Marking.AMBER_STRICT)
    assert deliver(timezone.now()) == Sent(sent=1)
    assert "Crack" not in mail.outbox[0].body
    assert f"Plant {item.number}" in mail.outbox[0].body


@pytest.mark.parametrize("state", [MembershipState.SUSPENDED, MembershipState.ENDED])
def test_nothing_goes_to_somebody_who_left(plant: Plant, state: MembershipState) -> None:
    wish(plant.worker, AlertKind.ASSIGNED, Way.EMAIL)
    plant.assigned()
    organizations.move_membership(plant.boss, plant.worker_at, state)
    assert deliver(timezone.now()) == Sent(withheld=1)
    assert mail.outbox == []


def test_a_second_home_does_not_open_what_the_first_one_saw(plant: Plant) -> None:
    wish(plant.worker, AlertKind.ASSIGNED, Way.EMAIL)
    plant.assigned()
    member(plant.port, "member", plant.worker_at.user)
    Membership.objects.filter(pk=plant.worker_at.pk).update(state="suspended")
    assert deliver(timezone.now()) == Sent(withheld=1)


def test_what_fails_is_tried_again_later_and_given_up_in_the_end(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    wish(plant.worker, AlertKind.ASSIGNED, Way.EMAIL)
    plant.assigned()

    def fail(_self: EmailMessage, *_arguments: object, **_options: object) -> int:
        raise ConnectionRefusedError("no mail server")

    monkeypatch.setattr(EmailMessage, "send", fail)
    now = timezone.now()
    assert deliver(now) == Sent(failed=1)
    assert deliver(now + timedelta(seconds=50)) == Sent()
    for _attempt in range(ATTEMPTS - 2):
        now += timedelta(hours=7)
        assert deliver(now) == Sent(failed=1)
    assert deliver(now + timedelta(hours=7)) == Sent(dead=1)
    left = Delivery.objects.get()
    assert (left.state, left.attempts, left.problem) == (DeliveryState.DEAD, ATTEMPTS, "no mail server")


def test_a_worker_that_died_leaves_its_messages_to_others(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    wish(plant.worker, AlertKind.ASSIGNED, Way.EMAIL)
    plant.assigned()
    now = timezone.now()

    def die(*_arguments: object, **_options: object) -> int:
        raise KeyboardInterrupt("killed")

    with monkeypatch.context() as patch:
        patch.setattr(EmailMessage, "send", die)
        with pytest.raises(KeyboardInterrupt, match="killed"):
            deliver(now)
    assert deliver(now + timedelta(minutes=9)) == Sent()
    assert deliver(now + timedelta(minutes=11)) == Sent(sent=1)


def test_a_webhook_gets_signed_messages(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    made, secret = set_webhook(plant.boss, HOOK)
    wish(plant.boss, AlertKind.REPORTED, Way.WEBHOOK)
    item = finding(plant.plant, plant.lead)
    sent: list[tuple[str, bytes, dict[str, str]]] = []
    monkeypatch.setattr(webhooks, "post", lambda url, body, headers: sent.append((url, body, headers)))
    assert deliver(timezone.now()) == Sent(sent=1)
    ((url, body, headers),) = sent
    assert url == made.url
    assert headers["Tenon-Signature"] == signature(secret, int(headers["Tenon-Timestamp"]), body)
    (alert,) = json.loads(body)["alerts"]
    assert (alert["finding"], alert["kind"], alert["title"]) == (str(item.pk), "reported", item.title)
    assert kinds(plant.boss) == []


def test_the_record_holds_neither_secret_nor_path_of_a_webhook(plant: Plant) -> None:
    _made, secret = set_webhook(plant.boss, HOOK)
    remove_webhook(plant.boss)
    said = " ".join(Entry.objects.filter(action__startswith="webhook").values_list("details", flat=True))
    assert "hooks.example.org" in said
    assert "very-secret-path" not in said
    assert secret not in said
    assert secret not in " ".join(map(str, Webhook.objects.values_list()))


def test_whoever_does_not_export_has_no_webhook(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PermissionDenied, match="out of the platform"):
        set_webhook(plant.lead, HOOK)
    with pytest.raises(ValidationError, match="Set up a webhook first"):
        wish(plant.lead, AlertKind.REPORTED, Way.WEBHOOK)
    set_webhook(plant.boss, HOOK)
    wish(plant.boss, AlertKind.REPORTED, Way.WEBHOOK)
    finding(plant.plant, plant.lead)
    # The role changes before the message is sent.
    Membership.objects.filter(pk=plant.boss_at.pk).update(role=plant.worker_at.role)
    monkeypatch.setattr(webhooks, "post", lambda *_arguments: pytest.fail("nothing may be sent"))
    assert deliver(timezone.now()) == Sent(withheld=1)


def test_a_private_address_is_no_webhook(plant: Plant) -> None:
    with pytest.raises(ValidationError, match="must be public"):
        set_webhook(plant.boss, "https://10.0.0.1/")


def test_calls_cannot_be_turned_off(plant: Plant) -> None:
    with pytest.raises(ValidationError, match="cannot be turned off"):
        wish(plant.lead, AlertKind.CALLED)
    assert not AlertChoice.objects.exists()


# Clocks


def soon(hours: float) -> datetime:
    return timezone.now() + timedelta(hours=hours)


def steps() -> list[str]:
    return list(TimerStep.objects.order_by("time", "pk").values_list("name", flat=True))


def test_a_reminder_comes_before_the_deadline_and_a_notice_after_it(plant: Plant) -> None:
    plant.assigned(deadline=soon(72))
    assert tick(timezone.now()) == 0
    assert tick(soon(47)) == 0
    assert tick(soon(49)) == 1
    assert tick(soon(50)) == 0
    assert tick(soon(73)) == 1
    assert tick(soon(1000)) == 0
    assert steps() == ["reminder", "overdue"]
    assert sorted(kinds(plant.worker)) == ["assigned", "due", "overdue"]
    assert find_fault(organization_chain(plant.plant.pk)) is None


def test_without_a_deadline_the_urgency_sets_one(plant: Plant) -> None:
    wish(plant.boss, AlertKind.OVERDUE, Way.PAGE)
    item = finding(plant.plant, plant.lead, urgency=4)
    assert deadline_of(item) == item.reported + timedelta(days=1)
    tick(soon(25))
    assert kinds(plant.boss) == ["overdue"]


def test_what_is_eliminated_is_left_alone_until_it_comes_back(plant: Plant) -> None:
    item = plant.assigned(deadline=soon(1))
    values = step_values(plant.worker_at.user)
    item = services.move(plant.worker, item, Action.ELIMINATE, values, item.version)
    assert tick(soon(5)) == 0
    assert Timer.objects.get().next is None
    other = viewer(member(plant.plant, "verifier"))
    services.move(other, item, Action.RETURN, values, item.version)
    assert tick(soon(5)) == 1
    assert steps() == ["overdue"]


def test_a_new_deadline_starts_the_clock_again(plant: Plant) -> None:
    item = plant.assigned(deadline=soon(1))
    tick(soon(2))
    values = {**step_values(plant.worker_at.user), "deadline": soon(100)}
    services.move(plant.lead, item, Action.ASSIGN, values, item.version)
    assert tick(soon(3)) == 0
    assert tick(soon(101)) == 1
    assert steps() == ["overdue", "overdue"]


def chain(plant: Plant, *plan: StepPlan, repeats: int = 0, severity: Severity = Severity.MINOR) -> Any:
    times = Plan(0, tuple(step.wait_hours for step in plan), repeats)
    return set_chain(plant.boss, plant.group, severity, "Late", (times, plan))


def test_a_chain_calls_and_escalates_step_by_step(plant: Plant) -> None:
    chain(plant, StepPlan(2, plant.lead_at.role), StepPlan(4, plant.boss_at.user, escalates=True), repeats=1)
    item = plant.assigned(deadline=soon(1))
    for hours in (1.1, 3, 3.2, 7, 7.3, 9.4, 13.5, 100):
        tick(soon(hours))
    assert steps() == ["overdue", "1.1", "1.2", "2.1", "2.2"]
    assert kinds(plant.lead) == ["called", "called"]
    assert kinds(plant.boss) == ["called", "called"]
    item.refresh_from_db()
    assert item.escalation == 2
    assert set(Delivery.objects.values_list("way", flat=True)) == {"email"}
    recorded = Entry.objects.filter(subject_id=str(item.pk), action="finding.timer")
    assert recorded.count() == 5
    assert find_fault(organization_chain(plant.plant.pk)) is None


def test_two_workers_do_a_step_once(plant: Plant) -> None:
    chain(plant, StepPlan(0, escalates=True))
    item = plant.assigned(deadline=soon(-1))
    now = soon(1)
    assert tick(now) == 2
    # A second worker that had read its list before finds nothing due.
    Timer.objects.update(next=now)
    assert tick(now) == 0
    item.refresh_from_db()
    assert item.escalation == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        TimerStep.objects.create(finding=item, deadline=deadline_of(item), name="overdue", time=now)


def test_the_nearest_chain_for_the_severity_holds(plant: Plant) -> None:
    item = finding(plant.plant, plant.lead, severity=3)
    wide = chain(plant, StepPlan(1, escalates=True))
    assert chain_for(item) == wide
    chain(plant, StepPlan(1, escalates=True), severity=Severity.CRITICAL)
    assert chain_for(item) == wide
    near = set_chain(plant.boss, plant.plant, Severity.MINOR, "Here", (Plan(0, (1,)), [StepPlan(1, escalates=True)]))
    assert chain_for(item) == near
    end_chain(plant.boss, near)
    assert chain_for(item) == wide
    again = chain(plant, StepPlan(1, escalates=True))
    assert chain_for(item) == again


def test_only_administrators_set_chains_up(plant: Plant) -> None:
    plan = (Plan(0, (1,)), [StepPlan(1, escalates=True)])
    for who in (plant.lead, plant.stranger):
        with pytest.raises(PermissionDenied):
            set_chain(who, plant.plant, Severity.MINOR, "Mine", plan)


def test_a_step_does_something_and_calls_nobody_of_others(plant: Plant) -> None:
    with pytest.raises(ValidationError, match="Step 1 does nothing"):
        chain(plant, StepPlan(1))
    outsider = member(plant.port, "member").user
    with pytest.raises(ValidationError, match="another organization"):
        chain(plant, StepPlan(1, outsider))
    assert chains_of(plant.group).count() == 0


def test_the_command_does_what_is_due(plant: Plant) -> None:
    wish(plant.worker, AlertKind.ASSIGNED, Way.EMAIL)
    plant.assigned(deadline=soon(-1))
    said = StringIO()
    call_command("tick", stdout=said)
    assert said.getvalue() == ("1 steps done; 1 messages sent, 0 withheld, 0 to be tried again, 0 given up.\n")
