"""Writing findings: every step along the edges of the rules, its event and its record in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tenon.web.accounts.models import User
from tenon.web.audit.rules import Actor
from tenon.web.audit.services import organization_chain, record
from tenon.web.interface.rules import STALE
from tenon.web.organizations.models import Organization, Share
from tenon.web.organizations.policies import Viewer, allows, kind_of
from tenon.web.organizations.row_policies import as_platform, locked_row
from tenon.web.organizations.rules import Capability, Marking, Permission, Profile, Reach, reach_allowed
from tenon.web.rooms.alert_services import follow
from tenon.web.rooms.equipment_rules import on_one_line
from tenon.web.rooms.models import Counter, Equipment, Finding, FindingEvent
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

__all__ = [
    "REVISABLE",
    "STALE",
    "acting",
    "add_event",
    "admit",
    "changes",
    "comment",
    "escalate_by_itself",
    "may_revise",
    "move",
    "must_allow",
    "name_equipment",
    "name_on_finding",
    "report",
    "report_for",
    "revise",
]

# What can be changed on its way without a step, while it is not eliminated yet.
REVISABLE = ("severity", "urgency", "measure", "means", "deadline", "fallback")
# What an event refers to is there: the database insists on it, and need not be asked before.
_KNOWN = {"finding", "user", "organization"}
_REVISED_IN = frozenset({FindingState.REPORTED, FindingState.TRIAGED, FindingState.ASSIGNED})


def acting(viewer: Viewer) -> tuple[uuid.UUID, uuid.UUID]:
    """Say who acts, and for which organization.

    Parameters
    ----------
    viewer : Viewer
        Who acts.

    Returns
    -------
    (UUID, UUID)
        The person and the organization.

    Raises
    ------
    PermissionDenied
        If it is nobody, or somebody who belongs to no organization.
    """
    user_id, organization_id = viewer.actor.user_id, viewer.actor.organization_id
    if user_id is None or organization_id is None:
        raise PermissionDenied(_("Only people who act for an organization can do this."))
    return user_id, organization_id


def report(viewer: Viewer, owner: Organization, fields: Mapping[str, Any], source: Source = Source.PAGE) -> Finding:
    """Report a hazard in one's own organization.

    Parameters
    ----------
    viewer : Viewer
        Who reports.
    owner : Organization
        The organization acted for, or one below it.
    fields : mapping
        Title, description, level, channel, hazard, severity, urgency, equipment, place, cost, reach and marking, as far
        as known.
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
    _must_fit(viewer, finding)
    return _store(viewer.actor, finding)


def admit(viewer: Viewer, owner: Organization, fields: Mapping[str, Any], source: Source) -> Finding:
    """Take what came in from outside as a finding of one's own organization; who reported it stays unknown.

    Parameters
    ----------
    viewer : Viewer
        Who takes it.
    owner : Organization
        The organization acted for, or one below it.
    fields : mapping
        As for `report`.
    source : Source
        How it came in.

    Returns
    -------
    Finding
        Stored, with its number.

    Raises
    ------
    PermissionDenied
        If the viewer's role does not judge reports, or the organization is not the viewer's.
    ValidationError
        If a field is none that can be.
    """
    if Capability.TRIAGE not in viewer.capabilities or owner.pk not in viewer.own:
        raise PermissionDenied(_("Your role does not allow to judge reports here."))
    finding = Finding(owner=owner, source=source, **fields)
    _must_fit(viewer, finding)
    # Marked red, it is out of sight until somebody is named on it.
    with as_platform(), transaction.atomic():
        stored = _store(viewer.actor, finding)
        if finding.marking == Marking.RED and viewer.actor.user_id is not None:
            name_on_finding(finding, User.objects.get(pk=viewer.actor.user_id))
    return stored


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
    # It is theirs from the beginning.
    with as_platform(), transaction.atomic():
        finding = _store(Actor(on_behalf_of=owner.pk), Finding(owner=owner, source=Source.PAGE, **fields))
        own = organization_chain(viewer.actor.organization_id)
        record(viewer.actor, "finding.reported_elsewhere", ("organization", owner.pk), chain=own)
    return finding


def _must_fit(viewer: Viewer, finding: Finding) -> None:
    """Refuse equipment that the viewer does not see, or that stands in another part of the organizations' tree."""
    equipment = finding.equipment
    if equipment is None:
        return
    if not allows(equipment, viewer, Permission.READ) or not on_one_line(equipment.owner.path, finding.owner.path):
        raise ValidationError({"equipment": _("This equipment does not belong to the organization of the finding.")})


def _store(actor: Actor, finding: Finding) -> Finding:
    if not reach_allowed(Reach(finding.reach), Marking(finding.marking)):
        raise ValidationError({"reach": _("This marking forbids this reach.")})
    # Before the transaction, for which others wait; the number comes in it, and nobody chooses it.
    finding.full_clean(exclude=["number"])
    with transaction.atomic():
        counter, _new = Counter.objects.select_for_update().get_or_create(organization_id=finding.owner_id)
        counter.last += 1
        counter.save(update_fields=["last"])
        finding.number = counter.last
        finding.save(force_insert=True)
        if finding.marking == Marking.RED and finding.reported_by is not None:
            name_on_finding(finding, finding.reported_by)
        add_event(actor, finding, "report", finding.description)
    return finding


