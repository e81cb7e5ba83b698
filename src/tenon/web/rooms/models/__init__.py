"""The tables of this app."""

from tenon.web.rooms.models.equipment import (
    Checklist,
    ChecklistItem,
    Equipment,
    InspectionRound,
    ReportLabel,
    RoundAnswer,
)
from tenon.web.rooms.models.evidence import Attachment, Attempt, Intake, Reading
from tenon.web.rooms.models.findings import Counter, Finding, FindingEvent

__all__ = [
    "Attachment",
    "Attempt",
    "Checklist",
    "ChecklistItem",
    "Counter",
    "Equipment",
    "Finding",
    "FindingEvent",
    "InspectionRound",
    "Intake",
    "Reading",
    "ReportLabel",
    "RoundAnswer",
]
