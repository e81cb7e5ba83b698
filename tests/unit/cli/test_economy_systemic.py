from __future__ import annotations

from pathlib import Path

import pytest

from tenon.cli.main import run
from tests.unit.data.test_firms import written


@pytest.fixture
def economy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "bread"
    folder.mkdir()
    return written(folder)


def test_firms_are_ranked_and_written(economy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["economy", "systemic", str(economy)]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("The failure of farm (grain) would take 100.0 % of all sales between firms along")
    assert "Note: Stopped early" in said.err
    lines = Path("systemic-risk.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 4
    assert run(["economy", "systemic", str(economy)]) == 2
    assert "exists already" in capsys.readouterr().err
    assert run(["economy", "systemic", str(economy), "--force", "--threads", "1"]) == 0


def test_the_converged_index_counts_final_demand(economy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["economy", "systemic", str(economy / "firms.csv"), "--links", str(economy / "links.csv")]
    assert run([*command, "--converged", "--essentiality", "linear", "--out", "limit.csv"]) == 0
    said = capsys.readouterr()
    assert "of all output along" in said.out
    assert "eps = 1e-10" in said.out
    assert "Note: Converged" in said.err


def test_without_revenue_the_converged_index_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = written(tmp_path, "firm,sector\nfarm,grain\nmill,flour\nbakery,bread\n")
    assert run(["economy", "systemic", str(folder), "--converged", "--out", str(tmp_path / "risk.csv")]) == 2
    assert "no firm of network" in capsys.readouterr().err
    assert not (tmp_path / "risk.csv").exists()


def test_a_matrix_of_essentiality_is_read(economy: Path) -> None:
    (economy / "needs.csv").write_text(",bread,flour,grain\nbread,0,0,0\nflour,0,0,0\ngrain,0,0,0\n", encoding="utf-8")
    command = ["economy", "systemic", str(economy), "--essentiality", str(economy / "needs.csv"), "--no-replacement"]
    assert run([*command, "--eps", "0.05"]) == 0
    lines = Path("systemic-risk.csv").read_text(encoding="utf-8").splitlines()
    # Nobody needs inputs, so that only the failing firm itself is lost downstream.
    farm = next(line.split(",") for line in lines if ",farm," in line)
    assert float(farm[5]) == pytest.approx(5 / 15)


def test_an_interrupt_keeps_the_finished_firms(
    economy: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tenon.cli.progress.Stages.begin", lambda *_: interrupt)
    assert run(["economy", "systemic", str(economy), "--threads", "1"]) == 130
    assert "finished of 3 firms are kept" in capsys.readouterr().err
    assert Path("systemic-risk.csv").exists()
