from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from tenon.web.audit.models import Entry
from tenon.web.audit.selectors import find_fault
from tenon.web.audit.services import organization_chain
from tenon.web.organizations import sharing
from tenon.web.organizations.models import Organization
from tenon.web.organizations.policies import Viewer
from tenon.web.organizations.rules import Capability, Hidden, Marking, Profile, Reach
from tenon.web.rooms import services
from tenon.web.rooms.models import Finding, FindingEvent
from tenon.web.rooms.rules import Action, FindingState
from tenon.web.rooms.selectors import finding_for, findings_for, narrowed, overdue_among, shown, totals, waiting_for
from tests.web.worlds import FIELDS, finding, member, organization, role, step_values, viewer, walk

pytestmark = pytest.mark.django_db


class People:
    """A plant with everybody who is needed, and a port beside it."""

    def __init__(self) -> None:
        self.plant = organization("Plant")
        self.port = organization("Port")
        coordinator = member(self.plant, "coordinator")
        self.lead, self.lead_user = viewer(coordinator), coordinator.user
        inspector = member(self.plant, "inspector")
        self.worker, self.worker_user = viewer(inspector), inspector.user
        self.verifier = viewer(member(self.plant, "verifier"))
        self.reader = viewer(member(self.plant, "observer"))
        self.stranger = viewer(member(self.port, "administrator"))


@pytest.fixture
def people() -> People:
    return People()


def test_numbers_are_counted_within_an_organization(people: People) -> None:
    assert [finding(people.plant, people.lead).number for _ in range(3)] == [1, 2, 3]
    assert finding(people.port, people.stranger).number == 1


def test_a_finding_goes_its_way_and_everything_is_recorded(people: People) -> None:
    item = walk(
        finding(people.plant, people.worker), people.lead, people.verifier, people.worker_user, upto=Action.CLOSE
    )
    assert item.state == FindingState.CLOSED
    assert item.version == 6
    actions = ["report", "triage", "assign", "eliminate", "verify", "close"]
    assert [event.action for event in FindingEvent.objects.filter(finding=item)] == actions
    recorded = Entry.objects.filter(subject_kind="finding", subject_id=str(item.pk)).order_by("number")
    assert [entry.action for entry in recorded] == [f"finding.{action}" for action in actions]
    assert find_fault(organization_chain(people.plant.pk)) is None


@pytest.mark.parametrize("action", [Action.ASSIGN, Action.ELIMINATE, Action.VERIFY, Action.CLOSE, Action.REOPEN])
def test_no_station_is_skipped(people: People, action: Action) -> None:
    item = finding(people.plant, people.lead)
    with pytest.raises(ValidationError, match="does not lead on"):
        services.move(people.lead, item, action, step_values(people.worker_user), item.version)
    assert Finding.objects.get().state == FindingState.REPORTED


@pytest.mark.parametrize("who", ["lead", "worker"])
def test_whoever_eliminated_or_was_responsible_does_not_verify(people: People, who: str) -> None:
    responsible = people.worker_user if who == "lead" else people.lead_user
    by = people.lead if who == "lead" else people.worker
    item = finding(people.plant, people.lead)
    values = step_values(responsible)
    for action in (Action.TRIAGE, Action.ASSIGN):
        item = services.move(people.lead, item, action, values, item.version)
    item = services.move(by, item, Action.ELIMINATE, values, item.version)
    with pytest.raises(ValidationError, match="does not verify it"):
        services.move(people.lead, item, Action.VERIFY, values, item.version)


