"""``tenon chain stress``: take every site of a chain out, and write the report of what breaks."""

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
    from tenon.schema import Result

__all__ = ["stress"]

_INTERRUPTED = 130


class Options(TypedDict):
    """What the command line gives."""

    file: str
    outages: Path | None
    closure_days: float
    within_days: float
    follow: int
    out: Path | None
    force: bool
    lang: Language | None


@click.command(short_help="Take every site of a chain out, and write the report of what breaks.")
@click.argument("file", metavar="FILE")
@click.option("--outages", type=click.Path(path_type=Path), metavar="FILE", help="TOML file of outages of your own.")
@click.option(
    "--closure-days",
    type=float,
    default=30.0,
    show_default=True,
    help="How long lanes and passages close of which FILE does not say it.",
)
@click.option(
    "--within-days",
    type=float,
    default=0.0,
    show_default=True,
    help="Sources that can be started up within this time count as alternatives when single points are sought.",
)
@click.option(
    "--follow",
    type=click.IntRange(min=0),
    default=10,
    show_default=True,
    help="How many outages are followed from day to day: the most expensive, then those that nearly cost something.",
)
@report_options("tenon-out-CHAIN", workbook=True)
def stress(**options: Unpack[Options]) -> int:
    """Stress-test the chain in FILE: what each site, group, lane and passage costs if it fails.

    FILE is a workbook or a folder of CSV files (see 'tenon chain template'), or the word 'example' for the worked
    example. DIR then holds report.html, the tables as CSV and as tables.xlsx, and all values as result.nc. Ctrl-C ends
    the test early and keeps the finished outages.
    """
    from tenon.data import read_outages
    from tenon.report import chain_headlines
    from tenon.schema import Status
    from tenon.studies import check_folder, free_folder, output_folder, save_chain_study, stress_supply_chain

    if options["out"] is not None:
        check_folder(options["out"], replace=options["force"])
    outages = () if options["outages"] is None else read_outages(options["outages"])
    language = language_of(options["file"], options["lang"])
    with stages() as shown, spoken(language):
        shown.begin("Reading the chain")
        chain = open_chain(options["file"], language)
        folder = options["out"] or free_folder(Path(f"tenon-out-{file_name(chain.name)}"))
        result = stress_supply_chain(
            chain,
            outages,
            closure_days=options["closure_days"],
            within_days=options["within_days"],
            follow=options["follow"],
            progress=shown.begin("Taking out one after another"),
            follow_progress=shown.later("Following the most exposed from day to day"),
        )
        shown.begin("Writing the report")
        with output_folder(folder, replace=options["force"]) as draft:
            save_chain_study(result, draft)
            _write_report(result, draft, language)
    tell(result, chain_headlines(result, language), folder, language)
    return _INTERRUPTED if result.status is Status.INTERRUPTED else 0


def _write_report(result: Result, folder: Path, language: str) -> None:
    from tenon.report import write_chain_report

    write_chain_report(result, folder / "report.html", language=language)
