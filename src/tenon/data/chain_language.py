"""In which language a chain's workbook is written, and what is said of it in English and in Chinese.

Every sentence stands in ``chain_messages/en.toml`` and ``chain_messages/zh.toml``, under the same key and with the same
placeholders in each; a test compares them.
"""

from __future__ import annotations

import csv
import difflib
import re
import tomllib
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain, islice
from pathlib import Path
from types import MappingProxyType

from tenon.data.chain_words import chain_sheets, spelling
from tenon.data.names import Language
from tenon.schema.errors import LabelError, nearest

__all__ = ["CHAIN_LANGUAGES", "WORKBOOKS", "Words", "closest", "workbook_language", "workbook_words"]

CHAIN_LANGUAGES: tuple[Language, ...] = ("en", "zh")
"""Languages in which a workbook may be written and is spoken of."""

WORKBOOKS = frozenset({".xlsx", ".xlsm"})
"""Endings of workbooks that can be read."""

_LIKENESS = 0.5
_LISTED = 4
_ROWS = 3
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Words:
    """What is said of a workbook, in one language.

    Parameters
    ----------
    language : {"en", "zh"}
        English or Chinese.
    sentences : mapping of str to str
        Sentences by dotted key.

    Examples
    --------
    >>> workbook_words("zh").say("place.row", row=4)
    '第 4 行'
    """

    language: Language
    sentences: Mapping[str, str]

    def say(self, key: str, **values: object) -> str:
        """Return a sentence with its placeholders filled.

        Parameters
        ----------
        key : str
            Dotted key.
        **values : object
            What stands in the placeholders.

        Returns
        -------
        str
            The sentence.
        """
        return self.sentences[key].format_map(values)

    def either(self, english: str, chinese: str) -> str:
        """Return the one of two texts that is in this language.

        Parameters
        ----------
        english, chinese : str
            What the tables of sheets and columns say.

        Returns
        -------
        str
            One of them.
        """
        return english if self.language == "en" else chinese

    def quoted(self, value: object) -> str:
        """Return what a cell says as part of a sentence.

        Parameters
        ----------
        value : object
            A figure or a text.

        Returns
        -------
        str
            A text stands in quotation marks.
        """
        return f"{value:g}" if isinstance(value, float) else self.say("list.quoted", name=str(value))

    def within(self, english: str, chinese: str) -> str:
        """Return the one of two sentences that is in this language, as it stands behind a colon.

        Parameters
        ----------
        english, chinese : str
            What the tables of sheets and columns say.

        Returns
        -------
        str
            One of them; an English one begins small, unless with an abbreviation.
        """
        small = english if english[:2].isupper() else english[:1].lower() + english[1:]
        return self.either(small, chinese)

    def listed(self, items: Iterable[str]) -> str:
        """Return a list as part of a sentence.

        Parameters
        ----------
        items : iterable of str
            What is listed.

        Returns
        -------
        str
            For example ``"ore, coal"``.
        """
        return self.sentences["list.comma"].join(items)

    def advice(self, word: str, known: Iterable[str]) -> str:
        """Say which known name a mistyped one most resembles, or which are known.

        Parameters
        ----------
        word : str
            What the file says.
        known : iterable of str
            What would have been accepted.

        Returns
        -------
        str
            A sentence.

        Examples
        --------
        >>> workbook_words("en").advice("mien", ["mine", "plant"]), workbook_words("en").advice("x", ["mine", "plant"])
        ("Did you mean 'mine'?", 'Known are: mine, plant.')
        """
        names = list(known)
        guess = closest(word, names)
        return self.say("advice.guess", word=guess) if guess else self.known(names)

    def known(self, names: Sequence[str]) -> str:
        """Say which names are known.

        Parameters
        ----------
        names : sequence of str
            All of them; the first few are told.

        Returns
        -------
        str
            A sentence.
        """
        if not names:
            return self.say("advice.none")
        more = "advice.known_and_more" if len(names) > _LISTED else "advice.known"
        return self.say(more, listed=self.listed(names[:_LISTED]))


