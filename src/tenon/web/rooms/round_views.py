"""Pages of inspection rounds: made to be used with one thumb."""

from __future__ import annotations

import uuid
from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from tenon.web.organizations.middleware import ViewerRequest
from tenon.web.organizations.rules import Capability
from tenon.web.pages.methods import require_form_methods
from tenon.web.rooms import equipment_selectors, round_selectors, round_services
from tenon.web.rooms.equipment_forms import PlanForm, RoundForm
from tenon.web.rooms.equipment_services import require_keeper
from tenon.web.rooms.models import Checklist, InspectionRound
from tenon.web.rooms.services import STALE

_ROWS = 50


@login_required
@require_safe
def rounds(request: HttpRequest) -> HttpResponse:
    """Show what is to be inspected, and what was."""
    viewer = cast("ViewerRequest", request).viewer
    page = Paginator(round_selectors.finished_rounds(viewer), _ROWS).get_page(request.GET.get("page"))
    context = {
        "open": round_selectors.open_rounds(viewer)[:_ROWS],
        "overdue": set(round_selectors.overdue_rounds(viewer).values_list("pk", flat=True)[:_ROWS]),
        "page": page,
    }
    return render(request, "rooms/rounds.html", context)


def _current_checklist(request: HttpRequest, pk: uuid.UUID) -> Checklist:
    found = equipment_selectors.checklist_for(cast("ViewerRequest", request).viewer, pk)
    if found is None:
        raise Http404
    return found


@login_required
@require_POST
def plan_round(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Plan a round with a checklist."""
    viewer = cast("ViewerRequest", request).viewer
    checklist = _current_checklist(request, pk)
    require_keeper(viewer, checklist.equipment)
    form = PlanForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("A day is required."))
        return redirect("equipment", pk=checklist.equipment_id)
    try:
        round_services.plan(viewer, checklist.equipment, checklist, form.cleaned_data["due"])
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Planned."))
    return redirect("equipment", pk=checklist.equipment_id)


@login_required
@require_POST
def start_round(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Start a round that nobody planned."""
    viewer = cast("ViewerRequest", request).viewer
    checklist = _current_checklist(request, pk)
    try:
        begun = round_services.start(viewer, checklist.equipment, checklist)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("equipment", pk=checklist.equipment_id)
    return redirect("round", pk=begun.pk)


@login_required
@require_form_methods
def round_page(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show a round: to be started, to be answered, or as it was finished."""
    viewer = cast("ViewerRequest", request).viewer
    found = round_selectors.round_for(viewer, pk)
    if found is None:
        raise Http404
    items, answers = round_selectors.items_of(found), round_selectors.answers_of(found)
    if request.method == "POST":
        if Capability.REPORT not in viewer.capabilities:
            raise PermissionDenied(_("Your role does not allow to inspect this equipment."))
        if "start" in request.POST:
            round_services.start(viewer, found.equipment, found.checklist, found)
            return redirect("round", pk=found.pk)
        form = RoundForm(request.POST, items=items, answers=answers, version=found.version)
        if _answered(request, found, form):
            return redirect("round", pk=found.pk)
        status = 409 if form.has_error("__all__", STALE) else 200
    else:
        form, status = RoundForm(items=items, answers=answers, version=found.version), 200
    context = {
        "round": found,
        "form": form,
        "may_answer": Capability.REPORT in viewer.capabilities,
        "rows": [(item, answers.get(item.pk)) for item in items],
    }
    return render(request, "rooms/round.html", context, status=status)


def _answered(request: HttpRequest, found: InspectionRound, form: RoundForm) -> bool:
    """Store what was sent; where that is refused, the form says why."""
    viewer = cast("ViewerRequest", request).viewer
    if not form.is_valid():
        return False
    finish = "finish" in request.POST
    try:
        kept = round_services.answer(viewer, found, form.answers, form.cleaned_data["version"], finish=finish)
    except ValidationError as error:
        form.add_error(None, error)
        return False
    if kept.finished is None:
        messages.success(request, _("Kept. Finish the round when every item has an answer."))
    elif finish:
        failed = sum(1 for row in round_selectors.answers_of(kept).values() if row.finding_id)
        words = ngettext("Finished, with %(count)s new hazard.", "Finished, with %(count)s new hazards.", failed)
        messages.success(request, words % {"count": failed})
    return True
