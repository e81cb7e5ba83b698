"""What a study may be asked for: plain types that check themselves, without a database and without engines.

What only an engine can tell, such as whether a chain has a site of that name, the worker finds out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any, TypeAlias

from tenon.schema.errors import ParameterError, nearest

__all__ = [
    "CONFIGURATIONS",
    "EXAMPLE",
    "LIMITS",
    "ChainOutage",
    "ChainStress",
    "Configuration",
    "StudyKind",
    "TableStress",
    "as_values",
    "read_configuration",
]

EXAMPLE = "example"
"""The worked example that comes with tenon, as the name of a chain."""
LIMITS: Mapping[str, tuple[float, float]] = {
    "closure_days": (1, 365),
    "within_days": (0, 365),
    "follow": (0, 50),
    "outage_days": (1, 730),
    "horizon_days": (10, 1825),
}
"""Least and most of each figure; they bound how long a study runs and how large it gets."""
_DIGEST = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")
_LONGEST_SITE = 200


class StudyKind(StrEnum):
    """What kind of study it is."""

    CHAIN_STRESS = "chain stress"
    CHAIN_OUTAGE = "chain outage"
    TABLE_STRESS = "table stress"


@dataclass(frozen=True, kw_only=True)
class ChainStress:
    """Every site, group, lane and passage of a chain is taken out, one after another.

    Parameters
    ----------
    chain : str
        The word ``example``, or the SHA-256 of an uploaded workbook.
    closure_days : float, days, from 1 to 365
        How long lanes and passages stay closed.
    within_days : float, days, from 0 to 365
        Sources that can be started up within this time count as alternatives.
    follow : int, from 0 to 50
        How many of the most expensive outages are followed from day to day.

    Examples
    --------
    >>> ChainStress(chain="example").closure_days
    30.0
    """

    chain: str = EXAMPLE
    closure_days: float = 30.0
    within_days: float = 0.0
    follow: int = 10

    def __post_init__(self) -> None:
        _chain(self.chain)
        _figure("closure_days", self.closure_days)
        _figure("within_days", self.within_days)
        _figure("follow", self.follow, whole=True)


@dataclass(frozen=True, kw_only=True)
class ChainOutage:
    """One site of a chain stops for some days.

    Parameters
    ----------
    chain : str
        The word ``example``, or the SHA-256 of an uploaded workbook.
    site : str
        Its label in the chain, at most 200 characters.
    days : float, days, from 1 to 730
        How long.

    Raises
    ------
    ParameterError
        If a figure or a label is none that can be.

    Examples
    --------
    >>> ChainOutage(chain="example", site="Ghent melt shop", days=30).days
    30
    """

    chain: str = EXAMPLE
    site: str
    days: float

    def __post_init__(self) -> None:
        _chain(self.chain)
        _figure("outage_days", self.days)
        site: object = self.site  # whatever was stored or sent
        if not isinstance(site, str) or not site.strip() or len(site) > _LONGEST_SITE:
            raise ParameterError(f"site must be a label of at most {_LONGEST_SITE} characters; it is {self.site!r}.")


@dataclass(frozen=True, kw_only=True)
class TableStress:
    """A scenario of the library is run on a table.

    Parameters
    ----------
    table : str
        Name in the catalogue.
    scenario : str
        Name in the library.
    days : int, days, from 10 to 1825, optional
        Length of the run instead of the scenario's own.

    Raises
    ------
    ParameterError
        If a figure or a label is none that can be.

    Examples
    --------
    >>> TableStress(table="world-2022", scenario="tohoku-2011").days is None
    True
    """

    table: str
    scenario: str
    days: int | None = None

    def __post_init__(self) -> None:
        for name in ("table", "scenario"):
            value = getattr(self, name)
            if not isinstance(value, str) or not _NAME.fullmatch(value):
                raise ParameterError(f"{name} must be a name of letters, digits and hyphens; it is {value!r}.")
        if self.days is not None:
            _figure("horizon_days", self.days, whole=True)


Configuration: TypeAlias = ChainStress | ChainOutage | TableStress
CONFIGURATIONS: Mapping[StudyKind, type[Configuration]] = {
    StudyKind.CHAIN_STRESS: ChainStress,
    StudyKind.CHAIN_OUTAGE: ChainOutage,
    StudyKind.TABLE_STRESS: TableStress,
}


def read_configuration(kind: StudyKind, values: Mapping[str, Any]) -> Configuration:
    """Make a configuration from stored or sent values.

    Parameters
    ----------
    kind : StudyKind
        What kind of study it is for.
    values : mapping
        By name of the parameter.

    Returns
    -------
    Configuration
        Checked as far as that is possible without an engine.

    Raises
    ------
    ParameterError
        If a key is unknown or missing, or a value is none that can be.

    Examples
    --------
    >>> read_configuration(StudyKind.CHAIN_OUTAGE, {"site": "Ghent melt shop", "days": 30}).chain
    'example'
    """
    known = [field.name for field in fields(CONFIGURATIONS[kind])]
    for name in values:
        if name not in known:
            raise ParameterError(f"a study of kind {kind.value!r} has no {name!r}; {nearest(name, known)}")
    try:
        return CONFIGURATIONS[kind](**values)
    except TypeError as error:  # a parameter without default is missing
        raise ParameterError(f"a study of kind {kind.value!r} needs more: {error}.") from None


def as_values(configuration: Configuration) -> dict[str, Any]:
    """Return what `read_configuration` reads again.

    Parameters
    ----------
    configuration : Configuration
        What a study is asked for.

    Returns
    -------
    dict
        JSON values; what is left open is left out.

    Examples
    --------
    >>> as_values(TableStress(table="world-2022", scenario="tohoku-2011"))
    {'table': 'world-2022', 'scenario': 'tohoku-2011'}
    """
    return {name: value for name, value in asdict(configuration).items() if value is not None}


def _chain(chain: object) -> None:
    if chain != EXAMPLE and not (isinstance(chain, str) and _DIGEST.fullmatch(chain)):
        raise ParameterError(f"chain must be {EXAMPLE!r} or the SHA-256 of an uploaded workbook; it is {chain!r}.")


def _figure(name: str, value: object, *, whole: bool = False) -> None:
    least, most = LIMITS[name]
    number = isinstance(value, int if whole else (int, float)) and not isinstance(value, bool)
    if not number or not math.isfinite(float(str(value))) or not least <= float(str(value)) <= most:
        kind = "a whole number" if whole else "a number"
        raise ParameterError(f"{name} must be {kind} from {least:g} to {most:g}; it is {value!r}.")
