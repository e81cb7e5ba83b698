"""Who looks: every request carries a viewer, and everything that reads starts from it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator
from typing import cast

from django.http import FileResponse, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.functional import SimpleLazyObject

from tenon.web.accounts.actors import actor_of
from tenon.web.organizations.models import Membership
from tenon.web.organizations.policies import NOBODY, Viewer
from tenon.web.organizations.row_policies import looking_as
from tenon.web.organizations.selectors import memberships_of, viewer_for

__all__ = ["ORGANIZATION", "ViewerMiddleware", "ViewerRequest", "actor_of"]

# Where the session keeps the organization that its person acts for.
ORGANIZATION = "organization"


class ViewerRequest(HttpRequest):
    """A request with its viewer."""

    viewer: Viewer
    acting_choices: list[Membership]


class ViewerMiddleware:
    """Gives each request its viewer; its queries see what that one sees."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a request that knows its viewer."""
        asking = cast("ViewerRequest", request)
        asking.acting_choices = cast("list[Membership]", SimpleLazyObject(lambda: _choices(request)))
        asking.viewer = _viewer(asking)
        with looking_as(asking.viewer):
            response = self.get_response(request)
        if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
            pieces = cast("Iterable[bytes]", response.streaming_content)
            response.streaming_content = _seen_by(asking.viewer, pieces)
        return response


def _seen_by(viewer: Viewer, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Hand out the pieces of a stream, which are made after the answer has left, to the one who asked."""
    with looking_as(viewer):
        yield from pieces


def _choices(request: HttpRequest) -> list[Membership]:
    return list(memberships_of(request.user)) if request.user.is_authenticated else []


def _viewer(request: ViewerRequest) -> Viewer:
    if not request.user.is_authenticated:
        return NOBODY
    chosen = request.session.get(ORGANIZATION)
    organization_id = uuid.UUID(chosen) if chosen else None
    return viewer_for(request.user, organization_id, actor_of(request), request.acting_choices)
