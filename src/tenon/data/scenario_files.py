"""Reading scenario files: TOML, checked key by key, so that a misspelled word is an error and never a silent default.

A file holds one scenario and, where wanted, the rules and figures it should be run with (``[parameters]``,
``[network]``). The reader checks form and names of keys; labels are checked against a table when the scenario is run.
"""

from __future__ import annotations

import difflib
import textwrap
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from tenon.data.scenario_keys import EVERYDAY_WORDS, SCENARIO_KEYS, SHOCK_KINDS, Form, Key, ShockKind, required_names
from tenon.data.sources import file_or_refuse
from tenon.schema.errors import ScenarioError, SourceError, TenonError, nearest
from tenon.schema.scenarios import Scenario
from tenon.schema.shocks import Reconstruction, Shock, Target, Timing

__all__ = [
    "ScenarioFile",
    "parse_scenario",
    "read_scenario",
    "read_scenario_file",
    "read_toml_text",
    "scenario_from_table",
    "toml_table",
]

Made = TypeVar("Made")
_SETTINGS = ("parameters", "network")
_REQUIRED_INSIDE = {"reconstruction": required_names(Reconstruction)}


@dataclass(frozen=True, kw_only=True)
class ScenarioFile:
    """What a scenario file says.

    Parameters
    ----------
    scenario : Scenario
        What happens.
    parameters : mapping of str to object
        Entries of ``[parameters]`` as written; the study that runs the scenario checks them.
    network : mapping of str to object
        Entries of ``[network]`` as written.
    text : str
        The whole file.
    where : str
        What the file is called in messages.
    """

    scenario: Scenario
    parameters: Mapping[str, object] = field(default_factory=dict)
    network: Mapping[str, object] = field(default_factory=dict)
    text: str = ""
    where: str = ""


def read_scenario(path: str | Path) -> Scenario:
    """Read the scenario in a TOML file.

    Parameters
    ----------
    path : str or Path
        The file.

    Returns
    -------
    Scenario
        Checked, except for labels, which only a table knows.

    Raises
    ------
    SourceError
        If the file is missing, empty or not text.
    ScenarioError
        If it is not TOML, or a key is unknown, missing or of the wrong form.
    ShockError
        If a figure of a shock is out of its range.
    """
    return read_scenario_file(path).scenario


def read_scenario_file(path: str | Path) -> ScenarioFile:
    """Read a TOML file with a scenario and, where given, the parameters to run it with.

    Parameters
    ----------
    path : str or Path
        The file.

    Returns
    -------
    ScenarioFile
        Scenario, parameters and text.

    Raises
    ------
    SourceError
        If the file is missing, empty or not text.
    ScenarioError
        If it is not TOML, or a key is unknown, missing or of the wrong form.
    ShockError
        If a figure of a shock is out of its range.
    """
    return parse_scenario(read_toml_text(path, kind="scenario"), where=f"scenario file {path}")


def parse_scenario(text: str, *, where: str) -> ScenarioFile:
    """Read a scenario from the text of a file.

    Parameters
    ----------
    text : str
        TOML.
    where : str
        What to call the text in messages.

    Returns
    -------
    ScenarioFile
        Scenario, parameters and text.

    Raises
    ------
    ScenarioError
        If it is not TOML, or a key is unknown, missing or of the wrong form.
    ShockError
        If a figure of a shock is out of its range.

    Examples
    --------
    >>> text = '''
    ... name = "fire"
    ... horizon_days = 90
    ... [[shocks]]
    ... kind = "capacity"
    ... regions = ["JPN"]
    ... sectors = ["electronics"]
    ... loss = 0.4
    ... duration_days = 30
    ... '''
    >>> parse_scenario(text, where="example").scenario.shocks[0].target.describe()
    'electronics in JPN'
    >>> parse_scenario(text.replace("duration", "lenght"), where="example")
    Traceback (most recent call last):
    tenon.schema.errors.ScenarioError: example, shocks[1].lenght_days: unknown key; did you mean 'duration_days'?
    """
    values = toml_table(text, where=where)
    scenario = scenario_from_table(values, where=where)
    settings = {name: values[name] for name in _SETTINGS if name in values}
    return ScenarioFile(scenario=scenario, text=text, where=where, **settings)


def read_toml_text(path: str | Path, *, kind: str) -> str:
    """Read the text of a TOML file.

    Parameters
    ----------
    path : str or Path
        The file.
    kind : str
        What it should hold, for messages, such as ``"scenario"``.

    Returns
    -------
    str
        The whole file.

    Raises
    ------
    SourceError
        If the file is missing, empty or not text.
    """
    file = file_or_refuse(path, f"a {kind} (TOML)")
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"{kind} file {file} is not UTF-8 text (byte {error.start}); save it as UTF-8."
        raise SourceError(message) from error
    except OSError as error:
        message = f"{kind} file {file} cannot be read: {error.strerror}. Check who may read it."
        raise SourceError(message) from error


