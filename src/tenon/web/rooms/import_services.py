"""Taking in what comes from other programs: files of findings and messages, each finding once."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tenon.web.audit.services import organization_chain, record, record_all
from tenon.web.organizations.models import Organization
from tenon.web.organizations.policies import Viewer
from tenon.web.organizations.rules import Capability, Marking
from tenon.web.rooms.alert_services import wind_up
from tenon.web.rooms.cap import Message
from tenon.web.rooms.imports import MAX_BYTES, Reading, Row, read_findings
from tenon.web.rooms.models import Counter, Finding, FindingEvent, ImportDraft, ImportedFinding
from tenon.web.rooms.rules import Source
from tenon.web.rooms.services import name_on_finding, report

__all__ = [
    "Taken",
    "discard",
    "draft_for",
    "forget_drafts",
    "keep_draft",
    "known_among",
    "reading_of",
    "take",
    "take_message",
]

_DRAFTS = 10
_DRAFT_HOURS = 24
_RED = Marking.RED


@dataclass(frozen=True)
class Taken:
    """What was taken in.

    Parameters
    ----------
    stored : int
        How many findings are new.
    known : int
        How many had come in before and were left alone.
    """

    stored: int
    known: int


def keep_draft(  # one place: the sender's alone until it is taken, which is recorded
    viewer: Viewer, owner: Organization, name: str, content: bytes
) -> ImportDraft:
    """Keep a file until its sender has looked at what is wrong with it.

    Parameters
    ----------
    viewer : Viewer
        Who sends it.
    owner : Organization
        Whose findings it holds: the organization acted for or one below.
    name : str
        Of the file.
    content : bytes
        The file.

    Returns
    -------
    ImportDraft
        Stored; of the same person's drafts only the latest ten are kept.

    Raises
    ------
    PermissionDenied
        If the viewer may not report there.
    ValidationError
        If the file is too large.
    """
    user_id = _must_report(viewer, owner)
    if len(content) > MAX_BYTES:
        raise ValidationError({"file": _("The file is larger than 5 MiB.")})
    with transaction.atomic():
        mine = ImportDraft.objects.filter(user_id=user_id).order_by("-created")
        mine.filter(pk__in=list(mine.values_list("pk", flat=True)[_DRAFTS - 1 :])).delete()
        return ImportDraft.objects.create(user_id=user_id, owner=owner, name=name[:200], content=content)


def _must_report(viewer: Viewer, owner: Organization) -> uuid.UUID:
    """Return who reports, or refuse."""
    user_id = viewer.actor.user_id
    if Capability.REPORT not in viewer.capabilities or owner.pk not in viewer.own or user_id is None:
        raise PermissionDenied(_("Your role does not allow to report here."))
    return user_id


def draft_for(viewer: Viewer, pk: uuid.UUID) -> ImportDraft | None:
    """Find a file that a viewer sent and did not decide on.

    Parameters
    ----------
    viewer : Viewer
        Who looks.
    pk : UUID
        Which.

    Returns
    -------
    ImportDraft or None
        None where it is not the viewer's, or gone.
    """
    mine = ImportDraft.objects.filter(user_id__in=[viewer.actor.user_id], owner_id__in=viewer.own)
    return mine.select_related("owner").filter(pk=pk).first()


def discard(viewer: Viewer, draft: ImportDraft) -> None:  # one place: the sender's alone, and nothing was taken of it
    """Throw a file away of which nothing was taken.

    Parameters
    ----------
    viewer : Viewer
        Whose.
    draft : ImportDraft
        Which.

    Raises
    ------
    PermissionDenied
        If it is somebody else's.
    """
    if draft.user_id != viewer.actor.user_id:
        raise PermissionDenied
    draft.delete()


def forget_drafts(now: datetime) -> int:  # one place: nothing was taken of them
    """Throw files away that nobody decided on for a day.

    Parameters
    ----------
    now : datetime
        The time.

    Returns
    -------
    int
        How many.
    """
    return ImportDraft.objects.filter(created__lt=now - timedelta(hours=_DRAFT_HOURS)).delete()[0]


def known_among(owner: Organization, keys: Sequence[str]) -> set[str]:
    """Say which names of another program came in before.

    Parameters
    ----------
    owner : Organization
        Whose findings.
    keys : sequence of str
        The names.

    Returns
    -------
    set of str
        Those that are known.
    """
    wanted = set(keys)
    # All of the owner's at once where many are asked for: a database takes only so many values in one condition.
    known = ImportedFinding.objects.filter(owner=owner)
    if len(wanted) < 500:  # noqa: PLR2004 - well below what SQLite and PostgreSQL take
        known = known.filter(key__in=wanted)
    return wanted.intersection(known.values_list("key", flat=True))


def take(viewer: Viewer, draft: ImportDraft, *, only_good: bool) -> Taken:
    """Store the findings of a file, all in one transaction.

    Parameters
    ----------
    viewer : Viewer
        Who takes them in.
    draft : ImportDraft
        The file; gone afterwards.
    only_good : bool
        Whether rows with problems are left out; otherwise one such row keeps everything out.

    Returns
    -------
    Taken
        How many are new, and how many were known.

    Raises
    ------
    PermissionDenied
        If the viewer may not report there.
    ValidationError
        If the file cannot be read, or a row has a problem and is not to be left out.
    """
    _must_report(viewer, draft.owner)
    if draft.user_id != viewer.actor.user_id:
        raise PermissionDenied
    with transaction.atomic():
        # Whoever takes findings of this organization in at the same time waits here.
        counter, _new = Counter.objects.select_for_update().get_or_create(organization_id=draft.owner_id)
        now = timezone.now()
        reading = read_findings(bytes(draft.content), now)
        if not reading.readable or (reading.problems and not only_good):
            raise ValidationError(_("Nothing was stored: the file has problems."))
        known = known_among(draft.owner, [row.key for row in reading.rows])
        rows = [row for row in reading.rows if row.key not in known]
        findings = [_finding(viewer, draft.owner, row, counter.last + at) for at, row in enumerate(rows, start=1)]
        counter.last += len(findings)
        counter.save(update_fields=["last"])
        _store(viewer, draft, findings, now)
        ImportedFinding.objects.bulk_create(
            [
                ImportedFinding(owner=draft.owner, key=row.key, finding=finding)
                for row, finding in zip(rows, findings, strict=True)
            ],
            batch_size=500,
        )
        draft.delete()
    return Taken(len(findings), len(known))


def _finding(viewer: Viewer, owner: Organization, row: Row, number: int) -> Finding:
    finding = Finding(
        owner=owner, number=number, source=Source.IMPORT, reported_by_id=viewer.actor.user_id, **row.fields
    )
    finding.clean_fields(exclude=["owner", "reported_by"])  # what the rows refer to was checked once for all
    return finding


def _store(viewer: Viewer, draft: ImportDraft, findings: list[Finding], now: datetime) -> None:
    """Store findings with their events, their record and their clocks."""
    Finding.objects.bulk_create(findings, batch_size=200)
    for finding in findings:
        if finding.marking == _RED and finding.reported_by is not None:
            name_on_finding(finding, finding.reported_by)
    events = [
        FindingEvent(
            finding=finding,
            time=now,
            user_id=viewer.actor.user_id,
            organization_id=viewer.actor.organization_id,
            action="report",
            state=finding.state,
            note=finding.description,
        )
        for finding in findings
    ]
    FindingEvent.objects.bulk_create(events, batch_size=500)
    chain = organization_chain(draft.owner_id)
    said = [
        (("finding", event.finding_id), {"state": event.state, "version": 1, "event": event.pk}) for event in events
    ]
    record_all(viewer.actor, "finding.report", said, chain=chain)
    details = {"file": draft.name, "findings": len(findings)}
    record(viewer.actor, "findings.imported", ("organization", draft.owner_id), chain=chain, details=details)
    wind_up(findings, now)


def take_message(viewer: Viewer, owner: Organization, message: Message) -> tuple[Finding, bool]:
    """Store what another program reports in a message of the Common Alerting Protocol.

    Parameters
    ----------
    viewer : Viewer
        Who takes it in.
    owner : Organization
        The organization acted for, or one below it.
    message : Message
        As `tenon.web.rooms.cap.read_cap` read it.

    Returns
    -------
    Finding
        Stored now, or earlier from the same message.
    bool
        Whether it is new.

    Raises
    ------
    PermissionDenied
        If the viewer may not report there.
    ValidationError
        If a field is none that can be.
    """
    _must_report(viewer, owner)
    with transaction.atomic():
        Counter.objects.select_for_update().get_or_create(organization_id=owner.pk)
        before = ImportedFinding.objects.filter(owner=owner, key=message.key).select_related("finding").first()
        if before is not None:
            return before.finding, False
        finding = report(viewer, owner, message.fields, Source.PROGRAM)
        ImportedFinding.objects.create(owner=owner, key=message.key, finding=finding)
    return finding, True


def reading_of(draft: ImportDraft) -> Reading:
    """Read a draft again, to show what is wrong with it.

    Parameters
    ----------
    draft : ImportDraft
        The file.

    Returns
    -------
    Reading
        Its rows and problems.
    """
    return read_findings(bytes(draft.content), timezone.now())
