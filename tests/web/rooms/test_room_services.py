from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from tenon.web.audit.models import Entry
from tenon.web.audit.selectors import find_fault
from tenon.web.audit.services import organization_chain
from tenon.web.organizations import services as organizations
from tenon.web.organizations import sharing
from tenon.web.organizations.models import GroupMembership, Organization
from tenon.web.organizations.policies import Viewer
from tenon.web.organizations.rules import Capability, Marking, MembershipState, Profile, Reach
from tenon.web.organizations.selectors import groups_of
from tenon.web.rooms import room_report_services, room_services, room_work_services, services
from tenon.web.rooms.models import Finding, Participant, Room, RoomEntry, RoomFinding, RoomReport, RoomTask
from tenon.web.rooms.room_rules import Affected, EntryKind, Part, Power, RoomState, RoomStep, TaskState
from tenon.web.rooms.room_selectors import (
    attachable,
    candidates,
    entries_of,
    findings_of,
    holding,
    lines,
    narrowed_rooms,
    open_musts,
    participants_of,
    powers_in,
    reports_of,
    room_for,
    rooms_for,
    rooms_with,
    similar_rooms,
    tasks_of,
)
from tenon.web.rooms.rules import Action
from tenon.web.rooms.selectors import finding_for
from tests.web.worlds import FIELDS, finding, member, organization, role, room, viewer, walk

pytestmark = pytest.mark.django_db
CLOSING = {"happened": "Storm", "learnt": "Moor earlier"}


class People:  # budget: everybody whom the tests of a room need
    """A plant that opens a room, a port that is brought in, and a stranger."""

    def __init__(self) -> None:
        self.plant, self.port, self.bank = organization("Plant"), organization("Port"), organization("Bank")
        self.lead_member = member(self.plant, "coordinator")
        self.scribe_member = member(self.plant, "member")
        self.port_member = member(self.port, "coordinator")
        self.dock_member = member(self.port, "member")
        self.look()
        self.room = room(self.plant, self.lead)
        self.look()

    def look(self) -> None:
        """Find again what everybody sees, as each request does."""
        self.lead, self.scribe = viewer(self.lead_member), viewer(self.scribe_member)
        self.harbor, self.dock = viewer(self.port_member), viewer(self.dock_member)
        self.stranger = viewer(member(self.bank, "administrator"))

    def join(self) -> Participant:
        room_services.bring_in(self.lead, self.room, self.port)
        self.look()
        made = room_services.send(self.harbor, self.room, self.port_member.user, self.port, Part.LIAISON)
        self.look()
        return made

    def fresh(self) -> Room:
        self.room.refresh_from_db()
        return self.room

    def stabilize(self) -> Room:
        return room_services.move_room(self.lead, self.room, RoomStep.STABILIZE, "Calm", self.fresh().version)

    def close(self, **fields: Any) -> Room:
        self.stabilize()
        return room_report_services.close_room(self.lead, self.room, {**CLOSING, **fields}, self.fresh().version)


@pytest.fixture
def people() -> People:
    return People()


def texts(by: Viewer, of: Room) -> list[str]:
    return [entry.text for entry in entries_of(by, of)]


def test_whoever_opens_a_room_commands_it_and_it_is_recorded(people: People) -> None:
    there = participants_of(people.room).get()
    assert (there.user, there.organization, there.part) == (people.lead_member.user, people.plant, Part.COMMANDER)
    assert (people.room.number, people.room.state, people.room.reach) == (1, RoomState.ACTIVE, Reach.ROOM)
    assert room(people.plant, people.lead).number == 2
    assert find_fault(organization_chain(people.plant.pk)) is None
    assert Entry.objects.filter(subject_kind="room", action="room.state.opened").count() == 2


def test_a_room_needs_somebody_who_leads_and_a_marking_that_lets_others_in(people: People) -> None:
    with pytest.raises(PermissionDenied):
        room(people.plant, people.scribe)
    with pytest.raises(PermissionDenied):
        room(people.port, people.lead)
    with pytest.raises(ValidationError, match="nobody else could come"):
        room(people.plant, people.lead, marking=Marking.AMBER_STRICT)