def toml_table(text: str, *, where: str) -> dict[str, Any]:
    """Read TOML, saying in which line it breaks off.

    Parameters
    ----------
    text : str
        TOML.
    where : str
        What to call the text in messages.

    Returns
    -------
    dict
        Its tables and values.

    Raises
    ------
    ScenarioError
        If it is not TOML.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = (
            f"{where} is not valid TOML: {error}. Texts stand in quotes, lists in square brackets, and a name stands "
            "only once in its table; see https://toml.io."
        )
        raise ScenarioError(message) from error


def scenario_from_table(values: Mapping[str, Any], *, where: str, place: str = "") -> Scenario:
    """Make a scenario from the table that a TOML file holds.

    Parameters
    ----------
    values : mapping of str to object
        Keys and values as TOML gives them.
    where : str
        What to call the file in messages.
    place : str
        Where in the file the table stands, for messages; empty for the top, where ``[parameters]`` and ``[network]`` of
        the study may stand beside the scenario.

    Returns
    -------
    Scenario
        Checked, except for labels.

    Raises
    ------
    ScenarioError
        If a key is unknown, missing or of the wrong form.
    ShockError
        If a figure of a shock is out of its range.
    """
    reader = _Reader(where)
    keys = tuple(key for key in SCENARIO_KEYS if key.name not in _SETTINGS or not place)
    checked = reader.table(values, keys, place, required_names(Scenario))
    written = checked.pop("shocks", [])
    for setting in _SETTINGS:
        checked.pop(setting, None)
    shocks = tuple(
        reader.shock(table, _inside(place, f"shocks[{position}]")) for position, table in enumerate(written, start=1)
    )
    return reader.make(lambda: Scenario(shocks=shocks, **checked), place)


@dataclass(frozen=True)
class _Reader:
    """Checks the tables of one file; every message begins with the file and the place in it."""

    where: str

    def refuse(self, place: str, what: str) -> NoReturn:
        message = f"{self.where}, {place}: {what}"
        raise ScenarioError(message)

    def make(self, build: Callable[[], Made], place: str) -> Made:
        """Build a value type, and say where in the file the figures that it refuses stand."""
        try:
            return build()
        except TenonError as error:
            message = f"{self.where}{', ' if place else ''}{place}: {error}"
            raise type(error)(message) from error

    def table(
        self, values: Mapping[str, Any], keys: tuple[Key, ...], place: str, required: frozenset[str]
    ) -> dict[str, Any]:
        """Check names and forms of the keys of one table, and of the tables inside it."""
        known = {key.name: key for key in keys}
        for name, value in values.items():
            if name not in known:
                self.refuse(_inside(place, name), f"unknown key; {_advice(name, known, place)}")
            self.form(value, known[name].form, _inside(place, name))
        for name, key in known.items():
            if name in required and name not in values:
                self.refuse(_inside(place, name), f"missing; give {_what(key)}.")
        return {
            name: self.table(value, known[name].inside, _inside(place, name), _REQUIRED_INSIDE.get(name, frozenset()))
            if known[name].form is Form.TABLE
            else value
            for name, value in values.items()
        }

    def form(self, value: object, form: Form, place: str) -> None:
        """Check that a value looks as it must."""
        if not _LOOKS_RIGHT[form](value):
            self.refuse(place, f"must be {_a(form)}{_EXAMPLES[form]}, but is {_shown(value)}.{_hint(value, form)}")

    def shock(self, values: Mapping[str, Any], place: str) -> Shock:
        kinds = ", ".join(SHOCK_KINDS)
        if "kind" not in values:
            self.refuse(_inside(place, "kind"), f"missing; say which kind of shock it is: {kinds}.")
        name = values["kind"]
        if not isinstance(name, str) or name not in SHOCK_KINDS:
            self.refuse(
                _inside(place, "kind"), f"there is no shock of kind {name!r}; {nearest(str(name), SHOCK_KINDS)}"
            )
        kind = SHOCK_KINDS[name]
        rest = {key: value for key, value in values.items() if key != "kind"}
        checked = self.table(rest, kind.keys, place, required_names(kind.type))
        if not any(key in checked for key in kind.one_of):
            self.refuse(
                place,
                f"says nothing about who is hit; give at least one of {', '.join(kind.one_of)}. "
                f"To hit everybody, write {kind.one_of[0]} = {'{}' if kind.one_of[0] == 'suppliers' else '[]'}.",
            )
        return self.make(lambda: _build(kind, checked), place)


# Below this likeness a guess misleads more often than it helps.
_LIKENESS = 0.7


def _build(kind: ShockKind, values: dict[str, Any]) -> Shock:
    parts: dict[str, Any] = dict(values)
    for end in ("suppliers", "buyers"):
        if end in parts:
            parts[end] = Target(**parts[end])
    if "reconstruction" in parts:
        parts["reconstruction"] = Reconstruction(**parts["reconstruction"])
    own = {part.name for part in fields(kind.type)}
    for part, type_of_part in (("target", Target), ("timing", Timing)):
        if part in own:
            names = {item.name for item in fields(type_of_part)}
            parts[part] = type_of_part(**{name: parts.pop(name) for name in names & set(parts)})
    shock: Shock = kind.type(**parts)
    return shock


def _inside(place: str, name: str) -> str:
    return f"{place}.{name}" if place else name


def _a(form: Form) -> str:
    return form.value if form is Form.SWITCH else f"a {form.value}"


def _what(key: Key) -> str:
    unit = f" ({key.unit})" if key.unit else ""
    return f"{_a(key.form)}{unit}, for example {key.name} = {_SAMPLES[key.form]}"


def _advice(name: str, known: Mapping[str, Key], place: str) -> str:
    if place and name not in known and name in {key.name for key in SCENARIO_KEYS}:
        return f"{name!r} belongs to the top of the file, above the first line in square brackets."
    meant = {word: key for word, key in EVERYDAY_WORDS.items() if key in known} | {key: key for key in known}
    close = difflib.get_close_matches(name.casefold(), meant, n=1, cutoff=_LIKENESS)
    return f"did you mean {meant[close[0]]!r}?" if close else f"known are: {', '.join(known)}."


def _hint(value: object, form: Form) -> str:
    if form is Form.TEXTS and isinstance(value, str):
        return f' Write ["{value}"].'
    if form is Form.TABLES and isinstance(value, dict):
        return " Write each one under [[shocks]], with two brackets."
    if form in {Form.NUMBER, Form.WHOLE} and isinstance(value, str):
        return " Write numbers without quotes, and 20 % as 0.2."
    if form is Form.GROUPS and isinstance(value, dict):
        misplaced = [name for name in value if name in {key.name for key in SCENARIO_KEYS}]
        if misplaced:
            return f" {misplaced[0]!r} belongs to the top of the file, above [groups]."
    return ""


def _shown(value: object) -> str:
    text = repr(value)
    kind = {str: "the text", bool: "", int: "the number", float: "the number", list: "the list", dict: "the table"}
    shown = text.lower() if isinstance(value, bool) else text
    return f"{kind.get(type(value), '')} {textwrap.shorten(shown, 60, placeholder=' ...')}".strip()


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_list(of: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, list) and all(of(item) for item in value)


def _is_table(of: Callable[[object], bool]) -> Callable[[object], bool]:
    return lambda value: isinstance(value, dict) and all(of(item) for item in value.values())


def _is_pair(value: object) -> bool:
    return isinstance(value, list) and [_is_number(item) for item in value] == [True, True]


def _is_anything(_: object) -> bool:
    return True


_LOOKS_RIGHT: Mapping[Form, Callable[[object], bool]] = {
    Form.TEXT: _is_text,
    Form.WHOLE: _is_whole,
    Form.NUMBER: _is_number,
    Form.SWITCH: lambda value: isinstance(value, bool),
    Form.TEXTS: _is_list(_is_text),
    Form.POINTS: _is_list(_is_pair),
    Form.AMOUNTS: _is_table(_is_number),
    Form.GROUPS: _is_table(_is_list(_is_text)),
    Form.TABLE: _is_table(_is_anything),
    Form.TABLES: _is_list(lambda item: isinstance(item, dict)),
    Form.FREE: _is_table(_is_anything),
}
_SAMPLES: Mapping[Form, str] = {
    Form.TEXT: '"..."',
    Form.WHOLE: "30",
    Form.NUMBER: "0.2",
    Form.SWITCH: "true",
    Form.TEXTS: '["JPN"]',
    Form.POINTS: "[[0, 1.0], [30, 0.5]]",
    Form.AMOUNTS: "{construction = 0.7, machinery = 0.3}",
    Form.GROUPS: '{east-asia = ["CHN", "JPN"]}',
    Form.TABLE: '{regions = ["JPN"]}',
    Form.TABLES: "[[shocks]]",
    Form.FREE: "{psi = 0.9}",
}
_EXAMPLES: Mapping[Form, str] = {
    form: f", such as {sample}" if form not in {Form.TEXT, Form.WHOLE, Form.NUMBER, Form.SWITCH} else ""
    for form, sample in _SAMPLES.items()
}
