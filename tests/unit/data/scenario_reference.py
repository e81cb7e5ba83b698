"""The page of the manual that lists every key of a scenario file.

``python -m tests.unit.data.scenario_reference`` writes its tables anew between the two marks.
"""

from __future__ import annotations

from dataclasses import MISSING, Field, fields
from pathlib import Path
from typing import Any

from tenon.data.scenario_keys import SCENARIO_KEYS, SHOCK_KINDS, Key, ShockKind, required_names
from tenon.schema import Reconstruction, Scenario, Target, Timing

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "scenario-files.md"
BEGIN, END = "<!-- tables: begin -->", "<!-- tables: end -->"
HEAD = ["| key | form | unit and range | if left out | meaning |", "|---|---|---|---|---|"]

EVERYBODY = {"regions", "sectors", "demanders", "products", "suppliers", "buyers"}


def tables() -> str:
    """Return the tables of all keys as Markdown."""
    parts = ["## Top of the file", *HEAD]
    parts += [_row(key, _default(Scenario, key.name)) for key in SCENARIO_KEYS]
    for name, kind in SHOCK_KINDS.items():
        parts += ["", f"## Shock of kind `{name}`", "", kind.meaning, "", _one_of(kind), "", *HEAD]
        for key in kind.keys:
            parts.append(_row(key, _default_of_shock(kind, key.name)))
            owner = Target if key.name in {"suppliers", "buyers"} else Reconstruction
            if key.name == "reconstruction":
                parts += [_row(inner, _default(owner, inner.name), f"{key.name}.") for inner in key.inside]
    return "\n".join(parts).replace("file\n|", "file\n\n|")


def page() -> str:
    """Return the whole page with its tables as they should be."""
    text = PAGE.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n\n{tables()}\n\n{END}{rest.split(END)[1]}"


def _row(key: Key, default: str, prefix: str = "") -> str:
    return f"| `{prefix}{key.name}` | {key.form.value} | {key.unit or '–'} | {default} | {key.meaning} |"


def _one_of(kind: ShockKind) -> str:
    return f"At least one of {', '.join(f'`{name}`' for name in kind.one_of)} must be written."


def _default_of_shock(kind: ShockKind, name: str) -> str:
    own = {entry.name for entry in fields(kind.type)}
    if name in own:
        return _default(kind.type, name)
    return _default(Target if name in {entry.name for entry in fields(Target)} else Timing, name)


def _default(owner: type, name: str) -> str:
    entry = {item.name: item for item in fields(owner)}.get(name)
    if entry is None:
        return "none"
    return "**required**" if name in required_names(owner) else _shown(entry)


def _shown(entry: Field[Any]) -> str:
    value = entry.default_factory() if entry.default_factory is not MISSING else entry.default
    if isinstance(value, bool):
        return str(value).lower()
    if entry.name in EVERYBODY:
        return "all"
    if value in (None, "", (), {}):
        return "none"
    return str(value)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
