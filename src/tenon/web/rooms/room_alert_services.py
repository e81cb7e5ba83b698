"""Telling people of rooms: who takes part, what they are to do and until when, reports, and the end."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from tenon.web.audit.rules import Actor
from tenon.web.audit.services import organization_chain, record
from tenon.web.organizations.models import Organization
from tenon.web.rooms.alert_rules import OVERDUE, REMIND_BEFORE, REMINDER, ROOM_KIND_OF, AlertKind, task_step
from tenon.web.rooms.alert_selectors import receivers_of
from tenon.web.rooms.alert_services import write_alerts
from tenon.web.rooms.models import RoomEntry, RoomTask
from tenon.web.rooms.room_rules import EntryKind, Part, RoomState, TaskState
from tenon.web.rooms.room_selectors import participants_of

__all__ = ["follow_entry", "tick_tasks"]

_KINDS = {REMINDER: AlertKind.TASK_DUE, OVERDUE: AlertKind.TASK_OVERDUE}


def follow_entry(entry: RoomEntry) -> None:  # one place: alerts tell of what is recorded itself
    """Tell those whom an entry of a room's timeline concerns.

    Parameters
    ----------
    entry : RoomEntry
        What happened, inside the transaction in which it was stored.
    """
    kind = ROOM_KIND_OF.get((EntryKind(entry.kind), entry.change))
    if kind is None:
        return
    ways = receivers_of([one for one in _concerned(entry) if one[0] != entry.user_id], kind)
    write_alerts(ways, {"room": entry.room, "task": entry.task}, kind, str(entry.pk))


def _concerned(entry: RoomEntry) -> list[tuple[uuid.UUID, Organization]]:
    """List the one whom an entry is about, or everybody with a part in the room."""
    if entry.participant is not None and entry.task is None:
        return [(entry.participant.user_id, entry.participant.organization)]
    if entry.task is not None:
        return [(entry.task.person_id, entry.task.organization)]
    return [(item.user_id, item.organization) for item in participants_of(entry.room)]


def tick_tasks(now: datetime, limit: int = 1000) -> int:
    """Remind people of tasks that are due soon, and tell them and the commander of those that are overdue.

    Parameters
    ----------
    now : datetime
        The time.
    limit : int
        How many tasks to look at, those that are due first.

    Returns
    -------
    int
        How many steps were done.
    """
    soon = Q(told="", due__lte=now + REMIND_BEFORE) | Q(due__lte=now)
    running = RoomTask.objects.exclude(state=TaskState.DONE.value).exclude(told=OVERDUE)
    waiting = running.filter(soon).exclude(room__state=RoomState.CLOSED.value).order_by("due", "pk")
    return sum(_look(pk, now) for pk in list(waiting.values_list("pk", flat=True)[:limit]))


def _look(pk: uuid.UUID, now: datetime) -> bool:
    """Look at one task, with the task locked: a second worker waits, and then finds nothing due."""
    with transaction.atomic():
        locked = RoomTask.objects.select_for_update(of=("self",)).select_related("room__owner", "organization")
        task = locked.get(pk=pk)
        step = task_step(task.due, task.told, now)
        if step is None or task.state == TaskState.DONE or task.room.state == RoomState.CLOSED:
            return False
        ways = receivers_of(_pressed(task, step), _KINDS[step])
        write_alerts(ways, {"room": task.room, "task": task}, _KINDS[step], f"{task.due.isoformat()} {step}")
        RoomTask.objects.filter(pk=pk).update(told=step)
        chain, details = organization_chain(task.room.owner_id), {"task": task.pk, "step": step, "due": task.due}
        record(Actor(), "room.task.timer", ("room", task.room_id), chain=chain, details=details)
    return True


def _pressed(task: RoomTask, step: str) -> Iterable[tuple[uuid.UUID, Organization]]:
    yield task.person_id, task.organization
    if step == OVERDUE:
        for item in participants_of(task.room).filter(part=Part.COMMANDER.value):
            yield item.user_id, item.organization
