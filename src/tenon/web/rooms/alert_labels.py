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
    AlertKind.JOINED: _("you take part"),
    AlertKind.TASK_GIVEN: _("task for you"),
    AlertKind.TASK_DUE: _("your task is due soon"),
    AlertKind.TASK_OVERDUE: _("task overdue"),
    AlertKind.SITUATION: _("new report"),
    AlertKind.CLOSED: _("room closed"),
}
# What somebody chooses to be told.
WISHES: dict[AlertKind, _StrPromise] = {
    AlertKind.ASSIGNED: _("A hazard was assigned to me"),
    AlertKind.DUE: _("The deadline of a hazard of mine is near"),
    AlertKind.OVERDUE: _("A hazard is overdue"),
    AlertKind.ESCALATED: _("A hazard was escalated"),
    AlertKind.REPORTED: _("A hazard was reported"),
    AlertKind.JOINED: _("I was given a part in a room"),
    AlertKind.TASK_GIVEN: _("I was given a task in a room"),
    AlertKind.TASK_DUE: _("A task of mine is due soon"),
    AlertKind.TASK_OVERDUE: _("A task of mine, or in a room that I command, is overdue"),
    AlertKind.SITUATION: _("A report was made of a room in which I take part"),
    AlertKind.CLOSED: _("A room in which I take part was closed"),
}
WAYS: dict[Way, str | Promise] = {
    Way.PAGE: _("in the page"),
    Way.EMAIL: _("by e-mail"),
    Way.WEBHOOK: _("to my webhook"),
}
