"""Pages on which files and messages of other programs come in."""

from __future__ import annotations

import uuid
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tenon.schema.errors import SourceError
from tenon.web.organizations.middleware import ViewerRequest
from tenon.web.organizations.policies import Viewer
from tenon.web.organizations.rules import Capability
from tenon.web.pages.methods import require_form_methods
from tenon.web.rooms import import_services as services
from tenon.web.rooms.cap import read_cap
from tenon.web.rooms.import_forms import FileForm, MessageForm
from tenon.web.rooms.imports import empty_file

# The page shows the first problems and says how many there are.
_PROBLEMS = 200


@login_required
@require_form_methods
def imports(request: HttpRequest) -> HttpResponse:
    """Take a file or a message; what is wrong with a file is shown before anything is stored."""
    viewer = _reporting(request)
    kind = request.POST.get("kind", "")
    file_form = FileForm(viewer, request.POST, request.FILES) if kind == "file" else FileForm(viewer)
    message_form = MessageForm(viewer, request.POST, request.FILES) if kind == "message" else MessageForm(viewer)
    if kind == "file" and file_form.is_valid():
        sent = file_form.cleaned_data
        draft = services.keep_draft(viewer, sent["owner"], sent["file"].name or "", sent["file"].read())
        return redirect("findings_import", pk=draft.pk)
    if kind == "message" and message_form.is_valid():
        answer = _take_message(request, viewer, message_form)
        if answer is not None:
            return answer
    context = {"file_form": file_form, "message_form": message_form}
    return render(request, "rooms/imports.html", context)


def _reporting(request: HttpRequest) -> Viewer:
    viewer = cast("ViewerRequest", request).viewer
    if Capability.REPORT not in viewer.capabilities or viewer.actor.organization_id is None:
        raise PermissionDenied
    return viewer


def _take_message(request: HttpRequest, viewer: Viewer, form: MessageForm) -> HttpResponse | None:
    sent = form.cleaned_data
    try:
        finding, is_new = services.take_message(viewer, sent["owner"], read_cap(sent["file"].read()))
    except SourceError as error:
        form.add_error("file", str(error))
        return None
    except ValidationError as error:
        form.add_error(None, error)
        return None
    said = _("Reported as number %(number)s.") if is_new else _("This message came in before, as number %(number)s.")
    messages.success(request, said % {"number": finding.number})
    return redirect("finding", pk=finding.pk)


@login_required
@require_form_methods
def draft(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show what a file holds and what is wrong with it; take it in, or throw it away."""
    viewer = _reporting(request)
    found = services.draft_for(viewer, pk)
    if found is None:
        raise Http404
    if request.method == "POST" and "discard" in request.POST:
        services.discard(viewer, found)
        messages.success(request, _("Nothing was stored."))
        return redirect("findings_imports")
    if request.method == "POST":
        try:
            taken = services.take(viewer, found, only_good=request.POST.get("take") == "good")
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect("findings_import", pk=pk)
        said = ngettext("One hazard was stored.", "%(count)s hazards were stored.", taken.stored)
        messages.success(request, said % {"count": taken.stored})
        return redirect("findings")
    reading = services.reading_of(found)
    known = services.known_among(found.owner, [row.key for row in reading.rows])
    context = {
        "draft": found,
        "reading": reading,
        "problems": reading.problems[:_PROBLEMS],
        "new": len(reading.rows) - len(known),
        "known": len(known),
        "sample": reading.rows[:5],
    }
    return render(request, "rooms/import.html", context)


@login_required
@require_safe
def template(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - as Django calls it
    """Send the head of a file to fill in, in the language of the page."""
    chinese = (get_language() or "").startswith("zh")
    headers = {"Content-Disposition": 'attachment; filename="hazards.csv"'}
    return HttpResponse(empty_file(chinese=chinese), content_type="text/csv; charset=utf-8", headers=headers)
