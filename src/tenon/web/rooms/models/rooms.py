"""Rooms, in which organizations handle one disruption together, and what belongs to them."""

from __future__ import annotations

import uuid
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenon.web.accounts.models import User
from tenon.web.audit.identifiers import new_identifier
from tenon.web.organizations.models import Organization, Share, Shared, SharingGroup
from tenon.web.organizations.rules import Reach
from tenon.web.rooms.models.findings import Finding
from tenon.web.rooms.room_rules import Affected, EntryKind, Part, RoomState, TaskState
from tenon.web.rooms.rules import Channel, Hazard, Severity


def _choices(values: type[StrEnum]) -> list[tuple[str, str]]:
    return [(member.value, member.value) for member in values]


class Room(Shared):
    """One disruption, and the organizations that handle it together; these are in its group, and see it by that."""

    group = models.OneToOneField(SharingGroup, models.PROTECT, related_name="+", editable=False)
    # Counted within the organization that owns it, for people to say.
    number = models.PositiveIntegerField(editable=False)
    title = models.CharField(_("title"), max_length=160)
    description = models.TextField(_("what happened"), max_length=8000)
    channel = models.CharField(_("channel"), max_length=12, choices=_choices(Channel))
    hazard = models.CharField(_("kind of hazard"), max_length=12, choices=_choices(Hazard))
    severity = models.PositiveSmallIntegerField(_("severity"), default=Severity.SERIOUS.value)
    since = models.DateTimeField(_("since"), default=timezone.now)
    state = models.CharField(max_length=12, choices=_choices(RoomState), default=RoomState.ACTIVE.value)
    opened = models.DateTimeField(default=timezone.now)
    closed = models.DateTimeField(null=True, blank=True)
    closing_report = models.OneToOneField("RoomReport", models.PROTECT, null=True, blank=True, related_name="+")
    reopenings = models.PositiveSmallIntegerField(default=0)

    if TYPE_CHECKING:
        group_id: uuid.UUID

    class Meta(Shared.Meta):
        ordering = ["-opened"]
        constraints = [
            *Shared.Meta.constraints,
            models.UniqueConstraint(fields=["owner", "number"], name="rooms_room_number"),
            models.CheckConstraint(
                condition=Q(state="closed", closed__isnull=False, closing_report__isnull=False)
                | ~Q(state="closed") & Q(closed__isnull=True, closing_report__isnull=True),
                name="rooms_room_closed_with_report",
            ),
            models.CheckConstraint(condition=Q(severity__range=(1, 4)), name="rooms_room_severity"),
            models.CheckConstraint(
                condition=Q(reach__in=[Reach.ORGANIZATION.value, Reach.ROOM.value]), name="rooms_room_reach"
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "state", "-opened"], name="rooms_room_owner"),
            models.Index(fields=["hazard", "-opened"], name="rooms_room_hazard"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.title}"


class RoomCounter(models.Model):
    """The last number that an organization gave to a room."""

    organization = models.OneToOneField(Organization, models.PROTECT, primary_key=True, related_name="+")
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.organization_id}: {self.last}"


class Participant(models.Model):
    """A person has a part in a room for an organization, from one moment to another; another part is another row."""

    id = models.UUIDField(primary_key=True, default=new_identifier, editable=False)
    room = models.ForeignKey(Room, models.PROTECT, related_name="participants")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    part = models.CharField(_("part"), max_length=12, choices=_choices(Part))
    since = models.DateTimeField(default=timezone.now)
    until = models.DateTimeField(null=True, blank=True)

    if TYPE_CHECKING:
        organization_id: uuid.UUID
        user_id: uuid.UUID

    class Meta:
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["room"], condition=Q(part="commander", until__isnull=True), name="rooms_one_commander"
            ),
            models.UniqueConstraint(
                fields=["room", "user"], condition=Q(until__isnull=True), name="rooms_participant_once"
            ),
            models.CheckConstraint(condition=Q(part__in=[part.value for part in Part]), name="rooms_participant_part"),
        ]
        indexes = [models.Index(fields=["user", "room"], name="rooms_participant_user")]

    def __str__(self) -> str:
        return f"{self.user} · {self.part}"


