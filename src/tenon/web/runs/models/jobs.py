"""What is to be done by a worker."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from tenon.web.audit.identifiers import new_identifier
from tenon.web.runs.rules import JobState, Lease


class Job(models.Model):  # budget: a lease with its limits, its progress and what came of it
    """A job in a queue; `tenon.web.runs.rules` says how it is taken up, kept and given up."""

    id = models.UUIDField(primary_key=True, default=new_identifier, editable=False)
    kind = models.CharField(max_length=40)
    queue = models.CharField(max_length=40, default="studies")
    # Whoever asks twice with one key gets one job.
    idempotency_key = models.CharField(max_length=120, unique=True)
    state = models.CharField(
        max_length=12, choices=[(state.value, state.value) for state in JobState], default=JobState.QUEUED.value
    )
    run_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=5)
    fence = models.PositiveIntegerField(default=0)
    time_limit_seconds = models.PositiveIntegerField()
    memory_limit_mb = models.PositiveIntegerField()
    stage = models.CharField(max_length=20, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    # Why it failed, as its program said, in English.
    reason = models.TextField(max_length=2000, blank=True)
    created = models.DateTimeField(default=timezone.now)
    started = models.DateTimeField(null=True, blank=True)
    ended = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in JobState]), name="runs_job_known_state"
            ),
            models.CheckConstraint(
                condition=Q(state="leased", lease_until__isnull=False)
                | ~Q(state="leased") & Q(lease_until__isnull=True),
                name="runs_job_leased_until",
            ),
            models.CheckConstraint(condition=Q(attempts__lte=F("max_attempts")), name="runs_job_attempts"),
        ]
        indexes = [
            models.Index(fields=["queue", "run_at"], condition=Q(state="queued"), name="runs_job_queued"),
            models.Index(fields=["queue", "lease_until"], condition=Q(state="leased"), name="runs_job_leased"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}: {self.state}"

    @property
    def lease(self) -> Lease:
        return Lease(
            state=JobState(self.state),
            run_at=self.run_at,
            lease_until=self.lease_until,
            attempts=self.attempts,
            max_attempts=self.max_attempts,
            fence=self.fence,
        )

    @property
    def is_unfinished(self) -> bool:
        return self.state in {JobState.QUEUED, JobState.LEASED}

    @property
    def percent(self) -> int | None:
        return min(100 * self.done // self.total, 100) if self.total else None
