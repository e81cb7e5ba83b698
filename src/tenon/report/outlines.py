"""Outlines of regions from a GeoJSON file of the reader's choice."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tenon.report.projection import NORTH, SOUTH, equal_earth
from tenon.schema import SourceError

__all__ = ["Outline", "read_outlines"]

CODE_PROPERTIES = ("ISO_A3", "ADM0_A3", "ISO_A3_EH", "iso_a3", "adm0_a3", "ISO3", "iso3", "id", "code")
"""Properties of a feature in which its three-letter code is looked for."""

_NEAR = 0.003
_CORNERS = 4


@dataclass(frozen=True)
class Outline:
    """One feature of the file, projected.

    Parameters
    ----------
    codes : frozenset of str
        Codes by which a region may be meant, in capitals.
    polygons : list
        Polygons, each a list of rings (the first is the outer one), each ring a list of (x, y).
    """

    codes: frozenset[str]
    polygons: list[list[list[tuple[float, float]]]]


def read_outlines(path: str | Path) -> tuple[Outline, ...]:
    """Read the outlines in a GeoJSON file.

    Parameters
    ----------
    path : path
        A FeatureCollection of polygons in degrees of longitude and latitude, with three-letter codes as ``ISO_A3``,
        ``ADM0_A3`` or ``id``.

    Returns
    -------
    tuple of Outline
        Features with at least one polygon, in the order of the file.

    Raises
    ------
    SourceError
        If the file is missing, is no GeoJSON, or holds no polygon with a code.
    """
    path = Path(path)
    wanted = "give a GeoJSON file with a FeatureCollection of polygons in degrees"
    try:
        tree = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        message = f"the boundaries {path} cannot be read ({error.strerror}); {wanted}."
        raise SourceError(message) from error
    except ValueError as error:
        message = f"the boundaries {path} are not JSON ({error}); {wanted}."
        raise SourceError(message) from error
    if not isinstance(tree, Mapping) or not isinstance(tree.get("features"), list):
        message = f"the boundaries {path} have no list 'features'; {wanted}."
        raise SourceError(message)
    try:
        outlines = tuple(_outline(feature) for feature in tree["features"])
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        message = f"a feature of the boundaries {path} has no readable polygon ({error!r}); {wanted}."
        raise SourceError(message) from error
    kept = tuple(outline for outline in outlines if outline.polygons)
    if not any(outline.codes for outline in kept):
        message = (
            f"the boundaries {path} hold no polygon with a three-letter code; looked for the properties "
            f"{', '.join(CODE_PROPERTIES)}."
        )
        raise SourceError(message)
    return kept


def _outline(feature: Mapping[str, Any]) -> Outline:
    properties = feature.get("properties") or {}
    values = [properties.get(key) for key in CODE_PROPERTIES] + [feature.get("id")]
    codes = frozenset(value.upper() for value in values if isinstance(value, str) and value.isalnum())
    geometry = feature.get("geometry") or {}
    polygons = [_rings(polygon) for polygon in _polygons(geometry)]
    return Outline(codes, [polygon for polygon in polygons if polygon])


def _polygons(geometry: Mapping[str, Any]) -> Iterator[Any]:
    if geometry.get("type") == "Polygon":
        yield geometry["coordinates"]
    elif geometry.get("type") == "MultiPolygon":
        yield from geometry["coordinates"]


def _rings(polygon: Iterable[Any]) -> list[list[tuple[float, float]]]:
    rings: list[list[tuple[float, float]]] = []
    for position, ring in enumerate(polygon):
        points = np.array([corner[:2] for corner in ring], dtype=np.float64)
        if not np.isfinite(points).all() or np.abs(points).max() > 360:  # noqa: PLR2004 - degrees end there
            message = "corners must be degrees of longitude and latitude"
            raise ValueError(message)
        if points[:, 1].max() < SOUTH or points[:, 1].min() > NORTH:
            # Outside the drawn part of the map; inner rings then go with their outer one.
            return rings if position else []
        x, y = equal_earth(points[:, 0], np.clip(points[:, 1], SOUTH, NORTH))
        thinned = _thin(x.tolist(), y.tolist())
        if len(thinned) >= _CORNERS:
            rings.append(thinned)
        elif not position:
            return []
    return rings


def _thin(xs: list[float], ys: list[float]) -> list[tuple[float, float]]:
    """Drop corners that are too near to the one before to be told apart on the page."""
    kept = [(xs[0], ys[0])]
    for x, y in zip(xs[1:-1], ys[1:-1], strict=True):
        if abs(x - kept[-1][0]) + abs(y - kept[-1][1]) > _NEAR:
            kept.append((x, y))
    return [(round(x, 4), round(y, 4)) for x, y in [*kept, (xs[-1], ys[-1])]]
