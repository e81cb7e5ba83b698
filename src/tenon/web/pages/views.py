"""What people see when something is not there, not theirs, or failed."""

from __future__ import annotations

import sys

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - as Django calls it
    """Answer for what is not there, or not for this viewer: the same words for both."""
    text = _("There is nothing at this address, or nothing that you may see.")
    return _page(request, 404, _("Not found"), text)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer for what the viewer sees but may not do; the reason is the exception's sentence."""
    text = str(exception or "") or _("Your role does not allow this.")
    return _page(request, 403, _("Not allowed"), text)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - as Django calls it
    """Answer for a request that makes no sense."""
    return _page(request, 400, _("Not understood"), _("This request could not be read. Go back and try again."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - as Django calls it
    """Answer for a form that was not sent from a page of ours, or from one that was open for too long."""
    text = _(
        "This form was open for too long, or cookies are off. Nothing was changed. Load the page again and repeat."
    )
    return _page(request, 403, _("Not accepted"), text)


def failed(request: HttpRequest) -> HttpResponse:
    """Answer for an error of the program, or of the database below it."""
    if _database_refuses(sys.exception()):
        text = _(
            "The platform cannot store anything now: its disk is full, read-only or out of reach. What you sent was "
            "not stored; nothing that was confirmed is lost. Please tell the operator and try again later."
        )
        return _last_page(request, 503, _("Out of order"), text)
    text = _("Something went wrong here, not with you. Nothing that was confirmed is lost. Please try again.")
    return _last_page(request, 500, _("An error"), text)


def _database_refuses(error: BaseException | None) -> bool:
    """Tell whether the database cannot work, from a mistake in what it was asked."""
    # PostgreSQL calls a write into what is read-only an internal error; its code says what it is.
    code = getattr(error and error.__cause__, "sqlstate", "")
    return isinstance(error, OperationalError) or code == "25006"


def _last_page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    try:
        return _page(request, status, title, text)
    except Exception:  # noqa: BLE001 - whatever made the page fail may make this one fail too
        return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")


def _page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    return render(request, "pages/message.html", {"title": title, "text": text}, status=status)
