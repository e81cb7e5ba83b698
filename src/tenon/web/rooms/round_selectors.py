"""Reading inspection rounds: those of the viewer's own equipment, and no others."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet
from django.utils import timezone

from tenon.web.organizations.policies import Viewer
from tenon.web.rooms.equipment_selectors import own_equipment
from tenon.web.rooms.models import ChecklistItem, InspectionRound, RoundAnswer

__all__ = [
    "answers_of",
    "finished_rounds",
    "items_of",
    "open_rounds",
    "overdue_rounds",
    "round_for",
    "rounds_for",
    "rounds_in",
]


def rounds_for(viewer: Viewer) -> QuerySet[InspectionRound]:
    """List the rounds of a viewer's own equipment.

    Parameters
    ----------
    viewer : Viewer
        Who looks.

    Returns
    -------
    QuerySet of InspectionRound
        In no order that matters.
    """
    there = InspectionRound.objects.filter(equipment__in=own_equipment(viewer).order_by().values("pk"))
    return there.select_related("equipment__owner", "checklist", "started_by", "finished_by")


def rounds_in(
    rounds: QuerySet[InspectionRound], state: str | None = None, equipment: uuid.UUID | None = None
) -> QuerySet[InspectionRound]:
    """Keep of a list of rounds what somebody asks for.

    Parameters
    ----------
    rounds : QuerySet of InspectionRound
        What the viewer may see.
    state : str, optional
        ``planned``, ``under way`` or ``finished``.
    equipment : UUID, optional
        Where.

    Returns
    -------
    QuerySet of InspectionRound
        Those that fit both.
    """
    if state == "finished":
        rounds = rounds.filter(finished__isnull=False)
    elif state is not None:
        rounds = rounds.filter(finished__isnull=True, started__isnull=state == "planned")
    return rounds if equipment is None else rounds.filter(equipment_id=equipment)


def open_rounds(viewer: Viewer) -> QuerySet[InspectionRound]:
    """List the rounds that are planned or under way.

    Parameters
    ----------
    viewer : Viewer
        Who looks.

    Returns
    -------
    QuerySet of InspectionRound
        Those that began first, then by the day that they are due.
    """
    return rounds_for(viewer).filter(finished__isnull=True).order_by("due", "started", "pk")


def overdue_rounds(viewer: Viewer) -> QuerySet[InspectionRound]:
    """List the rounds that should be finished by now.

    Parameters
    ----------
    viewer : Viewer
        Who looks.

    Returns
    -------
    QuerySet of InspectionRound
        The longest overdue first.
    """
    return open_rounds(viewer).filter(due__lt=timezone.localdate())


def finished_rounds(viewer: Viewer) -> QuerySet[InspectionRound]:
    """List the rounds that are over.

    Parameters
    ----------
    viewer : Viewer
        Who looks.

    Returns
    -------
    QuerySet of InspectionRound
        The newest first.
    """
    return rounds_for(viewer).filter(finished__isnull=False).order_by("-finished", "pk")


def round_for(viewer: Viewer, pk: uuid.UUID) -> InspectionRound | None:
    """Find one round of a viewer's own equipment.

    Parameters
    ----------
    viewer : Viewer
        Who looks.
    pk : UUID
        Which.

    Returns
    -------
    InspectionRound or None
        None where it is not there or not for this viewer.
    """
    return rounds_for(viewer).filter(pk=pk).first()


def items_of(found: InspectionRound) -> list[ChecklistItem]:
    """List what is to be looked at in a round.

    Parameters
    ----------
    found : InspectionRound
        Of the viewer's own equipment.

    Returns
    -------
    list of ChecklistItem
        In their order.
    """
    return list(ChecklistItem.objects.filter(checklist_id=found.checklist_id))


def answers_of(found: InspectionRound) -> dict[uuid.UUID, RoundAnswer]:
    """Find what was answered in a round so far.

    Parameters
    ----------
    found : InspectionRound
        Of the viewer's own equipment.

    Returns
    -------
    dict from UUID to RoundAnswer
        By item.
    """
    there = RoundAnswer.objects.filter(round=found).select_related("item", "finding")
    return {answer.item_id: answer for answer in there}
