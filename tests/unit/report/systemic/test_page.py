"""The page about the systemic risk of firms."""

from __future__ import annotations

from pathlib import Path

import pytest

from tenon.report.systemic import systemic_headlines, write_systemic_report
from tenon.schema import ParameterError, Result
from tenon.vulnerability import systemic_risk
from tests.unit.report.systemic.samples import sample
from tests.unit.vulnerability.samples import CHAIN


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_loads_nothing_and_holds_sentences_figures_and_tables(tmp_path: Path, language: str) -> None:
    result = sample()
    page = write_systemic_report(result, tmp_path / "deep" / "page.html", language=language).read_text(encoding="utf-8")
    for line in systemic_headlines(result, language):
        assert line in page
    for figure in ("curve", "size", "sectors"):
        assert f'data-plot="{figure}"' in page
    assert 'id="regions-part"' in page
    assert "A note." in page
    assert "standfirst" not in page.partition("</style>")[2].partition("</header>")[0]
    assert "src=" not in page.partition("<script>")[0]


def test_a_synthetic_economy_is_called_so(tmp_path: Path) -> None:
    given = sample()
    facts = dict(given.provenance) | {"network": {"name": "made up", "estimated": True}}
    result = Result(values=given.values, status=given.status, residuals={}, notes=(), provenance=facts)
    page = write_systemic_report(result, tmp_path / "page.html").read_text(encoding="utf-8")
    assert "A synthetic economy: who sells to whom was estimated from the totals" in page


def test_failures_of_groups_have_no_parts_for_sectors_and_regions(tmp_path: Path) -> None:
    result = systemic_risk(CHAIN, {"south": {"a": 1.0}, "north": {"b": 0.5, "c": 1.0}})
    page = write_systemic_report(result, tmp_path / "page.html").read_text(encoding="utf-8")
    assert "sectors-part" not in page
    assert "regions-part" not in page
    assert 'data-plot="size"' in page


def test_another_language_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="en or zh, but language 'fr' came"):
        write_systemic_report(sample(), tmp_path / "page.html", language="fr")
    assert not (tmp_path / "page.html").exists()