def test_a_room_is_seen_by_the_organizations_in_it_alone(people: People) -> None:
    assert room_for(people.harbor, people.room.pk) is None
    people.join()
    assert room_for(people.dock, people.room.pk) == people.room
    assert room_for(people.stranger, people.room.pk) is None
    assert powers_in(people.stranger, people.room) == frozenset()
    assert powers_in(people.dock, people.room) == frozenset()
    room_services.take_out(people.lead, people.room, people.port)
    people.look()
    assert room_for(people.harbor, people.room.pk) is None
    assert participants_of(people.room).count() == 1


def test_those_who_join_see_what_is_written_from_then_on_unless_the_history_is_open(people: People) -> None:
    room_work_services.write(people.lead, people.room, EntryKind.FACT, "Before")
    room_report_services.make_report(people.lead, people.room, "Early")
    people.join()
    room_work_services.write(people.lead, people.room, EntryKind.FACT, "After")
    room_report_services.make_report(people.lead, people.room, "Late")
    assert "Before" in texts(people.lead, people.room)
    assert "Before" not in texts(people.harbor, people.room)
    assert "After" in texts(people.harbor, people.room)
    assert [item.assessment for item in reports_of(people.harbor, people.room)] == ["Late"]
    late = reports_of(people.harbor, people.room).get()
    assert [item["text"] for item in room_report_services.shown_report(people.harbor, late)["facts"]] == ["After"]
    room_services.set_history(people.lead, people.room, is_open=True)
    people.look()
    assert "Before" in texts(people.harbor, people.room)
    assert reports_of(people.harbor, people.room).count() == 2


def test_whoever_comes_back_begins_anew(people: People) -> None:
    people.join()
    room_work_services.write(people.lead, people.room, EntryKind.FACT, "While they were there")
    room_services.take_out(people.harbor, people.room, people.port)
    room_services.bring_in(people.lead, people.room, people.port)
    people.look()
    assert "While they were there" not in texts(people.harbor, people.room)


def test_the_group_of_a_room_is_not_changed_by_hand(people: People) -> None:
    people.join()
    administrator = viewer(member(people.plant, "administrator"))
    assert not groups_of(administrator).exists()
    with pytest.raises(PermissionDenied, match="decided where it is used"):
        organizations.add_to_group(administrator, people.room.group, people.bank)
    with pytest.raises(PermissionDenied, match="decided where it is used"):
        organizations.leave_group(viewer(member(people.port, "administrator")), people.room.group, people.port)


def test_a_ceiling_keeps_an_organization_out(people: People) -> None:
    administrator = viewer(member(people.plant, "administrator"))
    organizations.set_ceiling(administrator, people.plant, people.port, Marking.GREEN)
    with pytest.raises(ValidationError, match="lets nothing pass that is marked TLP:AMBER"):
        room_services.bring_in(people.lead, people.room, people.port)


def test_organizations_send_their_own_people(people: People) -> None:
    with pytest.raises(PermissionDenied):
        room_services.send(people.harbor, people.room, people.port_member.user, people.port, Part.LIAISON)
    there = people.join()
    assert [item.user for item in candidates(people.harbor, people.room)] == [people.dock_member.user]
    with pytest.raises(PermissionDenied, match="people of your own organization"):
        room_services.send(people.lead, people.room, people.dock_member.user, people.port, Part.LIAISON)
    with pytest.raises(PermissionDenied, match="people of your own organization"):
        room_services.send(people.dock, people.room, people.dock_member.user, people.port, Part.LIAISON)
    with pytest.raises(PermissionDenied, match="Only the commander gives this part"):
        room_services.send(people.harbor, people.room, people.dock_member.user, people.port, Part.SCRIBE)
    with pytest.raises(ValidationError, match="has a part in the room already"):
        room_services.send(people.harbor, people.room, there.user, people.port, Part.OBSERVER)
    with pytest.raises(ValidationError, match="does not allow this part"):
        room_services.send(people.harbor, people.room, people.scribe_member.user, people.port, Part.LIAISON)
    unit = organization("Unit", people.plant)
    people.look()
    with pytest.raises(ValidationError, match="not in the room"):
        room_services.send(people.lead, people.room, people.scribe_member.user, unit, Part.LIAISON)


