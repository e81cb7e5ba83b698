"""Many workers at once, on a database in which transactions are really committed."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.utils import timezone

from tenon.web.runs import leases, rules
from tenon.web.runs.models import Job
from tenon.web.runs.rules import JobState, LateWriterError

SPAN = timedelta(minutes=5)
QUEUE = "studies"


def put(count: int) -> None:
    for number in range(count):
        leases.enqueue("test", f"key {number}", time_limit_seconds=60, memory_limit_mb=512)


def together(work: Callable[[], None], workers: int = 8) -> None:
    """Run the same thing in several threads, each with a connection of its own; raise what any of them raised."""
    problems: list[BaseException] = []

    def one() -> None:
        try:
            work()
        except BaseException as problem:  # noqa: BLE001 - handed to the test
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if problems:
        raise problems[0]


@pytest.mark.usefixtures("committing")
def test_no_job_is_taken_up_twice_and_none_is_left() -> None:
    put(60)
    taken: list[object] = []

    def work() -> None:
        while True:
            job = leases.claim(QUEUE, SPAN)
            if job is None:
                # On PostgreSQL rows that others hold are skipped: nothing free is not yet nothing left.
                if not leases.is_anything_due(QUEUE):
                    return
                continue
            taken.append(job.pk)
            leases.change(job.pk, partial(rules.finished, fence=job.fence))

    together(work)
    assert sorted(Counter(taken).values()) == [1] * 60
    assert set(Job.objects.values_list("state", flat=True)) == {JobState.DONE}


@pytest.mark.usefixtures("committing")
def test_a_lost_lease_goes_to_one_of_many() -> None:
    put(1)
    first = leases.claim(QUEUE, SPAN)
    assert first is not None
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    taken: list[int] = []

    def work() -> None:
        job = leases.claim(QUEUE, SPAN)
        if job is not None:
            taken.append(job.fence)

    together(work)
    assert taken == [2]
    with pytest.raises(LateWriterError, match="no longer held under number 1"):
        leases.renew(first, SPAN)


@pytest.mark.django_db
def test_a_renewal_writes_how_far_it_is() -> None:
    put(1)
    job = leases.claim(QUEUE, timedelta(seconds=1))
    assert job is not None
    job.stage, job.done, job.total = "days", 3, 4
    leases.renew(job, SPAN)
    stored = Job.objects.get()
    assert (stored.stage, stored.percent) == ("days", 75)
    assert stored.lease_until is not None
    assert stored.lease_until > timezone.now() + timedelta(minutes=4)


@pytest.mark.django_db
def test_the_one_that_waits_longest_comes_first_and_none_before_its_time() -> None:
    put(3)
    now = timezone.now()
    for number, minutes in enumerate((-1, -2, 1)):
        Job.objects.filter(idempotency_key=f"key {number}").update(run_at=now + timedelta(minutes=minutes))
    order = []
    while (job := leases.claim(QUEUE, SPAN)) is not None:
        order.append(job.idempotency_key)
    assert order == ["key 1", "key 0"]
    assert leases.claim("letters", SPAN) is None
