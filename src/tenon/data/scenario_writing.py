"""Writing scenarios as TOML, so that what was run can be read, kept, changed and run again."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from typing import Any

from tenon.data.scenario_keys import SCENARIO_KEYS, SHOCK_KINDS, ShockKind
from tenon.schema.scenarios import Scenario
from tenon.schema.shocks import Reconstruction, Shock, Target, Timing

__all__ = ["scenario_to_toml", "toml_value"]

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_PARTS = {"target": Target, "timing": Timing}


def scenario_to_toml(
    scenario: Scenario,
    *,
    parameters: Mapping[str, object] | None = None,
    network: Mapping[str, object] | None = None,
    heading: str = "",
) -> str:
    """Write a scenario as the text of a scenario file; what equals its default is left out.

    Parameters
    ----------
    scenario : Scenario
        What happens.
    parameters, network : mapping of str to object, optional
        Entries of the tables of these names.
    heading : str
        Name of the list of tables that the scenario becomes an entry of, as in a study of several scenarios; empty for
        a file of its own.

    Returns
    -------
    str
        TOML that :func:`tenon.data.parse_scenario` reads back as an equal scenario.

    Examples
    --------
    >>> print(scenario_to_toml(Scenario(name="calm", horizon_days=10)))
    name = "calm"
    horizon_days = 10
    """
    prefix = f"{heading}." if heading else ""
    lines = [f"[[{heading}]]"] if heading else []
    written = {
        key.name: getattr(scenario, key.name)
        for key in SCENARIO_KEYS
        if key.name not in {"shocks", "groups", "parameters", "network"}
    }
    lines += [f"{name} = {toml_value(value)}" for name, value in written.items() if value not in ("", ())]
    tables = {"groups": scenario.groups, "parameters": parameters, "network": network}
    for name, table in tables.items():
        if table:
            lines += ["", f"[{prefix}{name}]", *_entries(table)]
    for shock in scenario.shocks:
        lines += ["", f"[[{prefix}shocks]]", *_entries(_shock_table(shock))]
    return "\n".join(lines) + "\n"


def toml_value(value: object) -> str:
    """Write one value in TOML.

    Parameters
    ----------
    value : object
        Text, number, bool, list, tuple, set or mapping of such.

    Returns
    -------
    str
        On one line.

    Raises
    ------
    TypeError
        If the value is of another type.

    Examples
    --------
    >>> toml_value({"east asia": ["CHN", "JPN"], "share": 0.5, "on": True})
    '{"east asia" = ["CHN", "JPN"], share = 0.5, on = true}'
    """
    match value:
        case str():
            # JSON escapes what TOML does, but for one control character.
            text = json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007F")
        case bool():
            text = str(value).lower()
        case int() | float():
            text = repr(float(value) if isinstance(value, float) else int(value))
        case Mapping():
            text = "{" + ", ".join(f"{_key(str(name))} = {toml_value(item)}" for name, item in value.items()) + "}"
        case frozenset() | set():
            text = toml_value(sorted(str(item) for item in value))
        case list() | tuple():
            text = "[" + ", ".join(toml_value(item) for item in value) + "]"
        case _:
            message = f"TOML has no form for {type(value).__name__}."
            raise TypeError(message)
    return text


def _entries(table: Mapping[str, Any]) -> list[str]:
    return [f"{_key(name)} = {toml_value(value)}" for name, value in table.items()]


def _key(name: str) -> str:
    return name if _BARE_KEY.fullmatch(name) else toml_value(name)


def _shock_table(shock: Shock) -> dict[str, object]:
    name, kind = next((name, kind) for name, kind in SHOCK_KINDS.items() if kind.type is type(shock))
    table: dict[str, object] = {"kind": name}
    for key in kind.keys:
        owner, entry = _owner(shock, kind, key.name)
        value = getattr(owner, key.name)
        if value != _default(entry):
            table[key.name] = _without_defaults(value) if isinstance(value, Target | Reconstruction) else value
    if not any(key in table for key in kind.one_of):
        table[kind.one_of[0]] = {} if kind.one_of[0] == "suppliers" else []
    return table


def _owner(shock: Shock, kind: ShockKind, name: str) -> tuple[object, Field[Any]]:
    """Find the value that a key of the file stands for: a field of the shock, of its target or of its timing."""
    own = {entry.name: entry for entry in fields(kind.type)}
    if name in own:
        return shock, own[name]
    part = next(part for part, type_of_part in _PARTS.items() if part in own and hasattr(type_of_part, name))
    return getattr(shock, part), next(entry for entry in fields(_PARTS[part]) if entry.name == name)


def _without_defaults(value: Target | Reconstruction) -> dict[str, object]:
    return {
        entry.name: getattr(value, entry.name)
        for entry in fields(value)
        if getattr(value, entry.name) != _default(entry)
    }


def _default(entry: Field[Any]) -> object:
    return entry.default_factory() if entry.default_factory is not MISSING else entry.default
