"""What a worker writes about a study: taken up, done, failed, given back. It acts as the platform, for nobody."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from tenon.web.audit.rules import Actor
from tenon.web.audit.services import organization_chain, record
from tenon.web.runs import leases, rules
from tenon.web.runs.models import Job
from tenon.web.runs.rules import Lease
from tenon.web.runs.selectors import study_of

__all__ = ["QUEUE", "attempt_broke_off", "bury_lost", "complete", "give_back", "refuse", "take_up"]

QUEUE = "studies"
_REASON = 2000


def take_up(span: timedelta) -> Job | None:
    """Take up the study that waits longest.

    Parameters
    ----------
    span : timedelta
        For how long the lease holds.

    Returns
    -------
    Job or None
        With its study; none where nothing waits.
    """
    if not leases.is_anything_due(QUEUE):
        return None
    with transaction.atomic():
        job = leases.claim(QUEUE, span)
        if job is not None:
            _tell(job, "taken_up", {"attempt": job.attempts})
    return job


def complete(job: Job, summary: Mapping[str, Any], files: Mapping[str, int]) -> None:
    """Keep what came of a study.

    Parameters
    ----------
    job : Job
        As taken up.
    summary : mapping
        Its main figures.
    files : mapping of str to int
        Sizes of the files of its report, by name.

    Raises
    ------
    LateWriterError
        If the worker no longer holds it; nothing is kept then.
    """
    with transaction.atomic():
        _end(job, partial(rules.finished, fence=job.fence), reason="")
        study_of(job.pk).update(summary=dict(summary), files=dict(files), version=F("version") + 1)
        _tell(job, "done", {"files": dict(files)})


def refuse(job: Job, reason: str) -> None:
    """Say that a study cannot be made as it is asked for.

    Parameters
    ----------
    job : Job
        As taken up.
    reason : str
        Why, in a sentence.

    Raises
    ------
    LateWriterError
        If the worker no longer holds it.
    """
    with transaction.atomic():
        _end(job, partial(rules.refused, fence=job.fence), reason=reason)
        _new_version(job.pk)
        _tell(job, "failed", {"reason": reason[:_REASON]})


def attempt_broke_off(job: Job, reason: str) -> None:
    """Say that an attempt ended without result; it is tried again, or given up after the last time.

    Parameters
    ----------
    job : Job
        As taken up.
    reason : str
        How it ended.

    Raises
    ------
    LateWriterError
        If the worker no longer holds it.
    """
    with transaction.atomic():
        after = _end(job, partial(rules.crashed, fence=job.fence, now=timezone.now()), reason=reason)
        _new_version(job.pk)
        _tell(job, "broke_off", {"reason": reason[:_REASON], "state": after.state, "attempt": after.attempts})


def give_back(job: Job, pause: timedelta = timedelta(0)) -> None:
    """Give a study back untried.

    Parameters
    ----------
    job : Job
        As taken up.
    pause : timedelta
        How long nobody shall take it up.

    Raises
    ------
    LateWriterError
        If the worker no longer holds it.
    """
    with transaction.atomic():
        leases.change(job.pk, partial(rules.released, fence=job.fence, run_at=timezone.now() + pause))
        _tell(job, "given_back", {})


def bury_lost(now: datetime | None = None) -> int:
    """Give up studies whose last worker is lost.

    Parameters
    ----------
    now : datetime, optional
        The time.

    Returns
    -------
    int
        How many.
    """
    moment = now or timezone.now()
    return sum(_bury(pk, moment) for pk in leases.given_up(QUEUE, moment))


def _bury(pk: uuid.UUID, now: datetime) -> bool:
    def dead(lease: Lease) -> Lease:
        if not rules.is_given_up(lease, now):
            raise rules.LateWriterError("somebody was quicker")
        return rules.crashed(lease, lease.fence, now)

    try:
        with transaction.atomic():
            job = leases.change(pk, dead, ended=now, reason="the process that worked on it ended without a word.")
            _new_version(pk)
            _tell(job, "broke_off", {"reason": job.reason, "state": job.state, "attempt": job.attempts})
    except rules.LateWriterError:
        return False
    return True


def _end(job: Job, rule: Callable[[Lease], Lease], *, reason: str) -> Job:
    return leases.change(job.pk, rule, reason=reason[:_REASON], ended=timezone.now())


def _new_version(job_pk: uuid.UUID) -> None:
    study_of(job_pk).update(version=F("version") + 1)


def _tell(job: Job, action: str, details: Mapping[str, Any]) -> None:
    """Write it into the record of the organization that owns the study."""
    study_id, owner_id = study_of(job.pk).values_list("pk", "owner_id").get()
    record(Actor(), f"study.{action}", ("study", study_id), chain=organization_chain(owner_id), details=dict(details))
