from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tenon.cli.main import run
from tenon.studies import read_result
from tests.chains import CASES

FILES = ["causes.csv", "levels.csv", "report.html", "result.nc", "tables.xlsx", "years.csv"]
QUIET = CASES["hidden in the second tier"].chain
CHAIN = replace(QUIET, sites=replace(QUIET.sites, events_per_year=np.array([0.2, 0.1, 0.1, 0.05])))


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder, with a small chain for an example, and a page of one line."""

    def write_report(_: object, path: Path, **__: object) -> Path:
        path.write_text("<!doctype html>", encoding="utf-8")
        return path

    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setattr("tenon.report.write_risk_report", write_report)
    monkeypatch.setattr("tenon.data.example_chain", lambda: CHAIN)


def risk(*arguments: str) -> int:
    return run(["chain", "risk", *arguments])


def names(folder: str) -> list[str]:
    return sorted(path.name for path in Path(folder).iterdir())


def test_a_run_writes_its_folder_and_prints_the_headline(capsys: pytest.CaptureFixture[str]) -> None:
    assert risk("example", "--years", "500", "--out", "out") == 0
    assert names("out") == FILES
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("A year costs EUR ")
    assert said[-1] == f"Report: {Path('out/report.html').resolve()}"


def test_the_same_seed_gives_the_same_years_whatever_the_workers() -> None:
    assert risk("example", "--years", "200", "--seed", "5", "--out", "one") == 0
    assert risk("example", "--years", "200", "--seed", "5", "--workers", "2", "--out", "two") == 0
    assert read_result("one").values.equals(read_result("two").values)


def test_without_out_the_folder_is_named_after_the_chain() -> None:
    assert risk("example", "--years", "100") == 0
    assert names("tenon-out-small-risk") == FILES


def test_a_stored_run_goes_on_from_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    assert risk("example", "--years", "200", "--store", "prices", "--out", "one") == 0
    assert Path("prices").stat().st_size > 0

    def never(*_: object) -> float:
        message = "what is stored is not priced again"
        raise AssertionError(message)

    monkeypatch.setattr("tenon.vulnerability.OutageImpact.__call__", never)
    assert risk("example", "--years", "200", "--store", "prices", "--out", "two") == 0
    assert read_result("one").values.equals(read_result("two").values)


def test_the_store_of_another_run_is_refused_before_anything_is_tested(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert risk("example", "--years", "200", "--store", "prices", "--out", "one") == 0

    def never(*_: object, **__: object) -> None:
        message = "nothing is tested"
        raise AssertionError(message)

    monkeypatch.setattr(sys.modules["tenon.studies.chain_risk"], "stress_chain", never)
    assert risk("example", "--years", "300", "--store", "prices", "--out", "two") == 2
    assert "the store prices belongs to another run (years: 200 there, 300 now)" in capsys.readouterr().err
    assert not Path("two").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["absent.xlsx"], "absent.xlsx"),
        (["example", "--years", "1"], "years must be a whole number, at least 2, but are 1"),
        (
            ["example", "--years", "50", "--store", "prices"],
            "asks for the worst year in 100, but only 50 years are drawn",
        ),
        (["example", "--correlation", "1.5"], "correlation must be from 0 to 1, but is 1.5"),
        (["example", "--seed", "-1"], "seed must be a whole number that is not negative, but is -1"),
        (["example", "--workers", "0"], "workers must be at least 1, but are 0"),
        (["example", "--store", ".."], "the store must be a file, but .. is a folder; name a file in it"),
    ],
)
def test_wrong_input_is_refused_in_a_sentence_and_leaves_nothing(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert risk(*arguments) == 2
    assert message in capsys.readouterr().err
    assert not list(Path().iterdir())


def test_a_chain_without_rates_says_what_to_fill_in(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tenon.data.example_chain", lambda: QUIET)
    assert risk("example") == 2
    assert "'events a year' is zero for every site, group, lane and passage" in capsys.readouterr().err