def test_who_reads_only_observes(people: People) -> None:
    reader = member(people.plant, "observer")
    with pytest.raises(ValidationError, match="does not allow this part"):
        room_services.send(people.lead, people.room, reader.user, people.plant, Part.LIAISON)
    room_services.send(people.lead, people.room, reader.user, people.plant, Part.OBSERVER)
    with pytest.raises(PermissionDenied):
        room_work_services.write(viewer(reader), people.room, EntryKind.MESSAGE, "Hello")


def test_command_is_handed_over_with_a_reason(people: People) -> None:
    there = people.join()
    with pytest.raises(ValidationError, match="required"):
        room_services.hand_over(people.lead, people.room, there, "  ", people.fresh().version)
    made = room_services.hand_over(people.lead, people.room, there, "The port leads now", people.fresh().version)
    assert made.part == Part.COMMANDER
    parts = {item.user_id: item.part for item in participants_of(people.room)}
    assert parts == {people.lead_member.user_id: Part.LIAISON, people.port_member.user_id: Part.COMMANDER}
    assert Power.STEER in powers_in(people.harbor, people.room)
    assert Power.STEER not in powers_in(people.lead, people.room)
    with pytest.raises(ValidationError, match="Somebody changed this meanwhile"):
        room_services.hand_over(people.harbor, people.room, made, "Back", people.room.version)


def test_only_who_may_command_takes_command(people: People) -> None:
    made = room_services.send(people.lead, people.room, people.scribe_member.user, people.plant, Part.SCRIBE)
    with pytest.raises(ValidationError, match="does not allow this part"):
        room_services.hand_over(people.lead, people.room, made, "Tired", people.fresh().version)


def test_a_room_whose_commander_is_gone_gets_another_from_its_owner(people: People) -> None:
    deputy_member = member(people.plant, "coordinator")
    administrator = viewer(member(people.plant, "administrator"))
    organizations.move_membership(administrator, people.lead_member, MembershipState.ENDED)
    deputy = viewer(deputy_member)
    assert powers_in(deputy, people.room) == {Power.HAND_OVER}
    made = room_services.send(deputy, people.room, deputy_member.user, people.plant, Part.LIAISON)
    room_services.hand_over(deputy, people.room, made, "They left us", people.fresh().version)
    assert Power.STEER in powers_in(deputy, people.room)


def test_a_room_is_never_left_without_its_commander(people: People) -> None:
    commander = participants_of(people.room).get()
    for act in (
        lambda: room_services.dismiss(people.lead, people.room, commander),
        lambda: room_services.change_part(people.lead, people.room, commander, Part.LIAISON),
    ):
        with pytest.raises(ValidationError, match="always has a commander"):
            act()
    people.join()
    there = participants_of(people.room).get(organization=people.port)
    room_services.hand_over(people.lead, people.room, there, "Port leads", people.fresh().version)
    with pytest.raises(ValidationError, match="Hand the command over first"):
        room_services.take_out(people.harbor, people.room, people.port)
    for there_already in (people.plant, people.port):
        with pytest.raises(ValidationError, match="is there already"):
            room_services.bring_in(people.harbor, people.room, there_already)
    with pytest.raises(ValidationError, match="owns it stays"):
        room_services.take_out(people.harbor, people.room, people.plant)


def test_the_database_itself_refuses_a_second_commander_and_a_second_part(people: People) -> None:
    base = {"room": people.room, "organization": people.plant}
    with pytest.raises(IntegrityError), transaction.atomic():
        Participant.objects.create(**base, user=people.scribe_member.user, part="commander")
    with pytest.raises(IntegrityError), transaction.atomic():
        Participant.objects.create(**base, user=people.lead_member.user, part="scribe")


