"""Writing findings: every step along the edges of the rules, its event and its record in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tenon.web.accounts.models import User
from tenon.web.audit.rules import Actor
from tenon.web.audit.services import organization_chain, record
from tenon.web.organizations.models import Organization, Share
from tenon.web.organizations.policies import Viewer, allows, kind_of
from tenon.web.organizations.rules import Capability, Marking, Permission, Profile, Reach, reach_allowed
from tenon.web.rooms.models import Counter, Finding, FindingEvent
from tenon.web.rooms.rules import (
    EDGES,
    FIVE,
    Action,
    FindingState,
    Severity,
    Source,
    Urgency,
    missing,
    refusal_of_verifier,
)
from tenon.web.rooms.selectors import people_for

__all__ = ["STALE", "comment", "move", "must_allow", "report", "report_for"]

# The code of the refusal of a change that was made against an older version.
STALE = "stale"


def report(viewer: Viewer, owner: Organization, fields: Mapping[str, Any], source: Source = Source.PAGE) -> Finding:
    """Report a hazard in one's own organization.

    Parameters
    ----------
    viewer : Viewer
        Who reports.
    owner : Organization
        The organization acted for, or one below it.
    fields : mapping
        Title, description, level, channel, hazard, severity, urgency, place, cost, reach and marking, as far as known.
    source : Source
        How it comes in.

    Returns
    -------
    Finding
        Stored, with its number.

    Raises
    ------
    PermissionDenied
        If the viewer's role does not report, or the organization is not the viewer's.
    ValidationError
        If a field is none that can be.
    """
    if Capability.REPORT not in viewer.capabilities or owner.pk not in viewer.own:
        raise PermissionDenied(_("Your role does not allow to report here."))
    finding = Finding(owner=owner, source=source, reported_by_id=viewer.actor.user_id, **fields)
    return _store(viewer.actor, finding)


def report_for(viewer: Viewer, owner: Organization, fields: Mapping[str, Any]) -> Finding:
    """Report a hazard to another organization, without the reporter's name: it becomes that organization's finding.

    Parameters
    ----------
    viewer : Viewer
        Who reports; named in the record of their own organization alone.
    owner : Organization
        Any other organization of the platform.
    fields : mapping
        As for `report`.

    Returns
    -------
    Finding
        Stored; the reporter does not see it any more.

    Raises
    ------
    PermissionDenied
        If the viewer's role does not report.
    ValidationError
        If a field is none that can be.
    """
    if Capability.REPORT not in viewer.capabilities or viewer.actor.organization_id is None:
        raise PermissionDenied(_("Your role does not allow to report here."))
    with transaction.atomic():
        finding = _store(Actor(on_behalf_of=owner.pk), Finding(owner=owner, source=Source.PAGE, **fields))
        own = organization_chain(viewer.actor.organization_id)
        record(viewer.actor, "finding.reported_elsewhere", ("organization", owner.pk), chain=own)
    return finding


def _store(actor: Actor, finding: Finding) -> Finding:
    if not reach_allowed(Reach(finding.reach), Marking(finding.marking)):
        raise ValidationError({"reach": _("This marking forbids this reach.")})
    with transaction.atomic():
        counter, _new = Counter.objects.select_for_update().get_or_create(organization_id=finding.owner_id)
        counter.last += 1
        counter.save(update_fields=["last"])
        finding.number = counter.last
        finding.full_clean()
        finding.save(force_insert=True)
        if finding.marking == Marking.RED and finding.reported_by is not None:
            _name(finding, finding.reported_by)
        _happened(actor, finding, "report", finding.description)
    return finding


def _name(finding: Finding, user: User) -> None:
    """Name somebody on a finding marked red, who would lose sight of it otherwise."""
    Share.objects.get_or_create(
        subject_kind=kind_of(Finding),
        subject_id=finding.pk,
        user=user,
        revoked=None,
        defaults={"profile": Profile.READ},
    )


def move(viewer: Viewer, finding: Finding, action: Action, values: Mapping[str, Any], version: int) -> Finding:
    """Take a finding one step further.

    Parameters
    ----------
    viewer : Viewer
        Who does it.
    finding : Finding
        Which.
    action : Action
        What is done.
    values : mapping
        What the step needs: severity and urgency; responsible, measure, means, deadline and fallback; a note; the
        finding that it is a duplicate of.
    version : int
        The version that the viewer saw.

    Returns
    -------
    Finding
        As it stands now.

    Raises
    ------
    PermissionDenied
        If the viewer's role or the share does not allow it.
    ValidationError
        If somebody changed the finding meanwhile (with the code `STALE`), the step does not lead on from where it
        stands, something that it needs is missing, or the verifier eliminated the hazard or was responsible for that.
    """
    edge = EDGES[action]
    with transaction.atomic():
        current = Finding.objects.select_for_update(of=("self",)).select_related("owner").get(pk=finding.pk)
        must_allow(viewer, current, action)
        _must_be_current(current, version)
        if FindingState(current.state) not in edge.sources:
            raise ValidationError(_("This step does not lead on from where the finding stands."))
        _must_be_complete(action, values)
        _EFFECTS[action](viewer, current, values)
        if edge.target is not None:
            current.state = edge.target
        current.version += 1
        current.full_clean()
        current.save()
        _happened(viewer.actor, current, action, str(values.get("note", "")))
    return current


def must_allow(viewer: Viewer, finding: Finding, action: Action) -> None:
    """Refuse a step that a viewer may not take, whatever it holds.

    Parameters
    ----------
    viewer : Viewer
        Who would take it.
    finding : Finding
        With which.
    action : Action
        The step.

    Raises
    ------
    PermissionDenied
        If the viewer's role or the share does not allow it.
    """
    edge = EDGES[action]
    if edge.capability not in viewer.capabilities or not allows(finding, viewer, edge.permission):
        raise PermissionDenied(_("Your role does not allow this step."))


def _must_be_current(finding: Finding, version: int) -> None:
    if finding.version != version:
        raise ValidationError(
            _("Somebody changed this finding meanwhile. Nothing was changed; look at it again and repeat."), code=STALE
        )


def _must_be_complete(action: Action, values: Mapping[str, Any]) -> None:
    absent = missing(action, values)
    if absent:
        raise ValidationError({name: _("This is required before the next step.") for name in absent})


def _judge(_viewer: Viewer, finding: Finding, values: Mapping[str, Any]) -> None:
    finding.severity = Severity(int(values["severity"]))
    finding.urgency = Urgency(int(values["urgency"]))


def _assign(_viewer: Viewer, finding: Finding, values: Mapping[str, Any]) -> None:
    if not people_for(finding).filter(pk=values["responsible"].pk).exists():
        raise ValidationError({"responsible": _("This person cannot eliminate hazards of this organization.")})
    for name in FIVE:
        setattr(finding, name, values[name])
    if finding.marking == Marking.RED:
        _name(finding, values["responsible"])


def _eliminate(viewer: Viewer, finding: Finding, _values: Mapping[str, Any]) -> None:
    finding.eliminated, finding.eliminated_by_id = timezone.now(), viewer.actor.user_id


def _verify(viewer: Viewer, finding: Finding, _values: Mapping[str, Any]) -> None:
    refusal = refusal_of_verifier(viewer.actor.user_id, finding.eliminated_by_id, finding.responsible_id)
    if refusal:
        raise ValidationError(_("Whoever eliminated a hazard, or was responsible for that, does not verify it."))
    finding.verified, finding.verified_by_id = timezone.now(), viewer.actor.user_id


def _forget_elimination(_viewer: Viewer, finding: Finding, _values: Mapping[str, Any]) -> None:
    finding.eliminated = finding.eliminated_by = None


def _close(_viewer: Viewer, finding: Finding, _values: Mapping[str, Any]) -> None:
    finding.closed = timezone.now()


def _merge(viewer: Viewer, finding: Finding, values: Mapping[str, Any]) -> None:
    into: Finding = values["merged_into"]
    if into.pk == finding.pk or into.owner_id != finding.owner_id or into.state == FindingState.DUPLICATE:
        raise ValidationError(
            {"merged_into": _("It must be another finding of the same organization, no duplicate itself.")}
        )
    if not allows(into, viewer, Permission.EDIT):
        raise PermissionDenied(_("Your role does not allow this step."))
    finding.merged_into = into


def _reopen(_viewer: Viewer, finding: Finding, _values: Mapping[str, Any]) -> None:
    finding.eliminated = finding.eliminated_by = finding.verified = finding.verified_by = finding.closed = None
    finding.merged_into = None
    finding.reopenings += 1


def _escalate(_viewer: Viewer, finding: Finding, _values: Mapping[str, Any]) -> None:
    finding.escalation += 1


def _nothing(_viewer: Viewer, _finding: Finding, _values: Mapping[str, Any]) -> None:
    pass


_EFFECTS: Mapping[Action, Callable[[Viewer, Finding, Mapping[str, Any]], None]] = {
    Action.TRIAGE: _judge,
    Action.ASSIGN: _assign,
    Action.ELIMINATE: _eliminate,
    Action.VERIFY: _verify,
    Action.RETURN: _forget_elimination,
    Action.CLOSE: _close,
    Action.REJECT: _nothing,
    Action.MERGE: _merge,
    Action.REOPEN: _reopen,
    Action.ESCALATE: _escalate,
}


def comment(viewer: Viewer, finding: Finding, note: str) -> FindingEvent:
    """Say something about a finding.

    Parameters
    ----------
    viewer : Viewer
        Who says it.
    finding : Finding
        About which.
    note : str
        What.

    Returns
    -------
    FindingEvent
        Stored.

    Raises
    ------
    PermissionDenied
        If the viewer may not comment on it.
    ValidationError
        If nothing is said.
    """
    if not allows(finding, viewer, Permission.COMMENT):
        raise PermissionDenied(_("Your role does not allow to comment here."))
    if not note.strip():
        raise ValidationError({"note": _("This field is required.")})
    with transaction.atomic():
        return _happened(viewer.actor, finding, "comment", note.strip())


def _happened(actor: Actor, finding: Finding, action: str, note: str) -> FindingEvent:
    event = FindingEvent(
        finding=finding,
        user_id=actor.user_id,
        organization_id=actor.organization_id,
        action=action,
        state=finding.state,
        note=note,
    )
    event.full_clean()
    event.save(force_insert=True)
    details = {"state": finding.state, "version": finding.version, "event": event.pk}
    chain = organization_chain(finding.owner_id)
    record(actor, f"finding.{action}", ("finding", finding.pk), chain=chain, details=details)
    return event
