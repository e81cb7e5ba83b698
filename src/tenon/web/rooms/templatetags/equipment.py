"""Filters and tags of the pages about equipment."""

from __future__ import annotations

from enum import StrEnum

import qrcode
from django import template
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tenon.web.rooms.availability_rules import Arrangement
from tenon.web.rooms.equipment_labels import COLUMN_WORDS, EQUIPMENT_LABELS
from tenon.web.rooms.equipment_rules import Criticality, EquipmentClass, IntakeState, ItemKind, Outcome
from tenon.web.rooms.equipment_table import ProblemKind

register = template.Library()
_KINDS: dict[str, type[StrEnum]] = {
    "arrangement": Arrangement,
    "class": EquipmentClass,
    "criticality": Criticality,
    "intake": IntakeState,
    "item": ItemKind,
    "outcome": Outcome,
    "problem": ProblemKind,
}
_TONES = {"pass": "good", "fail": "bad", "skipped": "warn", "waiting": "warn", "accepted": "good", "discarded": ""}
_QUIET = 4  # light modules around the code that readers need (ISO/IEC 18004)


@register.filter
def called(value: str, kind: str) -> str | Promise:
    """Say a value of the rules: ``{{ item.equipment_class|called:"class" }}``."""
    return EQUIPMENT_LABELS[_KINDS[kind]][value]


@register.filter
def column_words(name: str) -> str | Promise:
    """Say what a column of a file of equipment holds."""
    return COLUMN_WORDS[name]


@register.filter
def outcome_tone(value: str) -> str:
    """Name the color of a tag."""
    return _TONES.get(value, "")


@register.filter
def percent(share: float) -> str:
    """Write a share as a percentage with one digit; the percent sign comes from the page."""
    return f"{share * 100:.1f}"


@register.filter
def figure(value: float) -> str:
    """Write a measured value with the digits that it has, at most six."""
    return f"{value:.6g}"


@register.simple_tag
def qr_code(text: str) -> SafeString:
    """Draw a QR code as SVG: one path, a square for each dark module."""
    code = qrcode.QRCode(border=_QUIET, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(text)
    rows = code.get_matrix()
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return format_html(
        '<svg viewBox="0 0 {} {}" role="img" aria-label="{}" shape-rendering="crispEdges">'
        '<rect width="100%" height="100%" fill="#fff"/><path d="{}"/></svg>',
        len(rows),
        len(rows),
        text,
        path,
    )
