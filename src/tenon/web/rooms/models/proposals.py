"""Proposals: what somebody who may not change a finding would change."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from tenon.web.accounts.models import User
from tenon.web.audit.identifiers import new_identifier
from tenon.web.organizations.models import Organization
from tenon.web.rooms.models.findings import Finding

_OUTCOMES = ["open", "accepted", "rejected"]


class Proposal(models.Model):
    """Values that somebody proposes for a finding, with the reason; and what became of it."""

    id = models.UUIDField(primary_key=True, default=new_identifier, editable=False)
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="proposals")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    time = models.DateTimeField(default=timezone.now)
    # Field by field, and the version of the finding that they were proposed for.
    values = models.JSONField()
    seen = models.PositiveIntegerField()
    reason = models.TextField(max_length=4000)
    outcome = models.CharField(max_length=12, choices=[(item, item) for item in _OUTCOMES], default="open")
    decided = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.TextField(max_length=4000, blank=True)

    if TYPE_CHECKING:
        finding_id: uuid.UUID
        user_id: uuid.UUID

    class Meta:
        ordering = ["-time", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="open", decided__isnull=True, decided_by__isnull=True)
                | Q(outcome__in=["accepted", "rejected"], decided__isnull=False, decided_by__isnull=False),
                name="rooms_proposal_decided",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="rejected") | ~Q(answer=""), name="rooms_proposal_rejected_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("user")), name="rooms_proposal_four_eyes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.finding_id}: {self.outcome}"
