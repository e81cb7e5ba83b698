"""What the endpoints of the matrix are about, where it takes more than one step to make: rooms, studies, proposals."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from tenon.web.organizations import sharing
from tenon.web.organizations.models import Membership
from tenon.web.organizations.rules import Marking, Profile, Reach
from tenon.web.rooms import (
    chain_services,
    import_services,
    proposal_services,
    room_report_services,
    room_services,
    room_work_services,
    round_services,
)
from tenon.web.rooms.alert_rules import Plan
from tenon.web.rooms.models import (
    Equipment,
    EscalationChain,
    Finding,
    ImportDraft,
    InspectionRound,
    Participant,
    Proposal,
    Room,
)
from tenon.web.rooms.room_rules import Affected, Part, RoomStep
from tenon.web.rooms.rules import Severity
from tenon.web.runs import folders
from tenon.web.runs.models import Job, Study
from tenon.web.runs.rules import JobState
from tests.web.matrix.model import IN_ROOM
from tests.web.plants import checklist
from tests.web.runs.building import asked
from tests.web.runs.samples import CHAIN
from tests.web.worlds import finding, room, viewer

if TYPE_CHECKING:
    from tests.web.matrix.world import World

REPORT = "report.html"
# The workbook of findings that is imported: one good row.
TABLE = b"key,title,level,channel,hazard\na1,Crack,equipment,plant,equipment\n"


def furnished_room(world: World, kind: str, marking: Marking) -> Room:
    """Open a room with everything in it; its first report is from before the newcomers came, its second from after."""
    made = room(world.plant, world.lead, marking=marking)
    room_report_services.make_report(world.lead, made, "Nobody knows yet")
    for organization in (world.others[IN_ROOM], world.spare):
        room_services.bring_in(world.lead, made, organization)
    room_services.send(viewer(world.spare_lead), made, world.spare_worker, world.spare, Part.LIAISON)
    lead = viewer(Membership.objects.get(user=world.lead.actor.user_id))  # in the room's group by now
    attached = finding(world.plant, lead, reach=Reach.GROUP, marking=Marking.AMBER, severity=1)
    room_work_services.attach(lead, made, attached, Profile.READ)
    room_work_services.affect(lead, made, Affected.PORT, "Qingdao")
    mine = Participant.objects.get(room=made, part=Part.COMMANDER.value)
    room_work_services.give_task(lead, made, "Call the pilots", mine, timezone.now() + timedelta(days=1))
    room_report_services.make_report(lead, made, "It gets better")
    made.refresh_from_db()
    if kind != "room":
        made = room_services.move_room(lead, made, RoomStep.STABILIZE, "The wind is down", made.version)
    if kind == "closed room":
        said = {"happened": "A storm", "learnt": "Moor twice"}
        made = room_report_services.close_room(lead, made, said, made.version)
    return made


def take_part(asker: Membership, there: Room, part: Part) -> None:
    """Give somebody a part in a room, whatever their role: it may have been another one when they came."""
    if part is Part.COMMANDER:
        Participant.objects.filter(room=there, part=part.value).update(until=timezone.now())
    Participant.objects.create(room=there, organization=asker.organization, user=asker.user, part=part.value)


def study(world: World, kind: str) -> Study:
    """Ask for a study that waits, has failed or is done."""
    made = asked(world.lead, world.plant, reach=Reach.GROUP, marking=Marking.GREEN)
    if kind == "failed study":
        Job.objects.filter(pk=made.job_id).update(state=JobState.FAILED.value, ended=timezone.now())
    if kind == "done study":
        Job.objects.filter(pk=made.job_id).update(state=JobState.DONE.value, ended=timezone.now())
        Study.objects.filter(pk=made.pk).update(summary=CHAIN, files={REPORT: 6})
        file = folders.report_file(made.pk, REPORT)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"<html>")
    return made


def planned_round(world: World, at: Equipment) -> InspectionRound:
    """Plan a round that nobody has begun."""
    return round_services.plan(world.lead, at, checklist(at, world.lead), timezone.localdate() + timedelta(days=7))


def proposal(world: World, about: Finding) -> Proposal:
    """Propose something for a finding, by somebody who may not change it."""
    sharing.name_person(world.lead, about, world.proposer.user)
    return proposal_services.propose(viewer(world.proposer), about, {"urgency": 1}, "It can wait", about.version)


def chain(world: World) -> EscalationChain:
    """Say what happens with what is overdue."""
    plan = Plan(24, (4,), 0), [chain_services.StepPlan(4, None, escalates=True)]
    return chain_services.set_chain(world.lead, world.plant, Severity.CRITICAL, "By day", plan)


def draft(world: World) -> ImportDraft:
    return import_services.keep_draft(world.lead, world.plant, "hazards.csv", TABLE)
