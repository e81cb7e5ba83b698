from __future__ import annotations

from tenon.data import ChainProblem
from tenon.data.chain_problems import Findings


def problem(sheet: str, row: int | None, *, warning: bool = False) -> ChainProblem:
    return ChainProblem(sheet=sheet, row=row, what="is wrong.", mend="Mend it.", warning=warning)


def test_a_problem_says_its_place() -> None:
    assert str(problem("", None)) == "workbook: is wrong. Mend it."
    assert problem("sites", 3).place == "sheet 'sites', row 3"


def test_problems_stand_in_the_order_of_the_workbook() -> None:
    findings = Findings()
    for item in (problem("b", 3), problem("a", 9), problem("b", None), problem("other", 5), problem("a", 2)):
        findings.add(item)
    listed = [(item.sheet, item.row) for item in findings.problems(["a", "b"])]
    assert listed == [("other", 5), ("a", 2), ("a", 9), ("b", None), ("b", 3)]


def test_warnings_alone_refuse_nothing() -> None:
    findings = Findings()
    findings.add(problem("a", 1, warning=True))
    assert not findings.refused()
    findings.add(problem("a", 1))
    assert findings.refused()