@cache
def workbook_words(language: Language) -> Words:
    """Read the sentences of a language.

    Parameters
    ----------
    language : {"en", "zh"}
        English or Chinese.

    Returns
    -------
    Words
        Its sentences.

    Raises
    ------
    LabelError
        If the language is another.
    """
    if language not in CHAIN_LANGUAGES:
        message = f"workbooks are spoken of in no language {language!r}; {nearest(language, CHAIN_LANGUAGES)}"
        raise LabelError(message)
    text = files("tenon.data").joinpath("chain_messages", f"{language}.toml").read_text(encoding="utf-8")
    return Words(language, MappingProxyType(dict(_flat(tomllib.loads(text), ""))))


def closest(word: str, known: Iterable[str], likeness: float = _LIKENESS) -> str | None:
    """Return the known name that a word most resembles, whatever its capitals.

    Parameters
    ----------
    word : str
        What the file says.
    known : iterable of str
        Names.
    likeness : float, from 0 to 1
        The least likeness that counts.

    Returns
    -------
    str or None
        None if none is like it.

    Examples
    --------
    >>> closest("Mien", ["mine", "plant"])
    'mine'
    """
    folded = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(word.casefold(), list(folded), n=1, cutoff=likeness)
    return folded[close[0]] if close else None


def workbook_language(path: str | Path) -> Language:
    """Say in which language a workbook of a chain, or a folder of CSV files, is written.

    Names of sheets and headings decide that are known in one language alone; what people write in cells does not.

    Parameters
    ----------
    path : str or Path
        Workbook (``.xlsx``) or folder.

    Returns
    -------
    {"en", "zh"}
        Chinese if more of them are Chinese; English otherwise, also where the file cannot be read.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from tenon.data import write_chain_template
    >>> with TemporaryDirectory() as folder:
    ...     workbook_language(write_chain_template(f"{folder}/mine", language="zh"))
    'zh'
    """
    place = Path(path)
    try:
        texts = _texts_of_folder(place) if place.is_dir() else _texts_of_workbook(place)
        known = [text for text in map(spelling, texts) if text in _known()]
    except (OSError, KeyError, ValueError, TypeError, IndexError, EOFError, SyntaxError, zipfile.BadZipFile, csv.Error):
        # Whoever reads the file says what is wrong with it.
        return "en"
    return "zh" if _chinese(known) > len(known) / 2 else "en"


def _chinese(texts: Collection[str]) -> int:
    return sum(_CHINESE.search(text) is not None for text in texts)


@cache
def _known() -> frozenset[str]:
    """Names of sheets and headings in all spellings, with and without their units."""
    sheets = chain_sheets()
    names = [name for sheet in sheets for name in (sheet.name, sheet.chinese, *sheet.also)]
    for column in chain.from_iterable(sheet.columns for sheet in sheets):
        names += [column.name, column.chinese, *column.also, column.heading("en"), column.heading("zh")]
    return frozenset(map(spelling, names))


def _texts_of_workbook(file: Path) -> list[str]:
    import openpyxl

    if file.suffix.lower() not in WORKBOOKS:
        return []
    with closing(openpyxl.load_workbook(file, read_only=True)) as book:
        texts = [sheet.title for sheet in book.worksheets]
        for sheet in book.worksheets:
            for row in sheet.iter_rows(max_row=_ROWS, max_col=100, values_only=True):
                texts += [cell for cell in row if isinstance(cell, str)]
    return texts


def _texts_of_folder(folder: Path) -> list[str]:
    texts = []
    for file in sorted(folder.glob("*.csv")):
        texts.append(file.stem)
        with file.open(encoding="utf-8-sig", newline="") as stream:
            for line in islice(stream, _ROWS):
                texts += re.split(r"[,;\t]", line.strip())
    return texts


def _flat(tree: Mapping[str, object], prefix: str) -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", str(value)
