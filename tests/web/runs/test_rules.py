"""The rules of leased jobs, against a plain model of a queue with a clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tenon.web.runs import rules
from tenon.web.runs.rules import UNFINISHED, JobState, LateWriterError, Lease

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
SPAN = timedelta(seconds=30)
MOST = 3


def waiting(**fields: object) -> Lease:
    plain = Lease(JobState.QUEUED, BEGINNING, None, 0, MOST, 0)
    return Lease(**{**plain.__dict__, **fields})


class Leases(RuleBasedStateMachine):
    """One job, several workers that hold it or believe to; the model knows who really does."""

    def __init__(self) -> None:
        super().__init__()
        self.now = BEGINNING
        self.job = waiting()
        self.holders: list[int] = []  # every number that was ever given out
        self.current: int | None = None  # the one that counts
        self.results: list[int] = []  # the numbers under which a result was kept

    @rule(seconds=st.sampled_from([1, 10, 29, 30, 31, 400]))
    def time_goes_by(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule()
    def somebody_claims(self) -> None:
        due = self.job.state is JobState.QUEUED and self.job.run_at <= self.now
        lost = self.job.lease_until is not None and self.job.lease_until <= self.now
        if (due or lost) and self.job.attempts < MOST:
            self.job = rules.claimed(self.job, self.now, SPAN)
            assert self.job.fence not in self.holders
            self.holders.append(self.job.fence)
            self.current = self.job.fence
        else:
            assert not rules.may_be_claimed(self.job, self.now)
            with pytest.raises(LateWriterError, match="cannot be taken up"):
                rules.claimed(self.job, self.now, SPAN)

    @precondition(lambda self: self.holders)
    @rule(data=st.data(), how=st.sampled_from(["renewed", "finished", "refused", "crashed", "released"]))
    def a_worker_writes(self, data: st.DataObject, how: str) -> None:
        fence = data.draw(st.sampled_from(self.holders))
        job, now = self.job, self.now
        steps: dict[str, Callable[[], Lease]] = {
            "renewed": partial(rules.renewed, job, fence, now, SPAN),
            "finished": partial(rules.finished, job, fence),
            "refused": partial(rules.refused, job, fence),
            "crashed": partial(rules.crashed, job, fence, now),
            "released": partial(rules.released, job, fence, now),
        }
        step = steps[how]
        if fence != self.current:
            with pytest.raises(LateWriterError, match="too late"):
                step()
            return
        self.job = step()
        if how == "finished":
            self.results.append(fence)
        if how != "renewed":
            self.current = None

    @rule()
    def somebody_calls_it_off(self) -> None:
        if self.job.state in UNFINISHED:
            self.job = rules.cancelled(self.job)
            self.current = None
        else:
            with pytest.raises(LateWriterError, match="cannot be called off"):
                rules.cancelled(self.job)

    @rule()
    def somebody_tries_again(self) -> None:
        if self.job.state in {JobState.FAILED, JobState.DEAD, JobState.CANCELLED}:
            self.job = rules.retried(self.job, self.now)
            assert self.job.attempts == 0
        else:
            with pytest.raises(LateWriterError, match="cannot be tried again"):
                rules.retried(self.job, self.now)

    @precondition(lambda self: rules.is_given_up(self.job, self.now))
    @rule()
    def the_lost_are_buried(self) -> None:
        self.job = rules.crashed(self.job, self.job.fence, self.now)
        assert self.job.state is JobState.DEAD
        self.current = None

    @invariant()
    def it_is_held_by_the_one_that_counts(self) -> None:
        assert (self.job.state is JobState.LEASED) == (self.current is not None)
        assert (self.job.lease_until is not None) == (self.current is not None)
        assert self.current is None or self.job.fence == self.current

    @invariant()
    def one_result_is_kept_and_no_attempt_too_many(self) -> None:
        assert len(self.results) <= 1
        assert (self.job.state is JobState.DONE) == (len(self.results) == 1)
        assert 0 <= self.job.attempts <= MOST

    @invariant()
    def it_is_never_stuck(self) -> None:
        later = self.now + timedelta(days=1)
        if self.job.state in UNFINISHED:
            assert rules.may_be_claimed(self.job, later) or rules.is_given_up(self.job, later)


TestLeases = Leases.TestCase


def test_pauses_grow_to_a_bound() -> None:
    assert [rules.pause_after(attempts).total_seconds() for attempts in (1, 2, 4, 30)] == [5, 10, 40, 600]


def test_a_job_whose_last_worker_is_lost_is_given_up() -> None:
    job = waiting(state=JobState.LEASED, attempts=MOST, lease_until=BEGINNING)
    assert rules.is_given_up(job, BEGINNING)
    assert not rules.may_be_claimed(job, BEGINNING)
