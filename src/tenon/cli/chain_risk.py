"""``tenon chain risk``: what a year of bad luck costs a chain."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import click

from tenon.cli.chain_opening import language_of, open_chain, spoken, tell
from tenon.cli.options import report_options
from tenon.cli.progress import stages
from tenon.cli.stress import file_name

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from tenon.data import Language

__all__ = ["risk"]


class Options(TypedDict):
    """What the command line gives."""

    file: str
    years: int
    seed: int
    correlation: float
    workers: int
    store: Path | None
    out: Path | None
    force: bool
    lang: Language | None


@click.command(short_help="Draw many years of bad luck of a chain, and write the report of what they cost.")
@click.argument("file", metavar="FILE")
@click.option("--years", type=int, default=10_000, show_default=True, help="Years that are drawn.")
@click.option("--seed", type=int, default=0, show_default=True, help="The same seed gives the same years.")
@click.option(
    "--correlation",
    type=float,
    default=0.0,
    show_default=True,
    help="From 0 (groups fail independently) to 1 (good and bad years are the same for all).",
)
@click.option("--workers", type=int, default=1, show_default=True, help="Processes; figures do not depend on it.")
@click.option(
    "--store",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="File that keeps every finished price; after an interrupt the same command goes on from it.",
)
@report_options("tenon-out-CHAIN-risk", workbook=True)
def risk(**options: Unpack[Options]) -> int:
    """Say what a year of bad luck costs the chain in FILE, and how bad it gets.

    Sites and groups fail, and lanes and passages close, as often as FILE says (events a year), for times between quick
    and slow recovery. FILE is a workbook or a folder of CSV files (see 'tenon chain template'), or the word 'example'.
    DIR then holds report.html, the tables as CSV and as tables.xlsx, and all values as result.nc.
    """
    from tenon.report import risk_headlines, write_risk_report
    from tenon.studies import chain_risk, check_folder, free_folder, output_folder, save_chain_risk

    if options["out"] is not None:
        check_folder(options["out"], replace=options["force"])
    language = language_of(options["file"], options["lang"])
    with stages() as shown, spoken(language):
        shown.begin("Reading the chain")
        chain = open_chain(options["file"], language)
        folder = options["out"] or free_folder(Path(f"tenon-out-{file_name(chain.name)}-risk"))
        result = chain_risk(
            chain,
            years=options["years"],
            seed=options["seed"],
            correlation=options["correlation"],
            workers=options["workers"],
            store=options["store"],
            progress=shown.begin(f"Pricing what fails in {options['years']} years"),
        )
        shown.begin("Writing the report")
        with output_folder(folder, replace=options["force"]) as draft:
            save_chain_risk(result, draft)
            write_risk_report(result, draft / "report.html", language=language)
    tell(result, risk_headlines(result, language), folder, language)
    return 0
