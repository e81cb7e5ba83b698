"""Pages on which the values of a finding are changed or proposed, and proposals decided."""

from __future__ import annotations

import uuid
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tenon.web.organizations.middleware import ViewerRequest
from tenon.web.pages.methods import require_form_methods
from tenon.web.rooms import proposal_services, services
from tenon.web.rooms.proposal_forms import ValuesForm, values_shown
from tenon.web.rooms.room_actions import is_stale, refuse
from tenon.web.rooms.views import visible_finding


@login_required
@require_form_methods
def finding_values(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Change the values of a finding, or propose others."""
    viewer = cast("ViewerRequest", request).viewer
    found = visible_finding(request, pk)
    changes = services.may_revise(viewer, found)
    if not changes and not proposal_services.may_propose(viewer, found):
        raise PermissionDenied
    form = ValuesForm(request.POST or None, initial=values_shown(found))
    if request.method == "POST" and form.is_valid():
        act = services.revise if changes else proposal_services.propose
        try:
            act(viewer, found, form.changed_values(), form.cleaned_data["note"], form.cleaned_data["version"])
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Done.") if changes else _("Proposed. Whoever may change it decides."))
            return redirect("finding", pk=found.pk)
    context = {
        "form": form,
        "title": _("Change values") if changes else _("Propose other values"),
        "lead": "" if changes else _("Change what should be different and say why; the rest stays."),
        "action": _("Change them") if changes else _("Propose"),
        "back": {"url": reverse("finding", args=[found.pk]), "name": found.title},
    }
    return render(request, "pages/form.html", context, status=409 if is_stale(form) else 200)


@login_required
@require_POST
def decide_proposal(request: HttpRequest, pk: uuid.UUID, proposal: uuid.UUID) -> HttpResponse:
    """Accept a proposal or turn it down."""
    viewer = cast("ViewerRequest", request).viewer
    found = visible_finding(request, pk)
    item = proposal_services.proposals_of(found).filter(pk=proposal).first()
    if item is None:
        raise Http404
    answer = request.POST.get("answer", "")[:4000]
    try:
        if request.POST.get("action") == "accept":
            proposal_services.accept(viewer, item, answer, _version(request))
        else:
            proposal_services.turn_down(viewer, item, answer)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Done."))
    return redirect("finding", pk=found.pk)


def _version(request: HttpRequest) -> int:
    sent = request.POST.get("version", "")
    if not sent.isascii() or not sent.isdecimal():
        raise Http404
    return int(sent)
