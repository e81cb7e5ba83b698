"""Making objects of what a platform says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

__all__ = ["known_fields"]


def known_fields(kind: type[Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """Take of an answer what a class has fields for; a newer platform may say more.

    Parameters
    ----------
    kind : type
        A dataclass with the field ``everything``.
    said : mapping
        The JSON of one object.

    Returns
    -------
    dict
        Values by field, lists as tuples, and all of it as ``everything``.
    """
    known = {field.name: said[field.name] for field in fields(kind) if field.name != "everything"}
    return {name: tuple(value) if isinstance(value, list) else value for name, value in known.items()} | {
        "everything": said
    }
