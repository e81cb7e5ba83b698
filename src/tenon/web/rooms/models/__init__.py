"""The tables of this app."""

from tenon.web.rooms.models.findings import Counter, Finding, FindingEvent

__all__ = ["Counter", "Finding", "FindingEvent"]
