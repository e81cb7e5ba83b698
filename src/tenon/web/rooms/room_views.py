"""Pages of rooms."""

from __future__ import annotations

import uuid
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tenon.web.organizations import sharing
from tenon.web.organizations.middleware import ViewerRequest
from tenon.web.organizations.policies import Viewer
from tenon.web.organizations.rules import Capability
from tenon.web.organizations.selectors import members_of
from tenon.web.organizations.views import own_organization
from tenon.web.pages.methods import require_form_methods
from tenon.web.rooms import (
    room_report_services,
    room_selectors,
    room_services,
    room_study_selectors,
    room_work_services,
)
from tenon.web.rooms.labels import choices_of
from tenon.web.rooms.models import Room, RoomTask
from tenon.web.rooms.room_actions import (
    PEOPLE_ACTIONS,
    ROOM_ACTIONS,
    WrittenForm,
    forms_of,
    is_stale,
    refuse,
    sent,
    written,
)
from tenon.web.rooms.room_forms import CloseForm, DetachForm, HandTaskForm, OpenForm, RoomForm, TaskStateForm
from tenon.web.rooms.room_rules import Part, Power, TaskState, figures
from tenon.web.rooms.rules import FindingState, Severity

_ROWS = 50
_ENTRIES = 30


def visible_room(request: HttpRequest, pk: uuid.UUID) -> Room:
    """Find a room that the viewer may see, or answer that there is none."""
    found = room_selectors.room_for(cast("ViewerRequest", request).viewer, pk)
    if found is None:
        raise Http404
    return found


@login_required
@require_safe
def rooms(request: HttpRequest) -> HttpResponse:
    """Show the rooms that one may see, the newest first."""
    viewer = cast("ViewerRequest", request).viewer
    wanted = {name: str(value) for name, value in request.GET.items() if name != "page" and value}
    found = room_selectors.narrowed_rooms(room_selectors.rooms_for(viewer), wanted)
    page = Paginator(found, _ROWS).get_page(request.GET.get("page"))
    shown = list(page)
    leading, musts = room_selectors.commander_of(shown), room_selectors.open_musts(viewer, shown)
    context = {
        "page": page,
        "rows": [{"room": item, "commander": leading.get(item.pk), "musts": musts.get(item.pk, 0)} for item in shown],
        "wanted": wanted,
        "may_open": Capability.COMMAND in viewer.capabilities,
    }
    return render(request, "rooms/rooms.html", context)


@login_required
@require_form_methods
def new_room(request: HttpRequest) -> HttpResponse:
    """Open a room."""
    viewer = cast("ViewerRequest", request).viewer
    if Capability.COMMAND not in viewer.capabilities or viewer.actor.organization_id is None:
        raise PermissionDenied
    form = OpenForm(request.POST or None, viewer=viewer)
    if request.method == "POST" and form.is_valid():
        fields = dict(form.cleaned_data)
        owner = fields.pop("owner", None) or own_organization(request, viewer.actor.organization_id)
        try:
            made = room_services.open_room(viewer, owner, fields)
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The room is open. You command it: bring in whom you need."))
            return redirect("room", pk=made.pk)
    context = {
        "form": form,
        "title": _("Open a room"),
        "lead": _("For one disruption that several organizations handle together."),
        "action": _("Open it"),
        "back": {"url": reverse("rooms"), "name": _("Rooms")},
    }
    return render(request, "pages/form.html", context)


