"""When somebody was last seen, without a write for every page."""

from __future__ import annotations

from allauth.usersessions.middleware import UserSessionsMiddleware
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

__all__ = ["SEEN_SECONDS", "SeenMiddleware"]

# So long nobody is told that a session was used once more; reading pages would else wait for the lock of writing.
SEEN_SECONDS = 300


class SeenMiddleware(UserSessionsMiddleware):  # type: ignore[misc]  # allauth leaves its classes untyped
    """Stores when a session was last used, at most once in some minutes and process."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request, and store that its session was used if that was not stored lately."""
        key = request.session.session_key
        lately = key is not None and not cache.add(f"seen:{key}", 1, SEEN_SECONDS)
        answer: HttpResponse = self.get_response(request) if lately else super().__call__(request)
        return answer
