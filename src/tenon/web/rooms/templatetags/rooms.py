"""Filters that say the words of the rules in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from django import template
from django.utils.functional import Promise
from django.utils.translation import get_language

from tenon.web.rooms.labels import DONE, LABELS, WAITS
from tenon.web.rooms.models import RoomEntry
from tenon.web.rooms.room_labels import HAPPENED
from tenon.web.rooms.room_rules import Affected, EntryKind, Part, RoomState, RoomStep, TaskState
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
    "room": RoomState,
    "step": RoomStep,
    "part": Part,
    "task": TaskState,
    "affected": Affected,
    "entry": EntryKind,
}
_TONES = {
    "closed": "good",
    "verified": "good",
    "eliminated": "good",
    "rejected": "",
    "duplicate": "",
    "stable": "",
    "open": "",
    "done": "good",
    "blocked": "bad",
}


@register.filter
def said(value: str | int, kind: str) -> str:
    """Say a value of the rules: ``{{ finding.state|said:"state" }}``."""
    return str(LABELS[_KINDS[kind]][value])


@register.filter
def done(action: str) -> str:
    """Say what somebody did: ``{{ event.action|done }}``."""
    return str(DONE[action])


@register.filter
def waits(action: Action) -> str | Promise:
    """Say what somebody is to do: ``{{ action|waits }}``."""
    return WAITS[action]


@register.filter
def happened(entry: RoomEntry) -> str | Promise:
    """Say what an entry of a room's timeline tells: ``{{ entry|happened }}``."""
    return HAPPENED[entry.kind, entry.change]


@register.filter
def in_language(names: Mapping[str, str]) -> str:
    """Choose of the names that a report kept the one in the language of the page."""
    first, second = ("zh", "en") if (get_language() or "").startswith("zh") else ("en", "zh")
    return names[first] or names[second]


@register.filter
def words(text: str) -> list[str]:
    """Split a text at its spaces."""
    return text.split()


@register.filter
def tone(state: str) -> str:
    """Name the color of a state's tag."""
    return _TONES.get(state, "warn")
