"""What people read on a page, in which script it is written, and where its links lead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser

from django.apps import apps
from django.db import models

# What is the same in every language: addresses, names of standards, formats, data and languages, units, and what stands
# in quotation marks to be typed as it is.
_EVERYWHERE = re.compile(
    r"TLP:[A-Z]+(?:\+STRICT)?|[\w.+-]+@[\w.-]+|https?://[\w./?=&%-]*|world-\d+|[“'][a-z ]+[”']|\.xlsx|中文|English|"
    r"\b(?:tenon|ISO|TLP|CAP|CSV|XLSX|PDF|JPEG|PNG|JSON|XML|UTF|API|ETag|MTBF|MTTR|QR|URL|UUID|ID|IP|Webhook|Cookie|"
    r"KiB|MiB|GiB|[A-Z]{2}|km|kg|mm|min)\b"
)
_VALUE = re.compile(r"[a-z_. ]*|TLP:.*")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]{2,}(?:[\s'-]+[A-Za-z\u00c0-\u024f]+)*")
_CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]+")
_FOREIGN = {"en": _CHINESE, "zh-hans": _LATIN}
_READ_ALOUD = {"alt", "aria-label", "data-label", "placeholder", "title"}
_NOTHING = re.compile(r"(?!)")
_EMPTY = {"br", "hr", "img", "input", "link", "meta"}


class _Page(HTMLParser):
    """Collects texts and links; what is code (scripts, digests) or marked as of another language is no text."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[str] = []
        self._depth_of_skipped = 0
        self._language = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "html":
            self._language = given["lang"]
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if self._depth_of_skipped or _is_no_text(tag, given, self._language):
            self._depth_of_skipped += tag not in _EMPTY
            return
        self.texts += [value for name, value in given.items() if name in _READ_ALOUD]

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - as HTMLParser calls it
        if self._depth_of_skipped:
            self._depth_of_skipped -= 1

    def handle_data(self, data: str) -> None:
        if not self._depth_of_skipped and data.strip():
            self.texts.append(" ".join(data.split()))


def _is_no_text(tag: str, given: dict[str, str], language: str) -> bool:
    other = given.get("lang", language) != language
    return tag in {"script", "style", "pre", "code"} or other or "mono" in given.get("class", "").split()


def links(page: str) -> list[str]:
    """List where the links of a page lead."""
    read = _Page()
    read.feed(page)
    return read.links


def foreign(page: str, language: str, own: re.Pattern[str] = _NOTHING) -> list[str]:
    """List what a page says in the script of another language, apart from people's own words."""
    read = _Page()
    read.feed(page)
    return [found for text in read.texts for found in foreign_in(text, language, own)]


def foreign_in(text: str, language: str, own: re.Pattern[str] = _NOTHING) -> list[str]:
    """List what a text says in the script of another language, apart from people's own words."""
    return _FOREIGN[language].findall(_EVERYWHERE.sub(" ", own.sub(" ", text)))


def own_words(words: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern of words as whole words, the longest first."""
    longest = "|".join(re.escape(text) for text in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?<![A-Za-z])(?:{longest})(?![A-Za-z])")


def _texts_in(value: object) -> Iterator[str]:
    """Return what stands in a column, or in the values of a JSON document: that of a proposal holds people's words."""
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts_in(part)
    elif isinstance(value, str):
        yield value


def words_of_people() -> re.Pattern[str]:
    """Return a pattern of every text in the database that somebody typed.

    A value of the rules (a word in small letters, a marking) is no name: pages must say it in their language.
    """
    found: set[str] = set()
    for model in apps.get_models():
        kinds = (models.CharField, models.TextField, models.JSONField)
        names = [field.name for field in model._meta.fields if isinstance(field, kinds)]
        for row in model._default_manager.values_list(*names) if names else []:
            found.update(line.strip() for value in row for text in _texts_in(value) for line in text.splitlines())
    return own_words(text for text in found if text and not _VALUE.fullmatch(text))