class RoomFinding(models.Model):
    """A finding is attached to a room: by that share, its group sees it."""

    id = models.UUIDField(primary_key=True, default=new_identifier, editable=False)
    room = models.ForeignKey(Room, models.PROTECT, related_name="attached")
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="rooms")
    share = models.OneToOneField(Share, models.PROTECT, related_name="+")
    attached = models.DateTimeField(default=timezone.now)
    detached = models.DateTimeField(null=True, blank=True)

    if TYPE_CHECKING:
        finding_id: uuid.UUID

    class Meta:
        ordering = ["attached", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["room", "finding"], condition=Q(detached__isnull=True), name="rooms_finding_attached_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.finding_id} > {self.room_id}"


class AffectedPlace(models.Model):
    """A site, lane or something else that a disruption affects, by its name."""

    id = models.UUIDField(primary_key=True, default=new_identifier, editable=False)
    room = models.ForeignKey(Room, models.PROTECT, related_name="affected")
    kind = models.CharField(_("kind"), max_length=12, choices=_choices(Affected))
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        ordering = ["kind", "name"]
        constraints = [models.UniqueConstraint(fields=["room", "kind", "name"], name="rooms_affected_once")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}"


class RoomTask(models.Model):
    """Who does what until when."""

    id = models.UUIDField(primary_key=True, default=new_identifier, editable=False)
    room = models.ForeignKey(Room, models.PROTECT, related_name="tasks")
    title = models.CharField(_("what"), max_length=200)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    due = models.DateTimeField(_("until"))
    state = models.CharField(max_length=12, choices=_choices(TaskState), default=TaskState.OPEN.value)
    note = models.TextField(_("note"), max_length=4000, blank=True)
    # Grows with every change; a change that was made against an older version is refused.
    version = models.PositiveIntegerField(default=1)
    # What its people were told of its deadline last; this changes nothing of the task, so its version stays.
    told = models.CharField(max_length=12, blank=True, editable=False)
    created = models.DateTimeField(default=timezone.now)

    if TYPE_CHECKING:
        room_id: uuid.UUID
        organization_id: uuid.UUID
        person_id: uuid.UUID

    class Meta:
        ordering = ["due", "id"]
        indexes = [
            models.Index(fields=["due"], condition=~Q(state="done") & ~Q(told="overdue"), name="rooms_task_clock")
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state="open") | ~Q(note=""), name="rooms_task_note"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in TaskState]), name="rooms_task_state"
            ),
            models.CheckConstraint(condition=Q(told__in=["", "reminder", "overdue"]), name="rooms_task_told"),
        ]

    def __str__(self) -> str:
        return self.title


class RoomReport(models.Model):
    """A situation report, or the closing report: what stood in the room at a moment. It is never changed."""

    id = models.UUIDField(primary_key=True, default=new_identifier, editable=False)
    room = models.ForeignKey(Room, models.PROTECT, related_name="reports")
    number = models.PositiveIntegerField()
    closing = models.BooleanField(default=False)
    time = models.DateTimeField(default=timezone.now)
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    # What it means and what is needed; for a closing report, what happened.
    assessment = models.TextField(_("assessment"), max_length=8000)
    learnt = models.TextField(_("what was learnt"), max_length=8000, blank=True)
    content = models.JSONField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["room", "number"], name="rooms_report_number"),
            models.CheckConstraint(
                condition=~Q(assessment="") & (Q(closing=False, learnt="") | Q(closing=True) & ~Q(learnt="")),
                name="rooms_report_complete",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.room_id}: {self.number}"


class RoomEntry(models.Model):
    """One entry of a room's timeline. It is never changed or deleted; what was wrong is followed by what is right."""

    id = models.UUIDField(primary_key=True, default=new_identifier, editable=False)
    room = models.ForeignKey(Room, models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=12, choices=_choices(EntryKind))
    time = models.DateTimeField(default=timezone.now)
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    # What happened to the subject, in a word that labels say in each language; empty for what people write.
    change = models.CharField(max_length=20, blank=True)
    text = models.TextField(max_length=8000, blank=True)
    reasons = models.TextField(max_length=4000, blank=True)
    alternatives = models.TextField(max_length=4000, blank=True)
    # Who decided, which need not be who wrote it down.
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    about = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="+")
    finding = models.ForeignKey(Finding, models.PROTECT, null=True, blank=True, related_name="+")
    task = models.ForeignKey(RoomTask, models.PROTECT, null=True, blank=True, related_name="+")
    participant = models.ForeignKey(Participant, models.PROTECT, null=True, blank=True, related_name="+")
    report = models.ForeignKey(RoomReport, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-time", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="decision", decided_by__isnull=False) & ~Q(text="") & ~Q(reasons="")
                | ~Q(kind="decision") & Q(decided_by__isnull=True, reasons="", alternatives=""),
                name="rooms_entry_decision",
            )
        ]
        indexes = [models.Index(fields=["room", "-time", "-id"], name="rooms_entry_room")]

    def __str__(self) -> str:
        return f"{self.room_id}: {self.kind}"
