"""From cells to columns: headings in any spelling, blanks by their defaults."""

from __future__ import annotations

import pytest

from tenon.data.chain_cells import BAD
from tenon.data.chain_files import Cells, Formula
from tenon.data.chain_problems import Findings
from tenon.data.chain_sheet_reading import read_sheets


def lanes(heading: list[str], *rows: list[object]) -> dict[str, list[object]]:
    cells = Cells("Lanes", [(1, tuple(heading)), *((n, tuple(row)) for n, row in enumerate(rows, start=2))])
    return dict(read_sheets([cells], Findings())["lanes"].values)


@pytest.mark.parametrize(
    "heading",
    [
        ["lane", "mode", "days"],
        ["Lane", "MODE", "Days (days)"],
        ["线路", "方式", "天数 (天)"],
        ["route", "运输方式", "transit_days"],
    ],
)
def test_headings_have_many_spellings(heading: list[str]) -> None:
    values = lanes(heading, ["by sea", "sea", 4])
    assert (values["lane"], values["mode"], values["days"]) == (["by sea"], ["sea"], [4.0])


def test_what_is_blank_or_missing_takes_its_default() -> None:
    values = lanes(["lane", "mode", "days"], ["by sea", "sea", None], ["by road", "road"])
    assert values["days"] == [0.0, 0.0]
    assert values["capacity"] == [float("inf")] * 2
    assert values["passages"] == [(), ()]


def test_what_cannot_be_read_is_no_value() -> None:
    values = lanes(["lane", "mode", "days"], ["by sea", "see", Formula("=1")], [None, "sea", "x"])
    assert values["mode"] == [BAD, "sea"]
    assert values["days"] == [BAD, BAD]
    assert values["lane"] == ["by sea", BAD]


def test_every_sheet_is_there_even_if_the_file_lacks_it() -> None:
    filled = read_sheets([], Findings())
    assert filled["groups"].values["site"] == []
    assert filled["groups"].title == "groups"
