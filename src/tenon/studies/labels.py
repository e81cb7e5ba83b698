"""Names and places attached to a result, so that people read names and maps find their marks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from tenon.data import label_names, region_places

if TYPE_CHECKING:
    import xarray

__all__ = ["with_names_and_places"]


def with_names_and_places(
    values: xarray.Dataset, region_names: Mapping[str, str], sector_names: Mapping[str, str]
) -> xarray.Dataset:
    """Attach names in English and Chinese, and approximate positions, wherever they are known.

    Parameters
    ----------
    values : xarray.Dataset
        Values of a result.
    region_names, sector_names : mapping of str to str
        English names that the table itself gives; they come before those that tenon knows.

    Returns
    -------
    xarray.Dataset
        The same values with the coordinates ``region_name``, ``sector_name``, ``product_name``, each also with
        ``_zh``, and ``longitude`` and ``latitude`` (degrees, NaN where unknown) along ``region``.
    """
    english, chinese = label_names("en"), label_names("zh")
    own = {"region": region_names, "sector": sector_names, "product": sector_names}
    added: dict[str, object] = {}
    for dimension, names in own.items():
        if dimension not in values.dims:
            continue
        labels = [str(label) for label in values[dimension].to_numpy()]
        added[f"{dimension}_name"] = (dimension, [names.get(label) or english.get(label, label) for label in labels])
        added[f"{dimension}_name_zh"] = (dimension, [chinese.get(label, label) for label in labels])
    if "region" in values.dims:
        places = region_places()
        found = [places.get(str(label)) for label in values["region"].to_numpy()]
        degrees = {"units": "degrees"}
        added["longitude"] = ("region", [np.nan if place is None else place.longitude for place in found], degrees)
        added["latitude"] = ("region", [np.nan if place is None else place.latitude for place in found], degrees)
    return values.assign_coords(added)
