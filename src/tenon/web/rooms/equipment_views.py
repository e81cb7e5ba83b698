"""Pages about equipment: its tree, its history, its checklists, its label and what its site can do."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import BaseFormSet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tenon.web.organizations import sharing
from tenon.web.organizations.middleware import ViewerRequest
from tenon.web.organizations.models import Organization
from tenon.web.organizations.policies import Viewer
from tenon.web.organizations.rules import Capability, Permission
from tenon.web.organizations.selectors import shares_of
from tenon.web.organizations.sharing_forms import ReachForm, ShareForm
from tenon.web.organizations.sharing_views import reach_as_asked, revoke_as_asked, share_as_asked
from tenon.web.organizations.views import own_organization
from tenon.web.pages.methods import require_form_methods
from tenon.web.rooms import equipment_selectors, equipment_services, evidence_selectors, round_selectors
from tenon.web.rooms.charts import HEIGHT, WIDTH
from tenon.web.rooms.equipment_forms import (
    ChecklistForm,
    ChecklistLines,
    EquipmentForm,
    PlanForm,
    TreeFileForm,
)
from tenon.web.rooms.equipment_labels import equipment_choices
from tenon.web.rooms.equipment_rules import Criticality, EquipmentClass
from tenon.web.rooms.equipment_table import COLUMNS, Problem
from tenon.web.rooms.models import Checklist, Equipment
from tenon.web.rooms.services import STALE

_FINDINGS, _ROUNDS, _LEVELS = 20, 20, 12


def visible_equipment(request: HttpRequest, pk: uuid.UUID) -> Equipment:
    """Find equipment that the viewer may read, or answer that there is none."""
    found = equipment_selectors.equipment_at(cast("ViewerRequest", request).viewer, pk)
    if found is None:
        raise Http404
    return found


def kept_equipment(request: HttpRequest, pk: uuid.UUID) -> Equipment:
    """Find equipment that the viewer may change: what is not visible is not there, what is not allowed is refused."""
    found = visible_equipment(request, pk)
    equipment_services.require_keeper(cast("ViewerRequest", request).viewer, found)
    return found


@login_required
@require_safe
def equipment_tree(request: HttpRequest) -> HttpResponse:
    """Show the tree of equipment."""
    viewer = cast("ViewerRequest", request).viewer
    wanted = {name: str(value) for name, value in request.GET.items() if value}
    everything = equipment_selectors.equipment_for(viewer)
    rows = equipment_selectors.tree_of(viewer, equipment_selectors.narrowed_equipment(everything, wanted))
    context = {
        "rows": rows,
        "cut": len(rows) == equipment_selectors.TREE_MOST,
        "wanted": wanted,
        "may_add": _may_add(viewer),
        "open_rounds": round_selectors.open_rounds(viewer).count(),
        "overdue_rounds": round_selectors.overdue_rounds(viewer).count(),
        "waiting": evidence_selectors.waiting_intakes(viewer).count() if viewer.can("triage") else None,
        "choices": {
            "class": equipment_choices(EquipmentClass),
            "criticality": equipment_choices(Criticality),
        },
    }
    return render(request, "rooms/equipment_tree.html", context)


def _may_add(viewer: Viewer) -> bool:
    return Capability.TRIAGE in viewer.capabilities and viewer.actor.organization_id is not None


def _owner(request: HttpRequest, viewer: Viewer, fields: dict[str, Any]) -> Organization:
    if not _may_add(viewer) or viewer.actor.organization_id is None:
        raise PermissionDenied
    chosen = fields.pop("owner", None)
    return chosen or own_organization(request, viewer.actor.organization_id)


@login_required
@require_form_methods
def new_equipment(request: HttpRequest) -> HttpResponse:
    """Add a piece of equipment."""
    viewer = cast("ViewerRequest", request).viewer
    if not _may_add(viewer):
        raise PermissionDenied
    form = EquipmentForm(request.POST or None, viewer=viewer)
    if request.method == "POST" and form.is_valid():
        fields = {name: value for name, value in form.cleaned_data.items() if name != "version"}
        owner = _owner(request, viewer, fields)
        try:
            made = equipment_services.add_equipment(viewer, owner, fields)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Added."))
            return redirect("equipment", pk=made.pk)
    return _form_page(request, form, _("New equipment"), ("equipment_tree", _("Equipment"), []))


@login_required
@require_form_methods
def edit_equipment(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Change a piece of equipment."""
    viewer = cast("ViewerRequest", request).viewer
    found = kept_equipment(request, pk)
    form = EquipmentForm(request.POST or None, viewer=viewer, item=found)
    stale = False
    if request.method == "POST" and form.is_valid():
        fields = dict(form.cleaned_data)
        version = fields.pop("version") or 0
        try:
            equipment_services.change_equipment(viewer, found, fields, version)
        except ValidationError as error:
            form.add_error(None, error)
            stale = form.has_error("__all__", STALE)
        else:
            messages.success(request, _("Changed."))
            return redirect("equipment", pk=found.pk)
    back = ("equipment", str(found), [found.pk])
    return _form_page(request, form, _("Change equipment"), back, status=409 if stale else 200)


