"""Catalogues of sentences: every language holds the same keys with the same placeholders."""

from __future__ import annotations

import re
import string
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.contracts.repository import ROOT

SOURCE = ROOT / "src" / "tenon"
CATALOGUES = sorted(path.parent for path in SOURCE.glob("**/*messages/en.toml"))
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def sentences(file: Path) -> dict[str, str]:
    return dict(_flat(tomllib.loads(file.read_text(encoding="utf-8")), ""))


def _flat(tree: Mapping[str, object], prefix: str) -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value)


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def test_every_catalogue_is_found() -> None:
    found = sorted(folder.relative_to(SOURCE).as_posix() for folder in CATALOGUES)
    assert found == ["data/chain_messages", "report/messages", "report/note_messages", "studies/messages"]


@pytest.mark.parametrize("folder", CATALOGUES, ids=lambda folder: f"{folder.parent.name}-{folder.name}")
def test_every_language_has_the_same_sentences(folder: Path) -> None:
    english, chinese = sentences(folder / "en.toml"), sentences(folder / "zh.toml")
    assert sorted(english) == sorted(chinese)
    assert {key for key in english if placeholders(english[key]) != placeholders(chinese[key])} == set()


def test_what_is_said_of_a_workbook_is_said_in_chinese() -> None:
    folder = SOURCE / "data" / "chain_messages"
    chinese = sentences(folder / "zh.toml")
    # What holds nothing but placeholders and signs reads the same in both.
    same = {key for key, text in sentences(folder / "en.toml").items() if not re.search(r"[a-z]{2}", bare(text))}
    assert [key for key, text in chinese.items() if key not in same and not CHINESE.search(text)] == []


def bare(sentence: str) -> str:
    return re.sub(r"\{.*?\}", "", sentence)


def test_every_sentence_about_a_workbook_is_used() -> None:
    code = "".join(file.read_text(encoding="utf-8") for file in SOURCE.glob("*/chain*.py"))
    keys = {
        key.removesuffix(".what").removesuffix(".mend") for key in sentences(SOURCE / "data/chain_messages/en.toml")
    }
    # Some are put together from a group and a word of the columns' table.
    groups = ("cell.required.", "cell.advice.", "whole.idle_", "command.")
    unused = [key for key in keys if f'"{key}"' not in code and not key.startswith(groups)]
    assert unused == []
