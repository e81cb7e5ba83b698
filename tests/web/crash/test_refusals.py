"""A disk that is full or read-only: refused with a sentence, and nothing is broken."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from tenon.web.rooms.models import Finding
from tests.web.worlds import FIELDS, client_of, member, organization

ROOT = Path(__file__).resolve().parents[3]
REPORT = {**FIELDS, "marking": "TLP:AMBER", "reach": "organization"}


def reporter() -> Client:
    client = client_of(member(organization("Plant"), "coordinator"))
    client.raise_request_exception = False
    return client


@pytest.mark.usefixtures("committing")
@pytest.mark.parametrize(
    ("language", "said"), [("en", "cannot store anything now"), ("zh-hans", '<html lang="zh-Hans">')]
)
def test_a_read_only_database_is_said_in_the_language_of_the_page(language: str, said: str) -> None:
    client = reporter()
    client.cookies["django_language"] = language
    on, off = {
        "sqlite": ("PRAGMA query_only=ON", "PRAGMA query_only=OFF"),
        "postgresql": ("SET default_transaction_read_only=on", "SET default_transaction_read_only=off"),
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(on)
        answer = client.post(reverse("new_finding"), REPORT)
        cursor.execute(off)
    assert answer.status_code == 503
    assert said in answer.content.decode()
    assert not Finding.objects.exists()
    assert client.post(reverse("new_finding"), REPORT).status_code == 302


@pytest.mark.django_db
def test_a_database_out_of_reach_is_said_in_plain_text(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_args: object, **_kwargs: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    client = Client(raise_request_exception=False)
    monkeypatch.setattr("tenon.web.config.watching_views.database_answers", gone)
    monkeypatch.setattr("tenon.web.pages.views.render", gone)
    answer = client.get(reverse("health"))
    assert answer.status_code == 503
    assert answer.headers["Content-Type"].startswith("text/plain")


@pytest.mark.slow
@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="a full disk stops the server of PostgreSQL, not the platform"
)
def test_a_full_disk_refuses_and_breaks_nothing(tmp_path: Path) -> None:
    variables = {
        **os.environ,
        "TENON_WEB_DATA": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'full.sqlite3'}",
    }
    command = [sys.executable, "-m", "tests.web.crash.full_disk"]
    done = subprocess.run(command, env=variables, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["refused"] == 503
    assert "cannot store anything now" in found["said"]
    assert found["stored"] == found["acknowledged"] > 0
    assert found["faults"] == []
    assert found["after"] == 302
