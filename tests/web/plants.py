"""Builders of equipment, checklists and rounds, by the services that make them on the platform."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from itertools import count
from typing import Any

from tenon.web.organizations.models import Organization
from tenon.web.organizations.policies import Viewer
from tenon.web.rooms import equipment_services, round_services
from tenon.web.rooms.equipment_rules import Answer, Outcome
from tenon.web.rooms.models import Checklist, ChecklistItem, Equipment, InspectionRound
from tests.web.worlds import member, viewer

_numbers = count(1)

# The smallest files of their kinds that are whole.
JPEG = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xd9"
PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0:~\x9bU\0\0\0\nIDATx\x9cc`\0\0\0\x02\0\x01H\xaf\xa4q"
    b"\0\0\0\0IEND\xaeB`\x82"
)
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'

CHECK: dict[str, Any] = {"text": "Oil leaks", "kind": "check", "severity": 2}
READING: dict[str, Any] = {
    "text": "Bearing temperature",
    "kind": "reading",
    "unit": "°C",
    "high": 80.0,
    "severity": 4,
}


def equipment(owner: Organization, by: Viewer | None = None, **fields: Any) -> Equipment:
    """Add a piece of equipment, by a coordinator of its owner."""
    code = f"E-{next(_numbers)}"
    given = {"code": code, "name_en": "Rotary kiln", "equipment_class": "rotary kiln", "criticality": "A", **fields}
    return equipment_services.add_equipment(by or viewer(member(owner, "coordinator")), owner, given)


def checklist(item: Equipment, by: Viewer, *lines: Mapping[str, Any], **fields: Any) -> Checklist:
    head = {"name": "Daily round", "every_days": None, **fields}
    return equipment_services.write_checklist(by, item, head, lines or (CHECK, READING))


def round_begun(item: Equipment, by: Viewer, used: Checklist | None = None) -> InspectionRound:
    return round_services.start(by, item, used or checklist(item, by))


def answers(found: InspectionRound, *, passed: bool = True, value: float | None = 60.0) -> dict[uuid.UUID, Answer]:
    """Answer every item of a round: ticks alike, and readings with one value."""
    ticked = Outcome.PASS if passed else Outcome.FAIL
    return {
        item.pk: Answer(value=value) if item.kind == "reading" else Answer(ticked)
        for item in ChecklistItem.objects.filter(checklist=found.checklist)
    }
