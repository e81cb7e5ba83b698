"""What comes with findings: readings, files, and reports from phones before they are findings."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenon.web.accounts.models import User
from tenon.web.audit.identifiers import new_identifier
from tenon.web.rooms.attachment_rules import SIZE_MOST, FileKind
from tenon.web.rooms.equipment_rules import IntakeState
from tenon.web.rooms.models.equipment import Equipment, choices
from tenon.web.rooms.models.findings import Finding


class Reading(models.Model):
    """Something measured at a finding, with its limits."""

    id = models.UUIDField(primary_key=True, default=new_identifier, editable=False)
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="readings")
    quantity = models.CharField(_("quantity"), max_length=160)
    value = models.FloatField(_("value"))
    unit = models.CharField(_("unit"), max_length=20)
    low = models.FloatField(_("at least"), null=True, blank=True)
    high = models.FloatField(_("at most"), null=True, blank=True)
    time = models.DateTimeField(default=timezone.now)
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["time", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(low__isnull=True) | Q(high__isnull=True) | Q(low__lte=models.F("high")),
                name="rooms_reading_low_below_high",
                violation_error_message=_("The upper limit is below the lower one."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.quantity}: {self.value} {self.unit}"


class Intake(models.Model):
    """A report from a phone that nobody signed in for; a member accepts it as a finding or discards it."""

    id = models.UUIDField(primary_key=True, default=new_identifier, editable=False)
    # Drawn, not counted: a number that says nothing about how many there are.
    number = models.PositiveBigIntegerField(unique=True, editable=False)
    equipment = models.ForeignKey(Equipment, models.PROTECT, related_name="intakes")
    title = models.CharField(_("title"), max_length=160)
    what = models.TextField(_("what"), max_length=4000, blank=True)
    received = models.DateTimeField(default=timezone.now)
    address = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=choices(IntakeState), default=IntakeState.WAITING.value)
    decided = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    finding = models.OneToOneField(Finding, models.PROTECT, null=True, blank=True, related_name="intake")

    class Meta:
        ordering = ["-received"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", decided__isnull=True, decided_by__isnull=True, finding__isnull=True)
                | Q(state="accepted", decided__isnull=False, decided_by__isnull=False, finding__isnull=False)
                | Q(state="discarded", decided__isnull=False, decided_by__isnull=False, finding__isnull=True)
                & ~Q(reason=""),
                name="rooms_intake_decided",
            )
        ]
        indexes = [models.Index(fields=["state", "-received"], name="rooms_intake_waiting")]

    def __str__(self) -> str:
        return f"{self.number}: {self.title}"


class Attachment(models.Model):
    """A photo or a document of a finding or an intake; the file lies in the data folder under the identifier."""

    id = models.UUIDField(primary_key=True, default=new_identifier, editable=False)
    finding = models.ForeignKey(Finding, models.PROTECT, null=True, blank=True, related_name="attachments")
    intake = models.ForeignKey(Intake, models.PROTECT, null=True, blank=True, related_name="attachments")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=choices(FileKind))
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    added = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["added", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(finding__isnull=False) | Q(intake__isnull=False), name="rooms_attachment_of_something"
            ),
            models.CheckConstraint(condition=Q(size__lte=SIZE_MOST), name="rooms_attachment_size"),
        ]

    def __str__(self) -> str:
        return self.name


class Attempt(models.Model):
    """How many requests came for one key in one window of time; old rows are swept."""

    key = models.CharField(max_length=80)
    window = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "window"], name="rooms_attempt_once")]
        indexes = [models.Index(fields=["window"], name="rooms_attempt_window")]

    def __str__(self) -> str:
        return f"{self.key} {self.window}: {self.count}"