def name_on_finding(finding: Finding, user: User) -> None:  # one place: part of the step that the caller records
    """Name somebody on a finding marked red, who would lose sight of it otherwise.

    Parameters
    ----------
    finding : Finding
        The finding; the caller has checked that it may be done.
    user : User
        Whom.
    """
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
        current = locked_row(Finding.objects.select_related("owner"), finding.pk)
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
        add_event(viewer.actor, current, action, str(values.get("note", "")))
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
        name_on_finding(finding, values["responsible"])


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


def escalate_by_itself(finding: Finding) -> None:
    """Escalate a finding because its time is over: the platform does it, and nobody in person.

    Parameters
    ----------
    finding : Finding
        Locked by the caller, in whose transaction it is done; changed in place.
    """
    finding.escalation += 1
    finding.version += 1
    finding.save(update_fields=["escalation", "version"])
    add_event(Actor(), finding, Action.ESCALATE, "")


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
        return add_event(viewer.actor, finding, "comment", note.strip())


def name_equipment(viewer: Viewer, finding: Finding, equipment: Equipment | None, version: int) -> Finding:
    """Say which piece of equipment a finding is at.

    Parameters
    ----------
    viewer : Viewer
        Who says it.
    finding : Finding
        Which.
    equipment : Equipment, optional
        None where it is at no equipment.
    version : int
        The version that the viewer saw.

    Returns
    -------
    Finding
        As it stands now.

    Raises
    ------
    PermissionDenied
        If the viewer's role or the share does not allow to change the finding.
    ValidationError
        If the equipment belongs to others, or somebody changed the finding meanwhile (with the code `STALE`).
    """
    with transaction.atomic():
        current = locked_row(Finding.objects.select_related("owner"), finding.pk)
        if Capability.TRIAGE not in viewer.capabilities or not allows(current, viewer, Permission.EDIT):
            raise PermissionDenied(_("Your role does not allow this step."))
        _must_be_current(current, version)
        current.equipment = equipment
        _must_fit(viewer, current)
        current.version += 1
        current.save(update_fields=["equipment", "version"])
        # Whoever sees the finding may not see the equipment: its name stands in no event.
        add_event(viewer.actor, current, "equipment", "")
    return current


def may_revise(viewer: Viewer, finding: Finding) -> bool:
    """Say whether a viewer may change the values of a finding: as whoever judges and assigns it.

    Parameters
    ----------
    viewer : Viewer
        Who wants to.
    finding : Finding
        Which.

    Returns
    -------
    bool
        True if they may edit it and their role judges.
    """
    return Capability.TRIAGE in viewer.capabilities and allows(finding, viewer, Permission.EDIT)


def revise(viewer: Viewer, finding: Finding, values: Mapping[str, Any], note: str, version: int) -> Finding:
    """Change values of a finding without a step.

    Parameters
    ----------
    viewer : Viewer
        Who changes them.
    finding : Finding
        Which.
    values : mapping
        Some of `REVISABLE`.
    note : str
        Why.
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
        If somebody changed the finding meanwhile (with the code `STALE`), it is eliminated or over, nothing would
        change, no reason is given, or a value is none that can be.
    """
    with transaction.atomic():
        current = locked_row(Finding.objects.select_related("owner"), finding.pk)
        if not may_revise(viewer, current):
            raise PermissionDenied(_("Your role does not allow to change this."))
        _must_be_current(current, version)
        if current.state not in _REVISED_IN:
            raise ValidationError(_("What is eliminated or over is not changed any more. Send it back or reopen it."))
        changed = changes(current, values)
        if not changed:
            raise ValidationError(_("Nothing would change."))
        if not note.strip():
            raise ValidationError({"note": _("This field is required.")})
        for name in changed:
            setattr(current, name, values[name])
        current.version += 1
        current.full_clean()
        current.save()
        add_event(viewer.actor, current, "revise", note.strip(), {"changed": changed})
    return current


def changes(finding: Finding, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """List what values would change of a finding.

    Parameters
    ----------
    finding : Finding
        As it stands.
    values : mapping
        Some of `REVISABLE`.

    Returns
    -------
    dict from str to list
        For each field that would change, what it is and what it would be.
    """
    pairs = {name: [getattr(finding, name), values[name]] for name in REVISABLE if name in values}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def add_event(
    actor: Actor, finding: Finding, action: str, note: str, details: Mapping[str, Any] | None = None
) -> FindingEvent:
    """Add to the history of a finding, with its record; inside the transaction of what happened.

    Parameters
    ----------
    actor : Actor
        Who did it.
    finding : Finding
        To which.
    action : str
        What, as labels say it.
    note : str
        In their words.
    details : mapping, optional
        More for the record.

    Returns
    -------
    FindingEvent
        Stored.
    """
    event = FindingEvent(
        finding=finding,
        user_id=actor.user_id,
        organization_id=actor.organization_id,
        action=action,
        state=finding.state,
        note=note,
    )
    event.clean_fields(exclude=_KNOWN)
    event.save(force_insert=True)
    kept = {"state": finding.state, "version": finding.version, "event": event.pk, **(details or {})}
    chain = organization_chain(finding.owner_id)
    record(actor, f"finding.{action}", ("finding", finding.pk), chain=chain, details=kept)
    follow(event)
    return event
