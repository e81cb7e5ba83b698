"""``tenon chain check``: every problem of a workbook, with its place and its mend."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tenon.cli.options import workbook_language_option
from tenon.cli.progress import stages

if TYPE_CHECKING:
    from tenon.data import ChainProblem, Language
    from tenon.data.chain_language import Words

__all__ = ["check"]

_PROBLEMS = 2
_ROWS_NAMED = 6


@click.command(short_help="List every problem of a chain's workbook, with its mend.")
@click.argument("file", type=click.Path(path_type=Path))
@workbook_language_option("Language of messages")
def check(file: Path, lang: Language | None) -> int:
    """Check the workbook FILE, or a folder of CSV files, and list all that is wrong with it.

    Causes come first; problems that may only follow from them are counted, and listed once these are mended.

    Exit status: 0 if it can be read, also with warnings; 2 if not.
    """
    from tenon.data import check_chain, workbook_language
    from tenon.data.chain_language import workbook_words

    words = workbook_words(lang or workbook_language(file))
    with stages() as shown:
        shown.begin(words.say("command.reading", file=file.name))
        problems = check_chain(file, language=words.language)
    causes = [problem for problem in problems if not problem.follows]
    for line in _table(causes, words):
        click.echo(line)
    if follow := len(problems) - len(causes):
        click.echo(_count("follows", follow, words))
    warnings = sum(problem.warning for problem in causes)
    errors = len(causes) - warnings
    counted = {"errors": _count("errors", errors, words), "warnings": _count("warnings", warnings, words)}
    if errors:
        key = "command.refused" if warnings else "command.refused_errors"
        click.echo(words.say(key, file=file, **counted), err=True)
        return _PROBLEMS
    key = "command.right_with_warnings" if warnings else "command.right"
    click.echo(words.say(key, file=file, **counted))
    return 0


def _count(what: str, number: int, words: Words) -> str:
    return words.say(f"command.{what}.{'one' if number == 1 else 'many'}", number=number)


def _table(problems: Sequence[ChainProblem], words: Words) -> list[str]:
    """Set problems one below the other: kind, sheet, rows, column, what is wrong with its mend.

    What is said of several rows in the same words stands in one line.
    """
    rows: dict[tuple[str, str, str, str], list[str]] = {}
    for problem in problems:
        kind = words.say("command.kind.warning" if problem.warning else "command.kind.error")
        same = rows.setdefault((kind, problem.sheet, problem.column, problem.said), [])
        if problem.row is not None:
            same.append(str(problem.row))
    if not rows:
        return []
    head = tuple(words.say(f"command.head.{name}") for name in ("kind", "sheet", "row", "column", "what"))
    cells = [
        (kind, sheet, _rows(numbers, words), column, said) for (kind, sheet, column, said), numbers in rows.items()
    ]
    widths = [max(_width(row[place]) for row in (head, *cells)) for place in range(4)]
    return ["  ".join([*map(_padded, row, widths), row[-1]]) for row in (head, *cells)]


def _rows(numbers: Sequence[str], words: Words) -> str:
    listed = ", ".join(numbers[:_ROWS_NAMED])
    more = len(numbers) - _ROWS_NAMED
    return words.say("command.more_rows", rows=listed, number=more) if more > 0 else listed


def _width(text: str) -> int:
    """Width on a screen, where signs of Chinese take the place of two letters."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
