"""Files, readings and the equipment of findings."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tenon.web.organizations import sharing
from tenon.web.organizations.middleware import ViewerRequest
from tenon.web.organizations.policies import Viewer
from tenon.web.organizations.rules import Capability, Permission
from tenon.web.rooms import equipment_selectors, evidence_selectors, evidence_services, selectors, services
from tenon.web.rooms.equipment_forms import EquipmentOfFindingForm, FileForm, ReadingForm
from tenon.web.rooms.models import Finding


def evidence_context(viewer: Viewer, seen: selectors.Shown) -> dict[str, Any]:
    """Gather what the page of a finding shows of its equipment, files and readings."""
    finding = seen.finding
    equipment = equipment_selectors.equipment_of(viewer, finding)
    may_add, shows_files = Permission.COMMENT in seen.may, evidence_selectors.files_shown(seen.hidden)
    may_name = Permission.EDIT in seen.may and Capability.TRIAGE in viewer.capabilities
    hides_one = finding.equipment_id is not None and equipment is None
    named = {"equipment": equipment.code if equipment else "", "version": finding.version}
    return {
        "equipment": equipment,
        "attachments": evidence_selectors.attachments_of(finding) if shows_files else [],
        "readings": evidence_selectors.readings_of(finding),
        "file_form": FileForm(auto_id="id_file_%s") if may_add and shows_files else None,
        "reading_form": ReadingForm(auto_id="id_reading_%s") if may_add else None,
        # Whoever does not see the equipment that is named does not replace it either.
        "equipment_form": EquipmentOfFindingForm(viewer=viewer, initial=named) if may_name and not hides_one else None,
    }


def _visible(request: HttpRequest, pk: uuid.UUID) -> Finding:
    found = selectors.finding_for(cast("ViewerRequest", request).viewer, pk)
    if found is None:
        raise Http404
    return found


def _told(request: HttpRequest, form: forms.Form, act: Callable[[], object]) -> HttpResponse | None:
    """Do what a form asks for and tell how it went; a change against an older version is answered at once."""
    if not form.is_valid():
        lines = [f"{form[name].label}: {error}" for name, errors in form.errors.items() for error in errors]
        messages.error(request, " ".join(lines))
        return None
    try:
        act()
    except ValidationError as error:
        text = " ".join(error.messages)
        if getattr(error, "code", None) == services.STALE:
            return render(request, "pages/message.html", {"title": _("Not changed"), "text": text}, status=409)
        messages.error(request, text)
    else:
        messages.success(request, _("Done."))
    return None


@login_required
@require_POST
def attach_to_finding(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Add a file to a finding."""
    viewer = cast("ViewerRequest", request).viewer
    found = _visible(request, pk)
    form = FileForm(request.POST, request.FILES)

    def attach() -> None:
        file = form.cleaned_data["file"]
        evidence_services.attach(viewer, found, file.name, file.read())

    return _told(request, form, attach) or redirect("finding", pk=found.pk)


@login_required
@require_POST
def add_reading_to_finding(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Add something measured to a finding."""
    viewer = cast("ViewerRequest", request).viewer
    found = _visible(request, pk)
    form = ReadingForm(request.POST)

    def add() -> None:
        evidence_services.add_reading(viewer, found, form.cleaned_data)

    return _told(request, form, add) or redirect("finding", pk=found.pk)


@login_required
@require_POST
def equipment_of_finding(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Say at which equipment a finding is."""
    viewer = cast("ViewerRequest", request).viewer
    found = _visible(request, pk)
    form = EquipmentOfFindingForm(request.POST, viewer=viewer)

    def name() -> None:
        services.name_equipment(viewer, found, form.cleaned_data["equipment"], form.cleaned_data["version"])

    return _told(request, form, name) or redirect("finding", pk=found.pk)


@login_required
@require_safe
def attachment(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Send a file, to be kept and not to be opened here."""
    viewer = cast("ViewerRequest", request).viewer
    found = evidence_selectors.attachment_for(viewer, pk)
    if found is None:
        raise Http404
    try:
        content = evidence_services.content_of(found)
    except ValidationError as error:
        return HttpResponse(" ".join(error.messages), status=500, content_type="text/plain; charset=utf-8")
    if found.finding is not None:
        sharing.record_reading(viewer, found.finding)
    answer = HttpResponse(content, content_type=found.kind)
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=found.name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, no-store"
    return answer