def test_parts_change_and_end_and_their_history_stays(people: People) -> None:
    there = people.join()
    scribe = room_services.change_part(people.lead, people.room, there, Part.SCRIBE)
    with pytest.raises(PermissionDenied):
        room_services.change_part(people.harbor, people.room, scribe, Part.LIAISON)
    with pytest.raises(PermissionDenied):
        room_services.dismiss(people.scribe, people.room, scribe)
    room_services.dismiss(people.harbor, people.room, scribe)
    with pytest.raises(ValidationError, match="has no part"):
        room_services.dismiss(people.lead, people.room, scribe)
    kept = Participant.objects.filter(room=people.room, user=people.port_member.user)
    assert [item.part for item in kept] == [Part.LIAISON, Part.SCRIBE]
    assert all(item.until for item in kept)


def test_a_weaker_role_takes_powers_away_at_once(people: People) -> None:
    people.join()
    assert Power.SAY in powers_in(people.harbor, people.room)
    weaker = role(Capability.READ)
    organizations.change_role(viewer(member(people.port, "administrator")), people.port_member, weaker)
    people.look()
    assert powers_in(people.harbor, people.room) == frozenset()


def test_decisions_keep_their_reasons(people: People) -> None:
    commander = participants_of(people.room).get()
    with pytest.raises(ValidationError) as refusal:
        room_work_services.decide(people.lead, people.room, "Reroute", commander, (" ", ""))
    assert set(refusal.value.message_dict) == {"reasons"}
    made = room_work_services.decide(people.lead, people.room, "Reroute", commander, ("Two weeks", "Wait"))
    assert (made.decided_by, made.reasons, made.alternatives) == (people.lead_member.user, "Two weeks", "Wait")
    stranger = Participant(room=people.room, organization=people.port, user=people.dock_member.user)
    with pytest.raises(ValidationError, match="has no part"):
        room_work_services.decide(people.lead, people.room, "Reroute", stranger, ("Two weeks", ""))


def test_what_is_written_is_never_changed_or_deleted(people: People) -> None:
    room_report_services.make_report(people.lead, people.room, "Early")
    for model in (RoomEntry, RoomReport):
        with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
            model.objects.all().update(time=timezone.now())
        with pytest.raises(DatabaseError, match="never changed or deleted"), transaction.atomic():
            model.objects.filter(room=people.room)._raw_delete("default")


def test_only_messages_and_facts_are_written_by_hand(people: People) -> None:
    with pytest.raises(PermissionDenied, match="not written by hand"):
        room_work_services.write(people.lead, people.room, EntryKind.STATE, "Closed, believe me")
    with pytest.raises(ValidationError, match="required"):
        room_work_services.write(people.lead, people.room, EntryKind.FACT, "  ")


def task(people: People, to: Participant) -> RoomTask:
    return room_work_services.give_task(
        people.lead, people.room, "Call the pilots", to, timezone.now() + timedelta(hours=2)
    )


def test_a_task_is_done_by_those_who_have_it_or_who_give_tasks(people: People) -> None:
    there = people.join()
    made = task(people, there)
    with pytest.raises(PermissionDenied):
        room_work_services.change_task(people.dock, made, TaskState.DONE, "Called", made.version)
    made = room_work_services.change_task(people.harbor, made, TaskState.BLOCKED, "No answer", made.version)
    with pytest.raises(ValidationError, match="Somebody changed this meanwhile") as refusal:
        room_work_services.change_task(people.lead, made, TaskState.DONE, "Called", 1)
    assert refusal.value.code == services.STALE
    with pytest.raises(ValidationError, match="stands there already"):
        room_work_services.change_task(people.lead, made, TaskState.BLOCKED, "Called", made.version)
    made = room_work_services.hand_task(people.lead, made, participants_of(people.room)[0], made.version)
    with pytest.raises(PermissionDenied):
        room_work_services.change_task(people.harbor, made, TaskState.DONE, "Called", made.version)
    with pytest.raises(PermissionDenied):
        room_work_services.hand_task(people.harbor, made, there, made.version)
    made = room_work_services.change_task(people.lead, made, TaskState.DONE, "Called", made.version)
    assert (made.state, made.note, made.version) == (TaskState.DONE, "Called", 4)
    changes = [entry.change for entry in RoomEntry.objects.filter(kind="task").order_by("time", "id")]
    assert changes == ["given", "blocked", "handed on", "done"]
    assert list(tasks_of(people.room)) == [made]


