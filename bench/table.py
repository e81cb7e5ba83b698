"""The one table that the bench prints and writes into the manual."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

__all__ = ["BEGIN", "END", "Row", "duration", "markdown", "rewrite", "thread_count"]

BEGIN = "<!-- written by make bench: begin -->"
END = "<!-- written by make bench: end -->"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One comparison.

    Parameters
    ----------
    case : str
        What was done.
    measured : str
        What tenon took.
    against : str
        What it is compared with, and what that took.
    value : float, optional
        The ratio, or the figure that has the target; none if only one side could be measured.
    unit : str
        Unit of the value; ``"x"`` for a ratio.
    least, most : float, optional
        The target.
    """

    case: str
    measured: str
    against: str = ""
    value: float | None = None
    unit: str = "x"
    least: float | None = None
    most: float | None = None

    @property
    def target(self) -> str:
        """The target in words."""
        if self.least is not None:
            return f"at least {_figure(self.least, self.unit)}"
        return f"at most {_figure(self.most, self.unit)}" if self.most is not None else ""

    @property
    def verdict(self) -> str:
        """Whether the target was reached."""
        if self.value is None or (self.least is None and self.most is None):
            return ""
        reached = self.value >= self.least if self.least is not None else self.value <= (self.most or 0.0)
        return "yes" if reached else "**no**"


def markdown(rows: Iterable[Row]) -> str:
    """Return rows as a table.

    Parameters
    ----------
    rows : iterable of Row
        In the order in which they are shown.

    Returns
    -------
    str
        Lines of Markdown.

    Examples
    --------
    >>> print(markdown([Row(case="a day", measured="2 ms", against="peer 80 ms", value=40.0, least=30.0)]))
    | case | tenon | against | ratio | target | reached |
    |---|---|---|---:|---|---|
    | a day | 2 ms | peer 80 ms | 40x | at least 30x | yes |
    """
    lines = ["| case | tenon | against | ratio | target | reached |", "|---|---|---|---:|---|---|"]
    for row in rows:
        value = "" if row.value is None else _figure(row.value, row.unit)
        cells = (row.case, row.measured, row.against, value, row.target, row.verdict)
        lines.append(f"| {' | '.join(cells)} |".replace("|  |", "| |").replace("|  |", "| |"))
    return "\n".join(lines)


def rewrite(page: Path, text: str, marks: tuple[str, str] = (BEGIN, END)) -> None:
    """Replace what stands between the two marks of a page.

    Parameters
    ----------
    page : Path
        A page of the manual that holds both marks.
    text : str
        What shall stand there.
    marks : tuple of str
        The lines before and after it.

    Raises
    ------
    ValueError
        If a mark is missing.
    """
    begin, end = marks
    old = page.read_text(encoding="utf-8")
    if old.count(begin) != 1 or old.count(end) != 1:
        message = (
            f"{page} must hold the lines {begin!r} and {end!r} once each, so that the table can be put between them."
        )
        raise ValueError(message)
    before, _, rest = old.partition(begin)
    after = rest.partition(end)[2]
    page.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", encoding="utf-8")


def duration(seconds: float) -> str:
    """Return a time with three digits.

    Examples
    --------
    >>> duration(0.00123456), duration(0.0721), duration(3.774), duration(411.2)
    ('1.23 ms', '72.1 ms', '3.77 s', '411 s')
    """
    value, unit = (seconds, "s") if seconds >= 1 else (1e3 * seconds, "ms")
    decimals = max(0, 2 - math.floor(math.log10(value))) if value > 0 else 0
    return f"{value:.{decimals}f} {unit}"


def thread_count(threads: int) -> str:
    """Return a number of threads in words.

    Examples
    --------
    >>> thread_count(1), thread_count(2)
    ('one thread', '2 threads')
    """
    return "one thread" if threads == 1 else f"{threads} threads"


def _figure(value: float | None, unit: str) -> str:
    """Return a figure with two or three digits that mean something, never in powers of ten."""
    if value is None:
        return ""
    decimals = max(0, 1 - math.floor(math.log10(value))) if value > 0 else 0
    digits = f"{value:.{decimals}f}"
    return f"{digits}x" if unit == "x" else f"{digits} {unit}"
