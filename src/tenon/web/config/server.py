"""The server: gunicorn with a few processes of a few threads each, on an address of this machine."""

from __future__ import annotations

import os
from typing import Any

from gunicorn.app.base import BaseApplication

__all__ = ["Server", "run"]


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn leaves its classes untyped
    """Gunicorn, set up from here instead of from a file.

    Parameters
    ----------
    options : dict
        Settings of gunicorn.
    """

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        """Hand the settings over."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> object:
        """Return the application that each process serves.

        Returns
        -------
        callable
            Of WSGI.
        """
        from tenon.web.config.wsgi import application

        return application


def run(host: str, port: int) -> None:
    """Serve until interrupted.

    Parameters
    ----------
    host : str
        Address to listen on.
    port : int
        Port to listen on.
    """
    from tenon.web.config.deadlines import DeadlineWorker
    from tenon.web.config.metrics import counts, forget_counts

    options = {
        "worker_class": DeadlineWorker,
        "bind": f"{host}:{port}",
        "workers": min(4, max(2, os.cpu_count() or 1)),
        "threads": 4,
        "timeout": 60,
        "graceful_timeout": 20,
        # A process that served this many is replaced, so that no leak of any library adds up.
        "max_requests": 20_000,
        "max_requests_jitter": 2_000,
        "limit_request_line": 4094,
        "control_socket_disable": True,
        "accesslog": None,
        "errorlog": "-",
        "loglevel": "warning",
    }
    forget_counts(counts.folder)
    Server(options).run()
