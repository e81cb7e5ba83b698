"""What programs send and get about equipment and inspection rounds."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from tenon.web.interface.paging import Paging
from tenon.web.interface.schemas import In, Line, Out, Page, PersonOut, Text
from tenon.web.organizations.rules import Marking, Permission, Reach
from tenon.web.rooms.availability_rules import Arrangement
from tenon.web.rooms.equipment_rules import Criticality, EquipmentClass, ItemKind, Outcome
from tenon.web.rooms.equipment_selectors import MeasuredEquipment, MeasuredSeries, SiteAvailability, lines_of
from tenon.web.rooms.models import Checklist, ChecklistItem, InspectionRound, Reading, RoundAnswer
from tenon.web.rooms.rules import Channel, Severity
from tenon.web.rooms.schemas import person_out

__all__ = [
    "AnswersIn",
    "CapacityOut",
    "ChecklistOut",
    "EquipmentFiltersIn",
    "EquipmentOut",
    "EquipmentPage",
    "PointOut",
    "ReadingIn",
    "ReadingOut",
    "RoundFiltersIn",
    "RoundIn",
    "RoundOut",
    "RoundPage",
    "SeriesOut",
    "SiteOut",
    "checklist_out",
    "equipment_out",
    "reading_out",
    "round_out",
    "series_out",
    "site_out",
]

_Quantity = Annotated[Line, StringConstraints(min_length=1, max_length=160)]
_Unit = Annotated[Line, StringConstraints(min_length=1, max_length=20)]
_Note = Annotated[Text, StringConstraints(max_length=500)]
_ITEMS_MOST = 200


class EquipmentFiltersIn(Paging):
    """Which equipment is wanted; what is left out asks for nothing."""

    owner: uuid.UUID | None = None
    equipment_class: EquipmentClass | None = None
    criticality: Criticality | None = None
    search: Annotated[Line, StringConstraints(max_length=200)] | None = None


class RoundFiltersIn(Paging):
    """Which rounds are wanted; what is left out asks for nothing."""

    state: Literal["planned", "under way", "finished"] | None = None
    equipment: uuid.UUID | None = None


class RoundIn(In):
    """A round that nobody planned."""

    checklist: uuid.UUID = Field(description="In the version that holds now.")


class _AnswerIn(In):
    """What was found at one item: a value, or how it is; a note says why it was skipped."""

    item: uuid.UUID
    outcome: Outcome | None = None
    value: float | None = Field(None, allow_inf_nan=False)
    note: _Note = ""


class AnswersIn(In):
    """All answers of a round; an item that is missing loses its answer."""

    answers: list[_AnswerIn] = Field(max_length=_ITEMS_MOST)
    finish: bool = Field(
        default=False, description="Whether the round is over; then each item that failed becomes a finding."
    )


class ReadingIn(In):
    """Something measured at a finding, and its limits."""

    quantity: _Quantity
    value: float = Field(allow_inf_nan=False)
    unit: _Unit
    low: float | None = Field(None, allow_inf_nan=False)
    high: float | None = Field(None, allow_inf_nan=False)


class EquipmentOut(Out):  # budget: one piece of equipment with its place in the tree and its figures
    """A piece of equipment; figures are for its owner alone, and its place only for whom it is not kept back from."""

    id: uuid.UUID
    owner: uuid.UUID
    version: int
    code: str
    name_en: str
    name_zh: str
    equipment_class: EquipmentClass
    criticality: Criticality
    channel: Channel
    place: str
    site_name: str
    parent: uuid.UUID | None = Field(description="What it stands below, if I see that.")
    arrangement: Arrangement
    needed: int | None
    mtbf_hours: float | None
    mttr_hours: float | None
    capacity_share: float | None
    availability: float | None = Field(description="The share of the time in which it can run, with its open findings.")
    undisturbed: float | None = Field(description="The same without open critical findings.")
    open_findings: int
    critical_findings: int
    marking: Marking
    reach: Reach
    may: list[Permission]


class EquipmentPage(Page):
    """Equipment."""

    items: list[EquipmentOut]


class PointOut(Out):
    """One reading."""

    time: datetime
    value: float


class SeriesOut(Out):
    """Readings of one quantity, the oldest first."""

    quantity: str
    unit: str
    low: float | None
    high: float | None
    readings: list[PointOut]


class CapacityOut(Out):
    """How likely a site has so much of its capacity."""

    level: float
    probability: float


class SiteOut(Out):
    """What a site can do, as far as its equipment tells."""

    site: str
    expected: float
    undisturbed: float
    capacity: list[CapacityOut]
    without_figures: list[str]
    units: int


class _ItemOut(Out):
    """One thing to look at or to read."""

    id: uuid.UUID
    position: int
    text: str
    kind: ItemKind
    unit: str
    low: float | None
    high: float | None
    severity: Severity


class ChecklistOut(Out):
    """A checklist in the version that holds now."""

    id: uuid.UUID
    name: str
    number: int
    every_days: int | None
    items: list[_ItemOut]


class _AnswerOut(Out):
    """What was found at one item."""

    item: uuid.UUID
    outcome: Outcome
    value: float | None
    note: str
    finding: uuid.UUID | None


class RoundOut(Out):  # budget: a round with who did what and when
    """An inspection round of my own organizations; items and answers are null in lists."""

    id: uuid.UUID
    version: int
    equipment: uuid.UUID
    checklist: uuid.UUID
    name: str
    due: date | None
    started: datetime | None
    started_by: PersonOut | None
    finished: datetime | None
    finished_by: PersonOut | None
    items: list[_ItemOut] | None
    answers: list[_AnswerOut] | None


class RoundPage(Page):
    """Rounds."""

    items: list[RoundOut]


class ReadingOut(Out):
    """Something measured at a finding."""

    id: uuid.UUID
    time: datetime
    quantity: str
    value: float
    unit: str
    low: float | None
    high: float | None


_PLAIN = (
    *("version", "code", "name_en", "name_zh", "equipment_class", "criticality", "channel", "place", "site_name"),
    *("arrangement", "needed", "marking", "reach"),
)
_FIGURES = ("mtbf_hours", "mttr_hours", "capacity_share")
_ITEM = ("position", "text", "kind", "unit", "low", "high", "severity")
_READING = ("time", "quantity", "value", "unit", "low", "high")


def equipment_out(seen: MeasuredEquipment) -> EquipmentOut:
    """Return a piece of equipment.

    Parameters
    ----------
    seen : MeasuredEquipment
        As its viewer may see it.

    Returns
    -------
    EquipmentOut
        What programs get.
    """
    item = seen.equipment
    return EquipmentOut.model_validate(
        {name: getattr(item, name) for name in _PLAIN}
        | {name: getattr(item, name) if seen.owns else None for name in _FIGURES}
        | {
            "id": item.pk,
            "owner": item.owner_id,
            "parent": seen.parent,
            "availability": seen.availability,
            "undisturbed": seen.undisturbed,
            "open_findings": seen.open,
            "critical_findings": seen.critical,
            "may": sorted(seen.may),
        }
    )


def series_out(series: MeasuredSeries) -> SeriesOut:
    """Return readings of one quantity.

    Parameters
    ----------
    series : MeasuredSeries
        The readings.

    Returns
    -------
    SeriesOut
        What programs get.
    """
    points = [PointOut(time=time, value=value) for time, value in series.readings]
    return SeriesOut(quantity=series.quantity, unit=series.unit, low=series.low, high=series.high, readings=points)


def site_out(site: SiteAvailability) -> SiteOut:
    """Return what a site can do.

    Parameters
    ----------
    site : SiteAvailability
        As worked out.

    Returns
    -------
    SiteOut
        What programs get.
    """
    return SiteOut(
        site=site.site,
        expected=site.expected,
        undisturbed=site.undisturbed,
        capacity=[CapacityOut(level=level, probability=share) for level, share in sorted(site.capacity.items())],
        without_figures=list(site.without_figures),
        units=site.units,
    )


def _item_out(item: ChecklistItem) -> _ItemOut:
    return _ItemOut.model_validate({name: getattr(item, name) for name in _ITEM} | {"id": item.pk})


def checklist_out(checklist: Checklist) -> ChecklistOut:
    """Return a checklist.

    Parameters
    ----------
    checklist : Checklist
        With its items.

    Returns
    -------
    ChecklistOut
        What programs get.
    """
    return ChecklistOut(
        id=checklist.pk,
        name=checklist.name,
        number=checklist.number,
        every_days=checklist.every_days,
        items=[_item_out(item) for item in lines_of(checklist)],
    )


def round_out(
    found: InspectionRound,
    items: Sequence[ChecklistItem] | None = None,
    answers: Mapping[uuid.UUID, RoundAnswer] | None = None,
) -> RoundOut:
    """Return a round.

    Parameters
    ----------
    found : InspectionRound
        Of the viewer's own equipment.
    items : sequence of ChecklistItem, optional
        What is to be looked at; none in lists.
    answers : mapping from UUID to RoundAnswer, optional
        By item; none in lists.

    Returns
    -------
    RoundOut
        What programs get.
    """
    given = None if answers is None else [_answer_out(row) for row in answers.values()]
    return RoundOut(
        id=found.pk,
        version=found.version,
        equipment=found.equipment_id,
        checklist=found.checklist_id,
        name=found.checklist.name,
        due=found.due,
        started=found.started,
        started_by=person_out(found.started_by),
        finished=found.finished,
        finished_by=person_out(found.finished_by),
        items=None if items is None else [_item_out(item) for item in items],
        answers=given,
    )


def _answer_out(row: RoundAnswer) -> _AnswerOut:
    return _AnswerOut(
        item=row.item_id, outcome=Outcome(row.outcome), value=row.value, note=row.note, finding=row.finding_id
    )


def reading_out(reading: Reading) -> ReadingOut:
    """Return something measured.

    Parameters
    ----------
    reading : Reading
        Of a finding that the viewer may read.

    Returns
    -------
    ReadingOut
        What programs get.
    """
    return ReadingOut.model_validate({name: getattr(reading, name) for name in _READING} | {"id": reading.pk})
