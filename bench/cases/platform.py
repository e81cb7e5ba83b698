"""The platform under load: many findings, a long record, sixteen connections, the server that people run."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import Any

from bench.cases import Extent
from bench.load import Answers, Ask, load
from bench.table import Row, duration
from bench.workers import ROOT, Worker, WorkerError, environment

__all__ = ["run"]

_SIZE = {"findings": 200_000, "organizations": 200, "entries": 1_000_000}
_SMALLEST = {"findings": 200, "organizations": 10, "entries": 1_000}
_CONNECTIONS = 16
_MOST_MEDIAN_SECONDS = 0.060
_MOST_SLOW_SECONDS = 0.300
_LEAST_WRITES = 60.0
_FORM = {
    "title": "Crack in the shell",
    "description": "Seen at the second tire.",
    "level": "equipment",
    "channel": "plant",
    "hazard": "equipment",
    "severity": "3",
    "urgency": "2",
    "marking": "TLP:AMBER",
    "reach": "organization",
}


def run(extent: Extent) -> list[Row]:
    """Fill, serve, ask, and look whether the record is still whole."""
    size, lasting = (_SMALLEST, 1.0) if extent.smallest else (_SIZE, 20.0)
    with TemporaryDirectory(prefix="tenon-platform-") as folder:
        variables = {
            "DATABASE_URL": f"sqlite:///{folder}/tenon.sqlite3",
            "TENON_WEB_DATA": folder,
            "TENON_WEB_SECRET_KEY": "for the bench alone: " + "0" * 40,
        }
        os.environ.update(variables)
        try:
            with Worker("bench.programs.tenon_platform", size) as worker:
                told = worker.answer()
            with served() as port:
                rows = list(_reads(port, told, lasting, size))
                rows.append(_writes(port, told, lasting))
            _check_record(variables)
        finally:
            for name in variables:
                del os.environ[name]
    return rows


def _reads(port: int, told: dict[str, Any], lasting: float, size: dict[str, int]) -> Iterator[Row]:
    pages = {
        "list": ["/findings/"],
        "narrowed list": ["/findings/?state=open&severity=3", "/findings/?channel=sea", "/findings/?overdue=1"],
        "search": ["/findings/?search=kiln+crack", "/findings/?search=berth", "/findings/?search=nothing+such"],
        "page 40 of the list": ["/findings/?page=40"],
        "a finding": told["pages"],
        "overview": ["/"],
    }
    for name, addresses in pages.items():

        def ask(draw: random.Random, addresses: list[str] = addresses) -> tuple[str, str, None, dict[str, str]]:
            return "GET", draw.choice(addresses), None, _cookie(draw.choice(told["sessions"]))

        load(port, 4, min(lasting, 2.0), ask)  # warms processes and the file's pages
        found = _sound(load(port, _CONNECTIONS, lasting, ask))
        case = f"platform, {size['findings']:,} findings: {name}"
        measured = f"{found.rate:.0f} pages/s, {_CONNECTIONS} connections"
        yield Row(case=f"{case}, median", measured=measured, value=found.median, unit="s", most=_MOST_MEDIAN_SECONDS)
        yield Row(
            case=f"{case}, 95th percentile",
            measured=duration(found.slow),
            value=found.slow,
            unit="s",
            most=_MOST_SLOW_SECONDS,
        )


def _writes(port: int, told: dict[str, Any], lasting: float) -> Row:
    ask: Ask = lambda draw: _report(draw.choice(told["sessions"]))  # noqa: E731 - named by its use
    found = _sound(load(port, _CONNECTIONS, lasting, ask, expected=302))
    measured = f"median {duration(found.median)}, 95th percentile {duration(found.slow)}"
    return Row(
        case="platform: reports a second, with their record",
        measured=measured,
        value=found.rate,
        unit="/s",
        least=_LEAST_WRITES,
    )


def _report(session: dict[str, str]) -> tuple[str, str, bytes, dict[str, str]]:
    token = "a" * 32
    body = urllib.parse.urlencode({**_FORM, "owner": session["owner"], "csrfmiddlewaretoken": token}).encode()
    cookie = f"{session['name']}={session['value']}; {session['csrf']}={token}"
    kind = "application/x-www-form-urlencoded"
    return "POST", "/findings/new/", body, {"Cookie": cookie, "Content-Type": kind}


def _cookie(session: dict[str, str]) -> dict[str, str]:
    return {"Cookie": f"{session['name']}={session['value']}"}


def _sound(found: Answers) -> Answers:
    if found.wrong:
        raise WorkerError(
            f"the platform must answer as expected; it did not {len(found.wrong)} times: {found.wrong[0]}"
        )
    return found


@contextmanager
def served() -> Iterator[int]:
    """Serve the filled database on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    command = [sys.executable, "-m", "tenon.web", "serve", "--port", str(port)]
    server = subprocess.Popen(  # noqa: S603 - our own server
        command, cwd=ROOT, env=environment(1), start_new_session=True, stdout=subprocess.DEVNULL
    )
    try:
        _wait_for(port)
        yield port
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait()


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise WorkerError("the platform must answer within half a minute; it did not.")


def _check_record(variables: dict[str, str]) -> None:
    command = [sys.executable, "-m", "tenon.web", "verify_record"]
    done = subprocess.run(  # noqa: S603 - our own program
        command, cwd=ROOT, env=environment(1) | variables, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise WorkerError(f"the record must be whole after the load: {done.stdout}{done.stderr}")
