"""Setting up what an organization does about findings that are overdue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tenon.schema.errors import ParameterError
from tenon.web.accounts.models import User
from tenon.web.audit.services import organization_chain, record
from tenon.web.organizations.models import Organization, Role
from tenon.web.organizations.policies import Viewer
from tenon.web.organizations.rules import Capability
from tenon.web.rooms.alert_rules import Plan
from tenon.web.rooms.alert_selectors import chains_of, people_to_call
from tenon.web.rooms.models import EscalationChain, EscalationStep, Timer
from tenon.web.rooms.rules import Severity

__all__ = ["StepPlan", "end_chain", "set_chain"]


@dataclass(frozen=True)
class StepPlan:
    """One step of a chain to be.

    Parameters
    ----------
    wait_hours : int, hours
        After the step before; for the first, after the deadline.
    receiver : Role or User, optional
        Whom it calls: everybody in a role, or one person.
    escalates : bool
        Whether it escalates the finding.
    """

    wait_hours: int
    receiver: Role | User | None = None
    escalates: bool = False


def set_chain(
    viewer: Viewer, organization: Organization, severity: Severity, name: str, plan: tuple[Plan, Sequence[StepPlan]]
) -> EscalationChain:
    """Say what is done about findings of an organization, from a severity on, that are overdue.

    Parameters
    ----------
    viewer : Viewer
        Who says.
    organization : Organization
        Of the viewer's own; the chain holds for those below it too, unless they have one.
    severity : Severity
        From which on.
    name : str
        What the chain is called.
    plan : (Plan, sequence of StepPlan)
        Times and repeats, and the steps with their receivers; the waits of both agree.

    Returns
    -------
    EscalationChain
        Stored; an earlier one for the same severity has ended.

    Raises
    ------
    PermissionDenied
        If the viewer does not administer the organization.
    ValidationError
        If a step does nothing, or calls somebody who is not of the organization.
    ParameterError
        If the waits of plan and steps differ.
    """
    _administer(viewer, organization)
    times, steps = plan
    if times.waits != tuple(step.wait_hours for step in steps):
        raise ParameterError(f"the waits of plan and steps must agree; they are {times.waits} and {steps}.")
    _check(organization, steps)
    with transaction.atomic():
        chains_of(organization).filter(severity=severity).update(ended=timezone.now())
        chain = EscalationChain(
            organization=organization,
            name=name,
            severity=severity,
            remind_hours=times.remind_hours,
            repeats=times.repeats,
        )
        chain.full_clean()
        chain.save(force_insert=True)
        EscalationStep.objects.bulk_create(_row(chain, at, step) for at, step in enumerate(steps, start=1))
        details = {"name": name, "severity": int(severity), "waits": list(times.waits), "repeats": times.repeats}
        _record(viewer, chain, "set", details)
    return chain


def end_chain(viewer: Viewer, chain: EscalationChain) -> None:
    """Let a chain hold no longer.

    Parameters
    ----------
    viewer : Viewer
        Who says.
    chain : EscalationChain
        Which.

    Raises
    ------
    PermissionDenied
        If the viewer does not administer the organization.
    """
    _administer(viewer, chain.organization)
    with transaction.atomic():
        if EscalationChain.objects.filter(pk=chain.pk, ended__isnull=True).update(ended=timezone.now()):
            _record(viewer, chain, "ended", {"name": chain.name})


def _administer(viewer: Viewer, organization: Organization) -> None:
    if Capability.ADMINISTER not in viewer.capabilities or organization.pk not in viewer.own:
        raise PermissionDenied(_("Only its administrators say what an organization does about overdue hazards."))


def _check(organization: Organization, steps: Sequence[StepPlan]) -> None:
    people = set(people_to_call(organization).values_list("pk", flat=True))
    for number, step in enumerate(steps, start=1):
        if step.receiver is None and not step.escalates:
            raise ValidationError(_("Step %(number)s does nothing.") % {"number": number})
        if isinstance(step.receiver, User) and step.receiver.pk not in people:
            raise ValidationError(_("Step %(number)s calls somebody of another organization.") % {"number": number})


def _row(chain: EscalationChain, number: int, step: StepPlan) -> EscalationStep:
    return EscalationStep(
        chain=chain,
        number=number,
        wait_hours=step.wait_hours,
        role=step.receiver if isinstance(step.receiver, Role) else None,
        user=step.receiver if isinstance(step.receiver, User) else None,
        escalates=step.escalates,
    )


def _record(viewer: Viewer, chain: EscalationChain, action: str, details: dict[str, object]) -> None:
    """Record a change of a chain, and have the clocks looked at that it may change."""
    below = Timer.objects.filter(finding__owner__path__startswith=chain.organization.path)
    below.filter(finding__state__in=["reported", "triaged", "assigned"]).update(next=timezone.now())
    subject = ("escalation chain", chain.pk)
    record(viewer.actor, f"chain.{action}", subject, chain=organization_chain(chain.organization_id), details=details)