def _form_page(
    request: HttpRequest, form: object, title: str, back: tuple[str, str, Sequence[object]], status: int = 200
) -> HttpResponse:
    name, words, arguments = back
    context = {
        "form": form,
        "title": title,
        "action": _("Keep it"),
        "back": {"url": reverse(name, args=arguments), "name": words},
    }
    return render(request, "pages/form.html", context, status=status)


@login_required
@require_form_methods
def import_equipment(request: HttpRequest) -> HttpResponse:
    """Add a tree from a CSV file: all of it or nothing."""
    viewer = cast("ViewerRequest", request).viewer
    if not _may_add(viewer):
        raise PermissionDenied
    form = TreeFileForm(request.POST or None, request.FILES or None, viewer=viewer)
    problems: list[Problem] = []
    if request.method == "POST" and form.is_valid():
        owner = _owner(request, viewer, form.cleaned_data)
        count, problems = equipment_services.import_tree(viewer, owner, form.cleaned_data["file"].read())
        if not problems:
            messages.success(request, _("Added %(count)s pieces of equipment.") % {"count": count})
            return redirect("equipment_tree")
    words = [kind.value for kind in EquipmentClass]
    context = {"form": form, "problems": problems, "columns": COLUMNS, "classes": words}
    return render(request, "rooms/equipment_import.html", context, status=422 if problems else 200)


