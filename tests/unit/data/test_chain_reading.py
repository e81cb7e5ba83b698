"""Reading and checking a chain: what is right is read as it stands, what is wrong is found with its place."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tenon.data import check_chain, read_chain, write_chain_template
from tenon.schema import Evidence, Mode, SourceError
from tests.unit.data.chain_workbooks import (
    CASES,
    SEVERAL,
    Case,
    Sheets,
    above,
    both,
    move,
    put,
    rename,
    small,
    write_folder,
    write_workbook,
)

ONLY_IN_WORKBOOKS = {"an empty sheet", "a number turned into a date", "a formula without its result"}


def test_a_right_workbook_has_no_problem(tmp_path: Path) -> None:
    assert check_chain(write_workbook(tmp_path / "small.xlsx", small())) == ()


def test_a_right_folder_has_no_problem(tmp_path: Path) -> None:
    assert check_chain(write_folder(tmp_path / "small", small())) == ()


def test_every_sheet_is_read_as_it_stands(tmp_path: Path) -> None:
    chain = read_chain(write_workbook(tmp_path / "small.xlsx", small()))
    assert (chain.name, chain.currency, chain.source, chain.illustrative) == (
        "small steel", "EUR", "made by the tests", True,
    )  # fmt: skip
    assert chain.stage_labels == ("ore @ mine", "coal @ pit", "steel @ plant", "steel @ store")
    assert chain.sites.country == ("SWE", "POL", "DEU", "NLD")
    assert chain.sites.recovery_days.tolist()[:2] == [[10, 30, 60], [20, 20, 20]]
    assert chain.sites.recovery_evidence[:2] == (Evidence.ASKED, Evidence.ASSUMED)
    assert chain.sites.events_per_year.tolist() == [0, 0, 0, 0]
    assert np.isinf(chain.sites.capacity).all()
    assert chain.parts.units == ("t", "t", "t")
    assert chain.stages.capacity.tolist() == [40, 20, 15, np.inf]
    assert chain.stages.stock.tolist() == [100, 80, 30, 60]
    assert chain.stages.site_use.tolist() == [1, 1, 1, 1]
    assert chain.stages.added_cost.tolist() == [50, 90, 300, 10]
    assert chain.stages.processing_days.tolist() == [1, 1, 3, 0]
    assert chain.lanes.mode == (Mode.SEA, Mode.ROAD)
    assert chain.lanes.passages == (("Sound", "Kiel Canal"), ())
    assert chain.demands.customer == ("shipyard",)
    assert chain.demands.quantity.tolist() == [10]
    assert chain.groups["Rhine"].sites == ("plant", "store")
    assert chain.groups["Rhine"].events_per_year == 0.05


def test_inputs_follow_from_bill_and_passing_on(tmp_path: Path) -> None:
    chain = read_chain(write_workbook(tmp_path / "small.xlsx", small()))
    inputs = chain.inputs
    needs = [
        (chain.stage_labels[stage], chain.parts.labels[part], units, stock)
        for stage, part, units, stock in zip(inputs.stage, inputs.part, inputs.units, inputs.stock, strict=True)
    ]
    assert needs == [
        ("steel @ plant", "ore", 1.6, 50),
        ("steel @ plant", "coal", 0.5, 20),
        ("steel @ store", "steel", 1, 0),
    ]


def test_supplies_take_their_defaults(tmp_path: Path) -> None:
    supplies = read_chain(write_workbook(tmp_path / "small.xlsx", small())).supplies
    assert supplies.share.tolist()[::2] == [1, 1]
    assert np.isnan(supplies.share[1])
    assert supplies.lane.tolist() == [0, -1, 1]
    assert supplies.start_up_days.tolist() == [0, 0, 0]
    assert supplies.verified.tolist() == [True, True, False]
    assert np.isinf(supplies.capacity).all()


def test_a_site_with_a_bill_of_its_own_uses_only_that(tmp_path: Path) -> None:
    sheets = small()
    sheets["bill of materials"].append(["plant", "steel", "ore", 1.4, 7])
    sheets["suppliers"].pop(2)
    sheets["demand"].append(["pit", "coal", "all", 1, 1])
    inputs = read_chain(write_workbook(tmp_path / "small.xlsx", sheets)).inputs
    assert inputs.units.tolist() == [1.4, 1]


def test_a_warehouse_may_lose_something_and_hold_stock(tmp_path: Path) -> None:
    sheets = small()
    sheets["bill of materials"].append(["store", "steel", "steel", 1.02, 5])
    inputs = read_chain(write_workbook(tmp_path / "small.xlsx", sheets)).inputs
    assert (inputs.units[-1], inputs.stock[-1]) == (1.02, 5)


def test_a_supply_may_say_what_it_is_for(tmp_path: Path) -> None:
    sheets = small()
    sheets["parts"].append(["iron", "t"])
    sheets["production"].append(["plant", "iron", "makes", 5, 5, 5, 5])
    sheets["demand"].append(["plant", "iron", "foundry", 1, 1])
    sheets["bill of materials"].append([None, "iron", "ore", 1.5, 0])
    for row, use in zip(sheets["suppliers"], ("for part", "steel", None, None), strict=True):
        row.append(use)
    sheets["suppliers"].append(["mine", "ore", "plant", 1, None, 0, "yes", "iron"])
    chain = read_chain(write_workbook(tmp_path / "small.xlsx", sheets))
    assert [chain.stage_labels[buyer] for buyer in chain.supplies.buyer] == [
        "steel @ plant", "steel @ plant", "steel @ store", "iron @ plant",
    ]  # fmt: skip


@pytest.mark.parametrize("write", [write_workbook, write_folder])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_wrong_is_found(case: Case, write: Callable[[Path, Sheets], Path], tmp_path: Path) -> None:
    if write is write_folder and case.what in ONLY_IN_WORKBOOKS:
        pytest.skip("CSV files know no dates, and tell no empty sheet and no formula from other text")
    sheets = small()
    case.change(sheets)
    written = write(tmp_path / "bad.xlsx", sheets)
    problems = check_chain(written)
    found = [problem for problem in problems if str(problem) == case.said]
    assert len(found) == 1, "\n".join(map(str, problems))
    assert found[0].warning is case.warning
    if case.warning:
        read_chain(written)
    else:
        with pytest.raises(SourceError, match="cannot be read as a chain"):
            read_chain(written)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_one_mistake_is_one_error(case: Case, tmp_path: Path) -> None:
    """What a mistake brings about is marked as following from it, and listed behind it."""
    sheets = small()
    case.change(sheets)
    problems = check_chain(write_workbook(tmp_path / "bad.xlsx", sheets))
    errors = [problem for problem in problems if not problem.follows and not problem.warning]
    if case.what not in SEVERAL:
        assert len(errors) == (not case.warning)
    assert str(problems[0]) == case.said or case.what in SEVERAL
    follow = [problem.follows for problem in problems]
    assert follow == sorted(follow)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_wrong_is_said_in_chinese_too(case: Case, tmp_path: Path) -> None:
    sheets = small()
    case.change(sheets)
    file = write_workbook(tmp_path / "bad.xlsx", sheets)
    english, chinese = check_chain(file), check_chain(file, language="zh")
    assert len(english) == len(chinese)
    for problem in chinese:
        assert re.search(r"[\u4e00-\u9fff]", problem.what)
        assert re.search(r"[\u4e00-\u9fff]", problem.mend)
        assert problem.place.startswith("“")


def test_a_chinese_workbook_is_spoken_of_in_chinese(tmp_path: Path) -> None:
    folder = write_chain_template(tmp_path / "空表", language="zh")
    assert str(check_chain(folder)[0]).startswith("“基本信息”表：表头下方没有数据行。")
    with pytest.raises(SourceError, match=r"无法作为供应链读取。1）“基本信息”表：.* 另有 2 个问题。"):
        read_chain(folder)
    with pytest.raises(SourceError, match="cannot be read as a chain"):
        read_chain(folder, language="en")


def test_a_row_above_the_headings_hides_nothing_of_the_rest(tmp_path: Path) -> None:
    sheets = small()
    both(put("sites", 3, "latitude", 150.3), above("sites", "Sites of Small Steel"))(sheets)
    problems = check_chain(write_workbook(tmp_path / "bad.xlsx", sheets))
    assert [(problem.row, problem.column) for problem in problems] == [(1, ""), (5, "latitude")]


def test_a_sheet_that_is_left_out_hides_nothing_of_the_others(tmp_path: Path) -> None:
    sheets = small()
    both(put("suppliers", 2, "lane", "by see"), lambda s: s.pop("sites"))(sheets)
    problems = check_chain(write_workbook(tmp_path / "bad.xlsx", sheets))
    assert [problem.place for problem in problems if not problem.follows] == [
        "sheet 'sites'", "sheet 'suppliers', row 2, column 'lane'",
    ]  # fmt: skip


def test_a_sheet_of_ones_own_may_be_called_like_a_part_of_a_sheet_that_may_be_left_out(tmp_path: Path) -> None:
    sheets = small()
    both(lambda s: s.pop("groups"), lambda s: s.update({"groups of customers": [["x"], [1]]}))(sheets)
    (problem,) = check_chain(write_workbook(tmp_path / "small.xlsx", sheets))
    assert problem.warning


def test_an_empty_sheet_that_may_be_left_out_is_as_good_as_none(tmp_path: Path) -> None:
    sheets = small()
    sheets["groups"] = []
    assert check_chain(write_workbook(tmp_path / "small.xlsx", sheets)) == ()


def test_a_formula_in_a_csv_file_is_refused(tmp_path: Path) -> None:
    sheets = small()
    put("production", 2, "stock", "=2*3")(sheets)
    (problem,) = check_chain(write_folder(tmp_path / "bad", sheets))
    assert "holds the formula '=2*3' instead of a value. Paste the value." in str(problem)


def test_all_problems_are_listed_and_the_first_are_said(tmp_path: Path) -> None:
    sheets = small()
    for row in range(2, 6):
        put("production", row, "stock", -row)(sheets)
    file = write_workbook(tmp_path / "bad.xlsx", sheets)
    assert [problem.row for problem in check_chain(file)] == [2, 3, 4, 5]
    with pytest.raises(
        SourceError, match=r"1\) .* row 2.* 3\) .* row 4, .* And 1 more. .* tenon chain check .*bad.xlsx"
    ):
        read_chain(file)


def test_chinese_and_english_may_be_mixed(tmp_path: Path) -> None:
    sheets = small()
    both(
        rename("sites", "recovery likely", "恢复时间 (天)"),
        rename("production", "activity", "活动"),
        put("production", 4, "活动", "生产"),
        put("suppliers", 4, "verified", "否"),
        put("lanes", 2, "mode", "海运"),
        put("lanes", 2, "passages", "Sound；Kiel Canal"),
        move("suppliers", "供应"),
        move("lanes", "航线"),
    )(sheets)
    english = read_chain(write_workbook(tmp_path / "english.xlsx", small()))
    mixed = read_chain(write_workbook(tmp_path / "mixed.xlsx", sheets))
    assert mixed.stage_labels == english.stage_labels
    assert mixed.lanes.passages == english.lanes.passages
    assert mixed.supplies.verified.tolist() == english.supplies.verified.tolist()


def test_names_are_compared_without_blanks_and_full_width_signs(tmp_path: Path) -> None:
    sheets = small()
    put("production", 4, "site", " \uff50lant\u00a0")(sheets)
    assert read_chain(write_workbook(tmp_path / "small.xlsx", sheets)).stage_labels[2] == "steel @ plant"


def test_numbers_may_name_parts(tmp_path: Path) -> None:
    sheets = small()
    both(
        put("parts", 2, "part", 4711),
        put("production", 2, "part", "4711"),
        put("bill of materials", 2, "input", 4711.0),
    )(sheets)
    put("suppliers", 2, "part", 4711)(sheets)
    assert read_chain(write_workbook(tmp_path / "small.xlsx", sheets)).parts.labels[0] == "4711"


def test_remarks_of_the_user_are_left_alone(tmp_path: Path) -> None:
    sheets = small()
    for row, text in zip(sheets["parts"], ("note", "from Kiruna", None, "=1"), strict=True):
        row.append(text)
    assert check_chain(write_workbook(tmp_path / "small.xlsx", sheets)) == ()
