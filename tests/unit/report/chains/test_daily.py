"""The part of the page that follows outages from day to day."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from tenon.report.chains.daily import daily_picture, daily_sentences, daily_table, daily_title
from tenon.report.chains.reading import ChainFindings, read_chain_result
from tenon.report.language import LANGUAGES, load_language
from tests.unit.report.chains.samples import daily, sample

EN = load_language("en")


def found(**changed: Any) -> ChainFindings:
    return read_chain_result(sample(**daily(**changed)))


def test_a_row_says_when_customers_go_short_and_draws_days_of_one_scale() -> None:
    picture = daily_picture(found(), EN)
    late, safe = picture.strips
    assert late.text == "EUR 45.0"
    assert "X, out for 4 days: customers go short from day 6 to day 9; EUR 45.0 lost." in late.svg
    assert safe.text == "nothing lost"
    assert "S1, out for 4 days: nobody goes short." in safe.svg
    widths = {width for strip in picture.strips for width in re.findall(r'viewBox="0 0 (\d+) ', strip.svg)}
    assert widths == {"12"}
    assert picture.ticks == ("0", "3", "6", "9", "12")


def test_what_is_missing_hangs_from_the_top_by_its_share_of_all_margin() -> None:
    late = daily_picture(found(), EN).strips[0].svg
    # 20 of 20 on day 6 and 5 of 20 on day 8; the area is 38 high.
    assert "L6 38.00L7 38.00" in late
    assert "L8 9.50L9 9.50" in late
    assert "L5 0.00L6 0.00" in late


def test_the_table_sets_the_program_beside_the_days() -> None:
    table = daily_table(found(), EN)
    assert table.displayed()[0] == [
        "X", "4", "30.0", "45.0", "2.5", "6", "9", "all (P @ P)", "finished stock of x @ X, day 2",
    ]  # fmt: skip
    assert table.displayed()[1] == ["S1", "4", "0", "0", "365", "–", "0", "–", "–"]


def test_the_stock_of_an_input_is_told_from_finished_stock() -> None:
    parts = ("followed", np.array(["y", ""], dtype=object))
    assert daily_table(found(first_short_part=parts), EN).displayed()[0][-1] == "y at x @ X, day 2"


def test_the_title_names_who_goes_short_longest_after_the_end() -> None:
    assert daily_title(found(), EN) == "X: not everybody is served until 5 days after it is over"
    assert daily_title(found(over_day=("followed", [3.0, np.nan])), EN) == "Day by day, nobody goes short for long"


def test_the_headline_says_when_it_begins_and_ends() -> None:
    (told,) = daily_sentences(found(), EN)
    assert told.startswith("Day by day, X (out for 4 days) leaves its first customer, all, short on day 6; everybody")
    assert told.endswith("is served again from day 9. The first stock to end: finished stock of x @ X, day 2.")
    open_ended = daily_sentences(found(over_day=("followed", [np.nan, np.nan])), EN)[0]
    assert "a year after its end somebody still goes short" in open_ended
    assert daily_table(found(over_day=("followed", [np.nan, np.nan])), EN).displayed()[0][6] == "not yet"
    row = daily_picture(found(over_day=("followed", [np.nan, np.nan])), EN).strips[0]
    assert "customers go short from day 6 on; EUR 45.0 lost so far." in row.svg


def test_an_outage_that_only_comes_late_is_told_beside_the_first() -> None:
    """S1 costs nothing in the program, but leaves customers short from day 7 on."""
    lost = np.zeros((2, 12))
    lost[:, 7] = [20.0, 10.0]
    changed = {"margin_lost_a_day": (("followed", "day"), lost), "first_loss_day": ("followed", [6.0, 7.0])}
    _, late = daily_sentences(found(**changed), EN)
    assert late.startswith("S1 seems to cost nothing, for stocks last until it is over; day by day it costs EUR 10.0,")
    assert "from day 7 on" in late


def test_nothing_is_told_where_nobody_goes_short() -> None:
    assert daily_sentences(found(first_loss_day=("followed", [np.nan, np.nan])), EN) == []


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_has_the_words(code: str) -> None:
    language, findings = load_language(code), found()
    assert daily_title(findings, language)
    assert daily_picture(findings, language).captions[0]
    assert daily_table(findings, language).caption
