from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bokeh.models import ColumnDataSource
from bokeh.models.renderers import GlyphRenderer
from bokeh.plotting import figure

from tenon.report.findings import Findings
from tenon.report.language import load_language
from tenon.report.names import Names, names_of
from tenon.report.outlines import Outline, read_outlines
from tenon.report.reading import find
from tenon.report.world import WIDTHS, WorldMap, world_map
from tests.unit.report import samples

RESULT = samples.world(days=200)
PLACES = {
    label: (float(east), float(north))
    for label, east, north in zip(
        samples.REGIONS, RESULT.values["longitude"].values, RESULT.values["latitude"].values, strict=True
    )
}
SQUARE = [[[(0.0, 0.0), (0.1, 0.0), (0.1, 0.1), (0.0, 0.0)]]]


@pytest.fixture(scope="module")
def findings() -> Findings:
    return find(RESULT)[0]


@pytest.fixture(scope="module")
def names() -> Names:
    return names_of(RESULT.values, load_language("en"))


def columns(plot: figure, name: str) -> dict[str, Any]:
    (renderer,) = [item for item in plot.renderers if isinstance(item, GlyphRenderer) and item.name == name]
    assert isinstance(renderer.data_source, ColumnDataSource)
    return dict(renderer.data_source.data)


def test_every_region_has_one_bubble_with_an_area_like_its_loss(findings: Findings, names: Names) -> None:
    drawn = world_map(findings, names, PLACES)
    assert set(drawn.bubbles) == set(samples.REGIONS)
    data = columns(drawn.plot, "bubbles")
    lost = dict(zip(findings.regions.labels, findings.regions.lost, strict=True))
    radius = dict(zip(data["name"], data["radius"], strict=True))
    assert (radius["China"] / radius["Japan"]) ** 2 == pytest.approx(lost["CHN"] / lost["JPN"])
    assert min(radius.values()) >= 0.02
    assert data["radius"] == sorted(data["radius"], reverse=True)


def test_gains_are_hollow(findings: Findings, names: Names) -> None:
    lost = findings.regions.lost.copy()
    lost[0] = -lost[0]
    data = columns(world_map(_with_losses(findings, lost), names, PLACES).plot, "bubbles")
    alpha = dict(zip(data["name"], data["alpha"], strict=True))
    assert alpha["Argentina"] == 0.0
    assert alpha["Japan"] > 0.9


def test_regions_without_a_place_are_named_and_not_drawn(findings: Findings, names: Names) -> None:
    drawn = world_map(findings, names, {"JPN": PLACES["JPN"]})
    assert drawn.bubbles == ("JPN",)
    assert len(drawn.unplaced) == len(samples.REGIONS) - 1


def test_regions_with_an_outline_are_drawn_with_it_and_the_others_as_bubbles(findings: Findings, names: Names) -> None:
    outlines = [Outline(frozenset({"JPN", "JP"}), SQUARE), Outline(frozenset({"XXX"}), SQUARE)]
    drawn = world_map(findings, names, PLACES, outlines)
    assert drawn.outlined == ("JPN",)
    assert "JPN" not in drawn.bubbles
    assert columns(drawn.plot, "outlines")["name"] == ["Japan"]


def test_outlines_that_fit_no_region_leave_all_as_bubbles(findings: Findings, names: Names) -> None:
    drawn = world_map(findings, names, PLACES, [Outline(frozenset({"XXX"}), SQUARE)])
    assert (drawn.outlined, len(drawn.bubbles)) == ((), 32)


def test_there_is_a_set_of_labels_for_every_width_and_one_is_shown(findings: Findings, names: Names) -> None:
    plot = world_map(findings, names, PLACES).plot
    labels = [item for item in plot.renderers if (item.name or "").startswith("labels-")]
    assert {item.name for item in labels} == {f"labels-{width}" for width in WIDTHS}
    assert {item.name for item in labels if item.visible} == {f"labels-{WIDTHS[-1]}"}
    counts = [len(columns_of(labels, width)) for width in WIDTHS]
    assert counts[0] >= 10
    assert counts[-1] >= 29


def test_where_nothing_is_lost_there_is_still_a_map(findings: Findings, names: Names) -> None:
    drawn = world_map(_with_losses(findings, np.zeros(32)), names, PLACES)
    assert drawn.classes.limits == ()
    assert len(drawn.bubbles) == 32


def test_the_countries_of_natural_earth_match_by_code(findings: Findings, names: Names, shared: Path) -> None:
    path = shared / "data" / "geo" / "natural_earth" / "ne_110m_admin_0_countries.json"
    if not path.is_file():
        pytest.skip(f"no {path.name} in the shared data")
    drawn = world_map(findings, names, PLACES, read_outlines(path))
    assert set(drawn.bubbles) == {"SGP", "XEU", "XER", "XSE", "XAS", "XME", "XAF", "XLA", "ROW"}


def columns_of(labels: list[Any], width: int) -> list[str]:
    texts: list[str] = next(item for item in labels if item.name == f"labels-{width}").data_source.data["text"]
    return texts


def _with_losses(findings: Findings, lost: Any) -> Findings:
    return replace(findings, regions=replace(findings.regions, lost=lost))


def test_a_map_can_be_made_twice(findings: Findings, names: Names) -> None:
    first, second = (world_map(findings, names, PLACES) for _ in range(2))
    assert isinstance(first, WorldMap)
    assert first.plot is not second.plot
