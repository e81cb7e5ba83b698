"""What all pages share."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tenon.report.language import load_language
from tenon.report.pictures import Picture
from tenon.report.tables import Column, Table
from tenon.report.templating import page_environment, scientific, versions_table, write_page
from tests.unit.report.chains.samples import sample
from tests.unit.report.systemic.samples import sample as systemic_sample

ENGLISH = load_language("en")
TABLE = Table("losses", "Losses", (Column("name"),), (("a",),))


def test_small_numbers_are_written_with_their_power_of_ten() -> None:
    assert scientific(2.4e-15) == "2.4 × 10⁻¹⁵"
    assert scientific(0.0) == "0"


def test_downloads_are_named_after_the_part_of_the_page_that_offers_them() -> None:
    named = page_environment(ENGLISH, {"s1": "fire"}).globals["file_name"]
    assert callable(named)
    assert named(TABLE, "s1-hit") == "tenon-fire-losses.csv"
    assert named(TABLE, "accuracy") == "tenon-losses.csv"


def test_text_from_a_file_is_escaped_and_its_addresses_become_links() -> None:
    template = page_environment(ENGLISH, {}).from_string("{{ text|linked }}")
    assert template.render(text="<b> https://a.example/x.") == (
        '&lt;b&gt; <a href="https://a.example/x" rel="noreferrer">https://a.example/x</a>.'
    )


def test_the_first_sentences_make_the_opening() -> None:
    template = page_environment(ENGLISH, {}).from_string("{{ text|opening }}")
    long = "One is short. " + "Two is very long indeed, " * 20
    assert template.render(text=long) == "One is short."


def test_versions_say_when_and_with_what_a_page_was_made() -> None:
    rows = {row[0]: row[1] for row in versions_table(sample(), ENGLISH).rows}
    assert rows["tenon"] == "0.1.0"
    assert rows["Made"] == "24 November 2026, 12:00 UTC"


def test_versions_name_the_economy_with_its_source() -> None:
    rows = {row[0]: row[1] for row in versions_table(systemic_sample(), ENGLISH).rows}
    assert (rows["Economy"], rows["Source"], rows["Estimated"]) == ("bread", "firms.csv and links.csv", "no")


def test_versions_say_in_words_what_a_chain_was_tested_with() -> None:
    about = {"name": "plates", "source": "our-chain.xlsx", "currency": "EUR", "illustrative": False}
    idle = [f"site {number}" for number in range(12)]
    choices = {"years": 100, "idle": idle, "impact": "OutageImpact", "psi": 0.8, "cap_days": 365.0}
    tested = replace(sample(), provenance={"chain": about, "parameters": choices})
    rows = {row[0]: row[1] for row in versions_table(tested, ENGLISH).rows}
    assert (rows["Chain"], rows["Source"], rows["Currency"]) == ("plates", "our-chain.xlsx", "EUR")
    assert rows["Years drawn"] == "100"
    assert str(rows["Sites whose outage alone costs nothing"]).endswith("site 7, … (12)")
    assert rows["Time to survive is sought up to, days"] == "365"
    assert rows["Rule: psi"] == "0.8"
    assert not {"Estimated", "Rule: impact"} & rows.keys()


def test_a_page_replaces_an_older_one_and_escapes_what_it_is_given(tmp_path: Path) -> None:
    content = {"kicker": "K", "standfirst": "", "figures": (), "part": "P", "told": ("told",), "sections": ()}
    picture = Picture(name="p", label="L", captions=("C",), svg="<svg></svg>")
    file = tmp_path / "page.html"
    for title in ("a quite old title", "newer <b>"):
        write_page(file, sample(), ENGLISH, name="n & m", title=title, picture=picture, method="M", **content)
    page = file.read_text(encoding="utf-8")
    assert "newer &lt;b&gt;" in page
    assert "a quite old title" not in page
    assert "<h1>n &amp; m</h1>" in page
    assert [path.name for path in tmp_path.glob("*page*")] == ["page.html"]
