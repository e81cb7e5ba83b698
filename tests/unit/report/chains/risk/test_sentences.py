"""A year of bad luck in plain sentences."""

from __future__ import annotations

import pytest

from tenon.report.chains.risk.reading import read_risk
from tenon.report.chains.risk.sentences import method, sentences
from tenon.report.language import load_language
from tests.unit.report.chains.risk.samples import everything, sites_alone

ENGLISH, CHINESE = load_language("en"), load_language("zh")


def test_shares_of_the_kinds_of_causes_are_told() -> None:
    """Rates are 0.5, 0.4, 0.2 and 0.1 for the same ten days each."""
    risk = read_risk(everything())
    shares = [f"{100 * risk.of_kind(kind) / risk.expected:.1f}" for kind in ("site", "passage", "group", "lane")]
    site, passage, group, lane = shares
    assert sentences(risk, ENGLISH)[-1] == (
        f"By kind of cause: sites by themselves {site}%, passages {passage}%, groups {group}% and lanes by themselves "
        f"{lane}%."
    )
    assert sentences(risk, CHINESE)[-1] == (
        f"按原因类别：站点单独失效{site}%、通道关闭{passage}%、组{group}%和线路自身关闭{lane}%。"
    )


def test_one_kind_alone_is_not_told() -> None:
    assert sentences(read_risk(sites_alone()), ENGLISH)[-1] == "Most of it comes from S (100%)."


@pytest.mark.parametrize(
    ("language", "never", "closes"),
    [
        (ENGLISH, "Lanes and passages never close in it", "a passage closes all lanes through it at once"),
        (CHINESE, "其中线路和通道从不关闭", "途经的所有线路一同关闭"),
    ],
    ids=["en", "zh"],
)
def test_that_lanes_never_close_is_said_only_where_none_has_a_rate(language: object, never: str, closes: str) -> None:
    spoken = ENGLISH if language is ENGLISH else CHINESE
    quiet, whole = method(read_risk(sites_alone()), spoken), method(read_risk(everything()), spoken)
    assert never in quiet
    assert closes not in quiet
    assert closes in whole
    assert never not in whole
