"""The part of the interface about findings."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router

from tenon.web.interface.once import IdempotencyKey, IfMatch, once, version_seen
from tenon.web.interface.paging import page_of
from tenon.web.interface.problems import answer, answers
from tenon.web.interface.rules import tag_of
from tenon.web.interface.schemas import PersonOut
from tenon.web.organizations import sharing
from tenon.web.organizations.bearer import ProgramRequest
from tenon.web.organizations.models import Organization, SharingGroup
from tenon.web.organizations.rules import Capability, Permission
from tenon.web.organizations.selectors import directory, groups_of, organization_for, shares_of
from tenon.web.rooms import selectors, services
from tenon.web.rooms.models import Finding
from tenon.web.rooms.rules import Action, Source
from tenon.web.rooms.schemas import (
    CommentIn,
    EventOut,
    FiltersIn,
    FindingOut,
    FindingPage,
    ReachIn,
    ReportIn,
    ShareIn,
    ShareOut,
    StepIn,
    event_out,
    finding_out,
    share_out,
)

router = Router(tags=["findings"])
_CHANGE = (400, 404, 409, 412, 413, 415, 422, 428)
_ADDITION = (400, 404, 409, 413, 415, 422)


def visible_finding(request: ProgramRequest, pk: uuid.UUID) -> Finding:
    """Find a finding that the viewer may read, or answer that there is none."""
    found = selectors.finding_for(request.viewer, pk)
    if found is None:
        raise Http404
    return found


def _answer(request: ProgramRequest, found: Finding, status: int = 200, **headers: str) -> HttpResponse:
    """Answer with a finding and its version."""
    (seen,) = selectors.shown(request.viewer, [found])
    return answer(finding_out(seen), status, ETag=tag_of(seen.finding.version), **headers)


@router.get("/findings", response=answers(FindingPage, 200, 400, 422), summary="Findings that I may see")
def findings(request: ProgramRequest, filters: Query[FiltersIn]) -> HttpResponse:
    """List findings, the newest first."""
    wanted = {name: str(value) for name, value in filters.model_dump(exclude_none=True).items()}
    mine = selectors.findings_for(request.viewer).select_related(*selectors.PEOPLE)
    rows, cursor = page_of(selectors.narrowed(mine, wanted), ("-reported", "-id"), filters)
    shown = [finding_out(seen) for seen in selectors.shown(request.viewer, rows)]
    return answer(FindingPage(items=shown, next=cursor))


@router.post("/findings", response=answers(FindingOut, 201, *_ADDITION), summary="Report a hazard")
def report(request: ProgramRequest, body: ReportIn, key: IdempotencyKey = None) -> HttpResponse:
    """Report a hazard in one of my organizations."""
    if Capability.READ not in request.viewer.capabilities:
        raise PermissionDenied(_("To report, a token must also allow to read: the answer is the finding."))
    fields: dict[str, Any] = body.model_dump(exclude={"owner"})
    owner = organization_for(request.viewer, body.owner or request.auth.organization_id)
    if owner is None:
        raise ValidationError({"owner": _("This is none of your organizations.")})

    def change() -> HttpResponse:
        made = services.report(request.viewer, owner, fields, Source.PROGRAM)
        return _answer(request, visible_finding(request, made.pk), 201, Location=f"{request.path}/{made.pk}")

    return once(request, key, change)


@router.get("/findings/{uuid:pk}", response=answers(FindingOut, 200, 404), summary="One finding")
def finding(request: ProgramRequest, pk: uuid.UUID) -> HttpResponse:
    """Show a finding; the header ``ETag`` holds its version, which changes need."""
    found = visible_finding(request, pk)
    sharing.record_reading(request.viewer, found)
    return _answer(request, found)


@router.get("/findings/{uuid:pk}/events", response=answers(list[EventOut], 200, 404), summary="What happened to it")
def events(request: ProgramRequest, pk: uuid.UUID) -> HttpResponse:
    """List what happened to a finding, the oldest first."""
    found = visible_finding(request, pk)
    (seen,) = selectors.shown(request.viewer, [found])
    return answer([event_out(event) for event in selectors.events_of(found, seen.hidden)])


@router.get("/findings/{uuid:pk}/people", response=answers(list[PersonOut], 200, 404), summary="Who can eliminate it")
def people(request: ProgramRequest, pk: uuid.UUID) -> HttpResponse:
    """List who can be made responsible for a finding, for those who may assign it; nobody where names are kept back."""
    found = visible_finding(request, pk)
    (seen,) = selectors.shown(request.viewer, [found])
    if Permission.EDIT not in seen.may:
        raise PermissionDenied
    return answer([PersonOut(id=user.pk, name=user.name) for user in selectors.eligible_for(request.viewer, found)])


@router.post("/findings/{uuid:pk}/steps", response=answers(FindingOut, 200, *_CHANGE), summary="Take a step")
def step(
    request: ProgramRequest, pk: uuid.UUID, body: StepIn, if_match: IfMatch = None, key: IdempotencyKey = None
) -> HttpResponse:
    """Take a finding one step further: judge, assign, eliminate, verify, return, close, reject, merge and so on."""
    found, version = visible_finding(request, pk), version_seen(if_match)

    def change() -> HttpResponse:
        values = _values(request, found, body.model_dump())
        services.move(request.viewer, found, Action(body.action), values, version)
        return _answer(request, visible_finding(request, pk))

    return once(request, key, change)


def _values(request: ProgramRequest, found: Finding, sent: dict[str, Any]) -> dict[str, Any]:
    """Put people and findings in the place of their identifiers, from among those that the viewer may name."""
    if "responsible" in sent:
        person = selectors.eligible_for(request.viewer, found).filter(pk=sent["responsible"]).first()
        if person is None:
            raise ValidationError({"responsible": _("This person cannot eliminate hazards of this organization.")})
        sent["responsible"] = person
    if "merged_into" in sent:
        into = selectors.finding_for(request.viewer, sent["merged_into"])
        if into is None:
            raise ValidationError(
                {"merged_into": _("It must be another finding of the same organization, no duplicate itself.")}
            )
        sent["merged_into"] = into
    return sent


@router.post("/findings/{uuid:pk}/comments", response=answers(EventOut, 201, *_ADDITION), summary="Comment on it")
def comment(request: ProgramRequest, pk: uuid.UUID, body: CommentIn, key: IdempotencyKey = None) -> HttpResponse:
    """Say something about a finding. This adds to it and changes nothing of it, so its version stays."""
    found = visible_finding(request, pk)

    def change() -> HttpResponse:
        return answer(event_out(services.comment(request.viewer, found, body.note)), 201)

    return once(request, key, change)


@router.get("/findings/{uuid:pk}/shares", response=answers(list[ShareOut], 200, 404), summary="With whom it is shared")
def shares(request: ProgramRequest, pk: uuid.UUID) -> HttpResponse:
    """List with whom a finding is shared; for those who may share it."""
    return answer([share_out(item) for item in shares_of(_shareable(request, pk))])


def _shareable(request: ProgramRequest, pk: uuid.UUID) -> Finding:
    found = visible_finding(request, pk)
    (seen,) = selectors.shown(request.viewer, [found])
    if Permission.SHARE not in seen.may:
        raise PermissionDenied(_("Your role does not allow to share this."))
    return found


@router.post("/findings/{uuid:pk}/shares", response=answers(ShareOut, 201, *_ADDITION), summary="Share it")
def share(request: ProgramRequest, pk: uuid.UUID, body: ShareIn, key: IdempotencyKey = None) -> HttpResponse:
    """Share a finding with an organization or a group; an earlier share with the same one is revoked."""
    found, receiver = visible_finding(request, pk), _receiver(request, body)

    def change() -> HttpResponse:
        return answer(share_out(sharing.share(request.viewer, found, receiver, body.profile, body.hides)), 201)

    return once(request, key, change)


def _receiver(request: ProgramRequest, body: ShareIn) -> Organization | SharingGroup:
    if (body.organization is None) == (body.group is None):
        raise ValidationError({"organization": _("Name an organization or a group, and not both.")})
    if body.group is not None:
        group = groups_of(request.viewer).filter(pk=body.group).first()
        if group is None:
            raise ValidationError({"group": _("This is none of your sharing groups.")})
        return group
    organization = directory().exclude(pk__in=request.viewer.own).filter(pk__in=[body.organization]).first()
    if organization is None:
        raise ValidationError({"organization": _("This is no other organization of the platform.")})
    return organization


@router.delete(
    "/findings/{uuid:pk}/shares/{uuid:share}", response=answers(None, 204, 404, 422), summary="Take a share back"
)
def revoke(request: ProgramRequest, pk: uuid.UUID, share: uuid.UUID, key: IdempotencyKey = None) -> HttpResponse:
    """Take a share back; it holds at once."""
    found = _shareable(request, pk)

    def change() -> HttpResponse:
        given = shares_of(found).filter(pk=share).first()
        if given is None:
            raise Http404
        sharing.revoke(request.viewer, found, given)
        return answer(None, 204)

    return once(request, key, change)


@router.put("/findings/{uuid:pk}/reach", response=answers(FindingOut, 200, *_CHANGE), summary="How far it goes")
def reach(
    request: ProgramRequest, pk: uuid.UUID, body: ReachIn, if_match: IfMatch = None, key: IdempotencyKey = None
) -> HttpResponse:
    """Say how far a finding goes and how it is marked."""
    found, version = visible_finding(request, pk), version_seen(if_match)

    def change() -> HttpResponse:
        sharing.set_reach(request.viewer, found, body.reach, body.marking, version=version)
        now = selectors.finding_for(request.viewer, pk)
        if now is None:
            raise ValidationError(_("Marked like this, you would lose sight of it. Nothing was changed."))
        return _answer(request, now)

    return once(request, key, change)
