"""What holds for every answer below ``/api/``, also where no operation was reached."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from tenon.web.interface.problems import MEDIA_TYPE, problem

__all__ = ["PREFIX", "InterfaceMiddleware"]

PREFIX = "/api/"


class InterfaceMiddleware:
    """Nothing is kept in caches, and what Django refuses by itself is a problem as well, not a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a request."""
        response = self.get_response(request)
        if not request.path.startswith(PREFIX):
            return response
        if response.status_code >= 400 and not response.get("Content-Type", "").startswith(MEDIA_TYPE):  # noqa: PLR2004 - refusals begin at 400
            response = _as_problem(response)
        response["Cache-Control"] = "no-store"
        return response


def _as_problem(response: HttpResponseBase) -> HttpResponse:
    sentences = {
        404: _("There is nothing at this address, or nothing that you may see."),
        405: _("This address does not take this method."),
        500: _("Something went wrong here, not with you. Nothing that was confirmed is lost. Please try again."),
    }
    status = response.status_code
    made = problem(status, sentences.get(status, _("This request could not be read.")))
    if response.has_header("Allow"):
        made["Allow"] = response["Allow"]
    return made