def test_what_is_affected_is_named_once_and_taken_off(people: People) -> None:
    place = room_work_services.affect(people.lead, people.room, Affected.LANE, "Makassar Strait")
    with pytest.raises(ValidationError), transaction.atomic():
        room_work_services.affect(people.lead, people.room, Affected.LANE, "Makassar Strait")
    room_work_services.spare(people.lead, people.room, place)
    room_work_services.spare(people.lead, people.room, place)
    assert not people.room.affected.exists()
    assert [entry.change for entry in RoomEntry.objects.filter(kind="affected")] == ["spared", "affected"]


def attach(people: People, profile: Profile = Profile.PROPOSE, **fields: Any) -> RoomFinding:
    item = finding(people.plant, people.lead, **fields)
    return room_work_services.attach(people.lead, people.room, item, profile)


def test_an_attached_finding_is_seen_in_the_room_until_it_is_detached(people: People) -> None:
    people.join()
    link = attach(people)
    assert finding_for(people.dock, link.finding.pk) == link.finding
    assert finding_for(people.stranger, link.finding.pk) is None
    assert list(rooms_with(people.dock, link.finding)) == [people.room]
    assert [item.finding for item in findings_of(people.dock, people.room)] == [link.finding]
    with pytest.raises(ValidationError, match="belongs to the room already"):
        room_work_services.attach(people.lead, people.room, link.finding, Profile.READ)
    with pytest.raises(PermissionDenied):
        room_work_services.detach(people.harbor, people.room, link, "Not ours")
    room_work_services.detach(people.lead, people.room, link, "Another matter")
    assert finding_for(people.dock, link.finding.pk) is None
    told = lines(people.harbor, list(entries_of(people.harbor, people.room)))
    assert all(line.finding is None for line in told)
    with pytest.raises(ValidationError, match="any more"):
        room_work_services.detach(people.lead, people.room, link, "Again")
    room_work_services.attach(people.lead, people.room, link.finding, Profile.READ)
    assert finding_for(people.dock, link.finding.pk) == link.finding


def test_a_finding_is_attached_by_those_who_may_share_it(people: People) -> None:
    people.join()
    item = finding(people.plant, people.lead)
    assert item not in attachable(people.harbor, people.room)
    assert item in attachable(people.lead, people.room)
    with pytest.raises(PermissionDenied):
        room_work_services.attach(people.harbor, people.room, item, Profile.READ)
    with pytest.raises(PermissionDenied):
        room_work_services.attach(people.dock, people.room, finding(people.port, people.harbor), Profile.READ)
    close = finding(people.plant, people.lead, marking=Marking.AMBER_STRICT)
    with pytest.raises(ValidationError, match="forbids this reach"):
        room_work_services.attach(people.lead, people.room, close, Profile.READ)


def test_earlier_shares_do_not_come_alive_by_attaching(people: People) -> None:
    item = finding(people.plant, people.lead)
    sharing.set_reach(people.lead, item, Reach.GROUP, Marking.AMBER)
    sharing.share(people.lead, item, people.bank, Profile.READ)
    sharing.set_reach(people.lead, item, Reach.ORGANIZATION, Marking.AMBER)
    with pytest.raises(ValidationError, match="Widen the reach first"):
        room_work_services.attach(people.lead, people.room, item, Profile.READ)
    assert finding_for(people.stranger, item.pk) is None


