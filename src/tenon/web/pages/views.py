"""What people see when something is not there, not theirs, or failed."""

from __future__ import annotations

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
    """Answer for an error of the program."""
    text = _("Something went wrong here, not with you. Nothing that was confirmed is lost. Please try again.")
    try:
        return _page(request, 500, _("An error"), text)
    except Exception:  # noqa: BLE001 - whatever made the page fail may make this one fail too
        return HttpResponse(text, status=500, content_type="text/plain; charset=utf-8")


def _page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    return render(request, "pages/message.html", {"title": title, "text": text}, status=status)
