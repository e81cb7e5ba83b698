"""The import contracts of pyproject.toml, tried on a house of empty rooms: it stands, and each breach is named.

`make check` runs the same contracts on the package itself.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.contracts.repository import ROOT

LAYERED = "lower layers never import upper ones"
SCIENCE = "the science needs no web, plotting or cluster package"


def skeleton(folder: Path) -> Path:
    """Make a package ``tenon`` that has all rooms that the contracts name, and nothing in them."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    names = {
        f"{container}.{name.strip(' ()')}"
        for contract in contracts
        for container in contract.get("containers", [])
        for layer in contract["layers"]
        for name in layer.split("|")
    }
    # Modules that a contract names one by one must be there; a pattern may fit nothing.
    names |= {name for contract in contracts for name in contract.get("source_modules", []) if "*" not in name}
    for name in names:
        inside = folder / name.replace(".", "/")
        inside.mkdir(parents=True, exist_ok=True)
        for part in (inside, *inside.relative_to(folder).parents):
            (folder / part / "__init__.py").touch()
    (folder / "__init__.py").unlink()
    package = folder / "tenon"
    (folder / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text(encoding="utf-8"), encoding="utf-8")
    return package


def lint(folder: Path) -> tuple[int, str]:
    """Return the exit status and the words of the import linter."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_a_house_of_empty_rooms_keeps_the_contracts(tmp_path: Path) -> None:
    skeleton(tmp_path)
    status, words = lint(tmp_path)
    assert status == 0, words


@pytest.mark.parametrize(
    ("room", "line", "contract"),
    [
        ("schema", "import tenon.propagation", LAYERED),
        ("numerics", "import tenon.schema", LAYERED),
        ("propagation", "import tenon.data", LAYERED),
        ("indicators", "import tenon.propagation", LAYERED),
        ("report", "import tenon.studies", LAYERED),
        ("studies", "import tenon.cli", LAYERED),
        ("misc", "", LAYERED),
        ("propagation", "import bokeh", SCIENCE),
        ("schema", "import click", SCIENCE),
        ("studies", "import dask.array", SCIENCE),
        ("web/audit", "import tenon.web.rooms", "the apps of the platform: one direction"),
        ("web/misc", "", "the apps of the platform: one direction"),
        ("web/rooms/rules", "import django", "the rules of an app are plain Python"),
        ("web/runs", "import tenon.propagation", "the web process imports no engine"),
    ],
)
def test_a_breach_is_named(room: str, line: str, contract: str, tmp_path: Path) -> None:
    package = skeleton(tmp_path)
    (package / room).with_suffix(".py").unlink(missing_ok=True)
    (package / room).mkdir(exist_ok=True)
    (package / room / "__init__.py").write_text(line, encoding="utf-8")
    status, words = lint(tmp_path)
    assert status == 1
    broken = [text for text in words.splitlines() if text.endswith("BROKEN")]
    assert len(broken) == 1, words
    assert contract in broken[0]
    assert f"tenon.{room.replace('/', '.')}" in words


def test_every_room_of_the_science_stands_in_its_contract() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    rooms = {f"tenon.{path.parent.name}" for path in (ROOT / "src" / "tenon").glob("*/__init__.py")}
    # Data may draw and ensembles may use a cluster; the rooms above them are for people.
    others = {f"tenon.{name}" for name in ("cli", "data", "ensemble", "report", "web")}
    assert set(contracts[1]["source_modules"]) == rooms - others
