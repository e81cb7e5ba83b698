"""The record in words: what was done, said in the language of the page."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

__all__ = ["WORDS", "in_words"]

# An action is written as words with points between them, what it is done to first: ``finding.escalate``.
WORDS: dict[str, str | Promise] = {
    # To what.
    "backup": pgettext_lazy("record", "backup"),
    "ceiling": pgettext_lazy("record", "ceiling"),
    "access": pgettext_lazy("record", "access"),
    "alerts": pgettext_lazy("record", "alerts"),
    "chain": pgettext_lazy("record", "chain"),
    "equipment": pgettext_lazy("record", "equipment"),
    "finding": pgettext_lazy("record", "hazard"),
    "findings": pgettext_lazy("record", "hazards"),
    "group": pgettext_lazy("record", "sharing group"),
    "invitation": pgettext_lazy("record", "invitation"),
    "membership": pgettext_lazy("record", "membership"),
    "organization": pgettext_lazy("record", "organization"),
    "room": pgettext_lazy("record", "room"),
    "root": pgettext_lazy("record", "root of a day"),
    "study": pgettext_lazy("record", "study"),
    "token": pgettext_lazy("record", "access token"),
    "user": pgettext_lazy("record", "account"),
    "webhook": pgettext_lazy("record", "webhook"),
    "affected": pgettext_lazy("record", "what is affected"),
    "decision": pgettext_lazy("record", "decision"),
    "fact": pgettext_lazy("record", "fact"),
    "message": pgettext_lazy("record", "message"),
    "people": pgettext_lazy("record", "participants"),
    "state": pgettext_lazy("record", "state"),
    "task": pgettext_lazy("record", "task"),
    # What.
    "accept": pgettext_lazy("record", "proposal accepted"),
    "added": pgettext_lazy("record", "added"),
    "assign": pgettext_lazy("record", "assigned"),
    "attach": pgettext_lazy("record", "file added"),
    "attached": pgettext_lazy("record", "attached"),
    "became_liaison": pgettext_lazy("record", "made liaison"),
    "became_observer": pgettext_lazy("record", "made observer"),
    "became_scribe": pgettext_lazy("record", "made scribe"),
    "began": pgettext_lazy("record", "began"),
    "blocked": pgettext_lazy("record", "blocked"),
    "broke_off": pgettext_lazy("record", "broke off"),
    "brought_in": pgettext_lazy("record", "brought in"),
    "cancelled": pgettext_lazy("record", "called off"),
    "changed": pgettext_lazy("record", "changed"),
    "checklist": pgettext_lazy("record", "checklist written"),
    "chosen": pgettext_lazy("record", "chosen"),
    "close": pgettext_lazy("record", "closed"),
    "closed": pgettext_lazy("record", "ended"),
    "comment": pgettext_lazy("record", "commented"),
    "created": pgettext_lazy("record", "made"),
    "detached": pgettext_lazy("record", "detached"),
    "done": pgettext_lazy("record", "done"),
    "downloaded": pgettext_lazy("record", "downloaded"),
    "eliminate": pgettext_lazy("record", "eliminated"),
    "ended": pgettext_lazy("record", "ended"),
    "escalate": pgettext_lazy("record", "escalated"),
    "exported": pgettext_lazy("record", "exported"),
    "failed": pgettext_lazy("record", "failed"),
    "given": pgettext_lazy("record", "given"),
    "given_back": pgettext_lazy("record", "given back"),
    "handed_on": pgettext_lazy("record", "handed on"),
    "history": pgettext_lazy("record", "history"),
    "history_closed": pgettext_lazy("record", "history closed"),
    "history_opened": pgettext_lazy("record", "history opened"),
    "imported": pgettext_lazy("record", "imported"),
    "intake": pgettext_lazy("record", "report by phone"),
    "intake_judged": pgettext_lazy("record", "report by phone judged"),
    "joined": pgettext_lazy("record", "joined"),
    "keeper_shared": pgettext_lazy("record", "shared with its group"),
    "label": pgettext_lazy("record", "label made"),
    "language": pgettext_lazy("record", "language chosen"),
    "left": pgettext_lazy("record", "left"),
    "made": pgettext_lazy("record", "made"),
    "merge": pgettext_lazy("record", "merged as a duplicate"),
    "named": pgettext_lazy("record", "person named"),
    "open": pgettext_lazy("record", "opened again"),
    "opened": pgettext_lazy("record", "opened"),
    "password_changed": pgettext_lazy("record", "password changed"),
    "password_reset": pgettext_lazy("record", "password reset"),
    "reach": pgettext_lazy("record", "reach and marking set"),
    "read": pgettext_lazy("record", "read"),
    "propose": pgettext_lazy("record", "proposed"),
    "reading": pgettext_lazy("record", "reading added"),
    "refused": pgettext_lazy("record", "refused"),
    "reject": pgettext_lazy("record", "rejected"),
    "removed": pgettext_lazy("record", "removed"),
    "reopen": pgettext_lazy("record", "reopened"),
    "report": pgettext_lazy("record", "reported"),
    "reported": pgettext_lazy("record", "report made"),
    "reported_elsewhere": pgettext_lazy("record", "reported to another organization"),
    "requested": pgettext_lazy("record", "requested"),
    "restored": pgettext_lazy("record", "restored"),
    "retried": pgettext_lazy("record", "tried again"),
    "return": pgettext_lazy("record", "sent back"),
    "revise": pgettext_lazy("record", "values changed"),
    "revised": pgettext_lazy("record", "said anew"),
    "revoked": pgettext_lazy("record", "taken back"),
    "role": pgettext_lazy("record", "role changed"),
    "round_answered": pgettext_lazy("record", "round: items answered"),
    "round_finished": pgettext_lazy("record", "round: finished"),
    "round_planned": pgettext_lazy("record", "round: planned"),
    "round_started": pgettext_lazy("record", "round: begun"),
    "second_step_added": pgettext_lazy("record", "second step added"),
    "second_step_failed": pgettext_lazy("record", "second step failed"),
    "second_step_removed": pgettext_lazy("record", "second step removed"),
    "second_step_renewed": pgettext_lazy("record", "second step renewed"),
    "sent": pgettext_lazy("record", "sent"),
    "sent_as_liaison": pgettext_lazy("record", "liaison sent"),
    "sent_as_observer": pgettext_lazy("record", "observer sent"),
    "sent_as_scribe": pgettext_lazy("record", "scribe sent"),
    "set": pgettext_lazy("record", "set"),
    "shared": pgettext_lazy("record", "shared"),
    "sign_in_failed": pgettext_lazy("record", "sign-in failed"),
    "signed_in": pgettext_lazy("record", "signed in"),
    "signed_out": pgettext_lazy("record", "signed out"),
    "spared": pgettext_lazy("record", "affected no more"),
    "stabilize": pgettext_lazy("record", "stable"),
    "study_attached": pgettext_lazy("record", "study attached"),
    "taken_out": pgettext_lazy("record", "taken out"),
    "taken_up": pgettext_lazy("record", "taken up"),
    "timer": pgettext_lazy("record", "timer"),
    "took_command": pgettext_lazy("record", "took command"),
    "triage": pgettext_lazy("record", "judged"),
    "turn down": pgettext_lazy("record", "proposal turned down"),
    "uploaded": pgettext_lazy("record", "uploaded"),
    "verify": pgettext_lazy("record", "verified"),
    "withdrawn": pgettext_lazy("record", "withdrawn"),
    "worsen": pgettext_lazy("record", "active again"),
}


def in_words(action: str) -> str:
    """Say an action of the record in the language of the page.

    Parameters
    ----------
    action : str
        As it stands in the record.

    Returns
    -------
    str
        Its words; a word that is not known stays as it is, since the record may be older than the program.

    Examples
    --------
    >>> in_words("finding.escalate")
    'hazard · escalated'
    """
    return " · ".join(str(WORDS.get(word, word)) for word in action.split("."))
