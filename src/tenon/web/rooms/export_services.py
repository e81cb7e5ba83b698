"""Findings as files: a table for people, and messages for other programs. Every export is recorded."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from enum import Enum
from itertools import islice
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tenon.web.accounts.models import User
from tenon.web.audit.services import organization_chain, record
from tenon.web.organizations.policies import Viewer
from tenon.web.organizations.rules import Capability, Hidden
from tenon.web.rooms.cap import Outgoing, write_cap
from tenon.web.rooms.labels import LABELS
from tenon.web.rooms.ledger_rules import harmless
from tenon.web.rooms.models import Finding
from tenon.web.rooms.rules import Channel, FindingState, Hazard, Level, Severity, Urgency, overdue
from tenon.web.rooms.selectors import Shown, findings_for, narrowed, shown

__all__ = ["MAX_ROWS", "as_message", "as_table"]

MAX_ROWS = 100_000
_CHUNK = 1000
_PARTS = (
    *("title", "place", "level", "channel", "hazard", "severity", "urgency", "state", "marking", "description"),
    *("latitude", "longitude", "deadline"),
)


def as_table(viewer: Viewer, wanted: Mapping[str, str]) -> Iterator[str]:
    """Write the findings that a viewer may see as a table in CSV.

    Parameters
    ----------
    viewer : Viewer
        Who exports.
    wanted : mapping
        What lists are narrowed by.

    Returns
    -------
    iterator of str
        Pieces of the file, read while they are sent; parts that are kept back are empty.

    Raises
    ------
    PermissionDenied
        If the viewer's role does not export.
    ValidationError
        If there are more than 100,000 rows.
    """
    _must_export(viewer)
    findings = narrowed(findings_for(viewer), wanted)
    count = findings.order_by().count()
    if count > MAX_ROWS:
        what = _("A file holds at most %(most)s hazards; these are %(count)s. Narrow them down.")
        raise ValidationError(what % {"most": MAX_ROWS, "count": count})
    with transaction.atomic():
        acting = viewer.actor.organization_id
        details = {"findings": count, "narrowed": dict(wanted), "format": "csv"}
        record(
            viewer.actor,
            "findings.exported",
            ("organization", acting),
            chain=organization_chain(acting),
            details=details,
        )
    # In the language of now: the pieces are written when the request is over.
    return _pieces(viewer, findings.select_related("owner", "responsible"), _head(), _words())


def _must_export(viewer: Viewer) -> None:
    if Capability.EXPORT not in viewer.capabilities or viewer.actor.organization_id is None:
        raise PermissionDenied(_("Your role does not allow to export."))


def _head() -> list[str]:
    return [
        _("number"),
        _("organization"),
        _("title"),
        _("place"),
        _("found at"),
        _("channel"),
        _("kind of hazard"),
        _("severity"),
        _("urgency"),
        _("state"),
        _("marking"),
        _("latitude"),
        _("longitude"),
        _("reported"),
        _("deadline"),
        _("responsible"),
        _("eliminated"),
        _("verified"),
        _("closed"),
        _("days open"),
        _("overdue"),
        _("estimated cost"),
    ]


def _words() -> dict[type[Enum], dict[Any, str]]:
    return {kind: {value: str(label) for value, label in words.items()} for kind, words in LABELS.items()}


def _pieces(
    viewer: Viewer,
    findings: QuerySet[Finding],
    head: list[str],
    words: Mapping[type[Enum], Mapping[Any, str]],
) -> Iterator[str]:
    now, yes = timezone.now(), _("yes")
    yield "\ufeff" + _lines([head])
    rows = findings.iterator(chunk_size=_CHUNK)
    while chunk := list(islice(rows, _CHUNK)):
        yield _lines(_row(item, words, now, yes) for item in shown(viewer, chunk))


def _lines(rows: Iterable[list[Any]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


def _row(item: Shown, words: Mapping[type[Enum], Mapping[Any, str]], now: datetime, yes: str) -> list[Any]:
    finding = item.finding
    late = overdue(FindingState(finding.state), finding.reported, finding.deadline, Urgency(finding.urgency), now)
    responsible = None if Hidden.NAMES in item.hidden else finding.responsible
    return [
        finding.number,
        finding.owner.name,
        finding.title,
        finding.place,
        words[Level][finding.level],
        words[Channel][finding.channel],
        words[Hazard][finding.hazard],
        words[Severity][finding.severity],
        words[Urgency][finding.urgency],
        words[FindingState][finding.state],
        finding.marking,
        finding.latitude,
        finding.longitude,
        *(_local(moment) for moment in (finding.reported, finding.deadline)),
        responsible.name if responsible else None,
        *(_local(moment) for moment in (finding.eliminated, finding.verified, finding.closed)),
        ((finding.closed or now) - finding.reported).days,
        yes if late else None,
        finding.cost,
    ]


def _local(moment: datetime | None) -> str | None:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") if moment else None


def as_message(viewer: Viewer, user: User, item: Shown) -> bytes:
    """Write a finding as a message of the Common Alerting Protocol.

    Parameters
    ----------
    viewer : Viewer
        Who exports.
    user : User
        The same, to be named as the receiver where the marking names people.
    item : Shown
        The finding without what is kept back.

    Returns
    -------
    bytes
        XML.

    Raises
    ------
    PermissionDenied
        If the viewer's role does not export.
    """
    _must_export(viewer)
    finding: Finding = item.finding
    base: str = settings.ENVIRONMENT.public_url
    host = settings.ENVIRONMENT.hosts[-1]
    message = write_cap(
        Outgoing(
            identifier=f"{finding.pk}.{finding.version}",
            sender=f"{finding.owner_id}@{host}",
            sent=timezone.now(),
            addresses=user.email,
            sender_name=finding.owner.name,
            fields={name: getattr(finding, name) for name in _PARTS},
            web=base + reverse("finding", args=[finding.pk]),
        )
    )
    with transaction.atomic():
        chain, details = organization_chain(finding.owner_id), {"format": "cap", "version": finding.version}
        record(viewer.actor, "finding.exported", ("finding", finding.pk), chain=chain, details=details)
    return message
