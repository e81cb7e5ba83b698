"""Reader of the World Input-Output Database, 2013 release (``wiot_2011.RData``): 41 regions, 35 industries.

The files of the R package ``wiod`` hold one year each as a list with ``inter`` (1435 x 1435), ``final`` (1435 x 205,
five categories a region), ``output`` (1435), ``countries`` and ``industries``, in current million USD **rounded to
integers**. Two labels are brought to ISO 3166: ``ROM`` becomes ``ROU``, ``RoW`` becomes ``ROW``.

Rounding drops about 0.08 % of intermediate flows, so rows miss output by 0.04 %; the residual goes to inventories of
the producer's region. Value added is the remainder of output minus inputs, hence includes net taxes on products and
transport margins.

Source: Timmer, M. P., Dietzenbacher, E., Los, B., Stehrer, R. and de Vries, G. J. (2015), An illustrated user guide
to the World Input-Output Database, Review of International Economics 23(3), 575-605.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from tenon.data.drafts import Draft, Origin
from tenon.data.names import economy_names, wiod_industry_names
from tenon.data.rdata_files import read_rdata
from tenon.data.repairs import (
    repair_column_residuals,
    repair_excess_inputs,
    repair_negative_flows,
    repair_row_residuals,
)
from tenon.schema.arrays import Float
from tenon.schema.errors import SourceError
from tenon.schema.tables import InputOutputTable

__all__ = ["read_wiod_2013"]

_CATEGORIES = ("households", "non-profit institutions", "government", "fixed capital formation", "inventories")
_REGION_LABELS = {"ROM": "ROU", "RoW": "ROW"}
_INDUSTRIES = 35


def read_wiod_2013(path: str | Path) -> InputOutputTable:
    """Read a year of the WIOD 2013 release.

    Parameters
    ----------
    path : str or Path
        A file such as ``wiot_2011.RData``.

    Returns
    -------
    InputOutputTable
        41 regions (ISO 3166 alpha-3 and ``ROW``) and 35 industries (``c1`` to ``c35``), million USD.

    Raises
    ------
    SourceError
        If the file is missing, cut short or of another layout.
    TableError
        If its figures contradict each other.
    """
    content = read_rdata(path, "a table of the WIOD 2013 release such as wiot_2011.RData")
    Z, Y, x, regions = _arrays(Path(path), content)
    sectors = tuple(f"c{number}" for number in range(1, _INDUSTRIES + 1))
    names = economy_names()
    draft = Draft(
        regions=regions,
        sectors=sectors,
        final_demand_categories=_CATEGORIES,
        value_added_items=("value added",),
        Z=Z,
        Y=Y,
        V=(x - Z.sum(axis=0))[None, :],
        x=x,
        region_names={region: names[region] for region in regions if region in names},
        sector_names=wiod_industry_names(),
        repairs=("labels: ROM became ROU and RoW became ROW, as in ISO 3166",),
    )
    draft = repair_negative_flows(draft, into="inventories")
    draft = repair_excess_inputs(draft, into="inventories")
    draft = repair_row_residuals(draft, into="inventories")
    draft = repair_column_residuals(draft, into="value added")
    year = int(np.ravel(content["year"])[0])
    origin = Origin(
        name=f"wiod-{year}",
        currency="USD",
        unit=1e6,
        year=year,
        source=(
            "World Input-Output Database, 2013 release (Timmer et al. 2015, Review of International Economics "
            f"23:575-605), {year}, rounded to million USD"
        ),
        license="free of charge with citation",
    )
    return draft.table(origin)


def _arrays(file: Path, content: dict[str, Any]) -> tuple[Float, Float, Float, tuple[str, ...]]:
    missing = [key for key in ("inter", "final", "output", "countries", "year") if key not in content]
    if missing:
        message = (
            f"{file} is not a table of the WIOD 2013 release: its list has no {missing[0]!r} but "
            f"{', '.join(content)}. Use a file such as wiot_2011.RData."
        )
        raise SourceError(message)
    regions = tuple(_REGION_LABELS.get(str(label), str(label)) for label in content["countries"])
    Z, Y, x = (np.asarray(content[key], dtype=np.float64) for key in ("inter", "final", "output"))
    x = x.ravel()
    size = len(regions) * _INDUSTRIES
    wanted = ((size, size), (size, len(regions) * len(_CATEGORIES)), (size,))
    if (Z.shape, Y.shape, x.shape) != wanted:
        message = (
            f"{file}: {len(regions)} regions with {_INDUSTRIES} industries need arrays {wanted}, but they are "
            f"{(Z.shape, Y.shape, x.shape)}. Tables with fewer regions are of another layout."
        )
        raise SourceError(message)
    return Z, Y, x, regions
