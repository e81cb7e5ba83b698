"""Equipment, its checklists and the rounds in which they are answered."""

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
from tenon.web.organizations.models import Named, Shared
from tenon.web.rooms.availability_rules import Arrangement
from tenon.web.rooms.equipment_rules import Criticality, EquipmentClass, ItemKind, Outcome
from tenon.web.rooms.models.findings import Finding
from tenon.web.rooms.rules import Channel, Severity


def choices(values: type[StrEnum]) -> list[tuple[str, str]]:
    """List the members of an enumeration as Django's fields take them; labels are translated where they are shown."""
    return [(member.value, member.value) for member in values]


class Equipment(Named, Shared):  # budget: a piece of equipment with its place in the tree and its figures
    """A piece of equipment in the tree of the organization that owns it."""

    code = models.CharField(_("code"), max_length=40)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    # Identifiers of all equipment above, the highest first, and its own: answers "what is below?" in one query.
    path = models.CharField(max_length=400, unique=True, editable=False)
    equipment_class = models.CharField(_("class"), max_length=16, choices=choices(EquipmentClass))
    criticality = models.CharField(_("criticality"), max_length=1, choices=choices(Criticality))
    channel = models.CharField(_("channel"), max_length=12, choices=choices(Channel), default=Channel.PLANT.value)
    place = models.CharField(_("place"), max_length=160, blank=True)
    # The site of a company's chain that it belongs to; empty where what stands above it says.
    site_name = models.CharField(_("site in the chain"), max_length=120, blank=True)
    mtbf_hours = models.FloatField(_("mean time between failures, hours"), null=True, blank=True)
    mttr_hours = models.FloatField(_("mean time to repair, hours"), null=True, blank=True)
    arrangement = models.CharField(
        _("its parts"), max_length=10, choices=choices(Arrangement), default=Arrangement.SERIES.value
    )
    needed = models.PositiveSmallIntegerField(_("parts that must run"), null=True, blank=True)
    capacity_share = models.FloatField(_("share of the capacity"), null=True, blank=True)
    created = models.DateTimeField(default=timezone.now)

    if TYPE_CHECKING:
        parent_id: uuid.UUID | None

    class Meta(Shared.Meta):
        ordering = ["path"]
        verbose_name_plural = "equipment"
        constraints = [
            *Shared.Meta.constraints,
            *Named.Meta.constraints,
            models.UniqueConstraint(fields=["owner", "code"], name="rooms_equipment_code"),
            models.CheckConstraint(condition=~Q(code=""), name="rooms_equipment_has_code"),
            models.CheckConstraint(
                condition=Q(mtbf_hours__isnull=True, mttr_hours__isnull=True)
                | Q(mtbf_hours__gt=0, mttr_hours__gte=0, mtbf_hours__isnull=False, mttr_hours__isnull=False),
                name="rooms_equipment_figures",
                violation_error_message=_("Both failure figures or none, and no failure after zero hours."),
            ),
            models.CheckConstraint(
                condition=Q(arrangement=Arrangement.K_OF_N.value, needed__gte=1, needed__isnull=False)
                | ~Q(arrangement=Arrangement.K_OF_N.value) & Q(needed__isnull=True),
                name="rooms_equipment_needed",
                violation_error_message=_("Say how many where so many must run, and only there."),
            ),
            models.CheckConstraint(
                condition=Q(capacity_share__isnull=True) | Q(capacity_share__gt=0, capacity_share__lte=1),
                name="rooms_equipment_share",
                violation_error_message=_("A share of the capacity is above 0 and at most 1."),
            ),
        ]
        indexes = [models.Index(fields=["site_name"], name="rooms_equipment_site")]

    def __str__(self) -> str:
        return f"{self.code} · {self.name}"


class ReportLabel(models.Model):
    """The address behind a label on a piece of equipment. Only the digest of its token is kept."""

    equipment = models.OneToOneField(Equipment, models.PROTECT, primary_key=True, related_name="label")
    token_digest = models.CharField(max_length=64, unique=True)
    generation = models.PositiveIntegerField(default=1)
    made = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.equipment_id}: {self.generation}"


