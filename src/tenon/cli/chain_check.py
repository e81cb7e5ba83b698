"""``tenon chain check``: every problem of a workbook, with its place and its mend."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tenon.cli.progress import stages

if TYPE_CHECKING:
    from tenon.data import ChainProblem

__all__ = ["check"]

_PROBLEMS = 2


@click.command(short_help="List every problem of a chain's workbook, with its mend.")
@click.argument("file", type=click.Path(path_type=Path))
def check(file: Path) -> int:
    """Check the workbook FILE, or a folder of CSV files, and list all that is wrong with it.

    Exit status: 0 if it can be read, also with warnings; 2 if not.
    """
    from tenon.data import check_chain

    with stages() as shown:
        shown.begin(f"Reading and checking {file.name}")
        problems = check_chain(file)
    for line in _table(problems):
        click.echo(line)
    warnings = sum(problem.warning for problem in problems)
    errors = len(problems) - warnings
    if errors:
        click.echo(f"tenon: {file} has {_count(errors, 'error')} and {_count(warnings, 'warning')}.", err=True)
        return _PROBLEMS
    click.echo(f"{file} can be read" + (f"; {_count(warnings, 'warning')}." if warnings else "."))
    return 0


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _table(problems: Sequence[ChainProblem]) -> list[str]:
    """Set problems one below the other: kind, sheet, row, column, what is wrong with its mend."""
    cells = [
        (
            "warning" if problem.warning else "error",
            problem.sheet,
            "" if problem.row is None else str(problem.row),
            problem.column,
            f"{problem.what} {problem.mend}".strip(),
        )
        for problem in problems
    ]
    if not cells:
        return []
    head = ("kind", "sheet", "row", "column", "what is wrong, and how to mend it")
    widths = [max(len(row[place]) for row in (head, *cells)) for place in range(4)]
    return [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]])
        for row in (head, *cells)
    ]
