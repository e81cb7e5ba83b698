"""A file that is not there, or empty, is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from tenon.data.sources import file_or_refuse
from tenon.schema import SourceError


def test_a_file_comes_back_as_a_path(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("1")
    assert file_or_refuse(str(tmp_path / "a"), "a figure") == tmp_path / "a"


def test_a_missing_file_is_named_with_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"a does not exist \(the folder exists\); a figure was expected"):
        file_or_refuse(tmp_path / "a", "a figure")
    with pytest.raises(SourceError, match="there is not even a folder"):
        file_or_refuse(tmp_path / "no" / "a", "a figure")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="is a folder, but a figure is read from a file; name the file"):
        file_or_refuse(tmp_path, "a figure")


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    with pytest.raises(SourceError, match="a is empty; a figure was expected"):
        file_or_refuse(tmp_path / "a", "a figure")
