"""How a job is taken up, kept, and given up: plain functions, without a database.

A worker that takes a job up leases it for a while and must renew the lease. A lease that runs out is given to another
worker with a higher fencing number, and whatever the first one still writes under its old number is refused. So no job
is done by two at once in the eyes of the platform, and none is lost with its worker.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

__all__ = [
    "UNFINISHED",
    "JobState",
    "LateWriterError",
    "Lease",
    "cancelled",
    "claimed",
    "crashed",
    "finished",
    "is_given_up",
    "is_lost",
    "may_be_claimed",
    "pause_after",
    "refused",
    "released",
    "renewed",
    "retried",
]


class JobState(StrEnum):
    """Where a job stands."""

    QUEUED = "queued"
    LEASED = "leased"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    DEAD = "dead"


UNFINISHED = frozenset({JobState.QUEUED, JobState.LEASED})
_LONGEST_PAUSE = timedelta(minutes=10)
_FIRST_PAUSE = timedelta(seconds=5)


class LateWriterError(RuntimeError):
    """A worker would write about a job that it no longer holds: its lease ran out, or the job was called off."""


@dataclass(frozen=True)
class Lease:
    """What of a job decides who may work on it.

    Parameters
    ----------
    state : JobState
        Where it stands.
    run_at : datetime
        Not before then.
    lease_until : datetime, optional
        Until when a worker holds it; none where nobody does.
    attempts, max_attempts : int
        How often it was taken up, and how often at most.
    fence : int
        Grows whenever it is taken up; a worker writes under the number that it got.
    """

    state: JobState
    run_at: datetime
    lease_until: datetime | None
    attempts: int
    max_attempts: int
    fence: int


def is_lost(lease: Lease, now: datetime) -> bool:
    """Say whether a worker held the job and was not heard of in time.

    Parameters
    ----------
    lease : Lease
        The job.
    now : datetime
        The time.

    Returns
    -------
    bool
        True from the moment on at which its lease ends.
    """
    return lease.state is JobState.LEASED and lease.lease_until is not None and lease.lease_until <= now


def may_be_claimed(lease: Lease, now: datetime) -> bool:
    """Say whether a worker may take the job up.

    Parameters
    ----------
    lease : Lease
        The job.
    now : datetime
        The time.

    Returns
    -------
    bool
        True if it waits and its time has come, or its worker is lost, and it was not tried too often.
    """
    due = lease.state is JobState.QUEUED and lease.run_at <= now
    return (due or is_lost(lease, now)) and lease.attempts < lease.max_attempts


def is_given_up(lease: Lease, now: datetime) -> bool:
    """Say whether the job goes to those that nobody tries again: its last worker is lost.

    Parameters
    ----------
    lease : Lease
        The job.
    now : datetime
        The time.

    Returns
    -------
    bool
        True if it was tried as often as it may be.
    """
    return is_lost(lease, now) and lease.attempts >= lease.max_attempts


def claimed(lease: Lease, now: datetime, span: timedelta) -> Lease:
    """Take a job up.

    Parameters
    ----------
    lease : Lease
        The job.
    now : datetime
        The time.
    span : timedelta
        For how long.

    Returns
    -------
    Lease
        With the next fencing number.

    Raises
    ------
    LateWriterError
        If it may not be claimed.
    """
    if not may_be_claimed(lease, now):
        raise LateWriterError(f"a job in state {lease.state} cannot be taken up now.")
    return replace(
        lease,
        state=JobState.LEASED,
        lease_until=now + span,
        attempts=lease.attempts + 1,
        fence=lease.fence + 1,
    )


def _must_hold(lease: Lease, fence: int) -> None:
    if lease.state is not JobState.LEASED or lease.fence != fence:
        raise LateWriterError(
            f"the job is in state {lease.state} under number {lease.fence}; whoever writes under {fence} is too late."
        )


def renewed(lease: Lease, fence: int, now: datetime, span: timedelta) -> Lease:
    """Keep a job for longer.

    Parameters
    ----------
    lease : Lease
        The job.
    fence : int
        The number that its worker got.
    now : datetime
        The time.
    span : timedelta
        For how long from now.

    Returns
    -------
    Lease
        Held until then.

    Raises
    ------
    LateWriterError
        If the worker no longer holds it.
    """
    _must_hold(lease, fence)
    return replace(lease, lease_until=now + span)


def finished(lease: Lease, fence: int) -> Lease:
    """Say that a job is done.

    Parameters
    ----------
    lease : Lease
        The job.
    fence : int
        The number that its worker got.

    Returns
    -------
    Lease
        Done.

    Raises
    ------
    LateWriterError
        If the worker no longer holds it.
    """
    _must_hold(lease, fence)
    return replace(lease, state=JobState.DONE, lease_until=None)


def refused(lease: Lease, fence: int) -> Lease:
    """Say that a job cannot be done as it is asked for: to try again would end in the same way.

    Parameters
    ----------
    lease : Lease
        The job.
    fence : int
        The number that its worker got.

    Returns
    -------
    Lease
        Failed.

    Raises
    ------
    LateWriterError
        If the worker no longer holds it.
    """
    _must_hold(lease, fence)
    return replace(lease, state=JobState.FAILED, lease_until=None)


def crashed(lease: Lease, fence: int, now: datetime) -> Lease:
    """Say that an attempt broke off: the job is tried again after a pause, or given up after the last attempt.

    Parameters
    ----------
    lease : Lease
        The job.
    fence : int
        The number that its worker got.
    now : datetime
        The time.

    Returns
    -------
    Lease
        Queued or dead.

    Raises
    ------
    LateWriterError
        If the worker no longer holds it.
    """
    _must_hold(lease, fence)
    if lease.attempts >= lease.max_attempts:
        return replace(lease, state=JobState.DEAD, lease_until=None)
    return replace(lease, state=JobState.QUEUED, lease_until=None, run_at=now + pause_after(lease.attempts))


def released(lease: Lease, fence: int, run_at: datetime) -> Lease:
    """Give a job back untried, as a worker does that is told to end.

    Parameters
    ----------
    lease : Lease
        The job.
    fence : int
        The number that its worker got.
    run_at : datetime
        When it may be taken up again.

    Returns
    -------
    Lease
        Queued; the attempt does not count.

    Raises
    ------
    LateWriterError
        If the worker no longer holds it.
    """
    _must_hold(lease, fence)
    return replace(lease, state=JobState.QUEUED, lease_until=None, attempts=lease.attempts - 1, run_at=run_at)


def cancelled(lease: Lease) -> Lease:
    """Call a job off. Whoever works on it finds out when the lease is renewed.

    Parameters
    ----------
    lease : Lease
        The job.

    Returns
    -------
    Lease
        Cancelled.

    Raises
    ------
    LateWriterError
        If it is over already.
    """
    if lease.state not in UNFINISHED:
        raise LateWriterError(f"a job in state {lease.state} cannot be called off.")
    return replace(lease, state=JobState.CANCELLED, lease_until=None)


def retried(lease: Lease, now: datetime) -> Lease:
    """Queue a job again that failed, was called off or given up.

    Parameters
    ----------
    lease : Lease
        The job.
    now : datetime
        The time.

    Returns
    -------
    Lease
        Queued, with all attempts before it. The fencing number stays, so that an old worker stays locked out.

    Raises
    ------
    LateWriterError
        If it waits, runs or is done.
    """
    if lease.state in UNFINISHED or lease.state is JobState.DONE:
        raise LateWriterError(f"a job in state {lease.state} cannot be tried again.")
    return replace(lease, state=JobState.QUEUED, run_at=now, attempts=0, lease_until=None)


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait before the next attempt.

    Parameters
    ----------
    attempts : int, at least 1
        How many there were.

    Returns
    -------
    timedelta
        Five seconds after the first, then twice as long each time, at most ten minutes.

    Examples
    --------
    >>> pause_after(3).seconds
    20
    """
    doublings = min(attempts - 1, 20)
    return min(_FIRST_PAUSE * (1 << doublings), _LONGEST_PAUSE)
