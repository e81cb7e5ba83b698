from __future__ import annotations

import pytest
from django.utils.translation import override

from tenon.web.runs.templatetags.runs import days, money, on_axis, percent, short_number, study_value, unit_of_axis


@pytest.mark.parametrize(
    ("value", "english", "chinese"),
    [
        (18242876.2, "USD 18.2 million", "1,824 万 USD"),
        (999_960.0, "USD 1 million", "100 万 USD"),
        (3724726985.0, "USD 3.72 billion", "37.2 亿 USD"),
        (209700.0, "USD 210 thousand", "21 万 USD"),
        (0.0, "USD 0", "0 USD"),
        (None, "–", "–"),
    ],
)
def test_amounts_are_said_in_the_language_of_the_page(value: float | None, english: str, chinese: str) -> None:
    with override("en"):
        assert money(value, "USD") == english
    with override("zh-hans"):
        assert money(value, "USD") == chinese


def test_days_shares_and_values() -> None:
    assert [days(value) for value in (1.0, 1.54, 32.2, 1200.0, None)] == [
        "1 day",
        "1.5 days",
        "32 days",
        "1200 days",
        "–",
    ]
    assert [percent(share) for share in (0.0027, 0.000033, 1.0, None)] == ["0.27%", "0.0033%", "100%", "–"]
    assert [study_value(value) for value in (30.0, 2.5, "P", 10)] == [30, "2.5", "P", 10]
    assert (on_axis(150000.0, 300000.0), unit_of_axis(300000.0), short_number(12.0)) == ("150", "thousand", "12")
