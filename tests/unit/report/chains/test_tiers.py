"""The drawing of a chain by tiers."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree as ET

import numpy as np

from tenon.report.chains.reading import Network, read_chain_result
from tenon.report.chains.tiers import Look, tiers_svg
from tests.unit.report.chains.samples import sample

NETWORK = read_chain_result(sample()).network
NAMES = {0: "Products", 1: "Tier 1", 2: "Tier 2"}


def looks(network: Network) -> list[Look]:
    return [Look(0.0, "#ffffff", ringed=row == 0, said=stage) for row, stage in enumerate(network.stages)]


def test_every_stage_has_a_mark_in_the_column_of_its_tier() -> None:
    svg, drawn = tiers_svg(NETWORK, looks(NETWORK), NAMES, "a chain")
    assert drawn == 4
    root = ET.fromstring(svg)  # noqa: S314 - made just now
    marks = {group.findtext("title"): group.findall("circle")[-1].attrib for group in root.findall("g")}
    across = {name: float(mark["cx"]) for name, mark in marks.items()}
    assert across["x @ X"] < across["s @ S1"] == across["s @ S2"] < across["P @ P"]
    assert len(root.findall("path")) == 4


def test_hidden_points_are_ringed_and_presumed_supplies_dashed() -> None:
    svg, _ = tiers_svg(NETWORK, looks(NETWORK), NAMES, "a chain")
    assert svg.count('stroke-width="2"/>') == 1
    assert svg.count("stroke-dasharray") == 1


def deep(first: str) -> tuple[str, list[list[str]]]:
    """Draw a chain of twelve tiers, and return the drawing and the lines of each name."""
    sites = (first, *"bcdefghijkl")
    chain = replace(NETWORK, stages=sites, sites=sites, depth=np.arange(12)[::-1])
    svg, _ = tiers_svg(chain, looks(chain), dict.fromkeys(range(12), ""), "a chain")
    names = ET.fromstring(svg).iterfind("g/text")  # noqa: S314 - made just now
    return svg, [[str(line.text) for line in name.findall("tspan")] for name in names]


def test_long_names_stand_in_two_lines_so_that_they_end_before_the_next_tier() -> None:
    svg, names = deep("Luanchuan molybdenum works")
    assert names[0] == ["Luanchuan", "molybdenum works"]
    one_line, _ = deep("Kobe")
    height = [float(re.findall(r'viewBox="0 0 1800 (\d+)', drawn)[0]) for drawn in (one_line, svg)]
    assert height[0] < height[1]


def test_a_drawing_of_many_tiers_scrolls_before_its_words_become_too_small() -> None:
    assert 'style="min-width:1494px" viewBox="0 0 1800 ' in deep("Kobe")[0]


def test_labels_from_a_workbook_cannot_break_the_page() -> None:
    wicked = replace(NETWORK, stages=("<script>", '"&', "b", "c"))
    svg, _ = tiers_svg(wicked, looks(wicked), NAMES, '"><script>')
    assert "<script>" not in svg
    ET.fromstring(svg)  # noqa: S314 - made just now


def test_large_chains_keep_their_most_important_stages() -> None:
    count = 400
    chain = Network(
        stages=tuple(f"s{i}" for i in range(count)),
        sites=tuple(f"s{i}" for i in range(count)),
        depth=np.minimum(np.arange(count), 2),
        supplier=np.arange(1, count),
        buyer=np.zeros(count - 1, dtype=int),
        flow=np.ones(count - 1),
        verified=np.ones(count - 1, dtype=bool),
    )
    sizes = [Look(row / count, "#fff", ringed=False, said="") for row in range(count)]
    svg, drawn = tiers_svg(chain, sizes, NAMES, "large")
    shown = set(re.findall(r">(s\d+)</tspan>", svg))
    assert drawn == len(shown) == 150
    assert {"s0", "s399"} <= shown
    assert "s1" not in shown
