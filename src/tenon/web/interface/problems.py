"""Refusals in one form, ``application/problem+json`` of RFC 9457, and the table of what each operation may answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, RequestDataTooBig, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja import errors as ninja
from pydantic import BaseModel, Field
from pydantic_core import to_json

from tenon.web.interface.rules import STALE
from tenon.web.interface.schemas import Out

__all__ = ["MEDIA_TYPE", "Fault", "Problem", "RefusedError", "answer", "answer_with_problems", "answers", "problem"]

MEDIA_TYPE = "application/problem+json"
_ALWAYS = (401, 403, 429)


class Fault(Out):
    """What is wrong with one part of a request."""

    pointer: str
    detail: str


class Problem(Out):
    """Why a request was refused."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[Fault] = Field(default_factory=list)


class RefusedError(Exception):
    """A request is refused with a status and a sentence.

    Parameters
    ----------
    status : int
        Of HTTP.
    detail : str
        What was required and what came.
    """

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


def answers(out: type[Any] | None, status: int = 200, *refusals: int) -> dict[int, type[Any] | None]:
    """List what an operation may answer, for its description and its tests.

    Parameters
    ----------
    out : type, optional
        What it gives.
    status : int
        The status of that.
    *refusals : int
        What it refuses with, besides 401, 403 and 429.

    Returns
    -------
    dict from int to type
        By status.

    Examples
    --------
    >>> sorted(answers(Fault, 201, 422))
    [201, 401, 403, 422, 429]
    """
    return {status: out, **dict.fromkeys(sorted({*_ALWAYS, *refusals}), Problem)}


def problem(status: int, detail: str, errors: Sequence[Fault] = ()) -> HttpResponse:
    """Answer with a refusal.

    Parameters
    ----------
    status : int
        Of HTTP.
    detail : str
        A sentence for people.
    errors : sequence of Fault
        What is wrong with which part.

    Returns
    -------
    HttpResponse
        Of the media type of RFC 9457.
    """
    body = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail, errors=list(errors))
    response = HttpResponse(body.model_dump_json(), status=status, content_type=MEDIA_TYPE)
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="tenon"'
    return response


def answer_with_problems(api: NinjaAPI) -> None:
    """Let an interface turn every refusal of the services below it into one form.

    Parameters
    ----------
    api : NinjaAPI
        The interface.
    """
    for kind, handler in _HANDLERS.items():
        api.add_exception_handler(kind, handler)


def _refused(_request: HttpRequest, error: RefusedError) -> HttpResponse:
    return problem(error.status, error.detail)


def _forbidden(_request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    return problem(403, str(error) or _("Your role does not allow this."))


def _missing(_request: HttpRequest, _error: Http404) -> HttpResponse:
    return problem(404, _("There is nothing at this address, or nothing that you may see."))


def _unread(_request: HttpRequest, error: ninja.HttpError) -> HttpResponse:
    """Say what was wrong with a body: ninja wraps whatever its parser raised."""
    cause = error.__cause__
    if isinstance(cause, RefusedError):
        return problem(cause.status, cause.detail)
    return problem(error.status_code, _("This request could not be read."))


def _too_large(_request: HttpRequest, _error: RequestDataTooBig) -> HttpResponse:
    return problem(413, _("The body of this request is too large. Nothing was changed."))


def _unknown(_request: HttpRequest, _error: ninja.AuthenticationError) -> HttpResponse:
    return problem(401, _("A valid access token is required: Authorization: Bearer TOKEN."))


def _too_often(_request: HttpRequest, _error: ninja.Throttled) -> HttpResponse:
    response = problem(429, _("Too many requests with this token. Wait a minute and go on."))
    response["Retry-After"] = "60"
    return response


def _unfit(_request: HttpRequest, error: ninja.ValidationError) -> HttpResponse:
    faults = [Fault(pointer=_pointer(item["loc"]), detail=item["msg"]) for item in error.errors]
    return problem(422, _("Some parts of this request are not as required."), faults[:100])


def _invalid(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Tell a stale version (412) from a field that cannot be (422) and from a state that does not allow it (409)."""
    if getattr(error, "code", None) == STALE:
        return problem(412, " ".join(error.messages))
    fields = error.message_dict if hasattr(error, "error_dict") else {}
    named = {name: messages for name, messages in fields.items() if name != NON_FIELD_ERRORS}
    if not named:
        return problem(409, " ".join(error.messages))
    faults = [Fault(pointer=f"/body/{name}", detail=" ".join(messages)) for name, messages in named.items()]
    return problem(422, _("Some parts of this request are not as required."), faults)


def _pointer(location: Iterable[object]) -> str:
    """Write where something stands as a JSON pointer; the second part is only the name of our argument."""
    parts = [str(part) for part in location]
    shown = [parts[0], *parts[2:]] if parts[:1] == ["body"] else parts
    return "".join(f"/{part.replace('~', '~0').replace('/', '~1')}" for part in shown)


_HANDLERS: Mapping[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
    RefusedError: _refused,
    PermissionDenied: _forbidden,
    Http404: _missing,
    ValidationError: _invalid,
    RequestDataTooBig: _too_large,
    ninja.HttpError: _unread,
    ninja.AuthenticationError: _unknown,
    ninja.Throttled: _too_often,
    ninja.ValidationError: _unfit,
}


def answer(out: BaseModel | Sequence[BaseModel] | None, status: int = 200, **headers: str) -> HttpResponse:
    """Answer with an object or a list of them.

    Parameters
    ----------
    out : BaseModel or sequence of BaseModel, optional
        What is given.
    status : int
        Of HTTP.
    **headers : str
        Headers, with underscores for hyphens.

    Returns
    -------
    HttpResponse
        JSON; empty without an object.
    """
    body = b"" if out is None else to_json(out)
    response = HttpResponse(body, status=status, content_type="application/json")
    for name, value in headers.items():
        response[name.replace("_", "-")] = value
    return response
