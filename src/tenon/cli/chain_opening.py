"""What the commands on a chain have in common: opening it, and speaking the language of its workbook."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from tenon.data import Language
    from tenon.schema import Result, SupplyChain

__all__ = ["EXAMPLE", "language_of", "open_chain", "spoken", "tell"]

EXAMPLE = "example"
"""What stands for the worked example in the place of a file."""


def language_of(file: str, chosen: Language | None) -> Language:
    """Say in which language a command speaks.

    Parameters
    ----------
    file : str
        Workbook or folder of CSV files, or the word ``example``.
    chosen : {"en", "zh"}, optional
        What the user chose.

    Returns
    -------
    {"en", "zh"}
        The choice, or the language of the workbook.
    """
    from tenon.data import workbook_language

    return chosen or ("en" if file == EXAMPLE else workbook_language(Path(file)))


def open_chain(file: str, language: Language) -> SupplyChain:
    """Read a chain, or take the worked example.

    Parameters
    ----------
    file : str
        Workbook or folder of CSV files, or the word ``example``.
    language : {"en", "zh"}
        Language of what is said of a wrong one.

    Returns
    -------
    SupplyChain
        The chain.

    Raises
    ------
    SourceError
        If it cannot be read.
    """
    from tenon.data import example_chain, read_chain

    return example_chain() if file == EXAMPLE else read_chain(Path(file), language=language)


@contextmanager
def spoken(language: Language) -> Iterator[None]:
    """Say in a language what is refused in English, where the sentence is known.

    Parameters
    ----------
    language : {"en", "zh"}
        Language of the reader.

    Yields
    ------
    None
        While something may be refused.

    Raises
    ------
    ChainError
        The same refusal in other words.
    """
    from tenon.report.notes import told_in
    from tenon.schema import ChainError

    try:
        yield
    except ChainError as error:
        raise ChainError(told_in(language, str(error)) or str(error)) from error


def tell(result: Result, headlines: list[str], folder: Path, language: Language) -> None:
    """Print what was found, what the reader should know, and where the report is.

    Parameters
    ----------
    result : Result
        With notes.
    headlines : list of str
        What was found.
    folder : Path
        Where the report is.
    language : {"en", "zh"}
        Language of the reader.
    """
    from tenon.report import notes_in_language
    from tenon.report.notes import command_line

    for line in headlines:
        click.echo(line)
    for note in notes_in_language(result.notes, language):
        click.echo(command_line(language, "note", note), err=True)
    click.echo(command_line(language, "report", (folder / "report.html").resolve()))