def verified(people: People, item: Finding) -> Finding:
    other = viewer(member(people.plant, "verifier"))
    return walk(item, people.lead, other, member(people.plant, "inspector").user, upto=Action.VERIFY)


def test_an_unverified_must_finding_holds_a_room_open(people: People) -> None:
    link, minor = attach(people, severity=3), attach(people, severity=2)
    people.stabilize()
    with pytest.raises(ValidationError, match="hold this room open") as refusal:
        room_report_services.close_room(people.lead, people.room, CLOSING, people.fresh().version)
    assert refusal.value.code == room_report_services.HELD
    held = holding(people.lead, people.room)
    assert (held.findings, held.unseen) == ((link.finding,), 0)
    assert open_musts(people.lead, [people.room]) == {people.room.pk: 1}
    verified(people, link.finding)
    assert not holding(people.lead, people.room)
    closed = room_report_services.close_room(people.lead, people.room, CLOSING, people.fresh().version)
    assert closed.state == RoomState.CLOSED
    assert minor.finding.pk in {item.finding_id for item in findings_of(people.lead, closed)}


def test_a_duplicate_holds_its_room_by_what_it_was_merged_into(people: People) -> None:
    link = attach(people)
    original = finding(people.plant, people.lead)
    services.move(people.lead, link.finding, Action.MERGE, {"merged_into": original}, link.finding.version)
    assert holding(people.lead, people.room).findings == (original,)


def test_what_one_may_not_see_holds_a_room_open_without_a_name(people: People) -> None:
    attach(people, title="Secret crack")
    there = people.join()
    room_services.hand_over(people.lead, people.room, there, "Port leads", people.fresh().version)
    held = holding(people.harbor, people.room)
    assert (held.findings, held.unseen) == ((), 1)
    assert open_musts(people.harbor, [people.room]) == {}


def test_a_room_closes_with_a_report_that_stays_as_it_is(people: People) -> None:
    people.join()
    link = attach(people, severity=2)
    room_work_services.affect(people.lead, people.room, Affected.PORT, "Berth 3")
    with pytest.raises(ValidationError, match="closed when it is stable"):
        room_report_services.close_room(people.lead, people.room, CLOSING, people.fresh().version)
    people.stabilize()
    with pytest.raises(ValidationError, match="required"):
        room_report_services.close_room(people.lead, people.room, {**CLOSING, "learnt": " "}, people.fresh().version)
    fields = {**CLOSING, "measures": ["Second mooring line", " "]}
    closed = room_report_services.close_room(people.lead, people.room, fields, people.fresh().version)
    report = closed.closing_report
    assert report is not None
    assert report.content["figures"]["counted"] == 2
    assert [item["name"] for item in report.content["affected"]] == ["Berth 3"]
    learnt = Finding.objects.get(title="Second mooring line")
    assert (learnt.owner, learnt.channel) == (people.plant, people.room.channel)
    assert finding_for(people.harbor, learnt.pk) == learnt
    shown = room_report_services.shown_report(people.harbor, report)
    assert {item["id"] for item in shown["findings"]} == {str(link.finding.pk), str(learnt.pk)}
    for act in (
        lambda: room_work_services.write(people.lead, people.room, EntryKind.MESSAGE, "Hello"),
        lambda: room_report_services.make_report(people.lead, people.room, "Late"),
    ):
        with pytest.raises(PermissionDenied):
            act()
    again = room_services.move_room(people.lead, people.room, RoomStep.REOPEN, "It came back", closed.version)
    assert (again.state, again.closing_report, again.reopenings) == (RoomState.ACTIVE, None, 1)
    assert reports_of(people.lead, again).get() == report


