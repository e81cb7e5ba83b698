from __future__ import annotations

import csv
import io
from datetime import date
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenon.web.rooms.ledger_drawings import chart_of, matrix_of
from tenon.web.rooms.ledger_rules import (
    HEIGHT,
    WIDTH,
    Figures,
    Month,
    harmless,
    land_rows,
    months_between,
    months_of,
    place_on_map,
    rank_of,
)
from tenon.web.rooms.rules import Severity, Urgency


@given(st.integers(1, 100), st.integers(1, 10_000))
def test_a_rank_is_the_smallest_that_covers_so_many_percent(percent: int, count: int) -> None:
    rank = rank_of(percent, count)
    assert 1 <= rank <= count
    assert rank * 100 >= percent * count > (rank - 1) * 100


@given(st.lists(st.tuples(*[st.integers(0, 50)] * 3), min_size=2, max_size=25))
def test_months_add_up_to_what_is_open(happened: list[tuple[int, int, int]]) -> None:
    reported, eliminated, closed = (list(accumulate(column)) for column in zip(*happened, strict=True))
    months = months_between(date(2024, 1, 1), date(2026, 12, 1))[: len(happened) - 1]
    made = months_of(reported, eliminated, closed, months)
    assert [(month.reported, month.eliminated) for month in made] == [item[:2] for item in happened[1:]]
    assert made[-1].open == reported[-1] - closed[-1]


def test_months_have_no_gaps() -> None:
    assert len(months_between(date(2024, 11, 30), date(2026, 2, 1))) == 16


def test_nothing_reported_has_no_rate() -> None:
    assert Figures(0, 0, 0, 0).rate is None
    assert Figures(4, 1, 3, 0).rate == 25


@given(st.text(), st.text(max_size=3))
def test_no_cell_begins_like_a_formula(text: str, before: str) -> None:
    for cell in (text, *(f"{before}{sign}{text}" for sign in "=+-@\t\r\n")):
        written = harmless(cell)
        assert written in {cell, f"'{cell}"}
        assert not written.lstrip(" \u3000").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))


def test_a_table_comes_back_with_its_cells() -> None:
    text = io.StringIO()
    csv.writer(text).writerow([harmless('=HYPERLINK("http://x")'), harmless("a,b"), harmless(7), harmless(None)])
    assert list(csv.reader(io.StringIO(text.getvalue()))) == [['\'=HYPERLINK("http://x")', "a,b", "7", ""]]


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_every_place_stands_on_the_map(latitude: float, longitude: float) -> None:
    x, y = place_on_map(latitude, longitude)
    assert 0 <= x <= WIDTH
    assert 0 <= y <= HEIGHT


def test_the_pacific_is_whole() -> None:
    shanghai, los_angeles = place_on_map(31, 121.5)[0], place_on_map(34, -118)[0]
    date_line = place_on_map(0, 180)[0]
    assert shanghai < date_line < los_angeles
    assert los_angeles - shanghai < WIDTH / 2
    assert place_on_map(0, -179.9)[0] == pytest.approx(date_line, abs=1)


def test_land_is_cut_at_the_edges() -> None:
    rows = land_rows()
    assert len(rows) > 200
    assert all(0 <= west < east <= WIDTH for _, west, east in rows)
    assert {0.0, float(WIDTH)} <= {end for _, west, east in rows for end in (west, east)}


@given(st.lists(st.tuples(*[st.integers(0, 3000)] * 3), min_size=1, max_size=24))
def test_a_chart_stays_inside_its_frame(figures: list[tuple[int, int, int]]) -> None:
    first_days = months_between(date(2024, 1, 1), date(2026, 12, 1))
    chart = chart_of([Month(day, *item) for day, item in zip(first_days, figures, strict=False)])
    for bar in chart.bars:
        edges = [float(bar.open), *(float(part[0]) for part in (bar.reported, bar.eliminated))]
        assert all(0 <= edge <= chart.height for edge in edges)
        assert all(float(part[0]) + float(part[1]) <= chart.height for part in (bar.reported, bar.eliminated))
    assert chart.upper[-1][1] >= max(item[2] for item in figures)
    assert chart.bars[-1].labeled


def test_the_matrix_begins_with_the_worst() -> None:
    counts: dict[tuple[int, int], int] = {(severity, urgency): 0 for severity in Severity for urgency in Urgency}
    counts[4, 4] = 3
    counts[1, 1] = 1
    matrix = matrix_of(counts)
    assert matrix[0][0] is Severity.CRITICAL
    assert matrix[0][1][0] == (Urgency.NOW, 3, 4)
    assert matrix[-1][1][-1] == (Urgency.MONTHS, 1, 1)
    assert matrix[1][1][1] == (Urgency.DAYS, 0, 0)
