"""The ledger of hazards: every figure is counted from what the viewer may see, by a fixed number of queries."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber, TruncMonth
from django.utils import timezone
from django.utils.functional import Promise

from tenon.web.organizations.models import Organization
from tenon.web.organizations.policies import Viewer
from tenon.web.rooms.labels import LABELS
from tenon.web.rooms.ledger_rules import Dimension, Figures, Month, months_between, months_of
from tenon.web.rooms.models import Finding
from tenon.web.rooms.rules import OPEN, Channel, FindingState, Hazard, Level, Severity, Urgency
from tenon.web.rooms.selectors import Shown, findings_for, narrowed, overdue_condition, shown

__all__ = ["MAP_LIMIT", "Ledger", "LedgerRow", "ledger_for", "on_the_map"]

_MONTHS = 24
# More findings than this are not drawn; the page says so.
MAP_LIMIT = 500
_GONE = [FindingState.ELIMINATED, FindingState.VERIFIED, FindingState.CLOSED]
_NOT_COUNTED = [FindingState.REJECTED, FindingState.DUPLICATE]
_KINDS: Mapping[Dimension, type[Enum]] = {
    Dimension.LEVEL: Level,
    Dimension.CHANNEL: Channel,
    Dimension.HAZARD: Hazard,
    Dimension.SEVERITY: Severity,
}


@dataclass(frozen=True)
class LedgerRow:
    """One line of the ledger.

    Parameters
    ----------
    key : str
        Value of the dimension, as lists are narrowed by it.
    name : str
        As people read it.
    figures : Figures
        What is counted.
    """

    key: str
    name: str | Promise
    figures: Figures


@dataclass(frozen=True)
class Ledger:
    """What a viewer's ledger shows.

    Parameters
    ----------
    total : Figures
        Of everything.
    rows : list of LedgerRow
        Split by one dimension.
    months : list of Month
        The last two years at most.
    matrix : mapping from (int, int) to int
        How many open findings there are of each severity and urgency.
    """

    total: Figures
    rows: list[LedgerRow]
    months: list[Month]
    matrix: Mapping[tuple[int, int], int]


def ledger_for(viewer: Viewer, by: Dimension, wanted: Mapping[str, str]) -> Ledger:
    """Count the findings that a viewer may see.

    Parameters
    ----------
    viewer : Viewer
        Who looks.
    by : Dimension
        By what the lines are split.
    wanted : mapping
        What lists are narrowed by, as in `tenon.web.rooms.selectors.narrowed`.

    Returns
    -------
    Ledger
        All figures from the same findings.
    """
    counted = narrowed(findings_for(viewer), wanted).exclude(state__in=_NOT_COUNTED).order_by()
    field = "owner_id" if by is Dimension.ORGANIZATION else by.value
    counts = {row[field]: _plain(row) for row in counted.values(field).annotate(**_counts()).order_by()}
    ages = _ages(counted, field)
    figures = {key: Figures(**row, **ages.get(key, {})) for key, row in counts.items()}
    totals = {name: sum(row[name] for row in counts.values()) for name in _plain(_counts())}
    total = Figures(**totals, **_ages(counted, None).get(None, {}))
    return Ledger(total, _named(by, figures), _months(counted), _matrix(counted))


def _counts() -> dict[str, Count]:
    # Some figures are called as fields of findings are, and would take their places in conditions.
    return {
        "count_reported": Count("pk"),
        "count_eliminated": Count("pk", filter=Q(state__in=_GONE)),
        "count_open": Count("pk", filter=Q(state__in=OPEN)),
        "count_overdue": Count("pk", filter=overdue_condition()),
    }


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name.removeprefix("count_"): row[name] for name in _counts()}


def _ages(counted: QuerySet[Finding], field: str | None) -> dict[Any, dict[str, int]]:
    """Find the median and the 90th percentile of the days that findings have been open, by the nearest rank.

    The database numbers the open ones of each line from the youngest, and gives back those two of each.
    """
    parts = [F(field)] if field else None
    numbered = counted.filter(state__in=OPEN).annotate(
        rank=Window(RowNumber(), partition_by=parts, order_by=[F("reported").desc(), F("pk").desc()]),
        size=Window(Count("pk"), partition_by=parts),
    )
    now, found = timezone.now(), dict[Any, dict[str, int]]()
    for percent, name in ((50, "median_days"), (90, "ninth_days")):
        # rank = ceil(percent * number / 100), in whole numbers
        hits = numbered.filter(rank__gte=F("size") * percent / 100.0, rank__lt=F("size") * percent / 100.0 + 1)
        for row in hits.values_list(*([field] if field else []), "reported"):
            found.setdefault(row[0] if field else None, {})[name] = max(0, (now - row[-1]).days)
    return found


def _named(by: Dimension, figures: Mapping[Any, Figures]) -> list[LedgerRow]:
    """Name the lines; organizations with most open findings first, everything else in the order of the rules."""
    if by is Dimension.ORGANIZATION:
        names = _names(figures)
        lines = [LedgerRow(str(key), names[key], item) for key, item in figures.items()]
        return sorted(lines, key=lambda line: (-line.figures.open, -line.figures.reported, str(line.name)))
    kind = _KINDS[by]
    members = [member for member in kind if member.value in figures]
    return [LedgerRow(str(member.value), LABELS[kind][member.value], figures[member.value]) for member in members]


def _names(keys: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    return {item.pk: item.name for item in Organization.objects.filter(pk__in=list(keys))}


def _months(counted: QuerySet[Finding]) -> list[Month]:
    reported = _by_month(counted, "reported")
    if not reported:
        return []
    months = months_between(min(reported), timezone.localdate())[-_MONTHS:]
    return months_of(reported, _by_month(counted, "eliminated"), _by_month(counted, "closed"), months)


def _by_month(counted: QuerySet[Finding], field: str) -> dict[date, int]:
    grouped = counted.exclude(**{field: None}).annotate(month=TruncMonth(field)).values("month")
    found: dict[date, int] = {}
    for month, count in grouped.annotate(count=Count("pk")).order_by().values_list("month", "count"):
        found[month.date()] = count
    return found


def _matrix(counted: QuerySet[Finding]) -> dict[tuple[int, int], int]:
    grouped = counted.filter(state__in=OPEN).values("severity", "urgency").annotate(count=Count("pk")).order_by()
    found = {(row["severity"], row["urgency"]): row["count"] for row in grouped}
    return {(severity, urgency): found.get((severity, urgency), 0) for severity in Severity for urgency in Urgency}


def on_the_map(viewer: Viewer, wanted: Mapping[str, str]) -> tuple[list[Shown], bool]:
    """List the open findings that a viewer may see with their place, the most severe first.

    Parameters
    ----------
    viewer : Viewer
        Who looks.
    wanted : mapping
        What lists are narrowed by.

    Returns
    -------
    list of Shown
        At most `MAP_LIMIT`; those whose place is kept back from the viewer are left out.
    bool
        Whether there are more.
    """
    there = narrowed(findings_for(viewer), wanted).filter(
        state__in=OPEN, latitude__isnull=False, longitude__isnull=False
    )
    found = list(there.order_by("-severity", "-reported", "-pk")[: MAP_LIMIT + 1])
    seen = shown(viewer, found[:MAP_LIMIT])
    return [item for item in seen if item.finding.latitude is not None], len(found) > MAP_LIMIT
