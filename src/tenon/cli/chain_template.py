"""``tenon chain template``: an empty workbook to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from tenon.data import Language

__all__ = ["template"]


@click.command(short_help="Write an empty, documented workbook for a chain.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language of sheets.")
def template(file: Path, lang: Language) -> None:
    """Write an empty workbook to FILE, which ends in .xlsx; without an ending, a folder of CSV files.

    Its first sheet explains every column. Nothing that exists is written over.
    """
    from tenon.data import write_chain_template
    from tenon.data.chain_language import workbook_words

    write_chain_template(file, language=lang)
    click.echo(workbook_words(lang).say("command.template", file=file))
