"""On PostgreSQL, services and selectors that tests call see what their viewer sees, as they do in a request.

A test is a program of the platform and sees everything; a service that reads beyond its viewer without saying so would
pass its tests and fail in a page. Other modules hold the functions by name, so what is put in is a new body, not a new
function.
"""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from types import FunctionType
from typing import Any

import tenon.web
from tenon.web.organizations.row_policies import looking_as

ROLES = ("services", "selectors", "sharing")
_BODY = """
def {name}(*arguments, **named):
    with __looking_as(arguments[0] if arguments else named["viewer"]):
        return __seen_{name}(*arguments, **named)
"""


def narrow() -> list[str]:
    """Let each public function whose first parameter is a viewer look as that one.

    Returns
    -------
    list of str
        Their names.
    """
    found = list(_of_viewers())
    for function in found:
        _narrow(function)
    return [f"{function.__module__}.{function.__name__}" for function in found]


def _of_viewers() -> Iterator[FunctionType]:
    for info in pkgutil.walk_packages(tenon.web.__path__, "tenon.web."):
        if ".migrations" not in info.name and info.name.rpartition(".")[2].rpartition("_")[2] in ROLES:
            for function in vars(import_module(info.name)).values():
                # A generator, or one that is wrapped already, has a body of another kind.
                is_plain = inspect.isfunction(function) and not inspect.isgeneratorfunction(function)
                if is_plain and function.__module__ == info.name and not function.__name__.startswith("_"):
                    first = next(iter(inspect.signature(function).parameters), None)
                    if first == "viewer" and not function.__closure__:
                        yield function


def _narrow(function: FunctionType) -> None:
    name, place = function.__name__, function.__globals__
    old = FunctionType(function.__code__, place, name, function.__defaults__)
    old.__kwdefaults__ = function.__kwdefaults__
    place["__looking_as"], place[f"__seen_{name}"] = looking_as, old
    made: dict[str, Any] = {}
    exec(_BODY.format(name=name), place, made)  # noqa: S102 - our own text, with names of our own
    function.__code__ = made[name].__code__
    function.__defaults__ = function.__kwdefaults__ = None
