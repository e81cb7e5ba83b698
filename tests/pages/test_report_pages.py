"""The report, looked at in a browser: drawn, quiet, offline, readable on every width and without eyes."""

from __future__ import annotations

import base64
import csv
import io
import itertools
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pages.conftest import NARROW, WIDE, Visit
from tests.unit.report import samples

KINDS = ("en", "zh", "several", "firms", "chain", "chain-zh", "risk", "risk-zh", "systemic", "systemic-zh")
Open = Callable[..., Visit]
Look = Callable[[str, int], Visit]

PAINTED = """
(element) => {
  const canvases = [];
  const collect = (root) => {
    for (const child of root.querySelectorAll("*")) {
      if (child instanceof HTMLCanvasElement) canvases.push(child);
      if (child.shadowRoot) collect(child.shadowRoot);
    }
  };
  collect(element);
  let colors = new Set();
  for (const canvas of canvases) {
    if (!canvas.width || !canvas.height) continue;
    const data = new Uint32Array(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.buffer);
    for (let at = 0; at < data.length; at += 3) colors.add(data[at]);
  }
  return colors.size;
}
"""
UNHEARD = """
() => [...document.querySelectorAll("figure")].filter((figure) => {
  const caption = figure.querySelector("figcaption");
  const table = figure.querySelector("table");
  return !caption?.textContent.trim() && !table;
}).length
"""
BY_EAR = """
() => [...document.querySelectorAll("[role=img]")].map((element) => element.getAttribute("aria-label") ?? "")
"""
ENGLISH = """
() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    if (!parent.closest("[lang=en], script, style, noscript")) found.push(walker.currentNode.textContent);
  }
  for (const element of document.querySelectorAll("[aria-label], [title]")) {
    if (!element.closest("[lang=en]")) found.push(element.getAttribute("aria-label") ?? element.title);
  }
  return found;
}
"""


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("kind", KINDS)
def test_the_page_is_drawn_quietly_and_offline(kind: str, width: int, looked_at: Look) -> None:
    seen = looked_at(kind, width)
    assert seen.complaints == []
    assert [url for url in seen.requests if not url.startswith(("file:", "data:"))] == []
    plots = [plot for plot in seen.page.locator(".plot").all() if plot.is_visible()]
    drawings = [drawing for drawing in seen.page.locator("svg.tiers").all() if drawing.is_visible()]
    assert len(plots) + len(drawings) >= (1 if kind.startswith("risk") else 3)
    assert all(plot.evaluate(PAINTED) > 5 for plot in plots)


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_sticks_out_sideways(kind: str, width: int, looked_at: Look) -> None:
    page = looked_at(kind, width).page
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    boxes = [plot.bounding_box() for plot in page.locator(".plot").all()]
    assert all(box is None or box["x"] + box["width"] <= width for box in boxes)


def test_a_page_fits_every_width_that_it_is_drawn_to(visit: Open, reports: dict[str, Path]) -> None:
    page = visit(reports["en"]).page
    for width in (1000, 820, 560, 320):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(300)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_is_not_blank(kind: str, looked_at: Look) -> None:
    from PIL import Image

    shot = Image.open(io.BytesIO(looked_at(kind, WIDE).page.screenshot(full_page=True))).convert("L")
    assert shot.height > 2000
    for top in range(0, shot.height - 900, 900):
        counts = shot.crop((0, top, shot.width, top + 900)).histogram()
        assert sum(count > 0 for count in counts) > 20, f"the page is empty at {top} pixels"


@pytest.mark.parametrize("kind", KINDS)
def test_headings_are_in_order_and_every_table_has_a_caption(kind: str, looked_at: Look) -> None:
    page = looked_at(kind, WIDE).page
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map((item) => Number(item.tagName[1]))")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert page.evaluate("[...document.querySelectorAll('table')].every((table) => table.caption?.textContent.trim())")


@pytest.mark.parametrize("kind", KINDS)
def test_every_figure_can_be_heard(kind: str, looked_at: Look) -> None:
    page = looked_at(kind, WIDE).page
    assert page.evaluate(UNHEARD) == 0
    labels = page.evaluate(BY_EAR)
    assert labels
    assert all(len(label) > 3 for label in labels)


@pytest.mark.parametrize("kind", ["several", "chain", "systemic"])
def test_every_link_inside_leads_to_something(kind: str, looked_at: Look) -> None:
    page = looked_at(kind, WIDE).page
    goals = page.evaluate("[...document.querySelectorAll('a[href^=\"#\"]')].map((link) => link.hash.slice(1))")
    assert goals
    assert all(page.locator(f"#{goal}").count() == 1 for goal in goals)


def test_tables_download_as_csv_with_a_byte_order_mark(visit: Open, reports: dict[str, Path], tmp_path: Path) -> None:
    page = visit(reports["en"]).page
    with page.expect_download() as waiting:
        page.locator("#s1-hit a[download]").click()
    assert waiting.value.suggested_filename == "tenon-sample-industry.csv"
    waiting.value.save_as(tmp_path / "industry.csv")
    assert (tmp_path / "industry.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    text = (tmp_path / "industry.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) == 801
    assert rows[0][:3] == ["Region", "Sector", "Value added lost (USD million)"]
    assert float(rows[1][2]) == pytest.approx(90_000, rel=0.01)


