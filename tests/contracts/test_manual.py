"""What the manual shows works: its examples run, its commands and names exist, and nothing public is missing."""

from __future__ import annotations

import doctest
import importlib
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from tenon.cli import main
from tenon.data import parse_scenario
from tenon.schema import attribute_table_names
from tenon.studies import stress
from tests.contracts.manual import blocks, commands, local_links, pages
from tests.contracts.repository import ROOT

PAGES = [page.relative_to(ROOT).as_posix() for page in pages()]
WITH_EXAMPLES = [
    name
    for name, page in zip(PAGES, pages(), strict=True)
    if any(block.language in {"python", "pycon"} for block in blocks(page.read_text(encoding="utf-8")))
]
PUBLIC_PACKAGES = (
    "tenon.schema",
    "tenon.data",
    "tenon.ensemble",
    "tenon.planning",
    "tenon.propagation",
    "tenon.vulnerability",
    "tenon.numerics",
    "tenon.studies",
    "tenon.report",
    "tenon.client",
)
GROUP: click.Group = main.commands
DOCUMENTED = re.compile(r"^\.\. (?:auto(?:class|exception|function|data)|py:data):: ([\w.]+)$", re.MULTILINE)


def run_examples(text: str, name: str) -> list[str]:
    """Run the examples of a page in order, in one namespace and in the current folder; return what went wrong."""
    namespace: dict[str, object] = {"__name__": "__main__"}
    failures: list[str] = []
    for block in blocks(text):
        if block.language == "toml" and block.file:
            Path(block.file).write_text(block.text, encoding="utf-8")
        if block.language == "python":
            exec(compile("\n" * (block.line - 1) + block.text, name, "exec"), namespace)  # noqa: S102 - our own manual
        if block.language == "pycon":
            test = doctest.DocTestParser().get_doctest(block.text, namespace, name, name, block.line - 1)
            flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
            doctest.DocTestRunner(optionflags=flags, verbose=False).run(test, out=failures.append, clear_globs=False)
            namespace = test.globs
    return failures


@pytest.mark.parametrize("page", WITH_EXAMPLES)
def test_the_examples_of_the_page_give_what_it_shows(
    page: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    failures = run_examples((ROOT / page).read_text(encoding="utf-8"), page)
    assert not failures, "\n".join(failures)


@pytest.mark.filterwarnings("ignore::tenon.schema.TenonWarning")
@pytest.mark.parametrize("page", PAGES)
def test_every_scenario_that_the_page_shows_runs(page: str) -> None:
    for block in blocks((ROOT / page).read_text(encoding="utf-8")):
        if block.language == "toml" and "horizon_days" in block.text:
            file = parse_scenario(block.text, where=f"{page}, line {block.line}")
            result = stress("world-2022", file, records=("total_production",))
            undisturbed = float(result.values["baseline_production"].sum())
            assert float(abs(result.values["total_production"] - undisturbed).max()) > 1e-6 * undisturbed, file.where


def test_an_example_that_gives_something_else_is_found() -> None:
    failures = run_examples("```python\nx = 1\n```\n\n```pycon\n>>> x\n2\n```\n", "page")
    assert "Expected:\n    2\nGot:\n    1" in failures[0]


def test_every_public_name_is_on_a_page_of_the_reference() -> None:
    documented = [
        name
        for page in (ROOT / "docs" / "reference" / "api").glob("*.md")
        for name in DOCUMENTED.findall(page.read_text(encoding="utf-8"))
    ]
    public = {f"{package}.{name}" for package in PUBLIC_PACKAGES for name in importlib.import_module(package).__all__}
    assert sorted(documented) == sorted(public)


def test_every_attribute_table_is_in_the_reference() -> None:
    text = (ROOT / "docs" / "reference" / "attributes.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"\{attribute-table\} (\w+)", text)) == sorted(attribute_table_names())


@pytest.mark.parametrize("page", [*PAGES, "ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_every_link_to_a_file_leads_somewhere(page: str) -> None:
    folder = (ROOT / page).parent
    targets = local_links((ROOT / page).read_text(encoding="utf-8"))
    assert not [target for target in targets if not (folder / target).exists()]


def test_every_file_that_the_architecture_names_exists() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:[\w-]+/)+[\w.-]+\.\w+)`", text))
    folders = (ROOT, ROOT / "src" / "tenon")
    assert named
    assert not [name for name in named if not any((folder / name).exists() for folder in folders)]


def test_both_readme_files_show_the_same_scenario_and_program() -> None:
    english, chinese = (
        [block.text for block in blocks((ROOT / name).read_text(encoding="utf-8")) if block.language != "console"]
        for name in ("README.md", "README.zh.md")
    )
    assert english == chinese


@pytest.mark.parametrize("page", PAGES)
def test_every_command_that_the_page_shows_exists(page: str) -> None:
    for block in blocks((ROOT / page).read_text(encoding="utf-8")):
        for words in commands(block):
            assert unknown_words(words) == [], words


@pytest.mark.parametrize("page", PAGES)
def test_the_first_command_of_a_page_comes_after_the_one_that_makes_it_known(page: str) -> None:
    shown = [block for block in blocks((ROOT / page).read_text(encoding="utf-8")) if commands(block)]
    assert all("$ . .venv/bin/activate" in block.text.partition("$ tenon")[0] for block in shown[:1])
    assert not any("$ .venv/bin/tenon" in block.text for block in shown)


def unknown_words(words: list[str]) -> list[str]:
    """Return the options of a command line that its command does not know, or the command itself."""
    command: click.Command = GROUP
    rest = list(words)
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        found = command.commands.get(rest[0])
        if found is None:
            return [rest[0]]
        command, rest = found, rest[1:]
    known = {"--help"} | {option for parameter in command.params for option in parameter.opts}
    return [word for word in rest if word.startswith("--") and word.partition("=")[0] not in known]


def test_a_command_that_does_not_exist_is_found() -> None:
    assert unknown_words(["strss", "fire.toml"]) == ["strss"]
    assert unknown_words(["stress", "fire.toml", "--colour"]) == ["--colour"]


def test_every_command_has_a_heading_and_its_help_in_the_reference() -> None:
    text = (ROOT / "docs" / "reference" / "command-line.md").read_text(encoding="utf-8")
    assert re.findall(r"^#+ tenon ?(.*)$", text, re.MULTILINE) == re.findall(
        r"\{command-help\} ?(.*)$", text, re.MULTILINE
    )
    assert sorted(re.findall(r"\{command-help\} ?(.*)$", text, re.MULTILINE)) == sorted(command_paths(GROUP, ""))


def command_paths(command: click.Command, path: str) -> list[str]:
    """List a command and all that is below it."""
    below = command.commands.items() if isinstance(command, click.Group) else ()
    return [path, *(item for name, child in below for item in command_paths(child, f"{path} {name}".strip()))]


@pytest.mark.slow
def test_the_manual_builds_without_a_warning(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", "docs", str(tmp_path / "out")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
