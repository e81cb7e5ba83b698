"""Filters that say the words of the rules in the language of the page."""

from __future__ import annotations

from enum import Enum

from django import template

from tenon.web.rooms.labels import DONE, LABELS
from tenon.web.rooms.rules import Action, Channel, FindingState, Hazard, Level, Severity, Source, Urgency

register = template.Library()
_KINDS: dict[str, type[Enum]] = {
    "action": Action,
    "channel": Channel,
    "state": FindingState,
    "hazard": Hazard,
    "level": Level,
    "severity": Severity,
    "source": Source,
    "urgency": Urgency,
}
_TONES = {"closed": "good", "verified": "good", "eliminated": "good", "rejected": "", "duplicate": ""}


@register.filter
def said(value: str | int, kind: str) -> str:
    """Say a value of the rules: ``{{ finding.state|said:"state" }}``."""
    return str(LABELS[_KINDS[kind]][value])


@register.filter
def done(action: str) -> str:
    """Say what somebody did: ``{{ event.action|done }}``."""
    return str(DONE[action])


@register.filter
def words(text: str) -> list[str]:
    """Split a text at its spaces."""
    return text.split()


@register.filter
def tone(state: str) -> str:
    """Name the color of a state's tag."""
    return _TONES.get(state, "warn")