@login_required
@require_form_methods
def room(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show a room; what is done in it is sent to the same address."""
    viewer = cast("ViewerRequest", request).viewer
    found = visible_room(request, pk)
    failed: RoomForm | None = None
    if request.method == "POST":
        failed = sent(request, viewer, found, ROOM_ACTIONS)
        if failed is None:
            messages.success(request, _("Done."))
            return redirect("room", pk=found.pk)
        found = visible_room(request, pk)
    else:
        sharing.record_reading(viewer, found)
    context = _room_context(viewer, found) | _timeline(request, viewer, found)
    context["forms"] |= _again(failed)
    return render(request, "rooms/room.html", context, status=409 if is_stale(failed) else 200)


def _again(failed: RoomForm | None) -> dict[str, WrittenForm]:
    """Put a form that was refused in the place of the fresh one."""
    return {} if failed is None else {str(failed.data.get("action", "")).replace(" ", "_"): written(failed)}


def _room_context(viewer: Viewer, found: Room) -> dict[str, Any]:
    given = room_selectors.powers_in(viewer, found)
    people = list(room_selectors.participants_of(found))
    links = room_selectors.findings_of(viewer, found)
    findings = [link.finding for link in links]
    reports = list(room_selectors.reports_of(viewer, found)[:10])
    return {
        "room": found,
        "powers": {power.replace(" ", "_") for power in given},
        "people": people,
        "commander": next((item for item in people if item.part == Part.COMMANDER), None),
        "mine": next((item for item in people if item.user_id == viewer.actor.user_id), None),
        "organizations": members_of(found.group),
        "links": links,
        "unseen": room_selectors.links_of(found).count() - len(links),
        "figures": figures((Severity(item.severity), FindingState(item.state)) for item in findings),
        "tasks": list(room_selectors.tasks_of(found)),
        "affected": room_selectors.affected_by(found),
        "studies": room_study_selectors.studies_in(viewer, found),
        "reports": reports,
        "closing": next((item for item in reports if item.pk == found.closing_report_id), None),
        "similar": room_selectors.similar_rooms(viewer, found),
        "forms": forms_of(ROOM_ACTIONS, viewer, found, given),
    }


def _timeline(request: HttpRequest, viewer: Viewer, found: Room) -> dict[str, Any]:
    entries = room_selectors.entries_of(viewer, found)
    page = Paginator(entries, _ENTRIES).get_page(request.GET.get("page"))
    return {"room": found, "page": page, "lines": room_selectors.lines(viewer, list(page))}


@login_required
@require_safe
def room_timeline(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show the newest entries of a room alone, for pages that stay open."""
    viewer = cast("ViewerRequest", request).viewer
    found = visible_room(request, pk)
    return render(request, "rooms/room_timeline.html", _timeline(request, viewer, found))


@login_required
@require_form_methods
def room_people(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Show who takes part in a room, and change it."""
    viewer = cast("ViewerRequest", request).viewer
    found = visible_room(request, pk)
    failed: RoomForm | None = None
    if request.method == "POST":
        failed = sent(request, viewer, found, PEOPLE_ACTIONS)
        if failed is None:
            messages.success(request, _("Done."))
            # Whoever takes their own organization out does not find the page again.
            there = members_of(found.group).filter(organization_id__in=viewer.own).exists()
            return redirect("room_people", pk=pk) if there else redirect("rooms")
        if PEOPLE_ACTIONS[str(failed.data.get("action"))].by_row:
            messages.error(request, " ".join(str(text) for text in failed.non_field_errors()))
            return redirect("room_people", pk=pk)
    given = room_selectors.powers_in(viewer, found)
    leads = Capability.COMMAND in viewer.capabilities
    context = {
        "room": found,
        "powers": {power.replace(" ", "_") for power in given},
        "people": room_selectors.participants_of(found),
        "organizations": members_of(found.group),
        "leads": leads,
        "parts": [choice for choice in choices_of(Part) if choice[0] != Part.COMMANDER],
        "forms": forms_of(PEOPLE_ACTIONS, viewer, found, given) | _again(failed),
    }
    return render(request, "rooms/room_people.html", context, status=409 if is_stale(failed) else 200)


@login_required
@require_form_methods
def room_task(request: HttpRequest, pk: uuid.UUID, task: uuid.UUID) -> HttpResponse:
    """Show a task of a room, and say where it stands or who does it."""
    viewer = cast("ViewerRequest", request).viewer
    found = visible_room(request, pk)
    given = room_selectors.powers_in(viewer, found)
    item = room_selectors.tasks_of(found).filter(pk=task).first()
    if item is None:
        raise Http404
    failed = _change_task(request, viewer, item) if request.method == "POST" else None
    if request.method == "POST" and failed is None:
        messages.success(request, _("Done."))
        return redirect("room", pk=found.pk)
    mine = room_selectors.part_in(viewer, found)
    may_work = Power.TASK in given or (
        Power.WORK in given and mine is not None and mine.organization_id == item.organization_id
    )
    forms: dict[str, RoomForm] = {}
    if may_work:
        forms["state"] = TaskStateForm(room=found, viewer=viewer, action="state")
        forms["state"].initial.update(version=item.version, state=TaskState.DONE.value)
    if Power.TASK in given:
        forms["hand"] = HandTaskForm(room=found, viewer=viewer, action="hand")
        forms["hand"].initial["version"] = item.version
    context = {
        "room": found,
        "task": item,
        "forms": {name: written(form) for name, form in forms.items()} | _again(failed),
    }
    return render(request, "rooms/room_task.html", context, status=409 if is_stale(failed) else 200)


def _change_task(request: HttpRequest, viewer: Viewer, task: RoomTask) -> RoomForm | None:
    handing = request.POST.get("action") == "hand"
    kind, action = (HandTaskForm, "hand") if handing else (TaskStateForm, "state")
    form: RoomForm = kind(request.POST, room=task.room, viewer=viewer, action=action)
    if not form.is_valid():
        return form
    data = form.cleaned_data
    try:
        if handing:
            room_work_services.hand_task(viewer, task, data["to"], data["version"])
        else:
            room_work_services.change_task(viewer, task, TaskState(data["state"]), data["note"], data["version"])
    except ValidationError as error:
        refuse(form, error)
        return form
    return None


@login_required
@require_form_methods
def detach_finding(request: HttpRequest, pk: uuid.UUID, link: uuid.UUID) -> HttpResponse:
    """Take a finding out of a room."""
    viewer = cast("ViewerRequest", request).viewer
    found = visible_room(request, pk)
    item = room_selectors.links_of(found).filter(pk=link).first()
    if item is None:
        raise Http404
    form = DetachForm(request.POST or None, room=found, viewer=viewer, action="detach")
    if request.method == "POST" and form.is_valid():
        try:
            room_work_services.detach(viewer, found, item, form.cleaned_data["reason"])
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, _("Taken back; it holds at once."))
            return redirect("room", pk=found.pk)
    context = {
        "form": form,
        "title": _("Take this hazard out of the room"),
        "lead": _(
            "The organizations in the room will not see it by the room any more, and it holds it open no longer."
        ),
        "action": _("Take it out"),
        "back": {"url": reverse("room", args=[found.pk]), "name": found.title},
    }
    return render(request, "pages/form.html", context)


@login_required
@require_safe
def room_report(request: HttpRequest, pk: uuid.UUID, number: int, length: str) -> HttpResponse:
    """Show a report of a room: short for those who lead, long for those who work with it."""
    viewer = cast("ViewerRequest", request).viewer
    found = visible_room(request, pk)
    made = room_selectors.reports_of(viewer, found).filter(number=number).first()
    if made is None:
        raise Http404
    made.room = found
    sharing.record_reading(viewer, found)
    context = {
        "room": found,
        "report": made,
        "content": room_report_services.shown_report(viewer, made),
        "is_long": length == "long" or made.closing,
    }
    return render(request, "rooms/room_report.html", context)


@login_required
@require_form_methods
def close_room(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Close a room with its report, or show what holds it open."""
    viewer = cast("ViewerRequest", request).viewer
    found = visible_room(request, pk)
    if Power.STEER not in room_selectors.powers_in(viewer, found):
        raise PermissionDenied
    form = CloseForm(request.POST or None, room=found, viewer=viewer, action="close")
    if request.method == "POST" and form.is_valid():
        try:
            room_report_services.close_room(viewer, found, form.cleaned_data, form.cleaned_data["version"])
        except ValidationError as error:
            refuse(form, error)
        else:
            messages.success(request, _("The room is closed."))
            return redirect("room", pk=found.pk)
    context = {
        "room": found,
        "form": form,
        "holding": room_selectors.holding(viewer, found),
        "tasks": [item for item in room_selectors.tasks_of(found) if item.state != TaskState.DONE],
        "similar": room_selectors.similar_rooms(viewer, found),
    }
    return render(request, "rooms/room_close.html", context, status=409 if is_stale(form) else 200)
