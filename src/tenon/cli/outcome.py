"""Running a study for the command line: progress, the folder with the report, the headline, the exit status."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tenon.cli.progress import stages

if TYPE_CHECKING:
    from tenon.schema import Result
    from tenon.studies import StudyConfiguration

__all__ = ["INTERRUPTED", "run_and_report"]

INTERRUPTED = 130
"""Exit status of a run that was interrupted, as shells have it for Ctrl-C."""


def run_and_report(
    configuration: StudyConfiguration,
    run: Callable[..., Result],
    folder: Path,
    *,
    replace: bool,
    language: str,
    boundaries: Path | None,
) -> int:
    """Run a study, write its folder with the report, and print the headline.

    Parameters
    ----------
    configuration : StudyConfiguration
        What is run.
    run : callable
        Runs it: takes ``progress``, a callback of the days done and the days in all, and returns the result.
    folder : Path
        Where everything is written.
    replace : bool
        Whether files of an earlier study may be replaced.
    language : str
        ``"en"`` or ``"zh"``.
    boundaries : Path, optional
        GeoJSON file of outlines for the map.

    Returns
    -------
    int
        Exit status: 0, or 130 if the run was interrupted.

    Raises
    ------
    StorageError
        If the folder is taken or cannot be written.
    """
    from tenon.report import headlines, write_report
    from tenon.report.outlines import read_outlines
    from tenon.schema import Status, TenonWarning
    from tenon.studies import check_folder, output_folder, save_study

    check_folder(folder, replace=replace)
    if boundaries is not None:
        # Read once before the run, so that a wrong file costs no waiting.
        read_outlines(boundaries)
    with stages() as shown:
        preparing = advance = shown.begin("Preparing (the first run compiles the model)")

        def days(done: int, total: int) -> None:
            nonlocal advance
            if advance is preparing:
                advance = shown.begin(f"Running {total} days")
            advance(done, total)
            if done == total:
                advance = shown.begin("Tracing who is hit through whom")

        with warnings.catch_warnings():
            # They are notes of the result and are printed below.
            warnings.simplefilter("ignore", TenonWarning)
            result = run(progress=days)
        shown.begin("Writing the report")
        with output_folder(folder, replace=replace) as draft:
            save_study(result, configuration, draft)
            write_report(result, draft / "report.html", language=language, boundaries=boundaries)
    for line in headlines(result, language):
        click.echo(line)
    for note in result.notes:
        click.echo(f"Note: {note}", err=True)
    click.echo(f"Report: {(folder / 'report.html').resolve()}")
    if result.status is Status.INTERRUPTED:
        click.echo(_what_is_kept(result, configuration, folder), err=True)
        return INTERRUPTED
    return 0


def _what_is_kept(result: Result, configuration: StudyConfiguration, folder: Path) -> str:
    done = result.values.sizes["day"]
    wanted = max(scenario.horizon_days for scenario in configuration.scenarios)
    return (
        f"tenon: interrupted on day {done} of {wanted}; days 0 to {done - 1} are kept in {folder} "
        "(result.nc, report.html and tables)."
    )
