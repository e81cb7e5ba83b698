"""The words of studies as people read them, in each language."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenon.web.runs.configurations import StudyKind
from tenon.web.runs.rules import JobState

__all__ = ["KINDS", "LEADS", "PARAMETERS", "STAGES", "STATES", "TONES"]

KINDS: dict[str, str | Promise] = {
    StudyKind.CHAIN_STRESS: _("stress test of a chain"),
    StudyKind.CHAIN_OUTAGE: _("one site stops"),
    StudyKind.TABLE_STRESS: _("a scenario on a world table"),
}
# What each kind answers.
LEADS: dict[str, str | Promise] = {
    StudyKind.CHAIN_STRESS: _(
        "What does it cost if any one site, group, lane or passage fails, and on whom does the chain hang unseen?"
    ),
    StudyKind.CHAIN_OUTAGE: _(
        "What does it cost if this site stops for so many days: how long do stocks last, and whom does it hit first?"
    ),
    StudyKind.TABLE_STRESS: _(
        "What does an earthquake, a closed strait or an embargo cost regions and sectors, day by day?"
    ),
}
STATES: dict[str, str | Promise] = {
    JobState.QUEUED: _("waits"),
    JobState.LEASED: _("runs"),
    JobState.DONE: _("done"),
    JobState.FAILED: _("failed"),
    JobState.CANCELLED: _("called off"),
    JobState.DEAD: _("given up"),
}
TONES: dict[str, str] = {
    JobState.QUEUED: "",
    JobState.LEASED: "warn",
    JobState.DONE: "good",
    JobState.FAILED: "bad",
    JobState.CANCELLED: "",
    JobState.DEAD: "bad",
}
STAGES: dict[str, str | Promise] = {
    "": _("Getting ready"),
    "reading": _("Reading"),
    "outages": _("Taking out one after another"),
    "days": _("Following it from day to day"),
    "writing": _("Writing the report"),
}
PARAMETERS: dict[str, str | Promise] = {
    "closure_days": _("Days for which lanes and passages close"),
    "within_days": _("Days within which an alternative must start"),
    "follow": _("Outages followed from day to day"),
    "site": _("Site that stops"),
    "days": _("Days"),
    "table": _("Table"),
    "scenario": _("Scenario"),
}
