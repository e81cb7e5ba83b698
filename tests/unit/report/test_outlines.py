from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tenon.report.outlines import read_outlines
from tenon.schema import SourceError

SQUARE = [[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]]
HOLE = [[4, 4], [6, 4], [6, 6], [4, 6], [4, 4]]


def write(path: Path, *features: dict[str, Any]) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def feature(coordinates: Any, kind: str = "Polygon", **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": coordinates}}


def test_polygons_keep_their_holes_and_codes(tmp_path: Path) -> None:
    path = write(tmp_path / "a.geojson", feature([SQUARE, HOLE], ISO_A3="-99", ADM0_A3="FRA", NAME="France"))
    (outline,) = read_outlines(path)
    assert outline.codes == {"FRA"}
    assert [len(ring) for ring in outline.polygons[0]] == [5, 5]


def test_islands_are_polygons_of_one_outline(tmp_path: Path) -> None:
    other = [[[x + 20, y] for x, y in SQUARE]]
    path = write(tmp_path / "a.geojson", feature([[SQUARE], other], "MultiPolygon", iso_a3="idn"))
    (outline,) = read_outlines(path)
    assert outline.codes == {"IDN"}
    assert len(outline.polygons) == 2


def test_what_the_map_does_not_show_is_left_out(tmp_path: Path) -> None:
    south = [[x, y - 80] for x, y in SQUARE]
    points = {"type": "Feature", "properties": {"ISO_A3": "AAA"}, "geometry": {"type": "Point", "coordinates": [1, 1]}}
    path = write(tmp_path / "a.geojson", feature([south], ISO_A3="ATA"), points, feature([SQUARE], ISO_A3="BBB"))
    assert [outline.codes for outline in read_outlines(path)] == [{"BBB"}]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "are not JSON"),
        ("[]", "have no list 'features'"),
        (
            '{"features": [{"properties": {}, "geometry": {"type": "Polygon", "coordinates": [[1]]}}]}',
            "has no readable polygon",
        ),
        ('{"features": [3]}', "has no readable polygon"),
        ('{"features": []}', "hold no polygon with a three-letter code"),
        (
            json.dumps({"features": [feature([[[500000, 0], [500001, 0], [500001, 9], [500000, 0]]], ISO_A3="AAA")]}),
            "must be degrees",
        ),
    ],
)
def test_a_file_that_is_no_map_is_refused(content: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(SourceError, match=message):
        read_outlines(path)


def test_a_missing_file_is_refused_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"no\.geojson cannot be read \(No such file or directory\); give a GeoJSON"):
        read_outlines(tmp_path / "no.geojson")


def test_the_countries_of_natural_earth_are_read(shared: Path) -> None:
    path = shared / "data" / "geo" / "natural_earth" / "ne_110m_admin_0_countries.json"
    if not path.is_file():
        pytest.skip(f"no {path.name} in the shared data")
    codes = frozenset().union(*(outline.codes for outline in read_outlines(path)))
    assert {"FRA", "NOR", "JPN", "USA", "ZAF", "TWN"} <= codes
    assert "ATA" not in codes
