"""Counting requests."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from tenon.web.config.metrics import counts

__all__ = ["CountingMiddleware"]


class CountingMiddleware:
    """Counts each request with its status and how long it took; first in the row, so that all others count too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a request."""
        began = time.perf_counter()
        response = self.get_response(request)
        counts.add(response.status_code, time.perf_counter() - began)
        return response
