"""Whoever is killed in the middle of writing loses nothing that was acknowledged and leaves nothing half done."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[3]
_DATABASE = "tenon_kills"


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """Return the address of an empty database, of the kind that the tests run on."""
    if connection.vendor == "sqlite":
        return f"sqlite:///{tmp_path / 'kills.sqlite3'}"
    import psycopg

    url = settings.ENVIRONMENT.database_url
    with psycopg.connect(url, autocommit=True) as outside:
        outside.execute(f"DROP DATABASE IF EXISTS {_DATABASE}")
        outside.execute(f"CREATE DATABASE {_DATABASE}")
    return urlunsplit(urlsplit(url)._replace(path=f"/{_DATABASE}"))


@pytest.mark.slow
@pytest.mark.parametrize(("victim", "rounds"), [("writer", 20), ("server", 2)])
def test_nothing_acknowledged_is_lost(database_url: str, tmp_path: Path, victim: str, rounds: int) -> None:
    port = str(20_000 + os.getpid() % 20_000)
    command = [
        sys.executable,
        "-m",
        "tests.web.crash.kills",
        "--victim",
        victim,
        "--rounds",
        str(rounds),
        "--port",
        port,
    ]
    variables = {**os.environ, "DATABASE_URL": database_url, "TENON_WEB_DATA": str(tmp_path / "data")}
    variables |= {
        "TENON_WEB_ADMINISTRATOR_EMAIL": "a@example.org",
        "TENON_WEB_ADMINISTRATOR_PASSWORD": "a long sentence",
    }
    done = subprocess.run(command, env=variables, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.stdout, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["faults"] == []
    assert found["rounds"] == rounds
    assert found["acknowledged"] >= rounds
