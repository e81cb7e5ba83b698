"""Problems of a chain's workbook: what is wrong, where, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ChainProblem", "Findings"]


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

    def __str__(self) -> str:
        return f"{self.place}: {self.what} {self.mend}".strip()

    @property
    def place(self) -> str:
        """Sheet, row and column in words."""
        row = "" if self.row is None else f"row {self.row}"
        column = f"column {self.column!r}" if self.column else ""
        sheet = f"sheet {self.sheet!r}" if self.sheet else "workbook"
        return ", ".join(part for part in (sheet, row, column) if part)


class Findings:
    """The problems of one workbook as they are found."""

    def __init__(self) -> None:
        self._problems: list[ChainProblem] = []

    def add(self, problem: ChainProblem) -> None:
        """Note a problem.

        Parameters
        ----------
        problem : ChainProblem
            What was found.
        """
        self._problems.append(problem)

    def refused(self) -> bool:
        """Say whether anything was found that makes the workbook unreadable.

        Returns
        -------
        bool
            False if there are at most warnings.
        """
        return any(not problem.warning for problem in self._problems)

    def problems(self, sheets: list[str]) -> tuple[ChainProblem, ...]:
        """Return what was found, in the order of the workbook.

        Parameters
        ----------
        sheets : list of str
            Names of the sheets in order.

        Returns
        -------
        tuple of ChainProblem
            By sheet and row.
        """
        order = {name: position for position, name in enumerate(sheets)}
        return tuple(sorted(self._problems, key=lambda item: (order.get(item.sheet, -1), item.row or 0)))
