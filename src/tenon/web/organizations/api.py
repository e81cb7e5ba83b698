"""The part of the interface about oneself, organizations, groups and the record."""

from __future__ import annotations

import uuid

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from ninja import Router

from tenon.web.interface.paging import PagingQuery, page_of
from tenon.web.interface.problems import answer, answers
from tenon.web.interface.schemas import PersonOut
from tenon.web.organizations import selectors
from tenon.web.organizations.bearer import ProgramRequest
from tenon.web.organizations.models import Organization
from tenon.web.organizations.rules import Capability
from tenon.web.organizations.schemas import (
    DirectoryPage,
    EntryPage,
    GroupPage,
    ListedOut,
    MeOut,
    OrganizationOut,
    OrganizationPage,
    TokenOut,
    entry_out,
    group_out,
    listed,
    organization_out,
)

router = Router(tags=["organizations"])


def own_organization(request: ProgramRequest, pk: uuid.UUID) -> Organization:
    """Find an organization of the viewer's own, or answer that there is none."""
    found = selectors.organization_for(request.viewer, pk)
    if found is None:
        raise Http404
    return found


@router.get("/me", response=answers(MeOut), summary="Who I am and what I may do")
def me(request: ProgramRequest) -> HttpResponse:
    """Tell what the token of the request allows now."""
    token = request.auth
    person = PersonOut(id=token.user.pk, name=token.user.name)
    shown = TokenOut(id=token.pk, name=token.name, expires=token.expires)
    organization = ListedOut(**listed(token.organization))
    allowed = sorted(request.viewer.capabilities)
    return answer(MeOut(person=person, organization=organization, capabilities=allowed, token=shown))


@router.get("/organizations", response=answers(OrganizationPage, 200, 400, 422), summary="My organizations")
def organizations(request: ProgramRequest, paging: PagingQuery) -> HttpResponse:
    """List the organization acted for and those below it, in the order of their tree."""
    rows, cursor = page_of(selectors.organizations_for(request.viewer), ("path",), paging)
    return answer(OrganizationPage(items=[organization_out(item) for item in rows], next=cursor))


@router.get("/organizations/{uuid:pk}", response=answers(OrganizationOut, 200, 404), summary="One of my organizations")
def organization(request: ProgramRequest, pk: uuid.UUID) -> HttpResponse:
    """Show an organization of one's own."""
    return answer(organization_out(own_organization(request, pk)))


@router.get("/directory", response=answers(DirectoryPage, 200, 400, 422), summary="All organizations")
def directory(request: ProgramRequest, paging: PagingQuery) -> HttpResponse:
    """List the organizations of the platform, to share with."""
    if Capability.READ not in request.viewer.capabilities:
        raise PermissionDenied
    rows, cursor = page_of(selectors.directory(), ("path",), paging)
    return answer(DirectoryPage(items=[ListedOut(**listed(item)) for item in rows], next=cursor))


@router.get("/groups", response=answers(GroupPage, 200, 400, 422), summary="My sharing groups")
def groups(request: ProgramRequest, paging: PagingQuery) -> HttpResponse:
    """List the sharing groups that one's organizations own or are in."""
    rows, cursor = page_of(selectors.groups_of(request.viewer), ("created", "id"), paging)
    return answer(GroupPage(items=[group_out(item) for item in rows], next=cursor))


@router.get(
    "/organizations/{uuid:pk}/record",
    response=answers(EntryPage, 200, 400, 404, 422),
    summary="The record of one of my organizations",
)
def record(request: ProgramRequest, pk: uuid.UUID, paging: PagingQuery) -> HttpResponse:
    """List what was done in an organization, the newest first; needs the capability ``audit``."""
    found = own_organization(request, pk)
    if Capability.AUDIT not in request.viewer.capabilities:
        raise PermissionDenied
    rows, cursor = page_of(selectors.entries_about(found), ("-number",), paging)
    return answer(EntryPage(items=[entry_out(item) for item in rows], next=cursor))
