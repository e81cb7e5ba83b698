"""Writing files and readings of findings, and reports from phones."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tenon.web.audit.rules import Actor
from tenon.web.organizations.policies import Viewer, allows, standing_of
from tenon.web.organizations.row_policies import as_platform, locked_row
from tenon.web.organizations.rules import Capability, Permission, hidden_parts, permissions
from tenon.web.rooms.attachment_rules import PER_FINDING, SIZE_MOST, kind_of_file, shown_name
from tenon.web.rooms.equipment_rules import IntakeState
from tenon.web.rooms.equipment_services import recorded
from tenon.web.rooms.evidence_selectors import files_shown
from tenon.web.rooms.models import Attachment, Equipment, Finding, Intake, Reading
from tenon.web.rooms.rules import Source
from tenon.web.rooms.services import STALE, add_event, admit

__all__ = [
    "WAITING_MOST",
    "accept",
    "add_reading",
    "attach",
    "content_of",
    "discard",
    "receive",
]

# So many reports wait at one piece of equipment; a label that somebody floods closes itself.
WAITING_MOST = 50


def attach(viewer: Viewer, finding: Finding, name: str, content: bytes) -> Attachment:
    """Add a photo or a document to a finding.

    Parameters
    ----------
    viewer : Viewer
        Who adds it.
    finding : Finding
        To which.
    name : str
        As the file was called; what it is, its content says.
    content : bytes
        All of it, at most 8 MiB.

    Returns
    -------
    Attachment
        Stored.

    Raises
    ------
    PermissionDenied
        If the viewer may not comment on the finding, or does not see its files.
    ValidationError
        If the file is too large or none that is taken, or the finding has too many.
    """
    standing = standing_of(finding, viewer)
    may = permissions(standing, viewer.capabilities)
    if Permission.COMMENT not in may or not files_shown(hidden_parts(standing)):
        raise PermissionDenied(_("Your role does not allow to add files here."))
    if Attachment.objects.filter(finding=finding).count() >= PER_FINDING:
        raise ValidationError(_("A finding has at most %(most)s files.") % {"most": PER_FINDING})
    attachment = Attachment(finding=finding, added_by_id=viewer.actor.user_id)
    with _kept(attachment, name, content), transaction.atomic():
        attachment.save(force_insert=True)
        add_event(viewer.actor, finding, "attach", "")
    return attachment


@contextmanager
def _kept(attachment: Attachment, name: str, content: bytes) -> Iterator[None]:
    """Check and write a file before the transaction of its row; where that fails, the file is gone again."""
    if len(content) > SIZE_MOST:
        raise ValidationError(_("A file has at most %(most)s MiB.") % {"most": SIZE_MOST // 2**20})
    kind = kind_of_file(content)
    if kind is None:
        raise ValidationError(_("Only JPEG and PNG pictures and PDF documents are taken, and only whole ones."))
    attachment.name, attachment.kind, attachment.size = shown_name(name, kind), kind.value, len(content)
    attachment.sha256 = hashlib.sha256(content).hexdigest()
    place = _place(attachment)
    _write(place, content)
    try:
        yield
    except BaseException:
        place.unlink(missing_ok=True)
        raise


def _place(attachment: Attachment) -> Path:
    name = attachment.pk.hex
    return Path(settings.ATTACHMENTS) / name[-2:] / name


def _write(place: Path, content: bytes) -> None:
    """Put a file where nobody finds half of it, even if the power fails."""
    beside = place.with_suffix(f".{secrets.token_hex(4)}")
    try:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(place)
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise ValidationError(_("The file could not be kept: %(reason)s.") % {"reason": error.strerror}) from None


def content_of(attachment: Attachment) -> bytes:
    """Read a file back.

    Parameters
    ----------
    attachment : Attachment
        One that the viewer may have.

    Returns
    -------
    bytes
        All of it, as it was added.

    Raises
    ------
    ValidationError
        If it is missing, or is not what was added.
    """
    try:
        content = _place(attachment).read_bytes()
    except OSError:
        content = b""
    if hashlib.sha256(content).hexdigest() != attachment.sha256:
        raise ValidationError(_("This file is missing, or is not what was added. Restore it from a backup."))
    return content


def add_reading(viewer: Viewer, finding: Finding, fields: Mapping[str, Any]) -> Reading:
    """Add something measured to a finding.

    Parameters
    ----------
    viewer : Viewer
        Who adds it.
    finding : Finding
        To which.
    fields : mapping
        Quantity, value, unit and, where there are any, limits.

    Returns
    -------
    Reading
        Stored.

    Raises
    ------
    PermissionDenied
        If the viewer may not comment on the finding.
    ValidationError
        If a field is none that can be.
    """
    if not allows(finding, viewer, Permission.COMMENT):
        raise PermissionDenied(_("Your role does not allow to comment here."))
    reading = Reading(finding=finding, user_id=viewer.actor.user_id, **fields)
    reading.full_clean()
    with transaction.atomic():
        reading.save(force_insert=True)
        add_event(viewer.actor, finding, "reading", f"{reading.quantity}: {reading.value:g} {reading.unit}")
    return reading


@as_platform()  # whoever holds a phone has no organization to look for
def receive(actor: Actor, item: Equipment, fields: Mapping[str, str], photo: tuple[str, bytes] | None = None) -> Intake:
    """Keep a report from a phone until somebody has judged it.

    Parameters
    ----------
    actor : Actor
        Whoever holds the label: a digest of their address and nothing else.
    item : Equipment
        What the label is on.
    fields : mapping
        ``title`` and ``what``.
    photo : (str, bytes), optional
        Name and content.

    Returns
    -------
    Intake
        Stored, with a number that was drawn.

    Raises
    ------
    ValidationError
        If a field is none that can be, the photo is none, or too many reports wait here.
    """
    waiting = Intake.objects.filter(equipment=item, state=IntakeState.WAITING).count()
    if waiting >= WAITING_MOST:
        raise ValidationError(_("Many reports wait here already. Please tell somebody on the site."))
    intake = Intake(number=_number(), equipment=item, address=actor.address, **fields)
    intake.full_clean()
    attachment = Attachment(intake=intake)
    with nullcontext() if photo is None else _kept(attachment, *photo), transaction.atomic():
        intake.save(force_insert=True)
        if photo is not None:
            attachment.save(force_insert=True)
        recorded(actor, "intake", item, {"intake": intake.pk})
    return intake


def _number() -> int:
    """Draw a number of eight digits that no report has."""
    number = 10_000_000 + secrets.randbelow(90_000_000)
    return _number() if Intake.objects.filter(number=number).exists() else number


def accept(viewer: Viewer, intake: Intake, fields: Mapping[str, Any]) -> Finding:
    """Take a report from a phone as a finding, together with its photo.

    Parameters
    ----------
    viewer : Viewer
        Who judges.
    intake : Intake
        Waiting.
    fields : mapping
        Title, description, level, channel, hazard, severity and urgency.

    Returns
    -------
    Finding
        Stored.

    Raises
    ------
    PermissionDenied
        If the viewer's role does not judge, or the equipment is not of the viewer's own organizations.
    ValidationError
        If a field is none that can be, or the report was judged meanwhile (with the code `STALE`).
    """
    with transaction.atomic():
        current = _waiting(viewer, intake)
        equipment = current.equipment
        given = {"equipment": equipment, "place": equipment.place, "marking": equipment.marking, **fields}
        finding = admit(viewer, equipment.owner, given, Source.PHONE)
        Attachment.objects.filter(intake=current).update(finding=finding)
        current.state, current.finding = IntakeState.ACCEPTED, finding
        _decide(viewer, current)
    return finding


def discard(viewer: Viewer, intake: Intake, reason: str) -> Intake:
    """Discard a report from a phone.

    Parameters
    ----------
    viewer : Viewer
        Who judges.
    intake : Intake
        Waiting.
    reason : str
        Why.

    Returns
    -------
    Intake
        As it stands now; it is kept.

    Raises
    ------
    PermissionDenied
        If the viewer's role does not judge, or the equipment is not of the viewer's own organizations.
    ValidationError
        If no reason is given, or the report was judged meanwhile (with the code `STALE`).
    """
    if not reason.strip():
        raise ValidationError({"reason": _("This field is required.")})
    with transaction.atomic():
        current = _waiting(viewer, intake)
        current.state, current.reason = IntakeState.DISCARDED, reason.strip()
        _decide(viewer, current)
    return current


def _waiting(viewer: Viewer, intake: Intake) -> Intake:
    current = locked_row(Intake.objects.select_related("equipment__owner"), intake.pk)
    own = current.equipment.owner_id in viewer.own and Capability.TRIAGE in viewer.capabilities
    if not own or not allows(current.equipment, viewer, Permission.READ):
        raise PermissionDenied(_("Your role does not allow to judge reports here."))
    if current.state != IntakeState.WAITING:
        raise ValidationError(_("Somebody judged this report meanwhile."), code=STALE)
    return current


def _decide(viewer: Viewer, intake: Intake) -> None:
    intake.decided, intake.decided_by_id = timezone.now(), viewer.actor.user_id
    intake.full_clean()
    intake.save()
    recorded(viewer.actor, "intake_judged", intake.equipment, {"intake": intake.pk, "state": intake.state})
