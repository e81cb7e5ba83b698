from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenon.web.interface.rules import request_digest, tag_of, version_in


@given(st.integers(1, 10**9 - 1))
def test_a_version_is_read_from_the_tag_that_was_written(version: int) -> None:
    assert version_in(tag_of(version)) == version


@given(st.text())
def test_any_text_is_read_or_not_and_never_fails(text: str) -> None:
    version = version_in(text)
    assert version is None or tag_of(version) == text.strip()


@pytest.mark.parametrize("tag", ["", "*", '"0"', '"01"', 'W/"1"', '"1", "2"', '"\u0661"', '"9999999999"'])
def test_what_is_no_version_is_none(tag: str) -> None:
    assert version_in(tag) is None


def test_another_request_has_another_digest() -> None:
    one = request_digest("POST", "/a", b"{}")
    assert one != request_digest("PUT", "/a", b"{}")
    assert one != request_digest("POST", "/a?b", b"{}")
    assert len(one) == 64
