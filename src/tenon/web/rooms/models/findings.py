"""Findings and what belongs to them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenon.web.accounts.models import User
from tenon.web.audit.identifiers import new_identifier
from tenon.web.organizations.models import Organization, Shared
from tenon.web.rooms.rules import Channel, FindingState, Hazard, Level, Severity, Source, Urgency

_BEFORE_ASSIGNED = ["reported", "triaged", "rejected", "duplicate"]
_AFTER_ELIMINATION = ["eliminated", "verified"]


def _choices(values: type[Channel | FindingState | Hazard | Level | Source]) -> list[tuple[str, str]]:
    return [(member.value, member.value) for member in values]


class Finding(Shared):  # budget: a hazard with all that must be fixed until it is closed
    """A hazard or defect, from its report to its end."""

    # Counted within the organization that owns it, for people to say: number 17 of the port.
    number = models.PositiveIntegerField(editable=False)
    title = models.CharField(_("title"), max_length=160)
    description = models.TextField(_("description"), max_length=8000, blank=True)
    level = models.CharField(_("level"), max_length=12, choices=_choices(Level))
    channel = models.CharField(_("channel"), max_length=12, choices=_choices(Channel))
    hazard = models.CharField(_("kind of hazard"), max_length=12, choices=_choices(Hazard))
    severity = models.PositiveSmallIntegerField(_("severity"), default=Severity.MODERATE.value)
    urgency = models.PositiveSmallIntegerField(_("urgency"), default=Urgency.WEEKS.value)
    equipment = models.ForeignKey(
        "rooms.Equipment", models.PROTECT, null=True, blank=True, related_name="findings", verbose_name=_("equipment")
    )
    place = models.CharField(_("place"), max_length=160, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    # What it would cost to leave it, in the currency of the organization's studies; kept back unless a share shows it.
    cost = models.DecimalField(_("estimated cost"), max_digits=16, decimal_places=2, null=True, blank=True)
    state = models.CharField(max_length=12, choices=_choices(FindingState), default=FindingState.REPORTED.value)
    source = models.CharField(max_length=12, choices=_choices(Source))
    reported = models.DateTimeField(default=timezone.now)
    reported_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    on_behalf_of = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="+")
    responsible = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("responsible")
    )
    measure = models.TextField(_("measure"), max_length=4000, blank=True)
    means = models.TextField(_("means"), max_length=4000, blank=True)
    deadline = models.DateTimeField(_("deadline"), null=True, blank=True)
    fallback = models.TextField(_("fallback plan"), max_length=4000, blank=True)
    eliminated = models.DateTimeField(null=True, blank=True)
    eliminated_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    verified = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    closed = models.DateTimeField(null=True, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    reopenings = models.PositiveSmallIntegerField(default=0)
    escalation = models.PositiveSmallIntegerField(default=0)

    if TYPE_CHECKING:
        equipment_id: uuid.UUID | None
        reported_by_id: uuid.UUID | None
        responsible_id: uuid.UUID | None
        eliminated_by_id: uuid.UUID | None

    class Meta(Shared.Meta):
        ordering = ["-reported"]
        constraints = [
            *Shared.Meta.constraints,
            models.UniqueConstraint(fields=["owner", "number"], name="rooms_finding_number"),
            models.CheckConstraint(
                condition=Q(state__in=_BEFORE_ASSIGNED)
                | Q(responsible__isnull=False, deadline__isnull=False)
                & ~Q(measure="")
                & ~Q(means="")
                & ~Q(fallback=""),
                name="rooms_finding_five_fixed",
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True)
                | ~Q(verified_by=F("eliminated_by")) & ~Q(verified_by=F("responsible")),
                name="rooms_finding_four_eyes",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[*_AFTER_ELIMINATION, "closed"]) | Q(eliminated_by__isnull=False),
                name="rooms_finding_eliminated_by",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["verified", "closed"]) | Q(verified_by__isnull=False),
                name="rooms_finding_verified_by",
            ),
            models.CheckConstraint(
                condition=Q(state="duplicate", merged_into__isnull=False)
                | ~Q(state="duplicate") & Q(merged_into__isnull=True),
                name="rooms_finding_merged_into",
            ),
            models.CheckConstraint(
                condition=Q(severity__range=(1, 4), urgency__range=(1, 4)), name="rooms_finding_severity_urgency"
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "state", "-reported"], name="rooms_finding_owner"),
            models.Index(fields=["reach", "-reported"], name="rooms_finding_reach"),
            # Lists are read along it, the newest first: who sees what, and what lists are narrowed by, stand in it, so
            # that nothing is fetched of findings that are not shown.
            models.Index(
                fields=[
                    "-reported",
                    "-id",
                    "owner",
                    "reach",
                    "marking",
                    "state",
                    "severity",
                    "urgency",
                    "deadline",
                    "channel",
                    "hazard",
                    "level",
                ],
                name="rooms_finding_listed",
            ),
            # The map takes the most severe of those that have a place.
            models.Index(
                fields=["-severity", "-reported", "-id"],
                condition=Q(latitude__isnull=False),
                name="rooms_finding_map",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.title}"


class FindingEvent(models.Model):
    """What happened to a finding, in the words of whoever did it; the record holds the proof."""

    id = models.UUIDField(primary_key=True, default=new_identifier, editable=False)
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="events")
    time = models.DateTimeField(default=timezone.now)
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="+")
    action = models.CharField(max_length=12)
    state = models.CharField(max_length=12, choices=_choices(FindingState))
    note = models.TextField(max_length=8000, blank=True)

    class Meta:
        ordering = ["time", "id"]

    def __str__(self) -> str:
        return f"{self.finding_id}: {self.action}"


class Counter(models.Model):
    """The last number that an organization gave to a finding."""

    organization = models.OneToOneField(Organization, models.PROTECT, primary_key=True, related_name="+")
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.organization_id}: {self.last}"
