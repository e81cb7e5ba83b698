"""Writing rooms: opening, steering, and who has what part in them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tenon.web.accounts.models import User
from tenon.web.organizations import kept_group_services
from tenon.web.organizations.models import Organization
from tenon.web.organizations.policies import Viewer, allows
from tenon.web.organizations.rules import Capability, Marking, Permission, Reach, reach_allowed
from tenon.web.organizations.selectors import members_of
from tenon.web.rooms.models import Participant, Room, RoomCounter
from tenon.web.rooms.room_rules import ROOM_EDGES, EntryKind, Part, Power, RoomState, RoomStep
from tenon.web.rooms.room_selectors import can_act, participants_of, powers_in
from tenon.web.rooms.room_timeline_services import add_entry, locked, must_be_current, note_of
from tenon.web.rooms.services import acting

__all__ = [
    "bring_in",
    "change_part",
    "dismiss",
    "hand_over",
    "move_room",
    "open_room",
    "revise_room",
    "send",
    "set_history",
    "take_out",
]


def open_room(viewer: Viewer, owner: Organization, fields: Mapping[str, Any]) -> Room:
    """Open a room for a disruption; whoever opens it commands it.

    Parameters
    ----------
    viewer : Viewer
        Who opens it.
    owner : Organization
        The organization acted for, or one below it.
    fields : mapping
        Title, description, channel, hazard, severity, since and marking.

    Returns
    -------
    Room
        Stored, with its number.

    Raises
    ------
    PermissionDenied
        If the viewer's role does not lead rooms, or the organization is not the viewer's.
    ValidationError
        If a field is none that can be, or the marking keeps the room from others.
    """
    if Capability.COMMAND not in viewer.capabilities or owner.pk not in viewer.own:
        raise PermissionDenied(_("Your role does not allow to open a room here."))
    room = Room(owner=owner, reach=Reach.ROOM, **fields)
    if not reach_allowed(Reach.ROOM, Marking(room.marking)):
        raise ValidationError({"marking": _("With this marking nobody else could come into the room.")})
    with transaction.atomic():
        counter, _new = RoomCounter.objects.select_for_update().get_or_create(organization_id=owner.pk)
        counter.last += 1
        counter.save(update_fields=["last"])
        room.number = counter.last
        room.group = kept_group_services.make(viewer.actor, owner, room.title)
        room.full_clean()
        room.save(force_insert=True)
        kept_group_services.share_keeper(viewer.actor, room.group, room)
        commander = _appear(room, owner, acting(viewer)[0], Part.COMMANDER)
        fields = {"change": "opened", "text": room.description, "participant": commander}
        add_entry(viewer, room, EntryKind.STATE, fields, {"commander": commander.user_id, "marking": room.marking})
    return room


def _appear(room: Room, organization: Organization, user_id: uuid.UUID, part: Part) -> Participant:
    return Participant.objects.create(room=room, organization=organization, user_id=user_id, part=part.value)


def revise_room(viewer: Viewer, room: Room, fields: Mapping[str, Any], reason: str, version: int) -> Room:
    """Say better what happened, or how bad it is.

    Parameters
    ----------
    viewer : Viewer
        Who says it: the commander.
    room : Room
        Which.
    fields : mapping
        Title, description and severity; those that are not named stay.
    reason : str
        Why.
    version : int
        The version that the viewer saw.

    Returns
    -------
    Room
        As it stands now.

    Raises
    ------
    PermissionDenied
        If the viewer may not steer the room.
    ValidationError
        If it was changed meanwhile, or a field is none that can be.
    """
    with transaction.atomic():
        current = locked(viewer, room, Power.STEER)
        must_be_current(current.version, version)
        if current.state == RoomState.CLOSED:
            raise ValidationError(_("This step does not lead on from where the room stands."))
        old = {name: getattr(current, name) for name in ("title", "description", "severity") if name in fields}
        for name in old:
            setattr(current, name, fields[name])
        _save(current)
        changed = {name: [value, getattr(current, name)] for name, value in old.items()}
        said = {"change": "revised", "text": note_of(reason, "reason")}
        add_entry(viewer, current, EntryKind.STATE, said, {"changed": changed, "version": current.version})
    return current


def move_room(viewer: Viewer, room: Room, step: RoomStep, reason: str, version: int) -> Room:
    """Say that a disruption is stable, active again or back after it was closed.

    Parameters
    ----------
    viewer : Viewer
        Who says it: the commander.
    room : Room
        Which.
    step : RoomStep
        What is done; a room is closed with its report, by `tenon.web.rooms.room_report_services.close_room`.
    reason : str
        Why.
    version : int
        The version that the viewer saw.

    Returns
    -------
    Room
        As it stands now.

    Raises
    ------
    PermissionDenied
        If the viewer may not steer the room.
    ValidationError
        If it was changed meanwhile, no reason is given, or the step does not lead on from where it stands.
    """
    with transaction.atomic():
        current = locked(viewer, room, Power.STEER)
        must_be_current(current.version, version)
        if step is RoomStep.CLOSE or RoomState(current.state) not in ROOM_EDGES[step].sources:
            raise ValidationError(_("This step does not lead on from where the room stands."))
        current.state = ROOM_EDGES[step].target.value
        if step is RoomStep.REOPEN:
            current.closed = current.closing_report = None
            current.reopenings += 1
        _save(current)
        said = {"change": step.value, "text": note_of(reason, "reason")}
        add_entry(viewer, current, EntryKind.STATE, said, {"state": current.state, "version": current.version})
    return current


def _save(room: Room) -> None:
    room.version += 1
    room.full_clean()
    room.save()


def set_history(viewer: Viewer, room: Room, *, is_open: bool) -> None:
    """Say whether organizations that join later see what was written and attached before.

    Parameters
    ----------
    viewer : Viewer
        The commander.
    room : Room
        Which.
    is_open : bool
        Whether they do.

    Raises
    ------
    PermissionDenied
        If the viewer may not decide about people in the room.
    """
    with transaction.atomic():
        current = locked(viewer, room, Power.PEOPLE)
        kept_group_services.open_history(viewer.actor, current.group, is_open=is_open)
        add_entry(viewer, current, EntryKind.PEOPLE, {"change": "history opened" if is_open else "history closed"})


def bring_in(viewer: Viewer, room: Room, organization: Organization) -> None:
    """Bring an organization into a room: its people who may read see it from now on, and it sends whom it wants.

    Parameters
    ----------
    viewer : Viewer
        The commander.
    room : Room
        Which.
    organization : Organization
        Any of the platform.

    Raises
    ------
    PermissionDenied
        If the viewer may not decide about people in the room.
    ValidationError
        If the organization is there already, or its ceiling keeps the room from it.
    """
    with transaction.atomic():
        current = locked(viewer, room, Power.PEOPLE)
        kept_group_services.let_in(viewer.actor, current.group, organization, current)
        said = {"change": "brought in", "about": organization}
        add_entry(viewer, current, EntryKind.PEOPLE, said, {"organization": organization.pk})


def take_out(viewer: Viewer, room: Room, organization: Organization) -> None:
    """Take an organization out of a room, with all its people; it sees the room no longer.

    Parameters
    ----------
    viewer : Viewer
        The commander, or somebody who leads rooms for that organization.
    room : Room
        Which.
    organization : Organization
        Who goes.

    Raises
    ------
    PermissionDenied
        If the viewer is neither.
    ValidationError
        If it owns the room, is not there, or the commander is of it.
    """
    with transaction.atomic():
        current = locked(viewer, room, None)
        if not (Power.PEOPLE in powers_in(viewer, current) or _leads(viewer, current, organization)):
            raise PermissionDenied(_("Your part in this room does not allow this."))
        present = participants_of(current).filter(organization=organization)
        if present.filter(part=Part.COMMANDER.value).exists():
            raise ValidationError(_("The commander acts for this organization. Hand the command over first."))
        kept_group_services.let_out(viewer.actor, current.group, organization)
        present.update(until=timezone.now())
        said = {"change": "taken out", "about": organization}
        add_entry(viewer, current, EntryKind.PEOPLE, said, {"organization": organization.pk})


def _leads(viewer: Viewer, room: Room, organization: Organization) -> bool:
    """Say whether a viewer leads rooms for an organization and sees this one."""
    able = Capability.COMMAND in viewer.capabilities and organization.pk in viewer.own
    return able and allows(room, viewer, Permission.READ)


def send(viewer: Viewer, room: Room, user: User, organization: Organization, part: Part) -> Participant:
    """Give somebody of one's own organization a part in a room.

    Parameters
    ----------
    viewer : Viewer
        Somebody who leads rooms for that organization.
    room : Room
        Which.
    user : User
        Whom.
    organization : Organization
        Which they act for; it must be in the room.
    part : Part
        Liaison or observer; scribe if the viewer commands the room.

    Returns
    -------
    Participant
        Stored.

    Raises
    ------
    PermissionDenied
        If the viewer does not lead rooms for that organization, or gives a part that only the commander gives.
    ValidationError
        If the room is closed, the organization not in it, or the person there already or unable to have this part.
    """
    with transaction.atomic():
        current = locked(viewer, room, None)
        if not _leads(viewer, current, organization):
            raise PermissionDenied(_("You can send people of your own organization, if you lead rooms there."))
        _must_be_given_by(viewer, current, part)
        if current.state == RoomState.CLOSED:
            raise ValidationError(_("This room is closed."))
        if not members_of(current.group).filter(organization=organization).exists():
            raise ValidationError(_("This organization is not in the room."))
        if participants_of(current).filter(user=user).exists():
            raise ValidationError(_("This person has a part in the room already."))
        _must_be_able(user, organization, part)
        made = _appear(current, organization, user.pk, part)
        said = {"change": f"sent as {part.value}", "participant": made, "about": organization}
        add_entry(viewer, current, EntryKind.PEOPLE, said, {"user": user.pk, "organization": organization.pk})
    return made


def _must_be_given_by(viewer: Viewer, room: Room, part: Part) -> None:
    if part is Part.COMMANDER or (part is Part.SCRIBE and Power.PEOPLE not in powers_in(viewer, room)):
        raise PermissionDenied(_("Only the commander gives this part."))


def _must_be_able(user: User, organization: Organization, part: Part) -> None:
    if not can_act(user, organization, part):
        raise ValidationError(_("The role of this person in their organization does not allow this part."))


def change_part(viewer: Viewer, room: Room, participant: Participant, part: Part) -> Participant:
    """Give a participant another part; command is handed over by `hand_over`.

    Parameters
    ----------
    viewer : Viewer
        The commander.
    room : Room
        Which.
    participant : Participant
        Whose part.
    part : Part
        The new one.

    Returns
    -------
    Participant
        The new row; the old one tells until when.

    Raises
    ------
    PermissionDenied
        If the viewer may not decide about people in the room.
    ValidationError
        If the participant commands, is gone, or may not have this part.
    """
    with transaction.atomic():
        current = locked(viewer, room, Power.PEOPLE)
        _must_be_given_by(viewer, current, part)
        there = _present(current, participant)
        _must_not_command(there)
        _must_be_able(there.user, there.organization, part)
        made = _replace(current, there, part)
        said = {"change": f"became {part.value}", "participant": made, "about": made.organization}
        add_entry(viewer, current, EntryKind.PEOPLE, said, {"user": made.user_id, "part": [there.part, part.value]})
    return made


def _present(room: Room, participant: Participant) -> Participant:
    there = participants_of(room).filter(pk=participant.pk).first()
    if there is None:
        raise ValidationError(_("This person has no part in the room any more."))
    return there


def _must_not_command(participant: Participant) -> None:
    if participant.part == Part.COMMANDER:
        raise ValidationError(_("A room always has a commander. Hand the command over first."))


def _replace(room: Room, participant: Participant, part: Part) -> Participant:
    _end(participant)
    return _appear(room, participant.organization, participant.user_id, part)


def _end(participant: Participant) -> None:
    participant.until = timezone.now()
    participant.save(update_fields=["until"])


def dismiss(viewer: Viewer, room: Room, participant: Participant) -> None:
    """End somebody's part in a room.

    Parameters
    ----------
    viewer : Viewer
        The commander, somebody who leads rooms for the participant's organization, or the participant.
    room : Room
        Which.
    participant : Participant
        Whose part.

    Raises
    ------
    PermissionDenied
        If the viewer is none of these.
    ValidationError
        If the participant commands, or is gone.
    """
    with transaction.atomic():
        current = locked(viewer, room, None)
        there = _present(current, participant)
        themselves = there.user_id == viewer.actor.user_id and allows(current, viewer, Permission.READ)
        may = Power.PEOPLE in powers_in(viewer, current) or _leads(viewer, current, there.organization)
        if not (may or themselves):
            raise PermissionDenied(_("Your part in this room does not allow this."))
        _must_not_command(there)
        _end(there)
        said = {"change": "left", "participant": there, "about": there.organization}
        add_entry(viewer, current, EntryKind.PEOPLE, said, {"user": there.user_id})


def hand_over(viewer: Viewer, room: Room, participant: Participant, reason: str, version: int) -> Participant:
    """Hand the command over; whoever had it stays as a liaison.

    Parameters
    ----------
    viewer : Viewer
        The commander, or, so that no room is left without one, somebody who leads rooms for the room's owner.
    room : Room
        Which.
    participant : Participant
        Who takes over.
    reason : str
        Why.
    version : int
        The version that the viewer saw.

    Returns
    -------
    Participant
        The new commander.

    Raises
    ------
    PermissionDenied
        If the viewer is neither.
    ValidationError
        If the room was changed meanwhile, no reason is given, or the participant commands already, is gone or may not.
    """
    with transaction.atomic():
        current = locked(viewer, room, Power.HAND_OVER)
        must_be_current(current.version, version)
        there = _present(current, participant)
        _must_not_command(there)
        _must_be_able(there.user, there.organization, Part.COMMANDER)
        _replace(current, participants_of(current).get(part=Part.COMMANDER.value), Part.LIAISON)
        made = _replace(current, there, Part.COMMANDER)
        _save(current)
        said = {"change": "took command", "participant": made, "about": made.organization}
        said["text"] = note_of(reason, "reason")
        add_entry(viewer, current, EntryKind.PEOPLE, said, {"commander": made.user_id, "version": current.version})
    return made
