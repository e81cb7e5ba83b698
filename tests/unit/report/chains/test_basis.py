"""What the figures of a stressed chain rest on."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tenon.report.chains import write_chain_report
from tenon.report.chains.basis import basis_table, read_basis
from tenon.report.language import LANGUAGES, load_language
from tests.unit.report.chains.samples import sample

EN = load_language("en")
KNOWN: dict[str, Any] = {
    "recovery_evidence": ("site", np.array(["assumed", "asked", "assumed", "confirmed"], dtype=object)),
    "supply_start_up_days": ("supply", [0.0, 14.0, 60.0, 0.0]),
    "supply_is_limited": ("supply", [True, False, False, False]),
}
CHOSEN = {"closure_days": 30.0, "within_days": 20.0}


def rows(chosen: object = None, **changed: Any) -> dict[str, list[str]]:
    basis = read_basis(sample(**KNOWN | changed).values, CHOSEN if chosen is None else chosen)
    assert basis is not None
    return {row[0]: row[1:] for row in basis_table(basis, EN).displayed()}


def test_evidence_and_supplies_are_counted_the_best_first() -> None:
    found = rows()
    assert [(name, stands) for name, (stands, _) in found.items()] == [
        ("Times to recover that are confirmed", "1 of 4"),
        ("Times to recover that the site told when asked", "1 of 4"),
        ("Times to recover that are assumed", "2 of 4"),
        ("Supplies that are presumed", "1 of 4"),
        ("Supplies that a contract limits", "1 of 4"),
        ("Sources that must be started up first", "2 of 4"),
        ("Lanes and passages close for", "30 days"),
    ]


def test_sources_that_start_up_in_time_are_told_from_others() -> None:
    told = rows()["Sources that must be started up first"][1]
    assert told.startswith("They take 14 to 60 days")
    assert told.endswith("those count that are ready within 20 days (--within-days): 1.")
    none = rows(supply_start_up_days=("supply", np.zeros(4)))["Sources that must be started up first"]
    assert none == ["0 of 4", "None: every other source is taken to deliver from the first day."]


def test_a_result_that_does_not_know_its_choices_leaves_them_out() -> None:
    assert "Lanes and passages close for" not in rows({})
    basis = read_basis(sample(**KNOWN).values, None)
    assert basis is not None
    assert math.isnan(basis.within_days)
    assert read_basis(sample().values, CHOSEN) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_holds_it_in_every_language(language: str, tmp_path: Path) -> None:
    result = sample(**KNOWN)
    tested = replace(result, provenance={**result.provenance, "parameters": CHOSEN})
    page = write_chain_report(tested, tmp_path / "page.html", language=language).read_text(encoding="utf-8")
    assert load_language(language).text("chain.basis.assumed_why") in page
