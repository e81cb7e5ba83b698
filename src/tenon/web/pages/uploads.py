"""A form with files that is too large is refused before its body is read."""

from __future__ import annotations

from typing import IO

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

__all__ = ["BODY_MOST", "BodyLimit"]

# A workbook or a file of 8 MiB, and the form around it; forms have smaller bounds of their own for each file.
BODY_MOST = 9 * 2**20


class BodyLimit(FileUploadHandler):
    """Looks at how long the body says it is; no more than that is ever read."""

    def handle_raw_input(
        self,
        input_data: IO[bytes],  # noqa: ARG002 - as Django calls it
        META: dict[str, str],  # noqa: ARG002, N803 - as Django calls it
        content_length: int,
        boundary: str,  # noqa: ARG002 - as Django calls it
        encoding: str | None = None,  # noqa: ARG002 - as Django calls it
    ) -> None:
        """Refuse a body that is too long.

        Parameters
        ----------
        input_data, META, boundary, encoding : as Django gives them
            Not looked at.
        content_length : int
            How long the body says it is, bytes.

        Raises
        ------
        RequestDataTooBig
            If that is more than `BODY_MOST`; the answer is a bad request.
        """
        if content_length > BODY_MOST:
            raise RequestDataTooBig(f"a form with files has at most {BODY_MOST} bytes; this one has {content_length}.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002 - as Django calls it
        """Pass every part on to the handlers after this one.

        Parameters
        ----------
        raw_data : bytes
            The part.
        start : int
            Where it begins.

        Returns
        -------
        bytes
            The same.
        """
        return raw_data

    def file_complete(self, file_size: int) -> None:  # noqa: ARG002 - as Django calls it
        """Leave the file to the handlers after this one.

        Parameters
        ----------
        file_size : int
            Bytes.
        """
        return
