"""The first page, and what a watching program asks."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

import tenon
from tenon.web.config.selectors import database_answers
from tenon.web.organizations import selectors
from tenon.web.organizations.middleware import ViewerRequest


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Show where one stands: the organization acted for, and what waits."""
    viewer = cast("ViewerRequest", request).viewer
    acting = viewer.actor.organization_id
    organization = selectors.organization_for(viewer, acting) if acting else None
    context = {
        "organization": organization,
        "below": len(viewer.own) - 1,
        "people": selectors.people_of(organization).count() if organization else 0,
        "groups": selectors.groups_of(viewer).count(),
        "waiting": selectors.guests_to_consent(organization) if organization and viewer.can("administer") else [],
    }
    return render(request, "config/home.html", context)


def health(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - as Django calls it
    """Say whether the platform and its database answer."""
    database_answers()
    return JsonResponse({"state": "ok", "version": tenon.__version__})
