"""The tables of this app."""

from tenon.web.rooms.models.findings import Counter, Finding, FindingEvent
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
    "Counter",
    "Finding",
    "FindingEvent",
    "Participant",
    "Proposal",
    "Room",
    "RoomCounter",
    "RoomEntry",
    "RoomFinding",
    "RoomReport",
    "RoomTask",
]
