"""Importing does nothing: no file, no change of the process, and no slow package for ``--help``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contracts.repository import module_names

PROBE = Path(__file__).with_name("import_probe.py")
SLOW = ("bokeh", "h5netcdf", "h5py", "highspy", "llvmlite", "numba", "openpyxl", "pandas", "rdata", "scipy", "xarray")
HELP = """
import contextlib, io, json, sys
import click
from tenon.cli import main as module

def pages(command, path):
    yield path
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from pages(command.get_command(context, name), [*path, name])

group = next(value for value in vars(module).values() if isinstance(value, click.Group))
for page in pages(group, []):
    sys.argv = ["tenon", *page, "--help"]
    with contextlib.redirect_stdout(io.StringIO()) as text, contextlib.suppress(SystemExit):
        module.main()
    assert "--help" in text.getvalue(), f"{page} printed {text.getvalue()!r}"
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""


def run_python(arguments: list[str], folder: Path, *, modules: Path | None = None) -> list[str]:
    """Run Python in an empty home and an empty folder, and return the JSON list that it prints."""
    for name in ("home", "here", "temporary"):
        (folder / name).mkdir()
    keep = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT")
    environment = {name: os.environ[name] for name in keep if name in os.environ}
    environment |= {"HOME": str(folder / "home"), "TMPDIR": str(folder / "temporary"), "PYTHONDONTWRITEBYTECODE": "1"}
    if modules is not None:
        environment["PYTHONPATH"] = str(modules)
    command = [sys.executable, *arguments]
    done = subprocess.run(
        command, cwd=folder / "here", env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    listed = json.loads(done.stdout)
    assert isinstance(listed, list)
    return listed


def files_left(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def slow_packages(loaded: list[str]) -> list[str]:
    return [name for name in loaded if name in SLOW]


def test_importing_every_module_writes_no_file_and_changes_no_state(tmp_path: Path) -> None:
    folder = tmp_path / "process"
    folder.mkdir()
    # The platform is made of Django's apps, which exist once Django is set up; its own tests look at what that does.
    names = [name for name in module_names() if not name.startswith("tenon.web.")]
    assert run_python([str(PROBE), *names], folder) == []
    assert files_left(folder) == []


def test_the_help_of_every_command_imports_no_slow_package(tmp_path: Path) -> None:
    folder = tmp_path / "process"
    folder.mkdir()
    assert slow_packages(run_python(["-c", HELP], folder)) == []


@pytest.mark.parametrize(
    ("line", "changed"),
    [
        ("import os; os.environ['COLOR'] = 'never'", "environment"),
        ("import os; os.chdir('/')", "folder"),
        ("import sys; sys.excepthook = print", "hooks"),
        ("import logging; logging.basicConfig()", "logging"),
        ("import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)", "signals"),
        ("import multiprocessing; multiprocessing.set_start_method('spawn')", "start method"),
        ("import sys; sys.path.append('elsewhere')", "sys.path"),
        ("import threading; threading.Thread(target=threading.Event().wait, daemon=True).start()", "threads"),
        ("import warnings; warnings.simplefilter('ignore')", "warnings"),
        ("import numpy; numpy.seterr(all='raise')", "numpy errors"),
        ("import numpy; numpy.random.seed(1)", "numpy random"),
        ("import pandas; pandas.set_option('display.width', 200)", "pandas options"),
        ("import xarray; xarray.set_options(keep_attrs=True)", "xarray options"),
    ],
)
def test_a_module_that_changes_state_is_found(line: str, changed: str, tmp_path: Path) -> None:
    modules, folder = tmp_path / "modules", tmp_path / "process"
    modules.mkdir()
    folder.mkdir()
    (modules / "careless.py").write_text(line, encoding="utf-8")
    assert run_python([str(PROBE), "careless"], folder, modules=modules) == [changed]


def test_a_module_that_writes_a_file_is_found(tmp_path: Path) -> None:
    modules, folder = tmp_path / "modules", tmp_path / "process"
    modules.mkdir()
    folder.mkdir()
    source = "from pathlib import Path; (Path.home() / 'settings').write_text('')"
    (modules / "careless.py").write_text(source, encoding="utf-8")
    assert run_python([str(PROBE), "careless"], folder, modules=modules) == []
    assert files_left(folder) == ["home/settings"]


def test_a_slow_package_in_help_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "process"
    folder.mkdir()
    program = "import json, sys, openpyxl; print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
    assert "openpyxl" in slow_packages(run_python(["-c", program], folder))
