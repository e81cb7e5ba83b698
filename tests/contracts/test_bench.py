"""The bench works: every case runs at its smallest size, and what it finds reaches the manual unharmed."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bench import willems
from bench.table import BEGIN, END, Row, markdown, rewrite
from tests.contracts.repository import ROOT

CASES = sorted(path.stem for path in (ROOT / "bench" / "cases").glob("[a-z]*.py"))
PAGE = ROOT / "docs" / "benchmarks.md"


def run_bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bench", *arguments]
    # What it measures means nothing here, so it may well run beside other tests.
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)


@pytest.mark.parametrize("case", CASES)
def test_the_case_runs_at_its_smallest_size(case: str) -> None:
    before = PAGE.read_bytes()
    done = run_bench("--smallest", "--only", case.replace("_", "-"))
    assert done.returncode == 0, done.stderr
    assert re.search(
        r"^\| case \| tenon \| against \| ratio \| target \| reached \|\n\|.*\n\| \S", done.stdout, re.MULTILINE
    )
    assert PAGE.read_bytes() == before


def test_an_unknown_case_is_refused() -> None:
    done = run_bench("--smallest", "--only", "quickness")
    assert done.returncode == 2
    assert "invalid choice: 'quickness'" in done.stderr


@pytest.mark.parametrize(
    ("row", "line"),
    [
        (Row(case="a", measured="b", against="c", value=31.2, least=30.0), "| a | b | c | 31x | at least 30x | yes |"),
        (
            Row(case="a", measured="b", against="c", value=29.6, least=30.0),
            "| a | b | c | 30x | at least 30x | **no** |",
        ),
        (
            Row(case="a", measured="b", against="c", value=0.34, most=1 / 3),
            "| a | b | c | 0.34x | at most 0.33x | **no** |",
        ),
        (Row(case="a", measured="b", value=88.0, unit="s", most=90.0), "| a | b | | 88 s | at most 90 s | yes |"),
        (Row(case="a", measured="b", against="none here", least=30.0), "| a | b | none here | | at least 30x | |"),
        (Row(case="a", measured="b"), "| a | b | | | | |"),
    ],
)
def test_a_row_says_whether_its_target_was_reached(row: Row, line: str) -> None:
    assert markdown([row]).splitlines()[-1] == line


def test_only_what_stands_between_the_marks_is_rewritten(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"# Above\n\n{BEGIN}\nold\n{END}\n\nBelow\n", encoding="utf-8")
    rewrite(page, "new")
    rewrite(page, "newer")
    assert page.read_text(encoding="utf-8") == f"# Above\n\n{BEGIN}\n\nnewer\n\n{END}\n\nBelow\n"


@pytest.mark.parametrize("text", ["# No marks\n", f"{BEGIN}\n{END}\n{BEGIN}\n", f"{BEGIN}\n"])
def test_a_page_without_both_marks_is_refused(text: str, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"must hold the lines .* once each"):
        rewrite(page, "new")
    assert page.read_text(encoding="utf-8") == text


def test_the_manual_holds_the_marks() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text.count(BEGIN) == text.count(END) == 1


def test_the_page_of_real_chains_holds_its_marks_and_a_row_a_chain() -> None:
    text = willems.PAGE.read_text(encoding="utf-8")
    begin, end = willems.MARKS
    assert text.count(begin) == text.count(end) == 1
    table = text.partition(begin)[2].partition(end)[0]
    assert [int(number) for number in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)] == list(willems.NUMBERS)


def test_a_chain_is_summed_up_in_a_row() -> None:
    found = {
        "stages": 1479, "arcs": 2069, "tiers": 4, "sites_with_impact": 123, "hidden": 274, "worst_share": 0.0789,
        "shortest_days": 10 - 1e-14, "longest_days": 25.5, "stress_seconds": 9.5, "points_seconds": 2.5,
    }  # fmt: skip
    lines = willems.summary([willems.Figures(7, found)], {7: "Cutlery"}).splitlines()
    assert lines[-1] == "| 7 | Cutlery | 1,479 | 2,069 | 4 | 123 | 274 | 7.9 | 10 to 25.5 | 12 |"
    assert len({line.count("|") for line in lines}) == 1
