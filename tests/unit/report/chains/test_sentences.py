"""What the pages and the command line say about a stressed chain."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tenon.report.chains.reading import Point, read_chain_result
from tenon.report.chains.sentences import sentences, titles
from tenon.report.language import load_language
from tests.unit.report.chains.samples import sample

ENGLISH = load_language("en")
NO_LOSS = sample(performance_impact=(("outage", "recovery"), np.zeros((5, 3))))


def test_the_sentences_name_what_costs_most_and_what_is_hidden() -> None:
    tested, worst, exposed, hidden, common, remedy = sentences(read_chain_result(sample()), ENGLISH)
    assert tested.endswith("each for its time to recover; 1 product had to be served.")
    assert worst.startswith("P costs most: out for 4 days, it takes EUR 80.0 of margin (EUR 40.0 to EUR 120 for")
    assert worst.endswith("100% of what all products earn in that time.")
    assert exposed.endswith("without them; the first sales are lost 1 day after P stops.")
    assert hidden == (
        "1 site is a hidden single point of failure. X, 2 tiers up, would stop all of P @ P: P @ P needs s, which only "
        "S1 and S2 can supply; s @ S1 needs x, which only X can supply."
    )
    assert common == "Of what fails together, most is lost with valley (EUR 45.0 in 4 days)."
    assert remedy == "A little more stock helps most at x @ X: if X fails, it saves 2.00 times what it costs."


def test_an_interrupted_test_says_so_first_and_calls_nothing_safe() -> None:
    result = replace(NO_LOSS, provenance={**NO_LOSS.provenance, "outages": {"examined": 5, "wanted": 9}})
    found = read_chain_result(result)
    told = sentences(found, ENGLISH)
    assert told[0].startswith("The test was interrupted after 5 of 9 outages. The longest are missing")
    assert not any("None of them costs any sales" in line for line in told)
    assert titles(found, ENGLISH)["overview"] == "Interrupted: the longest outages are missing"


def test_a_chain_that_loses_nothing_is_called_safe() -> None:
    told = sentences(read_chain_result(NO_LOSS), ENGLISH)
    assert told[1] == "None of them costs any sales: stocks and other sources carry the chain until each is back."
    assert titles(read_chain_result(NO_LOSS), ENGLISH)["overview"] == "No single site would cost anything"


@pytest.mark.parametrize("code", ["en", "zh"])
def test_every_language_has_every_sentence(code: str) -> None:
    language = load_language(code)
    for result in (sample(), NO_LOSS):
        found = read_chain_result(result)
        assert all(sentences(found, language))
        assert all(titles(found, language).values())


def test_the_site_where_little_is_bought_and_much_is_lost_gives_the_title() -> None:
    title = titles(read_chain_result(sample()), ENGLISH)["exposure"]
    assert title == "P is where little is bought and much is lost: EUR 80.0"


def test_names_with_commas_and_brackets_stay_whole_in_the_proof() -> None:
    steps = (("pump @ works", "raw (5nm)", ("Ore, Inc.", "B <- C")),)
    point = Point("site", "Ore, Inc.", "pump @ works", 1.0, 1, hidden=True, standing="verified", path="", steps=steps)
    found = replace(read_chain_result(sample()), points=(point,))
    told = next(line for line in sentences(found, ENGLISH) if "hidden" in line)
    assert told.endswith("pump @ works needs raw (5nm), which only Ore, Inc. and B <- C can supply.")
