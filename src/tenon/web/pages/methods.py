"""Which methods a page answers; every other one is refused with 405 before anything is looked at."""

from __future__ import annotations

from django.views.decorators.http import require_http_methods

__all__ = ["require_form_methods"]

require_form_methods = require_http_methods(("GET", "HEAD", "POST"))
"""For a page with a form that is sent to its own address."""
