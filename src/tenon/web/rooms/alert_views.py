"""Pages about what one was told, what one wants to be told, and what is done about overdue hazards."""

from __future__ import annotations

import uuid
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tenon.web.organizations.middleware import ViewerRequest
from tenon.web.organizations.rules import Capability
from tenon.web.organizations.views import own_organization
from tenon.web.pages.methods import require_form_methods
from tenon.web.rooms import alert_selectors as selectors
from tenon.web.rooms import alert_services as services
from tenon.web.rooms import chain_services
from tenon.web.rooms.alert_forms import ChainForm, ChoicesForm, WebhookForm
from tenon.web.rooms.models import Finding, Room
from tenon.web.rooms.rules import Severity
from tenon.web.rooms.selectors import shown

_ROWS = 50


@login_required
@require_safe
def alerts(request: HttpRequest) -> HttpResponse:
    """Show what one was told, the newest first."""
    viewer = cast("ViewerRequest", request).viewer
    page = Paginator(selectors.alerts_for(viewer), _ROWS).get_page(request.GET.get("page"))
    rows = list(page)
    seen = shown(viewer, [item.finding for item in rows if item.finding is not None])
    about: dict[uuid.UUID | None, Finding | Room | None] = {one.finding.pk: one.finding for one in seen}
    context = {
        "page": page,
        "rows": [{"alert": item, "about": about.get(item.finding_id, item.room)} for item in rows],
        "undelivered": selectors.undelivered(viewer),
    }
    return render(request, "rooms/alerts.html", context)


@login_required
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Mark one alert as read, or all; with one, go to what it is about."""
    viewer = cast("ViewerRequest", request).viewer
    if "alert" not in request.POST:
        services.mark_read(viewer)
        return redirect("alerts")
    try:
        wanted = uuid.UUID(request.POST["alert"])
    except ValueError:
        raise Http404 from None
    found = selectors.alerts_for(viewer).filter(pk=wanted).first()
    if found is None:
        raise Http404
    services.mark_read(viewer, found)
    return redirect(found)


@login_required
@require_form_methods
def choices(request: HttpRequest) -> HttpResponse:
    """Choose what to be told, and how."""
    viewer = cast("ViewerRequest", request).viewer
    form = _choices_form(request)
    if request.method == "POST" and form.is_valid():
        try:
            services.choose(viewer, form.choices())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Done."))
            return redirect("alert_choices")
    return render(request, "rooms/alert_choices.html", _context(request, form))


def _choices_form(request: HttpRequest, *, sent: bool = True) -> ChoicesForm:
    viewer = cast("ViewerRequest", request).viewer
    webhook = selectors.webhook_of(viewer.actor.user_id, viewer.actor.organization_id)
    data = request.POST if sent and request.method == "POST" else None
    return ChoicesForm(data, chosen=selectors.choices_of_person(viewer), webhook=webhook is not None)


def _context(request: HttpRequest, form: ChoicesForm) -> dict[str, Any]:
    viewer = cast("ViewerRequest", request).viewer
    return {
        "form": form,
        "webhook": selectors.webhook_of(viewer.actor.user_id, viewer.actor.organization_id),
        "webhook_form": WebhookForm() if Capability.EXPORT in viewer.capabilities else None,
    }


@login_required
@require_POST
@never_cache
def webhook(request: HttpRequest) -> HttpResponse:
    """Set up one's webhook and show its secret, this once; or remove it."""
    viewer = cast("ViewerRequest", request).viewer
    if "remove" in request.POST:
        services.remove_webhook(viewer)
        return redirect("alert_choices")
    form, secret = WebhookForm(request.POST), ""
    if form.is_valid():
        try:
            _made, secret = services.set_webhook(viewer, form.cleaned_data["url"])
        except ValidationError as error:
            form.add_error(None, error)
    context = _context(request, _choices_form(request, sent=False))
    return render(request, "rooms/alert_choices.html", {**context, "webhook_form": form, "secret": secret})


@login_required
@require_form_methods
def chains(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show what an organization does about overdue hazards, and set it up."""
    viewer = cast("ViewerRequest", request).viewer
    organization = own_organization(request, pk)
    administers = Capability.ADMINISTER in viewer.capabilities
    form = ChainForm(request.POST or None, organization=organization) if administers else None
    if request.method == "POST" and form is None:
        raise PermissionDenied
    if request.method == "POST" and form is not None and form.is_valid():
        said = form.cleaned_data
        try:
            chain_services.set_chain(viewer, organization, Severity(said["severity"]), said["name"], form.plan())
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Done."))
            return redirect("chains_of_organization", pk=organization.pk)
    context = {"organization": organization, "chains": selectors.chains_of(organization), "form": form}
    return render(request, "rooms/chains.html", context)


@login_required
@require_POST
def end_chain(request: HttpRequest, pk: uuid.UUID, chain: uuid.UUID) -> HttpResponse:
    """Let a chain hold no longer."""
    viewer = cast("ViewerRequest", request).viewer
    found = selectors.chains_of(own_organization(request, pk)).filter(pk=chain).first()
    if found is None:
        raise Http404
    chain_services.end_chain(viewer, found)
    messages.success(request, _("It holds no longer."))
    return redirect("chains_of_organization", pk=pk)
