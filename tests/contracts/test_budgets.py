"""Small by budget: the limits of CONTRIBUTING.md hold in every file, or the exception carries its reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contracts.budgets import breaches
from tests.contracts.repository import ROOT, code_files

SAMPLE = Path("sample.py")


def lines(count: int, indent: str = "") -> str:
    return f"{indent}x = 1\n" * count


@pytest.mark.parametrize("path", code_files(), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_the_file_keeps_its_budgets(path: Path) -> None:
    found = breaches(path.relative_to(ROOT), path.read_text(encoding="utf-8"))
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (lines(501), "501 code lines; a module has at most 500"),
        ("def f():\n" + lines(50, "    "), "f has 51 code lines; at most 50"),
        ("async def f():\n" + lines(50, "    "), "f has 51 code lines; at most 50"),
        ("def f(a, b, c, /, d, *, e, g, h): ...", "f has 7 parameters; at most 6"),
        ("@cache\ndef f(a, b, c, d, e, g, h): ...", "f has 7 parameters; at most 6"),
        (
            "class C:\n" + "".join(f"    def m{i}(self): ...\n" for i in range(11)),
            "C has 11 public methods; at most 10",
        ),
        ("class C:\n" + "".join(f"    a{i}: int\n" for i in range(13)), "C has 13 attributes; at most 12"),
        (
            "class C:\n    def __init__(self):\n" + "".join(f"        self.a{i} = {i}\n" for i in range(13)),
            "C has 13 attributes; at most 12",
        ),
        ("def f(a, quick: bool = False): ...", "f takes the switch 'quick' by position; make it keyword-only"),
        ("def f(a, b, c, d, e, g, h): ...  # budget:", "f has 7 parameters; at most 6"),
    ],
)
def test_a_file_over_budget_is_named_with_its_count(source: str, message: str) -> None:
    (found,) = breaches(SAMPLE, source)
    assert message in found


@pytest.mark.parametrize(
    "source",
    [
        "# budget: one table that reads better whole\n" + lines(501),
        "def f(a, b, c, d, e, g, h): ...  # budget: the seven figures of the published table",
        "@kernel\ndef f(a, b, c, d, e, g, h): ...",
        "@jit.kernel(parallel=True)\ndef f(a, b, c, d, e, g, h): ...",
        "@kernel\ndef f(a, quick: bool): ...",
        "def f(a, *, quick: bool = False): ...",
        "def f(self, a, b, c, d, e, g): ...",
        'def f():\n    """First.\n\n' + "    text\n" * 60 + '    """\n    # why\n\n    return 1\n',
        "class Color(StrEnum):\n" + "".join(f"    A{i} = '{i}'\n" for i in range(13)),
    ],
)
def test_reasons_kernels_docstrings_and_enumerations_are_exempt(source: str) -> None:
    assert breaches(SAMPLE, source) == []


@pytest.mark.parametrize("name", ["utils", "_utils", "core", "misc", "manager", "common", "helpers"])
def test_a_module_named_after_nothing_is_refused(name: str) -> None:
    (found,) = breaches(Path(f"{name}.py"), "")
    assert "named after what it holds" in found