def test_the_database_itself_refuses_a_room_that_is_closed_without_its_report(people: People) -> None:
    for change in ({"state": "closed"}, {"state": "closed", "closed": timezone.now()}, {"reach": "community"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Room.objects.filter(pk=people.room.pk).update(**change)


def test_a_finding_that_was_taken_back_is_in_no_report_any_more(people: People) -> None:
    people.join()
    link = attach(people, title="Secret crack")
    report = room_report_services.make_report(people.lead, people.room, "As it stands")
    assert [item["title"] for item in room_report_services.shown_report(people.harbor, report)["findings"]] == [
        "Secret crack"
    ]
    room_work_services.detach(people.lead, people.room, link, "Another matter")
    shown = room_report_services.shown_report(people.harbor, report)
    assert "Secret crack" not in str(shown)
    assert shown["unseen"] == 1


def test_steps_are_taken_by_the_commander_against_the_version_seen(people: People) -> None:
    people.join()
    with pytest.raises(PermissionDenied):
        room_services.move_room(people.harbor, people.room, RoomStep.STABILIZE, "Calm", people.fresh().version)
    with pytest.raises(ValidationError, match="Somebody changed this meanwhile"):
        room_services.move_room(people.lead, people.room, RoomStep.STABILIZE, "Calm", people.room.version + 1)
    with pytest.raises(ValidationError, match="does not lead on"):
        room_services.move_room(people.lead, people.room, RoomStep.CLOSE, "Over", people.room.version)
    changed = room_services.revise_room(people.lead, people.room, {"severity": 4}, "Worse", people.room.version)
    assert changed.severity == 4
    assert Entry.objects.get(action="room.state.revised").details.count("severity") == 1


def test_similar_past_rooms_are_those_one_may_see(people: People) -> None:
    people.close()
    new = room(people.plant, people.lead, title="Another storm at the strait")
    assert [item.room for item in similar_rooms(people.lead, new)] == [people.room]
    assert similar_rooms(people.lead, new)[0].learnt == "Moor earlier"
    theirs = room(people.port, people.harbor, title="Storm")
    assert similar_rooms(people.harbor, theirs) == []
    other = room(people.plant, people.lead, title="Ledger stolen", description="-", hazard="cyber", channel="post")
    assert similar_rooms(people.lead, other) == []


def test_rooms_are_narrowed(people: People) -> None:
    people.close()
    second = room(people.plant, people.lead, title="Strike", channel="rail")
    rooms = rooms_for(people.lead)
    assert list(narrowed_rooms(rooms, {"state": "open"})) == [second]
    assert list(narrowed_rooms(rooms, {"state": "closed"})) == [people.room]
    assert list(narrowed_rooms(rooms, {"channel": "rail", "search": "strike"})) == [second]


def test_leaving_the_group_is_what_takes_the_sight_away(people: People) -> None:
    people.join()
    members = GroupMembership.objects.filter(group=people.room.group, organization=people.port)
    assert members.get().until is None
    room_services.take_out(people.lead, people.room, people.port)
    assert members.get().until is not None
    with pytest.raises(ValidationError, match="not in the group"):
        room_services.take_out(people.lead, people.room, people.port)


def test_people_above_act_for_what_is_below(people: People) -> None:
    berth: Organization = organization("Berth", people.port)
    room_services.bring_in(people.lead, people.room, berth)
    people.look()
    assert {item.organization for item in candidates(people.harbor, people.room)} == {berth}
    room_services.send(people.harbor, people.room, people.port_member.user, berth, Part.LIAISON)
    people.look()
    assert Power.SAY in powers_in(people.harbor, people.room)


def test_measures_need_somebody_who_reports_and_shares(people: People) -> None:
    weak = member(people.plant, role(Capability.READ, Capability.COMMENT, Capability.COMMAND))
    made = room_services.send(people.lead, people.room, weak.user, people.plant, Part.LIAISON)
    people.stabilize()
    room_services.hand_over(people.lead, people.room, made, "Holiday", people.fresh().version)
    fields = {**CLOSING, "measures": ["Second mooring line"]}
    with pytest.raises(PermissionDenied, match="does not report and share"):
        room_report_services.close_room(viewer(weak), people.room, fields, people.fresh().version)
    assert room_report_services.close_room(viewer(weak), people.room, CLOSING, people.fresh().version).state == "closed"
    assert not Finding.objects.filter(title=FIELDS["title"]).exists()
