"""The part of the interface about rooms."""

from __future__ import annotations

import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router

from tenon.web.interface.once import IdempotencyKey, IfMatch, once, version_seen
from tenon.web.interface.paging import PagingQuery, page_of
from tenon.web.interface.problems import RefusedError, answer, answers
from tenon.web.interface.rules import tag_of
from tenon.web.organizations import sharing
from tenon.web.organizations.bearer import ProgramRequest
from tenon.web.organizations.rules import Capability
from tenon.web.organizations.selectors import organization_for
from tenon.web.rooms import room_report_services, room_selectors, room_services, room_work_services
from tenon.web.rooms.models import Participant, Room, RoomEntry, RoomTask
from tenon.web.rooms.room_rules import EntryKind, Part, RoomStep, TaskState
from tenon.web.rooms.room_schemas import (
    AttachedOut,
    AttachIn,
    DecisionIn,
    HandIn,
    OpenIn,
    ParticipantOut,
    ReportPage,
    RoomEntryOut,
    RoomEntryPage,
    RoomFiltersIn,
    RoomFindingsOut,
    RoomOut,
    RoomPage,
    RoomStepIn,
    SituationIn,
    SituationOut,
    TaskIn,
    TaskOut,
    TaskPage,
    TaskStepIn,
    WriteIn,
    attached_out,
    entry_out,
    participant_out,
    room_out,
    situation_out,
    task_out,
)
from tenon.web.rooms.selectors import finding_for

router = Router(tags=["rooms"])
_CHANGE = (400, 404, 409, 412, 413, 415, 422, 428)
_ADDITION = (400, 404, 409, 413, 415, 422)
_LIST = (400, 404, 422)
_ENTRIES = ("-time", "-id")


def visible_room(request: ProgramRequest, pk: uuid.UUID) -> Room:
    """Find a room that the viewer may see, or answer that there is none."""
    found = room_selectors.room_for(request.viewer, pk)
    if found is None:
        raise Http404
    return found


def _answer(request: ProgramRequest, found: Room, status: int = 200, **headers: str) -> HttpResponse:
    """Answer with a room and its version."""
    (seen,) = room_selectors.shown_rooms(request.viewer, [found])
    return answer(room_out(seen), status, ETag=tag_of(found.version), **headers)


def _participant(room: Room, pk: uuid.UUID, field: str) -> Participant:
    found = room_selectors.participants_of(room).filter(pk=pk).first()
    if found is None:
        raise ValidationError({field: _("This person has no part in the room.")})
    return found


@router.get("/rooms", response=answers(RoomPage, 200, 400, 422), summary="Rooms that I may see")
def rooms(request: ProgramRequest, filters: Query[RoomFiltersIn]) -> HttpResponse:
    """List rooms, the newest first."""
    wanted = {name: str(value) for name, value in filters.model_dump(exclude_none=True).items()}
    mine = room_selectors.narrowed_rooms(room_selectors.rooms_for(request.viewer), wanted)
    rows, cursor = page_of(mine, ("-opened", "-id"), filters)
    shown = [room_out(seen) for seen in room_selectors.shown_rooms(request.viewer, rows)]
    return answer(RoomPage(items=shown, next=cursor))


@router.post("/rooms", response=answers(RoomOut, 201, *_ADDITION), summary="Open a room")
def open_room(request: ProgramRequest, body: OpenIn, key: IdempotencyKey = None) -> HttpResponse:
    """Open a room for one of my organizations; whoever the token belongs to commands it."""
    if Capability.READ not in request.viewer.capabilities:
        raise PermissionDenied(_("A token must also allow to read: the answer is what was made."))
    owner = organization_for(request.viewer, body.owner or request.auth.organization_id)
    if owner is None:
        raise ValidationError({"owner": _("This is none of your organizations.")})
    fields = body.model_dump(exclude={"owner"}, exclude_none=True)

    def change() -> HttpResponse:
        made = room_services.open_room(request.viewer, owner, fields)
        return _answer(request, visible_room(request, made.pk), 201, Location=f"{request.path}/{made.pk}")

    return once(request, key, change)


@router.get("/rooms/{uuid:pk}", response=answers(RoomOut, 200, 404), summary="One room")
def room(request: ProgramRequest, pk: uuid.UUID) -> HttpResponse:
    """Show a room; the header ``ETag`` holds its version, which its steps need."""
    found = visible_room(request, pk)
    sharing.record_reading(request.viewer, found)
    return _answer(request, found)


@router.post("/rooms/{uuid:pk}/steps", response=answers(RoomOut, 200, *_CHANGE), summary="Steer a room")
def step_of_room(
    request: ProgramRequest, pk: uuid.UUID, body: RoomStepIn, if_match: IfMatch = None, key: IdempotencyKey = None
) -> HttpResponse:
    """Say that a room is stable or active again, close it with its report, or reopen it."""
    found, version = visible_room(request, pk), version_seen(if_match)

    def change() -> HttpResponse:
        if body.action == RoomStep.CLOSE:
            _close(request, found, body, version)
        else:
            room_services.move_room(request.viewer, found, RoomStep(body.action), body.reason, version)
        return _answer(request, visible_room(request, pk))

    return once(request, key, change)


