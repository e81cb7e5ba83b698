"""From names to positions: rows that cannot be used are left out, and the others keep their places."""

from __future__ import annotations

from tenon.data.chain_files import Cells
from tenon.data.chain_problems import Findings
from tenon.data.chain_sheet_reading import read_sheets
from tenon.data.chain_wiring import Wiring, wire
from tests.unit.data.chain_workbooks import Sheets, put, small


def wired(sheets: Sheets) -> tuple[Wiring, Findings]:
    findings = Findings()
    cells = [Cells(name, [(n, tuple(row)) for n, row in enumerate(rows, start=1)]) for name, rows in sheets.items()]
    return wire(read_sheets(cells, findings), findings), findings


def test_positions_follow_the_rows() -> None:
    made, findings = wired(small())
    assert made.sites == {"mine": 0, "pit": 1, "plant": 2, "store": 3}
    assert [str(stage) for stage in made.stages] == ["ore @ mine", "coal @ pit", "steel @ plant", "steel @ store"]
    assert [(item.stage, item.part, item.row) for item in made.inputs] == [
        (2, "ore", 0), (2, "coal", 1), (3, "steel", None),
    ]  # fmt: skip
    assert [(s.supplier, s.buyer, s.input) for s in made.supplies] == [(0, 2, 0), (1, 2, 1), (2, 3, 2)]
    assert made.demands == [(3, 0)]
    assert made.groups == {"Rhine": [0, 1]}
    assert not findings.refused()


def test_a_row_that_cannot_be_used_is_left_out_and_the_rest_goes_on() -> None:
    sheets = small()
    put("suppliers", 2, "supplier", "mien")(sheets)
    made, findings = wired(sheets)
    assert [(s.supplier, s.buyer) for s in made.supplies] == [(1, 2), (2, 3)]
    assert findings.refused()


def test_two_stages_of_one_label_are_one_problem() -> None:
    """Part ``ore`` at site ``hill @ pit`` would have the label of part ``ore @ hill`` at site ``pit``."""
    sheets = small()
    for sheet, column in (("sites", "site"), ("production", "site"), ("suppliers", "supplier")):
        put(sheet, 2, column, "hill @ pit")(sheets)
    for sheet, column in (
        ("parts", "part"),
        ("production", "part"),
        ("bill of materials", "input"),
        ("suppliers", "part"),
    ):
        put(sheet, 3, column, "ore @ hill")(sheets)
    (problem,) = wired(sheets)[1].problems([])
    assert str(problem) == (
        "sheet 'production', row 3: would be called 'ore @ hill @ pit', as is row 2. Rename the part or the site of "
        "one of the two rows."
    )


def test_an_unknown_name_is_said_once_for_each_row_that_has_it() -> None:
    sheets = small()
    for row in (2, 4):
        put("suppliers", row, "lane", "by see")(sheets)
    problems = wired(sheets)[1].problems([])
    assert [(problem.row, problem.mend) for problem in problems] == [
        (2, "Did you mean 'by sea'? Otherwise add it there."),
        (4, "Did you mean 'by sea'? Otherwise add it there."),
    ]


def test_a_rate_of_a_group_that_cannot_be_read_is_told_once_and_at_its_cell() -> None:
    for row in (2, 3):
        sheets = small()
        put("groups", row, "events a year", "often")(sheets)
        (problem,) = wired(sheets)[1].problems([])
        assert (problem.row, problem.column) == (row, "events a year")
        assert "'often'" in problem.what
