from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tenon.cli.main import run
from tenon.data import write_table
from tenon.schema import Result, Status, SupplyNetwork
from tenon.studies import read_result
from tenon.vulnerability import systemic_risk
from tests.unit.data.test_firms import written
from tests.unit.studies.examples import TABLE

FILES = ["report.html", "result.nc", "systemic-risk.csv"]


@pytest.fixture
def economy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    def write_report(_: object, path: Path, **__: object) -> Path:
        path.write_text("<!doctype html>", encoding="utf-8")
        return path

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tenon.report.write_systemic_report", write_report)
    folder = tmp_path / "bread"
    folder.mkdir()
    return written(folder)


def systemic(*arguments: str) -> int:
    return run(["economy", "systemic", *arguments])


def names(folder: str) -> list[str]:
    return sorted(path.name for path in Path(folder).iterdir())


def test_firms_are_ranked_and_their_folder_is_written(economy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert systemic(str(economy), "--out", "out") == 0
    said = capsys.readouterr()
    assert said.out.startswith("The failure of farm (grain) would take 100% of all sales between firms along")
    assert said.out.splitlines()[-1] == f"Report: {Path('out/report.html').resolve()}"
    assert "Note: Stopped early" in said.err
    assert names("out") == FILES
    assert len(Path("out/systemic-risk.csv").read_text(encoding="utf-8").splitlines()) == 4


def test_a_taken_folder_is_left_alone_unless_forced(economy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert systemic(str(economy), "--out", "out") == 0
    assert systemic(str(economy), "--out", "out") == 2
    assert "the folder out is not empty and is left as it is" in capsys.readouterr().err
    assert systemic(str(economy), "--out", "out", "--force", "--threads", "1") == 0


def test_without_out_the_folder_is_named_after_the_economy(economy: Path) -> None:
    assert systemic(str(economy)) == systemic(str(economy)) == 0
    assert names("tenon-out-bread") == names("tenon-out-bread-2") == FILES


def test_the_headline_comes_in_chinese(economy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert systemic(str(economy), "--lang", "zh") == 0
    assert "倒闭会带走企业间全部销售额的100%" in capsys.readouterr().out


def test_the_converged_index_counts_final_demand(economy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = [str(economy / "firms.csv"), "--links-file", str(economy / "links.csv")]
    assert systemic(*command, "--converged", "--essentiality", "linear", "--out", "limit") == 0
    said = capsys.readouterr()
    assert "of all output along" in said.out
    assert "followed to the end" in said.out
    assert "Note: Converged" in said.err


def test_without_revenue_the_converged_index_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = written(tmp_path, "firm,sector\nfarm,grain\nmill,flour\nbakery,bread\n")
    assert systemic(str(folder), "--converged", "--out", str(tmp_path / "out")) == 2
    assert "no firm of network" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_matrix_of_essentiality_is_read(economy: Path) -> None:
    (economy / "needs.csv").write_text(",bread,flour,grain\nbread,0,0,0\nflour,0,0,0\ngrain,0,0,0\n", encoding="utf-8")
    command = [str(economy), "--essentiality", str(economy / "needs.csv"), "--no-replacement", "--out", "out"]
    assert systemic(*command, "--eps", "0.05") == 0
    # Nobody needs inputs, so that only the failing firm itself is lost downstream.
    values = read_result("out").values
    assert float(values["esri_downstream"].sel(failure="farm")) == pytest.approx(5 / 15)
    assert float(values["failing_share"].sel(failure="farm")) == pytest.approx(5 / 15)


def test_an_economy_is_made_up_from_a_table(economy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_table(TABLE, economy / "table.npz")
    command = ["--synthetic", str(economy / "table.npz"), "--firms", "40", "--links", "120", "--out", "out"]
    assert systemic(*command) == 0
    assert capsys.readouterr().out.count("Of 40 firms that failed one at a time") == 1
    facts = read_result("out").provenance["network"]
    assert isinstance(facts, dict)
    assert (facts["firms"], facts["links"], facts["estimated"]) == (40, 120, True)
    assert str(facts["source"]).startswith("synthetic firms (seed 1) of table ")
    assert systemic(*command, "--force", "--seed", "2") == 0
    facts = read_result("out").provenance["network"]
    assert isinstance(facts, dict)
    assert str(facts["source"]).startswith("synthetic firms (seed 2)")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "give either FILE with the firms of an economy, or --synthetic TABLE to make one up; none came"),
        (["bread", "--synthetic", "world-2022"], "or --synthetic TABLE to make one up; both came"),
        (["bread", "--firms", "9", "--seed", "3"], "--firms and --seed cannot go with FILE; leave that out."),
        (["bread", "--links", "9"], "--links cannot go with FILE; for links of your own, give --links-file."),
        (
            ["--synthetic", "world-2022", "--links-file", "a.csv"],
            "--links-file cannot go with --synthetic TABLE; leave that out.",
        ),
        (["--synthetic", "world-2022", "--firms", "9"], "9 firms are too few for table 'world-2022'"),
        (["--synthetic", "world-2022", "--seed", "-1"], "seed must be a whole number of at least 0, but is -1"),
    ],
)
@pytest.mark.usefixtures("economy")
def test_wrong_input_is_refused_in_a_sentence_and_leaves_nothing(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert systemic(*arguments, "--out", "out") == 2
    assert message in capsys.readouterr().err
    assert not Path("out").exists()


def test_an_interrupt_keeps_the_finished_firms(
    economy: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tenon.cli.progress.Stages.begin", lambda *_: interrupt)
    assert systemic(str(economy), "--threads", "1", "--out", "out") == 130
    said = capsys.readouterr()
    assert "finished of 3 firms are kept" in said.err
    assert "before the run was stopped" in said.out
    assert read_result("out").status is Status.INTERRUPTED


def test_an_interrupt_before_the_first_firm_leaves_nothing(
    economy: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(network: SupplyNetwork, **_: object) -> Result:
        result = systemic_risk(network)
        return replace(result, values=result.values.isel(failure=slice(0)), status=Status.INTERRUPTED)

    monkeypatch.setattr("tenon.vulnerability.systemic_risk", interrupted)
    assert systemic(str(economy), "--out", "out") == 130
    assert "nothing was written" in capsys.readouterr().err
    assert not Path("out").exists()
