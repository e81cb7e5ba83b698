"""What every page shows of this app."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from tenon.web.organizations.policies import NOBODY
from tenon.web.rooms.alert_selectors import unread

__all__ = ["alerts"]


def alerts(request: HttpRequest) -> dict[str, Any]:
    """Give pages the number of unread alerts, counted when a page asks for it.

    Parameters
    ----------
    request : HttpRequest
        With its viewer.

    Returns
    -------
    dict
        ``unread_alerts``, a function.
    """
    return {"unread_alerts": lambda: unread(getattr(request, "viewer", NOBODY))}
