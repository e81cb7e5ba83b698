"""Problems of a chain's workbook: what is wrong, where, and how to mend it.

A mistake has consequences: without the sheet of sites no name of a site can be found. Such problems are marked as
following from others, and listed behind them, so that a cause is not buried under what it brings about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from tenon.data.chain_language import workbook_words
from tenon.data.names import Language

__all__ = ["ChainProblem", "Findings", "Place"]

_STEPS = ("sheet", "heading", "cell", "name", "whole")
# With more rows left out than these, any of them may have said anything: looking at each would take long.
_MOST_LEFT_OUT = 50


@dataclass(frozen=True, kw_only=True)
class ChainProblem:
    """One thing that is wrong with a workbook or folder.

    Parameters
    ----------
    sheet : str
        Sheet, or file without its ending; empty where the whole workbook is meant.
    row : int or None
        Row as the spreadsheet counts it, headings included; None where the whole sheet or column is meant.
    column : str
        What stands above the column; empty where the whole row or sheet is meant.
    what : str
        What is wrong.
    mend : str
        What to do.
    warning : bool
        Whether the chain can be read nevertheless.
    follows : bool
        Whether it may only follow from another problem, so that it may be gone when that one is mended.
    language : {"en", "zh"}
        Language of the sentences.

    Examples
    --------
    >>> print(ChainProblem(sheet="sites", row=4, column="latitude", what="is 231.", mend="Write degrees."))
    sheet 'sites', row 4, column 'latitude': is 231. Write degrees.
    """

    sheet: str
    row: int | None = None
    column: str = ""
    what: str
    mend: str
    warning: bool = False
    follows: bool = False
    language: Language = "en"

    def __str__(self) -> str:
        colon = workbook_words(self.language).say("place.colon")
        return f"{self.place}{colon}{self.said}"

    @property
    def place(self) -> str:
        """Sheet, row and column in words."""
        words = workbook_words(self.language)
        parts = [words.say("place.sheet", sheet=self.sheet) if self.sheet else words.say("place.workbook")]
        if self.row is not None:
            parts.append(words.say("place.row", row=self.row))
        if self.column:
            parts.append(words.say("place.column", column=self.column))
        return words.say("place.comma").join(parts)

    @property
    def said(self) -> str:
        """What is wrong, and what to do."""
        return f"{self.what} {self.mend}".strip() if self.language == "en" else self.what + self.mend


class Place(NamedTuple):
    """Where something stands, as the file calls it; see :class:`ChainProblem`."""

    sheet: str
    row: int | None = None
    column: str = ""


class Findings:
    """The problems of one workbook as they are found.

    Parameters
    ----------
    language : {"en", "zh"}
        Language in which they are said.
    """

    def __init__(self, language: Language = "en") -> None:
        self.words = workbook_words(language)
        self._problems: list[tuple[int, ChainProblem]] = []
        self._left_out: dict[str, list[Mapping[str, str | None]]] = {}
        self._unread: set[str] = set()

    def note(self, place: Place, key: str, *, warning: bool = False, follows: bool = False, **values: object) -> None:
        """Note a problem.

        Parameters
        ----------
        place : Place
            Where it stands.
        key : str
            Which sentence of the catalogue says what is wrong and how to mend it.
        warning : bool
            Whether the chain can be read nevertheless.
        follows : bool
            Whether it may only follow from another problem.
        **values : object
            What stands in the placeholders of the sentence.
        """
        problem = ChainProblem(
            **place._asdict(),
            what=self.words.say(f"{key}.what", **values),
            mend=self.words.say(f"{key}.mend", **values),
            warning=warning,
            follows=follows,
            language=self.words.language,
        )
        self._problems.append((_STEPS.index(key.partition(".")[0]), problem))

    def leave_out(self, sheet: str, names: Mapping[str, str | None] | None = None) -> None:
        """Remember that a row of a sheet, or all of it, is not used, because something is wrong with it.

        Parameters
        ----------
        sheet : str
            Name of the sheet.
        names : mapping of str to (str or None), optional
            What the row names by column, None where that is unknown; the whole sheet if left out.
        """
        rows = self._left_out.setdefault(sheet, [])
        if names is None or len(rows) >= _MOST_LEFT_OUT:
            self._unread.add(sheet)
        else:
            rows.append(names)

    def left_out(self, sheet: str) -> bool:
        """Say whether a sheet is not used at all.

        Parameters
        ----------
        sheet : str
            Name of the sheet.

        Returns
        -------
        bool
            True also if too many of its rows were left out to look at each.
        """
        return sheet in self._unread

    def may_say(self, sheet: str, names: Mapping[str, str]) -> bool:
        """Say whether a row that was left out may have named something.

        Parameters
        ----------
        sheet : str
            Name of the sheet.
        names : mapping of str to str
            What is looked for, by column.

        Returns
        -------
        bool
            True also if the sheet was left out as a whole.
        """
        return self.left_out(sheet) or any(
            all(row.get(column) in (None, name) for column, name in names.items())
            for row in self._left_out.get(sheet, ())
        )

    def refused(self) -> bool:
        """Say whether anything was found that makes the workbook unreadable.

        Returns
        -------
        bool
            False if there are at most warnings.
        """
        return any(not problem.warning for _, problem in self._problems)

    def problems(self, sheets: Sequence[str]) -> tuple[ChainProblem, ...]:
        """Return what was found: errors before warnings, and what may only follow from others at the end.

        Parameters
        ----------
        sheets : sequence of str
            Names of the sheets in order.

        Returns
        -------
        tuple of ChainProblem
            Causes first: sheets, headings, cells, names of other sheets, the whole; within these by sheet and row.
        """
        order = {name: position for position, name in enumerate(sheets)}
        causes = any(not problem.warning and not problem.follows for _, problem in self._problems)
        # Something must be mended first: where nothing else is wrong, nothing follows.
        found = [(step, problem if causes else replace(problem, follows=False)) for step, problem in self._problems]

        def rank(item: tuple[int, ChainProblem]) -> tuple[bool, bool, int, int, int]:
            step, problem = item
            return problem.follows, problem.warning, step, order.get(problem.sheet, -1), problem.row or 0

        return tuple(problem for _, problem in sorted(found, key=rank))
