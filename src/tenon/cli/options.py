"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

__all__ = ["report_options", "workbook_language_option"]

F = TypeVar("F", bound=Callable[..., Any])


def report_options(named: str, *, workbook: bool = False) -> Callable[[F], F]:
    """Give a command the options of where its report goes and in which language it is.

    Parameters
    ----------
    named : str
        The folder's name where none is given, for the help.
    workbook : bool
        Whether the language is that of a workbook where none is given, and not English.

    Returns
    -------
    callable
        Adds ``--out``, ``--force`` and ``--lang``.
    """

    def add(command: F) -> F:
        if workbook:
            command = workbook_language_option("Language of report and notes")(command)
        else:
            language = click.Choice(["en", "zh"])
            command = click.option(
                "--lang", type=language, default="en", show_default=True, help="Language of the report."
            )(command)
        command = click.option("--force", is_flag=True, help="Replace the files of an earlier study in DIR.")(command)
        where = f"Folder for report and tables; {named}, numbered if taken, if left out."
        return click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help=where)(command)

    return add


def workbook_language_option(what: str) -> Callable[[F], F]:
    """Give a command the option of its language, which is that of the workbook where it is left out.

    Parameters
    ----------
    what : str
        What is in that language, for the help.

    Returns
    -------
    callable
        Adds ``--lang``.
    """
    return click.option(
        "--lang", type=click.Choice(["en", "zh"]), help=f"{what}; that of the workbook's headings if left out."
    )
