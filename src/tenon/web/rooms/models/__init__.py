"""The tables of this app."""

from tenon.web.rooms.models.alerts import (
    Alert,
    AlertChoice,
    Delivery,
    EscalationChain,
    EscalationStep,
    Timer,
    TimerStep,
    Webhook,
)
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
from tenon.web.rooms.models.imports import ImportDraft, ImportedFinding
from tenon.web.rooms.models.proposals import Proposal
from tenon.web.rooms.models.rooms import (
    AffectedPlace,
    Participant,
    Room,
    RoomCounter,
    RoomEntry,
    RoomFinding,
    RoomReport,
    RoomTask,
)

__all__ = [
    "AffectedPlace",
    "Alert",
    "AlertChoice",
    "Attachment",
    "Attempt",
    "Checklist",
    "ChecklistItem",
    "Counter",
    "Delivery",
    "Equipment",
    "EscalationChain",
    "EscalationStep",
    "Finding",
    "FindingEvent",
    "ImportDraft",
    "ImportedFinding",
    "InspectionRound",
    "Intake",
    "Participant",
    "Proposal",
    "Reading",
    "ReportLabel",
    "Room",
    "RoomCounter",
    "RoomEntry",
    "RoomFinding",
    "RoomReport",
    "RoomTask",
    "RoundAnswer",
    "Timer",
    "TimerStep",
    "Webhook",
]
