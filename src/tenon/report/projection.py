"""The map under the marks: Equal Earth projection, graticule, and a rough pattern of land for orientation."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import ArrayLike

from tenon.schema import Float

__all__ = ["NORTH", "SOUTH", "Lines", "equal_earth", "frame", "graticule", "land"]

NORTH, SOUTH = 84.0, -57.0
"""Latitudes between which the map is drawn, degrees."""

_COEFFICIENTS = (1.340264, -0.081106, 0.000893, 0.003796)


@dataclass(frozen=True)
class Lines:
    """Curves on the map.

    Parameters
    ----------
    xs, ys : list of list of float
        Projected points of each curve.
    """

    xs: list[list[float]]
    ys: list[list[float]]


def equal_earth(longitude: ArrayLike, latitude: ArrayLike) -> tuple[Float, Float]:
    """Project points on the sphere onto the plane with areas kept.

    Parameters
    ----------
    longitude, latitude : array, degrees
        East and north are positive.

    Returns
    -------
    x, y : array, radii of the sphere
        ``x`` up to 2.707, ``y`` up to 1.317. With ``sin t = sqrt(3)/2 sin(latitude)``:
        ``x = 2 sqrt(3) longitude cos t / (3 (9 a4 t^8 + 7 a3 t^6 + 3 a2 t^2 + a1))`` and
        ``y = a4 t^9 + a3 t^7 + a2 t^3 + a1 t``.

    References
    ----------
    B. Šavrič, T. Patterson and B. Jenny, 2019, The Equal Earth map projection, International Journal of Geographical
    Information Science 33(3), 454-465.

    Examples
    --------
    >>> x, y = equal_earth([0.0, 180.0], [90.0, 0.0])
    >>> x.round(3), y.round(3)
    (array([0.   , 2.707]), array([1.317, 0.   ]))
    """
    a1, a2, a3, a4 = _COEFFICIENTS
    angle = np.arcsin(np.sqrt(3) / 2 * np.sin(np.radians(np.asarray(latitude, dtype=np.float64))))
    slope = 9 * a4 * angle**8 + 7 * a3 * angle**6 + 3 * a2 * angle**2 + a1
    x = 2 * np.sqrt(3) * np.radians(np.asarray(longitude, dtype=np.float64)) * np.cos(angle) / (3 * slope)
    return x, a4 * angle**9 + a3 * angle**7 + a2 * angle**3 + a1 * angle


def graticule(step: int = 30) -> Lines:
    """Return meridians and parallels inside the drawn part of the map.

    Parameters
    ----------
    step : int, degrees
        Distance between neighbors.

    Returns
    -------
    Lines
        Projected curves.
    """
    latitudes = np.linspace(SOUTH, NORTH, 60)
    longitudes = np.linspace(-180, 180, 90)
    curves = [equal_earth(np.full_like(latitudes, meridian), latitudes) for meridian in range(-180, 181, step)]
    curves += [equal_earth(longitudes, np.full_like(longitudes, parallel)) for parallel in range(-30, 90, step)]
    return _rounded(curves)


def frame() -> Lines:
    """Return the outline of the drawn part of the map."""
    up, right = np.linspace(SOUTH, NORTH, 80), np.linspace(-180, 180, 80)
    longitude = np.concatenate([np.full_like(up, -180), right, np.full_like(up, 180), right[::-1]])
    latitude = np.concatenate([up, np.full_like(right, NORTH), up[::-1], np.full_like(right, SOUTH)])
    return _rounded([equal_earth(longitude, latitude)])


def land() -> tuple[Float, Float]:
    """Return dots on land, drawn by hand for orientation; they say nothing about borders or coasts.

    Returns
    -------
    x, y : (n,) array
        Projected dots.
    """
    rows: dict[float, list[tuple[float, float]]] = {}
    for line in files("tenon.report").joinpath("land.csv").read_text(encoding="utf-8").splitlines()[1:]:
        middle, spans = line.split(",")
        ends = (span.split("/") for span in spans.split(";"))
        rows[float(middle)] = [(float(west), float(east)) for west, east in ends]
    known = np.linspace(min(rows) - 1, max(rows) + 1, 600)
    heights = equal_earth(0.0, known)[1]
    longitudes, latitudes = [], []
    for number, height in enumerate(np.arange(heights[0], heights[-1], _DOT * np.sqrt(0.75))):
        latitude = float(np.interp(height, heights, known))
        # Dots keep the same distance on the map, so a row near a pole has fewer of them.
        count = round(2 * float(equal_earth(180.0, latitude)[0]) / _DOT)
        row = (np.arange(count) + 0.5 * (number % 2)) * 360.0 / count - 180.0
        for west, east in rows[_nearest(list(rows), latitude)]:
            inside = row[(row >= west) & (row <= east)]
            longitudes.append(inside)
            latitudes.append(np.full_like(inside, latitude))
    return equal_earth(np.concatenate(longitudes), np.concatenate(latitudes))


def _nearest(latitudes: list[float], latitude: float) -> float:
    return min(latitudes, key=lambda known: abs(known - latitude))


_DOT = 0.04
"""Distance between dots, radii of the sphere."""


def _rounded(curves: list[tuple[Float, Float]]) -> Lines:
    return Lines([x.round(3).tolist() for x, _ in curves], [y.round(3).tolist() for _, y in curves])
