from __future__ import annotations

from pathlib import Path

import pytest

from tenon.cli.main import run
from tenon.cli.stress import file_name
from tenon.studies import read_result, read_study
from tests.unit.cli.bad_input import SCENARIO, fill
from tests.unit.studies.examples import about

FILES = ["daily.csv", "losses.csv", "regions.csv", "report.html", "result.nc", "study.toml"]


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    fill(folder)
    monkeypatch.chdir(folder)
    return folder


def stress(*arguments: str) -> int:
    return run(["stress", *arguments, "--table", "table.npz"])


def names(folder: str) -> list[str]:
    return sorted(path.name for path in Path(folder).iterdir())


def test_a_run_writes_its_folder_and_prints_the_headline(capsys: pytest.CaptureFixture[str]) -> None:
    assert stress("fire.toml", "--out", "out") == 0
    assert names("out") == FILES
    said = capsys.readouterr().out.splitlines()
    assert said[-1] == f"Report: {Path('out/report.html').resolve()}"
    assert "value added is lost" in said[0]


@pytest.mark.usefixtures("short_report")
def test_without_out_the_folder_is_named_after_the_scenario_and_numbered() -> None:
    assert stress("fire.toml") == stress("fire.toml") == 0
    assert names("tenon-out-fire") == names("tenon-out-fire-2") == FILES


@pytest.mark.usefixtures("short_report")
def test_force_replaces_an_earlier_study_and_leaves_other_files() -> None:
    assert stress("fire.toml", "--out", "out", "--days", "10") == 0
    Path("out/thesis.txt").write_text("mine", encoding="utf-8")
    assert stress("fire.toml", "--out", "out") == 2
    assert stress("fire.toml", "--out", "out", "--force") == 0
    assert names("out") == sorted([*FILES, "thesis.txt"])
    assert read_result("out").values.sizes["day"] == 20


@pytest.mark.usefixtures("short_report")
def test_several_scenarios_run_side_by_side() -> None:
    Path("smoke.toml").write_text(SCENARIO.replace("fire", "smoke"), encoding="utf-8")
    assert stress("fire.toml", "smoke.toml", "--out", "out") == 0
    assert list(read_result("out").values["scenario"].values) == ["fire", "smoke"]


@pytest.mark.usefixtures("short_report")
def test_a_stored_study_is_run_again_to_the_same_figures() -> None:
    assert stress("fire.toml", "--out", "out") == 0
    assert run(["stress", "out/study.toml", "--out", "again"]) == 0
    for name in ("daily.csv", "losses.csv", "regions.csv", "study.toml"):
        assert Path("again", name).read_bytes() == Path("out", name).read_bytes()


@pytest.mark.usefixtures("short_report")
def test_options_stand_above_what_a_stored_study_says() -> None:
    assert stress("fire.toml", "--out", "out") == 0
    assert (
        run(["stress", "out/study.toml", "--table", "table", "--days", "8", "--inventory-days", "40", "--out", "b"])
        == 0
    )
    study = read_study("b/study.toml")
    assert (study.table, study.scenarios[0].horizon_days, study.inventory_days) == ("table", 8, 40.0)


@pytest.mark.usefixtures("short_report")
def test_days_and_inventories_stand_above_what_the_scenario_says() -> None:
    Path("fire.toml").write_text(SCENARIO + "\n[network]\ninventory_days = 30\n", encoding="utf-8")
    assert stress("fire.toml", "--days", "9", "--inventory-days", "40", "--out", "out") == 0
    result = read_result("out")
    assert result.values.sizes["day"] == 9
    assert result.provenance["network"] == {"inventory_days": 40.0}
    assert "horizon_days = 9" in about(result, "scenario", "fire", "toml")


def test_the_report_speaks_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    assert stress("fire.toml", "--lang", "zh", "--out", "out") == 0
    assert 'lang="zh' in Path("out/report.html").read_text(encoding="utf-8")
    assert any("\u4e00" <= letter <= "\u9fff" for letter in capsys.readouterr().out)


@pytest.mark.parametrize(
    ("name", "folder"), [("fire", "fire"), ("a/b c", "a-b-c"), ("火灾 1", "火灾-1"), ("..", "study"), ("?", "study")]
)
def test_a_scenario_name_becomes_a_folder_name(name: str, folder: str) -> None:
    assert file_name(name) == folder
