"""What all objects that go in and out have in common."""

from __future__ import annotations

import uuid
from typing import Annotated

from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

__all__ = ["In", "Line", "Out", "Page", "PersonOut", "Text"]


class In(Schema):
    """What a program sends: a name that is not there is refused, never dropped in silence."""

    model_config = ConfigDict(extra="forbid")


class Out(Schema):
    """What a program gets: the names that are listed, and nothing else of the row behind them."""

    model_config = ConfigDict(extra="forbid")


class PersonOut(Out):
    """A person, where the viewer may know who it is."""

    id: uuid.UUID
    name: str


class Page(Out):
    """Some of many, in their order, as ``items`` of whoever derives from it, and where the next ones begin."""

    next: str | None = Field(description="Send it as cursor to get the next ones; null at the end.")


def _printable(text: str) -> str:
    if "\0" in text:
        raise ValueError("a text holds no character NUL.")
    return text


# Texts of one line and of several; PostgreSQL stores no NUL.
Line = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_printable)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=8000), AfterValidator(_printable)]
