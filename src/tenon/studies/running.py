"""The stress test: a table, scenarios, and what breaks. Here the engines meet."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tenon.data import (
    ScenarioFile,
    label_names,
    load,
    open_scenario,
    scenario_to_toml,
    sector_parameters,
    supply_network,
)
from tenon.propagation import DEFAULT_RECORDS, Parameters, attribute_losses, propagate
from tenon.schema import (
    InputOutputTable,
    LabelError,
    ParameterError,
    Result,
    Scenario,
    Status,
    SupplyNetwork,
    TenonWarning,
)
from tenon.studies.configuration import (
    DEFAULT_TABLE,
    NETWORK_SETTINGS,
    StudyConfiguration,
    configure,
    study_to_toml,
)
from tenon.studies.folders import check_folder, output_folder, save_study
from tenon.studies.labels import with_names_and_places
from tenon.studies.sentences import describe_shock

__all__ = ["network_of", "run_study", "stress"]

Progress = Callable[[int, int], None]
ScenarioLike = str | Path | Scenario | ScenarioFile

_TRACED = {"production", "limiting"}


def stress(
    table: str | Path | InputOutputTable | SupplyNetwork = DEFAULT_TABLE,
    scenarios: ScenarioLike | Sequence[ScenarioLike] = (),
    *,
    parameters: Parameters | None = None,
    records: Sequence[str] = DEFAULT_RECORDS,
    progress: Progress | None = None,
    out: Path | None = None,
) -> Result:
    """Run scenarios on a table, side by side, and trace who is hit through whom.

    Parameters
    ----------
    table : str, Path, InputOutputTable or SupplyNetwork
        Name of a table that tenon knows, path of one, or the table or network itself.
    scenarios : str, Path, Scenario or ScenarioFile, or a sequence of them
        Names in the library, paths of TOML files, or scenarios. Days are counted from 0.
    parameters : Parameters, optional
        Rules and figures of the model; those that the scenario files name, or the defaults, if left out.
    records : sequence of str
        What is kept of each day; see ``tenon.propagation.RECORDS``.
    progress : callable, optional
        Called with the days done and the days in all.
    out : Path, optional
        Folder for the result and its study; see :func:`tenon.studies.save_study`.

    Returns
    -------
    Result
        Labelled values with names and positions, where each loss began, notes and provenance.

    Raises
    ------
    SourceError
        If a table or file cannot be read.
    ScenarioError, ShockError, ParameterError
        If a scenario or parameter is not valid, or two files ask for different rules.
    LabelError
        If a scenario names something that the table lacks.
    StorageError
        If ``out`` cannot be written, or holds something already.

    Examples
    --------
    >>> from tenon.studies import stress
    >>> result = stress("world-2022", "supplier-outage-2022")
    >>> lost = result.values["value_added_lost"].sum("sector").isel(scenario=0)
    >>> str(lost.idxmax("region").item())
    'JPN'
    """
    chosen = [scenarios] if isinstance(scenarios, ScenarioLike) else list(scenarios)
    opened = [_opened(scenario) for scenario in chosen]
    name = table.name if isinstance(table, InputOutputTable | SupplyNetwork) else str(table)
    configuration = configure(name, opened, parameters=parameters, records=records)
    texts = {file.scenario.name: file.text for file in opened}
    if out is None:
        return run_study(configuration, table=table, texts=texts, progress=progress)
    check_folder(out)
    result = run_study(configuration, table=table, texts=texts, progress=progress)
    with output_folder(out) as draft:
        save_study(result, configuration, draft)
    return result


def run_study(
    configuration: StudyConfiguration,
    *,
    table: str | Path | InputOutputTable | SupplyNetwork | None = None,
    texts: Mapping[str, str] | None = None,
    progress: Progress | None = None,
    store: Path | None = None,
    resume: bool = False,
) -> Result:
    """Run a study as configured.

    Parameters
    ----------
    configuration : StudyConfiguration
        What is run.
    table : str, Path, InputOutputTable or SupplyNetwork, optional
        The table itself, where it need not be loaded by the name in the configuration.
    texts : mapping of str to str, optional
        Text of the file that each scenario came from, by name of the scenario; written anew where left out.
    progress : callable, optional
        Called with the days done and the days in all.
    store : Path, optional
        Folder in which every finished day is kept while the study runs; in memory if left out.
    resume : bool
        Go on with the run in ``store``, which must be one of the same study and table.

    Returns
    -------
    Result
        As from :func:`stress`.

    Raises
    ------
    SourceError
        If the table cannot be read.
        Or if ``store`` holds no run to go on with, or another one.
    ShockError, LabelError, ParameterError
        If a scenario or parameter does not go with the table, or there is no store to resume from.
    StorageError
        If ``store`` cannot be written, or holds a run that is not resumed.
    """
    source = configuration.table if table is None else table
    known = source if isinstance(source, InputOutputTable | SupplyNetwork) else load(source)
    network = network_of(known, configuration)
    arguments = (network, configuration.scenarios, configuration.parameters)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", TenonWarning)
        result = propagate(*arguments, records=configuration.records, store=store, resume=resume, progress=progress)
        try:
            traced = attribute_losses(*arguments, result) if set(configuration.records) >= _TRACED else None
        except KeyboardInterrupt:
            # The days are all there; only the tracing is given up.
            result, traced = replace(result, status=Status.INTERRUPTED), None
    for item in caught:
        warnings.warn_explicit(item.message, item.category, item.filename, item.lineno)
    values = result.values if traced is None else result.values.merge(traced, join="exact")
    return replace(
        result,
        values=with_names_and_places(values, *_names(known)),
        notes=tuple(dict.fromkeys([*result.notes, *(str(item.message) for item in caught)])),
        provenance=_provenance(result, known, configuration, texts or {}),
    )


def network_of(source: InputOutputTable | SupplyNetwork, configuration: StudyConfiguration) -> SupplyNetwork:
    """Make the supply network of a table with the days of inventory and the capital of a study.

    Parameters
    ----------
    source : InputOutputTable or SupplyNetwork
        Yearly flows of a table; a network stays as it is.
    configuration : StudyConfiguration
        Says what differs from the defaults of the table's sectors.

    Returns
    -------
    SupplyNetwork
        Flows per day. Sectors of the classifications that tenon knows take their defaults from
        :func:`tenon.data.sector_parameters`; others 90 days of inventory and capital of four years of value added.

    Raises
    ------
    LabelError
        If the configuration names a sector that the table lacks.
    ParameterError
        If it gives inventories or capital for a network, which has its own.
    """
    chosen = {name: getattr(configuration, name) for name in NETWORK_SETTINGS}
    if isinstance(source, SupplyNetwork):
        given = [name for name, value in chosen.items() if value != {}]
        if given:
            message = (
                f"network {source.name!r} has inventories and capital of its own, but {given[0]} was given as well; "
                "change the network, or leave it out."
            )
            raise ParameterError(message)
        return source
    try:
        defaults = sector_parameters(source)
    except LabelError:
        defaults = {}
    settings: dict[str, Any] = {}
    for name, values in chosen.items():
        own = {sector: getattr(known, name) for sector, known in defaults.items()}
        settings[name] = own | dict(values) if isinstance(values, Mapping) else values
    return supply_network(source, **settings)


def _opened(scenario: ScenarioLike) -> ScenarioFile:
    if isinstance(scenario, ScenarioFile):
        return scenario
    if isinstance(scenario, Scenario):
        return ScenarioFile(scenario=scenario, where=f"scenario {scenario.name!r}")
    return open_scenario(scenario)


def _names(source: InputOutputTable | SupplyNetwork) -> tuple[Mapping[str, str], Mapping[str, str]]:
    if isinstance(source, InputOutputTable):
        return source.region_names, source.sector_names
    return {}, {}


def _provenance(
    result: Result,
    source: InputOutputTable | SupplyNetwork,
    configuration: StudyConfiguration,
    texts: Mapping[str, str],
) -> dict[str, object]:
    about = dict(result.provenance)
    if isinstance(source, InputOutputTable):
        kept = ("name", "year", "source", "license", "currency", "unit", "estimated")
        about["table"] = {key: getattr(source, key) for key in kept} | {"repairs": list(source.repairs)}
    about["scenario"] = {
        scenario.name: _facts(scenario, texts.get(scenario.name, "")) for scenario in configuration.scenarios
    }
    about["network"] = {
        name: dict(value) if isinstance(value, Mapping) else value
        for name in NETWORK_SETTINGS
        if (value := getattr(configuration, name)) != {}
    }
    about["study"] = study_to_toml(configuration)
    return about


def _english_names() -> dict[str, str]:
    """Names for codes; labels that are plain words already read better than their long names."""
    return {
        label: name
        for label, name in label_names("en").items()
        if not (label.islower() and label.replace(" ", "").isalpha())
    }


def _facts(scenario: Scenario, text: str) -> dict[str, object]:
    return {
        "title": scenario.title,
        "title_zh": scenario.title_zh,
        "description": scenario.description,
        "description_zh": scenario.description_zh,
        "horizon_days": scenario.horizon_days,
        "sources": list(scenario.sources),
        "shocks": [describe_shock(shock, names=_english_names()) for shock in scenario.shocks],
        "shocks_zh": [describe_shock(shock, "zh", names=label_names("zh")) for shock in scenario.shocks],
        "toml": text or scenario_to_toml(scenario),
    }
