"""The part of the interface about studies."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from ninja import Query, Router

from tenon.schema.errors import nearest
from tenon.web.interface.once import IdempotencyKey, IfMatch, once, version_seen
from tenon.web.interface.paging import page_of
from tenon.web.interface.problems import answer, answers
from tenon.web.interface.rules import tag_of
from tenon.web.organizations import sharing
from tenon.web.organizations.bearer import ProgramRequest
from tenon.web.organizations.rules import Capability, Marking, Reach
from tenon.web.organizations.selectors import organization_for
from tenon.web.runs import folders, selectors, services
from tenon.web.runs.configurations import StudyKind
from tenon.web.runs.library import scenario_choices, scenario_title, table_choices
from tenon.web.runs.models import Study
from tenon.web.runs.schemas import (
    AgainIn,
    ChainOutageIn,
    ChainStressIn,
    StudyFiltersIn,
    StudyIn,
    StudyOut,
    StudyPage,
    StudyStepIn,
    TableStressIn,
    study_out,
)
from tenon.web.runs.services import Wanted

router = Router(tags=["studies"])
_CHANGE = (400, 404, 409, 412, 413, 415, 422, 428)
_BYTES = {"type": "string", "format": "binary"}
_ADDITION = (400, 409, 413, 415, 422)


def visible_study(request: ProgramRequest, pk: uuid.UUID) -> Study:
    """Find a study that the viewer may read, or answer that there is none."""
    found = selectors.study_for(request.viewer, pk)
    if found is None:
        raise Http404
    return found


def _answer(request: ProgramRequest, found: Study, status: int = 200, **headers: str) -> HttpResponse:
    """Answer with a study and its version."""
    (seen,) = selectors.shown(request.viewer, [found])
    return answer(study_out(seen), status, ETag=tag_of(found.version), **headers)


@router.get("/studies", response=answers(StudyPage, 200, 400, 422), summary="Studies that I may see")
def studies(request: ProgramRequest, filters: Query[StudyFiltersIn]) -> HttpResponse:
    """List studies, the newest first."""
    mine = selectors.studies_for(request.viewer).select_related("created_by")
    if filters.kind is not None:
        mine = mine.filter(kind=filters.kind)
    if filters.state is not None:
        mine = mine.filter(job__state=filters.state)
    rows, cursor = page_of(mine, ("-created", "-id"), filters)
    shown = [study_out(seen) for seen in selectors.shown(request.viewer, rows)]
    return answer(StudyPage(items=shown, next=cursor))


@router.post("/studies", response=answers(StudyOut, 201, *_ADDITION), summary="Ask for a study")
def ask_for_study(request: ProgramRequest, body: StudyIn, key: IdempotencyKey = None) -> HttpResponse:
    """Ask for a study; a worker takes it up, and its ``state`` says how far it is."""
    if not {Capability.READ, Capability.STUDY} <= request.viewer.capabilities:
        raise PermissionDenied(_("Your role does not allow to run studies here."))

    def change() -> HttpResponse:
        made = visible_study(request, _asked(request, body).pk)
        return _answer(request, made, 201, Location=f"{request.path}/{made.pk}")

    return once(request, key, change)


def _asked(request: ProgramRequest, body: StudyIn) -> Study:
    if isinstance(body, ChainOutageIn):
        chain = _own(request, body.chain_of, "chain_of")
        return services.request_outage_cost(request.viewer, chain, body.site, body.days, title=body.title)
    if isinstance(body, AgainIn):
        before = _own(request, body.study, "study")
        return services.request(request.viewer, before.owner, _again(before, body.title))
    owner = organization_for(request.viewer, body.owner or request.auth.organization_id)
    if owner is None:
        raise ValidationError({"owner": _("This is none of your organizations.")})
    return services.request(request.viewer, owner, _wanted(request, body))


def _own(request: ProgramRequest, pk: uuid.UUID, field: str) -> Study:
    """Find a study of the viewer's own organizations, which alone can be repeated and looked further into."""
    found = selectors.study_for(request.viewer, pk)
    if found is None or found.owner_id not in request.viewer.own:
        raise ValidationError({field: _("This is no study of your organizations.")})
    return found


