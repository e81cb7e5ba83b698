"""What is refused, and with which sentence: the cases behind ``docs/reference/bad-input.md``.

``python -m tests.unit.cli.bad_input`` runs them all and writes the table of that page anew.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tenon.cli.main import run
from tenon.data import write_csv_folder, write_table
from tests.unit.studies.examples import TABLE

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "bad-input.md"
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"
TEST = "tests/unit/cli/test_bad_input.py"

SCENARIO = """\
name = "fire"
horizon_days = 20

[[shocks]]
kind = "capacity"
regions = ["JPN"]
sectors = ["electronics"]
loss = 0.4
duration_days = 5
"""

RUN = "stress fire.toml --table table.npz --out out"

FILES = Callable[[Path], None]


@dataclass(frozen=True)
class Case:
    """One wrong input.

    Parameters
    ----------
    name : str
        Part of the name of its test.
    what : str
        The input, in words.
    prepare : callable
        Makes the wrong file in a folder with a right table (``table``, ``table.npz``) and scenario (``fire.toml``).
    arguments : str
        The command, without ``tenon``.
    """

    name: str
    what: str
    prepare: FILES
    arguments: str = RUN


def nothing(_: Path) -> None:
    """Make no wrong file: the command itself is wrong."""


def changed(old: str, new: str, file: str = "fire.toml") -> FILES:
    """Make a case that changes one text in a file."""

    def change(folder: Path) -> None:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def cut(file: str, share: float) -> FILES:
    """Make a case that keeps only the first part of a file."""

    def truncate(folder: Path) -> None:
        content = (folder / file).read_bytes()
        (folder / file).write_bytes(content[: int(len(content) * share)])

    return truncate


def shuffled(folder: Path) -> None:
    """Exchange the labels of two rows of the output file, as sorting a spreadsheet does."""
    path = folder / "table" / "x.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([lines[0], lines[2], lines[1], *lines[3:]]) + "\n", encoding="utf-8")


def unbalanced(folder: Path) -> None:
    """Multiply the output of one industry by ten."""
    path = folder / "table" / "x.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    label, figure = lines[1].split(",")
    lines[1] = f"{label},{float(figure) * 10}"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def gap(folder: Path) -> None:
    """Write a word where a figure should stand."""
    path = folder / "table" / "Z.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    cells = lines[2].split(",")
    lines[2] = ",".join([*cells[:3], "n/a", *cells[4:]])
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def twice(folder: Path) -> None:
    """Let a second shock overlap the first."""
    path = folder / "fire.toml"
    second = SCENARIO[SCENARIO.index("[[shocks]]") :].replace("0.4", "0.7")
    path.write_text(f"{SCENARIO}\n{second}", encoding="utf-8")


def taken(folder: Path) -> None:
    """Put something into the folder for results."""
    (folder / "out").mkdir()
    (folder / "out" / "thesis.txt").touch()


def stored(folder: Path) -> None:
    """Put a record into the folder for finished days."""
    (folder / "days").mkdir()
    (folder / "days" / "production.npy").touch()


CSV = "stress fire.toml --table table --out out"

CASES = (
    Case("missing_scenario", "a scenario file that does not exist", nothing, "stress fir.toml --out out"),
    Case("unknown_scenario", "a name that is not in the library", nothing, "stress tohoku --out out"),
    Case("broken_toml", "a scenario that is not TOML", changed('["JPN"]', '["JPN"')),
    Case("misspelled_key", "a misspelled key", changed("duration_days", "lenght_days")),
    Case("misspelled_kind", "a kind of shock that does not exist", changed('"capacity"', '"capacitiy"')),
    Case("misspelled_region", "a misspelled region", changed('"JPN"', '"JAP"')),
    Case("misspelled_sector", "a misspelled sector", changed('"electronics"', '"electronic"')),
    Case("misplaced_key", "a key of the top below a table", changed("loss = 0.4", 'loss = 0.4\ntitle = "Fire"')),
    Case("text_for_list", "a text where a list must be", changed('["JPN"]', '"JPN"')),
    Case("percent", "a share written as a text", changed("0.4", '"40 %"')),
    Case("loss_above_one", "a loss above one", changed("0.4", "1.4")),
    Case("overlapping_shocks", "overlapping shocks that together exceed one", twice),
    Case("nobody_named", "a shock that names nobody", changed('regions = ["JPN"]\nsectors = ["electronics"]\n', "")),
    Case("horizon_zero", "a horizon of zero", changed("horizon_days = 20", "horizon_days = 0")),
    Case("late_shock", "a shock after the horizon", changed("duration_days", "start_day = 30\nduration_days")),
    Case("unknown_parameter", "an unknown parameter", changed("\n[[", "\n[parameters]\nphi = 0.9\n\n[[")),
    Case("parameter_range", "a parameter out of its range", changed("\n[[", "\n[parameters]\npsi = 1.9\n\n[[")),
    Case("unknown_network", "an unknown network setting", changed("\n[[", "\n[network]\ninventory = 9\n\n[[")),
    Case(
        "unknown_product",
        "inventories of a product that does not exist",
        changed("\n[[", "\n[network]\ninventory_days = { electronic = 9 }\n\n[["),
    ),
    Case("missing_table", "a table that does not exist", nothing, "stress fire.toml --table wrld-2022 --out out"),
    Case("truncated_table", "a truncated table file", cut("table.npz", 0.6)),
    Case("truncated_csv", "a CSV that breaks off", cut("table/Z.csv", 0.5), CSV),
    Case("shuffled_labels", "a CSV with shuffled labels", shuffled, CSV),
    Case("unbalanced_table", "an unbalanced table", unbalanced, CSV),
    Case("no_number", "a cell that is no number", gap, CSV),
    Case("unknown_layout", "a file that is no table", nothing, "data import fire.toml"),
    Case("missing_sources", "sources of a table that are not there", nothing, "data build world-2022 table"),
    Case("missing_outlines", "outlines that do not exist", nothing, "stress fire.toml --boundaries map.geojson"),
    Case("taken_folder", "a folder that holds something", taken),
    Case("file_for_folder", "a file where a folder must be", nothing, "stress fire.toml --out fire.toml"),
    Case("taken_store", "a store that holds another run", stored, f"{RUN} --store days"),
    Case("store_in_folder", "a store inside the folder for results", nothing, f"{RUN} --store out/days"),
    Case("nothing_stored", "a store without a run to resume", nothing, f"{RUN} --store days --resume"),
    Case("no_store", "a run to resume without a store", nothing, f"{RUN} --resume"),
    Case("missing_chain", "a chain's workbook that does not exist", nothing, "chain check chain.xlsx"),
    Case("no_chain", "a file that is no workbook of a chain", nothing, "chain check fire.toml"),
    Case("template_over_folder", "a template over a folder that exists", nothing, "chain template table"),
    Case(
        "template_without_folder", "a template in a folder that does not exist", nothing, "chain template mien/x.xlsx"
    ),
    Case("no_economy", "no economy at all", nothing, "economy systemic --out out"),
    Case("two_economies", "two economies at once", nothing, "economy systemic table --synthetic table.npz"),
    Case("idle_option", "an option that has no effect", nothing, "economy systemic table --seed 2 --out out"),
    Case("missing_firms", "a list of firms that does not exist", nothing, "economy systemic firms.csv --out out"),
    Case("few_firms", "too few synthetic firms", nothing, "economy systemic --synthetic table.npz --firms 4 --out out"),
    Case("taken_economy", "a folder that is taken by another study", nothing, "economy systemic table --out table"),
    Case("copy_over_file", "a copy over a file that exists", nothing, "scenarios tohoku-2011 --copy fire.toml"),
)


def fill(folder: Path) -> None:
    """Make the right table and scenario."""
    write_csv_folder(TABLE, folder / "table")
    write_table(TABLE, folder / "table.npz")
    (folder / "fire.toml").write_text(SCENARIO, encoding="utf-8")


def refusal(case: Case, folder: Path) -> tuple[int, str, set[str]]:
    """Run a case in a folder; return the exit status, what was said, and the files that appeared or went."""
    fill(folder)
    case.prepare(folder)
    before = listing(folder)
    said = io.StringIO()
    with working_in(folder), contextlib.redirect_stderr(said), contextlib.redirect_stdout(io.StringIO()):
        status = run(case.arguments.split())
    return status, said.getvalue().replace(f"{folder}{os.sep}", ""), before ^ listing(folder)


def listing(folder: Path) -> set[str]:
    """List the files below a folder."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


@contextlib.contextmanager
def working_in(folder: Path) -> Iterator[None]:
    """Work in a folder for a while."""
    with contextlib.chdir(folder):
        yield


def row(case: Case, message: str) -> str:
    """Return a row of the page."""
    shown = re.sub(r"\s+", " ", message).strip().removeprefix("tenon: ").replace("|", "\\|")
    return f"| {case.what} | `tenon {case.arguments}` | {shown} | `{TEST}::test_bad_input[{case.name}]` |"


def page(rows: list[str]) -> str:
    """Return the whole page with these rows."""
    text = PAGE.read_text(encoding="utf-8")
    head = "| input | command | message | test |\n|---|---|---|---|"
    before, rest = text.split(BEGIN)
    return "\n".join([f"{before}{BEGIN}", "", head, *rows, "", f"{END}{rest.split(END)[1]}"])


def main() -> None:
    """Write the page anew."""
    rows = []
    for case in CASES:
        with tempfile.TemporaryDirectory() as name:
            rows.append(row(case, refusal(case, Path(name))[1]))
    PAGE.write_text(page(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
