"""Situation reports and the closing of a room: what stood in it at a moment, kept for ever.

A report keeps the words and figures of its moment. Whoever reads it later gets only findings that they may see then,
and only facts and decisions from the time from which they see the room: see `shown_report`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from tenon.web.organizations.models import Organization
from tenon.web.organizations.policies import Viewer
from tenon.web.organizations.row_policies import as_platform
from tenon.web.organizations.rules import Capability, Profile, Reach
from tenon.web.organizations.selectors import members_of
from tenon.web.rooms.models import Finding, Room, RoomEntry, RoomReport
from tenon.web.rooms.room_rules import ROOM_EDGES, EntryKind, Power, RoomState, RoomStep, figures, holds_open
from tenon.web.rooms.room_selectors import affected_by, holding, links_of, participants_of, since_in, tasks_of
from tenon.web.rooms.room_timeline_services import add_entry, locked, must_be_current, note_of
from tenon.web.rooms.room_work_services import attach_in
from tenon.web.rooms.rules import FindingState, Level, Severity, Urgency
from tenon.web.rooms.selectors import findings_for
from tenon.web.rooms.services import acting, report

__all__ = ["HELD", "MEASURES_AT_MOST", "close_room", "make_report", "shown_report"]

# The code of the refusal to close a room that must-findings hold open.
HELD = "held"
MEASURES_AT_MOST = 10
# The newest of each; a report is for people to read.
_FACTS, _DECISIONS, _FINDINGS = 50, 200, 500


def make_report(viewer: Viewer, room: Room, assessment: str) -> RoomReport:
    """Make a situation report of a room as it stands now.

    Parameters
    ----------
    viewer : Viewer
        Who makes it.
    room : Room
        Of which.
    assessment : str
        What it means, and what is needed.

    Returns
    -------
    RoomReport
        Stored, with its number; it is never changed.

    Raises
    ------
    PermissionDenied
        If the viewer's part does not allow it.
    ValidationError
        If there is no assessment.
    """
    with transaction.atomic():
        current = locked(viewer, room, Power.REPORT)
        made = _store(viewer, current, RoomReport(assessment=note_of(assessment, "assessment")))
        add_entry(viewer, current, EntryKind.REPORT, {"change": "reported", "report": made}, {"report": made.number})
    return made


def _store(viewer: Viewer, room: Room, made: RoomReport) -> RoomReport:
    made.room, made.user_id = room, acting(viewer)[0]
    made.number = RoomReport.objects.filter(room=room).count() + 1
    made.content = _content(room)
    made.clean_fields(exclude=("room", "user"))
    made.save(force_insert=True)
    return made


def close_room(viewer: Viewer, room: Room, fields: Mapping[str, Any], version: int) -> Room:
    """Close a room with its closing report; measures that were learnt become findings.

    Parameters
    ----------
    viewer : Viewer
        The commander.
    room : Room
        Which.
    fields : mapping
        ``happened`` and ``learnt``, and ``measures``: a sequence of texts.
    version : int
        The version that the viewer saw.

    Returns
    -------
    Room
        Closed.

    Raises
    ------
    PermissionDenied
        If the viewer may not steer the room, or there are measures and their role cannot report and share hazards.
    ValidationError
        If it was changed meanwhile, is not stable, a text is missing, or must-findings that nobody has verified hold it
        open, with the code `HELD`.
    """
    with transaction.atomic():
        current = locked(viewer, room, Power.STEER)
        must_be_current(current.version, version)
        if RoomState(current.state) not in ROOM_EDGES[RoomStep.CLOSE].sources:
            raise ValidationError(_("A room is closed when it is stable. Say first that it is."))
        # Locked, so that nobody reopens one of them meanwhile; those that the viewer does not see, too.
        with as_platform():
            list(Finding.objects.select_for_update(of=("self",)).filter(rooms__in=links_of(current)).values_list("pk"))
        if holding(viewer, current):
            raise ValidationError(_("Must-findings that nobody has verified hold this room open."), code=HELD)
        made = RoomReport(
            closing=True,
            assessment=note_of(str(fields["happened"]), "happened"),
            learnt=note_of(str(fields["learnt"]), "learnt"),
        )
        _learn(viewer, current, fields.get("measures", ()))
        current.closing_report = _store(viewer, current, made)
        current.state, current.closed = RoomState.CLOSED.value, timezone.now()
        current.version += 1
        current.full_clean()
        current.save()
        said = {"change": RoomStep.CLOSE.value, "text": made.learnt, "report": made}
        add_entry(viewer, current, EntryKind.STATE, said, {"report": made.number, "version": current.version})
    return current


def _learn(viewer: Viewer, room: Room, measures: Sequence[str]) -> None:
    """Report what was learnt as findings, of the room's owner or, where it is another one, of the closer's own."""
    titles = [text.strip() for text in measures if text.strip()]
    if not titles:
        return
    if not {Capability.REPORT, Capability.SHARE} <= viewer.capabilities:
        raise PermissionDenied(_("Measures become hazards of the room; your role does not report and share them."))
    if len(titles) > MEASURES_AT_MOST:
        raise ValidationError({"measures": _("At most %(most)s measures.") % {"most": MEASURES_AT_MOST}})
    own = room.owner_id in viewer.own
    owner = room.owner if own else Organization.objects.get(pk=acting(viewer)[1])
    for title in titles:
        fields = {
            "title": title[:160],
            "description": f"{title}\n\n{room.owner.name} {room}",
            "level": Level.SITE.value,
            "channel": room.channel,
            "hazard": room.hazard,
            "severity": Severity.MODERATE.value,
            "urgency": Urgency.MONTHS.value,
            "reach": Reach.ROOM.value,
            "marking": room.marking,
        }
        attach_in(viewer, room, report(viewer, owner, fields), Profile.PROPOSE)


def _content(room: Room) -> dict[str, Any]:
    """Return what stands in a room now, as JSON; people and organizations by name, for names are of their time too."""
    findings = [link.finding for link in links_of(room).select_related("finding__owner").order_by("attached")]
    entries = RoomEntry.objects.filter(room=room).select_related("user", "decided_by")
    facts = list(entries.filter(kind=EntryKind.FACT.value)[:_FACTS])
    decisions = list(entries.filter(kind=EntryKind.DECISION.value)[:_DECISIONS])
    counted = entries.order_by().values_list("kind").annotate(Count("pk"))
    names = ("number", "title", "description", "channel", "hazard", "severity", "state", "marking", "reopenings")
    return {
        **{name: getattr(room, name) for name in names},
        "since": room.since.isoformat(),
        "opened": room.opened.isoformat(),
        "organizations": [_name(item.organization) for item in members_of(room.group)],
        "people": [
            {"part": item.part, "name": item.user.name, "organization": _name(item.organization)}
            for item in participants_of(room)
        ],
        "affected": [{"kind": item.kind, "name": item.name} for item in affected_by(room)],
        "figures": _figures(findings),
        "findings": [_finding(item) for item in findings[:_FINDINGS]],
        "tasks": [
            {
                "title": item.title,
                "person": item.person.name,
                "organization": _name(item.organization),
                "due": item.due.isoformat(),
                "state": item.state,
                "note": item.note,
            }
            for item in tasks_of(room)
        ],
        "facts": [_said(item) for item in facts],
        "decisions": [
            {**_said(item), "by": str(item.decided_by), "reasons": item.reasons, "alternatives": item.alternatives}
            for item in decisions
        ],
        "entries": dict(counted),
    }


def _name(organization: Organization) -> dict[str, str]:
    return {"en": organization.name_en, "zh": organization.name_zh}


def _figures(findings: Sequence[Finding]) -> dict[str, int]:
    counted = figures((Severity(item.severity), FindingState(item.state)) for item in findings)
    return {**asdict(counted), "rate": counted.rate}


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "id": str(finding.pk),
        "number": finding.number,
        "owner": _name(finding.owner),
        "title": finding.title,
        "severity": finding.severity,
        "state": finding.state,
        "deadline": finding.deadline.isoformat() if finding.deadline else "",
        "holds": holds_open(Severity(finding.severity), FindingState(finding.state)),
    }


def _said(entry: RoomEntry) -> dict[str, str]:
    return {"time": entry.time.isoformat(), "text": entry.text, "name": entry.user.name}


def shown_report(viewer: Viewer, made: RoomReport) -> dict[str, Any]:
    """Return what a report holds, as far as a viewer may see it now.

    Parameters
    ----------
    viewer : Viewer
        Who reads it.
    made : RoomReport
        One of a room that the viewer may see.

    Returns
    -------
    dict
        Its content with times as times; without findings that the viewer does not see, and without facts and decisions
        of before the viewer's organization joined.
    """
    content = dict(made.content)
    ids = [item["id"] for item in content["findings"]]
    visible = {str(pk) for pk in findings_for(viewer).filter(pk__in=ids).values_list("pk", flat=True)}
    seen = [item for item in content["findings"] if item["id"] in visible]
    since = since_in(viewer, made.room)
    return {
        **content,
        "since": _moment(content["since"]),
        "opened": _moment(content["opened"]),
        "findings": [{**item, "deadline": _moment(item["deadline"])} for item in seen],
        "musts": [item for item in seen if item["holds"]],
        "unseen": len(ids) - len(seen),
        "tasks": [{**item, "due": _moment(item["due"])} for item in content["tasks"]],
        "facts": _from(content["facts"], since),
        "decisions": _from(content["decisions"], since),
    }


def _from(said: Sequence[Mapping[str, Any]], since: datetime | None) -> list[dict[str, Any]]:
    timed = [{**item, "time": _moment(item["time"])} for item in said]
    return [item for item in timed if since is None or (item["time"] is not None and item["time"] >= since)]


def _moment(text: str) -> datetime | None:
    return parse_datetime(text) if text else None
