from __future__ import annotations

import json

import pytest

from tenon.schema import SourceError
from tenon.web.organizations.rules import Hidden
from tenon.web.runs.summaries import MOST_CHARACTERS, read_summary, without
from tests.web.runs.samples import CHAIN, TABLE


@pytest.mark.parametrize("summary", [CHAIN, TABLE], ids=["chain", "table"])
def test_what_a_study_wrote_is_read(summary: dict[str, object]) -> None:
    assert read_summary(json.dumps(summary)) == summary


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "must be JSON"),
        ("[]", "one of a chain or of a table"),
        ('{"kind": "chains"}', "one of a chain or of a table"),
        (json.dumps({**CHAIN, "worst": 3}), "worst of a summary is 3"),
        (json.dumps({name: value for name, value in CHAIN.items() if name != "followed"}), "followed of a summary"),
        (" " * (MOST_CHARACTERS + 1), "at most 1000000 characters"),
    ],
)
def test_anything_else_is_refused(text: str, message: str) -> None:
    with pytest.raises(SourceError, match=message):
        read_summary(text)


def test_nothing_hidden_leaves_all() -> None:
    assert without(CHAIN, ()) == CHAIN


def test_costs_that_are_kept_back_stand_nowhere() -> None:
    for summary in (CHAIN, TABLE):
        left = json.dumps(without(summary, [Hidden.COST]))
        assert "18242" not in left
        assert "million" not in left


def test_places_that_are_kept_back_stand_nowhere() -> None:
    left = json.dumps(without(CHAIN, [Hidden.PLACES]))
    for word in ("melt shop", "makers", "plate 304"):
        assert word not in left
    assert "Japan" in json.dumps(without(TABLE, [Hidden.PLACES]))
