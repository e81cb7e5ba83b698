from __future__ import annotations

from pathlib import Path

import pytest

from tenon.cli.main import run
from tenon.data import WorldEstimate, data_folder, load, write_csv_folder
from tenon.data.balancing import TradeBalance
from tests.unit.studies.examples import TABLE


def test_the_bundled_table_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["data", "list"]) == 0
    said = capsys.readouterr()
    assert said.out.splitlines()[0] == "world-2022  2022  USD  33 regions x 30 sectors (bundled, estimated)"
    assert str(data_folder()) in said.err


def test_a_table_is_imported_listed_shown_and_run_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_csv_folder(TABLE, tmp_path / "mine")
    assert run(["data", "import", str(folder), "--name", "own"]) == 0
    assert capsys.readouterr().out.startswith("own: 3 regions x 2 sectors, 2020, USD; stored in ")
    assert run(["data", "list"]) == 0
    assert "own         2020  USD  3 regions x 2 sectors (yours)" in capsys.readouterr().out
    assert run(["data", "show", "own"]) == 0
    assert "electronics" in capsys.readouterr().out


def test_a_table_is_shown_with_what_is_known_about_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["data", "show"]) == 0
    lines = capsys.readouterr().out.splitlines()
    table = load("world-2022")
    assert lines[0] == "world-2022: 33 regions x 30 sectors, 2022, estimated"
    assert lines[1] == "Unit: 1,000,000 USD per year"
    assert lines[2] == f"Output: {table.x.sum():,.0f}    value added: {table.value_added.sum():,.0f}"
    assert [line for line in lines if line.startswith("Repair: ")] == [f"Repair: {item}" for item in table.repairs]
    assert "  JPN  Japan" in lines
    # A sector is longer than most, so that names stand one below the other.
    assert any(
        line.startswith("  electronics  ") and line.endswith("Computers, electronics and optics") for line in lines
    )


def test_a_build_stores_the_table_and_says_how_well_it_balances(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    trade = TradeBalance(TABLE.Z[None], 700, 2e-4, 1e-12, 0.28, 0.951)
    asked: list[Path] = []

    def estimate(folder: Path, **_: object) -> WorldEstimate:
        asked.append(folder)
        return WorldEstimate(TABLE, trade, 2.7e3, 3e-5)

    monkeypatch.setattr("tenon.data.estimate_world_2022", estimate)
    assert run(["data", "build", "world-2022", str(tmp_path), "--name", "full"]) == 0
    assert asked == [tmp_path]
    said = capsys.readouterr().out
    assert "Output and sales differ by 3.0e-05 of all output before the repair." in said
    assert "differs by 28% in sum from the trade statistics (correlation of logarithms 0.951)" in said
    assert load("full").regions == TABLE.regions
