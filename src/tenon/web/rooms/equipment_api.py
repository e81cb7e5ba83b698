"""The part of the interface about equipment, readings and inspection rounds."""

from __future__ import annotations

import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router

from tenon.web.interface.once import IdempotencyKey, IfMatch, once, version_seen
from tenon.web.interface.paging import PagingQuery, page_of
from tenon.web.interface.problems import answer, answers
from tenon.web.interface.rules import tag_of
from tenon.web.organizations import sharing
from tenon.web.organizations.bearer import ProgramRequest
from tenon.web.rooms import (
    equipment_selectors,
    evidence_selectors,
    evidence_services,
    round_selectors,
    round_services,
    selectors,
)
from tenon.web.rooms.api import visible_finding
from tenon.web.rooms.equipment_rules import Answer
from tenon.web.rooms.equipment_schemas import (
    AnswersIn,
    ChecklistOut,
    EquipmentFiltersIn,
    EquipmentOut,
    EquipmentPage,
    ReadingIn,
    ReadingOut,
    RoundFiltersIn,
    RoundIn,
    RoundOut,
    RoundPage,
    SeriesOut,
    SiteOut,
    checklist_out,
    equipment_out,
    reading_out,
    round_out,
    series_out,
    site_out,
)
from tenon.web.rooms.models import Equipment, InspectionRound
from tenon.web.rooms.schemas import FindingPage, finding_out

router = Router(tags=["equipment"])
_CHANGE = (400, 404, 409, 412, 413, 415, 422, 428)
_ADDITION = (400, 404, 409, 413, 415, 422)
_LIST = (400, 404, 422)


def visible_equipment(request: ProgramRequest, pk: uuid.UUID) -> Equipment:
    """Find equipment that the viewer may read, or answer that there is none."""
    found = equipment_selectors.equipment_at(request.viewer, pk)
    if found is None:
        raise Http404
    return found


def own_equipment(request: ProgramRequest, pk: uuid.UUID) -> Equipment:
    """Find equipment of the viewer's own organizations: rounds and readings are for those alone."""
    found = visible_equipment(request, pk)
    if found.owner_id not in request.viewer.own:
        raise PermissionDenied(_("This is for the organization alone to which the equipment belongs."))
    return found


@router.get("/equipment", response=answers(EquipmentPage, 200, 400, 422), summary="Equipment that I may see")
def equipment(request: ProgramRequest, filters: Query[EquipmentFiltersIn]) -> HttpResponse:
    """List equipment by its code; ``parent`` makes the tree of it."""
    said = filters.model_dump(exclude_none=True)
    wanted = {name.removeprefix("equipment_"): str(value) for name, value in said.items()}
    mine = equipment_selectors.equipment_for(request.viewer)
    if filters.owner is not None:
        mine = mine.filter(owner_id=filters.owner)
    rows, cursor = page_of(equipment_selectors.narrowed_equipment(mine, wanted), ("code", "id"), filters)
    shown = equipment_selectors.measured_equipment(request.viewer, rows)
    return answer(EquipmentPage(items=[equipment_out(seen) for seen in shown], next=cursor))


@router.get("/sites", response=answers(list[SiteOut]), summary="What my sites can do")
def sites(request: ProgramRequest) -> HttpResponse:
    """Say of each site of my organizations what it can do with the findings that are open on its equipment."""
    return answer([site_out(site) for site in equipment_selectors.sites_for(request.viewer)])


@router.get("/equipment/{uuid:pk}", response=answers(EquipmentOut, 200, 404), summary="One piece of equipment")
def piece(request: ProgramRequest, pk: uuid.UUID) -> HttpResponse:
    """Show a piece of equipment and how its open findings lower its availability."""
    found = visible_equipment(request, pk)
    sharing.record_reading(request.viewer, found)
    (seen,) = equipment_selectors.measured_equipment(request.viewer, [found])
    return answer(equipment_out(seen), ETag=tag_of(found.version))


@router.get("/equipment/{uuid:pk}/findings", response=answers(FindingPage, 200, *_LIST), summary="Its findings")
def findings_at(request: ProgramRequest, pk: uuid.UUID, paging: PagingQuery) -> HttpResponse:
    """List the findings at a piece of equipment and below it, the newest first."""
    there = equipment_selectors.findings_at(request.viewer, visible_equipment(request, pk))
    rows, cursor = page_of(there.select_related(*selectors.PEOPLE), ("-reported", "-id"), paging)
    shown = [finding_out(seen) for seen in selectors.shown(request.viewer, rows)]
    return answer(FindingPage(items=shown, next=cursor))


@router.get("/equipment/{uuid:pk}/readings", response=answers(list[SeriesOut], 200, 404), summary="Its readings")
def readings_at(request: ProgramRequest, pk: uuid.UUID) -> HttpResponse:
    """List the latest readings at a piece of equipment of mine, from rounds and findings."""
    series = equipment_selectors.readings_at(request.viewer, own_equipment(request, pk))
    return answer([series_out(one) for one in series])