def test_every_table_can_be_downloaded_whole(looked_at: Look) -> None:
    page = looked_at("en", WIDE).page
    links = page.evaluate("[...document.querySelectorAll('a[download$=\".csv\"]')].map((a) => [a.download, a.href])")
    names = [name for name, _ in links]
    assert len(names) == len(set(names)) == page.locator("table:not(.heat)").count()
    for _, link in links:
        text = base64.b64decode(link.partition(",")[2]).decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline="")))
        assert len(rows) > 1
        assert len({len(row) for row in rows}) == 1


def test_lines_are_switched_off_and_on(visit: Open, reports: dict[str, Path]) -> None:
    page = visit(reports["en"]).page
    plot, button = page.locator("#s1-region-lines"), page.locator("#s1-region-lines ~ .keys .key").first
    before = plot.screenshot()
    button.click()
    page.wait_for_timeout(200)
    assert button.get_attribute("aria-pressed") == "false"
    without = plot.screenshot()
    assert without != before
    button.click()
    page.mouse.move(0, 0)
    page.wait_for_timeout(200)
    assert button.get_attribute("aria-pressed") == "true"
    assert plot.screenshot() == before


def test_lines_and_marks_explain_themselves_under_the_mouse(visit: Open, reports: dict[str, Path]) -> None:
    page = visit(reports["en"]).page
    for name, place, said in (("s1-region-lines", (200, 120), "25 other regions"), ("s1-world", (920, 120), "Japan")):
        plot = page.locator(f"#{name}")
        plot.scroll_into_view_if_needed()
        plot.hover(position={"x": place[0] - 20, "y": place[1]})
        plot.hover(position={"x": place[0], "y": place[1]})
        tip = page.locator(".bk-tooltip-content").last
        tip.wait_for()
        assert said in tip.inner_text()


def test_labels_of_the_map_are_those_for_its_width(looked_at: Look) -> None:
    visible = """
    () => {
      for (const document of Bokeh.documents) {
        for (const root of document.roots()) {
          if (root.name === "map") {
            const shown = root.renderers.filter((item) => item.visible).map((item) => item.name ?? "");
            return shown.filter((name) => name.startsWith("labels"));
          }
        }
      }
    }
    """
    assert set(looked_at("en", WIDE).page.evaluate(visible)) == {"labels-1040"}
    assert set(looked_at("en", NARROW).page.evaluate(visible)) == {"labels-320"}


def test_tabs_show_one_scenario_at_a_time_with_mouse_and_keys(visit: Open, reports: dict[str, Path]) -> None:
    page = visit(reports["several"]).page
    shown = "[...document.querySelectorAll('.panel')].filter((panel) => !panel.hidden).map((panel) => panel.id)"
    assert page.evaluate(shown) == ["s1"]
    page.locator("#s2-tab").click()
    page.wait_for_timeout(800)
    assert page.evaluate(shown) == ["s2"]
    assert page.locator("#s2-world").evaluate(PAINTED) > 5
    page.keyboard.press("ArrowRight")
    assert page.evaluate(shown) == ["s3"]
    page.evaluate("location.hash = '#s1-map'")
    page.wait_for_timeout(200)
    assert page.evaluate(shown) == ["s1"]


def test_a_chinese_page_holds_no_english_sentence_of_ours(looked_at: Look) -> None:
    seen = looked_at("zh", WIDE)
    assert seen.page.evaluate("document.documentElement.lang") == "zh-Hans"
    texts = [" ".join(text.split()) for text in seen.page.evaluate(ENGLISH)]
    sentences = [text for text in texts if re.search(r"[A-Za-z]{2,} [A-Za-z]{2,} [A-Za-z]{2,}", text)]
    # What the table's source says of itself is quoted, and labels are the same in every language.
    assert set(sentences) - set(samples.SECTORS) == {"OECD national tables 2022, joined by estimated trade"}


def test_without_scripts_all_figures_are_still_in_tables(browser: object, reports: dict[str, Path]) -> None:
    from playwright.sync_api import Browser

    assert isinstance(browser, Browser)
    context = browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto(reports["several"].as_uri())
        assert page.locator("noscript").count() == 1
        assert page.locator(".panel").nth(2).is_visible()
        page.locator("summary").first.click()
        assert page.locator("details[open] table").count() == 1
    finally:
        context.close()


def test_text_stands_out_from_its_ground(looked_at: Look) -> None:
    contrast = """
    () => {
      const parse = (color) => color.match(/[\\d.]+/g).map(Number);
      const light = ([r, g, b]) => {
        const [x, y, z] = [r, g, b].map((part) => {
          const share = part / 255;
          return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * x + 0.7152 * y + 0.0722 * z;
      };
      const ground = (element) => {
        for (let at = element; at; at = at.parentElement) {
          const color = parse(getComputedStyle(at).backgroundColor);
          if (color.length < 4 || color[3] > 0.5) return color;
        }
        return [255, 255, 255];
      };
      let worst = [21, ""];
      for (const element of document.querySelectorAll("body *")) {
        const text = [...element.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
        if (!text || !element.checkVisibility() || element.closest("script, style, .unseen, .skip, svg")) continue;
        const [one, other] = [light(parse(getComputedStyle(element).color)), light(ground(element))];
        const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
        if (ratio < worst[0]) worst = [ratio, element.outerHTML.slice(0, 120)];
      }
      return worst;
    }
    """
    ratio, where = looked_at("en", WIDE).page.evaluate(contrast)
    assert ratio > 3.8, where
