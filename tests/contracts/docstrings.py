"""Compare docstrings in numpydoc form with the signatures that they describe."""

from __future__ import annotations

import ast
import dataclasses
import enum
import inspect
import textwrap
from collections.abc import Callable, Iterator
from types import FunctionType, ModuleType
from typing import Any

from numpydoc.docscrape import NumpyDocString

Documented = type[Any] | FunctionType


def public_objects(module: ModuleType) -> Iterator[tuple[str, Documented]]:
    """Yield the public functions, classes and methods that a module defines, by full name."""
    for name, value in vars(module).items():
        if name.startswith("_") or getattr(value, "__module__", None) != module.__name__:
            continue
        if isinstance(value, FunctionType | type):
            yield f"{module.__name__}.{name}", value
        if isinstance(value, type):
            yield from _public_methods(f"{module.__name__}.{name}", value)


def _public_methods(name: str, owner: type[Any]) -> Iterator[tuple[str, FunctionType]]:
    for attribute, value in vars(owner).items():
        function = value.fget if isinstance(value, property) else getattr(value, "__func__", value)
        if attribute.startswith("_") or not isinstance(function, FunctionType):
            continue
        # What enumerations and named tuples add is not written by us.
        if function.__module__ == owner.__module__:
            yield f"{name}.{attribute}", function


def faults(name: str, described: Documented) -> list[str]:
    """Return one sentence for each way in which a docstring fails to describe its object."""
    text = vars(described).get("__doc__") if isinstance(described, type) else described.__doc__
    if not text or (dataclasses.is_dataclass(described) and text.startswith(f"{described.__name__}(")):
        return [f"{name} has no docstring"]
    sections = NumpyDocString(inspect.cleandoc(text))
    entries = [*sections["Parameters"], *sections["Other Parameters"]]
    documented = [part.strip() for entry in entries for part in entry.name.split(",")]
    found = [f"{name}: parameter {entry.name} has no type" for entry in entries if not entry.type]
    found += [
        f"{name}: parameter {entry.name} is not described" for entry in entries if not "".join(entry.desc).strip()
    ]
    expected = _parameters(described)
    found += [f"{name}: does not describe parameter {item}" for item in expected if item not in documented]
    found += [f"{name}: describes {item}, which is no parameter" for item in documented if item not in expected]
    stated = {entry.type or entry.name for entry in sections["Raises"]}
    missing = sorted(_raised(described) - stated)
    return found + [f"{name}: raises {error}, which its Raises section does not name" for error in missing]


def _parameters(described: Documented) -> list[str]:
    """Return the parameters that a docstring must describe, with the stars of variadic ones."""
    if isinstance(described, type):
        written = dataclasses.is_dataclass(described) or isinstance(vars(described).get("__init__"), FunctionType)
        if not written or issubclass(described, enum.Enum) or getattr(described, "_is_protocol", False):
            return []
    stars: dict[inspect._ParameterKind, str] = {
        inspect.Parameter.VAR_POSITIONAL: "*",
        inspect.Parameter.VAR_KEYWORD: "**",
    }
    listed = inspect.signature(described).parameters.values()
    return [stars.get(item.kind, "") + item.name for item in listed if item.name not in {"self", "cls"}]


def _raised(described: Documented) -> set[str]:
    """Return the errors that the body itself, or for a class its making, raises."""
    making: list[Callable[..., object]] = []
    if isinstance(described, type):
        making = [vars(described)[name] for name in ("__init__", "__post_init__") if name in vars(described)]
        making = [function for function in making if getattr(function, "__module__", None) == described.__module__]
    else:
        making = [described]
    names = set()
    for function in making:
        try:
            tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
        except OSError:
            # Dataclasses write their own __init__, which has no source.
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Raise) and node.exc is not None:
                raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
                names.add(ast.unparse(raised).rpartition(".")[2])
    return {name for name in names if name.endswith("Error") and name != "NotImplementedError"}
