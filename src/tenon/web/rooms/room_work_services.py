"""The work in a room: what is said, noted and decided, tasks, what is affected, and the hazards that belong to it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tenon.web.organizations import sharing
from tenon.web.organizations.models import Share
from tenon.web.organizations.policies import Viewer, allows
from tenon.web.organizations.rules import Marking, Permission, Profile, Reach
from tenon.web.organizations.selectors import shares_of
from tenon.web.rooms.models import (
    AffectedPlace,
    Finding,
    Participant,
    Room,
    RoomEntry,
    RoomFinding,
    RoomTask,
)
from tenon.web.rooms.room_rules import Affected, EntryKind, Power, TaskState
from tenon.web.rooms.room_selectors import links_of, part_in, participants_of, powers_in
from tenon.web.rooms.room_timeline_services import add_entry, locked, must_be_current, note_of

__all__ = [
    "affect",
    "attach",
    "attach_in",
    "change_task",
    "decide",
    "detach",
    "give_task",
    "hand_task",
    "spare",
    "write",
]

_WRITING: Mapping[EntryKind, Power] = {EntryKind.MESSAGE: Power.SAY, EntryKind.FACT: Power.NOTE}
_AFFECTED_AT_MOST = 200
_TASKS_AT_MOST = 500


def write(viewer: Viewer, room: Room, kind: EntryKind, text: str) -> RoomEntry:
    """Say something in a room, or note a fact.

    Parameters
    ----------
    viewer : Viewer
        Who does.
    room : Room
        Where.
    kind : EntryKind
        A message or a fact.
    text : str
        What.

    Returns
    -------
    RoomEntry
        Stored.

    Raises
    ------
    PermissionDenied
        If the viewer's part does not allow it, or the kind is none that people write by themselves.
    ValidationError
        If there is no text.
    """
    if kind not in _WRITING:
        raise PermissionDenied(_("Entries of this kind are not written by hand."))
    with transaction.atomic():
        current = locked(viewer, room, _WRITING[kind])
        return add_entry(viewer, current, kind, {"text": note_of(text, "text")})


def decide(viewer: Viewer, room: Room, text: str, by: Participant, grounds: tuple[str, str]) -> RoomEntry:
    """Note a decision with its reasons.

    Parameters
    ----------
    viewer : Viewer
        Who notes it.
    room : Room
        Where.
    text : str
        What was decided.
    by : Participant
        Who decided.
    grounds : (str, str)
        The reasons, and what else was considered, which may be empty.

    Returns
    -------
    RoomEntry
        Stored.

    Raises
    ------
    PermissionDenied
        If the viewer's part does not allow it.
    ValidationError
        If decision or reasons are missing, or whoever decided has no part in the room.
    """
    reasons, alternatives = grounds
    with transaction.atomic():
        current = locked(viewer, room, Power.DECIDE)
        _must_take_part(current, by)
        fields = {
            "text": note_of(text, "text"),
            "reasons": note_of(reasons, "reasons"),
            "alternatives": alternatives.strip(),
            "decided_by": by.user,
        }
        return add_entry(viewer, current, EntryKind.DECISION, fields, {"decided_by": by.user_id})


def _must_take_part(room: Room, participant: Participant) -> None:
    if not participants_of(room).filter(pk=participant.pk).exists():
        raise ValidationError(_("This person has no part in the room any more."))


def give_task(viewer: Viewer, room: Room, title: str, to: Participant, due: datetime) -> RoomTask:
    """Give a participant something to do.

    Parameters
    ----------
    viewer : Viewer
        Who gives it.
    room : Room
        Where.
    title : str
        What.
    to : Participant
        Who does it.
    due : datetime
        Until when.

    Returns
    -------
    RoomTask
        Stored.

    Raises
    ------
    PermissionDenied
        If the viewer's part does not allow it.
    ValidationError
        If nothing is to be done, or whoever should do it has no part in the room.
    """
    with transaction.atomic():
        current = locked(viewer, room, Power.TASK)
        _must_take_part(current, to)
        if RoomTask.objects.filter(room=current).count() >= _TASKS_AT_MOST:
            raise ValidationError(_("A room has at most %(most)s tasks.") % {"most": _TASKS_AT_MOST})
        task = RoomTask(
            room=current, title=note_of(title, "title"), organization=to.organization, person=to.user, due=due
        )
        task.full_clean()
        task.save(force_insert=True)
        said = {"change": "given", "task": task, "participant": to, "about": to.organization}
        add_entry(viewer, current, EntryKind.TASK, said, {"task": task.pk, "to": to.user_id})
    return task


def change_task(viewer: Viewer, task: RoomTask, state: TaskState, note: str, version: int) -> RoomTask:
    """Say that a task is done, blocked or open again.

    Parameters
    ----------
    viewer : Viewer
        Somebody of the organization that does it, or who gives tasks in the room.
    task : RoomTask
        Which.
    state : TaskState
        Where it stands.
    note : str
        What was done, what blocks it, or why it is open again.
    version : int
        The version that the viewer saw.

    Returns
    -------
    RoomTask
        As it stands now.

    Raises
    ------
    PermissionDenied
        If the viewer is neither.
    ValidationError
        If it was changed meanwhile, stands there already, or no note is given.
    """
    with transaction.atomic():
        room = locked(viewer, task.room, None)
        current = _current_task(room, task, version)
        given = powers_in(viewer, room)
        there = part_in(viewer, room)
        theirs = there is not None and there.organization_id == current.organization_id
        if Power.TASK not in given and not (theirs and Power.WORK in given):
            raise PermissionDenied(_("Your part in this room does not allow this."))
        if current.state == state:
            raise ValidationError({"state": _("The task stands there already.")})
        current.state, current.note = state.value, note_of(note)
        _save(current)
        said = {"change": state.value, "text": current.note, "task": current}
        add_entry(viewer, room, EntryKind.TASK, said, {"task": current.pk, "version": current.version})
    return current


def hand_task(viewer: Viewer, task: RoomTask, to: Participant, version: int) -> RoomTask:
    """Hand a task to another participant.

    Parameters
    ----------
    viewer : Viewer
        Who gives tasks in the room.
    task : RoomTask
        Which.
    to : Participant
        Who does it from now on.
    version : int
        The version that the viewer saw.

    Returns
    -------
    RoomTask
        As it stands now.

    Raises
    ------
    PermissionDenied
        If the viewer's part does not allow it.
    ValidationError
        If it was changed meanwhile, or whoever should do it has no part in the room.
    """
    with transaction.atomic():
        room = locked(viewer, task.room, Power.TASK)
        current = _current_task(room, task, version)
        _must_take_part(room, to)
        current.organization, current.person = to.organization, to.user
        _save(current)
        said = {"change": "handed on", "task": current, "participant": to, "about": to.organization}
        add_entry(viewer, room, EntryKind.TASK, said, {"task": current.pk, "to": to.user_id})
    return current


def _current_task(room: Room, task: RoomTask, version: int) -> RoomTask:
    current = RoomTask.objects.select_for_update().get(pk=task.pk, room=room)
    must_be_current(current.version, version)
    return current


def _save(task: RoomTask) -> None:
    task.version += 1
    task.full_clean()
    task.save()


def affect(viewer: Viewer, room: Room, kind: Affected, name: str) -> AffectedPlace:
    """Name a site, lane or something else that the disruption affects.

    Parameters
    ----------
    viewer : Viewer
        Who names it.
    room : Room
        Where.
    kind : Affected
        What kind of thing it is.
    name : str
        Its name.

    Returns
    -------
    AffectedPlace
        Stored.

    Raises
    ------
    PermissionDenied
        If the viewer's part does not allow it.
    ValidationError
        If it has no name, or is named already.
    """
    with transaction.atomic():
        current = locked(viewer, room, Power.DESCRIBE)
        if current.affected.count() >= _AFFECTED_AT_MOST:
            raise ValidationError(_("A room names at most %(most)s things.") % {"most": _AFFECTED_AT_MOST})
        place = AffectedPlace(room=current, kind=kind.value, name=note_of(name, "name"))
        place.full_clean()
        place.save(force_insert=True)
        said = {"change": "affected", "text": place.name}
        add_entry(viewer, current, EntryKind.AFFECTED, said, {"kind": place.kind, "name": place.name})
    return place


def spare(viewer: Viewer, room: Room, place: AffectedPlace) -> None:
    """Say that something is not affected any more; the timeline keeps that it was.

    Parameters
    ----------
    viewer : Viewer
        Who says it.
    room : Room
        Where.
    place : AffectedPlace
        What.

    Raises
    ------
    PermissionDenied
        If the viewer's part does not allow it.
    """
    with transaction.atomic():
        current = locked(viewer, room, Power.DESCRIBE)
        if AffectedPlace.objects.filter(pk=place.pk, room=current).delete()[0]:
            said = {"change": "spared", "text": place.name}
            add_entry(viewer, current, EntryKind.AFFECTED, said, {"kind": place.kind, "name": place.name})


def attach(viewer: Viewer, room: Room, finding: Finding, profile: Profile) -> RoomFinding:
    """Attach a finding to a room: it is shared with the organizations in the room.

    Parameters
    ----------
    viewer : Viewer
        Somebody with a part in the room who may share the finding.
    room : Room
        Where.
    finding : Finding
        Which.
    profile : Profile
        What the others may do with it.

    Returns
    -------
    RoomFinding
        Stored.

    Raises
    ------
    PermissionDenied
        If the viewer's part does not allow it, or they may not share the finding.
    ValidationError
        If it is attached already, or its marking keeps it from others.
    """
    with transaction.atomic():
        current = locked(viewer, room, Power.ATTACH)
        return attach_in(viewer, current, finding, profile)


def attach_in(viewer: Viewer, room: Room, finding: Finding, profile: Profile) -> RoomFinding:
    """Attach a finding to a room for a service that has locked the room and checked the part of the viewer in it.

    Parameters
    ----------
    viewer : Viewer
        Who attaches; they must be able to share the finding.
    room : Room
        Locked.
    finding : Finding
        Which.
    profile : Profile
        What the others may do with it.

    Returns
    -------
    RoomFinding
        Stored.

    Raises
    ------
    PermissionDenied
        If the viewer may not share the finding.
    ValidationError
        If it is attached already, or its marking keeps it from others.
    """
    if links_of(room).filter(finding=finding).exists():
        raise ValidationError(_("This hazard belongs to the room already."))
    _widen(viewer, finding)
    given = sharing.share(viewer, finding, room.group, profile)
    # A link whose share was taken back elsewhere makes place for the new one.
    RoomFinding.objects.filter(room=room, finding=finding, detached__isnull=True).update(detached=timezone.now())
    link = RoomFinding.objects.create(room=room, finding=finding, share=given)
    said = {"change": "attached", "finding": finding}
    add_entry(viewer, room, EntryKind.FINDING, said, {"finding": finding.pk, "profile": profile.value})
    return link


def _widen(viewer: Viewer, finding: Finding) -> None:
    """Let a finding that nobody else was ever meant to see go as far as rooms; earlier shares would come alive."""
    earlier: bool = shares_of(finding).filter(user=None).exists()
    if finding.reach == Reach.ORGANIZATION and not earlier:
        sharing.set_reach(viewer, finding, Reach.ROOM, Marking(finding.marking))


def detach(viewer: Viewer, room: Room, link: RoomFinding, reason: str) -> None:
    """Take a finding out of a room: its organizations see it by the room no longer, at once.

    Parameters
    ----------
    viewer : Viewer
        Somebody who attaches findings in the room, or may share this one.
    room : Room
        Where.
    link : RoomFinding
        Which.
    reason : str
        Why.

    Raises
    ------
    PermissionDenied
        If the viewer is neither.
    ValidationError
        If it is not there any more, or no reason is given.
    """
    with transaction.atomic():
        current = locked(viewer, room, None)
        there = links_of(current).select_related("finding__owner", "share").filter(pk=link.pk).first()
        if there is None:
            raise ValidationError(_("This hazard does not belong to the room any more."))
        _must_detach(viewer, current, there.finding)
        there.detached = timezone.now()
        there.save(update_fields=["detached"])
        sharing.withdraw(viewer.actor, there.finding, Share.objects.get(pk=there.share_id))
        said = {"change": "detached", "finding": there.finding, "text": note_of(reason, "reason")}
        add_entry(viewer, current, EntryKind.FINDING, said, {"finding": there.finding.pk})


def _must_detach(viewer: Viewer, room: Room, finding: Finding) -> None:
    """Liaisons detach what they may share; those who keep the room's work in order detach anything."""
    given = powers_in(viewer, room)
    sharer = allows(room, viewer, Permission.READ) and allows(finding, viewer, Permission.SHARE)
    if not sharer and not {Power.ATTACH, Power.TASK} <= given:
        raise PermissionDenied(_("Your part in this room does not allow this."))