class Checklist(models.Model):
    """One version of a checklist. A version is never changed; a change makes the next one."""

    id = models.UUIDField(primary_key=True, default=new_identifier, editable=False)
    # What all versions of one checklist have in common.
    series = models.UUIDField(default=new_identifier, editable=False)
    number = models.PositiveIntegerField(default=1, editable=False)
    is_current = models.BooleanField(default=True)
    equipment = models.ForeignKey(Equipment, models.PROTECT, related_name="checklists")
    name = models.CharField(_("name"), max_length=120)
    every_days = models.PositiveSmallIntegerField(_("every so many days"), null=True, blank=True)
    created = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["name", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["series", "number"], name="rooms_checklist_version"),
            models.UniqueConstraint(
                fields=["series"], condition=Q(is_current=True), name="rooms_checklist_one_current"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.number})"


class ChecklistItem(models.Model):
    """One thing to look at or to read."""

    id = models.UUIDField(primary_key=True, default=new_identifier, editable=False)
    checklist = models.ForeignKey(Checklist, models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(_("what to look at"), max_length=160)
    kind = models.CharField(max_length=10, choices=choices(ItemKind))
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    low = models.FloatField(_("at least"), null=True, blank=True)
    high = models.FloatField(_("at most"), null=True, blank=True)
    severity = models.PositiveSmallIntegerField(_("severity if it fails"), default=Severity.MODERATE.value)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["checklist", "position"], name="rooms_checklistitem_position"),
            models.CheckConstraint(condition=Q(severity__range=(1, 4)), name="rooms_checklistitem_severity"),
            models.CheckConstraint(
                condition=Q(kind="reading") & ~Q(unit="") & (Q(low__isnull=False) | Q(high__isnull=False))
                | Q(kind="check", unit="", low__isnull=True, high__isnull=True),
                name="rooms_checklistitem_limits",
                violation_error_message=_("A reading has a unit and a limit, below or above; a check has neither."),
            ),
            models.CheckConstraint(
                condition=Q(low__isnull=True) | Q(high__isnull=True) | Q(low__lte=models.F("high")),
                name="rooms_checklistitem_low_below_high",
                violation_error_message=_("The upper limit is below the lower one."),
            ),
        ]

    def __str__(self) -> str:
        return self.text


class InspectionRound(models.Model):
    """Somebody goes to a piece of equipment with a checklist. Once finished, it is never changed."""

    id = models.UUIDField(primary_key=True, default=new_identifier, editable=False)
    equipment = models.ForeignKey(Equipment, models.PROTECT, related_name="rounds")
    checklist = models.ForeignKey(Checklist, models.PROTECT, related_name="rounds")
    due = models.DateField(_("due"), null=True, blank=True)
    planned_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    started = models.DateTimeField(null=True, blank=True)
    started_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    finished = models.DateTimeField(null=True, blank=True)
    finished_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-finished", "due", "-started"]
        constraints = [
            models.CheckConstraint(
                condition=Q(started__isnull=True, started_by__isnull=True)
                | Q(started__isnull=False, started_by__isnull=False),
                name="rooms_inspectionround_started_by",
            ),
            models.CheckConstraint(
                condition=Q(finished__isnull=True, finished_by__isnull=True)
                | Q(finished__isnull=False, finished_by__isnull=False, started__isnull=False),
                name="rooms_inspectionround_finished_by",
            ),
            models.CheckConstraint(
                condition=Q(due__isnull=False) | Q(started__isnull=False), name="rooms_inspectionround_due"
            ),
        ]
        indexes = [models.Index(fields=["finished", "due"], name="rooms_inspectionround_due_day")]

    def __str__(self) -> str:
        return f"{self.equipment_id}: {self.checklist_id}"


class RoundAnswer(models.Model):
    """What was found at one item of a round, and the finding that it became if it failed."""

    round = models.ForeignKey(InspectionRound, models.PROTECT, related_name="answers")
    item = models.ForeignKey(ChecklistItem, models.PROTECT, related_name="answers")
    outcome = models.CharField(max_length=10, choices=choices(Outcome))
    value = models.FloatField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)
    finding = models.OneToOneField(Finding, models.PROTECT, null=True, blank=True, related_name="answer")

    class Meta:
        ordering = ["item__position"]
        constraints = [
            models.UniqueConstraint(fields=["round", "item"], name="rooms_roundanswer_once"),
            models.CheckConstraint(
                condition=Q(finding__isnull=True) | Q(outcome="fail"), name="rooms_roundanswer_finding_if_failed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.item_id}: {self.outcome}"
