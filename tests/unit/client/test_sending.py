"""A sender against a small server that loses answers, refuses, and leads elsewhere."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest

from tenon.client.credentials import Credentials
from tenon.client.sending import Sender
from tenon.schema.errors import PlatformError


class Platform(BaseHTTPRequestHandler):
    answers: ClassVar[list[tuple[int, dict[str, str], bytes] | None]] = []
    seen: ClassVar[list[dict[str, Any]]] = []

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.seen.append({"path": self.path, "method": self.command, "headers": dict(self.headers), "body": body})
        planned = self.answers.pop(0)
        if planned is None:  # the answer is lost
            self.connection.close()
            return
        status, headers, text = planned
        self.send_response(status)
        for name, value in {"Content-Length": str(len(text)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815 - as http.server names them

    def log_message(self, *_args: Any) -> None:
        pass


@pytest.fixture
def sender(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sender]:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    Platform.answers, Platform.seen = [], []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Platform)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield Sender(Credentials(f"http://127.0.0.1:{server.server_port}", "tenon_x"), timeout_seconds=5)
    server.shutdown()
    thread.join()
    server.server_close()


OK = (200, {"ETag": '"3"'}, b'{"a": 1}')


def test_a_request_carries_the_token_and_the_version(sender: Sender) -> None:
    Platform.answers = [OK]
    reply = sender.send("PUT", "/x", body={"ü": 1}, query={"a": "b c"}, tag='"2"')
    assert (reply.body, reply.tag) == ({"a": 1}, '"3"')
    (seen,) = Platform.seen
    assert seen["path"] == "/api/v1/x?a=b+c"
    assert seen["headers"]["Authorization"] == "Bearer tenon_x"
    assert seen["headers"]["If-Match"] == '"2"'
    assert json.loads(seen["body"]) == {"ü": 1}


def test_a_lost_answer_is_asked_for_again_under_the_same_key(sender: Sender) -> None:
    Platform.answers = [None, (503, {}, b""), (429, {}, b""), OK]
    assert sender.send("POST", "/x", body={}).body == {"a": 1}
    keys = {seen["headers"]["Idempotency-Key"] for seen in Platform.seen}
    assert len(keys) == 1
    Platform.answers = [OK]
    sender.send("POST", "/x", body={})
    assert Platform.seen[-1]["headers"]["Idempotency-Key"] not in keys


def test_a_platform_that_does_not_answer_is_named(sender: Sender) -> None:
    Platform.answers = [None] * 4
    with pytest.raises(PlatformError, match="could not be reached in 4 attempts"):
        sender.send("GET", "/x")
    assert "Idempotency-Key" not in Platform.seen[0]["headers"]


def test_a_refusal_is_said_in_the_words_of_the_platform_and_not_tried_again(sender: Sender) -> None:
    problem = {"detail": "Not so.", "errors": [{"pointer": "/body/a", "detail": "missing"}]}
    Platform.answers = [(422, {}, json.dumps(problem).encode())]
    with pytest.raises(PlatformError, match=r"Not so\. /body/a: missing") as caught:
        sender.send("POST", "/x", body={})
    assert caught.value.status == 422
    assert len(Platform.seen) == 1


def test_an_answer_of_something_else_is_named(sender: Sender) -> None:
    Platform.answers = [(404, {}, b"<html>"), (200, {}, b"<html>")]
    with pytest.raises(PlatformError, match=r"is .* one of tenon"):
        sender.send("GET", "/x")
    with pytest.raises(PlatformError, match="something else than JSON"):
        sender.send("GET", "/x")


def test_the_token_follows_no_other_address(sender: Sender) -> None:
    Platform.answers = [(302, {"Location": "/elsewhere"}, b"")]
    with pytest.raises(PlatformError, match="answered 302"):
        sender.send("GET", "/x")
    assert len(Platform.seen) == 1