@login_required
@require_safe
def equipment(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show a piece of equipment with its history."""
    viewer = cast("ViewerRequest", request).viewer
    found = visible_equipment(request, pk)
    sharing.record_reading(viewer, found)
    seen = equipment_selectors.shown_equipment(viewer, found)
    may_share = Permission.SHARE in seen.may
    below = equipment_selectors.equipment_for(viewer).filter(path__startswith=found.path).exclude(pk=found.pk)
    context = {
        "item": seen.equipment,
        "owns": seen.owns,
        "keeps": seen.owns and Permission.EDIT in seen.may and Capability.TRIAGE in viewer.capabilities,
        "reports": seen.owns and Capability.REPORT in viewer.capabilities,
        "ancestors": equipment_selectors.ancestors_of(viewer, found),
        "below": equipment_selectors.tree_of(viewer, below),
        "findings": equipment_selectors.findings_at(viewer, found)[:_FINDINGS],
        "shares": shares_of(found) if may_share else [],
        "share": ShareForm(viewer=viewer) if may_share else None,
        "reach": ReachForm(initial={"marking": found.marking, "reach": found.reach}) if may_share else None,
        **(_own_context(viewer, found) if seen.owns else {}),
    }
    return render(request, "rooms/equipment.html", context)


def _own_context(viewer: Viewer, found: Equipment) -> dict[str, Any]:
    rounds = round_selectors.open_rounds(viewer).filter(equipment=found)
    return {
        "checklists": equipment_selectors.checklists_of(found),
        "open_rounds": rounds[:_ROUNDS],
        "finished_rounds": round_selectors.finished_rounds(viewer).filter(equipment=found)[:_ROUNDS],
        "series": equipment_selectors.series_at(viewer, found),
        "chart": {"width": WIDTH, "height": HEIGHT},
        "plan": PlanForm(),
    }


@login_required
@require_POST
def share_equipment(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Share a piece of equipment."""
    found = visible_equipment(request, pk)
    share_as_asked(request, found)
    return redirect("equipment", pk=found.pk)


@login_required
@require_POST
def reach_of_equipment(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Say how far a piece of equipment goes."""
    found = visible_equipment(request, pk)
    reach_as_asked(request, found)
    return redirect("equipment", pk=found.pk)


@login_required
@require_POST
def revoke_equipment(request: HttpRequest, pk: uuid.UUID, share: uuid.UUID) -> HttpResponse:
    """Take a share back."""
    found = visible_equipment(request, pk)
    revoke_as_asked(request, found, share)
    return redirect("equipment", pk=found.pk)


@login_required
@require_form_methods
def new_checklist(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Write a checklist for a piece of equipment."""
    return _checklist_page(request, kept_equipment(request, pk), None)


@login_required
@require_form_methods
def edit_checklist(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Write the next version of a checklist."""
    found = equipment_selectors.checklist_for(cast("ViewerRequest", request).viewer, pk)
    if found is None:
        raise Http404
    return _checklist_page(request, kept_equipment(request, found.equipment_id), found)


def _checklist_page(request: HttpRequest, item: Equipment, before: Checklist | None) -> HttpResponse:
    viewer = cast("ViewerRequest", request).viewer
    head = {"name": before.name, "every_days": before.every_days} if before else None
    names = ("text", "kind", "unit", "low", "high", "severity")
    rows = (
        [{name: getattr(line, name) for name in names} for line in equipment_selectors.lines_of(before)]
        if before
        else []
    )
    form = ChecklistForm(request.POST or None, initial=head)
    # What was sent is not compared with what was there: a line that stays as it was is a line all the same.
    lines = (
        ChecklistLines(request.POST, prefix="items") if request.POST else ChecklistLines(initial=rows, prefix="items")
    )
    stale = False
    if request.method == "POST" and form.is_valid() and lines.is_valid():
        try:
            filled = _filled(lines)
            equipment_services.write_checklist(viewer, item, form.cleaned_data, filled, before)
        except ValidationError as error:
            form.add_error(None, error)
            stale = form.has_error("__all__", STALE)
        else:
            messages.success(request, _("Kept; rounds that begin now use it."))
            return redirect("equipment", pk=item.pk)
    context = {"item": item, "before": before, "form": form, "lines": lines}
    return render(request, "rooms/checklist.html", context, status=409 if stale else 200)


def _filled(lines: BaseFormSet[Any]) -> list[dict[str, Any]]:
    return [line.cleaned_data for line in lines if line.cleaned_data.get("text")]


@login_required
@require_safe
def equipment_label(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show the label of a piece of equipment, to be printed."""
    found = kept_equipment(request, pk)
    token = equipment_services.label_token(found)
    url = request.build_absolute_uri(reverse("phone_report", args=[token])) if token else ""
    return render(request, "rooms/equipment_label.html", {"item": found, "url": url})


@login_required
@require_POST
def renew_label(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Make a label, or a new one."""
    found = kept_equipment(request, pk)
    equipment_services.renew_label(cast("ViewerRequest", request).viewer, found)
    messages.success(request, _("There is a new label. An old one leads nowhere from now on."))
    return redirect("equipment_label", pk=found.pk)


@login_required
@require_safe
def availability(request: HttpRequest) -> HttpResponse:
    """Show what each site can do with the findings that are open on its equipment."""
    viewer = cast("ViewerRequest", request).viewer
    rows = []
    for site in equipment_selectors.sites_for(viewer):
        levels = [
            {"level": level, "probability": probability, "width": round(probability * 200, 1)}
            for level, probability in sorted(site.capacity.items(), reverse=True)
        ]
        rows.append(
            {
                "site": site,
                "levels": levels[:_LEVELS],
                "more": len(levels) > _LEVELS,
                "loss": site.undisturbed - site.expected,
            }
        )
    return render(request, "rooms/equipment_availability.html", {"rows": rows})
