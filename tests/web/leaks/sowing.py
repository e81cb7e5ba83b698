"""Secrets in everything that has a text besides findings: no text field of the platform is left without one."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone

from tenon.web.audit.rules import Actor
from tenon.web.organizations import services as organizations
from tenon.web.organizations import token_services
from tenon.web.rooms import (
    alert_services,
    chain_services,
    evidence_services,
    import_services,
    proposal_services,
    room_report_services,
    room_services,
    room_work_services,
    round_services,
)
from tenon.web.rooms.alert_rules import Plan
from tenon.web.rooms.equipment_rules import Answer
from tenon.web.rooms.models import (
    Alert,
    ChecklistItem,
    Delivery,
    Equipment,
    InspectionRound,
    Participant,
    Room,
)
from tenon.web.rooms.room_rules import Part, RoomStep, TaskState
from tenon.web.rooms.rules import Severity
from tenon.web.runs.models import ChainFile, Job, Study
from tests.web.plants import PNG
from tests.web.programs import program_of
from tests.web.runs.building import asked
from tests.web.runs.samples import CHAIN
from tests.web.worlds import FIELDS, member, room, viewer

if TYPE_CHECKING:
    from tests.web.leaks.planted import Planted


def sow(planted: Planted, machine: Equipment, inspection: InspectionRound) -> list[Any]:
    """Plant in everything that `Planted` leaves; return what has an identifier to ask for."""
    return [
        *_beside_a_finding(planted),
        *_at_equipment(planted, machine, inspection),
        *_in_rooms(planted),
        *_of_studies(planted),
        *_of_people(planted),
    ]


def _beside_a_finding(planted: Planted) -> list[Any]:
    by, of, hidden = viewer(planted.lead), planted.secrets, planted.hidden
    proposer = viewer(member(planted.plant, "member"))
    values = {"measure": planted.word(of, "other")}
    made = proposal_services.propose(proposer, hidden, values, planted.word(of, "why"), hidden.version)
    proposal_services.turn_down(by, made, planted.word(of, "answer"))
    told = {"quantity": planted.word(of, "heat"), "value": 3.0, "unit": planted.word(of, "unit")}
    reading = evidence_services.add_reading(by, hidden, told)
    photo = evidence_services.attach(by, hidden, f"{planted.word(of, 'photo')}.png", PNG)
    content = f"key,title,level,channel,hazard\n{planted.word(of, 'key')},{planted.word(of, 'row')},site,sea,natural\n"
    import_services.take(
        by, import_services.keep_draft(by, planted.plant, planted.word(of, "csv"), content.encode()), only_good=False
    )
    planted.unlinked += [word for word in of if word.startswith(("zqkey", "zqcsv"))]
    return [made, reading, photo]


def _at_equipment(planted: Planted, machine: Equipment, inspection: InspectionRound) -> list[Any]:
    by, of = viewer(planted.lead), planted.secrets
    items = ChecklistItem.objects.filter(checklist=inspection.checklist)
    answers = {item.pk: Answer(None, None, planted.word(of, "skipped")) for item in items}
    round_services.answer(by, inspection, answers, inspection.version, finish=False)
    told = {"title": planted.word(of, "noise"), "what": planted.word(of, "heard")}
    gone = evidence_services.discard(by, evidence_services.receive(Actor(), machine, told), planted.word(of, "reason"))
    planted.unlinked += [*of[-3:], *(word for word in of if word.startswith("zqskipped"))]
    plan = Plan(24, (4,), 0), [chain_services.StepPlan(4, None, escalates=True)]
    chain = chain_services.set_chain(by, planted.plant, Severity.CRITICAL, planted.word(of, "chain"), plan)
    return [gone, chain]


def _in_rooms(planted: Planted) -> list[Any]:
    of = planted.secrets
    by = viewer(planted.lead)
    made = room(planted.plant, by, title=planted.word(of, "second"))
    mine = Participant.objects.get(room=made, part=Part.COMMANDER.value)
    grounds = (planted.word(of, "grounds"), planted.word(of, "instead"))
    room_work_services.decide(by, made, planted.word(of, "decided"), mine, grounds)
    due = timezone.now() + timedelta(days=1)
    task = room_work_services.give_task(by, made, planted.word(of, "task"), mine, due)
    room_work_services.change_task(by, task, TaskState.BLOCKED, planted.word(of, "blocked"), task.version)
    return [made, task, *_closed(planted)]


def _closed(planted: Planted) -> list[Room]:
    by, of = viewer(planted.lead), planted.secrets
    made = room(planted.plant, by, title=planted.word(of, "third"))
    made = room_services.move_room(by, made, RoomStep.STABILIZE, planted.word(of, "calm"), made.version)
    said = {"happened": planted.word(of, "happened"), "learnt": planted.word(of, "learnt")}
    return [room_report_services.close_room(by, made, said, made.version)]


def _of_studies(planted: Planted) -> list[Any]:
    by, of = viewer(planted.lead), planted.secrets
    kept = ChainFile.objects.create(
        owner=planted.plant, digest="0" * 64, name=planted.word(of, "workbook"), size=1, uploaded_by=planted.lead.user
    )
    done, failed = asked(by, planted.plant), asked(by, planted.plant)
    site = planted.word(of, "works")
    summary = {**CHAIN, "name": planted.word(of, "chainname"), "sites": [site]}
    files = {f"{planted.word(of, 'report')}.html": 6}
    Study.objects.filter(pk=done.pk).update(summary=summary, parameters={**done.parameters, "site": site}, files=files)
    Job.objects.filter(pk=done.job_id).update(state="done", ended=timezone.now())
    Job.objects.filter(pk=failed.job_id).update(state="failed", reason=planted.word(of, "failed"), ended=timezone.now())
    planted.unlinked += [word for word in of if word.startswith(("zqworkbook", "zqchainname"))]
    return [kept, done, failed]


def _of_people(planted: Planted) -> list[Any]:
    by, of = viewer(planted.lead), planted.secrets
    organizations.create_group(by, planted.plant, {"name_en": "", "name_zh": planted.word(of, "groupzh")})
    token_services.make_token(by, planted.word(of, "token"), set(by.capabilities), 30)
    hook, _secret = alert_services.set_webhook(by, f"https://hooks.example.org/{planted.word(of, 'hook')}")
    alert = Alert.objects.filter(user=planted.worker.user)[0]
    Delivery.objects.create(alert=alert, way="email", problem=planted.word(of, "problem"))
    sent = program_of(planted.lead)(
        "post", "/findings", {**FIELDS, "title": planted.word(of, "sent")}, Idempotency_Key=planted.word(of, "once")
    )
    assert sent.status_code == 201
    planted.unlinked += [word for word in of if word.startswith(("zqhook", "zqproblem", "zqonce"))]
    return [hook, alert]
