"""The tables of a year of bad luck."""

from __future__ import annotations

import pytest

from tenon.report.chains.risk.reading import read_risk
from tenon.report.chains.risk.tables import causes_table, exceedance_table, levels_table
from tenon.report.language import load_language
from tenon.report.tables import Table
from tests.unit.report.chains.risk.samples import everything

RISK = read_risk(everything())
ENGLISH = load_language("en")


def column(table: Table, place: int) -> list[float]:
    """Return the figures of a column."""
    return [cell for row in table.rows if isinstance(cell := row[place], float)]


def test_causes_are_named_with_kind_rate_and_shares() -> None:
    table = causes_table(RISK, ENGLISH)
    assert [row[:3] for row in table.rows] == [
        ("S", "site", 0.5),
        ("strait", "passage", 0.4),
        ("coast", "group", 0.2),
        ("sea", "lane", 0.1),
    ]
    assert sum(column(table, 4)) == pytest.approx(1)
    assert sum(column(table, 6)) == pytest.approx(1)
    assert all(len(row) == len(table.columns) for row in table.rows)


def test_levels_hold_both_measures_with_their_intervals() -> None:
    table = levels_table(RISK, ENGLISH)
    assert [row[0] for row in table.rows] == ["The worst 10% of years", "The worst 1% of years"]
    assert [row[1] for row in table.rows] == [level.reached for level in RISK.levels]


def test_the_share_of_years_that_cost_as_much_or_more_is_as_the_table_says() -> None:
    table = exceedance_table(RISK, ENGLISH)
    assert table.columns[0].title == "Share of years that cost this much or more"
    for share, loss in zip(column(table, 0), column(table, 1), strict=True):
        assert (RISK.annual >= loss).mean() >= share


def test_rarer_years_cost_more() -> None:
    table = exceedance_table(RISK, ENGLISH)
    losses, greatest = column(table, 1), column(table, 2)
    assert losses == sorted(losses)
    assert all(event <= year for event, year in zip(greatest, losses, strict=True))
