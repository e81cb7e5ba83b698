"""Pages about sharing groups and ceilings."""

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
from django.views.decorators.http import require_safe

from tenon.web.organizations import selectors, services
from tenon.web.organizations.forms import CeilingForm, GroupForm, GroupMemberForm
from tenon.web.organizations.middleware import ViewerRequest
from tenon.web.organizations.models import SharingGroup
from tenon.web.organizations.policies import Viewer
from tenon.web.organizations.rules import Capability, Marking
from tenon.web.organizations.views import own_organization
from tenon.web.pages.methods import require_form_methods


@login_required
@require_safe
def groups(request: HttpRequest) -> HttpResponse:
    """Show the sharing groups of one's organization."""
    viewer = cast("ViewerRequest", request).viewer
    context = {"groups": selectors.groups_of(viewer), "administers": Capability.ADMINISTER in viewer.capabilities}
    return render(request, "organizations/groups.html", context)


@login_required
@require_form_methods
def new_group(request: HttpRequest) -> HttpResponse:
    """Make a sharing group of the organization acted for."""
    viewer = cast("ViewerRequest", request).viewer
    if Capability.ADMINISTER not in viewer.capabilities or viewer.actor.organization_id is None:
        raise PermissionDenied
    form = GroupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        owner = own_organization(request, viewer.actor.organization_id)
        made = services.create_group(viewer, owner, form.cleaned_data)
        return redirect("group", pk=made.pk)
    context = {
        "form": form,
        "title": _("New sharing group"),
        "lead": _("A group reaches the organizations in it, and nobody else."),
        "action": _("Make it"),
        "back": {"url": reverse("groups"), "name": _("Sharing groups")},
    }
    return render(request, "pages/form.html", context)


@login_required
@require_form_methods
def group(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show a sharing group; its owner brings organizations in and takes them out."""
    viewer = cast("ViewerRequest", request).viewer
    found = selectors.groups_of(viewer).filter(pk=pk).first()
    if found is None:
        raise Http404
    owns = found.owner_id in viewer.own and Capability.ADMINISTER in viewer.capabilities
    form = GroupMemberForm(request.POST if "organization" in request.POST else None, group=found)
    if request.method == "POST":
        try:
            done = _change_group(request, viewer, found, form)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            done = True
        if done:
            return redirect("group", pk=found.pk) if selectors.groups_of(viewer).filter(pk=pk) else redirect("groups")
    context = {"group": found, "members": selectors.members_of(found), "owns": owns, "form": form}
    return render(request, "organizations/group.html", context)


def _change_group(request: HttpRequest, viewer: Viewer, found: SharingGroup, form: GroupMemberForm) -> bool:
    leaving = request.POST.get("leave")
    if leaving:
        member = next((item for item in selectors.members_of(found) if str(item.organization_id) == leaving), None)
        if member is None:
            raise Http404
        services.leave_group(viewer, found, member.organization)
        return True
    if form.is_valid():
        services.add_to_group(viewer, found, form.cleaned_data["organization"])
        return True
    return False


@login_required
@require_form_methods
def ceiling(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Set the strictest marking that passes to another organization."""
    viewer = cast("ViewerRequest", request).viewer
    found = own_organization(request, pk)
    if Capability.ADMINISTER not in viewer.capabilities:
        raise PermissionDenied
    form = CeilingForm(request.POST or None, giver=found)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_ceiling(viewer, found, form.cleaned_data["receiver"], Marking(form.cleaned_data["marking"]))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("organization", pk=found.pk)
    context = {
        "form": form,
        "title": _("Ceiling"),
        "lead": _("What is marked more strictly does not pass to this organization, however it is shared."),
        "action": _("Set it"),
        "back": {"url": reverse("organization", args=[found.pk]), "name": found.name},
    }
    return render(request, "pages/form.html", context)
