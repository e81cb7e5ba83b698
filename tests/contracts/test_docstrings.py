"""Every public function and class says what it is, and its parameters and errors are those of the code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import FunctionType, ModuleType
from typing import Any

import pytest

from tests.contracts.docstrings import Documented, faults, public_objects
from tests.contracts.repository import modules

# What these hold is called by Django (and ninja) with what they say, or shown by it; its parameters are not ours.
BY_DJANGO = (
    *("api", "apps", "forms", "management", "middleware"),
    *("migrations", "models", "templatetags", "urls", "views"),
)


def by_django(name: str) -> bool:
    """Say whether Django calls what a module of the platform holds."""
    parts = name.removeprefix("tenon.web.").split(".")
    return name.startswith("tenon.web.") and any(part.rpartition("_")[2] in BY_DJANGO for part in parts)


PUBLIC_MODULES = [
    module
    for module in modules()
    if not any(part.startswith("_") for part in module.__name__.split(".")) and not by_django(module.__name__)
]
DJANGO_MODULES = [
    module for module in modules() if by_django(module.__name__) and ".migrations." not in module.__name__
]


@pytest.mark.parametrize("module", PUBLIC_MODULES, ids=lambda module: module.__name__)
def test_every_docstring_matches_its_signature(module: ModuleType) -> None:
    found = [fault for name, described in public_objects(module) for fault in faults(name, described)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("module", DJANGO_MODULES, ids=lambda module: module.__name__)
def test_what_django_calls_says_what_it_is(module: ModuleType) -> None:
    described = [
        (name, value)
        for name, value in vars(module).items()
        if not name.startswith("_")
        and isinstance(value, FunctionType | type)
        and getattr(value, "__module__", None) == module.__name__
        and "[" not in name  # a generic type with its argument, which pydantic made
    ]
    assert [name for name, value in described if not vars(value).get("__doc__", value.__doc__)] == []


def complete(share: float, *days: int, names: tuple[str, ...]) -> float:
    """Return the share.

    Parameters
    ----------
    share : float, dimensionless
        From 0 to 1.
    *days, names : int, tuple of str
        Ignored.

    Raises
    ------
    ValueError
        If the share is above 1.
    """
    if share > 1:
        raise ValueError(share)
    return share * len(days) * len(names)


def without_docstring(share: float) -> float:
    return share


def without_parameters(share: float) -> float:
    """Return the share."""
    return share


def with_old_name(share: float) -> float:
    """Return the share.

    Parameters
    ----------
    loss : float
        Renamed since.
    """
    return share


def without_type(share: float) -> float:
    """Return the share.

    Parameters
    ----------
    share
        From 0 to 1.
    """
    return share


def without_description(share: float) -> float:
    """Return the share.

    Parameters
    ----------
    share : float
    """
    return share


def without_error() -> None:
    """Fail."""
    raise ValueError


def without_called_error() -> None:
    """Fail."""
    message = "always"
    raise ValueError(message)


@dataclass
class Undescribed:
    share: float


@dataclass
class Incomplete:
    """A share.

    Parameters
    ----------
    share : float
        From 0 to 1.
    """

    share: float
    day: int

    def __post_init__(self) -> None:
        if self.share > 1:
            raise ValueError(self.share)

    def half(self) -> float:
        return self.share / 2


def test_a_complete_docstring_has_no_fault() -> None:
    assert faults("complete", as_documented(complete)) == []


@pytest.mark.parametrize(
    ("described", "found"),
    [
        (without_docstring, ["x has no docstring"]),
        (without_parameters, ["x: does not describe parameter share"]),
        (with_old_name, ["x: does not describe parameter share", "x: describes loss, which is no parameter"]),
        (without_type, ["x: parameter share has no type"]),
        (without_description, ["x: parameter share is not described"]),
        (without_called_error, ["x: raises ValueError, which its Raises section does not name"]),
        (without_error, ["x: raises ValueError, which its Raises section does not name"]),
        (Undescribed, ["x has no docstring"]),
        (
            Incomplete,
            [
                "x: does not describe parameter day",
                "x: raises ValueError, which its Raises section does not name",
            ],
        ),
    ],
)
def test_a_docstring_that_does_not_match_is_named(described: Callable[..., Any], found: list[str]) -> None:
    assert faults("x", as_documented(described)) == found


def test_methods_are_public_objects_and_private_names_are_not() -> None:
    module = ModuleType(Incomplete.__module__)
    vars(module).update({"Incomplete": Incomplete, "_hidden": Incomplete, "pytest": pytest})
    names = [name.rpartition("test_docstrings.")[2] for name, _ in public_objects(module)]
    assert names == ["Incomplete", "Incomplete.half"]


def as_documented(described: Callable[..., Any]) -> Documented:
    assert isinstance(described, FunctionType | type)
    return described
