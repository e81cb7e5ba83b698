"""The library: scenarios drawn from published events, ready for the bundled world table."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from pathlib import Path

from tenon.data.scenario_files import ScenarioFile, parse_scenario, read_scenario_file
from tenon.schema.errors import ScenarioError, nearest
from tenon.schema.scenarios import Scenario

__all__ = ["library", "load_scenario", "open_scenario"]


def library() -> Mapping[str, Scenario]:
    """Return every scenario of the library.

    Returns
    -------
    mapping of str to Scenario
        By name, in alphabetical order.

    Examples
    --------
    >>> library()["tohoku-2011"].title
    'Great East Japan earthquake and tsunami, 2011'
    """
    return {name: open_scenario(name).scenario for name in _names()}


def load_scenario(name_or_path: str | Path) -> Scenario:
    """Return a scenario of the library, or read one from a file.

    Parameters
    ----------
    name_or_path : str or Path
        Name in the library, or path of a TOML file.

    Returns
    -------
    Scenario
        What happens.

    Raises
    ------
    ScenarioError
        If there is neither, or the file is not valid.
    SourceError
        If the file cannot be read.
    ShockError
        If a figure of a shock is out of its range.
    """
    return open_scenario(name_or_path).scenario


def open_scenario(name_or_path: str | Path) -> ScenarioFile:
    """Return a scenario of the library or of a file, with its text and the parameters it names.

    Parameters
    ----------
    name_or_path : str or Path
        Name in the library, which comes first, or path of a TOML file.

    Returns
    -------
    ScenarioFile
        Scenario, parameters and text.

    Raises
    ------
    ScenarioError
        If there is neither, or the file is not valid.
    SourceError
        If the file cannot be read.
    ShockError
        If a figure of a shock is out of its range.
    """
    names = _names()
    if isinstance(name_or_path, str) and name_or_path in names:
        text = (resources.files("tenon.data") / "scenarios" / f"{name_or_path}.toml").read_text(encoding="utf-8")
        return parse_scenario(text, where=f"library scenario {name_or_path}")
    path = Path(name_or_path)
    if path.suffix or len(path.parts) > 1 or path.exists():
        return read_scenario_file(path)
    message = (
        f"there is no scenario {str(name_or_path)!r}, neither as a file nor in the library; "
        f"{nearest(str(name_or_path), names)} The command 'tenon scenarios' lists the library."
    )
    raise ScenarioError(message)


def _names() -> tuple[str, ...]:
    folder = resources.files("tenon.data") / "scenarios"
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))
