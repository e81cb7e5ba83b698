"""What every change in a room begins and ends with: the lock and the check, and the entry with its record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from tenon.web.audit.services import organization_chain, record
from tenon.web.organizations.policies import Viewer
from tenon.web.organizations.row_policies import locked_row
from tenon.web.rooms.models import Room, RoomEntry
from tenon.web.rooms.room_alert_services import follow_entry
from tenon.web.rooms.room_rules import EntryKind, Power
from tenon.web.rooms.room_selectors import powers_in
from tenon.web.rooms.services import STALE, acting

__all__ = ["add_entry", "locked", "must_be_current", "note_of"]

# Set by services to what they have just read or written: nothing to validate.
_LINKS = ("room", "user", "organization", "decided_by", "about", "finding", "task", "participant", "report")


def locked(viewer: Viewer, room: Room, power: Power | None) -> Room:
    """Read a room anew and keep others from changing it until the transaction ends.

    Parameters
    ----------
    viewer : Viewer
        Who changes something in it.
    room : Room
        Which.
    power : Power, optional
        What they need for it; none where the service checks by itself.

    Returns
    -------
    Room
        As it stands now.

    Raises
    ------
    PermissionDenied
        If the viewer's part in the room, or their role, does not allow it.
    """
    current = locked_row(Room.objects.select_related("owner", "group"), room.pk)
    if power is not None and power not in powers_in(viewer, current):
        raise PermissionDenied(_("Your part in this room does not allow this."))
    return current


def must_be_current(version: int, seen: int) -> None:
    """Refuse a change that was made against an older version.

    Parameters
    ----------
    version : int
        As it stands.
    seen : int
        As whoever changes it saw it.

    Raises
    ------
    ValidationError
        If they differ, with the code `tenon.web.rooms.services.STALE`.
    """
    if version != seen:
        raise ValidationError(
            _("Somebody changed this meanwhile. Nothing was changed; look at it again and repeat."), code=STALE
        )


def note_of(text: str, field: str = "note") -> str:
    """Return what somebody wrote, which must be something.

    Parameters
    ----------
    text : str
        As entered.
    field : str
        Of the form, to which a refusal belongs.

    Returns
    -------
    str
        Without spaces around it.

    Raises
    ------
    ValidationError
        If there is nothing.
    """
    if not text.strip():
        raise ValidationError({field: _("This field is required.")})
    return text.strip()


def add_entry(
    viewer: Viewer, room: Room, kind: EntryKind, fields: Mapping[str, Any], details: Mapping[str, Any] | None = None
) -> RoomEntry:
    """Add an entry to a room's timeline with its record, and tell whom it concerns; inside the transaction of that.

    Parameters
    ----------
    viewer : Viewer
        Who did it.
    room : Room
        Where.
    kind : EntryKind
        What it is about.
    fields : mapping
        What happened (``change``), texts, and what it concerns.
    details : mapping, optional
        More for the record.

    Returns
    -------
    RoomEntry
        Stored.
    """
    user_id, organization_id = acting(viewer)
    entry = RoomEntry(room=room, kind=kind.value, user_id=user_id, organization_id=organization_id, **fields)
    entry.clean_fields(exclude=_LINKS)
    entry.save(force_insert=True)
    change = f".{entry.change}" if entry.change else ""
    record(
        viewer.actor,
        f"room.{kind.value}{change}".replace(" ", "_"),
        ("room", room.pk),
        chain=organization_chain(room.owner_id),
        details={"entry": entry.pk, **(details or {})},
    )
    follow_entry(entry)
    return entry
