"""What can be chosen of what comes with tenon: tables and scenarios, read as files, because engines stay outside."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from django.utils.translation import get_language

__all__ = ["scenario_choices", "scenario_title", "table_choices", "text_language"]


@cache
def _scenarios() -> dict[str, dict[str, str]]:
    """Return title and Chinese title of each scenario of the library."""
    found = {}
    for entry in sorted((files("tenon") / "data" / "scenarios").iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".toml"):
            read = tomllib.loads(entry.read_text(encoding="utf-8"))
            title = str(read.get("title", read["name"]))
            found[str(read["name"])] = {"en": title, "zh": str(read.get("title_zh") or title)}
    return found


@cache
def _tables() -> tuple[str, ...]:
    shipped = (files("tenon") / "data" / "shipped").iterdir()
    return tuple(sorted(entry.name.removesuffix(".npz") for entry in shipped if entry.name.endswith(".npz")))


def scenario_choices() -> list[tuple[str, str]]:
    """List the scenarios of the library.

    Returns
    -------
    list of (str, str)
        Name, and title in the language of the page.

    Examples
    --------
    >>> ("tohoku-2011", "Great East Japan earthquake and tsunami, 2011") in scenario_choices()
    True
    """
    return [(name, scenario_title(name)) for name in _scenarios()]


def scenario_title(name: str) -> str:
    """Return the title of a scenario in the language of the page.

    Parameters
    ----------
    name : str
        Its name.

    Returns
    -------
    str
        The name itself where the library has none of that name.
    """
    return _scenarios().get(name, {}).get(text_language(), name)


def text_language() -> str:
    """Return the language of the page as scenarios and reports name it.

    Returns
    -------
    str
        ``en`` or ``zh``.
    """
    return "zh" if (get_language() or "").startswith("zh") else "en"


def table_choices() -> list[tuple[str, str]]:
    """List the tables that come with tenon.

    Returns
    -------
    list of (str, str)
        Name twice.

    Examples
    --------
    >>> table_choices()
    [('world-2022', 'world-2022')]
    """
    return [(name, name) for name in _tables()]
