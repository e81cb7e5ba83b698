"""Pages of the ledger of hazards, the map of what is open, and their files."""

from __future__ import annotations

import uuid
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from tenon.web.accounts.models import User
from tenon.web.organizations.middleware import ViewerRequest
from tenon.web.organizations.policies import Viewer
from tenon.web.organizations.remembering import remembered_part
from tenon.web.organizations.rules import Capability
from tenon.web.rooms import export_services
from tenon.web.rooms.labels import choices_of
from tenon.web.rooms.ledger_drawings import chart_of, map_of, matrix_of
from tenon.web.rooms.ledger_rules import Dimension
from tenon.web.rooms.ledger_selectors import MAP_LIMIT, ledger_for, on_the_map
from tenon.web.rooms.rules import Severity, Urgency
from tenon.web.rooms.selectors import shown
from tenon.web.rooms.views import visible_finding

# By what lists are narrowed here, and by which name a line of the ledger narrows the list of hazards.
_NARROWED = ("channel", "hazard", "severity", "owner", "level")
_LINKS = {
    Dimension.ORGANIZATION: "owner",
    Dimension.LEVEL: "level",
    Dimension.CHANNEL: "channel",
    Dimension.HAZARD: "hazard",
}
_TITLES = {
    Dimension.ORGANIZATION: _("by organization"),
    Dimension.LEVEL: _("by level"),
    Dimension.CHANNEL: _("by channel"),
    Dimension.HAZARD: _("by kind of hazard"),
    Dimension.SEVERITY: _("by severity"),
}


def _wanted(request: HttpRequest) -> dict[str, str]:
    sent = request.POST if request.method == "POST" else request.GET
    return {name: str(sent[name])[:100] for name in _NARROWED if sent.get(name)}


def _context(request: HttpRequest, wanted: dict[str, str]) -> dict[str, Any]:
    return {
        "wanted": wanted,
        "may_export": Capability.EXPORT in cast("ViewerRequest", request).viewer.capabilities,
    }


@login_required
@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """Show how many hazards were reported, eliminated and left, split as one chooses."""
    viewer = cast("ViewerRequest", request).viewer
    sent = request.GET.get("by", "")
    by = Dimension(sent) if sent in set(Dimension) else Dimension.ORGANIZATION
    wanted = _wanted(request)
    figures = remembered_part(viewer, f"ledger by {by}", wanted, lambda: _figures(viewer, by, wanted))
    return render(request, "rooms/ledger.html", {**_context(request, wanted), "by": by.value, "figures": figures})


def _figures(viewer: Viewer, by: Dimension, wanted: dict[str, str]) -> SafeString:
    found = ledger_for(viewer, by, wanted)
    context = {
        "ledger": found,
        "wanted": wanted,
        "query": "".join(f"&{name}={value}" for name, value in wanted.items()),
        "by": by.value,
        "dimensions": [{"value": item.value, "title": title} for item, title in _TITLES.items()],
        "title": _TITLES[by],
        "link": _LINKS.get(by),
        "chart": chart_of(found.months) if found.months else None,
        "urgencies": list(reversed(Urgency)),
        "matrix": matrix_of(found.matrix),
    }
    return render_to_string("rooms/ledger_figures.html", context)


@login_required
@require_safe
def hazard_map(request: HttpRequest) -> HttpResponse:
    """Show where open hazards are."""
    viewer, wanted = cast("ViewerRequest", request).viewer, _wanted(request)
    drawing = remembered_part(viewer, "map", wanted, lambda: _drawing(viewer, wanted))
    return render(request, "rooms/map.html", {**_context(request, wanted), "drawing": drawing})


def _drawing(viewer: Viewer, wanted: dict[str, str]) -> SafeString:
    found, more = on_the_map(viewer, wanted)
    context = {"map": map_of(found), "count": len(found), "more": more, "most": MAP_LIMIT}
    return render_to_string("rooms/map_drawing.html", {**context, "severities": choices_of(Severity)})


@login_required
@require_POST
def export(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Send the hazards that one may see as a table."""
    try:
        pieces = export_services.as_table(cast("ViewerRequest", request).viewer, _wanted(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("findings_ledger")
    name = f"tenon-{timezone.localdate().isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8", headers=headers)


@login_required
@require_POST
def export_message(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Send one hazard as a message of the Common Alerting Protocol."""
    viewer = cast("ViewerRequest", request).viewer
    (item,) = shown(viewer, [visible_finding(request, pk)])
    content = export_services.as_message(viewer, cast("User", request.user), item)
    headers = {"Content-Disposition": f'attachment; filename="{pk}.xml"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type="application/xml; charset=utf-8", headers=headers)