@router.get("/equipment/{uuid:pk}/checklists", response=answers(list[ChecklistOut], 200, 404), summary="Its checklists")
def checklists(request: ProgramRequest, pk: uuid.UUID) -> HttpResponse:
    """List the checklists of a piece of equipment of mine, in the versions that hold now."""
    found = equipment_selectors.checklists_of(own_equipment(request, pk))
    return answer([checklist_out(item) for item in found.prefetch_related("items")])


@router.get("/rounds", response=answers(RoundPage, 200, 400, 422), summary="Inspection rounds")
def rounds(request: ProgramRequest, filters: Query[RoundFiltersIn]) -> HttpResponse:
    """List the rounds at my equipment, those that were made last first."""
    found = round_selectors.rounds_in(round_selectors.rounds_for(request.viewer), filters.state, filters.equipment)
    rows, cursor = page_of(found, ("-id",), filters)
    return answer(RoundPage(items=[round_out(item) for item in rows], next=cursor))


@router.post("/rounds", response=answers(RoundOut, 201, *_ADDITION), summary="Start a round")
def begin_round(request: ProgramRequest, body: RoundIn, key: IdempotencyKey = None) -> HttpResponse:
    """Start a round that nobody planned."""
    checklist = equipment_selectors.checklist_for(request.viewer, body.checklist)
    if checklist is None:
        raise ValidationError({"checklist": _("This is no checklist of your organizations.")})

    def change() -> HttpResponse:
        made = round_services.start(request.viewer, checklist.equipment, checklist)
        return _round_answer(visible_round(request, made.pk), 201, Location=f"{request.path}/{made.pk}")

    return once(request, key, change)


def visible_round(request: ProgramRequest, pk: uuid.UUID) -> InspectionRound:
    """Find a round at equipment of the viewer's own, or answer that there is none."""
    found = round_selectors.round_for(request.viewer, pk)
    if found is None:
        raise Http404
    return found


def _round_answer(found: InspectionRound, status: int = 200, **headers: str) -> HttpResponse:
    shown = round_out(found, round_selectors.items_of(found), round_selectors.answers_of(found))
    return answer(shown, status, ETag=tag_of(found.version), **headers)


@router.get("/rounds/{uuid:pk}", response=answers(RoundOut, 200, 404), summary="One round")
def inspection_round(request: ProgramRequest, pk: uuid.UUID) -> HttpResponse:
    """Show a round with its items and answers; the header ``ETag`` holds its version, which answers need."""
    return _round_answer(visible_round(request, pk))


@router.post("/rounds/{uuid:pk}/start", response=answers(RoundOut, 200, 404, 409, 422), summary="Start a planned round")
def start_round(request: ProgramRequest, pk: uuid.UUID, key: IdempotencyKey = None) -> HttpResponse:
    """Start a round that was planned; one that is under way stays as it is."""
    found = visible_round(request, pk)

    def change() -> HttpResponse:
        round_services.start(request.viewer, found.equipment, found.checklist, found)
        return _round_answer(visible_round(request, pk))

    return once(request, key, change)


@router.put("/rounds/{uuid:pk}/answers", response=answers(RoundOut, 200, *_CHANGE), summary="Answer a round")
def answer_round(
    request: ProgramRequest, pk: uuid.UUID, body: AnswersIn, if_match: IfMatch = None, key: IdempotencyKey = None
) -> HttpResponse:
    """Store all answers of a round, and finish it if asked to: what failed becomes findings then."""
    found, version = visible_round(request, pk), version_seen(if_match)
    given = {row.item: Answer(row.outcome, row.value, row.note) for row in body.answers}

    def change() -> HttpResponse:
        known = {item.pk for item in round_selectors.items_of(found)}
        if len(given) < len(body.answers) or not given.keys() <= known:
            raise ValidationError({"answers": _("Each answer names another item of the round's checklist.")})
        round_services.answer(request.viewer, found, given, version, finish=body.finish)
        return _round_answer(visible_round(request, pk))

    return once(request, key, change)


@router.get("/findings/{uuid:pk}/readings", response=answers(list[ReadingOut], 200, 404), summary="What was measured")
def readings(request: ProgramRequest, pk: uuid.UUID) -> HttpResponse:
    """List what was measured at a finding, the oldest first."""
    found = evidence_selectors.readings_of(visible_finding(request, pk))
    return answer([reading_out(item) for item in found])


@router.post("/findings/{uuid:pk}/readings", response=answers(ReadingOut, 201, *_ADDITION), summary="Add a reading")
def add_reading(request: ProgramRequest, pk: uuid.UUID, body: ReadingIn, key: IdempotencyKey = None) -> HttpResponse:
    """Add something measured to a finding. This adds to it and changes nothing of it, so its version stays."""
    found = visible_finding(request, pk)

    def change() -> HttpResponse:
        return answer(reading_out(evidence_services.add_reading(request.viewer, found, body.model_dump())), 201)

    return once(request, key, change)
