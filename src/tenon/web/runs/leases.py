"""The table of jobs: the rules applied to its rows, each in one transaction, on both databases.

On SQLite a transaction holds the lock of the whole database since it began; on PostgreSQL the row is locked, and who
looks for work skips rows that others hold.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from tenon.web.runs import rules
from tenon.web.runs.models import Job
from tenon.web.runs.rules import JobState, Lease

__all__ = ["change", "claim", "enqueue", "given_up", "is_anything_due", "renew"]

_LEASE_FIELDS = ("state", "run_at", "lease_until", "attempts", "fence")


def enqueue(kind: str, key: str, *, time_limit_seconds: int, memory_limit_mb: int) -> Job:
    """Put a job into the queue, in the transaction of whatever asks for it.

    Parameters
    ----------
    kind : str
        What is to be done.
    key : str
        Whoever asks twice with one key gets one job.
    time_limit_seconds, memory_limit_mb : int
        What one attempt may take.

    Returns
    -------
    Job
        Stored.
    """
    return Job.objects.create(
        kind=kind, idempotency_key=key, time_limit_seconds=time_limit_seconds, memory_limit_mb=memory_limit_mb
    )


def claim(queue: str, span: timedelta, now: datetime | None = None) -> Job | None:
    """Take up the job that waits longest.

    Parameters
    ----------
    queue : str
        The queue.
    span : timedelta
        For how long it is leased.
    now : datetime, optional
        The time.

    Returns
    -------
    Job or None
        Leased to the caller; none where there is nothing to do.
    """
    moment = now or timezone.now()
    with transaction.atomic():
        row = _waiting(queue, moment).select_for_update(skip_locked=True).order_by("run_at", "pk").first()
        if row is None:
            return None
        _store(row, rules.claimed(row.lease, moment, span), started=row.started or moment, reason="")
    return row


def is_anything_due(queue: str, now: datetime | None = None) -> bool:
    """Say whether there is something to take up: asked without a transaction, which would lock an SQLite database.

    Parameters
    ----------
    queue : str
        The queue.
    now : datetime, optional
        The time.

    Returns
    -------
    bool
        Another worker may still be quicker.
    """
    return _waiting(queue, now or timezone.now()).exists()


def _waiting(queue: str, now: datetime) -> QuerySet[Job]:
    return _due(queue, now).filter(attempts__lt=F("max_attempts"))


def given_up(queue: str, now: datetime | None = None) -> list[uuid.UUID]:
    """Find jobs whose last worker is lost and that nobody tries again.

    Parameters
    ----------
    queue : str
        The queue.
    now : datetime, optional
        The time.

    Returns
    -------
    list of UUID
        Those that :func:`change` should declare dead.
    """
    lost = _due(queue, now or timezone.now()).filter(state=JobState.LEASED, attempts__gte=F("max_attempts"))
    return list(lost.values_list("pk", flat=True))


def _due(queue: str, now: datetime) -> QuerySet[Job]:
    due = Q(state=JobState.QUEUED, run_at__lte=now) | Q(state=JobState.LEASED, lease_until__lte=now)
    return Job.objects.filter(due, queue=queue)


def renew(job: Job, span: timedelta, now: datetime | None = None) -> None:
    """Keep a job for longer, and write down how far it is.

    Parameters
    ----------
    job : Job
        As claimed, with stage, done and total as they are now.
    span : timedelta
        For how long from now.
    now : datetime, optional
        The time.

    Raises
    ------
    LateWriterError
        If the caller no longer holds it.
    """
    moment = now or timezone.now()
    held = Job.objects.filter(pk=job.pk, state=JobState.LEASED, fence=job.fence)
    # One statement, because it is the most frequent one: the rule of `rules.renewed`.
    until = moment + span
    if not held.update(lease_until=until, stage=job.stage, done=job.done, total=job.total):
        raise rules.LateWriterError(f"job {job.pk} is no longer held under number {job.fence}.")
    job.lease_until = until


def change(pk: uuid.UUID, rule: Callable[[Lease], Lease], **fields: Any) -> Job:  # noqa: ANN401 - of any column
    """Apply a rule to a job, under its lock.

    Parameters
    ----------
    pk : UUID
        The job.
    rule : callable
        One of `tenon.web.runs.rules`, with everything but the lease given.
    **fields : Any
        Further columns.

    Returns
    -------
    Job
        As it stands now.

    Raises
    ------
    LateWriterError
        If the rule refuses.
    """
    with transaction.atomic():
        row = Job.objects.select_for_update().get(pk=pk)
        _store(row, rule(row.lease), **fields)
    return row


def _store(row: Job, lease: Lease, **fields: object) -> None:
    for name in _LEASE_FIELDS:
        setattr(row, name, getattr(lease, name))
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=[*_LEASE_FIELDS, *fields])
