from __future__ import annotations

import itertools
import re
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tenon.report import page as module
from tenon.report import write_report
from tenon.schema import ParameterError, SourceError, StorageError
from tests.unit.report import samples

WORLD = samples.world(days=60)


class Outline(HTMLParser):
    """Headings, links, sources and captions of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.headings: list[int] = []
        self.loads: list[str] = []
        self.links: list[str] = []
        self.counts: dict[str, int] = {}
        self.identifiers: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.counts[tag] = self.counts.get(tag, 0) + 1
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        for name, value in attrs:
            if name in {"src", "srcset", "poster"} or (tag == "link" and name == "href"):
                self.loads.append(value or "")
            elif name == "href":
                self.links.append(value or "")
            elif name == "id":
                self.identifiers.append(value or "")


def read(path: Path) -> tuple[str, Outline]:
    text = path.read_text(encoding="utf-8")
    outline = Outline()
    outline.feed(text)
    return text, outline


@contextmanager
def full_disk(limit: int) -> Iterator[None]:
    """Let no file of this process grow beyond a limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_report(WORLD, tmp_path_factory.mktemp("report") / "new" / "page.html")


def test_the_page_loads_nothing(page: Path) -> None:
    text, outline = read(page)
    assert outline.loads == ["data:,"]
    assert "default-src 'none'" in text
    assert "@import" not in text
    assert {link.partition(":")[0] for link in outline.links if not link.startswith("#")} == {"data", "https"}


def test_the_page_is_of_reasonable_size(page: Path) -> None:
    assert page.stat().st_size < 4_000_000


def test_headings_follow_each_other_and_tables_have_captions(page: Path) -> None:
    _, outline = read(page)
    assert outline.headings[0] == 1
    assert outline.headings.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(outline.headings))
    assert outline.counts["table"] == outline.counts["caption"]


def test_identifiers_are_unique_and_links_inside_lead_somewhere(page: Path) -> None:
    _, outline = read(page)
    assert len(outline.identifiers) == len(set(outline.identifiers))
    assert {link[1:] for link in outline.links if link.startswith("#")} <= set(outline.identifiers)


@pytest.mark.parametrize(("language", "tag"), [("en", "en"), ("zh", "zh-Hans")])
def test_the_page_names_its_language(language: str, tag: str, tmp_path: Path) -> None:
    text, _ = read(write_report(WORLD, tmp_path / "page.html", language=language))
    assert f'<html lang="{tag}">' in text


def test_scenarios_are_compared_and_the_worst_have_panels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_PANELS", 2)
    text, outline = read(write_report(samples.world(scenarios=3, days=60), tmp_path / "page.html"))
    assert "<h1>3 scenarios compared</h1>" in text
    assert text.count('role="tabpanel"') == 2
    assert "Details are given for the 2 scenarios with the largest losses." in text
    assert len(outline.identifiers) == len(set(outline.identifiers))
    assert all(after - before <= 1 for before, after in itertools.pairwise(outline.headings))


def test_a_network_of_firms_without_provenance_has_a_page(tmp_path: Path) -> None:
    text, _ = read(write_report(replace(samples.firms(), provenance={}), tmp_path / "page.html"))
    assert "<h1>strike</h1>" in text
    assert "No shock is recorded with this result." in text


def test_what_others_wrote_cannot_become_markup(tmp_path: Path) -> None:
    evil = "</script><script>alert(1)</script>"
    facts = {"title": evil, "description": evil, "shocks": [evil], "sources": [f"https://a.org/{evil}"], "toml": evil}
    names = ("region_name", [evil] * len(samples.REGIONS))
    values = WORLD.values.assign_coords(region_name=("region", names[1]))
    result = replace(WORLD, values=values, provenance={"scenario": {"sample": facts}}, notes=(evil,))
    text, _ = read(write_report(result, tmp_path / "page.html"))
    assert "<script>alert(1)" not in text


def test_web_addresses_in_sources_are_links_and_their_full_stop_is_not(page: Path) -> None:
    _, outline = read(page)
    assert "https://example.org/earthquake" in outline.links


def test_boundaries_are_drawn_and_named(tmp_path: Path) -> None:
    square = [[[130, 30], [140, 30], [140, 40], [130, 40], [130, 30]]]
    path = tmp_path / "mine.geojson"
    path.write_text(
        '{"features": [{"properties": {"ISO_A3": "JPN"}, "geometry": {"type": "Polygon", "coordinates": '
        + str(square)
        + "}}]}",
        encoding="utf-8",
    )
    text, _ = read(write_report(WORLD, tmp_path / "page.html", boundaries=path))
    assert "Outlines from mine.geojson." in text
    assert "1 of 32 regions are drawn with their outline" in text


def test_bad_boundaries_leave_no_page(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"no\.geojson cannot be read"):
        write_report(WORLD, tmp_path / "page.html", boundaries=tmp_path / "no.geojson")
    assert list(tmp_path.glob("page*")) == []


def test_an_unknown_language_leaves_no_page(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="choose one of these"):
        write_report(WORLD, tmp_path / "page.html", language="xx")
    assert list(tmp_path.glob("page*")) == []


def test_a_full_disk_leaves_the_older_page_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("older", encoding="utf-8")
    with full_disk(100_000), pytest.raises(StorageError, match=r"page\.html could not be written"):
        write_report(WORLD, path)
    assert path.read_text(encoding="utf-8") == "older"
    assert [item.name for item in tmp_path.iterdir() if "page" in item.name] == ["page.html"]


def test_a_place_that_cannot_be_written_is_refused_with_its_path(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StorageError, match=r"page\.html could not be written"):
        write_report(WORLD, tmp_path / "file" / "page.html")
