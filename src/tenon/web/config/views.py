"""The first page."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tenon.web.organizations import selectors
from tenon.web.organizations.middleware import ViewerRequest
from tenon.web.organizations.policies import Viewer
from tenon.web.organizations.remembering import remembered
from tenon.web.rooms.models import Finding
from tenon.web.rooms.rules import Action
from tenon.web.rooms.selectors import TEXTS, findings_for, totals, waiting_for

_SHOWN = 8


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show where one stands: the organization acted for, and what waits."""
    viewer = cast("ViewerRequest", request).viewer
    acting = viewer.actor.organization_id
    organization = selectors.organization_for(viewer, acting) if acting else None
    context = {
        "organization": organization,
        "totals": remembered(viewer, "totals of findings", lambda: totals(findings_for(viewer))),
        "tasks": remembered(viewer, "what waits", lambda: _tasks(viewer)),
        "below": len(viewer.own) - 1,
        "people": selectors.people_of(organization).count() if organization else 0,
        "groups": selectors.groups_of(viewer).count(),
        "waiting": selectors.guests_to_consent(organization) if organization and viewer.can("administer") else [],
    }
    return render(request, "config/home.html", context)


def _tasks(viewer: Viewer) -> list[tuple[Action, list[Finding]]]:
    waiting = ((action, list(findings.defer(*TEXTS)[:_SHOWN])) for action, findings in waiting_for(viewer))
    return [(action, findings) for action, findings in waiting if findings]
