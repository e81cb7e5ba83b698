"""Reading equipment, its history and what a site can do: every list begins with what the viewer may see."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from tenon.web.organizations.policies import Viewer, standing_of, standings_of, visible_to
from tenon.web.organizations.rules import Hidden, Permission, hidden_parts, permissions
from tenon.web.rooms.availability_rules import Arrangement, Capacity, Unit, availability, capacity_of, expected, score
from tenon.web.rooms.charts import Chart, chart_of
from tenon.web.rooms.equipment_rules import Criticality
from tenon.web.rooms.models import Checklist, ChecklistItem, Equipment, Finding, InspectionRound, Reading, RoundAnswer
from tenon.web.rooms.rules import OPEN, FindingState, Severity, Urgency, priority
from tenon.web.rooms.selectors import findings_for

__all__ = [
    "TREE_MOST",
    "MeasuredEquipment",
    "MeasuredSeries",
    "Series",
    "ShownEquipment",
    "SiteAvailability",
    "TreeRow",
    "ancestors_of",
    "availability_of",
    "checklist_for",
    "checklists_of",
    "equipment_at",
    "equipment_for",
    "equipment_of",
    "findings_at",
    "lines_of",
    "measured_equipment",
    "narrowed_equipment",
    "own_equipment",
    "readings_at",
    "series_at",
    "shown_equipment",
    "sites_for",
    "tree_of",
]

TREE_MOST = 1000
_SERIES_MOST, _POINTS_MOST = 8, 60
# A hazard lowers availability until somebody else has verified that it is gone.
_LOWERING = OPEN - {FindingState.VERIFIED}


@dataclass(frozen=True)
class ShownEquipment:
    """A piece of equipment as a viewer gets it.

    Parameters
    ----------
    equipment : Equipment
        With its place emptied where that is kept back.
    may : frozenset of Permission
        What the viewer may do with it.
    owns : bool
        Whether it belongs to the viewer's own organizations; rounds and labels are for those alone.
    """

    equipment: Equipment
    may: frozenset[Permission]
    owns: bool


@dataclass(frozen=True)
class MeasuredEquipment(ShownEquipment):
    """A piece of equipment with what is open at it, and what that leaves it able to do.

    Parameters
    ----------
    equipment : Equipment
        With its place emptied where that is kept back.
    may : frozenset of Permission
        What the viewer may do with it.
    owns : bool
        Whether it belongs to the viewer's own organizations.
    parent : UUID, optional
        What it stands below, where the viewer sees that.
    open, critical : int
        Findings at it that are open, and the critical ones among them, of those that the viewer sees.
    availability, undisturbed : float, optional
        The share of the time in which it can run, with and without its open critical findings; none without failure
        figures, and for others than its owner.
    """

    parent: uuid.UUID | None
    open: int
    critical: int
    availability: float | None
    undisturbed: float | None


@dataclass(frozen=True)
class TreeRow:
    """One line of the tree.

    Parameters
    ----------
    equipment : Equipment
        What stands there.
    depth : int
        How far below the highest that the viewer sees.
    open : int
        Findings at it that are open, of those that the viewer sees.
    critical : int
        The critical ones among them.
    """

    equipment: Equipment
    depth: int
    open: int
    critical: int


@dataclass(frozen=True)
class MeasuredSeries:
    """Readings of one quantity at one piece of equipment.

    Parameters
    ----------
    quantity, unit : str
        What was read.
    low, high : float, optional
        The limits that held last.
    readings : tuple of (datetime, float)
        The latest ones, the oldest first.
    """

    quantity: str
    unit: str
    low: float | None
    high: float | None
    readings: tuple[tuple[datetime, float], ...]


@dataclass(frozen=True)
class Series:
    """Readings of one quantity at one piece of equipment, drawn.

    Parameters
    ----------
    quantity, unit : str
        What was read.
    low, high : float, optional
        The limits that held last.
    chart : Chart
        The latest readings, placed for the picture.
    """

    quantity: str
    unit: str
    low: float | None
    high: float | None
    chart: Chart


@dataclass(frozen=True)
class SiteAvailability:
    """What a site can do, as far as its equipment tells.

    Parameters
    ----------
    site : str
        Its name in the chain.
    capacity : Capacity
        Probability by capacity factor.
    expected : float
        Its mean.
    undisturbed : float
        The mean without open critical findings.
    without_figures : tuple of str
        Codes of equipment with open critical findings that change nothing here, for want of failure figures.
    units : int
        How many pieces of equipment were counted.
    """

    site: str
    capacity: Capacity
    expected: float
    undisturbed: float
    without_figures: tuple[str, ...]
    units: int


def equipment_for(viewer: Viewer, permission: Permission = Permission.READ) -> QuerySet[Equipment]:
    """List the equipment that a viewer may read, or may do something else with.

    Parameters
    ----------
    viewer : Viewer
        Who looks.
    permission : Permission
        What for.

    Returns
    -------
    QuerySet of Equipment
        By code.
    """
    return visible_to(Equipment.objects.select_related("owner"), viewer, permission).order_by("code", "pk")


def own_equipment(viewer: Viewer, permission: Permission = Permission.READ) -> QuerySet[Equipment]:
    """List the equipment of a viewer's own organizations that the viewer may read, or may do something else with.

    Parameters
    ----------
    viewer : Viewer
        Who looks.
    permission : Permission
        What for.

    Returns
    -------
    QuerySet of Equipment
        By code.
    """
    return equipment_for(viewer, permission).filter(owner_id__in=viewer.own)


def equipment_at(viewer: Viewer, pk: uuid.UUID) -> Equipment | None:
    """Find one piece of equipment that a viewer may read.

    Parameters
    ----------
    viewer : Viewer
        Who looks.
    pk : UUID
        Which.

    Returns
    -------
    Equipment or None
        None where it is not there or not for this viewer.
    """
    return equipment_for(viewer).filter(pk=pk).first()


def equipment_of(viewer: Viewer, finding: Finding) -> Equipment | None:
    """Find the equipment that a finding names, if the viewer may read that too.

    Parameters
    ----------
    viewer : Viewer
        Who looks.
    finding : Finding
        One that the viewer may read.

    Returns
    -------
    Equipment or None
        None where it names none, or one that is not for this viewer.
    """
    return None if finding.equipment_id is None else equipment_at(viewer, finding.equipment_id)


def shown_equipment(viewer: Viewer, item: Equipment) -> ShownEquipment:
    """Prepare a piece of equipment for a viewer.

    Parameters
    ----------
    viewer : Viewer
        Who looks.
    item : Equipment
        One that the viewer may read; its place is emptied where that is kept back.

    Returns
    -------
    ShownEquipment
        What the viewer gets and may do.
    """
    standing = standing_of(item, viewer)
    if Hidden.PLACES in hidden_parts(standing):
        item.place = item.site_name = ""
    return ShownEquipment(item, permissions(standing, viewer.capabilities), standing.owns)


def measured_equipment(viewer: Viewer, items: Sequence[Equipment]) -> list[MeasuredEquipment]:
    """Prepare equipment for a viewer with what is open at it, by as many queries as one piece.

    Parameters
    ----------
    viewer : Viewer
        Who looks.
    items : sequence of Equipment
        Those that the viewer may read; places that are kept back are emptied.

    Returns
    -------
    list of MeasuredEquipment
        In the same order.
    """
    standings = standings_of(items, viewer)
    counts = _open_findings(viewer, [item.pk for item in items])
    lowering = _critical_findings(viewer, items)
    above = equipment_for(viewer).filter(pk__in={item.parent_id for item in items if item.parent_id})
    seen_above = set(above.order_by().values_list("pk", flat=True))
    shown = []
    for item in items:
        standing = standings[item.pk]
        if Hidden.PLACES in hidden_parts(standing):
            item.place = item.site_name = ""
        now, undisturbed = _availabilities(item, lowering.get(item.pk, ())) if standing.owns else (None, None)
        shown.append(
            MeasuredEquipment(
                item,
                permissions(standing, viewer.capabilities),
                standing.owns,
                item.parent_id if item.parent_id in seen_above else None,
                *counts.get(item.pk, (0, 0)),
                now,
                undisturbed,
            )
        )
    return shown


def _availabilities(item: Equipment, priorities: Sequence[int]) -> tuple[float | None, float | None]:
    if item.mtbf_hours is None or item.mttr_hours is None:
        return None, None
    return (
        availability(item.mtbf_hours, item.mttr_hours, score(priorities)),
        availability(item.mtbf_hours, item.mttr_hours),
    )


def narrowed_equipment(equipment: QuerySet[Equipment], wanted: Mapping[str, str]) -> QuerySet[Equipment]:
    """Keep of a list what somebody asks for.

    Parameters
    ----------
    equipment : QuerySet of Equipment
        What the viewer may see.
    wanted : mapping
        ``class``, ``criticality`` and words to ``search`` for; empty ones ask for nothing.

    Returns
    -------
    QuerySet of Equipment
        Those that fit all.
    """
    if wanted.get("class"):
        equipment = equipment.filter(equipment_class=wanted["class"])
    if wanted.get("criticality"):
        equipment = equipment.filter(criticality=wanted["criticality"])
    for word in wanted.get("search", "").split()[:8]:
        fits = Q(code__icontains=word) | Q(name_en__icontains=word) | Q(name_zh__icontains=word)
        equipment = equipment.filter(fits)
    return equipment


def tree_of(viewer: Viewer, equipment: QuerySet[Equipment]) -> list[TreeRow]:
    """Lay equipment out as a tree.

    Parameters
    ----------
    viewer : Viewer
        Who looks.
    equipment : QuerySet of Equipment
        What the viewer may see.

    Returns
    -------
    list of TreeRow
        The first thousand by code, each below what it stands below; what stands below something that the list does not
        hold is at the top.
    """
    items = list(equipment[:TREE_MOST])
    there = {item.pk for item in items}
    below: dict[uuid.UUID | None, list[Equipment]] = {}
    for item in items:
        below.setdefault(item.parent_id if item.parent_id in there else None, []).append(item)
    counts = _open_findings(viewer, there)
    rows: list[TreeRow] = []
    waiting = [(item, 0) for item in reversed(below.get(None, []))]
    while waiting:
        item, depth = waiting.pop()
        rows.append(TreeRow(item, depth, *counts.get(item.pk, (0, 0))))
        waiting += [(child, depth + 1) for child in reversed(below.get(item.pk, []))]
    return rows


def _open_findings(viewer: Viewer, equipment: Iterable[uuid.UUID]) -> dict[uuid.UUID, tuple[int, int]]:
    there = findings_for(viewer).filter(equipment_id__in=list(equipment), state__in=OPEN).order_by()
    critical = Count("pk", filter=Q(severity=Severity.CRITICAL))
    counted = there.values("equipment_id").annotate(open=Count("pk"), critical=critical)
    return {row["equipment_id"]: (row["open"], row["critical"]) for row in counted}


def ancestors_of(viewer: Viewer, item: Equipment) -> list[Equipment]:
    """List what a piece of equipment stands below, as far as the viewer may see it.

    Parameters
    ----------
    viewer : Viewer
        Who looks.
    item : Equipment
        One that the viewer may read.

    Returns
    -------
    list of Equipment
        The highest first.
    """
    above = [uuid.UUID(part) for part in item.path.strip("/").split("/")][:-1]
    return list(equipment_for(viewer).filter(pk__in=above).order_by("path")) if above else []


def findings_at(viewer: Viewer, item: Equipment) -> QuerySet[Finding]:
    """List the findings at a piece of equipment and below it that a viewer may see.

    Parameters
    ----------
    viewer : Viewer
        Who looks.
    item : Equipment
        One that the viewer may read.

    Returns
    -------
    QuerySet of Finding
        The newest first.
    """
    below = equipment_for(viewer).filter(path__startswith=item.path).order_by()
    return findings_for(viewer).filter(equipment_id__in=below.values("pk"))


def checklists_of(item: Equipment) -> QuerySet[Checklist]:
    """List the checklists of a piece of equipment in the version that holds now.

    Parameters
    ----------
    item : Equipment
        Of the viewer's own organizations.

    Returns
    -------
    QuerySet of Checklist
        By name.
    """
    return Checklist.objects.filter(equipment=item, is_current=True).annotate(length=Count("items"))


def checklist_for(viewer: Viewer, pk: uuid.UUID) -> Checklist | None:
    """Find one version of a checklist of a viewer's own organizations.

    Parameters
    ----------
    viewer : Viewer
        Who looks.
    pk : UUID
        Which.

    Returns
    -------
    Checklist or None
        None where it is not there or not for this viewer.
    """
    there = Checklist.objects.filter(equipment__in=own_equipment(viewer).order_by().values("pk"))
    return there.select_related("equipment__owner").prefetch_related("items").filter(pk=pk).first()


def lines_of(checklist: Checklist) -> list[ChecklistItem]:
    """List the lines of a checklist.

    Parameters
    ----------
    checklist : Checklist
        Of the viewer's own equipment.

    Returns
    -------
    list of ChecklistItem
        In their order.
    """
    return list(checklist.items.all())


def series_at(viewer: Viewer, item: Equipment) -> list[Series]:
    """Draw the readings at a piece of equipment.

    Parameters
    ----------
    viewer : Viewer
        Who looks.
    item : Equipment
        Of the viewer's own organizations.

    Returns
    -------
    list of Series
        As `readings_at` lists them.
    """
    return [
        Series(one.quantity, one.unit, one.low, one.high, chart_of(one.readings, one.low, one.high))
        for one in readings_at(viewer, item)
    ]


def readings_at(viewer: Viewer, item: Equipment) -> list[MeasuredSeries]:
    """List the readings at a piece of equipment, from finished rounds and from findings that a viewer may see.

    Parameters
    ----------
    viewer : Viewer
        Who looks.
    item : Equipment
        Of the viewer's own organizations.

    Returns
    -------
    list of MeasuredSeries
        At most eight quantities with their latest sixty readings; the most recently read first.
    """
    most = _SERIES_MOST * _POINTS_MOST
    answers = RoundAnswer.objects.filter(
        round__in=InspectionRound.objects.filter(equipment=item, finished__isnull=False), value__isnull=False
    )
    read = Reading.objects.filter(
        finding__in=findings_for(viewer).filter(equipment=item).order_by().values("pk"), finding__answer__isnull=True
    )
    in_rounds = ("round__finished", "item__text", "item__unit", "value", "item__low", "item__high")
    at_findings = ("time", "quantity", "unit", "value", "low", "high")
    found = [
        *answers.order_by("-round__finished").values_list(*in_rounds)[:most],
        *read.order_by("-time").values_list(*at_findings)[:most],
    ]
    grouped: dict[tuple[str, str], list[tuple[datetime, float, float | None, float | None]]] = {}
    for time, quantity, unit, value, low, high in sorted(found, key=lambda row: row[0], reverse=True):
        grouped.setdefault((quantity, unit), []).append((time, value, low, high))
    return [
        _series(quantity, unit, latest[:_POINTS_MOST])
        for (quantity, unit), latest in list(grouped.items())[:_SERIES_MOST]
    ]


def _series(
    quantity: str, unit: str, latest: Sequence[tuple[datetime, float, float | None, float | None]]
) -> MeasuredSeries:
    _time, _value, low, high = latest[0]
    readings = tuple((time, value) for time, value, _low, _high in reversed(latest))
    return MeasuredSeries(quantity, unit, low, high, readings)


def availability_of(viewer: Viewer, site: str) -> SiteAvailability | None:
    """Say what a site of a viewer's own organizations can do with the findings that are open on its equipment.

    Parameters
    ----------
    viewer : Viewer
        Who looks; findings that are not for this viewer lower nothing.
    site : str
        Its name in the chain.

    Returns
    -------
    SiteAvailability or None
        None where no equipment belongs to the site. Equipment that stands highest in the site works in series: put a
        piece above it with parallel parts where that is not so.
    """
    return next((found for found in sites_for(viewer) if found.site == site), None)


def sites_for(viewer: Viewer) -> list[SiteAvailability]:
    """Say of each site of a viewer's own organizations what it can do.

    Parameters
    ----------
    viewer : Viewer
        Who looks.

    Returns
    -------
    list of SiteAvailability
        By name.
    """
    items = list(own_equipment(viewer).order_by("path"))
    findings = _critical_findings(viewer, items)
    sites: dict[uuid.UUID, str] = {}
    below: dict[uuid.UUID, list[Equipment]] = {}
    tops: dict[str, list[Equipment]] = {}
    for item in items:  # parents come before their children
        inherited = sites.get(item.parent_id, "") if item.parent_id else ""
        site = sites[item.pk] = item.site_name or inherited
        if item.parent_id and site == inherited:
            below.setdefault(item.parent_id, []).append(item)
        elif site:
            tops.setdefault(site, []).append(item)
    counts = {site: sum(1 for name in sites.values() if name == site) for site in tops}
    return [_site(site, tops[site], below, findings, counts[site]) for site in sorted(tops)]


def _critical_findings(viewer: Viewer, items: Sequence[Equipment]) -> dict[uuid.UUID, list[int]]:
    """Return the priorities of open critical findings, by the equipment that they are at."""
    there = findings_for(viewer).filter(severity=Severity.CRITICAL, state__in=_LOWERING, equipment__isnull=False)
    own = {item.pk for item in items}
    if len(own) <= TREE_MOST:
        there = there.filter(equipment_id__in=own)
    found: dict[uuid.UUID, list[int]] = {}
    for equipment, urgency in there.order_by().values_list("equipment_id", "urgency"):
        if equipment in own:
            found.setdefault(equipment, []).append(priority(Severity.CRITICAL, Urgency(urgency)))
    return found


def _site(
    site: str,
    tops: Sequence[Equipment],
    below: Mapping[uuid.UUID, Sequence[Equipment]],
    findings: Mapping[uuid.UUID, Sequence[int]],
    units: int,
) -> SiteAvailability:
    lowered = capacity_of(Unit(parts=tuple(_unit(top, below, findings) for top in tops)))
    without = capacity_of(Unit(parts=tuple(_unit(top, below, {}) for top in tops)))
    inside = [item for top in tops for item in _all_below(top, below)]
    mute = tuple(sorted(item.code for item in inside if item.pk in findings and item.mtbf_hours is None))
    return SiteAvailability(site, lowered, expected(lowered), expected(without), mute, units)


def _unit(
    item: Equipment, below: Mapping[uuid.UUID, Sequence[Equipment]], findings: Mapping[uuid.UUID, Sequence[int]]
) -> Unit:
    own = 1.0
    if item.mtbf_hours is not None and item.mttr_hours is not None:
        own = availability(item.mtbf_hours, item.mttr_hours, score(findings.get(item.pk, ())))
    return Unit(
        availability=own,
        criticality=Criticality(item.criticality),
        arrangement=Arrangement(item.arrangement),
        needed=item.needed or 1,
        share=item.capacity_share,
        parts=tuple(_unit(child, below, findings) for child in below.get(item.pk, ())),
    )


def _all_below(item: Equipment, below: Mapping[uuid.UUID, Sequence[Equipment]]) -> list[Equipment]:
    return [item, *(found for child in below.get(item.pk, ()) for found in _all_below(child, below))]
