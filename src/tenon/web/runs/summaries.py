"""The main figures of a study as its program wrote them: checked when they come, thinned out for who may see less."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from tenon.schema.errors import SourceError
from tenon.web.organizations.rules import Hidden

__all__ = ["MOST_CHARACTERS", "read_summary", "without"]

MOST_CHARACTERS = 1_000_000
_NEEDED: Mapping[str, Mapping[str, type | tuple[type, ...]]] = {
    "chain": {
        "currency": str,
        "worst": list,
        "followed": (dict, type(None)),
        "sites": list,
        "sentences": dict,
    },
    "table": {
        "currency": str,
        "loss": (int, float),
        "regions": list,
        "sectors": list,
        "output": dict,
        "sentences": dict,
    },
}
_MONEY = ("loss", "loss_a_day", "losses")
_PLACES = ("name", "first_customer", "first_product", "short_stage", "short_part")


def read_summary(text: str) -> dict[str, Any]:
    """Read what the program of a study left.

    Parameters
    ----------
    text : str
        JSON.

    Returns
    -------
    dict
        As `tenon.report.chain_summary` or `tenon.report.table_summary` describe it.

    Raises
    ------
    SourceError
        If it is none of them.
    """
    if len(text) > MOST_CHARACTERS:
        raise SourceError(f"a summary must have at most {MOST_CHARACTERS} characters; this one has {len(text)}.")
    try:
        summary = json.loads(text)
    except ValueError as error:
        raise SourceError(f"a summary must be JSON; {error}.") from None
    needed = _NEEDED.get(summary.get("kind", "")) if isinstance(summary, dict) else None
    if needed is None:
        raise SourceError("a summary must be one of a chain or of a table.")
    for name, kind in needed.items():
        if not isinstance(summary.get(name, ...), kind):
            raise SourceError(f"{name} of a summary is {summary.get(name)!r}, which is none that can be.")
    return dict(summary)


def without(summary: Mapping[str, Any], hidden: Collection[Hidden]) -> dict[str, Any]:
    """Leave out what is kept back from a viewer.

    Parameters
    ----------
    summary : mapping
        As stored.
    hidden : collection of Hidden
        What is kept back: costs, or the places and customers of a chain. Sentences name both and go with either.

    Returns
    -------
    dict
        A new one; None stands for what is kept back.
    """
    dropped = {*(_MONEY if Hidden.COST in hidden else ())}
    if Hidden.PLACES in hidden and summary.get("kind") == "chain":
        dropped |= {*_PLACES}
    if not dropped or not summary:
        return dict(summary)
    thinned: dict[str, Any] = _dropped(dict(summary), dropped)
    thinned["sentences"] = {}
    if "name" in dropped:
        thinned["sites"] = []
    return thinned


def _dropped(value: Any, names: Collection[str]) -> Any:  # noqa: ANN401 - values of JSON
    if isinstance(value, dict):
        return {name: None if name in names else _dropped(item, names) for name, item in value.items()}
    return [_dropped(item, names) for item in value] if isinstance(value, list) else value
