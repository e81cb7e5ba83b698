"""Requests must come in within their time: whoever sends a byte now and then holds no thread for ever."""

from __future__ import annotations

import socket
import time
from contextlib import suppress
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

__all__ = ["DeadlineWorker"]


class DeadlineWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn leaves its classes untyped
    """A process of gunicorn that stops reading a request whose head or body takes too long.

    Answers are not cut short: only the way in is closed. Many clients at once that each use up the time still slow
    everybody down; the server before a public platform takes requests in whole.
    """

    head_seconds = 10.0
    body_seconds = 60.0

    def init_process(self) -> None:
        """Begin with no connection; gunicorn calls it in the new process."""
        self._until: dict[Any, float] = {}
        super().init_process()

    def handle(self, conn: Any) -> Any:  # noqa: ANN401 - the same
        """Read and answer a request.

        Parameters
        ----------
        conn : TConn
            The connection.

        Returns
        -------
        object
            Whether the connection stays open, as gunicorn says it.
        """
        self._until[conn] = time.monotonic() + self.head_seconds
        try:
            return super().handle(conn)
        finally:
            self._until.pop(conn, None)

    def handle_request(self, req: Any, conn: Any) -> Any:  # noqa: ANN401 - the same
        """Answer a request whose head is there.

        Parameters
        ----------
        req : Request
            With its head.
        conn : TConn
            The connection.

        Returns
        -------
        bool
            Whether the connection stays open.
        """
        self._until[conn] = time.monotonic() + self.body_seconds
        return super().handle_request(req, conn)

    def notify(self) -> None:
        """Say that this process lives, and look at the time; gunicorn's loop comes by every second."""
        super().notify()
        now = time.monotonic()
        for conn, until in list(self._until.items()):
            if now > until:
                self._until.pop(conn, None)
                with suppress(OSError):
                    conn.sock.shutdown(socket.SHUT_RD)
