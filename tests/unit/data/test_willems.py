"""The chains of Willems (2008): sizes as published, costs and flows added up along the links, assumptions on record."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from openpyxl import Workbook

from tenon.data import WillemsAssumptions, read_willems, read_willems_chains
from tenon.schema import ParameterError, SourceError

HEAD = (
    "Stage Name", "stageCost", "relDepth", "stageClassification", "avgDemand", "stdDevDemand", "maxServiceTime",
    "serviceLevel", "stageTime", "stdDev stageTime",
)  # fmt: skip
STAGES = (
    ("Manuf_0001", 39, 1, "Manuf", None, None, None, None, 10, None),
    ("Part_0001", 12, 2, "Parts", None, None, None, None, 28, 11.2),
    ("Retail_0001", 1, 0, "Retail", 253, 36.62, 2, 0.95, 0, None),
    ("Retail_0002", 1, 0, "Retail", 0, 0, 0, 0.95, 0, None),
)
LINKS = (("Part_0001", "Manuf_0001"), ("Manuf_0001", "Retail_0001"), ("Manuf_0001", "Retail_0002"))


def workbook(path: Path, stages: tuple[tuple[Any, ...], ...] = STAGES, links: tuple[Any, ...] = LINKS) -> Path:
    book = Workbook()
    for title, rows in (("01_SD", (HEAD, *stages)), ("01_LL", (("sourceStage", "destinationStage"), *links))):
        page = book.create_sheet(title)
        for row in rows:
            page.append(row)
    book.save(path)
    return path


@pytest.fixture(scope="session")
def published(shared: Path) -> Path:
    file = shared / "data" / "willems_2008" / "MSOM-06-038-R2.xlsx"
    if not file.is_file():
        pytest.skip(f"no {file}")
    return file


def test_flows_and_costs_are_added_up_along_the_links(tmp_path: Path) -> None:
    chain = read_willems(workbook(tmp_path / "w.xlsx"), 1)
    assert chain.stage_labels[0] == "Manuf_0001 @ Manuf_0001"
    assert chain.stages.capacity.tolist() == [379.5, 379.5, 379.5, 0]
    assert chain.stages.stock.tolist() == [2530, 2530, 2530, 0]
    assert chain.stages.added_cost.tolist() == [39, 12, 1, 1]
    assert chain.stages.processing_days.tolist() == [10, 28, 0, 0]
    assert chain.demands.margin.tolist() == [pytest.approx(0.3 * 52)]
    assert (chain.demands.quantity[0], chain.demands.deviation[0], chain.demands.service_days[0]) == (253, 36.62, 2)
    assert chain.sites.recovery_days.tolist() == [[20, 60, 150], [15, 30, 90], [2, 7, 30], [2, 7, 30]]


def test_what_is_assumed_is_on_record(tmp_path: Path) -> None:
    assumed = WillemsAssumptions(capacity_slack=2, stock_days=5, margin_share=0.5)
    chain = read_willems(workbook(tmp_path / "w.xlsx"), 1, assumed)
    assert chain.stages.capacity[0] == 506
    assert "Willems (2008)" in chain.source
    assert "capacity 2 times the normal flow, stocks of 5 days of it, margin 0.5 of the cost" in chain.source


def test_service_levels_and_deviations_are_kept(tmp_path: Path) -> None:
    (read,) = read_willems_chains(workbook(tmp_path / "w.xlsx"), (1,))
    assert read.classes == ("Manuf", "Part", "Retail", "Retail")
    assert read.service_level.tolist() == [0.95]
    assert read.time_deviation.tolist() == [0, 11.2, 0, 0]


@pytest.mark.parametrize(
    ("figures", "message"),
    [
        ({"capacity_slack": 0.9}, "capacity_slack must be a finite number of at least 1, but is 0.9"),
        ({"stock_days": -1}, "stock_days must be a finite number of at least 0, but is -1"),
        ({"margin_share": np.nan}, "margin_share must be a finite number of at least 0, but is nan"),
        (
            {"recovery_days": {"Part": (1, 2, 3)}},
            "must name every class of stage; Manuf, Trans, Dist, Retail is missing",
        ),
    ],
)
def test_assumptions_out_of_range_are_refused(figures: dict[str, Any], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        WillemsAssumptions(**figures)


def test_a_number_without_chain_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="have numbers 1 to 38, but 39 was asked for"):
        read_willems(workbook(tmp_path / "w.xlsx"), 39)


def test_another_workbook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="has no sheet '02_SD'"):
        read_willems(workbook(tmp_path / "w.xlsx"), 2)
    (tmp_path / "text.xlsx").write_text("hello", encoding="utf-8")
    with pytest.raises(SourceError, match="is no whole workbook"):
        read_willems(tmp_path / "text.xlsx", 1)


def test_a_link_to_nowhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="chain 01: a link names the unknown stage 'Part_0009'"):
        read_willems(workbook(tmp_path / "w.xlsx", links=(("Part_0009", "Manuf_0001"),)), 1)


def test_a_missing_column_is_refused(tmp_path: Path) -> None:
    book = Workbook()
    book.create_sheet("01_SD").append(["Stage Name", "stageCost"])
    book.save(tmp_path / "w.xlsx")
    with pytest.raises(SourceError, match="sheet '01_SD': the column 'stageClassification' is missing"):
        read_willems(tmp_path / "w.xlsx", 1)


def test_all_chains_have_their_published_size(published: Path) -> None:
    begun = time.perf_counter()
    sizes = [(len(read.chain.stages), len(read.chain.supplies)) for read in read_willems_chains(published)]
    assert time.perf_counter() - begun < 60
    assert len(sizes) == 38
    assert sizes[0] == (8, 10)
    assert sizes[-1] == (2025, 16225)
    assert np.sum(sizes, axis=0).tolist() == [15872, 43589]


def test_the_first_chain_is_that_of_the_paper(published: Path) -> None:
    chain = read_willems(published, 1)
    cost = dict(zip(chain.parts.labels, chain.stages.added_cost, strict=True))
    assert cost == {
        "Manuf_0001": 39, "Manuf_0002": 36, "Part_0001": 12, "Part_0002": 5, "Part_0003": 9,
        "Retail_0001": 0, "Retail_0002": 0, "Retail_0003": 0,
    }  # fmt: skip
    assert chain.demands.quantity.tolist() == [253, 45, 75]
    assert chain.demands.deviation.tolist() == [36.62, 1, 2]
