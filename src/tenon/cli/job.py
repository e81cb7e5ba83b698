"""``tenon job``: a study that another program asked for, with everything in one folder and figures that programs read.

The platform's worker starts it. The folder holds ``job.json``: what to run. ``progress.json`` says how far it is, and
``report`` appears when all of it is written, with ``summary.json`` beside the page and the tables.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from tenon.schema import Result
    from tenon.studies import StudyConfiguration

__all__ = ["BUSY", "KINDS", "job"]

BUSY = 75
"""Exit status where another process is at work in the folder: come back later."""
_EVERY_SECONDS = 0.5
_Begin = Callable[[str], Callable[[int, int], None]]


@click.command(short_help="Run the study that FOLDER/job.json asks for; for programs.")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--attended", is_flag=True, help="End at once when standard input is closed.")
def job(folder: Path, *, attended: bool) -> int:
    """Run the study that FOLDER/job.json asks for, and write FOLDER/report.

    FOLDER/progress.json tells how far it is: stage, done and total. A folder whose report stands is left as it is, so
    that the command can be repeated; a run on a table goes on from its last finished day. Exit status: 0 done, 2
    refused, 75 another process is at work in FOLDER.
    """
    if attended:
        threading.Thread(target=_end_with_input, daemon=True).start()
    with _alone_in(folder) as alone:
        if not alone:
            click.echo(f"tenon: another process is at work in {folder}; come back when it is done.", err=True)
            return BUSY
        if not (folder / "report").is_dir():
            _run(folder)
    return 0


def _end_with_input() -> None:
    """Wait until whoever started this process is gone, and go too: nothing half-written takes its place."""
    # Past Python's own buffer, whose lock this thread would hold when the interpreter shuts down.
    while os.read(sys.stdin.fileno(), 1):
        pass
    os._exit(1)


@contextmanager
def _alone_in(folder: Path) -> Iterator[bool]:
    """Hold the folder; the system lets go of it when the process ends, however that happens."""
    try:
        import fcntl
    except ImportError:  # Windows
        yield True
        return
    with (folder / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _run(folder: Path) -> None:
    from tenon.studies import output_folder

    for draft in folder.glob(".report.*.part"):  # of an attempt that was killed
        shutil.rmtree(draft, ignore_errors=True)
    wanted = _read(folder / "job.json")
    begin = _progress(folder / "progress.json")
    kind, language = wanted.pop("kind"), wanted.pop("language", "en")
    with output_folder(folder / "report") as draft:
        summary = KINDS[kind](wanted, begin, draft, language)
        text = json.dumps(summary, ensure_ascii=False, allow_nan=False)
        (draft / "summary.json").write_text(text, encoding="utf-8")


def _read(file: Path) -> dict[str, Any]:
    from tenon.schema import ParameterError
    from tenon.schema.errors import nearest

    try:
        wanted = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ParameterError(f"{file} must be a job in JSON; {error}.") from None
    kind = wanted.get("kind") if isinstance(wanted, dict) else None
    if kind not in KINDS:
        raise ParameterError(f"kind in {file} is {kind!r}; {nearest(str(kind), list(KINDS))}")
    return dict(wanted)


def _progress(file: Path) -> _Begin:
    """Return what begins a stage, and writes how far it is whenever some time has gone by."""

    def write(stage: str, done: int, total: int) -> None:
        draft = file.with_suffix(".part")
        draft.write_text(json.dumps({"stage": stage, "done": done, "total": total}), encoding="ascii")
        draft.replace(file)

    def begin(stage: str) -> Callable[[int, int], None]:
        write(stage, 0, 0)
        last = time.monotonic()

        def advance(done: int, total: int) -> None:
            nonlocal last
            if time.monotonic() - last >= _EVERY_SECONDS:
                write(stage, done, total)
                last = time.monotonic()

        return advance

    return begin


def _chain_stress(wanted: Mapping[str, Any], begin: _Begin, draft: Path, language: str) -> dict[str, object]:
    from tenon.cli.chain_opening import open_chain
    from tenon.studies import stress_supply_chain

    figures = _only(wanted, {"chain": str, "closure_days": float, "within_days": float, "follow": int})
    begin("reading")
    chain = open_chain(figures.pop("chain"), "zh" if language == "zh" else "en")
    result = stress_supply_chain(chain, **figures, progress=begin("outages"))
    begin("writing")
    return _write_chain(result, draft, language)


def _chain_outage(wanted: Mapping[str, Any], begin: _Begin, draft: Path, language: str) -> dict[str, object]:
    from tenon.cli.chain_opening import open_chain
    from tenon.studies import stress_site

    figures = _only(wanted, {"chain": str, "site": str, "days": float})
    begin("reading")
    chain = open_chain(figures.pop("chain"), "zh" if language == "zh" else "en")
    result = stress_site(chain, figures.pop("site"), **figures, progress=begin("outages"))
    begin("writing")
    return _write_chain(result, draft, language)


def _write_chain(result: Result, draft: Path, language: str) -> dict[str, object]:
    from tenon.report import chain_summary, write_chain_report
    from tenon.studies import save_chain_study

    _must_be_whole(result)
    save_chain_study(result, draft)
    write_chain_report(result, draft / "report.html", language=language)
    return chain_summary(result)


def _table_stress(wanted: Mapping[str, Any], begin: _Begin, draft: Path, language: str) -> dict[str, object]:
    from dataclasses import replace

    from tenon.data import open_scenario
    from tenon.report import table_summary, write_report
    from tenon.studies import configure, save_study

    figures = _only(wanted, {"table": str, "scenario": str, "days": int})
    begin("reading")
    opened = open_scenario(figures["scenario"])
    if "days" in figures:
        opened = replace(opened, scenario=replace(opened.scenario, horizon_days=figures["days"]))
    study = configure(figures["table"], [opened])
    result = _resumed(study, draft.parent / "days", begin("days"))
    _must_be_whole(result)
    begin("writing")
    save_study(result, study, draft)
    write_report(result, draft / "report.html", language=language)
    return table_summary(result)


def _resumed(study: StudyConfiguration, store: Path, progress: Callable[[int, int], None]) -> Result:
    """Go on with the days of an earlier attempt, where these can be used."""
    from tenon.schema import SourceError
    from tenon.studies import run_study

    if store.is_dir():
        try:
            return run_study(study, store=store, resume=True, progress=progress)
        except SourceError:
            shutil.rmtree(store)  # it ended before its first checkpoint
    return run_study(study, store=store, progress=progress)


def _must_be_whole(result: Result) -> None:
    from tenon.schema import Status

    if result.status is Status.INTERRUPTED:
        raise KeyboardInterrupt


def _only(wanted: Mapping[str, Any], known: Mapping[str, type]) -> dict[str, Any]:
    """Refuse keys that the kind of study does not know, and values of another type."""
    from tenon.schema import ParameterError
    from tenon.schema.errors import nearest

    for name, value in wanted.items():
        if name not in known:
            raise ParameterError(f"the job has no key {name!r}; {nearest(name, list(known))}")
        fits = isinstance(value, int | float if known[name] is float else known[name]) and not isinstance(value, bool)
        if not fits:
            raise ParameterError(f"{name} of the job must be of type {known[name].__name__}; it is {value!r}.")
    return dict(wanted)


KINDS: Mapping[str, Callable[[Mapping[str, Any], _Begin, Path, str], dict[str, object]]] = {
    "chain stress": _chain_stress,
    "chain outage": _chain_outage,
    "table stress": _table_stress,
}