def _close(request: ProgramRequest, found: Room, body: RoomStepIn, version: int) -> None:
    """Close a room; where must-findings hold it open, name those that the viewer may see."""
    try:
        room_report_services.close_room(request.viewer, found, body.model_dump(exclude={"action"}), version)
    except ValidationError as error:
        if getattr(error, "code", None) != room_report_services.HELD:
            raise
        held = room_selectors.holding(request.viewer, found)
        names = [f"{item.owner.name} {item}" for item in held.findings]
        unseen = [_("%(count)s that you do not see") % {"count": held.unseen}] if held.unseen else []
        raise RefusedError(409, " ".join([*error.messages, "; ".join([*names, *unseen])])) from None


@router.get("/rooms/{uuid:pk}/participants", response=answers(list[ParticipantOut], 200, 404), summary="Who is in it")
def participants(request: ProgramRequest, pk: uuid.UUID) -> HttpResponse:
    """List who has a part in a room, in the order in which they came."""
    return answer([participant_out(item) for item in room_selectors.participants_of(visible_room(request, pk))])


@router.get("/rooms/{uuid:pk}/entries", response=answers(RoomEntryPage, 200, *_LIST), summary="Its timeline")
def entries(request: ProgramRequest, pk: uuid.UUID, paging: PagingQuery) -> HttpResponse:
    """List what was written in a room and what happened there, the newest first."""
    return _timeline(request, pk, paging, list(EntryKind))


@router.get("/rooms/{uuid:pk}/decisions", response=answers(RoomEntryPage, 200, *_LIST), summary="Its decisions")
def decisions(request: ProgramRequest, pk: uuid.UUID, paging: PagingQuery) -> HttpResponse:
    """List the decisions of a room, the newest first."""
    return _timeline(request, pk, paging, [EntryKind.DECISION])


def _timeline(request: ProgramRequest, pk: uuid.UUID, paging: PagingQuery, kinds: list[EntryKind]) -> HttpResponse:
    found = visible_room(request, pk)
    written = room_selectors.entries_of(request.viewer, found).filter(kind__in=kinds)
    rows, cursor = page_of(written, _ENTRIES, paging)
    return answer(RoomEntryPage(items=[entry_out(item) for item in _lines(request, rows)], next=cursor))


def _lines(request: ProgramRequest, rows: list[RoomEntry]) -> list[room_selectors.Line]:
    return room_selectors.lines(request.viewer, rows)


@router.post("/rooms/{uuid:pk}/entries", response=answers(RoomEntryOut, 201, *_ADDITION), summary="Say something")
def write(request: ProgramRequest, pk: uuid.UUID, body: WriteIn, key: IdempotencyKey = None) -> HttpResponse:
    """Say something in a room, or note a fact. This adds to it, so its version stays."""
    found = visible_room(request, pk)

    def change() -> HttpResponse:
        made = room_work_services.write(request.viewer, found, EntryKind(body.kind), body.text)
        return answer(entry_out(_lines(request, [made])[0]), 201)

    return once(request, key, change)


@router.post("/rooms/{uuid:pk}/decisions", response=answers(RoomEntryOut, 201, *_ADDITION), summary="Note a decision")
def decide(request: ProgramRequest, pk: uuid.UUID, body: DecisionIn, key: IdempotencyKey = None) -> HttpResponse:
    """Note a decision with its reasons, and who decided."""
    found = visible_room(request, pk)

    def change() -> HttpResponse:
        by = _participant(found, body.by, "by") if body.by else _commander(found)
        grounds = (body.reasons, body.alternatives)
        made = room_work_services.decide(request.viewer, found, body.text, by, grounds)
        return answer(entry_out(_lines(request, [made])[0]), 201)

    return once(request, key, change)


def _commander(found: Room) -> Participant:
    return room_selectors.participants_of(found).get(part=Part.COMMANDER.value)


@router.get("/rooms/{uuid:pk}/tasks", response=answers(TaskPage, 200, *_LIST), summary="Its tasks")
def tasks(request: ProgramRequest, pk: uuid.UUID, paging: PagingQuery) -> HttpResponse:
    """List the tasks of a room; what is to be done first comes first."""
    rows, cursor = page_of(room_selectors.tasks_of(visible_room(request, pk)), ("due", "id"), paging)
    return answer(TaskPage(items=[task_out(item) for item in rows], next=cursor))


@router.post("/rooms/{uuid:pk}/tasks", response=answers(TaskOut, 201, *_ADDITION), summary="Give a task")
def give_task(request: ProgramRequest, pk: uuid.UUID, body: TaskIn, key: IdempotencyKey = None) -> HttpResponse:
    """Give a participant something to do."""
    found = visible_room(request, pk)

    def change() -> HttpResponse:
        to = _participant(found, body.to, "to")
        made = room_work_services.give_task(request.viewer, found, body.title, to, body.due)
        return _task_answer(made, 201, Location=f"{request.path}/{made.pk}")

    return once(request, key, change)


