from __future__ import annotations

import numpy as np
import pytest

from tenon.report.projection import equal_earth, frame, graticule, land


def test_areas_are_kept_everywhere() -> None:
    latitude, longitude = np.array([-50.0, -20.0, 0.5, 35.0, 70.0]), np.array([-170.0, -60.0, 0.0, 80.0, 140.0])
    step = 1e-4
    east = np.subtract(equal_earth(longitude + step, latitude), equal_earth(longitude - step, latitude))
    north = np.subtract(equal_earth(longitude, latitude + step), equal_earth(longitude, latitude - step))
    area = (east[0] * north[1] - east[1] * north[0]) / (2 * np.radians(step)) ** 2
    np.testing.assert_allclose(area / np.cos(np.radians(latitude)), 1.0, rtol=1e-4)


def test_the_equator_and_the_middle_meridian_are_straight() -> None:
    x, y = equal_earth(np.array([-90.0, 0.0, 90.0]), np.zeros(3))
    assert y.tolist() == [0.0, 0.0, 0.0]
    assert x[0] == -x[2]
    assert equal_earth(0.0, 45.0)[0] == pytest.approx(0.0)


def test_land_and_graticule_lie_inside_the_frame() -> None:
    edge, net, (x, y) = frame(), graticule(), land()
    assert min(edge.xs[0]) <= x.min()
    assert x.max() <= max(edge.xs[0])
    assert max(map(max, net.ys)) <= max(edge.ys[0])
    assert y.min() > min(edge.ys[0])
    assert y.max() < max(edge.ys[0])


@pytest.mark.parametrize(
    ("place", "longitude", "latitude", "on_land"),
    [
        ("Sahara", 10.0, 24.0, True),
        ("Kansas", -98.0, 38.0, True),
        ("Sichuan", 103.0, 31.0, True),
        ("Queensland", 144.0, -23.0, True),
        ("Amazon", -60.0, -5.0, True),
        ("North Atlantic", -40.0, 35.0, False),
        ("North Pacific", -160.0, 30.0, False),
        ("Indian Ocean", 80.0, -20.0, False),
    ],
)
def test_dots_are_where_land_is(place: str, longitude: float, latitude: float, on_land: bool) -> None:
    x, y = land()
    here = equal_earth(longitude, latitude)
    nearest = np.hypot(x - here[0], y - here[1]).min()
    assert (nearest < 0.04) == on_land, place
