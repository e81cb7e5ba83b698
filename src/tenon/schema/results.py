"""Results: labelled arrays with status, residuals and how they were made; never an input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import xarray

__all__ = ["Result", "Status"]


class Status(StrEnum):
    """How a run ended."""

    COMPLETE = "complete"
    INTERRUPTED = "interrupted"


@dataclass(frozen=True, eq=False, kw_only=True)
class Result:
    """What a run found.

    Parameters
    ----------
    values : xarray.Dataset
        Labelled arrays with attributes ``units`` and ``long_name``.
    status : Status
        Whether the run reached its horizon.
    residuals : mapping of str to float, dimensionless
        Largest relative violation of each conservation rule that was checked.
    notes : tuple of str
        Sentences that the reader should know.
    provenance : mapping of str to object
        What made the result: versions, table, scenario, parameters; plain values that fit into JSON.
    """

    values: xarray.Dataset
    status: Status
    residuals: Mapping[str, float]
    notes: tuple[str, ...] = ()
    provenance: Mapping[str, object] = field(default_factory=dict)
