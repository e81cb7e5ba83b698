"""The page about a stressed chain."""

from __future__ import annotations

from pathlib import Path

import pytest

from tenon.report.chains import chain_headlines, write_chain_report
from tenon.schema import ParameterError
from tests.unit.report.chains.samples import sample


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_loads_nothing_and_holds_sentences_figures_and_tables(tmp_path: Path, language: str) -> None:
    page = write_chain_report(sample(), tmp_path / "deep" / "page.html", language=language).read_text(encoding="utf-8")
    for line in chain_headlines(sample(), language):
        assert line in page
    assert 'class="tiers"' in page
    assert 'data-plot="survival"' in page
    assert "P @ P ← s (S1, S2) ← x (X)" in page
    assert "A note." in page
    assert "src=" not in page.partition("<script>")[0]


def test_the_figure_of_spend_needs_three_sites_that_cost_something(tmp_path: Path) -> None:
    page = write_chain_report(sample(), tmp_path / "page.html").read_text(encoding="utf-8")
    assert 'data-plot="spend"' not in page


def test_another_language_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="en or zh, but language 'fr' came"):
        write_chain_report(sample(), tmp_path / "page.html", language="fr")
    assert not (tmp_path / "page.html").exists()
