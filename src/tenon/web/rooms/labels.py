"""The words of the rules as people read them, in each language."""

from __future__ import annotations

from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenon.web.rooms.room_labels import ROOM_LABELS
from tenon.web.rooms.rules import Action, Channel, FindingState, Hazard, Level, Severity, Source, Urgency

__all__ = ["DONE", "LABELS", "WAITS", "choices_of"]

# Members of different enumerations can be the same text, so each has its own words.
LABELS: dict[type[Enum], dict[str | int, str | Promise]] = {
    FindingState: {
        FindingState.REPORTED: _("reported"),
        FindingState.TRIAGED: _("judged"),
        FindingState.ASSIGNED: _("assigned"),
        FindingState.ELIMINATED: _("eliminated"),
        FindingState.VERIFIED: _("verified"),
        FindingState.CLOSED: _("closed"),
        FindingState.REJECTED: _("rejected"),
        FindingState.DUPLICATE: _("duplicate"),
    },
    Action: {
        Action.TRIAGE: _("Judge"),
        Action.ASSIGN: _("Assign"),
        Action.ELIMINATE: _("Report as eliminated"),
        Action.VERIFY: _("Verify"),
        Action.RETURN: _("Send back"),
        Action.CLOSE: _("Close"),
        Action.REJECT: _("Reject"),
        Action.MERGE: _("Merge as a duplicate"),
        Action.REOPEN: _("Reopen"),
        Action.ESCALATE: _("Escalate"),
    },
    Level: {
        Level.PART: _("part"),
        Level.EQUIPMENT: _("equipment"),
        Level.UNIT: _("unit"),
        Level.SITE: _("site"),
        Level.TERMINAL: _("terminal"),
        Level.PORT: _("port"),
        Level.PASSAGE: _("strait or canal"),
        Level.LANE: _("lane"),
        Level.COUNTRY: _("country"),
    },
    Channel: {
        Channel.PLANT: _("plant"),
        Channel.SEA: _("sea"),
        Channel.RAIL: _("rail"),
        Channel.ROAD: _("road"),
        Channel.AIR: _("air"),
        Channel.POST: _("post"),
        Channel.CUSTOMS: _("customs"),
    },
    Hazard: {
        Hazard.EQUIPMENT: _("equipment defect"),
        Hazard.FIRE: _("fire or explosion"),
        Hazard.NATURAL: _("natural hazard"),
        Hazard.SECURITY: _("security"),
        Hazard.CYBER: _("cyber"),
        Hazard.LABOR: _("labor"),
        Hazard.SHORTAGE: _("shortage of supply"),
        Hazard.QUALITY: _("quality"),
        Hazard.TRANSPORT: _("transport"),
        Hazard.RULES: _("rules and permits"),
        Hazard.OTHER: _("other"),
    },
    Severity: {
        Severity.MINOR: _("minor"),
        Severity.MODERATE: _("moderate"),
        Severity.SERIOUS: _("serious"),
        Severity.CRITICAL: _("critical"),
    },
    Urgency: {
        Urgency.MONTHS: _("within months"),
        Urgency.WEEKS: _("within weeks"),
        Urgency.DAYS: _("within days"),
        Urgency.NOW: _("now"),
    },
    Source: {
        Source.PAGE: _("page"),
        Source.ROUND: _("inspection round"),
        Source.PHONE: _("phone"),
        Source.IMPORT: _("import"),
        Source.PROGRAM: _("program"),
    },
    **ROOM_LABELS,
}
# What waits for somebody, as the overview says it.
WAITS: dict[Action, str | Promise] = {
    Action.TRIAGE: _("To be judged"),
    Action.ASSIGN: _("To be assigned"),
    Action.ELIMINATE: _("You are to eliminate"),
    Action.VERIFY: _("To be verified"),
    Action.CLOSE: _("To be closed"),
}
# What happened, as a timeline says it.
DONE: dict[str, str | Promise] = {
    "report": _("reported it"),
    "comment": _("commented"),
    "equipment": _("said at which equipment it is"),
    "attach": _("added a file"),
    "reading": _("added a reading"),
    Action.TRIAGE: _("judged it"),
    Action.ASSIGN: _("assigned it"),
    Action.ELIMINATE: _("reported it as eliminated"),
    Action.VERIFY: _("verified it"),
    Action.RETURN: _("sent it back"),
    Action.CLOSE: _("closed it"),
    Action.REJECT: _("rejected it"),
    Action.MERGE: _("merged it into another"),
    Action.REOPEN: _("reopened it"),
    Action.ESCALATE: _("escalated it"),
    "revise": _("changed its values"),
    "propose": _("proposed other values"),
    "accept": _("accepted a proposal"),
    "turn down": _("turned a proposal down"),
}


def choices_of(kind: type[Enum]) -> list[tuple[str | int, str | Promise]]:
    """List the members of an enumeration for a form.

    Parameters
    ----------
    kind : type
        An enumeration whose members all have a label.

    Returns
    -------
    list of (str or int, str)
        Value and label.

    Examples
    --------
    >>> choices_of(Severity)[0][0]
    1
    """
    return [(member.value, LABELS[kind][member.value]) for member in kind]
