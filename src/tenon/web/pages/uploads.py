"""How large a request with files may be: decided before anything of it is kept."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

__all__ = ["MOST_BYTES", "BoundedUploadHandler"]

MOST_BYTES = 16 * 2**20
"""Largest request with files, in bytes; forms have smaller bounds of their own for each file."""


class BoundedUploadHandler(FileUploadHandler):
    """Refuses a request with files that says it is too large; all else is left to the handlers behind it."""

    def handle_raw_input(
        self,
        input_data: Any,  # noqa: ANN401, ARG002 - as Django calls it
        META: dict[str, str],  # noqa: ARG002, N803 - as Django calls it
        content_length: int,
        boundary: Any,  # noqa: ANN401, ARG002 - as Django calls it
        encoding: str | None = None,  # noqa: ARG002 - as Django calls it
    ) -> None:
        """Look at the length that the request announces; no server reads beyond it.

        Parameters
        ----------
        input_data, META, boundary, encoding : object
            Not needed.
        content_length : int
            Bytes.

        Raises
        ------
        RequestDataTooBig
            If there are too many.
        """
        if content_length > MOST_BYTES:
            raise RequestDataTooBig(f"a request with files must have at most {MOST_BYTES} bytes, not {content_length}.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002 - as Django calls it
        """Pass on what comes.

        Parameters
        ----------
        raw_data : bytes
            A piece.
        start : int
            Where it stands in the file.

        Returns
        -------
        bytes
            The same.
        """
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the handlers behind this one.

        Parameters
        ----------
        file_size : int
            Bytes.
        """
