"""Long lists, page after page, by the place of the last row: rows that come meanwhile shift nothing."""

from __future__ import annotations

from typing import Annotated, Any, Self, TypeVar

from django.core import signing
from django.db import models
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query
from pydantic import Field, ValidationInfo, model_validator

from tenon.web.interface.problems import RefusedError
from tenon.web.interface.schemas import In

__all__ = ["Paging", "PagingQuery", "page_of"]

M = TypeVar("M", bound=models.Model)
_SALT = "tenon.interface.cursor"


class Paging(In):
    """Which page of a list is wanted."""

    cursor: str | None = Field(None, max_length=500, description="The next of the page before.")
    limit: int = Field(50, ge=1, le=100)

    @model_validator(mode="after")
    def _knows_all(self, info: ValidationInfo) -> Self:
        """Refuse a name that is not there: ninja drops it, and a filter that is misspelt would filter nothing."""
        request: HttpRequest = (info.context or {})["request"]
        unknown = sorted(set(request.GET) - set(type(self).model_fields))
        if unknown:
            raise ValueError(f"{unknown[0]} is none of {', '.join(sorted(type(self).model_fields))}.")
        return self


PagingQuery = Annotated[Paging, Query()]


def page_of(rows: QuerySet[M], order: tuple[str, ...], wanted: Paging) -> tuple[list[M], str | None]:
    """Read one page of a list.

    Parameters
    ----------
    rows : QuerySet
        What the viewer may see.
    order : tuple of str
        Names of fields, all with a minus or all without; together they tell rows apart.
    wanted : Paging
        Cursor and number of rows.

    Returns
    -------
    list
        The rows.
    str or None
        The cursor of the next page; none at the end.

    Raises
    ------
    RefusedError
        400 where the cursor is none that this platform gave for this list.
    """
    names = [name.lstrip("-") for name in order]
    if wanted.cursor is not None:
        rows = rows.filter(
            _behind(names, _place(wanted.cursor, rows.model, names), descending=order[0].startswith("-"))
        )
    found = list(rows.order_by(*order)[: wanted.limit + 1])
    if len(found) <= wanted.limit:
        return found, None
    last = found[wanted.limit - 1]
    place = [field.value_to_string(last) for field in _fields(rows.model, names)]
    return found[: wanted.limit], signing.dumps([rows.model._meta.label_lower, place], salt=_SALT)  # noqa: SLF001 - as above


def _place(cursor: str, model: type[models.Model], names: list[str]) -> list[Any]:
    try:
        label, place = signing.loads(cursor, salt=_SALT)
    except signing.BadSignature:
        label, place = "", []
    if label != model._meta.label_lower or len(place) != len(names):  # noqa: SLF001 - Django's documented interface
        raise RefusedError(400, _("The cursor must be the next of a page of this list."))
    return [field.to_python(value) for field, value in zip(_fields(model, names), place, strict=True)]


def _fields(model: type[models.Model], names: list[str]) -> list[models.Field[Any, Any]]:
    listed = {field.name: field for field in model._meta.concrete_fields}  # noqa: SLF001 - Django's documented interface
    return [listed[name] for name in names]


def _behind(names: list[str], place: list[Any], *, descending: bool) -> Q:
    """Return the condition that a row comes after a place: by its first field, or by the next where that is equal."""
    after = "lt" if descending else "gt"
    condition = Q(**{f"{names[-1]}__{after}": place[-1]})
    for name, value in zip(reversed(names[:-1]), reversed(place[:-1]), strict=True):
        condition = Q(**{f"{name}__{after}": value}) | Q(**{name: value}) & condition
    return condition
