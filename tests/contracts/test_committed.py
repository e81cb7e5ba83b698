"""Only what the developers of this project wrote is committed, it means the same everywhere, and exceptions say why."""

from __future__ import annotations

from pathlib import Path

import pytest

import tenon
from tests.contracts.committed import LARGEST_BYTES, bare_exceptions, foreign, workplace_paths
from tests.contracts.repository import ROOT, code_files, committed_files

NOQA = "# no" + "qa"
IGNORE = "# type: ig" + "nore"


def test_only_own_files_are_committed() -> None:
    found = [fault for path in committed_files() for fault in foreign(path.relative_to(ROOT), path.read_bytes())]
    assert not found, "\n".join(found)


def test_no_file_names_a_folder_of_one_workplace() -> None:
    found = []
    for path in committed_files():
        content = path.read_bytes()
        if b"\0" not in content:
            found += workplace_paths(path.relative_to(ROOT), content.decode("utf-8"))
    assert not found, "\n".join(found)


def test_every_exception_to_a_rule_carries_its_reason() -> None:
    found = []
    for path in code_files():
        found += bare_exceptions(path.relative_to(ROOT), path.read_text(encoding="utf-8"))
    assert not found, "\n".join(found)


def test_the_citation_names_this_version() -> None:
    assert f"\nversion: {tenon.__version__}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("src/page.min.js", b"", "third-party files are installed"),
        ("src/serif.woff2", b"", "third-party files are installed"),
        ("src/vendor/page.js", b"", "third-party files are installed"),
        ("src/table.csv", b"1" * (LARGEST_BYTES + 1), "a committed file has at most 3145728"),
        ("src/page.js", b"/* Copy" + b"right (c) 2020 Somebody */", "of others: Copy" + "right (c) 2020 Somebody"),
        ("src/page.js", b"/*! @lic" + b"ense MIT */", "of others: @lic" + "ense MIT */"),
    ],
)
def test_a_file_of_others_is_named(name: str, content: bytes, message: str) -> None:
    (found,) = foreign(Path(name), content)
    assert message in found


def test_own_files_may_be_committed() -> None:
    assert foreign(Path("src/page.js"), b"const x = 1;") == []
    assert foreign(Path("NOTICE"), b"Copyright 2026 The tenon developers") == []
    assert foreign(Path("LICENSE"), b"Copy" + b"right [yyyy] [name of copyright owner]") == []


@pytest.mark.parametrize(
    "line", ["see /wor" + "k/main", "cat ../shared/no" + "tes/data.md", "../shared/STY" + "LE.md", "/roo" + "t/.cache"]
)
def test_a_folder_of_one_workplace_is_named(line: str) -> None:
    (found,) = workplace_paths(Path("a.md"), f"first\n{line}\n")
    assert found.startswith("a.md:2: names a folder of one workplace")


@pytest.mark.parametrize(
    "line", ["net/work/day", "https://a.org/work/x", 'shared / "reference"', "../shared or TENON_SHARED"]
)
def test_other_paths_may_be_named(line: str) -> None:
    assert workplace_paths(Path("a.md"), line) == []


@pytest.mark.parametrize(
    "exception",
    [
        NOQA,
        f"{NOQA}: S101",
        f"{NOQA}: S101, B006",
        f"{NOQA} - any reason",
        IGNORE,
        f"{IGNORE}[attr-defined]",
        f"{NOQA}: S101 -",
    ],
)
def test_an_exception_without_rule_or_reason_is_named(exception: str) -> None:
    (found,) = bare_exceptions(Path("a.py"), f"x = 1  {exception}")
    assert "names its rule and, on the same line, its reason" in found


@pytest.mark.parametrize(
    "exception", [f"{NOQA}: S101 - why so", f"{NOQA}: S101, B006  # why so", f"{IGNORE}[attr-defined]  # why so"]
)
def test_an_exception_with_rule_and_reason_is_accepted(exception: str) -> None:
    assert bare_exceptions(Path("a.py"), f"x = 1  {exception}") == []
