from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tenon.report import sections
from tenon.report.language import load_language
from tenon.report.sections import Materials, Panel, panel_of
from tenon.report.sentences import Story, stories
from tests.unit.report import samples

ENGLISH = load_language("en")
PLACES = {"JPN": (138.0, 36.0)}
MATERIALS = Materials(PLACES, None, (), {})


@pytest.fixture(scope="module")
def story() -> Story:
    return stories(samples.world(days=200), ENGLISH)[0]


@pytest.fixture(scope="module")
def panel(story: Story) -> Panel:
    return panel_of(story, "s1", MATERIALS)


def test_a_table_result_has_every_part(panel: Panel) -> None:
    assert [section.name for section in panel.sections] == [
        f"s1-{part}" for part in ("overview", "map", "regions", "sectors", "hit", "shortages", "unmet", "paths")
    ]
    assert [section.half for section in panel.sections] == [False, False, True, True, False, False, False, False]


def test_firms_without_places_and_attribution_have_fewer_parts() -> None:
    (told,) = stories(samples.firms(), ENGLISH)
    panel = panel_of(told, "s1", MATERIALS)
    assert [section.name for section in panel.sections] == [
        "s1-overview",
        "s1-regions",
        "s1-sectors",
        "s1-hit",
        "s1-shortages",
    ]


def test_the_four_figures_are_loss_depth_place_and_return(panel: Panel) -> None:
    figures = panel.figures
    assert [figure.label for figure in figures] == [
        "Value added lost",
        "Lowest output",
        "Hit hardest for its size",
        "Back to normal",
    ]
    assert figures[2].value == "Japan"


def returned(story: Story, back: list[float]) -> str:
    days = np.resize(np.array(back), len(story.findings.each))
    each = replace(story.findings.each, back=days)
    figure = sections._return(replace(story, findings=replace(story.findings, each=each)))
    return f"{figure.value}; {figure.note}"


def test_the_return_is_told_in_all_its_forms(story: Story) -> None:
    assert returned(story, [0.0]) == "Never left; "
    assert returned(story, [float("nan")]) == "Not recorded; "
    assert returned(story, [0.0, 7.0]) == "Day 7; 400 industries had left their usual level"
    assert returned(story, [0.0, float("nan")]) == "Not within 200 days; 400 industries still more than 1% below"


def test_without_regions_the_largest_loss_takes_their_place() -> None:
    result = samples.firms()
    result = replace(result, values=result.values.drop_vars(["agent_region", "agent_product"]))
    (told,) = stories(result, ENGLISH)
    panel = panel_of(told, "s1", MATERIALS)
    assert (panel.figures[2].label, panel.figures[2].value) == ("Largest loss", "firm 0")
    assert [section.name for section in panel.sections] == ["s1-overview", "s1-hit", "s1-shortages"]


def test_the_longest_bar_is_full_and_says_why(panel: Panel) -> None:
    hit = next(section for section in panel.sections if section.name == "s1-hit")
    assert len(hit.bars) == 12
    ((cause, width, said),) = hit.bars[0].parts
    assert (cause, width) == ("capacity", 100.0)
    assert said.startswith("Own capacity lost: USD 90.0 billion")


def test_the_split_of_the_whole_loss_fills_the_bar(panel: Panel) -> None:
    split = panel.split
    assert split is not None
    assert sum(width for _, width, _ in split.parts) == pytest.approx(100.0, abs=0.05)
