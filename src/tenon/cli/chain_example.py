"""``tenon chain example``: the worked example as a workbook."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from tenon.data import Language

__all__ = ["example"]


@click.command(short_help="Write the worked example, to look at and to change.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language of sheets.")
def example(file: Path, lang: Language) -> None:
    """Write a made-up maker of stainless plate to FILE, which ends in .xlsx; without an ending, a folder of CSV files.

    Nothing that exists is written over.
    """
    from tenon.data import example_chain, write_chain
    from tenon.data.chain_language import workbook_words

    chain = example_chain()
    write_chain(chain, file, language=lang)
    counted = {"sites": len(chain.sites), "parts": len(chain.parts), "supplies": len(chain.supplies)}
    click.echo(workbook_words(lang).say("command.example", file=file, **counted))
