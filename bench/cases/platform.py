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
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import Any

import psutil

from bench.cases import Extent
from bench.load import Answers, Ask, Question, load
from bench.table import Row, duration
from bench.workers import ROOT, Worker, WorkerError, environment

__all__ = ["run"]

_SIZE = {"findings": 200_000, "organizations": 200, "entries": 1_000_000}
_SMALLEST = {"findings": 200, "organizations": 10, "entries": 1_000}
_CONNECTIONS = 16
_MOST_MEDIAN_SECONDS = 0.060
_MOST_SLOW_SECONDS = 0.300
_LEAST_WRITES = 60.0
_READ_OR_WRITTEN = frozenset({200, 302})
_ROOM = "the person's room"
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


# A report among so many questions, where lists are read while others write.
_READS_A_REPORT = 20


@dataclass(frozen=True)
class Server:
    """A server that runs.

    Parameters
    ----------
    port : int
        Where it listens.
    process : psutil.Process
        The first of its processes.
    """

    port: int
    process: psutil.Process

    def processor_seconds(self) -> float:
        """Return the processor time of its processes so far."""
        times = (process.cpu_times() for process in self._processes())
        return float(sum(time.user + time.system for time in times))

    def memory(self) -> int:
        """Return the resident memory of its processes, in bytes."""
        return int(sum(process.memory_info().rss for process in self._processes()))

    def _processes(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]


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
            rows = list(measured(told, lasting, size))
            _check_record(variables)
        finally:
            for name in variables:
                del os.environ[name]
    return rows


def measured(told: dict[str, Any], lasting: float, size: dict[str, int]) -> Iterator[Row]:
    """Serve the filled database that the environment names, and ask."""
    case = f"platform, {size['findings']:,} findings"
    with served() as server:
        for name, addresses in _pages(told, size).items():
            yield from _read(server, f"{case}: {name}", _readers(told, addresses), lasting)
        before = server.memory()
        yield from _read(server, f"{case}: list, a report after {_READS_A_REPORT} of them", _mixed(told), lasting)
        yield _writes(server, told, lasting)
        after = server.memory()
        grown = f"{before / 2**20:.0f} MiB before the last two loads, {after / 2**20:.0f} MiB after them"
        yield Row(case="platform: memory of the server's processes", measured=grown)


def _pages(told: dict[str, Any], size: dict[str, int]) -> dict[str, list[str]]:
    """Name pages and their addresses; the room is each person's own."""
    few = [
        f"/findings/?search=kiln+{number}" for number in range(1000, size["findings"], max(1, size["findings"] // 997))
    ]
    return {
        "list": ["/findings/"],
        "narrowed list": ["/findings/?state=open&severity=3", "/findings/?channel=sea", "/findings/?overdue=1"],
        "search for what many hold": ["/findings/?search=kiln+crack", "/findings/?search=berth"],
        "search for what few hold, others each time": few or ["/findings/?search=kiln+7"],
        "page 40 of the list": ["/findings/?page=40"],
        "map": ["/findings/map/"],
        "ledger": ["/findings/ledger/"],
        "rooms": ["/rooms/"],
        "a room": [_ROOM],
        "a finding": told["pages"],
        "overview": ["/"],
    }


def _readers(told: dict[str, Any], addresses: list[str]) -> Ask:
    return lambda draw: _get(draw, told, addresses)


def _get(draw: random.Random, told: dict[str, Any], addresses: list[str]) -> Question:
    session, address = draw.choice(told["sessions"]), draw.choice(addresses)
    return "GET", session["room"] if address == _ROOM else address, None, _cookie(session)


def _mixed(told: dict[str, Any]) -> Ask:
    def ask(draw: random.Random) -> Question:
        if draw.random() < 1 / _READS_A_REPORT:
            return _report(draw.choice(told["sessions"]))
        return _get(draw, told, ["/findings/"])

    return ask


def _read(server: Server, case: str, ask: Ask, lasting: float) -> Iterator[Row]:
    load(server.port, 4, min(lasting, 2.0), ask, _READ_OR_WRITTEN)  # warms processes and the file's pages
    before = server.processor_seconds()
    found = _sound(load(server.port, _CONNECTIONS, lasting, ask, _READ_OR_WRITTEN))
    each = (server.processor_seconds() - before) / len(found.seconds)
    text = f"{found.rate:.0f} pages/s, {_CONNECTIONS} connections, {duration(each)} of processor time each"
    yield Row(case=f"{case}, median", measured=text, value=found.median, unit="s", most=_MOST_MEDIAN_SECONDS)
    yield Row(
        case=f"{case}, 95th percentile",
        measured=duration(found.slow),
        value=found.slow,
        unit="s",
        most=_MOST_SLOW_SECONDS,
    )


def _writes(server: Server, told: dict[str, Any], lasting: float) -> Row:
    ask: Ask = lambda draw: _report(draw.choice(told["sessions"]))  # noqa: E731 - named by its use
    before = server.processor_seconds()
    found = _sound(load(server.port, _CONNECTIONS, lasting, ask, _READ_OR_WRITTEN))
    each = (server.processor_seconds() - before) / len(found.seconds)
    measured = (
        f"median {duration(found.median)}, 95th percentile {duration(found.slow)}, "
        f"{duration(each)} of processor time each"
    )
    return Row(
        case="platform: reports a second, with their record",
        measured=measured,
        value=found.rate,
        unit="/s",
        least=_LEAST_WRITES,
    )


def _report(session: dict[str, str]) -> Question:
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
def served() -> Iterator[Server]:
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
        yield Server(port, psutil.Process(server.pid))
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
