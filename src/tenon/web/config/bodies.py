"""Bodies of requests that end before their time: a form that came in by half is refused, not taken for a whole one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol

__all__ = ["WholeBody", "with_whole_bodies"]

_Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class _Stream(Protocol):
    """What a server hands over for reading."""

    def read(self, size: int = -1, /) -> bytes:
        """Read so many bytes."""

    def readline(self, size: int = -1, /) -> bytes:
        """Read up to the end of a line."""


class WholeBody:
    """A body of which it is known how long it must be.

    Parameters
    ----------
    stream : binary stream
        As the server hands it over.
    length : int
        Bytes that were announced.
    """

    def __init__(self, stream: _Stream, length: int) -> None:
        self._stream = stream
        self._left = length

    def read(self, size: int = -1) -> bytes:
        """Read so many bytes, or all that is left.

        Parameters
        ----------
        size : int
            How many; all for -1.

        Returns
        -------
        bytes
            Fewer than asked for only at the announced end.

        Raises
        ------
        OSError
            If the body ends before.

        Examples
        --------
        >>> import io
        >>> WholeBody(io.BytesIO(b"title=Crack"), 11).read(5)
        b'title'
        """
        wanted = self._left if size < 0 else min(size, self._left)
        return self._counted(self._stream.read(wanted), wanted)

    def readline(self, size: int = -1) -> bytes:
        """Read up to the end of a line.

        Parameters
        ----------
        size : int
            At most so many bytes; no bound for -1.

        Returns
        -------
        bytes
            The line with its end.

        Raises
        ------
        OSError
            If the body ends before it begins.
        """
        return self._counted(self._stream.readline(size), min(1, self._left))

    def _counted(self, got: bytes, least: int) -> bytes:
        self._left -= len(got)
        if len(got) < least:
            raise OSError("the body of a request ended before its announced length.")
        return got


def with_whole_bodies(application: _Application) -> _Application:
    """Let an application see whole bodies alone.

    Parameters
    ----------
    application : callable
        Of WSGI.

    Returns
    -------
    callable
        Of WSGI too.
    """

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        announced = environ.get("CONTENT_LENGTH") or ""
        if announced.isascii() and announced.isdecimal():
            environ["wsgi.input"] = WholeBody(environ["wsgi.input"], int(announced))
        return application(environ, start_response)

    return answer
