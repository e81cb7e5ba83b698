"""The Chinese catalogue is whole: every message, its translation with the same places, and what is compiled from it."""

from __future__ import annotations

import io
import re

import pytest
from babel.messages import Message
from babel.messages.mofile import read_mo

from tests.web.messages import CATALOG, compiled, found, read, translations, untranslated, written

PLACE = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w+\}")
AGAIN = "run scripts/messages and fill in src/tenon/web/locale/zh_Hans/LC_MESSAGES/django.po"


def keys(messages: list[Message]) -> set[tuple[str | None, str]]:
    """Return what tells messages apart: the context, and the text or its singular."""
    return {(item.context, item.id if isinstance(item.id, str) else item.id[0]) for item in messages if item.id}


def test_the_catalogue_has_every_message_and_no_other() -> None:
    assert keys(list(read())) == keys(list(found())), AGAIN


def test_nothing_is_obsolete_or_uncertain() -> None:
    catalog = read()
    assert not catalog.obsolete
    assert [item.id for item in catalog if item.id and item.fuzzy] == []


def test_every_message_is_translated() -> None:
    assert [item.id for item in untranslated(read())] == [], AGAIN


def test_translations_keep_the_places_of_what_is_filled_in() -> None:
    for item in read():
        last = item.id if isinstance(item.id, str) else item.id[-1]
        for text in translations(item) if item.id else []:
            assert sorted(PLACE.findall(text)) == sorted(PLACE.findall(last)), item.id


def test_translations_are_written_as_chinese_is() -> None:
    for item in read():
        for text in translations(item) if item.id else []:
            assert re.search(r"[\u4e00-\u9fff]", text), item.id
            assert not re.search(r"[\u4e00-\u9fff][,;:!?]|[,;:!?][\u4e00-\u9fff]", text), text
            assert text == text.strip(), item.id


def test_the_file_is_as_the_script_writes_it() -> None:
    assert CATALOG.read_bytes() == written(read()), AGAIN


def test_what_is_read_is_compiled_from_it() -> None:
    there, fresh = (
        {(item.context, str(item.id)): item.string for item in read_mo(io.BytesIO(content)) if item.id}
        for content in (CATALOG.with_suffix(".mo").read_bytes(), compiled(read()))
    )
    assert there == fresh, AGAIN


@pytest.mark.parametrize("text", ["隐患", "单位"])
def test_the_catalogue_speaks_the_words_of_the_glossary(text: str) -> None:
    assert any(text in said for item in read() for said in translations(item))
