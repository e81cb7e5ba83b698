"""Pages about findings."""

from __future__ import annotations

import uuid
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tenon.web.organizations import sharing
from tenon.web.organizations.middleware import ViewerRequest
from tenon.web.organizations.policies import Viewer
from tenon.web.organizations.remembering import remembered, remembered_part
from tenon.web.organizations.rules import Capability, Hidden, Permission
from tenon.web.organizations.selectors import shares_of
from tenon.web.organizations.sharing_forms import ReachForm, ShareForm
from tenon.web.organizations.sharing_views import reach_as_asked, revoke_as_asked, share_as_asked
from tenon.web.organizations.views import own_organization
from tenon.web.pages.methods import require_form_methods
from tenon.web.pages.paging import open_page
from tenon.web.rooms import selectors, services
from tenon.web.rooms.evidence_views import evidence_context
from tenon.web.rooms.forms import CommentForm, ReportForm, StepForm
from tenon.web.rooms.models import Finding
from tenon.web.rooms.proposal_forms import proposals_context
from tenon.web.rooms.room_selectors import rooms_with
from tenon.web.rooms.rules import Action

_ROWS = 50


def visible_finding(request: HttpRequest, pk: uuid.UUID) -> Finding:
    """Find a finding that the viewer may read, or answer that there is none."""
    found = selectors.finding_for(cast("ViewerRequest", request).viewer, pk)
    if found is None:
        raise Http404
    return found


@login_required
@require_safe
def findings(request: HttpRequest) -> HttpResponse:
    """Show the findings that one may see, the newest first."""
    viewer = cast("ViewerRequest", request).viewer
    everything = selectors.findings_for(viewer)
    wanted = {name: str(value) for name, value in request.GET.items() if value}
    context = {
        "list": remembered_part(viewer, "findings", wanted, lambda: _list(request, wanted)),
        "wanted": {name: value for name, value in wanted.items() if name != "page"},
        "totals": remembered(viewer, "totals of findings", lambda: selectors.totals(everything)),
        "may_report": Capability.REPORT in viewer.capabilities,
    }
    return render(request, "rooms/findings.html", context)


def _list(request: HttpRequest, wanted: dict[str, str]) -> SafeString:
    viewer = cast("ViewerRequest", request).viewer
    found = selectors.narrowed(selectors.listed(selectors.findings_for(viewer)), wanted)
    page = open_page(found, wanted.get("page"), _ROWS)
    context = {"page": page, "rows": selectors.kept_back(viewer, page.rows), "wanted": set(wanted) - {"page"}}
    return render_to_string("rooms/findings_rows.html", context, request)


@login_required
@require_form_methods
def new_finding(request: HttpRequest) -> HttpResponse:
    """Report a hazard."""
    viewer = cast("ViewerRequest", request).viewer
    if Capability.REPORT not in viewer.capabilities or viewer.actor.organization_id is None:
        raise PermissionDenied
    form = ReportForm(request.POST or None, viewer=viewer, equipment=request.GET.get("equipment", "")[:40])
    if request.method == "POST" and form.is_valid():
        fields = dict(form.cleaned_data)
        owner = fields.pop("owner", None) or own_organization(request, viewer.actor.organization_id)
        try:
            made = services.report(viewer, owner, fields)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Reported as number %(number)s.") % {"number": made.number})
            return redirect("finding", pk=made.pk)
    context = {
        "form": form,
        "title": _("Report a hazard"),
        "action": _("Report it"),
        "back": {"url": reverse("findings"), "name": _("Hazards")},
    }
    return render(request, "pages/form.html", context)


@login_required
@require_form_methods
def finding(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show a finding with what happened and the steps that lead on; a step is sent to the same address."""
    viewer = cast("ViewerRequest", request).viewer
    found = visible_finding(request, pk)
    failed: StepForm | None = None
    if request.method == "POST":
        failed = _step(request, viewer, found)
        if failed is None:
            return redirect("finding", pk=found.pk)
        found = visible_finding(request, pk)
    else:
        sharing.record_reading(viewer, found)
    context = _context(viewer, found, failed)
    return render(request, "rooms/finding.html", context, status=409 if _is_stale(failed) else 200)


def _step(request: HttpRequest, viewer: Viewer, found: Finding) -> StepForm | None:
    """Take the step that was sent; return its form where that was refused."""
    try:
        action = Action(request.POST.get("action", ""))
    except ValueError:
        raise Http404 from None
    services.must_allow(viewer, found, action)  # before any form, whose lists of choices are for those who may choose
    form = StepForm(request.POST, finding=found, action=action, viewer=viewer)
    if not form.is_valid():
        return form
    try:
        services.move(viewer, found, action, form.cleaned_data, form.cleaned_data["version"])
    except ValidationError as error:
        form.add_error(None, error)
        return form
    messages.success(request, _("Done."))
    return None


def _is_stale(form: StepForm | None) -> bool:
    return form is not None and form.has_error("__all__", services.STALE)


def _context(viewer: Viewer, found: Finding, failed: StepForm | None) -> dict[str, Any]:
    (seen,) = selectors.shown(viewer, [found])
    steps = [StepForm(finding=found, action=action, viewer=viewer) for action in seen.actions]
    if failed is not None:
        sent = str(failed.data.get("action", ""))
        steps = [failed if step.initial["action"] == sent else step for step in steps]
        if all(step is not failed for step in steps):
            steps.append(failed)
    may_share = Permission.SHARE in seen.may
    return {
        **proposals_context(viewer, seen),
        "rooms": rooms_with(viewer, found),
        "seen": seen,
        "finding": seen.finding,
        "names_hidden": Hidden.NAMES in seen.hidden,
        "events": selectors.events_of(found, seen.hidden),
        "steps": [{"action": step.initial["action"], "form": step, "open": step is failed} for step in steps],
        "comment": CommentForm() if Permission.COMMENT in seen.may else None,
        **evidence_context(viewer, seen),
        "shares": shares_of(found) if may_share else [],
        "share": ShareForm(viewer=viewer) if may_share else None,
        "reach": ReachForm(initial={"marking": found.marking, "reach": found.reach}) if may_share else None,
    }


@login_required
@require_POST
def comment(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Comment on a finding."""
    viewer = cast("ViewerRequest", request).viewer
    found = visible_finding(request, pk)
    try:
        services.comment(viewer, found, request.POST.get("note", "")[:8000])
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("finding", pk=found.pk)


@login_required
@require_POST
def share(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Share a finding."""
    found = visible_finding(request, pk)
    share_as_asked(request, found)
    return redirect("finding", pk=found.pk)


@login_required
@require_POST
def reach(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Say how far a finding goes."""
    found = visible_finding(request, pk)
    reach_as_asked(request, found)
    return redirect("finding", pk=found.pk)


@login_required
@require_POST
def revoke(request: HttpRequest, pk: uuid.UUID, share: uuid.UUID) -> HttpResponse:
    """Take a share back."""
    found = visible_finding(request, pk)
    revoke_as_asked(request, found, share)
    return redirect("finding", pk=found.pk)
