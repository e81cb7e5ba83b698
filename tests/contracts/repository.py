"""What the contract tests look at: the files of this repository and the modules of the package."""

from __future__ import annotations

import importlib
import pkgutil
import shutil
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

import tenon

ROOT = Path(__file__).resolve().parents[2]
CODE_FOLDERS = ("src", "tests", "scripts", "bench")


def code_files() -> list[Path]:
    """List the Python files of the repository."""
    return sorted(path for folder in CODE_FOLDERS for path in (ROOT / folder).rglob("*.py"))


def committed_files() -> list[Path]:
    """List the files that are or would be committed: tracked, or untracked and not ignored."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("this is no git checkout, so what is committed cannot be listed")
    command = [git, "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return sorted(ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file())


def module_names() -> list[str]:
    """List the modules of the package by full name."""
    return ["tenon", *sorted(module.name for module in pkgutil.walk_packages(tenon.__path__, prefix="tenon."))]


def modules() -> list[ModuleType]:
    """Import every module of the package."""
    return [importlib.import_module(name) for name in module_names()]
