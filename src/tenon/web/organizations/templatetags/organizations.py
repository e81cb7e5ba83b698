"""Filters that say the words of the rules in the language of the page."""

from __future__ import annotations

from enum import StrEnum

from django import template

from tenon.web.audit.labels import in_words
from tenon.web.organizations.labels import LABELS
from tenon.web.organizations.rules import (
    Capability,
    Hidden,
    MembershipState,
    OrganizationKind,
    OrganizationLevel,
    Profile,
)

register = template.Library()
_KINDS: dict[str, type[StrEnum]] = {
    "capability": Capability,
    "kind": OrganizationKind,
    "level": OrganizationLevel,
    "membership": MembershipState,
    "profile": Profile,
    "hidden": Hidden,
}


@register.filter
def word(value: str, kind: str) -> str:
    """Say a value of the rules: ``{{ membership.state|word:"membership" }}``."""
    return str(LABELS[_KINDS[kind]][value])


@register.filter
def recorded(action: str) -> str:
    """Say an action of the record: ``{{ entry.action|recorded }}``."""
    return in_words(action)
