"""Filters that say the words of alerts in the language of the page."""

from __future__ import annotations

from django import template
from django.utils.functional import Promise

from tenon.web.rooms.alert_labels import KINDS

register = template.Library()
_TONES = {
    **dict.fromkeys(("overdue", "escalated", "called", "task_overdue"), "bad"),
    **dict.fromkeys(("due", "assigned", "task_given", "task_due"), "warn"),
}


@register.filter
def alert_said(kind: str) -> str | Promise:
    """Say what an alert is: ``{{ alert.kind|alert_said }}``."""
    return KINDS[kind]


@register.filter
def alert_tone(kind: str) -> str:
    """Name the color of an alert's tag."""
    return _TONES.get(kind, "")
