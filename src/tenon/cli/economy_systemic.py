"""``tenon economy systemic``: the economic systemic risk index of every firm."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import click

from tenon.cli.options import report_options
from tenon.cli.progress import stages
from tenon.cli.stress import file_name

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from tenon.schema import Result, SupplyNetwork
    from tenon.vulnerability import SystemicRules

__all__ = ["systemic"]

_INTERRUPTED = 130
_FIRMS, _LINKS, _SEED = 3000, 100_000, 1


class Economy(TypedDict):
    """Where the command line says that the economy comes from."""

    file: Path | None
    links_file: Path | None
    synthetic: str | None
    firms: int | None
    links: int | None
    seed: int | None


class Options(Economy):
    """What the command line gives."""

    essentiality: str
    no_replacement: bool
    eps: float | None
    converged: bool
    count_final_demand: bool
    threads: int
    out: Path | None
    force: bool
    lang: str


@click.command(short_help="Rank firms by what their failure would cost, and write the report.")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option(
    "--links-file", type=click.Path(path_type=Path), metavar="FILE", help="Links, if not links.csv beside the firms."
)
@click.option("--synthetic", metavar="TABLE", help="Instead of FILE: firms made up from the totals of a table.")
@click.option("--firms", type=int, metavar="N", help=f"Synthetic firms, {_FIRMS} if left out.")
@click.option("--links", type=int, metavar="N", help=f"Synthetic links, {_LINKS} if left out.")
@click.option("--seed", type=int, metavar="N", help=f"Seed of the synthetic economy, {_SEED} if left out.")
@click.option(
    "--essentiality",
    default="leontief",
    show_default=True,
    metavar="leontief|linear|FILE",
    help="How much buyers need each input: all of them, in proportion, or by a CSV matrix of 0, 1 and 2.",
)
@click.option("--no-replacement", is_flag=True, help="Nobody takes over from a failing firm of the same sector.")
@click.option("--eps", type=float, metavar="X", help="Loss that is neglected: 0.01, or 1e-10 with --converged.")
@click.option("--converged", is_flag=True, help="Follow losses to the end; needs the revenue of firms.")
@click.option(
    "--count-final-demand", is_flag=True, help="Count sales to final users as sales (with --converged: always)."
)
@click.option("--threads", type=int, default=2, show_default=True, metavar="N", help="Threads; figures do not change.")
@report_options("tenon-out-ECONOMY")
def systemic(**options: Unpack[Options]) -> int:
    """Compute the economic systemic risk index of every firm in FILE.

    FILE is a folder with firms.csv (firm, sector, and if known region and revenue) and links.csv (supplier, buyer,
    amount), or the file of firms. The index is the share of all output that is lost when the firm fails (Diem et al.
    2022). DIR then holds report.html, systemic-risk.csv, and all values as result.nc. Ctrl-C ends the run early and
    keeps the finished firms.
    """
    from tenon.report import write_systemic_report
    from tenon.schema import Status, TenonWarning
    from tenon.studies import check_folder, free_folder, output_folder, save_systemic_risk
    from tenon.vulnerability import systemic_risk

    _check_source(options)
    if options["out"] is not None:
        check_folder(options["out"], replace=options["force"])
    with stages() as shown:
        shown.begin("Reading the economy")
        network = _economy(options)
        rules = _rules(options, network)
        folder = options["out"] or free_folder(Path(f"tenon-out-{file_name(network.name)}"))
        advance = shown.begin(f"Letting {len(network)} firms fail, one at a time")
        with warnings.catch_warnings():
            # They are notes of the result and are printed below.
            warnings.simplefilter("ignore", TenonWarning)
            result = systemic_risk(network, rules=rules, progress=advance, threads=options["threads"])
        if not result.values.sizes["failure"]:
            raise KeyboardInterrupt
        shown.begin("Writing the report")
        with output_folder(folder, replace=options["force"]) as draft:
            save_systemic_risk(result, draft)
            write_systemic_report(result, draft / "report.html", language=options["lang"])
    _tell(result, folder, options["lang"])
    if result.status is Status.INTERRUPTED:
        done = result.values.sizes["failure"]
        click.echo(f"tenon: interrupted; the {done} finished of {len(network)} firms are kept.", err=True)
        return _INTERRUPTED
    return 0


def _check_source(options: Economy) -> None:
    """Refuse an economy that comes from nowhere or from two places, before anything is read."""
    from tenon.schema import ParameterError

    if (options["file"] is None) == (options["synthetic"] is None):
        came = "none came" if options["file"] is None else "both came"
        message = f"give either FILE with the firms of an economy, or --synthetic TABLE to make one up; {came}."
        raise ParameterError(message)
    made_up = ("firms", "links", "seed")
    idle = ["--links-file"] if options["links_file"] is not None else []
    if options["synthetic"] is None:
        idle = [f"--{name}" for name in made_up if options[name] is not None]  # type: ignore[literal-required]  # three of its keys
    if idle:
        source = "--synthetic TABLE" if options["synthetic"] is not None else "FILE"
        advice = "for links of your own, give --links-file" if "--links" in idle else "leave that out"
        message = f"{' and '.join(idle)} cannot go with {source}; {advice}."
        raise ParameterError(message)


def _economy(options: Economy) -> SupplyNetwork:
    from tenon.data import load, read_firms, synthetic_firms

    if options["file"] is not None:
        return read_firms(options["file"], options["links_file"])
    firms, links, seed = (
        usual if given is None else given
        for given, usual in ((options["firms"], _FIRMS), (options["links"], _LINKS), (options["seed"], _SEED))
    )
    return synthetic_firms(load(str(options["synthetic"])), firms=firms, links=links, seed=seed)


def _rules(options: Options, network: SupplyNetwork) -> SystemicRules:
    from tenon.data import read_essentiality
    from tenon.vulnerability import Converged, EarlyStop, Essentiality, SystemicRules

    pure = {"leontief": Essentiality.ESSENTIAL, "linear": Essentiality.NON_ESSENTIAL}
    needs = options["essentiality"]
    kind = Converged if options["converged"] else EarlyStop
    return SystemicRules(
        essentiality=pure[needs] if needs in pure else read_essentiality(needs, network.products),
        replaceable=not options["no_replacement"],
        stopping=kind() if options["eps"] is None else kind(options["eps"]),
        count_final_demand=options["converged"] or options["count_final_demand"],
    )


def _tell(result: Result, folder: Path, language: str) -> None:
    from tenon.report import systemic_headlines

    for line in systemic_headlines(result, language):
        click.echo(line)
    for note in result.notes:
        click.echo(f"Note: {note}", err=True)
    click.echo(f"Report: {(folder / 'report.html').resolve()}")
