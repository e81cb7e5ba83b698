from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from tenon.web.interface.models import Answer
from tenon.web.interface.once import forget_old
from tenon.web.rooms.models import Finding
from tests.web.programs import Program, program_of, secret_of
from tests.web.worlds import FIELDS, member, organization


@pytest.mark.django_db
def test_a_key_counts_for_a_day() -> None:
    program = program_of(member(organization(), "coordinator"))
    program("post", "/findings", FIELDS, idempotency_key="monday-1")
    Answer.objects.update(made=timezone.now() - timedelta(hours=25))
    assert program("post", "/findings", {**FIELDS, "title": "B"}, idempotency_key="monday-1").status_code == 201
    assert Finding.objects.count() == 2
    assert forget_old() == 0
    Answer.objects.update(made=timezone.now() - timedelta(hours=25))
    assert forget_old() == 1


@pytest.mark.usefixtures("committing")
def test_the_same_request_many_times_at_once_is_made_once() -> None:
    secret = secret_of(member(organization(), "coordinator"))
    answers: list[tuple[int, bytes]] = []

    def send() -> None:
        try:
            got = Program(secret)("post", "/findings", FIELDS, idempotency_key="monday-1")
            answers.append((got.status_code, got.content))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 6
    assert len(set(answers)) == 1
    assert Finding.objects.count() == 1
