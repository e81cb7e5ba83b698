"""``tenon economy systemic``: the economic systemic risk index of every firm."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import click

from tenon.cli.progress import stages

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from tenon.schema import SupplyNetwork
    from tenon.vulnerability import SystemicRules

__all__ = ["systemic"]

_INTERRUPTED = 130


class Options(TypedDict):
    """What the command line gives."""

    file: Path
    links: Path | None
    essentiality: str
    no_replacement: bool
    eps: float | None
    converged: bool
    count_final_demand: bool
    threads: int
    out: Path
    force: bool


@click.command(short_help="Rank firms by what their failure would cost.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--links", type=click.Path(path_type=Path), metavar="FILE", help="Links, if not links.csv beside the firms."
)
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
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("systemic-risk.csv"),
    show_default=True,
    metavar="FILE",
    help="CSV file to write.",
)
@click.option("--force", is_flag=True, help="Replace FILE if it is there.")
def systemic(**options: Unpack[Options]) -> int:
    """Compute the economic systemic risk index of every firm in FILE.

    FILE is a folder with firms.csv (firm, sector, and if known region and revenue) and links.csv (supplier, buyer,
    amount), or the file of firms. The index is the share of all output that is lost when the firm fails (Diem et al.
    2022). Ctrl-C keeps the finished firms.
    """
    from tenon.data import read_firms
    from tenon.schema import Status, TenonWarning
    from tenon.studies import check_new_file, systemic_sentences, write_systemic_risk
    from tenon.vulnerability import systemic_risk

    check_new_file(options["out"], replace=options["force"])
    with stages() as shown:
        shown.begin(f"Reading {options['file'].name}")
        network = read_firms(options["file"], options["links"])
        rules = _rules(options, network)
        advance = shown.begin(f"Letting {len(network)} firms fail, one at a time")
        with warnings.catch_warnings():
            # They are notes of the result and are printed below.
            warnings.simplefilter("ignore", TenonWarning)
            result = systemic_risk(network, rules=rules, progress=advance, threads=options["threads"])
        write_systemic_risk(result, options["out"], replace=options["force"])
    for line in systemic_sentences(result):
        click.echo(line)
    for note in result.notes:
        click.echo(f"Note: {note}", err=True)
    click.echo(f"All firms: {options['out'].resolve()}")
    if result.status is Status.INTERRUPTED:
        done = result.values.sizes["failure"]
        click.echo(f"tenon: interrupted; the {done} finished of {len(network)} firms are kept.", err=True)
        return _INTERRUPTED
    return 0


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
