"""Writing inspection rounds: planned, started, answered, and finished once; what failed becomes a finding then."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tenon.web.organizations.policies import Viewer, allows
from tenon.web.organizations.rules import Capability, Permission
from tenon.web.rooms.equipment_rules import Answer, ItemKind, Outcome, judged, unanswered, urgency_of
from tenon.web.rooms.equipment_services import recorded, require_keeper
from tenon.web.rooms.models import Checklist, ChecklistItem, Equipment, Finding, InspectionRound, Reading, RoundAnswer
from tenon.web.rooms.rules import Hazard, Level, Severity, Source
from tenon.web.rooms.services import STALE, report

__all__ = ["answer", "plan", "start"]


def plan(viewer: Viewer, item: Equipment, checklist: Checklist, due: date) -> InspectionRound:
    """Plan a round.

    Parameters
    ----------
    viewer : Viewer
        Who plans.
    item : Equipment
        Where.
    checklist : Checklist
        With what; the version that holds now.
    due : date
        When it must be done.

    Returns
    -------
    InspectionRound
        Stored.

    Raises
    ------
    PermissionDenied
        If the viewer may not change the equipment.
    ValidationError
        If the checklist is of other equipment, or there is a newer version.
    """
    require_keeper(viewer, item)
    _must_hold(item, checklist)
    with transaction.atomic():
        made = InspectionRound.objects.create(
            equipment=item, checklist=checklist, due=due, planned_by_id=viewer.actor.user_id
        )
        recorded(viewer.actor, "round_planned", item, {"round": made.pk, "due": due.isoformat()})
    return made


def start(
    viewer: Viewer, item: Equipment, checklist: Checklist, planned: InspectionRound | None = None
) -> InspectionRound:
    """Start a round, a planned one or one that nobody planned.

    Parameters
    ----------
    viewer : Viewer
        The inspector.
    item : Equipment
        Where.
    checklist : Checklist
        With what, where the round was not planned; a planned one has its own.
    planned : InspectionRound, optional
        The planned round.

    Returns
    -------
    InspectionRound
        Under way; one that was under way already stays as it is.

    Raises
    ------
    PermissionDenied
        If the viewer's role does not report, or the equipment is not of the viewer's own organizations.
    ValidationError
        If the checklist is of other equipment, or there is a newer version.
    """
    _must_inspect(viewer, item)
    with transaction.atomic():
        if planned is None:
            _must_hold(item, checklist)
            found = InspectionRound(equipment=item, checklist=checklist)
        else:
            found = InspectionRound.objects.select_for_update(of=("self",)).get(pk=planned.pk, equipment=item)
            if found.started is not None:
                return found
            found.version += 1
        found.started, found.started_by_id = timezone.now(), viewer.actor.user_id
        found.save(force_insert=planned is None)
        recorded(viewer.actor, "round_started", item, {"round": found.pk})
    return found


def answer(
    viewer: Viewer,
    found: InspectionRound,
    answers: Mapping[uuid.UUID, Answer],
    version: int,
    *,
    finish: bool,
) -> InspectionRound:
    """Store what was answered in a round, and finish it if asked to.

    A form that is sent twice changes nothing the second time, neither a finished round nor one with these answers.

    Parameters
    ----------
    viewer : Viewer
        The inspector.
    found : InspectionRound
        Under way.
    answers : mapping from UUID to Answer
        By item of the round's checklist; others are not looked at, and items that are missing lose their answers.
    version : int
        The version that the viewer saw.
    finish : bool
        Whether the round is over. Then every item needs an answer, and each that failed becomes a finding.

    Returns
    -------
    InspectionRound
        As it stands now.

    Raises
    ------
    PermissionDenied
        If the viewer's role does not report, or the equipment is not of the viewer's own organizations.
    ValidationError
        If the round has not begun, an item has no answer, or somebody changed it meanwhile (with the code `STALE`).
    """
    _must_inspect(viewer, found.equipment)
    with transaction.atomic():
        current = InspectionRound.objects.select_for_update(of=("self",)).select_related(
            "equipment__owner", "checklist"
        )
        there = current.get(pk=found.pk)
        if there.finished is not None:
            return there
        if there.started is None:
            raise ValidationError(_("This round has not begun. Start it first."))
        items = list(ChecklistItem.objects.filter(checklist=there.checklist))
        given = _given(there, items, answers)
        is_news = _differs(there, given)
        if is_news and there.version != version:
            raise ValidationError(
                _("Somebody changed this round meanwhile. Nothing was changed; look at it again and repeat."),
                code=STALE,
            )
        if finish:
            _must_be_complete(items, given)
        if is_news:
            RoundAnswer.objects.filter(round=there).delete()
            RoundAnswer.objects.bulk_create(given)
            there.version += 1
            recorded(viewer.actor, "round_answered", there.equipment, {"round": there.pk, "answers": len(given)})
        if finish:
            _finish(viewer, there)
        there.save()
    return there


def _must_inspect(viewer: Viewer, item: Equipment) -> None:
    own = item.owner_id in viewer.own and Capability.REPORT in viewer.capabilities
    if not own or not allows(item, viewer, Permission.READ):
        raise PermissionDenied(_("Your role does not allow to inspect this equipment."))


def _must_hold(item: Equipment, checklist: Checklist) -> None:
    if not Checklist.objects.filter(pk=checklist.pk, equipment=item, is_current=True).exists():
        raise ValidationError(
            _("There is a newer version of this checklist, or it is of other equipment. Choose again.")
        )


def _given(
    found: InspectionRound, items: Sequence[ChecklistItem], answers: Mapping[uuid.UUID, Answer]
) -> list[RoundAnswer]:
    """Judge what was entered; items without an answer are left out."""
    given = []
    for item in items:
        entered = answers.get(item.pk, Answer())
        outcome = judged(ItemKind(item.kind), item.low, item.high, entered)
        if outcome is not None:
            value = entered.value if item.kind == ItemKind.READING else None
            given.append(RoundAnswer(round=found, item=item, outcome=outcome, value=value, note=entered.note.strip()))
    for row in given:
        row.full_clean(exclude=["round", "item"], validate_unique=False, validate_constraints=False)
    return given


def _differs(found: InspectionRound, given: Sequence[RoundAnswer]) -> bool:
    names = ("item_id", "outcome", "value", "note")
    stored = set(RoundAnswer.objects.filter(round=found).values_list(*names))
    return stored != {tuple(getattr(row, name) for name in names) for row in given}


def _must_be_complete(items: Sequence[ChecklistItem], given: Sequence[RoundAnswer]) -> None:
    outcomes: dict[object, Outcome | None] = {row.item_id: Outcome(row.outcome) for row in given}
    absent = unanswered([item.pk for item in items], outcomes)
    if absent:
        names = "; ".join(item.text for item in items if item.pk in absent)
        raise ValidationError(
            _("Every item needs an answer, or a note that says why it was skipped: %(items)s") % {"items": names}
        )


def _finish(viewer: Viewer, found: InspectionRound) -> None:
    made = []
    for row in RoundAnswer.objects.filter(round=found, outcome=Outcome.FAIL).select_related("item"):
        finding = _finding(viewer, found, row)
        RoundAnswer.objects.filter(pk=row.pk).update(finding=finding)
        made.append(finding.pk)
    found.finished, found.finished_by_id = timezone.now(), viewer.actor.user_id
    found.version += 1
    recorded(viewer.actor, "round_finished", found.equipment, {"round": found.pk, "findings": made})
    if found.checklist.every_days:
        _plan_next(viewer, found)


def _finding(viewer: Viewer, found: InspectionRound, row: RoundAnswer) -> Finding:
    equipment, item = found.equipment, row.item
    severity = Severity(item.severity)
    fields = {
        "title": item.text,
        "description": "\n".join(part for part in (_measured(row), row.note) if part),
        "level": Level.EQUIPMENT.value,
        "channel": equipment.channel,
        "hazard": Hazard.EQUIPMENT.value,
        "severity": severity.value,
        "urgency": urgency_of(severity).value,
        "equipment": equipment,
        "place": equipment.place,
        "marking": equipment.marking,
    }
    finding = report(viewer, equipment.owner, fields, Source.ROUND)
    if row.value is not None:
        Reading.objects.create(
            finding=finding,
            quantity=item.text,
            value=row.value,
            unit=item.unit,
            low=item.low,
            high=item.high,
            user_id=viewer.actor.user_id,
        )
    return finding


def _measured(row: RoundAnswer) -> str:
    if row.value is None:
        return ""
    item = row.item
    figures = {"value": row.value, "low": item.low, "high": item.high}
    words = {name: f"{figure:.6g}" for name, figure in figures.items() if figure is not None}
    words["unit"] = item.unit
    if item.low is None:
        return _("Read %(value)s %(unit)s; at most %(high)s is allowed.") % words
    if item.high is None:
        return _("Read %(value)s %(unit)s; at least %(low)s is required.") % words
    return _("Read %(value)s %(unit)s; %(low)s to %(high)s is allowed.") % words


def _plan_next(viewer: Viewer, found: InspectionRound) -> None:
    """Plan the next round of a checklist that comes back, in its newest version, unless one is planned already."""
    series, days = found.checklist.series, found.checklist.every_days or 0
    waiting = InspectionRound.objects.filter(checklist__series=series, finished__isnull=True).exclude(pk=found.pk)
    newest = Checklist.objects.filter(series=series, is_current=True).first()
    if newest is None or waiting.exists():
        return
    due = timezone.localdate() + timedelta(days=days)
    made = InspectionRound.objects.create(
        equipment=found.equipment, checklist=newest, due=due, planned_by_id=viewer.actor.user_id
    )
    recorded(viewer.actor, "round_planned", found.equipment, {"round": made.pk, "due": due.isoformat()})
