"""Whatever stands in a workbook, it is read or refused with its place; no cell ends in a traceback."""

from __future__ import annotations

import copy
import datetime as dt
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tenon.data import check_chain
from tenon.data.chain_balance import check_whole
from tenon.data.chain_files import Cells, Formula
from tenon.data.chain_problems import Findings
from tenon.data.chain_reading import build_chain
from tenon.data.chain_sheet_reading import read_sheets
from tenon.data.chain_wiring import wire
from tests.unit.data.chain_workbooks import SMALL, Sheets, write_folder

NAMES = sorted({cell for rows in SMALL.values() for row in rows for cell in row if isinstance(cell, str)})
CELLS = st.one_of(
    st.none(), st.sampled_from(NAMES), st.sampled_from(NAMES), st.text(max_size=6), st.integers(-2, 3),
    st.floats(), st.booleans(), st.dates(), st.sampled_from(["10%", "3,5", "5 kg", "#N/A", "=A1", " "]),
    st.just(Formula("=A1")), st.just(dt.time(1)),
)  # fmt: skip


@st.composite
def spoiled(draw: st.DrawFn) -> Sheets:
    """Change some cells of the small chain, and repeat, drop or exchange rows."""
    sheets = copy.deepcopy(SMALL)
    for _ in range(draw(st.integers(1, 4))):
        rows = sheets[draw(st.sampled_from(sorted(sheets)))]
        row = draw(st.integers(0, len(rows) - 1))
        change = draw(st.sampled_from(["cell", "cell", "cell", "repeat", "drop"]))
        if change == "cell":
            rows[row][draw(st.integers(0, len(rows[row]) - 1))] = draw(CELLS)
        elif change == "repeat":
            rows.append(list(rows[row]))
        elif len(rows) > 1:
            rows.pop(row)
    return sheets


def cells_of(sheets: Sheets) -> list[Cells]:
    return [
        Cells(name, [(number, tuple(row)) for number, row in enumerate(rows, start=1)]) for name, rows in sheets.items()
    ]


@given(spoiled())
def test_what_passes_the_checks_makes_a_chain(sheets: Sheets) -> None:
    """Nothing that the chain itself would refuse slips through: every refusal has its row."""
    findings = Findings()
    filled = read_sheets(cells_of(sheets), findings)
    wiring = wire(filled, findings)
    check_whole(filled, wiring, findings)
    if not findings.refused():
        assert build_chain(filled, wiring, "made by the tests").currency


@given(spoiled(), st.permutations(list(SMALL)))
def test_the_order_of_sheets_and_columns_says_nothing(sheets: Sheets, order: list[str]) -> None:
    turned = {name: [list(reversed(row)) for row in sheets[name]] for name in order}

    def problems(given_sheets: Sheets) -> set[tuple[Any, ...]]:
        findings = Findings()
        filled = read_sheets(cells_of(given_sheets), findings)
        check_whole(filled, wire(filled, findings), findings)
        listed = findings.problems([sheet.title for sheet in filled.values()])
        # Which of two columns of one name is the second depends on their order.
        return {(p.sheet, p.row, p.what) for p in listed if "stands twice" not in p.what}

    headings = [cell for name in sheets for cell in sheets[name][0]]
    if all(isinstance(cell, str) and cell in NAMES for cell in headings) and all(
        len(set(sheets[name][0])) == len(sheets[name][0]) for name in sheets
    ):
        assert problems(sheets) == problems(turned)


def test_the_small_chain_is_right(tmp_path: Path) -> None:
    assert check_chain(write_folder(tmp_path / "small", SMALL)) == ()