def _task_answer(made: RoomTask, status: int = 200, **headers: str) -> HttpResponse:
    return answer(task_out(made), status, ETag=tag_of(made.version), **headers)


def _task(request: ProgramRequest, pk: uuid.UUID, task: uuid.UUID) -> RoomTask:
    found = room_selectors.tasks_of(visible_room(request, pk)).select_related("room").filter(pk=task).first()
    if found is None:
        raise Http404
    return found


@router.get("/rooms/{uuid:pk}/tasks/{uuid:task}", response=answers(TaskOut, 200, 404), summary="One task")
def task(request: ProgramRequest, pk: uuid.UUID, task: uuid.UUID) -> HttpResponse:
    """Show a task; the header ``ETag`` holds its version, which its steps need."""
    return _task_answer(_task(request, pk, task))


@router.post(
    "/rooms/{uuid:pk}/tasks/{uuid:task}/steps", response=answers(TaskOut, 200, *_CHANGE), summary="Take a task further"
)
def step_of_task(  # budget: what names the task, what is sent, and its two headers
    request: ProgramRequest,
    pk: uuid.UUID,
    task: uuid.UUID,
    body: TaskStepIn,
    if_match: IfMatch = None,
    key: IdempotencyKey = None,
) -> HttpResponse:
    """Say that a task is done, blocked or open again, or hand it to another participant."""
    found, version = _task(request, pk, task), version_seen(if_match)

    def change() -> HttpResponse:
        if isinstance(body, HandIn):
            to = _participant(found.room, body.to, "to")
            room_work_services.hand_task(request.viewer, found, to, version)
        else:
            room_work_services.change_task(request.viewer, found, TaskState(body.action), body.note, version)
        return _task_answer(_task(request, pk, task))

    return once(request, key, change)


@router.get("/rooms/{uuid:pk}/reports", response=answers(ReportPage, 200, *_LIST), summary="Its reports")
def reports(request: ProgramRequest, pk: uuid.UUID, paging: PagingQuery) -> HttpResponse:
    """List the reports of a room, the newest first, without what they hold."""
    found = visible_room(request, pk)
    rows, cursor = page_of(room_selectors.reports_of(request.viewer, found), ("-number",), paging)
    return answer(ReportPage(items=[situation_out(item) for item in rows], next=cursor))


@router.post("/rooms/{uuid:pk}/reports", response=answers(SituationOut, 201, *_ADDITION), summary="Make a report")
def make_report(request: ProgramRequest, pk: uuid.UUID, body: SituationIn, key: IdempotencyKey = None) -> HttpResponse:
    """Make a situation report of a room as it stands now; it is never changed."""
    found = visible_room(request, pk)

    def change() -> HttpResponse:
        made = room_report_services.make_report(request.viewer, found, body.assessment)
        content = room_report_services.shown_report(request.viewer, made)
        return answer(situation_out(made, content), 201, Location=f"{request.path}/{made.number}")

    return once(request, key, change)


@router.get("/rooms/{uuid:pk}/reports/{int:number}", response=answers(SituationOut, 200, 404), summary="One report")
def report_of_room(request: ProgramRequest, pk: uuid.UUID, number: int) -> HttpResponse:
    """Show a report of a room with what stood in it then, as far as I may see it now."""
    found = visible_room(request, pk)
    made = room_selectors.reports_of(request.viewer, found).filter(number=number).first()
    if made is None:
        raise Http404
    made.room = found
    sharing.record_reading(request.viewer, found)
    return answer(situation_out(made, room_report_services.shown_report(request.viewer, made)))


@router.get("/rooms/{uuid:pk}/findings", response=answers(RoomFindingsOut, 200, 404), summary="Its findings")
def findings_of_room(request: ProgramRequest, pk: uuid.UUID) -> HttpResponse:
    """List the findings of a room, the most severe first, and say which of them hold it open."""
    found = visible_room(request, pk)
    links = room_selectors.findings_of(request.viewer, found)
    unseen = room_selectors.links_of(found).count() - len(links)
    return answer(RoomFindingsOut(items=[attached_out(link) for link in links], unseen=unseen))


@router.post("/rooms/{uuid:pk}/findings", response=answers(AttachedOut, 201, *_ADDITION), summary="Attach a finding")
def attach(request: ProgramRequest, pk: uuid.UUID, body: AttachIn, key: IdempotencyKey = None) -> HttpResponse:
    """Attach a finding to a room: it is shared with the organizations in it."""
    found = visible_room(request, pk)

    def change() -> HttpResponse:
        item = finding_for(request.viewer, body.finding)
        if item is None:
            raise ValidationError({"finding": _("There is no such hazard, or none that you may see.")})
        return answer(attached_out(room_work_services.attach(request.viewer, found, item, body.profile)), 201)

    return once(request, key, change)
