from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenon.web.rooms.equipment_rules import (
    DEPTH_MOST,
    Answer,
    ItemKind,
    Limit,
    Outcome,
    depth_of,
    judged,
    may_stand_below,
    on_one_line,
    report_token,
    unanswered,
    urgency_of,
    window_start,
)
from tenon.web.rooms.rules import Severity

limits = st.none() | st.floats(-1e6, 1e6)


@given(low=limits, high=limits, value=st.floats(-1e6, 1e6))
def test_a_reading_passes_within_its_limits_and_nowhere_else(
    low: float | None, high: float | None, value: float
) -> None:
    inside = (low is None or low <= value) and (high is None or value <= high)
    # A tick beside a value counts for nothing: the limits decide.
    for ticked in (None, *Outcome):
        found = judged(ItemKind.READING, low, high, Answer(ticked, value))
        assert found is (Outcome.PASS if inside else Outcome.FAIL)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_reading_that_is_no_number_never_passes(value: float) -> None:
    assert judged(ItemKind.READING, None, None, Answer(value=value)) is Outcome.FAIL


@pytest.mark.parametrize("kind", list(ItemKind))
def test_an_item_is_skipped_only_with_a_reason(kind: ItemKind) -> None:
    assert judged(kind, None, 1.0, Answer(Outcome.SKIPPED, note="  ")) is None
    assert judged(kind, None, 1.0, Answer(Outcome.SKIPPED, note="No access")) is Outcome.SKIPPED
    assert judged(kind, None, 1.0, Answer()) is None


def test_a_reading_is_not_ticked_off_without_a_value() -> None:
    assert judged(ItemKind.READING, None, 1.0, Answer(Outcome.PASS)) is None


def test_unanswered_items_keep_their_order() -> None:
    assert unanswered(["a", "b", "c"], {"b": Outcome.FAIL, "c": None}) == ("a", "c")


def test_the_worse_the_sooner() -> None:
    assert [urgency_of(severity).value for severity in Severity] == [1, 2, 3, 4]


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=12), st.integers(0, 8))
def test_no_tree_is_deeper_than_allowed(parts: list[str], height: int) -> None:
    path = "".join(f"{part}/" for part in parts)
    assert may_stand_below("", height, path) == (depth_of(path) + 1 + height <= DEPTH_MOST - 1)


def test_nothing_stands_below_itself() -> None:
    assert not may_stand_below("a/b/", 0, "a/b/")
    assert not may_stand_below("a/b/", 0, "a/b/c/")
    assert may_stand_below("a/b/", 0, "a/")


def test_siblings_of_a_tree_do_not_name_each_others_equipment() -> None:
    assert on_one_line("g/", "g/m/")
    assert on_one_line("g/m/", "g/m/")
    assert not on_one_line("g/m/", "g/p/")


def test_a_token_changes_with_everything_it_is_made_of() -> None:
    tokens = {report_token(*parts) for parts in [("s", "k", 1), ("t", "k", 1), ("s", "l", 1), ("s", "k", 2)]}
    assert len(tokens) == 4
    assert report_token("s", "k", 1) in tokens


@given(st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)), st.integers(1, 100_000))  # noqa: DTZ001 - Hypothesis adds the zone
def test_every_moment_lies_in_one_window(now: datetime, seconds: int) -> None:
    start = window_start(now, Limit(1, seconds))
    assert start <= now < start + timedelta(seconds=seconds)
    assert window_start(start, Limit(1, seconds)) == start
