"""The configuration of a study: everything that must be known to run it again, as a type and as a file.

A study is a table, one or several scenarios, and the rules and figures of the model. Its file, ``study.toml``, is
stored with the result and repeats the study when it is run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeGuard

from tenon import __version__
from tenon.data import (
    ScenarioFile,
    read_toml_text,
    scenario_from_table,
    scenario_to_toml,
    toml_table,
    toml_value,
)
from tenon.propagation import DEFAULT_RECORDS, RECORDS, Parameters
from tenon.schema import ParameterError, Scenario, ScenarioError, SourceError, TenonError, nearest

__all__ = [
    "DEFAULT_TABLE",
    "StudyConfiguration",
    "configure",
    "is_study",
    "network_settings_of",
    "parameters_of",
    "parse_study",
    "read_study",
    "study_to_toml",
]

DEFAULT_TABLE = "world-2022"
"""The table that ships with tenon."""

NETWORK_SETTINGS = ("inventory_days", "capital_to_value_added")
"""Figures with which a table becomes a network: entries of ``[network]``."""

_STUDY_KEYS = ("table", "records", "network", "parameters", "scenarios")


@dataclass(frozen=True, kw_only=True)
class StudyConfiguration:
    """What a study runs.

    Parameters
    ----------
    table : str
        Name of a table that tenon knows, or path of one.
    scenarios : tuple of Scenario
        Run side by side; their names differ.
    parameters : Parameters
        Rules and figures of the model.
    inventory_days : float or mapping of str to float, days, above 0
        Days of use that buyers hold of each product: one figure for all, or by product, where the table's defaults
        hold for the others.
    capital_to_value_added : float or mapping of str to float, years, above 0
        Productive capital over yearly value added, in the same way.
    records : tuple of str
        What is kept of each day.

    Raises
    ------
    ScenarioError
        If there is no scenario, or two have one name.
    ParameterError
        If a record is unknown or a figure is out of its range.

    Examples
    --------
    >>> StudyConfiguration(scenarios=(Scenario(name="calm", horizon_days=10),)).table
    'world-2022'
    """

    table: str = DEFAULT_TABLE
    scenarios: tuple[Scenario, ...]
    parameters: Parameters = field(default_factory=Parameters)
    inventory_days: float | Mapping[str, float] = field(default_factory=dict)
    capital_to_value_added: float | Mapping[str, float] = field(default_factory=dict)
    records: tuple[str, ...] = DEFAULT_RECORDS

    def __post_init__(self) -> None:
        object.__setattr__(self, "scenarios", tuple(self.scenarios))
        object.__setattr__(self, "records", tuple(self.records))
        names = [scenario.name for scenario in self.scenarios]
        if not names:
            message = "a study needs at least one scenario; name one of the library (tenon scenarios) or a file."
            raise ScenarioError(message)
        for name in names:
            if names.count(name) > 1:
                message = (
                    f"two scenarios of the study are called {name!r}; results carry the name, so give each its own."
                )
                raise ScenarioError(message)
        for record in self.records:
            if record not in RECORDS:
                message = f"there is no record {record!r}; {nearest(record, RECORDS)}"
                raise ParameterError(message)
        for name in NETWORK_SETTINGS:
            _check_positive(getattr(self, name), name)


def parameters_of(values: Mapping[str, object], *, where: str) -> Parameters:
    """Make the parameters of the model from the entries of a ``[parameters]`` table.

    Parameters
    ----------
    values : mapping of str to object
        Fields of :class:`tenon.propagation.Parameters` by name, as TOML gives them.
    where : str
        What to call the file in messages.

    Returns
    -------
    tenon.propagation.Parameters
        Defaults, except for the fields named.

    Raises
    ------
    ParameterError
        If a name is unknown, or a value is of the wrong form or out of its range.

    Examples
    --------
    >>> parameters_of({"psi": 0.9}, where="example").psi
    0.9
    >>> parameters_of({"phi": 0.9}, where="example")
    Traceback (most recent call last):
    tenon.schema.errors.ParameterError: example, parameters.phi: unknown parameter; did you mean 'psi'?
    """
    known = {item.name: getattr(Parameters(), item.name) for item in fields(Parameters)}
    for name, value in values.items():
        place = f"{where}, parameters.{name}"
        if name not in known:
            message = f"{place}: unknown parameter; {nearest(name, known)}"
            raise ParameterError(message)
        _check_form(value, known[name], place, table_too=name == "restocking_days")
    try:
        made: dict[str, Any] = dict(values)
        return Parameters(**made)
    except TenonError as error:
        message = f"{where}, parameters: {error}"
        raise type(error)(message) from error


def network_settings_of(values: Mapping[str, object], *, where: str) -> dict[str, Any]:
    """Check the entries of a ``[network]`` table.

    Parameters
    ----------
    values : mapping of str to object
        ``inventory_days`` and ``capital_to_value_added``: a number, or a table of numbers by product.
    where : str
        What to call the file in messages.

    Returns
    -------
    dict
        The same entries.

    Raises
    ------
    ParameterError
        If a name is unknown or a value is no positive number.
    """
    for name, value in values.items():
        place = f"{where}, network.{name}"
        if name not in NETWORK_SETTINGS:
            message = f"{place}: unknown setting; {nearest(name, NETWORK_SETTINGS)}"
            raise ParameterError(message)
        _check_form(value, 1.0, place, table_too=True)
        _check_positive(value, place)
    return dict(values)


def configure(
    table: str,
    files: Sequence[ScenarioFile],
    *,
    parameters: Parameters | None = None,
    network: Mapping[str, Any] | None = None,
    records: Sequence[str] = DEFAULT_RECORDS,
) -> StudyConfiguration:
    """Make the configuration of a study from scenario files, whose own parameters hold where none are given.

    Parameters
    ----------
    table : str
        Name or path of the table.
    files : sequence of ScenarioFile
        Scenarios with the parameters that their files name.
    parameters : Parameters, optional
        Holds instead of what the files say.
    network : mapping of str to object, optional
        Network settings; each holds instead of what the files say.
    records : sequence of str
        What is kept of each day.

    Returns
    -------
    StudyConfiguration
        The study.

    Raises
    ------
    ScenarioError
        If two scenarios have one name, or two files ask for different rules.
    ParameterError
        If parameters are unknown or out of their range.
    """
    chosen = parameters
    if chosen is None:
        _refuse_disagreement(files, "parameters")
        chosen = parameters_of(files[0].parameters, where=files[0].where) if files else Parameters()
    settings = dict(network or {})
    if len(settings) < len(NETWORK_SETTINGS):
        remaining = [
            ScenarioFile(
                scenario=file.scenario,
                network={name: value for name, value in file.network.items() if name not in settings},
                where=file.where,
            )
            for file in files
        ]
        _refuse_disagreement(remaining, "network")
        settings |= network_settings_of(remaining[0].network, where=remaining[0].where) if remaining else {}
    return StudyConfiguration(
        table=table,
        scenarios=tuple(file.scenario for file in files),
        parameters=chosen,
        records=tuple(records),
        **settings,
    )


def study_to_toml(configuration: StudyConfiguration) -> str:
    """Write a study as the text of a file that repeats it; what equals its default is left out.

    Parameters
    ----------
    configuration : StudyConfiguration
        The study.

    Returns
    -------
    str
        TOML that :func:`parse_study` reads back as an equal configuration.
    """
    lines = [
        f"# Study made by tenon {__version__}; 'tenon stress' with this file runs it again.",
        f"table = {toml_value(configuration.table)}",
    ]
    if configuration.records != DEFAULT_RECORDS:
        lines.append(f"records = {toml_value(configuration.records)}")
    settings = {name: getattr(configuration, name) for name in NETWORK_SETTINGS if getattr(configuration, name) != {}}
    defaults = Parameters()
    rules = {
        item.name: getattr(configuration.parameters, item.name)
        for item in fields(Parameters)
        if getattr(configuration.parameters, item.name) != getattr(defaults, item.name)
    }
    for heading, table in (("network", settings), ("parameters", rules)):
        if table:
            lines += ["", f"[{heading}]", *(f"{name} = {toml_value(value)}" for name, value in table.items())]
    scenarios = [scenario_to_toml(scenario, heading="scenarios") for scenario in configuration.scenarios]
    return "\n".join([*lines, "", "\n".join(scenarios)])


def parse_study(text: str, *, where: str) -> StudyConfiguration:
    """Read a study from the text of its file.

    Parameters
    ----------
    text : str
        TOML.
    where : str
        What to call the text in messages.

    Returns
    -------
    StudyConfiguration
        The study.

    Raises
    ------
    ScenarioError
        If it is not TOML, a key is unknown or missing, or a scenario is not valid.
    ParameterError
        If parameters are unknown or out of their range.
    ShockError
        If a figure of a shock is out of its range.

    Examples
    --------
    >>> calm = StudyConfiguration(scenarios=(Scenario(name="calm", horizon_days=10),))
    >>> parse_study(study_to_toml(calm), where="example") == calm
    True
    """
    values = toml_table(text, where=where)
    for name in values:
        if name not in _STUDY_KEYS:
            message = f"{where}, {name}: unknown key of a study; {nearest(name, _STUDY_KEYS)}"
            raise ScenarioError(message)
    for name, form in _STUDY_FORMS.items():
        if not isinstance(values.get(name, form()), form):
            message = f"{where}, {name}: must be a {_FORM_NAMES[form]}, but is {values[name]!r}."
            raise ScenarioError(message)
    return StudyConfiguration(
        table=values.get("table", DEFAULT_TABLE),
        scenarios=tuple(
            scenario_from_table(scenario, where=where, place=f"scenarios[{position}]")
            for position, scenario in enumerate(values.get("scenarios", []), start=1)
        ),
        parameters=parameters_of(values.get("parameters", {}), where=where),
        records=tuple(values.get("records", DEFAULT_RECORDS)),
        **network_settings_of(values.get("network", {}), where=where),
    )


def read_study(path: str | Path) -> StudyConfiguration:
    """Read the file of a study, ``study.toml``.

    Parameters
    ----------
    path : str or Path
        The file.

    Returns
    -------
    StudyConfiguration
        The study.

    Raises
    ------
    SourceError
        If the file cannot be read.
    ScenarioError, ParameterError, ShockError
        If what it says is not valid.
    """
    return parse_study(read_toml_text(path, kind="study"), where=f"study file {path}")


def is_study(path: str | Path) -> bool:
    """Say whether a file is that of a study rather than of a single scenario.

    Parameters
    ----------
    path : str or Path
        Any text; need not be a file.

    Returns
    -------
    bool
        True if it is a readable TOML file with a list of scenarios.
    """
    file = Path(path)
    if file.suffix != ".toml" or not file.is_file():
        return False
    try:
        return "scenarios" in toml_table(read_toml_text(file, kind="study"), where=str(path))
    except (SourceError, ScenarioError):
        return False


def _refuse_disagreement(files: Sequence[ScenarioFile], what: str) -> None:
    for file in files[1:]:
        if getattr(file, what) != getattr(files[0], what):
            message = (
                f"{files[0].where} and {file.where} ask for different [{what}]; scenarios that run side by side share "
                "one set. Run them one by one, or make the two tables equal."
            )
            raise ScenarioError(message)


def _check_form(value: object, default: object, place: str, *, table_too: bool) -> None:
    is_table = isinstance(value, dict)
    if isinstance(default, StrEnum):
        right, wanted = isinstance(value, str), "a text"
    elif isinstance(default, frozenset):
        right, wanted = isinstance(value, list), "a list of texts"
    elif isinstance(default, Mapping):
        right, wanted = is_table, "a table"
    else:
        right, wanted = _is_number(value) or (table_too and is_table), "a number" + " or a table of numbers" * table_too
    if not right:
        message = f"{place}: must be {wanted}, but is {value!r}."
        raise ParameterError(message)


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _check_positive(values: object, what: str) -> None:
    entries = values if isinstance(values, Mapping) else {"": values}
    for label, value in entries.items():
        if not (_is_number(value) and value > 0):
            of = f" of {label!r}" if label else ""
            message = f"{what}{of} must be a number above 0 (inf: without limit), but is {value!r}."
            raise ParameterError(message)


_STUDY_FORMS: Mapping[str, type] = MappingProxyType(
    {"table": str, "records": list, "network": dict, "parameters": dict, "scenarios": list}
)
_FORM_NAMES: Mapping[type, str] = MappingProxyType({str: "text", list: "list", dict: "table"})
