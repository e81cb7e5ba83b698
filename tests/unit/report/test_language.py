from __future__ import annotations

import math
import string

import pytest

from tenon.report.language import LANGUAGES, Money, file_unit, load_language
from tenon.schema import ParameterError

ENGLISH, CHINESE = load_language("en"), load_language("zh")
MILLIONS = Money("USD", 1e6)


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def test_both_catalogues_have_the_same_keys() -> None:
    assert set(ENGLISH.messages) == set(CHINESE.messages)


@pytest.mark.parametrize("key", sorted(ENGLISH.messages))
def test_both_catalogues_have_the_same_placeholders(key: str) -> None:
    assert placeholders(ENGLISH.messages[key]) == placeholders(CHINESE.messages[key])


def test_no_chinese_sentence_was_left_in_english() -> None:
    same = {
        key for key, text in ENGLISH.messages.items() if CHINESE.messages[key] == text and any(map(str.isalpha, text))
    }
    assert {key for key in same if not placeholders(ENGLISH.messages[key])} == {"table.download", "version.tenon"}


def test_an_unknown_language_is_refused_with_those_there_are() -> None:
    with pytest.raises(ParameterError, match=r"can be written in en or zh, but language 'de' came; choose"):
        load_language("de")


def test_an_unknown_key_is_refused_with_the_nearest() -> None:
    with pytest.raises(ParameterError, match=r"'en' has no sentence 'headline.los'; did you mean 'headline.loss'"):
        ENGLISH.text("headline.los")


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (1234.5, 1, "1,234.5"),
        (-3.0, 0, "−3"),
        (-0.04, 1, "0.0"),
        (0.0, 0, "0"),
        (math.nan, 0, "–"),
        (1e9, 0, "1,000,000,000"),
    ],
)
def test_numbers_are_grouped_and_have_a_true_minus(value: float, digits: int, text: str) -> None:
    assert ENGLISH.number(value, digits=digits) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (1.0, "100%"),
        (0.9995, "100%"),
        (0.1234, "12.3%"),
        (0.00996, "1.0%"),
        (0.0031, "0.31%"),
        (0.00031, "0.031%"),
        (0.000004, "under 0.001%"),
        (0.0, "0%"),
        (-0.034, "−3.4%"),
        (math.nan, "–"),
    ],
)
def test_shares_get_the_decimals_they_deserve(share: float, text: str) -> None:
    assert ENGLISH.percent(share) == text


def test_round_shares_need_no_idle_zeros() -> None:
    assert [ENGLISH.percent(share, plain=True) for share in (0.0005, 0.01, 0.2)] == ["0.05%", "1%", "20%"]


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        (812_345.0, "USD 812 billion", "8,123亿美元"),
        (999_600.0, "USD 1.00 trillion", "1.00万亿美元"),
        (1.5e6, "USD 1.50 trillion", "1.50万亿美元"),
        (12.34, "USD 12.3 million", "1,234万美元"),
        (-45.6, "USD −45.6 million", "−4,560万美元"),
        (0.0, "USD 0", "0美元"),
        (1e-9, "USD 0.001", "0.001美元"),
    ],
)
def test_amounts_are_written_in_the_units_of_the_language(value: float, english: str, chinese: str) -> None:
    assert ENGLISH.money(value, MILLIONS) == english
    assert CHINESE.money(value, MILLIONS) == chinese


def test_units_of_files_keep_the_unit_of_the_figures() -> None:
    assert [file_unit(language, MILLIONS) for language in (ENGLISH, CHINESE)] == ["USD million", "百万美元"]
    assert file_unit(ENGLISH, Money("tons")) == "tons"
    assert file_unit(ENGLISH, Money("XYZ", 100.0)) == "XYZ 10^2"


def test_a_currency_without_a_name_keeps_its_code() -> None:
    assert CHINESE.money(5e3, Money("KES", 1e6)) == "50.0亿KES"


def test_singular_and_plural_are_told_apart() -> None:
    assert ENGLISH.count("title.hit_industry", 1) == "1 industry carries half of the loss"
    assert ENGLISH.count("title.hit_industry", 1200) == "1,200 industries carry half of the loss"


def test_lists_read_as_part_of_a_sentence() -> None:
    assert [ENGLISH.join(items) for items in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
    assert CHINESE.join(["甲", "乙", "丙"]) == "甲、乙和丙"


def test_dates_follow_the_language_and_other_text_stays() -> None:
    moment = "2026-03-05T07:08:09+00:00"
    assert ENGLISH.date(moment) == "5 March 2026, 07:08 UTC"
    assert CHINESE.date(moment) == "2026年3月5日 07:08 UTC"
    assert ENGLISH.date("yesterday") == "yesterday"


def test_words_of_other_parts_are_translated_where_known() -> None:
    assert CHINESE.known("origin", "final demand") == "最终需求"
    assert CHINESE.known("origin", "JPN") is None
    assert LANGUAGES == ("en", "zh")
