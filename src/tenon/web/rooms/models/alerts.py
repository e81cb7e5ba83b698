"""Who is told what, what waits to be sent, and the clocks of findings."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenon.web.accounts.models import User
from tenon.web.audit.identifiers import new_identifier
from tenon.web.organizations.models import Organization, Role
from tenon.web.rooms.alert_rules import REPEATS, AlertKind, DeliveryState, Way
from tenon.web.rooms.models.findings import Finding
from tenon.web.rooms.models.rooms import Room, RoomTask


def _choices(values: type[AlertKind | DeliveryState | Way]) -> list[tuple[str, str]]:
    return [(member.value, member.value) for member in values]


class AlertChoice(models.Model):
    """What a person wants to be told when acting for an organization, and how; without a way: nothing."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=_choices(AlertKind))
    # Only findings that are at least so severe.
    severity = models.PositiveSmallIntegerField(default=1)
    page = models.BooleanField(default=False)
    email = models.BooleanField(default=False)
    webhook = models.BooleanField(default=False)

    if TYPE_CHECKING:
        user_id: uuid.UUID
        organization_id: uuid.UUID

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "organization", "kind"], name="rooms_alertchoice_once"),
            models.CheckConstraint(condition=Q(severity__range=(1, 4)), name="rooms_alertchoice_severity"),
        ]
        indexes = [models.Index(fields=["organization", "kind"], name="rooms_alertchoice_kind")]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.kind}"


class Webhook(models.Model):
    """Where a person's alerts go as messages between programs. Its secret is made from the salt, and kept nowhere."""

    id = models.UUIDField(primary_key=True, default=new_identifier, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    url = models.CharField(_("address"), max_length=500)
    salt = models.CharField(max_length=32)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "organization"], name="rooms_webhook_once")]

    def __str__(self) -> str:
        return f"{self.user_id} · {self.organization_id}"


class Alert(models.Model):
    """Somebody is told of a finding, or of a room; whether they may still see it is decided when they look."""

    id = models.UUIDField(primary_key=True, default=new_identifier, editable=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    finding = models.ForeignKey(Finding, models.PROTECT, null=True, blank=True, related_name="+")
    room = models.ForeignKey(Room, models.PROTECT, null=True, blank=True, related_name="+")
    # Of the room, where it is about one.
    task = models.ForeignKey(RoomTask, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=12, choices=_choices(AlertKind))
    # The event or the step of the clock that it is about: nobody is told the same twice.
    key = models.CharField(max_length=80)
    time = models.DateTimeField(default=timezone.now)
    page = models.BooleanField(default=True)
    read = models.DateTimeField(null=True, blank=True)

    if TYPE_CHECKING:
        user_id: uuid.UUID
        organization_id: uuid.UUID
        finding_id: uuid.UUID | None
        room_id: uuid.UUID | None
        task_id: uuid.UUID | None

    class Meta:
        ordering = ["-time", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "organization", "finding", "kind", "key"], name="rooms_alert_once"),
            models.UniqueConstraint(
                fields=["user", "organization", "room", "kind", "key"], name="rooms_alert_of_room_once"
            ),
            models.CheckConstraint(
                condition=Q(finding__isnull=False, room__isnull=True, task__isnull=True)
                | Q(finding__isnull=True, room__isnull=False),
                name="rooms_alert_about_one",
            ),
        ]
        indexes = [
            models.Index(fields=["user", "organization", "-time"], condition=Q(page=True), name="rooms_alert_page")
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.finding_id or self.room_id}"

    def get_absolute_url(self) -> str:
        """Return the address of what it is about."""
        if self.task_id is not None:
            return reverse("room_task", args=[self.room_id, self.task_id])
        return reverse("room", args=[self.room_id]) if self.room_id else reverse("finding", args=[self.finding_id])


class Delivery(models.Model):
    """A message that waits to be sent, or what became of it; written together with what it is about."""

    id = models.UUIDField(primary_key=True, default=new_identifier, editable=False)
    alert = models.ForeignKey(Alert, models.PROTECT, related_name="deliveries")
    way = models.CharField(max_length=8, choices=_choices(Way))
    state = models.CharField(max_length=8, choices=_choices(DeliveryState), default=DeliveryState.WAITING.value)
    due = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Which worker took it last: the result of an earlier one counts no more.
    claim = models.UUIDField(null=True, blank=True)
    problem = models.CharField(max_length=200, blank=True)
    finished = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["alert", "way"], name="rooms_delivery_once"),
            models.CheckConstraint(condition=Q(way__in=["email", "webhook"]), name="rooms_delivery_way"),
            models.CheckConstraint(
                condition=Q(state="waiting", finished__isnull=True) | ~Q(state="waiting") & Q(finished__isnull=False),
                name="rooms_delivery_finished",
            ),
        ]
        indexes = [models.Index(fields=["due"], condition=Q(state="waiting"), name="rooms_delivery_due")]

    def __str__(self) -> str:
        return f"{self.way}: {self.state}"


class EscalationChain(models.Model):
    """What an organization does about findings, from a severity on, that are overdue."""

    id = models.UUIDField(primary_key=True, default=new_identifier, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    severity = models.PositiveSmallIntegerField(_("from this severity on"), default=1)
    remind_hours = models.PositiveSmallIntegerField(_("reminder before the deadline, hours"), default=24)
    repeats = models.PositiveSmallIntegerField(_("repeated"), default=0)
    created = models.DateTimeField(default=timezone.now)
    ended = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["severity", "created"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "severity"], condition=Q(ended__isnull=True), name="rooms_escalationchain_once"
            ),
            models.CheckConstraint(
                condition=Q(severity__range=(1, 4), repeats__lte=REPEATS), name="rooms_escalationchain_bounds"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class EscalationStep(models.Model):
    """One step of a chain: after a wait it calls a person, or everybody in a role, and may escalate."""

    chain = models.ForeignKey(EscalationChain, models.PROTECT, related_name="steps")
    number = models.PositiveSmallIntegerField()
    wait_hours = models.PositiveSmallIntegerField(_("waits, hours"))
    role = models.ForeignKey(Role, models.PROTECT, null=True, blank=True, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    escalates = models.BooleanField(_("escalates"), default=False)

    if TYPE_CHECKING:
        role_id: int | None
        user_id: uuid.UUID | None

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["chain", "number"], name="rooms_escalationstep_place"),
            models.CheckConstraint(
                condition=Q(role__isnull=True) | Q(user__isnull=True), name="rooms_escalationstep_one_receiver"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.chain_id} {self.number}"


class Timer(models.Model):
    """When to look at a finding next; a row for each, wound up by everything that happens to it."""

    finding = models.OneToOneField(Finding, models.PROTECT, primary_key=True, related_name="+")
    next = models.DateTimeField(null=True, blank=True, db_index=True)

    def __str__(self) -> str:
        return f"{self.finding_id}: {self.next}"


class TimerStep(models.Model):
    """What a finding's clock did for one deadline; the database itself refuses to do it twice."""

    finding = models.ForeignKey(Finding, models.PROTECT, related_name="+")
    deadline = models.DateTimeField()
    name = models.CharField(max_length=12)
    time = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["finding", "deadline", "name"], name="rooms_timerstep_once")]

    def __str__(self) -> str:
        return f"{self.finding_id}: {self.name}"
