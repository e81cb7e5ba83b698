"""Proposals: whoever may not change a finding says what they would change; whoever may decides about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from tenon.web.organizations.policies import Viewer, allows
from tenon.web.organizations.row_policies import locked_row
from tenon.web.organizations.rules import Permission
from tenon.web.rooms.models import Finding, Proposal
from tenon.web.rooms.room_timeline_services import must_be_current
from tenon.web.rooms.services import acting, add_event, changes, may_revise, revise

__all__ = ["accept", "may_propose", "proposals_of", "propose", "turn_down", "values_of"]

_OPEN_AT_MOST = 20


def may_propose(viewer: Viewer, finding: Finding) -> bool:
    """Say whether a viewer may propose values for a finding.

    Parameters
    ----------
    viewer : Viewer
        Who wants to.
    finding : Finding
        For which.

    Returns
    -------
    bool
        True if they may propose and cannot change it by themselves.
    """
    return allows(finding, viewer, Permission.PROPOSE) and not may_revise(viewer, finding)


def proposals_of(finding: Finding) -> QuerySet[Proposal]:
    """List what was proposed for a finding.

    Parameters
    ----------
    finding : Finding
        One that the viewer may read.

    Returns
    -------
    QuerySet of Proposal
        The newest first.
    """
    return Proposal.objects.filter(finding=finding).select_related("user", "organization", "decided_by")


def values_of(proposal: Proposal) -> dict[str, Any]:
    """Return what is proposed, as the finding's fields take it.

    Parameters
    ----------
    proposal : Proposal
        Which.

    Returns
    -------
    dict from str to object
        By field; the deadline as a time.
    """
    return {name: parse_datetime(value) if name == "deadline" else value for name, value in proposal.values.items()}


def propose(viewer: Viewer, finding: Finding, values: Mapping[str, Any], reason: str, version: int) -> Proposal:
    """Propose values for a finding.

    Parameters
    ----------
    viewer : Viewer
        Who proposes.
    finding : Finding
        For which.
    values : mapping
        Some of `tenon.web.rooms.services.REVISABLE`; what would not change is left out.
    reason : str
        Why.
    version : int
        The version that the viewer saw.

    Returns
    -------
    Proposal
        Stored, open.

    Raises
    ------
    PermissionDenied
        If the viewer may not propose, or may change the finding by themselves.
    ValidationError
        If somebody changed the finding meanwhile, nothing would change, no reason is given, or too many proposals wait.
    """
    reason = reason.strip()
    if not may_propose(viewer, finding):
        raise PermissionDenied(_("Your role does not allow to propose here."))
    changed = changes(finding, values)
    if not changed:
        raise ValidationError(_("Nothing would change."))
    if not reason:
        raise ValidationError({"note": _("This field is required.")})
    with transaction.atomic():
        current = locked_row(Finding.objects.all(), finding.pk)
        must_be_current(current.version, version)
        if proposals_of(current).filter(outcome="open").count() >= _OPEN_AT_MOST:
            raise ValidationError(_("Many proposals wait for an answer already. Wait for one."))
        user_id, organization_id = acting(viewer)
        made = Proposal(
            finding=current,
            user_id=user_id,
            organization_id=organization_id,
            values={name: _plain(pair[1]) for name, pair in changed.items()},
            seen=version,
            reason=reason,
        )
        made.full_clean()
        made.save(force_insert=True)
        add_event(viewer.actor, current, "propose", made.reason, {"proposal": made.pk, "values": made.values})
    return made


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def accept(viewer: Viewer, proposal: Proposal, answer: str, version: int) -> Finding:
    """Accept a proposal: its values become those of the finding.

    Parameters
    ----------
    viewer : Viewer
        Who decides: somebody else, who may change the finding.
    proposal : Proposal
        Open.
    answer : str
        What to say to it; may be empty.
    version : int
        The version of the finding that the viewer saw.

    Returns
    -------
    Finding
        As it stands now.

    Raises
    ------
    PermissionDenied
        If the viewer may not change the finding, or proposed this.
    ValidationError
        If the proposal was decided, or as `tenon.web.rooms.services.revise`.
    """
    with transaction.atomic():
        current = _decide(viewer, proposal, "accepted", answer)
        return revise(viewer, current.finding, values_of(current), current.reason, version)


def turn_down(viewer: Viewer, proposal: Proposal, answer: str) -> None:
    """Turn a proposal down.

    Parameters
    ----------
    viewer : Viewer
        Who decides: somebody else, who may change the finding.
    proposal : Proposal
        Open.
    answer : str
        Why.

    Raises
    ------
    PermissionDenied
        If the viewer may not change the finding, or proposed this.
    ValidationError
        If the proposal was decided, or no reason is given.
    """
    if not answer.strip():
        raise ValidationError({"answer": _("This field is required.")})
    with transaction.atomic():
        _decide(viewer, proposal, "rejected", answer)


def _decide(viewer: Viewer, proposal: Proposal, outcome: str, answer: str) -> Proposal:
    # The finding is locked first, as by every change of it.
    finding = locked_row(Finding.objects.select_related("owner"), proposal.finding_id)
    current = locked_row(Proposal.objects.all(), proposal.pk)
    current.finding = finding
    if not may_revise(viewer, finding) or current.user_id == viewer.actor.user_id:
        raise PermissionDenied(_("Somebody else who may change this hazard decides about a proposal."))
    if current.outcome != "open":
        raise ValidationError(_("This proposal was decided meanwhile."))
    current.outcome, current.answer = outcome, answer.strip()
    current.decided, current.decided_by_id = timezone.now(), viewer.actor.user_id
    current.full_clean()
    current.save()
    action = "accept" if outcome == "accepted" else "turn down"
    add_event(viewer.actor, finding, action, current.answer, {"proposal": current.pk})
    return current
