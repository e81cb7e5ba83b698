"""Bridge from and to pymrio, whose parsers read EXIOBASE, Eora26, GLORIA and others.

Pymrio is an optional package (``pip install tenon[pymrio]``) and is imported only when a system is made for it; a
system that comes in brings its package along.

References
----------
Stadler, K. (2021), Pymrio - a Python based multi-regional input-output analysis toolbox, Journal of Open Research
Software 9(1).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from tenon.data.drafts import Draft, Origin
from tenon.data.frames import region_major, same_labels
from tenon.data.repairs import (
    repair_column_residuals,
    repair_excess_inputs,
    repair_negative_flows,
    repair_row_residuals,
)
from tenon.schema.arrays import Float
from tenon.schema.errors import SourceError, TableError, nearest
from tenon.schema.tables import InputOutputTable, Satellite

__all__ = ["from_pymrio", "to_pymrio"]

BALANCING_CATEGORY = "balancing item"
"""Category of final demand that is added to take what repairs move."""


def from_pymrio(system: Any, origin: Origin, *, extensions: Sequence[str] = ()) -> InputOutputTable:  # noqa: ANN401 - an optional package
    """Turn a calculated ``pymrio.IOSystem`` into a table.

    Pymrio keeps value added among its extensions, under names that differ from source to source; here it is the
    remainder of output minus inputs.

    Parameters
    ----------
    system : pymrio.IOSystem
        With ``Z``, ``Y`` and ``x``; call its ``calc_all`` first.
    origin : Origin
        Name, currency, year, source and license, which pymrio does not keep. ``origin.unit`` must say what the figure 1
        means.
    extensions : sequence of str
        Names of extensions whose rows become satellites, called ``"extension: row"``.

    Returns
    -------
    InputOutputTable
        The checked table; ``repairs`` says what was changed.

    Raises
    ------
    SourceError
        If the system was not calculated, mixes units, or has no such extension.
    LabelError
        If an industry is missing, stands twice or is out of place.
    TableError
        If figures contradict each other.

    Examples
    --------
    >>> import pymrio
    >>> system = pymrio.load_test().calc_all()
    >>> table = from_pymrio(system, Origin(name="test", currency="EUR", unit=1e6, year=2010, source="pymrio",
    ...     license="GPL-3.0"))
    >>> len(table.regions), len(table.sectors)
    (6, 8)
    """
    for attribute in ("Z", "Y", "x"):
        if getattr(system, attribute, None) is None:
            message = f"the pymrio system has no {attribute}; call its calc_all() before."
            raise SourceError(message)
    _refuse_mixed_units(system)
    regions, sectors = region_major(_pairs(system.Z.index), "rows of the pymrio Z")
    labels = [f"{region}:{sector}" for region, sector in _pairs(system.Z.index)]
    for axis, what in (
        (system.Z.columns, "columns of Z"),
        (system.Y.index, "rows of Y"),
        (system.x.index, "rows of x"),
    ):
        same_labels([":".join(pair) for pair in _pairs(axis)], labels, f"pymrio: {what}")
    final_regions, categories = region_major(_pairs(system.Y.columns), "columns of the pymrio Y")
    same_labels(final_regions, regions, "pymrio: regions of Y")
    Z, Y = system.Z.to_numpy(dtype=np.float64), system.Y.to_numpy(dtype=np.float64)
    x = np.ravel(system.x.to_numpy(dtype=np.float64))
    draft = Draft(
        regions=regions,
        sectors=sectors,
        final_demand_categories=(*categories, BALANCING_CATEGORY),
        value_added_items=("value added",),
        Z=Z,
        Y=_with_empty_category(Y, len(regions)),
        V=(x - Z.sum(axis=0))[None, :],
        x=x,
    )
    draft = repair_negative_flows(draft, into=BALANCING_CATEGORY)
    draft = repair_excess_inputs(draft, into=BALANCING_CATEGORY)
    draft = repair_row_residuals(draft, into=BALANCING_CATEGORY)
    draft = repair_column_residuals(draft, into="value added")
    return replace(draft.table(origin), satellites=_satellites(system, extensions, labels))


def to_pymrio(table: InputOutputTable) -> Any:  # noqa: ANN401 - an optional package
    """Turn a table into a ``pymrio.IOSystem``, value added and satellites as extensions.

    Parameters
    ----------
    table : InputOutputTable
        Any table.

    Returns
    -------
    pymrio.IOSystem
        With ``Z``, ``Y``, ``x``, ``unit``, an extension ``value_added`` and, if there are satellites, an extension
        ``satellites``. Call its ``calc_all`` for the rest.

    Raises
    ------
    SourceError
        If pymrio is not installed.
    """
    try:
        import pymrio
    except ModuleNotFoundError as error:
        message = "this needs the package pymrio; install it with: pip install 'tenon[pymrio]'."
        raise SourceError(message) from error
    import pandas as pd

    industries = pd.MultiIndex.from_product([table.regions, table.sectors], names=["region", "sector"])
    users = pd.MultiIndex.from_product([table.regions, table.final_demand_categories], names=["region", "category"])
    unit = f"{table.unit:g} {table.currency}"
    system = pymrio.IOSystem(
        name=table.name,
        Z=pd.DataFrame(table.Z, index=industries, columns=industries),
        Y=pd.DataFrame(table.Y, index=industries, columns=users),
        x=pd.DataFrame(table.x, index=industries, columns=["indout"]),
        unit=pd.DataFrame({"unit": unit}, index=industries),
    )
    items = pd.Index(table.value_added_items, name="stressor")
    system.value_added = pymrio.Extension(
        name="value added",
        F=pd.DataFrame(table.V, index=items, columns=industries),
        unit=pd.DataFrame({"unit": unit}, index=items),
    )
    if table.satellites:
        names = pd.Index(list(table.satellites), name="stressor")
        system.satellites = pymrio.Extension(
            name="satellites",
            F=pd.DataFrame([item.values for item in table.satellites.values()], index=names, columns=industries),
            unit=pd.DataFrame({"unit": [item.unit for item in table.satellites.values()]}, index=names),
        )
    return system


def _pairs(index: Iterable[Any]) -> list[tuple[str, str]]:
    return [(str(label[0]), str(label[1])) for label in index]


def _refuse_mixed_units(system: Any) -> None:  # noqa: ANN401 - an optional package
    if system.unit is None:
        return
    units = sorted({str(unit) for unit in system.unit.iloc[:, 0]})
    if len(units) > 1:
        message = f"the pymrio system mixes units ({', '.join(units[:4])}); a table of one currency was expected."
        raise SourceError(message)


def _with_empty_category(sales: Float, regions: int) -> Float:
    by_region = sales.reshape(len(sales), regions, -1)
    padded = np.concatenate([by_region, np.zeros((len(sales), regions, 1))], axis=2)
    return np.asarray(padded.reshape(len(sales), -1))


def _satellites(system: Any, extensions: Sequence[str], labels: list[str]) -> dict[str, Satellite]:  # noqa: ANN401 - an optional package
    known = list(system.get_extensions())
    found: dict[str, Satellite] = {}
    for name in extensions:
        if name not in known:
            message = f"the pymrio system has no extension {name!r}; {nearest(name, known)}"
            raise SourceError(message)
        extension = getattr(system, name)
        if extension.F is None:
            message = f"extension {name!r} of the pymrio system has no F; call its calc_all() before."
            raise TableError(message)
        same_labels([":".join(pair) for pair in _pairs(extension.F.columns)], labels, f"pymrio: columns of {name}.F")
        for row, unit in zip(extension.F.index, extension.unit["unit"], strict=True):
            label = ", ".join(row) if isinstance(row, tuple) else str(row)
            values = extension.F.loc[[row]].to_numpy(dtype=np.float64).ravel()
            found[f"{name}: {label}"] = Satellite(values, str(unit), f"extension {name} of the pymrio system")
    return found
