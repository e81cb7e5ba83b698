"""The keys of a scenario file: one table that the reader, the writer and the manual share.

Which keys are required and what the others mean when left out follows from the types of :mod:`tenon.schema.shocks`; it
is not said a second time here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from enum import StrEnum
from types import MappingProxyType

from tenon.schema.shocks import (
    CapacityShock,
    CapitalShock,
    DelayShock,
    FinalDemandShock,
    InventoryShock,
    LaborShock,
    LinkShock,
)

__all__ = ["EVERYDAY_WORDS", "SCENARIO_KEYS", "SHOCK_KINDS", "Form", "Key", "ShockKind", "required_names"]


class Form(StrEnum):
    """What the value of a key must look like."""

    TEXT = "text"
    WHOLE = "whole number"
    NUMBER = "number"
    SWITCH = "true or false"
    TEXTS = "list of texts"
    POINTS = "list of [day, share] pairs"
    AMOUNTS = "table of label = number"
    GROUPS = "table of name = list of labels"
    TABLE = "table"
    TABLES = "list of tables"
    FREE = "table of settings"


@dataclass(frozen=True)
class Key:
    """One key of a scenario file.

    Parameters
    ----------
    name : str
        As written in the file; with the unit where there is one.
    form : Form
        What its value must look like.
    unit : str
        Unit and range of the value; empty where it has none.
    meaning : str
        One line for the manual.
    inside : tuple of Key
        Keys of the table that is the value.
    """

    name: str
    form: Form
    unit: str
    meaning: str
    inside: tuple[Key, ...] = ()


@dataclass(frozen=True)
class ShockKind:
    """One kind of shock, as a file writes it.

    Parameters
    ----------
    type : type
        The value type that is made.
    meaning : str
        What is taken away, in one line.
    keys : tuple of Key
        What may be written besides ``kind``.
    one_of : tuple of str
        At least one of these must be written, so that a shock on the whole world is never a slip.
    """

    type: type
    meaning: str
    keys: tuple[Key, ...]
    one_of: tuple[str, ...]


def required_names(kind: type) -> frozenset[str]:
    """Return the fields of a value type that have no default.

    Parameters
    ----------
    kind : type
        A dataclass.

    Returns
    -------
    frozenset of str
        Names of fields; ``target`` and ``timing``, which files write key by key, are not among them.

    Examples
    --------
    >>> sorted(required_names(LinkShock))
    ['loss']
    """
    return frozenset(
        field.name
        for field in fields(kind)
        if field.default is MISSING and field.default_factory is MISSING and field.name not in {"target", "timing"}
    )


_TARGET = (
    Key("regions", Form.TEXTS, "", "Regions that are hit: labels of the table, or names of groups; `[]` means all."),
    Key("sectors", Form.TEXTS, "", "Sectors that are hit: labels of the table, or names of groups; `[]` means all."),
    Key("agents", Form.TEXTS, "", "Single agents by label, such as `JPN:electronics`, instead of regions and sectors."),
)
_TIMING = (
    Key("start_day", Form.WHOLE, "days, from 0", "First day of the loss."),
    Key("duration_days", Form.WHOLE, "days, at least 1", "Days with the full loss."),
    Key("recovery", Form.TEXT, "", "How the loss comes back: `sudden`, `linear`, `convex`, `concave` or `curve`."),
    Key("recovery_days", Form.NUMBER, "days", "Time scale of the return, counted from the end of the full loss."),
    Key(
        "curve",
        Form.POINTS,
        "days and shares of the loss, 0 to 1",
        'For `recovery = "curve"`: share of the loss in effect, by days since `start_day`.',
    ),
)
_PULSE = _TIMING[:2]
_TARGETED = tuple(key.name for key in _TARGET)


def _loss(of: str, unit: str = "share, above 0, at most 1") -> Key:
    return Key("loss", Form.NUMBER, unit, f"Share of {of} that is lost; 20 % is 0.2.")


_ENDS = (
    Key(
        "suppliers",
        Form.TABLE,
        "",
        "Who sends: a table of `regions` and `sectors`, or of `agents`, as in a capacity shock.",
        _TARGET,
    ),
    Key("buyers", Form.TABLE, "", "Who receives, in the same way.", _TARGET),
)
_DOMESTIC = Key("domestic", Form.SWITCH, "", "Whether links inside one region are hit too.")
_RECONSTRUCTION = (
    Key("sectors", Form.AMOUNTS, "shares that add up to 1", "Which sectors rebuild, and their share of the work."),
    Key("days", Form.NUMBER, "days, above 0", "Each day the remaining work divided by this is ordered."),
    Key("local", Form.SWITCH, "", "Whether only suppliers in the hit region rebuild."),
    Key("factor", Form.NUMBER, "above 0", "Rebuilding work per unit of capital destroyed."),
)

SHOCK_KINDS: Mapping[str, ShockKind] = MappingProxyType(
    {
        "capacity": ShockKind(
            CapacityShock,
            "Part of the production capacity of some industries is lost.",
            (*_TARGET, _loss("capacity"), *_TIMING),
            _TARGETED,
        ),
        "labor": ShockKind(
            LaborShock,
            "Part of the workers of some industries cannot work.",
            (*_TARGET, _loss("labor"), *_TIMING),
            _TARGETED,
        ),
        "capital": ShockKind(
            CapitalShock,
            "Productive capital, and perhaps dwellings, are destroyed and may be rebuilt.",
            (
                *_TARGET,
                _loss("capital"),
                Key("damage", Form.AMOUNTS, "currency of the table", "Damage by agent, instead of `loss`."),
                Key("damage_unit", Form.NUMBER, "above 0", "How many currency units the figure 1 of a damage means."),
                Key(
                    "household_damage",
                    Form.AMOUNTS,
                    "currency of the table",
                    "Damage to dwellings by region: work to rebuild, no loss of production.",
                ),
                Key("reconstruction", Form.TABLE, "", "Who rebuilds, and how fast.", _RECONSTRUCTION),
                *_TIMING,
            ),
            (*_TARGETED, "damage", "household_damage"),
        ),
        "final_demand": ShockKind(
            FinalDemandShock,
            "Final users want less, or more, of some products.",
            (
                Key("demanders", Form.TEXTS, "", "Whose demand: labels of regions, or names of groups."),
                *_TARGET,
                _loss("final demand", "share, at most 1; negative for a rise"),
                *_TIMING,
            ),
            ("demanders", *_TARGETED),
        ),
        "link": ShockKind(
            LinkShock,
            "Part of the flow from some suppliers to some buyers cannot pass: an embargo, a closed border or strait.",
            (
                *_ENDS,
                _loss("the undisturbed flow"),
                Key(
                    "final_demand", Form.SWITCH, "", "Whether sales to final users in the buyers' regions are hit too."
                ),
                _DOMESTIC,
                *_TIMING,
            ),
            ("suppliers", "buyers"),
        ),
        "delay": ShockKind(
            DelayShock,
            "Goods from some suppliers to some buyers arrive later than usual.",
            (
                *_ENDS,
                Key("delay_days", Form.WHOLE, "days, at least 1", "How much longer goods are under way."),
                _DOMESTIC,
                *_PULSE,
            ),
            ("suppliers", "buyers"),
        ),
        "inventory": ShockKind(
            InventoryShock,
            "Part of the input stocks of some industries is destroyed on one day.",
            (
                *_TARGET,
                Key("products", Form.TEXTS, "", "Stocks of which inputs."),
                _loss("the stock"),
                Key("day", Form.WHOLE, "days, from 0", "When."),
            ),
            (*_TARGETED, "products"),
        ),
    }
)
"""Every kind of shock by its name in a file."""

SCENARIO_KEYS: tuple[Key, ...] = (
    Key("name", Form.TEXT, "", "Short name; labels the run in results."),
    Key("title", Form.TEXT, "", "One line for people."),
    Key("title_zh", Form.TEXT, "", "The same in Chinese."),
    Key("description", Form.TEXT, "", "What is assumed and why."),
    Key("description_zh", Form.TEXT, "", "The same in Chinese."),
    Key("horizon_days", Form.WHOLE, "days, at least 1", "Length of the run; a year is 365."),
    Key("sources", Form.TEXTS, "", "Where the assumptions come from."),
    Key("groups", Form.GROUPS, "", "Names for sets of regions or sectors, usable wherever a label is."),
    Key("shocks", Form.TABLES, "", "What is taken away, one `[[shocks]]` each; the tables below hold its keys."),
    Key("parameters", Form.FREE, "", "Rules and figures of the model that differ from their defaults."),
    Key("network", Form.FREE, "", "Figures with which the table becomes a network, such as `inventory_days`."),
)
"""Keys at the top of a scenario file."""

EVERYDAY_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "area": "regions",
        "begin": "start_day",
        "countries": "regions",
        "country": "regions",
        "customers": "buyers",
        "days": "horizon_days",
        "delay": "delay_days",
        "duration": "duration_days",
        "first_day": "start_day",
        "from": "suppliers",
        "horizon": "horizon_days",
        "industries": "sectors",
        "industry": "sectors",
        "label": "name",
        "length": "duration_days",
        "length_days": "duration_days",
        "reduction": "loss",
        "share": "loss",
        "shock": "shocks",
        "start": "start_day",
        "to": "buyers",
        "type": "kind",
    }
)
"""Words that people write for keys, so that a message can say which key they want."""
