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
from tenon.web.rooms.models.findings import Counter, Finding, FindingEvent
from tenon.web.rooms.models.imports import ImportDraft, ImportedFinding

__all__ = [
    "Alert",
    "AlertChoice",
    "Counter",
    "Delivery",
    "EscalationChain",
    "EscalationStep",
    "Finding",
    "FindingEvent",
    "ImportDraft",
    "ImportedFinding",
    "Timer",
    "TimerStep",
    "Webhook",
]
