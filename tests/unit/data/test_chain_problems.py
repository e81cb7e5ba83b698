from __future__ import annotations

from tenon.data import ChainProblem
from tenon.data.chain_problems import Findings, Place


def problem(sheet: str, row: int | None, *, warning: bool = False) -> ChainProblem:
    return ChainProblem(sheet=sheet, row=row, what="is wrong.", mend="Mend it.", warning=warning)


def test_a_problem_says_its_place() -> None:
    assert str(problem("", None)) == "workbook: is wrong. Mend it."
    assert problem("sites", 3).place == "sheet 'sites', row 3"


def note(findings: Findings, sheet: str, row: int | None, key: str = "name.no_stage", **flags: bool) -> None:
    findings.note(Place(sheet, row), key, production="production", part="ore", site="mine", **flags)


def listed(findings: Findings) -> list[tuple[str, int | None]]:
    return [(item.sheet, item.row) for item in findings.problems(["a", "b"])]


def test_problems_of_one_kind_stand_in_the_order_of_the_workbook() -> None:
    findings = Findings()
    for sheet, row in (("b", 3), ("a", 9), ("b", None), ("other", 5), ("a", 2)):
        note(findings, sheet, row)
    assert listed(findings) == [("other", 5), ("a", 2), ("a", 9), ("b", None), ("b", 3)]


def test_causes_stand_before_warnings_and_what_follows_from_them_at_the_end() -> None:
    findings = Findings()
    note(findings, "a", 1, follows=True)
    note(findings, "a", 2, warning=True)
    note(findings, "a", 3, warning=True, follows=True)
    note(findings, "a", 4)
    note(findings, "b", 5, "cell.second_row")
    findings.note(Place("b"), "heading.below", row=6)
    assert listed(findings) == [("b", None), ("b", 5), ("a", 4), ("a", 2), ("a", 1), ("a", 3)]


def test_where_nothing_else_is_wrong_nothing_follows() -> None:
    findings = Findings()
    note(findings, "a", 1, follows=True)
    note(findings, "a", 2, warning=True)
    assert [item.follows for item in findings.problems([])] == [False, False]


def test_a_row_that_was_left_out_may_have_said_what_it_does_not_contradict() -> None:
    findings = Findings()
    findings.leave_out("production", {"site": None, "part": "ore"})
    assert findings.may_say("production", {"site": "mine", "part": "ore"})
    assert findings.may_say("production", {"site": "mine"})
    assert not findings.may_say("production", {"part": "coal"})
    assert not findings.may_say("suppliers", {"part": "ore"})


def test_a_sheet_that_was_left_out_may_have_said_anything() -> None:
    findings = Findings()
    findings.leave_out("production")
    assert findings.left_out("production")
    assert findings.may_say("production", {"part": "coal"})


def test_of_many_rows_that_were_left_out_each_may_have_said_anything() -> None:
    findings = Findings()
    for row in range(100):
        findings.leave_out("production", {"part": f"part {row}"})
    assert findings.may_say("production", {"part": "coal"})


def test_warnings_alone_refuse_nothing() -> None:
    findings = Findings()
    note(findings, "a", 1, warning=True)
    assert not findings.refused()
    note(findings, "a", 1)
    assert findings.refused()


def test_a_problem_may_be_said_in_chinese() -> None:
    findings = Findings("zh")
    findings.note(Place("站点", 4, "纬度"), "cell.blank", explanation="北纬为正。")
    assert str(findings.problems([])[0]) == "“站点”表，第 4 行，“纬度”列：为空，但每行必填。北纬为正。"
