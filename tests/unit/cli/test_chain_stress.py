from __future__ import annotations

from pathlib import Path

import pytest

from tenon.cli.main import run
from tenon.data import example_chain
from tenon.schema import Result, Status, SupplyChain
from tenon.studies import read_result, stress_supply_chain
from tests.chains import CASES

FILES = sorted([
    "days.csv", "followed.csv", "lost_units.csv", "outages.csv", "pairs.csv", "points.csv", "report.html", "result.nc",
    "tables.xlsx",
])  # fmt: skip
OUTAGES = '[[outages]]\nname = "both"\nsites = ["S1", "S2"]\ndays = 4\n'


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder, with a small chain for an example, and a page of one line."""

    def write_report(_: object, path: Path, **__: object) -> Path:
        path.write_text("<!doctype html>", encoding="utf-8")
        return path

    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setattr("tenon.report.write_chain_report", write_report)
    monkeypatch.setattr("tenon.data.example_chain", lambda: CASES["hidden in the second tier"].chain)


def stress(*arguments: str) -> int:
    return run(["chain", "stress", *arguments])


def names(folder: str) -> list[str]:
    return sorted(path.name for path in Path(folder).iterdir())


def test_a_run_writes_its_folder_and_prints_the_headline(capsys: pytest.CaptureFixture[str]) -> None:
    assert stress("example", "--out", "out") == 0
    assert names("out") == FILES
    said = capsys.readouterr().out.splitlines()
    assert said[1].startswith("P costs most: out for 10 days, it takes EUR 200 of margin")
    assert said[-1] == f"Report: {Path('out/report.html').resolve()}"


def test_without_out_the_folder_is_named_after_the_chain() -> None:
    assert stress("example") == stress("example") == 0
    assert names("tenon-out-small") == names("tenon-out-small-2") == FILES


def test_outages_of_ones_own_are_taken_from_their_file() -> None:
    Path("outages.toml").write_text(OUTAGES, encoding="utf-8")
    assert stress("example", "--outages", "outages.toml", "--out", "out") == 0
    values = read_result("out").values
    assert values["outage_kind"].sel(outage="both").item() == "combination"


def test_the_headline_comes_in_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    assert stress("example", "--out", "out", "--lang", "zh") == 0
    assert "停运造成的损失最大" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["absent.xlsx"], "absent.xlsx"),
        (["example", "--closure-days", "0"], "closure_days must be a finite number above zero, but is 0.0"),
        (["example", "--within-days", "-1"], "within_days must not be negative, but is -1.0"),
        (["example", "--outages", "absent.toml"], "absent.toml does not exist"),
    ],
)
def test_wrong_input_is_refused_in_a_sentence_and_leaves_nothing(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert stress(*arguments) == 2
    assert message in capsys.readouterr().err
    assert not list(Path().iterdir())


def test_a_taken_folder_is_left_alone_unless_forced() -> None:
    assert stress("example", "--out", "out") == 0
    assert stress("example", "--out", "out") == 2
    assert stress("example", "--out", "out", "--force") == 0


def test_an_interrupt_keeps_the_finished_outages(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(chain: SupplyChain, *_: object, **__: object) -> Result:
        def stop(done: int, _: int) -> None:
            if done == 2:
                raise KeyboardInterrupt

        return stress_supply_chain(chain, progress=stop)

    monkeypatch.setattr("tenon.studies.stress_supply_chain", interrupted)
    assert stress("example", "--out", "out") == 130
    result = read_result("out")
    assert any("interrupted after 2 of" in note for note in result.notes)
    assert result.status is Status.INTERRUPTED
    assert result.values.sizes["outage"] == 2


def test_the_example_is_the_one_that_ships() -> None:
    """The fixture stands in for a chain of dozens of sites."""
    assert len(example_chain().sites) > 50
