"""Daily propagation of shocks through a supply network."""

from __future__ import annotations

import platform
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import numpy as np

from tenon.propagation._collapse import collapse_notes
from tenon.propagation._interrupts import interrupt_afterwards
from tenon.propagation._labels import label_records
from tenon.propagation._records import (
    DEFAULT_RECORDS,
    RECORDS,
    FolderSink,
    MemorySink,
    Sink,
    check_records,
    read_checkpoint,
)
from tenon.propagation._run import Run
from tenon.propagation.parameters import Parameters
from tenon.schema import Float, ParameterError, Result, Scenario, ScenarioError, Status, SupplyNetwork, TenonWarning

__all__ = ["propagate"]

Progress = Callable[[int, int], None]
_CHECKPOINT_DAYS = 30


def propagate(  # noqa: PLR0913  # budget: independent choices of a run, most by keyword and with a default
    network: SupplyNetwork,
    scenarios: Scenario | Sequence[Scenario],
    parameters: Parameters | None = None,
    *,
    records: Sequence[str] = DEFAULT_RECORDS,
    store: Path | None = None,
    resume: bool = False,
    progress: Progress | None = None,
    threads: int = 1,
) -> Result:
    """Run the daily model of a supply network under one or several scenarios.

    Each day agents produce the least of demand, capacity and what their stocks of inputs allow; they ration their
    customers if they must, receive what was ordered the day before, and order for use and restocking. The equations,
    with their sources, stand in ``docs/explanation/propagation.md``.

    Parameters
    ----------
    network : SupplyNetwork
        ``N`` agents, ``S`` products, ``D`` demanders; flows per day.
    scenarios : Scenario or sequence of Scenario
        Run side by side to the longest horizon; names must differ.
    parameters : Parameters, optional
        Rules and figures; the ARIO family by default.
    records : sequence of str
        What is kept of each day; see ``tenon.propagation.RECORDS``.
    store : Path, optional
        Folder for the records and, at the start, every thirty days and at the end or an interrupt, a checkpoint; all in
        memory if left out.
    resume : bool
        Go on with the run in ``store`` from its last checkpoint.
    progress : callable, optional
        Called with the days done and the days in all.
    threads : int, at least 1
        Threads for large networks; results do not depend on them.

    Returns
    -------
    Result
        Labelled records with conservation residuals. ``Status.INTERRUPTED``, with the finished days, if the user
        interrupts: the day that is under way is finished first, unless the user interrupts twice.

    Raises
    ------
    LabelError
        If a scenario or a parameter names something that the network lacks.
    ShockError
        If overlapping losses exceed one or a damage exceeds the capital.
    ParameterError
        If a rule does not go with the network, or the records do not fit into memory.
    ScenarioError
        If there is no scenario or two have one name.
    StorageError, SourceError
        If the store cannot be written, or holds another run.
    """
    chosen = (scenarios,) if isinstance(scenarios, Scenario) else tuple(scenarios)
    _check_arguments(chosen, store, resume=resume, threads=threads)
    parameters = Parameters() if parameters is None else parameters
    names = check_records(records)
    started = time.perf_counter()
    run = Run(network, chosen, parameters, threads=threads)
    notes = collapse_notes(run.layout, parameters)
    for note in notes:
        warnings.warn(note, TenonWarning, stacklevel=2)
    horizon = max(scenario.horizon_days for scenario in chosen)
    sink, first = _choose_sink(run, names, horizon, store, resume=resume)
    try:
        status, days = _run_days(run, sink, names, range(first, horizon), progress)
        kept = sink.finish(days)
    finally:
        sink.close()
    totals = {
        "production_lost": run.lost[:, run.layout.position],
        "recovery_day": _recovery_day(run, days)[:, run.layout.position],
    }
    values = label_records(network, tuple(scenario.name for scenario in chosen), kept, totals)
    scale = max(float(run.layout.output.sum()), float(np.finfo(float).tiny))
    return Result(
        values=values,
        status=status,
        residuals={
            "production against deliveries": float(run.residuals[0]) / scale,
            "stocks against their flows": float(run.residuals[1]) / scale,
            "production above demand": float(run.residuals[2]) / scale,
        },
        notes=notes,
        provenance=_provenance(network, chosen, parameters, seconds=time.perf_counter() - started),
    )


