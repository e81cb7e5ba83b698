"""What the page and the command line say about systemic risk."""

from __future__ import annotations

import numpy as np
import pytest

from tenon.report.language import load_language
from tenon.report.systemic.reading import read_systemic_result
from tenon.report.systemic.sentences import firm_name, sentences, titles
from tenon.schema import Status
from tenon.vulnerability import Converged, SystemicRules, systemic_risk
from tests.unit.report.systemic.samples import sample
from tests.unit.vulnerability.samples import CHAIN

ENGLISH = load_language("en")
FOUND = read_systemic_result(sample())


def test_the_sentences_name_the_riskiest_and_say_how_concentrated_risk_is() -> None:
    worst, concentration, plateau, rest = sentences(FOUND, ENGLISH)
    assert worst == (
        "The failure of mill (flour) would take 40.0% of all output along, more than any other and 4.0 times its own "
        "share: 10.0% for want of inputs, 40.0% for want of customers."
    )
    assert concentration == (
        "Of 5 firms that failed one at a time, 2 would each cost more than 10% of all output, and 3 more than 1%; half "
        "of all cost no more than 3.0%."
    )
    assert plateau.startswith("The 2 riskiest each cost at least half of the most, and together make 40.0% of all ")
    assert plateau.endswith("Riskiest: mill (flour) 40.0%, farm (grain) 25.0%, other farm (grain) 3.0%, shop (trade) "
                            "0.20% and idle (trade) 0%.")  # fmt: skip
    assert rest == (
        "These figures rest on rules: firms cannot do without any input; losses are stopped early, when no firm loses "
        "more than 0.01 of its output in a round (1 to 7 rounds)."
    )


def test_a_converged_index_and_an_interrupt_are_told() -> None:
    rules = SystemicRules(count_final_demand=True, stopping=Converged())
    told = sentences(read_systemic_result(systemic_risk(CHAIN, rules=rules)), ENGLISH)
    assert "followed to the end, but for 1.0 × 10⁻¹⁰ of a firm's output" in told[3]
    told = sentences(read_systemic_result(sample(Status.INTERRUPTED)), ENGLISH)
    assert told[1].startswith("5 of 5 firms were let fail before the run was stopped")


def test_a_name_that_holds_its_sector_is_not_told_twice() -> None:
    assert firm_name(FOUND, ENGLISH, 0) == "mill (flour)"
    labels = ["A:grain:1", "A:flour:1", "A:trade:1", "A:trade:2", "A:grain:2"]
    found = read_systemic_result(sample(failure=("failure", labels)))
    assert firm_name(found, ENGLISH, 0) == "A:flour:1"


def test_the_title_compares_the_largest_with_the_riskiest() -> None:
    assert titles(FOUND, ENGLISH)["size"] == "The largest firm, farm, ranks 2 by risk"
    same = read_systemic_result(sample(failing_share=("failure", np.array([0.1, 0.4, 0, 0, 0]))))
    assert titles(same, ENGLISH)["size"] == "The largest firm is also the riskiest"


@pytest.mark.parametrize("code", ["en", "zh"])
@pytest.mark.parametrize("result", [
    sample(), sample(Status.INTERRUPTED), systemic_risk(CHAIN), systemic_risk(CHAIN, {"south": {"a": 0.01}}),
])  # fmt: skip
def test_every_language_has_every_sentence(code: str, result: object) -> None:
    language, found = load_language(code), read_systemic_result(result)  # type: ignore[arg-type]  # a parameter
    assert all(sentences(found, language))
    assert all(titles(found, language).values())
