"""Every dependency has its reason, its pin, and a licence that lets anyone use what runs."""

from __future__ import annotations

import importlib.metadata
import re
import tomllib
from collections.abc import Iterable

import pytest
from packaging.requirements import Requirement

from tests.contracts.repository import ROOT

_ROW = re.compile(
    r"^\|\s*(?:(?P<extra>\w+)\s*\|\s*)?(?P<name>[\w-]+)\s*\|[^|]+\|\s*[\d.]+\s*\|\s*\S.*\|$", re.MULTILINE
)
_COPYLEFT = re.compile(r"\b(?:AGPL|GPL|Affero)|GNU General Public", re.IGNORECASE)


def declared() -> set[tuple[str, str]]:
    """Return each extra (empty for what always runs) with each package that it names."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = {"": project["dependencies"], **project["optional-dependencies"]}
    return {(extra, Requirement(line).name) for extra, lines in groups.items() for line in lines}


def explained(text: str) -> set[tuple[str, str]]:
    """Return what the tables of the page explain: licence, size and reason all given."""
    return {(row["extra"] or "", row["name"]) for row in _ROW.finditer(text)}


def unpinned(names: Iterable[str], constraints: str) -> list[str]:
    """Return which names have no exact version, and which lines are anything else than an exact version."""
    lines = [line for line in constraints.splitlines() if line and not line.startswith("#")]
    loose = [line for line in lines if not re.fullmatch(r"[a-z0-9-]+==[\w.]+", line)]
    return loose + sorted(set(names) - {line.partition("==")[0] for line in lines})


def needed(names: Iterable[str]) -> set[str]:
    """Return the packages with all that they need, as installed here."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            requirements = map(Requirement, importlib.metadata.requires(name) or [])
            waiting += [
                item.name for item in requirements if item.marker is None or item.marker.evaluate({"extra": ""})
            ]
    return found


def licence(name: str) -> str:
    """Return what a package says of its licence, preferring the exact expression."""
    metadata = importlib.metadata.metadata(name)
    classifiers = [line for line in metadata.get_all("Classifier", []) if line.startswith("License")]
    return "; ".join(metadata.get_all("License-Expression", []) or classifiers or metadata.get_all("License", []))


def test_every_dependency_is_explained_and_every_explanation_is_of_one() -> None:
    assert explained((ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")) == declared()


def test_a_row_without_reason_licence_or_size_explains_nothing() -> None:
    assert explained("| click | BSD | 0.4 | Commands. |\n| test | pytest | MIT | 1 | Tests. |") == {
        ("", "click"),
        ("test", "pytest"),
    }
    assert explained("| click | BSD | 0.4 | |\n| pytest | 1 | Tests. |\n| rich | MIT | small | Tables. |") == set()


def test_every_dependency_is_pinned() -> None:
    constraints = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    assert unpinned((name for _, name in declared()), constraints) == []


@pytest.mark.parametrize(
    "line", ["--index-url https://a.org/simple", "rich>=15", "rich @ https://a.org/rich.whl", "-e ."]
)
def test_a_line_that_is_no_exact_version_is_found(line: str) -> None:
    assert unpinned(["click"], f"# why\nclick==8.5.1\n{line}\n") == [line]
    assert unpinned(["click", "numpy"], "click==8.5.1\n") == ["numpy"]


def test_nothing_that_runs_is_under_the_gpl() -> None:
    found = {name: licence(name) for name in needed(name for extra, name in declared() if not extra)}
    assert all(found.values()), found
    assert {name: text for name, text in found.items() if _COPYLEFT.search(text)} == {}


def test_copyleft_is_recognized() -> None:
    assert _COPYLEFT.search("License :: OSI Approved :: GNU General Public License v3 (GPLv3)")
    assert _COPYLEFT.search("MIT AND GPL-3.0-only")
    assert _COPYLEFT.search("AGPL-3.0-or-later")
    assert not _COPYLEFT.search("BSD-3-Clause AND MIT")
