"""``tenon stress``: run scenarios on a table and write the report."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import click

from tenon.cli.outcome import INTERRUPTED

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from tenon.data import ScenarioFile
    from tenon.studies import StudyConfiguration

__all__ = ["file_name", "stress"]


class Options(TypedDict):
    """What the command line gives."""

    scenario: tuple[str, ...]
    table: str | None
    out: Path | None
    force: bool
    lang: str
    boundaries: Path | None
    days: int | None
    inventory_days: float | None
    store: Path | None
    resume: bool


@click.command(short_help="Run scenarios on a table and write the report.")
@click.argument("scenario", nargs=-1, required=True)
@click.option("--table", metavar="NAME|FILE", help="Table to run on; the bundled world table if left out.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder for report and results; tenon-out-SCENARIO, numbered if taken, if left out.",
)
@click.option("--force", is_flag=True, help="Replace the files of an earlier study in DIR.")
@click.option(
    "--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language of the report."
)
@click.option(
    "--boundaries",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="GeoJSON file of outlines for the map; bubbles if left out.",
)
@click.option("--days", type=int, metavar="N", help="Length of the run instead of the one in the scenarios.")
@click.option(
    "--inventory-days",
    type=float,
    metavar="N",
    help="Days of use of every input that buyers hold, instead of the defaults of the table and the scenarios.",
)
@click.option(
    "--store",
    type=click.Path(path_type=Path),
    metavar="DAYS",
    help="Folder in which every finished day is kept while the study runs, so that it can be resumed.",
)
@click.option("--resume", is_flag=True, help="Go on with the interrupted run in DAYS.")
def stress(**options: Unpack[Options]) -> int:
    """Run one or several SCENARIOs side by side and write a report of what breaks.

    SCENARIO is a name of the library (see 'tenon scenarios'), a TOML file, or the study.toml of an earlier run, which
    is run again. DIR then holds report.html, tables as CSV, all values as result.nc (netCDF), and study.toml. Ctrl-C
    ends a run early and keeps the finished days; with --store it can go on from there.
    """
    from tenon.cli.outcome import run_and_report
    from tenon.studies import check_folder, free_folder, run_study

    if options["out"] is not None:
        check_folder(options["out"], replace=options["force"])
    configuration, texts = _study(options)
    first = configuration.scenarios[0].name
    folder = options["out"] or free_folder(Path(f"tenon-out-{file_name(first)}"))
    store = _store_beside(folder, options["store"])
    status = run_and_report(
        configuration,
        partial(run_study, configuration, texts=texts, store=store, resume=options["resume"]),
        folder,
        replace=options["force"],
        language=options["lang"],
        boundaries=options["boundaries"],
    )
    if status == INTERRUPTED and store is not None:
        click.echo(f"tenon: the same command with --resume goes on with the days in {store}.", err=True)
    return status


def _store_beside(folder: Path, store: Path | None) -> Path | None:
    from tenon.schema import StorageError

    if store is not None and folder.resolve() in {store.resolve(), *store.resolve().parents}:
        message = (
            f"the days cannot be kept in {store}, because {folder} must be free when the report is written; give "
            "--store a folder outside of it."
        )
        raise StorageError(message)
    return store


def _study(options: Options) -> tuple[StudyConfiguration, dict[str, str]]:
    """Return what is to be run, and the texts of the files that the scenarios came from."""
    from tenon.data import open_scenario
    from tenon.studies import DEFAULT_TABLE, configure, is_study, read_study

    network = {} if options["inventory_days"] is None else {"inventory_days": options["inventory_days"]}
    names = options["scenario"]
    if len(names) == 1 and is_study(names[0]):
        study = read_study(names[0])
        changed = {**network} if options["table"] is None else {**network, "table": options["table"]}
        study = replace(study, **changed)
        return _shortened(study, options["days"]), {}
    opened: list[ScenarioFile] = [open_scenario(name) for name in names]
    study = configure(options["table"] or DEFAULT_TABLE, opened, network=network)
    texts = {} if options["days"] else {file.scenario.name: file.text for file in opened}
    return _shortened(study, options["days"]), texts


def _shortened(study: StudyConfiguration, days: int | None) -> StudyConfiguration:
    if days is None:
        return study
    scenarios = tuple(replace(scenario, horizon_days=days) for scenario in study.scenarios)
    return replace(study, scenarios=scenarios)


def file_name(name: str) -> str:
    """Turn the name of a scenario into part of the name of a folder.

    Parameters
    ----------
    name : str
        Any text.

    Returns
    -------
    str
        Letters, digits, ``-``, ``_`` and ``.``.

    Examples
    --------
    >>> file_name("fire: JPN/KOR")
    'fire--JPN-KOR'
    """
    return "".join(letter if letter.isalnum() or letter in "-_." else "-" for letter in name).strip("-.") or "study"
