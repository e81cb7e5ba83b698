"""The words of alerts as people read them, in each language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenon.web.rooms.alert_rules import AlertKind, Way

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise  # a name that the stubs alone know

__all__ = ["KINDS", "WAYS", "WISHES"]

# What an alert says.
KINDS: dict[str, str | Promise] = {
    AlertKind.ASSIGNED: _("assigned to you"),
    AlertKind.DUE: _("your deadline is near"),
    AlertKind.OVERDUE: _("overdue"),
    AlertKind.ESCALATED: _("escalated"),
    AlertKind.REPORTED: _("new hazard"),
    AlertKind.CALLED: _("you are called"),
}
# What somebody chooses to be told.
WISHES: dict[AlertKind, _StrPromise] = {
    AlertKind.ASSIGNED: _("A hazard was assigned to me"),
    AlertKind.DUE: _("The deadline of a hazard of mine is near"),
    AlertKind.OVERDUE: _("A hazard is overdue"),
    AlertKind.ESCALATED: _("A hazard was escalated"),
    AlertKind.REPORTED: _("A hazard was reported"),
}
WAYS: dict[Way, str | Promise] = {
    Way.PAGE: _("in the page"),
    Way.EMAIL: _("by e-mail"),
    Way.WEBHOOK: _("to my webhook"),
}
