from __future__ import annotations

import numpy as np
import pytest

from tenon.report.language import load_language
from tenon.report.listings import (
    agents_table,
    comparison_table,
    groups_table,
    index_table,
    money_column,
    origins_table,
    routes_table,
    series_table,
    shortages_table,
    unmet_table,
)
from tenon.report.sentences import Story, stories
from tests.unit.report import samples

WORLD = samples.world(scenarios=2)


@pytest.fixture(scope="module")
def story() -> Story:
    return stories(WORLD, load_language("en"))[0]


def test_regions_are_listed_from_the_largest_loss_with_all_causes(story: Story) -> None:
    table = groups_table(story, story.findings.regions, "region")
    assert table.rows[0][:2] == ("Japan", "JPN")
    losses = [float(row[2] or 0) for row in table.rows]
    assert losses == sorted(losses, reverse=True)
    assert sum(losses) == pytest.approx(story.findings.lost)
    assert [column.title for column in table.columns[5:]] == [
        "Own capacity lost",
        "Inputs missing",
        "Orders missing",
        "Made up later",
    ]


def test_sectors_are_listed_with_their_full_names(story: Story) -> None:
    assert groups_table(story, story.findings.sectors, "sector").rows[0][0] == "Computers, electronics and optics"


def test_industries_show_a_dozen_and_the_file_holds_all_with_causes(story: Story) -> None:
    table = agents_table(story)
    assert len(table.rows) == 800
    assert len(table.displayed()) == 12
    assert table.displayed()[0] == ["Japan", "Electronics", "90.0", "12.4%", "139"]
    assert len(table.columns) == 9


def test_firms_are_listed_with_region_and_product() -> None:
    (told,) = stories(samples.firms(), load_language("en"))
    assert agents_table(told).displayed()[0][:3] == ["firm 0", "north", "steel"]


def test_those_never_away_and_not_yet_back_are_told_apart(story: Story) -> None:
    column = next(column for column in agents_table(story).columns if column.title == "Back on day")
    assert [column.display(day) for day in (0.0, 12.0, float("nan"))] == ["never away", "12", "not yet"]


def test_bottlenecks_say_where_they_hurt(story: Story) -> None:
    table = shortages_table(story)
    assert table is not None
    assert [row[0] for row in table.rows] == ["Electronics", "Chemicals", "Basic metals"]
    shortages = story.findings.shortages
    assert shortages is not None
    assert table.rows[0][2] == shortages.held_back[shortages.products.index("electronics")].sum()


def test_unmet_demand_is_listed_and_rounding_is_not(story: Story) -> None:
    table = unmet_table(story)
    assert table is not None
    assert len(table.rows) == 25
    unmet = story.findings.unmet
    assert unmet is not None
    unmet.missing[:] = 1e-15
    assert unmet_table(story) is None


def test_unused_origins_are_left_out(story: Story) -> None:
    table = origins_table(story)
    assert table is not None
    assert len(table.rows) == 32
    assert table.columns[-1].title == "Not explained"
    total = np.array([row[1:] for row in table.rows], dtype=float).sum()
    assert total == pytest.approx(story.findings.lost)


def test_chains_read_from_where_they_began(story: Story) -> None:
    table = routes_table(story)
    assert table is not None
    assert table.rows[2][:2] == (
        "Motor vehicles (Thailand)",
        "Electronics (Japan) [capacity] → Motor vehicles (Thailand) [input: electronics]",
    )


def test_series_hold_every_day_and_show_some(story: Story) -> None:
    table = series_table(story, story.findings.regions, "region")
    assert (len(table.rows), len(table.columns), table.every) == (365, 33, 14)
    assert [row[0] for row in table.displayed()[:3]] == ["0", "14", "28"]
    assert index_table(story).rows[0] == (0, 100.0)


def test_scenarios_are_compared_from_the_worst_on() -> None:
    table = comparison_table(stories(WORLD, load_language("en")))
    assert [row[0] for row in table.rows] == ["An earthquake stops electronics in Japan", "A milder earthquake"]


def test_amounts_of_a_column_share_a_unit_and_decimals(story: Story) -> None:
    column = money_column(story, "Loss", [123_456.0, 1.0])
    assert (column.shown_unit, column.unit) == ("USD billion", "USD million")
    assert [column.display(value) for value in (123_456.0, 1.0)] == ["123", "0"]
    assert money_column(story, "Loss", [0.0]).display(0.0) == "0"
