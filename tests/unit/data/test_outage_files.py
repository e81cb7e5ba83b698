"""Outage files: what they hold, and what they refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

from tenon.data import read_outages
from tenon.schema import Outage, ScenarioError, ShockError, SourceError

GOOD = """
[[outages]]
name = "typhoon"
sites = ["Kobe plant"]
passages = ["Malacca"]
days = 20
loss = 0.5

[[outages]]
name = "fire"
sites = ["mine"]
stock_lost = true
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "outages.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_every_outage_is_read_with_all_its_keys(tmp_path: Path) -> None:
    assert read_outages(written(tmp_path, GOOD)) == (
        Outage(name="typhoon", sites=("Kobe plant",), passages=("Malacca",), days=20, loss=0.5),
        Outage(name="fire", sites=("mine",), stock_lost=True),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x", "is not valid TOML"),
        ("outages = 3", "must hold at least one outage"),
        ("outages = [3]", r"outage 1 of outage file .* must be a table with keys, but is 3"),
        ("outage = []", r"unknown entry 'outage'; did you mean 'outages'\?"),
        ('[[outages]]\nname = "a"\nsite = ["b"]', r"outage 1 .* unknown key 'site'; did you mean 'sites'\?"),
        ('[[outages]]\nsites = ["b"]', "has no name; give it one"),
        ('[[outages]]\nname = "a"\nsites = "b"', "sites must be a list of labels, but is 'b'"),
        ('[[outages]]\nname = "a"\nsites = [1]', r"sites must be a list of labels, but is \[1\]"),
        ('[[outages]]\nname = "a"\nsites = ["b"]\nloss = true', "loss must be a number without quotes, such as 0.5"),
        ('[[outages]]\nname = "a"\nsites = ["b"]\nloss = "50%"', "0.5 for one half, but is '50%'"),
        ('[outages]\nname = "a"\nsites = ["b"]', r"line 1, has \[outages\] in single brackets"),
        ('# two\n[outages] # a\nname = "a"\n[outages]\nname = "b"', r"line 2, .* begin each of them with \[\[outages"),
        ('name = "a"\nsites = ["b"]', r"'name' above its first outage; put a line \[\[outages\]\] before it"),
        ('[[outages]]\nname = "a"\nsites = ["b"]\nstock_lost = 1', "stock_lost must be true or false, but is 1"),
        ('[[outages]]\nname = 1\nsites = ["b"]', "name must be a text, but is 1"),
    ],
)
def test_wrong_files_are_refused_with_their_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        read_outages(written(tmp_path, text))


@pytest.mark.parametrize(
    ("name", "begins", "what"),
    [
        ("outages.xlsx", b"PK\x03\x04", "is an Excel workbook"),
        ("outages.toml", b"PK\x03\x04", "is an Excel workbook"),
        ("outages.CSV", b"name,sites", "is a CSV table"),
    ],
)
def test_a_spreadsheet_is_told_what_was_expected(tmp_path: Path, name: str, begins: bytes, what: str) -> None:
    file = tmp_path / name
    file.write_bytes(begins + b"\n\xff")
    with pytest.raises(SourceError, match=rf"{what}, but outages of your own are read from a text file \(TOML\)"):
        read_outages(file)


def test_a_loss_in_per_cent_is_told_its_share(tmp_path: Path) -> None:
    text = '[[outages]]\nname = "a"\nsites = ["b"]\nloss = 50'
    with pytest.raises(ShockError, match=r"but is 50; it is a share: write 50 % as 0\.5\."):
        read_outages(written(tmp_path, text))


def test_figures_out_of_their_range_name_the_outage(tmp_path: Path) -> None:
    text = '[[outages]]\nname = "a"\nsites = ["b"]\nloss = 2'
    with pytest.raises(ShockError, match=r"outage 1 of .*outages.toml: loss of outage 'a' must be above 0"):
        read_outages(written(tmp_path, text))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"does not exist .*; a chain outage \(TOML\) was expected there"):
        read_outages(tmp_path / "outages.toml")