def _check_arguments(scenarios: tuple[Scenario, ...], store: Path | None, *, resume: bool, threads: int) -> None:
    if not scenarios:
        message = "at least one scenario is required, none came."
        raise ScenarioError(message)
    names = [scenario.name for scenario in scenarios]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        message = f"two scenarios are called {twice[0]!r}; results are labelled by name, so give each its own."
        raise ScenarioError(message)
    if resume and store is None:
        message = (
            "resume needs a store: runs in memory leave nothing to go on from; give the folder of the interrupted run "
            "(--store)."
        )
        raise ParameterError(message)
    if threads < 1:
        message = f"threads must be at least 1, but is {threads}."
        raise ParameterError(message)


def _choose_sink(
    run: Run, names: tuple[str, ...], horizon: int, store: Path | None, *, resume: bool
) -> tuple[Sink, int]:
    """Return where records go, and the day from which the run starts."""
    network = run.layout.network
    sizes = {"agent": len(network), "product": len(network.products), "demander": len(network.demanders)}
    shapes = {name: (len(run.scenarios), *(sizes[dim] for dim in RECORDS[name].dims)) for name in names}
    if store is None:
        return MemorySink(shapes, horizon), 0
    signature = run.signature()
    if not resume:
        return FolderSink(store, shapes, horizon, signature=signature), 0
    first, state = read_checkpoint(store, signature, names)
    run.restore(state)
    return FolderSink(store, shapes, horizon, signature=signature, resume_from=first), first


def _run_days(
    run: Run, sink: Sink, names: tuple[str, ...], days: range, progress: Progress | None
) -> tuple[Status, int]:
    """Run the days; return early, with the number of finished days, on an interrupt."""
    begun = finished = days.start
    totals = (run.lost, run.last_day_below, run.residuals)
    before: list[Float] = []
    try:
        if finished == 0:
            sink.checkpoint(0, run.state())
        for number in days:
            with interrupt_afterwards():
                before = [array.copy() for array in totals]
                begun = number + 1
                run.live(number)
                sink.write(number, run.records(names))
                finished = begun
                if finished % _CHECKPOINT_DAYS == 0 or finished == days.stop:
                    sink.checkpoint(finished, run.state())
            if progress is not None:
                progress(finished, days.stop)
    except KeyboardInterrupt:
        if finished == 0:
            raise
        if begun == finished:
            with interrupt_afterwards():
                sink.checkpoint(finished, run.state())
        else:
            # A second interrupt broke into a day, and the state is of no day: the last checkpoint must do.
            for array, old in zip(totals, before, strict=True):
                array[...] = old
        return Status.INTERRUPTED, finished
    return Status.COMPLETE, finished


def _recovery_day(run: Run, days: int) -> Float:
    """First day from which production stays at 99 % of the undisturbed level or more; not-a-number if there is none."""
    day = run.last_day_below + 1
    return np.where(day >= days, np.nan, day)


def _provenance(
    network: SupplyNetwork, scenarios: tuple[Scenario, ...], parameters: Parameters, *, seconds: float
) -> dict[str, object]:
    rules = {name: _plain(value) for name, value in vars(parameters).items()}
    return {
        **{package: version(package) for package in ("tenon", "numpy", "numba", "xarray")},
        "python": platform.python_version(),
        "table": {
            "name": network.name,
            "source": network.source,
            "currency": network.currency,
            "unit": network.unit,
            "estimated": network.estimated,
        },
        "scenario": {
            scenario.name: {
                "title": scenario.title,
                "description": scenario.description,
                "horizon_days": scenario.horizon_days,
                "sources": list(scenario.sources),
                "shocks": [repr(shock) for shock in scenario.shocks],
            }
            for scenario in scenarios
        },
        "parameters": rules,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds, 3),
    }


def _plain(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(str(item) for item in value)
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    return value if isinstance(value, int | float | bool) else str(value)
