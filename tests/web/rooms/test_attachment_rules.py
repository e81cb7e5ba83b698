from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenon.web.rooms.attachment_rules import FileKind, kind_of_file, shown_name
from tests.web.plants import JPEG, PDF, PNG, SVG


def test_files_are_recognized_by_what_they_hold() -> None:
    assert [kind_of_file(content) for content in (JPEG, PNG, PDF)] == list(FileKind)


@pytest.mark.parametrize(
    "content",
    [b"", SVG, b"<html>", b"PK\x03\x04" + PNG, b"GIF89a", JPEG[:-2], PNG[:-8], PDF[:-7], b"x" + PDF, b"\xff\xd8\xff"],
)
def test_nothing_else_is_taken(content: bytes) -> None:
    assert kind_of_file(content) is None


@given(st.text(max_size=300), st.sampled_from(list(FileKind)))
def test_no_name_leads_anywhere(sent: str, kind: FileKind) -> None:
    name = shown_name(sent, kind)
    assert not set(name) & set('/\\"\r\n\0<>;:')
    assert name.endswith({"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf"}[kind])
    assert not name.startswith(".")
    assert len(name) <= 84
