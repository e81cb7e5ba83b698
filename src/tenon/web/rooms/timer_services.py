"""The clocks of findings: reminders, notices and chains, each step done once even where two workers look."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.db import transaction

from tenon.web.audit.rules import Actor
from tenon.web.audit.services import organization_chain, record
from tenon.web.rooms.alert_rules import OVERDUE, REMINDER, AlertKind, next_step, step_of
from tenon.web.rooms.alert_selectors import chain_for, home_of, members_with, plan_of, steps_done
from tenon.web.rooms.alert_services import Receiver, call, tell
from tenon.web.rooms.models import EscalationStep, Finding, Timer, TimerStep
from tenon.web.rooms.rules import FindingState, Urgency, days_allowed
from tenon.web.rooms.services import escalate_by_itself

__all__ = ["deadline_of", "tick"]

_RUNNING = frozenset({FindingState.REPORTED, FindingState.TRIAGED, FindingState.ASSIGNED})


def deadline_of(finding: Finding) -> datetime:
    """Say when a hazard must be gone.

    Parameters
    ----------
    finding : Finding
        Which.

    Returns
    -------
    datetime
        Its deadline; without one, the end of the days that its urgency allows.
    """
    return finding.deadline or finding.reported + timedelta(days=days_allowed(Urgency(finding.urgency)))


def tick(now: datetime, limit: int = 1000) -> int:
    """Do what is due by the clocks of findings.

    Parameters
    ----------
    now : datetime
        The time.
    limit : int
        How many findings to look at, those that wait longest first.

    Returns
    -------
    int
        How many steps were done.
    """
    waiting = Timer.objects.filter(next__lte=now).order_by("next").values_list("finding_id", flat=True)
    return sum(_look(finding_id, now) for finding_id in list(waiting[:limit]))


def _look(finding_id: uuid.UUID, now: datetime) -> int:
    """Look at the clock of one finding, with the finding locked: a second worker waits, and then finds nothing due."""
    with transaction.atomic():
        every = Finding.objects.select_for_update(of=("self",))  # one place: the platform itself, which acts for nobody
        finding = every.select_related("owner").get(pk=finding_id)
        timer = Timer.objects.get(pk=finding_id)
        if timer.next is None or timer.next > now:
            return 0
        count, timer.next = _advance(finding, now)
        timer.save(update_fields=["next"])
    return count


def _advance(finding: Finding, now: datetime) -> tuple[int, datetime | None]:
    """Do the steps that are due; return how many, and when to look again."""
    if FindingState(finding.state) not in _RUNNING:
        return 0, None
    deadline, count = deadline_of(finding), 0
    chain = chain_for(finding)
    steps = list(chain.steps.all()) if chain else []
    plan, done = plan_of(chain, steps), steps_done(finding, deadline)
    while (due := next_step(plan, deadline, done, now)) is not None and due.moment <= now:
        at = step_of(due.name)
        _do(finding, deadline, due.name, None if at is None else steps[at - 1])
        TimerStep.objects.create(finding=finding, deadline=deadline, name=due.name, time=now)
        done[due.name] = now
        count += 1
    return count, due.moment if due else None


def _do(finding: Finding, deadline: datetime, name: str, step: EscalationStep | None) -> None:
    key = f"{deadline.isoformat()} {name}"
    if step is None:
        tell(finding, {REMINDER: AlertKind.DUE, OVERDUE: AlertKind.OVERDUE}[name], key)
    else:
        call(_called(step, finding), finding, key)
        if step.escalates:
            escalate_by_itself(finding)
    chain, details = organization_chain(finding.owner_id), {"step": name, "deadline": deadline}
    record(Actor(), "finding.timer", ("finding", finding.pk), chain=chain, details=details)


def _called(step: EscalationStep, finding: Finding) -> list[Receiver]:
    if step.user_id is not None:
        organization_id = home_of(step.user_id, finding)
        return [] if organization_id is None else [(step.user_id, organization_id)]
    return members_with(step.role_id, finding) if step.role_id is not None else []