def _again(before: Study, title: str) -> Wanted:
    return Wanted(
        title=title or before.title,
        kind=StudyKind(before.kind),
        parameters={name: value for name, value in before.parameters.items() if name != "chain"},
        chain_file=before.chain_file,
        language=before.language,
        marking=Marking(before.marking),
        reach=Reach(before.reach),
        made_from=before,
    )


def _wanted(request: ProgramRequest, body: TableStressIn | ChainStressIn) -> Wanted:
    shared: dict[str, Any] = {"language": body.language, "marking": body.marking, "reach": body.reach}
    if isinstance(body, TableStressIn):
        _must_be_listed("scenario", body.scenario, dict(scenario_choices()))
        _must_be_listed("table", body.table, dict(table_choices()))
        asked = body.model_dump(include={"scenario", "table", "days"}, exclude_none=True)
        title = body.title or scenario_title(body.scenario)[:160]
        return Wanted(title=title, kind=body.kind, parameters=asked, **shared)
    chain = _own(request, body.chain_of, "chain_of") if body.chain_of else None
    if chain is not None and chain.kind == StudyKind.TABLE_STRESS:
        raise ValidationError({"chain_of": _("This is no study of a chain.")})
    chain_file = chain.chain_file if chain else None
    title = body.title or _("Stress test of %(chain)s") % {
        "chain": chain_file.name if chain_file else _("the worked example")
    }
    asked = body.model_dump(include={"closure_days", "within_days", "follow"})
    return Wanted(title=title, kind=body.kind, parameters=asked, chain_file=chain_file, made_from=chain, **shared)


def _must_be_listed(field: str, name: str, known: Mapping[str, str]) -> None:
    if name not in known:
        raise ValidationError({field: _("tenon has none of this name.") + f" {nearest(name, list(known))}"})


@router.get("/studies/{uuid:pk}", response=answers(StudyOut, 200, 404), summary="One study")
def study(request: ProgramRequest, pk: uuid.UUID) -> HttpResponse:
    """Show how far a study is and what came of it; the header ``ETag`` holds its version, which its steps need."""
    found = visible_study(request, pk)
    sharing.record_reading(request.viewer, found)
    return _answer(request, found)


@router.post("/studies/{uuid:pk}/steps", response=answers(StudyOut, 200, *_CHANGE), summary="Call it off or try again")
def step_of_study(
    request: ProgramRequest, pk: uuid.UUID, body: StudyStepIn, if_match: IfMatch = None, key: IdempotencyKey = None
) -> HttpResponse:
    """Call a study off that waits or runs, or queue one again that failed, was called off or given up."""
    found, version = visible_study(request, pk), version_seen(if_match)
    step = {"cancel": services.cancel, "retry": services.retry}[body.action]

    def change() -> HttpResponse:
        step(request.viewer, found, version)
        return _answer(request, visible_study(request, pk))

    return once(request, key, change)


@router.get(
    "/studies/{uuid:pk}/files/{name}",
    response=answers(None, 200, 404),
    openapi_extra={"responses": {200: {"content": {"application/octet-stream": {"schema": _BYTES}}}}},
    summary="One file of its report",
)
def file_of_study(request: ProgramRequest, pk: uuid.UUID, name: str) -> HttpResponseBase:
    """Hand out a file that the study lists; none where parts of the study are kept back, because files hold them."""
    found = visible_study(request, pk)
    (seen,) = selectors.shown(request.viewer, [found])
    if seen.hidden or name not in seen.files:
        raise Http404
    try:
        file = folders.report_file(found.pk, name).open("rb")
    except FileNotFoundError:
        raise Http404 from None
    services.record_download(request.viewer, found, name)
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/octet-stream")
