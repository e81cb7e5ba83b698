"""Filters that say the words of the rules in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from functools import cache

from django import template
from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from tenon.web.rooms.labels import DONE, LABELS, WAITS, choices_of
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
    return _said(get_language(), kind, value)


@cache
def _said(_language: str | None, kind: str, value: str | int) -> str:
    """Look a label up in the language that is active, once; lists say the same few in every row."""
    return str(LABELS[_KINDS[kind]][value])


@register.simple_tag
def options(kind: str, chosen: str = "") -> SafeString:
    """Offer the values of the rules in a list: ``{% options "state" wanted.state %}``."""
    return _options(get_language(), kind, chosen if chosen in _values(kind) else "")


@cache
def _values(kind: str) -> frozenset[str]:
    return frozenset(str(member.value) for member in _KINDS[kind])


@cache
def _options(_language: str | None, kind: str, chosen: str) -> SafeString:
    """Write the options in the language that is active, once for each value that can be chosen."""
    offered = ((value, " selected" if str(value) == chosen else "", label) for value, label in choices_of(_KINDS[kind]))
    return format_html_join("", '<option value="{}"{}>{}</option>', offered)


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
