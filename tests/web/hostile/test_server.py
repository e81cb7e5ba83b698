"""The real server against clients that are slow, cut off or ambiguous."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
HEAD_SECONDS, BODY_SECONDS = 2, 3
# As many as hold every thread of all processes, and some more.
SLOW = 24
_PROGRAM = """
import django
django.setup()
from tenon.web.config import deadlines, server
deadlines.DeadlineWorker.head_seconds, deadlines.DeadlineWorker.body_seconds = {head}, {body}
server.run("127.0.0.1", {port})
"""


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Serve an empty platform with short times."""
    folder = tmp_path_factory.mktemp("server")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
    variables = {name: value for name, value in os.environ.items() if not name.startswith(("TENON_", "DATABASE_"))}
    variables |= {"TENON_WEB_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "tenon.web.config.settings"}
    variables["PYTHONPATH"] = os.pathsep.join(sys.path)
    program = _PROGRAM.format(head=HEAD_SECONDS, body=BODY_SECONDS, port=number)
    with (Path(folder) / "log").open("wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-c", program], env=variables, stdout=log, stderr=log, start_new_session=True
        )
    try:
        _wait_for(number)
        yield number
    finally:
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def _wait_for(port: int) -> None:
    for _ in range(300):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise AssertionError("the server did not start")


def opened(port: int, begin: bytes) -> socket.socket:
    made = socket.create_connection(("127.0.0.1", port), timeout=30)
    made.sendall(begin)
    return made


def said(sent: socket.socket) -> bytes:
    """Read the answer up to its end, or what there is of it."""
    parts = []
    with suppress(OSError):
        while part := sent.recv(4096):
            parts.append(part)
    return b"".join(parts)


def test_slow_heads_hold_no_thread_for_ever(port: int) -> None:
    slow = [opened(port, b"GET /health HTTP/1.1\r\nHost: localhost\r\n") for _ in range(SLOW)]
    began = time.monotonic()
    asks = opened(port, b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    asks.setblocking(False)  # noqa: FBT003 - the standard library's
    answer = b""
    while not answer and time.monotonic() - began < HEAD_SECONDS * 10:
        for item in slow:
            with suppress(OSError):
                item.sendall(b"X: y\r\n")
        time.sleep(0.2)
        with suppress(BlockingIOError):
            answer = asks.recv(4096)
    for item in (*slow, asks):
        item.close()
    assert answer.startswith(b"HTTP/1.1 ")


def test_a_slow_body_is_ended(port: int) -> None:
    head = b"POST /language HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\nCookie: tenon-csrf=" + b"a" * 32
    slow = opened(port, head + b"\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\nlanguage=en")
    began = time.monotonic()
    slow.settimeout(BODY_SECONDS + 20)
    with slow:
        answer = said(slow)
    # Refused; this server has no tables, so that it cannot record the refusal either.
    assert answer[:10] in {b"HTTP/1.1 4", b"HTTP/1.1 5", b""}
    assert BODY_SECONDS - 1 < time.monotonic() - began < BODY_SECONDS + 15


@pytest.mark.parametrize(
    "lengths",
    [
        b"Content-Length: 5\r\nContent-Length: 6\r\n",
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        b"Content-Length: -1\r\n",
        b"Content-Length: 5, 5\r\n",
        b"Transfer-Encoding: gzip\r\n",
    ],
)
def test_a_request_of_two_lengths_is_refused(port: int, lengths: bytes) -> None:
    sent = opened(port, b"POST /language HTTP/1.1\r\nHost: localhost\r\n" + lengths + b"\r\n0\r\n\r\n")
    sent.shutdown(socket.SHUT_WR)
    assert said(sent).split(b" ")[1] in {b"400", b"403", b"501"}
    sent.close()


@pytest.mark.parametrize(
    "head",
    [
        b"GET /" + b"a" * 10_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 100_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X: y\r\n" * 500 + b"\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX\0: y\r\n\r\n",
        b"G\xffT / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: elsewhere.example\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: local\0host\r\n\r\n",
    ],
)
def test_a_head_that_cannot_be_is_refused(port: int, head: bytes) -> None:
    sent = opened(port, head)
    answer = said(sent)
    assert answer.split(b" ")[1].startswith(b"4") or answer.split(b" ")[1] == b"505"
    sent.close()
