"""The ledger of hazards: every figure is counted from what the viewer may see, by a fixed number of queries."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.functional import Promise

from tenon.web.organizations.models import Organization
from tenon.web.organizations.policies import Viewer
from tenon.web.rooms.labels import LABELS
from tenon.web.rooms.ledger_rules import Dimension, Figures, Month, months_between, months_of, rank_of
from tenon.web.rooms.models import Finding
from tenon.web.rooms.rules import OPEN, Channel, FindingState, Hazard, Level, Severity, Urgency
from tenon.web.rooms.selectors import TEXTS, findings_for, kept_back, listed, narrowed, overdue_condition

__all__ = ["MAP_LIMIT", "Ledger", "LedgerRow", "ledger_for", "on_the_map"]

_MONTHS = 24
# More findings than this are not drawn; the page says so.
MAP_LIMIT = 500
_GONE = [FindingState.ELIMINATED, FindingState.VERIFIED, FindingState.CLOSED]
_FIGURES = ("reported", "eliminated", "open", "overdue")
_MOMENTS = ("reported", "eliminated", "closed")
_PERCENTILES = {50: "median_days", 90: "ninth_days"}
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
    # One reading gives the lines, their total and the matrix.
    grouped = counted.values(line=F(field), bad=F("severity"), soon=F("urgency")).annotate(**_counts())
    cells: list[dict[str, Any]] = [dict(row) for row in grouped.order_by()]
    by_line: dict[Any, Counter[str]] = {}
    total, matrix = Counter[str](), Counter[tuple[int, int]]()
    for cell in cells:
        figures = {name: cell[f"count_{name}"] for name in _FIGURES}
        by_line.setdefault(cell["line"], Counter()).update(figures)
        total.update(figures)
        matrix[cell["bad"], cell["soon"]] += figures["open"]
    of_lines, of_all = _ages(counted, field)
    lines = {key: _figures(counts, of_lines.get(key, {})) for key, counts in by_line.items()}
    return Ledger(
        total=_figures(total, of_all),
        rows=_named(by, lines),
        months=_months(counted),
        matrix={(severity, urgency): matrix[severity, urgency] for severity in Severity for urgency in Urgency},
    )


def _counts() -> dict[str, Count]:
    # Some figures are called as fields of findings are, and would take their places in conditions.
    conditions = {
        "reported": Q(),
        "eliminated": Q(state__in=_GONE),
        "open": Q(state__in=OPEN),
        "overdue": overdue_condition(),
    }
    return {f"count_{name}": Count("pk", filter=conditions[name]) for name in _FIGURES}


def _figures(counts: Mapping[str, int], ages: Mapping[str, int]) -> Figures:
    return Figures(**{name: counts.get(name, 0) for name in _FIGURES}, **ages)


def _ages(counted: QuerySet[Finding], field: str) -> tuple[dict[Any, dict[str, int]], dict[str, int]]:
    """Find the median and the 90th percentile of the days that findings have been open, by the nearest rank.

    The database numbers the open ones from the youngest, within each line and in all, and gives back those few that
    stand at the ranks wanted.
    """
    youngest = [F("reported").desc(), F("pk").desc()]
    numbered = counted.filter(state__in=OPEN).annotate(
        rank=Window(RowNumber(), partition_by=[F(field)], order_by=youngest),
        size=Window(Count("pk"), partition_by=[F(field)]),
        rank_in_all=Window(RowNumber(), order_by=youngest),
        size_of_all=Window(Count("pk")),
    )
    wanted = Q(pk__in=[])
    for percent in _PERCENTILES:
        wanted |= _at_rank("rank", "size", percent) | _at_rank("rank_in_all", "size_of_all", percent)
    now, of_lines, of_all = timezone.now(), dict[Any, dict[str, int]](), dict[str, int]()
    columns = (field, "reported", "rank", "size", "rank_in_all", "size_of_all")
    for line, reported, rank, size, rank_in_all, size_of_all in numbered.filter(wanted).values_list(*columns):
        days = max(0, (now - reported).days)
        for percent, name in _PERCENTILES.items():
            if rank == rank_of(percent, size):
                of_lines.setdefault(line, {})[name] = days
            if rank_in_all == rank_of(percent, size_of_all):
                of_all[name] = days
    return of_lines, of_all


def _at_rank(rank: str, size: str, percent: int) -> Q:
    """Say in the database's words that a rank is the smallest that covers so many percent."""
    exact = F(size) * percent / 100.0
    return Q(**{f"{rank}__gte": exact, f"{rank}__lt": exact + 1})


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
    """Count what was reported, eliminated and closed before the end of each month, all by one reading."""
    first = counted.aggregate(first=Min("reported"))["first"]
    if first is None:
        return []
    today = timezone.localdate()
    months = months_between(timezone.localdate(first), today)[-_MONTHS:]
    ends = [_beginning(month) for month in [*months, months_between(today, today + timedelta(days=31))[1]]]
    before = counted.aggregate(
        **{
            f"{field}_{at}": Count("pk", filter=Q(**{f"{field}__lt": end}))
            for field in _MOMENTS
            for at, end in enumerate(ends)
        }
    )
    reported, eliminated, closed = ([before[f"{field}_{at}"] for at in range(len(ends))] for field in _MOMENTS)
    return months_of(reported, eliminated, closed, months)


def _beginning(month: date) -> datetime:
    return timezone.make_aware(datetime.combine(month, time()))


def on_the_map(viewer: Viewer, wanted: Mapping[str, str]) -> tuple[list[Finding], bool]:
    """List the open findings that a viewer may see with their place, the most severe first.

    Parameters
    ----------
    viewer : Viewer
        Who looks.
    wanted : mapping
        What lists are narrowed by.

    Returns
    -------
    list of Finding
        At most `MAP_LIMIT`; those whose place is kept back from the viewer are left out.
    bool
        Whether there are more.
    """
    there = narrowed(listed(findings_for(viewer)), wanted).filter(
        state__in=OPEN, latitude__isnull=False, longitude__isnull=False
    )
    found = list(there.order_by("-severity", "-reported", "-pk").defer(*TEXTS)[: MAP_LIMIT + 1])
    seen = kept_back(viewer, found[:MAP_LIMIT])
    return [item for item in seen if item.latitude is not None], len(found) > MAP_LIMIT
