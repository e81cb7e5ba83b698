"""What a package offers is what its ``__all__`` says: every public name once, and nothing else.

Ruff's RUF022 keeps the lists sorted.
"""

from __future__ import annotations

from types import ModuleType

import pytest

from tests.contracts.repository import modules

PACKAGES = [module for module in modules() if hasattr(module, "__path__")]


def disagreements(package: ModuleType) -> list[str]:
    """Return one sentence for each name that ``__all__`` and the namespace do not share."""
    if not hasattr(package, "__all__"):
        return [f"{package.__name__} has no __all__"]
    offered = [name for name in package.__all__ if not name.startswith("_")]
    present = {
        name
        for name, value in vars(package).items()
        if not name.startswith("_") and not isinstance(value, ModuleType) and name != "annotations"
    }
    found = [f"{package.__name__}.{name} is public but not in __all__" for name in sorted(present - set(offered))]
    found += [f"{package.__name__}.__all__ names {name}, which is not there" for name in sorted(set(offered) - present)]
    found += [f"{package.__name__}.__all__ names {name} twice" for name in set(offered) if offered.count(name) > 1]
    return found


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)
def test_all_equals_the_public_names(package: ModuleType) -> None:
    found = disagreements(package)
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"a": 1}, "sample has no __all__"),
        ({"__all__": ["a"], "a": 1, "b": 2}, "sample.b is public but not in __all__"),
        ({"__all__": ["a"]}, "sample.__all__ names a, which is not there"),
        ({"__all__": ["a", "a"], "a": 1}, "sample.__all__ names a twice"),
    ],
)
def test_a_wrong_all_is_named(content: dict[str, object], message: str) -> None:
    package = ModuleType("sample")
    vars(package).update(content)
    assert disagreements(package) == [message]


def test_submodules_and_private_names_need_no_mention() -> None:
    package = ModuleType("sample")
    vars(package).update({"__all__": ["a"], "a": 1, "_b": 2, "inner": ModuleType("sample.inner")})
    assert disagreements(package) == []
