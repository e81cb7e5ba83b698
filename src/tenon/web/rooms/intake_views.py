"""The page behind a label, for which nobody signs in, and the pages on which its reports are judged."""

from __future__ import annotations

import uuid
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tenon.web.organizations.middleware import ViewerRequest, actor_of
from tenon.web.organizations.policies import Viewer
from tenon.web.organizations.rules import Capability
from tenon.web.organizations.selectors import token_digest
from tenon.web.pages.methods import require_form_methods
from tenon.web.rooms import evidence_selectors, evidence_services
from tenon.web.rooms.attempts import seconds_to_wait
from tenon.web.rooms.equipment_forms import AcceptForm, DiscardForm, PhoneForm
from tenon.web.rooms.equipment_rules import LIMITS, IntakeState
from tenon.web.rooms.models import Equipment, Intake
from tenon.web.rooms.services import STALE

_ROWS = 50


@never_cache
@require_form_methods
def phone_report(request: HttpRequest, token: str) -> HttpResponse:
    """Take a report from whoever holds a phone before a label; of the organization it shows the equipment's name."""
    item = evidence_selectors.equipment_behind(token)
    if item is None:
        raise Http404
    if request.method != "POST":
        return _phone_page(request, item, PhoneForm())
    wait = _wait(request, token)
    if wait:
        answer = render(request, "rooms/phone_wait.html", {"minutes": -(-wait // 60)}, status=429)
        answer["Retry-After"] = str(wait)
        return answer
    form = PhoneForm(request.POST, request.FILES)
    if form.data.get("website"):
        return _thanks(request, item, None)
    if not form.is_valid():
        return _phone_page(request, item, form)
    try:
        intake = evidence_services.receive(actor_of(request), item, *_sent(form))
    except ValidationError as error:
        form.add_error(None, error)
        return _phone_page(request, item, form)
    return _thanks(request, item, intake)


def _wait(request: HttpRequest, token: str) -> int:
    keys = {
        f"label:{token_digest(token)[:32]}": LIMITS["label"],
        f"address:{actor_of(request).address}": LIMITS["address"],
    }
    return seconds_to_wait(keys)


def _sent(form: PhoneForm) -> tuple[dict[str, str], tuple[str, bytes] | None]:
    photo: UploadedFile[Any] | None = form.cleaned_data["photo"]
    fields = {name: form.cleaned_data[name] for name in ("title", "what")}
    return fields, None if photo is None else (photo.name or "", photo.read())


def _phone_page(request: HttpRequest, item: Equipment, form: PhoneForm) -> HttpResponse:
    return render(request, "rooms/phone_report.html", {"name": item.name, "form": form})


def _thanks(request: HttpRequest, item: Equipment, intake: Intake | None) -> HttpResponse:
    return render(request, "rooms/phone_thanks.html", {"name": item.name, "number": intake and intake.number})


def _judge(request: HttpRequest) -> Viewer:
    viewer = cast("ViewerRequest", request).viewer
    if Capability.TRIAGE not in viewer.capabilities:
        raise PermissionDenied
    return viewer


@login_required
@require_safe
def intakes(request: HttpRequest) -> HttpResponse:
    """Show the reports from phones, those that wait first."""
    viewer = _judge(request)
    wanted = request.GET.get("state", IntakeState.WAITING.value)
    there = evidence_selectors.intakes_for(viewer).filter(state=wanted)
    page = Paginator(there, _ROWS).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "state": wanted,
        "states": [state.value for state in IntakeState],
        "query": f"state={wanted}",
    }
    return render(request, "rooms/intakes.html", context)


@login_required
@require_form_methods
def intake(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show a report from a phone, to be accepted or discarded."""
    viewer = cast("ViewerRequest", request).viewer
    found = evidence_selectors.intake_for(viewer, pk)
    if found is None:
        raise Http404
    _judge(request)
    accepting = "accept" in request.POST
    first = {"title": found.title, "description": found.what, "channel": found.equipment.channel}
    accept = AcceptForm(request.POST if accepting else None, initial=first)
    discard = DiscardForm(request.POST if "discard" in request.POST else None)
    form = accept if accepting else discard
    if request.method == "POST" and form.is_valid():
        try:
            return _judged(request, viewer, found, form)
        except ValidationError as error:
            form.add_error(None, error)
    context = {"intake": found, "accept": accept, "discard": discard}
    return render(request, "rooms/intake.html", context, status=409 if form.has_error("__all__", STALE) else 200)


def _judged(request: HttpRequest, viewer: Viewer, found: Intake, form: AcceptForm | DiscardForm) -> HttpResponse:
    if isinstance(form, AcceptForm):
        made = evidence_services.accept(viewer, found, form.cleaned_data)
        messages.success(request, _("Accepted as number %(number)s.") % {"number": made.number})
        return redirect("finding", pk=made.pk)
    evidence_services.discard(viewer, found, form.cleaned_data["reason"])
    messages.success(request, _("Discarded."))
    return redirect("intakes")