def test_the_database_itself_refuses_one_pair_of_eyes(people: People) -> None:
    item = walk(
        finding(people.plant, people.lead), people.lead, people.verifier, people.worker_user, upto=Action.VERIFY
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.filter(pk=item.pk).update(verified_by=item.eliminated_by)


@pytest.mark.parametrize(
    "change",
    [
        {"state": "assigned"},
        {"state": "eliminated"},
        {"state": "duplicate"},
        {"reach": "community", "marking": "TLP:RED"},
        {"severity": 5},
    ],
)
def test_the_database_itself_refuses_what_the_rules_refuse(people: People, change: dict[str, Any]) -> None:
    item = finding(people.plant, people.lead)
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.filter(pk=item.pk).update(**change)


def test_a_change_against_an_older_version_is_refused(people: People) -> None:
    item = finding(people.plant, people.lead)
    values = step_values(people.worker_user)
    services.move(people.lead, item, Action.TRIAGE, values, item.version)
    with pytest.raises(ValidationError, match="Somebody changed this finding meanwhile") as refusal:
        services.move(people.lead, item, Action.ASSIGN, values, item.version)
    assert refusal.value.code == services.STALE


def test_what_a_step_needs_is_named(people: People) -> None:
    item = finding(people.plant, people.lead)
    item = services.move(people.lead, item, Action.TRIAGE, step_values(people.worker_user), item.version)
    with pytest.raises(ValidationError) as refusal:
        services.move(people.lead, item, Action.ASSIGN, {"measure": "weld"}, item.version)
    assert set(refusal.value.message_dict) == {"responsible", "means", "deadline", "fallback"}


def test_the_responsible_person_must_be_able_to_eliminate_there(people: People) -> None:
    item = finding(people.plant, people.lead)
    item = services.move(people.lead, item, Action.TRIAGE, step_values(people.worker_user), item.version)
    outsider = step_values(member(people.port, "inspector").user)
    with pytest.raises(ValidationError, match="cannot eliminate hazards of this organization"):
        services.move(people.lead, item, Action.ASSIGN, outsider, item.version)


def test_a_role_that_only_reads_moves_nothing(people: People) -> None:
    item = finding(people.plant, people.lead)
    with pytest.raises(PermissionDenied):
        services.move(people.reader, item, Action.TRIAGE, step_values(people.worker_user), item.version)
    with pytest.raises(PermissionDenied):
        services.report(people.reader, people.plant, FIELDS)


def test_a_duplicate_keeps_its_history_and_can_come_back(people: People) -> None:
    first, second = finding(people.plant, people.lead), finding(people.plant, people.lead)
    second = services.move(people.lead, second, Action.MERGE, {"merged_into": first}, second.version)
    assert (second.state, second.merged_into) == (FindingState.DUPLICATE, first)
    with pytest.raises(ValidationError, match="no duplicate itself"):
        services.move(people.lead, first, Action.MERGE, {"merged_into": second}, first.version)
    second = services.move(people.lead, second, Action.REOPEN, {"note": "Another place"}, second.version)
    assert (second.state, second.merged_into, second.reopenings) == (FindingState.TRIAGED, None, 1)
    assert FindingEvent.objects.filter(finding=second).count() == 3


def test_a_report_for_another_organization_does_not_name_its_reporter(people: People) -> None:
    item = services.report_for(people.lead, people.port, FIELDS)
    assert (item.owner, item.reported_by) == (people.port, None)
    assert finding_for(people.lead, item.pk) is None
    chain = Entry.objects.filter(chain=organization_chain(people.port.pk), subject_kind="finding")
    assert [entry.user_id for entry in chain] == [None]
    own = Entry.objects.get(action="finding.reported_elsewhere")
    assert own.chain == organization_chain(people.plant.pk)
    assert str(item.pk) not in own.details


def shared(people: People, item: Finding, profile: Profile, *hides: Hidden) -> Any:
    sharing.set_reach(people.lead, item, Reach.GROUP, Marking(item.marking))
    return sharing.share(people.lead, item, people.port, profile, hides)


def test_sharing_opens_and_revoking_closes_at_once(people: People) -> None:
    item = finding(people.plant, people.lead)
    assert finding_for(people.stranger, item.pk) is None
    given = shared(people, item, Profile.READ)
    assert finding_for(people.stranger, item.pk) == item
    with pytest.raises(PermissionDenied):
        services.comment(people.stranger, item, "Hello")
    sharing.revoke(people.lead, item, given)
    assert finding_for(people.stranger, item.pk) is None


def test_what_is_kept_back_is_not_there(people: People) -> None:
    item = finding(people.plant, people.lead, cost="12345.67", place="Bay 7", latitude=1.5, longitude=2.5)
    shared(people, item, Profile.CONTRIBUTE, Hidden.COST, Hidden.PLACES, Hidden.NAMES)
    theirs = finding_for(people.stranger, item.pk)
    assert theirs is not None
    seen = shown(people.stranger, [theirs])[0]
    kept = (seen.finding.cost, seen.finding.place, seen.finding.latitude, seen.finding.reported_by)
    assert kept == (None, "", None, None)
    own = finding_for(people.lead, item.pk)
    assert own is not None
    assert str(shown(people.lead, [own])[0].finding.cost) == "12345.67"


def test_contributors_of_another_organization_move_but_do_not_share(people: People) -> None:
    item = finding(people.plant, people.lead)
    shared(people, item, Profile.CONTRIBUTE)
    item.refresh_from_db()
    item = services.move(people.stranger, item, Action.TRIAGE, step_values(people.worker_user), item.version)
    assert item.state == FindingState.TRIAGED
    with pytest.raises(PermissionDenied):
        sharing.share(people.stranger, item, people.plant, Profile.READ)


def test_nobody_shares_more_than_they_may_do_themselves(people: People) -> None:
    limited = viewer(member(people.plant, role(Capability.READ, Capability.SHARE)))
    item = finding(people.plant, people.lead)
    sharing.set_reach(people.lead, item, Reach.GROUP, Marking(item.marking))
    with pytest.raises(PermissionDenied, match="more than what they may do themselves"):
        sharing.share(limited, item, people.port, Profile.CONTRIBUTE)
    sharing.share(limited, item, people.port, Profile.READ)


def test_what_is_marked_red_needs_a_name(people: People) -> None:
    item = finding(people.plant, people.worker, marking=Marking.RED)
    assert finding_for(people.lead, item.pk) is None
    assert finding_for(people.worker, item.pk) == item


def test_a_marking_keeps_from_sharing(people: People) -> None:
    item = finding(people.plant, people.lead, marking=Marking.AMBER_STRICT)
    with pytest.raises(ValidationError, match="keeps it within the organization"):
        sharing.share(people.lead, item, people.port, Profile.READ)
    with pytest.raises(ValidationError, match="forbids this reach"):
        sharing.set_reach(people.lead, item, Reach.COMMUNITY, Marking.AMBER)


def test_reading_what_is_kept_close_is_recorded(people: People) -> None:
    plain, close = finding(people.plant, people.lead), finding(people.plant, people.lead, marking=Marking.AMBER_STRICT)
    sharing.record_reading(people.lead, plain)
    sharing.record_reading(people.lead, close)
    assert [entry.subject_id for entry in Entry.objects.filter(action="finding.read")] == [str(close.pk)]


def numbers(viewer: Viewer, **wanted: str) -> list[int]:
    return sorted(narrowed(findings_for(viewer), wanted).values_list("number", flat=True))


def test_lists_are_narrowed(people: People) -> None:
    finding(people.plant, people.lead, channel="sea", severity=1)
    finding(people.plant, people.lead, title="Pump leaks", severity=3)
    assert numbers(people.lead, channel="sea") == [1]
    assert numbers(people.lead, severity="3") == [2]
    assert numbers(people.lead, search="leaks pump") == [2]
    assert numbers(people.lead, search="nothing") == []
    assert numbers(people.lead, owner=str(people.plant.pk)) == [1, 2]
    assert numbers(people.lead, owner="nonsense") == []
    assert numbers(people.lead, severity="²", state="open") == [1, 2]
    assert numbers(people.lead, state="closed") == []


def test_totals_count_what_the_viewer_sees(people: People) -> None:
    walk(finding(people.plant, people.lead), people.lead, people.verifier, people.worker_user, upto=Action.CLOSE)
    late = finding(people.plant, people.lead, urgency=4)
    finding(people.port, people.stranger)
    Finding.objects.filter(pk=late.pk).update(reported="2026-01-01T00:00Z")
    expected = {"all": 2, "open": 1, "critical": 1, "eliminated": 1, "overdue": 1}
    assert totals(findings_for(people.lead)) == expected
    assert list(overdue_among(findings_for(people.lead))) == [late]


def test_steps_are_offered_to_those_who_can_take_them(people: People) -> None:
    item = finding(people.plant, people.lead)
    assert shown(people.lead, [item])[0].actions == (Action.TRIAGE, Action.REJECT, Action.MERGE, Action.ESCALATE)
    assert shown(people.reader, [item])[0].actions == ()
    assert shown(people.verifier, [item])[0].actions == (Action.ESCALATE,)


def test_what_waits_for_somebody_is_what_they_can_do(people: People) -> None:
    def waits(viewer: Viewer) -> dict[str, list[int]]:
        return {action: [item.number for item in found] for action, found in waiting_for(viewer) if found}

    first = finding(people.plant, people.lead)
    assert waits(people.lead) == {Action.TRIAGE: [1]}
    assert waits(people.worker) == {}
    walk(first, people.lead, people.verifier, people.worker_user, upto=Action.ASSIGN)
    finding(people.plant, people.lead, severity=1)
    assert waits(people.worker) == {Action.ELIMINATE: [1]}
    walk(finding(people.plant, people.lead), people.lead, people.verifier, people.worker_user, upto=Action.ELIMINATE)
    assert waits(people.verifier) == {Action.VERIFY: [3]}
    assert Action.VERIFY not in waits(people.lead)
    assert waits(people.stranger) == {}


def test_an_organization_of_others_takes_no_report(people: People) -> None:
    other: Organization = people.port
    with pytest.raises(PermissionDenied):
        services.report(people.lead, other, FIELDS)
