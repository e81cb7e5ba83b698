from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tenon.report.language import load_language
from tenon.report.outlines import Outline
from tenon.report.pictures import (
    Boundaries,
    comparison_picture,
    group_picture,
    index_picture,
    map_picture,
    strips_picture,
)
from tenon.report.sentences import Story, stories
from tests.unit.report import samples

WORLD = samples.world(days=200)
SQUARE = [[[(0.0, 0.0), (0.1, 0.0), (0.1, 0.1), (0.0, 0.0)]]]
PLACES = {"JPN": (138.0, 36.0), "CHN": (104.0, 35.0)}


@pytest.fixture(scope="module")
def story() -> Story:
    return stories(WORLD, load_language("en"))[0]


def test_every_picture_says_in_words_what_it_shows(story: Story) -> None:
    index = index_picture(story, "a", [])
    assert index.label.startswith("Line chart of total output: lowest at 96.6% of the undisturbed level on day 76")
    drawn = map_picture(story, "b", PLACES, None)
    assert drawn is not None
    assert drawn.label.startswith("World map of losses by region. Largest: Japan (USD")
    strips = strips_picture(story, "c")
    assert strips is not None
    assert (
        strips.label == "Heat strips of products over 200 days. Longest waits: Electronics, Chemicals and Basic metals."
    )


def test_every_picture_has_its_table(story: Story) -> None:
    pictures = [
        index_picture(story, "a", []),
        map_picture(story, "b", PLACES, None),
        strips_picture(story, "c"),
        group_picture(story, "d", "region", []),
        group_picture(story, "e", "sector", []),
    ]
    assert all(picture is not None and picture.tables for picture in pictures)


def test_lines_are_those_that_lose_most_and_the_rest_together(story: Story) -> None:
    picture = group_picture(story, "a", "region", [])
    assert picture is not None
    assert [key.name for key in picture.keys][:2] == ["Japan", "China"]
    assert picture.keys[-1].name == "25 other regions"
    assert len(picture.keys) == 8


def test_groups_that_lose_hardly_anything_get_no_line(story: Story) -> None:
    lost = np.zeros(32)
    lost[:2] = 1.0, 0.5
    few = replace(story, findings=replace(story.findings, regions=replace(story.findings.regions, lost=lost)))
    picture = group_picture(few, "a", "region", [])
    assert picture is not None
    assert [key.name for key in picture.keys] == ["Argentina", "Australia", "Brazil", "29 other regions"]


def test_pictures_without_figures_are_left_out(story: Story) -> None:
    bare = replace(story.findings, shortages=None, regions=replace(story.findings.regions, production=None))
    poor = replace(story, findings=bare)
    assert strips_picture(poor, "a") is None
    assert group_picture(poor, "a", "region", []) is None
    assert map_picture(story, "a", {}, None) is None


def test_the_map_says_which_regions_have_no_outline_or_place(story: Story) -> None:
    boundaries = Boundaries("mine.geojson", (Outline(frozenset({"JPN"}), SQUARE),))
    picture = map_picture(story, "a", PLACES, boundaries)
    assert picture is not None
    outlines, rest, unplaced = picture.captions
    assert "mine.geojson" in outlines
    assert "1 of 32 regions" in outlines
    assert rest == "As bubbles, because no outline has their code: China."
    assert unplaced.startswith("Without a known position, and therefore only in the table: ")


def test_swatches_cover_the_scale_without_gaps(story: Story) -> None:
    picture = map_picture(story, "a", PLACES, None)
    assert picture is not None
    texts = [swatch.text for swatch in picture.swatches]
    assert texts[0].startswith("under ")
    assert texts[-1].endswith(" and more")
    assert [text.split(" to ")[1] for text in texts[1:-2]] == [text.split(" to ")[0] for text in texts[2:-1]]


def test_scenarios_share_one_figure() -> None:
    told = stories(samples.world(scenarios=3, days=200), load_language("en"))
    picture = comparison_picture(told, "a")
    assert len(picture.keys) == 3
    assert "A milder earthquake (milder 2)" in picture.label
