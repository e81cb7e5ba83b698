"""Notes of a chain's result, and refusals of its commands, in the language of the reader.

Engines make their notes in English, and a stored result keeps them so. A sentence that reads like one of
``note_messages/en.toml`` is told anew with what stands in its placeholders; a test compares both with the engines.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from tenon.report.language import LANGUAGES
from tenon.schema import ParameterError, nearest

__all__ = ["command_line", "notes_in_language", "told_in"]

_QUOTED = re.compile(r"""(['"])(.*)\1""", re.DOTALL)
_Group = Mapping[str, str]


def notes_in_language(notes: Iterable[str], language: str = "en") -> list[str]:
    """Tell notes of a chain's result in the language of the reader.

    Parameters
    ----------
    notes : iterable of str
        As the result holds them.
    language : str
        ``"en"`` or ``"zh"``.

    Returns
    -------
    list of str
        In their order; a note that is not known stays in English.

    Raises
    ------
    ParameterError
        If there is no catalogue in that language.

    Examples
    --------
    >>> notes_in_language(["times to recover of 2 of 9 sites are assumed, not asked or confirmed."], "zh")
    ['9 个站点中有 2 个的恢复时间是假设的，未经询问或确认。']
    """
    return [told_in(language, note) or note for note in notes]


def told_in(language: str, sentence: str) -> str | None:
    """Tell one sentence in another language.

    Parameters
    ----------
    language : str
        ``"en"`` or ``"zh"``.
    sentence : str
        In English, as the program made it.

    Returns
    -------
    str or None
        None if the sentence is not known.

    Raises
    ------
    ParameterError
        If there is no catalogue in that language.
    """
    catalogue = _catalogue(language)
    if language == "en":
        return sentence
    for key, pattern in _patterns("tail").items():
        if match := re.fullmatch(rf"(?P<head>.+\.) {pattern.pattern}", sentence, re.DOTALL):
            head = told_in(language, match["head"])
            return None if head is None else head + _filled(catalogue, "tail", key, match)
    return _told(catalogue, "whole", sentence)


def command_line(language: str, key: str, value: object) -> str:
    """Return a line of a command's answer.

    Parameters
    ----------
    language : str
        ``"en"`` or ``"zh"``.
    key : {"note", "report"}
        What the line tells; its placeholder has the same meaning.
    value : object
        The note, or the file of the report.

    Returns
    -------
    str
        The line.
    """
    return _catalogue(language)["command"][key].format(note=value, file=value)


def _told(catalogue: Mapping[str, _Group], group: str, sentence: str) -> str | None:
    for key, pattern in _patterns(group).items():
        if match := pattern.fullmatch(sentence):
            return _filled(catalogue, group, key, match)
    return None


def _filled(catalogue: Mapping[str, _Group], group: str, key: str, match: re.Match[str]) -> str:
    return catalogue[group][key].format_map({name: _value(catalogue, text) for name, text in match.groupdict().items()})


def _value(catalogue: Mapping[str, _Group], text: str) -> str:
    """Return what stands in a placeholder: a part of a sentence in its language, a name in its quotation marks."""
    name = _QUOTED.fullmatch(text)
    return f"“{name[2]}”" if name else _told(catalogue, "part", text) or text


@cache
def _patterns(group: str) -> Mapping[str, re.Pattern[str]]:
    """Return what sentences of a group look like, the longest first, because a shorter one may be part of it."""
    sentences = _catalogue("en")[group]
    ordered = sorted(sentences, key=lambda key: len(sentences[key]), reverse=True)
    return {key: re.compile(_pattern(sentences[key]), re.DOTALL) for key in ordered}


def _pattern(sentence: str) -> str:
    return re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+?)", re.escape(sentence))


@cache
def _catalogue(language: str) -> Mapping[str, _Group]:
    if language not in LANGUAGES:
        message = f"notes are told in en or zh, but language {language!r} came; {nearest(language, LANGUAGES)}"
        raise ParameterError(message)
    text = files("tenon.report").joinpath("note_messages", f"{language}.toml").read_text(encoding="utf-8")
    catalogue: Mapping[str, _Group] = tomllib.loads(text)
    return catalogue
