"""The tables of a scenario: what stands behind each figure, and what can be downloaded."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from tenon.report.findings import CAUSES, Group
from tenon.report.language import file_unit
from tenon.report.sentences import Story
from tenon.report.tables import Cell, Column, Table
from tenon.schema import Float

__all__ = [
    "agents_table",
    "comparison_table",
    "groups_table",
    "index_table",
    "origins_table",
    "routes_table",
    "series_table",
    "shortages_table",
    "unmet_table",
]

_MOST_ROWS = 5000
_SHOWN = 12
_LINES_SHOWN = 30


def groups_table(story: Story, group: Group, kind: str) -> Table:
    """List regions or sectors by loss.

    Parameters
    ----------
    story : Story
        One scenario.
    group : Group
        Regions or sectors.
    kind : str
        ``"region"`` or ``"sector"``.

    Returns
    -------
    Table
        Loss in money and relative to own value added, split by cause where that is known, and the day of return.
    """
    name = story.names.region if kind == "region" else story.names.full_sector
    columns = [Column(story.text(f"column.{kind}")), Column(story.text("column.label")), *_loss_columns(story, group)]
    share = group.share(story.findings.span)
    rows = [(name(group.labels[at]), group.labels[at], *_losses(group, share, at)) for at in group.order()]
    return _table(story, f"{kind}s", columns, rows)


def agents_table(story: Story) -> Table:
    """List agents by loss.

    Parameters
    ----------
    story : Story
        One scenario.

    Returns
    -------
    Table
        As for regions, by region and sector; at most 5,000 rows.
    """
    found, text = story.findings, story.text
    group, agents = found.each, found.agents
    kind = "industry" if agents.industries else "agent"
    first = [Column(text("column.region")), Column(text("column.sector"))]
    if not agents.industries:
        first = [Column(text("column.agent")), *first]
    share = group.share(found.span)
    rows: list[tuple[Cell, ...]] = []
    for at in group.order()[:_MOST_ROWS]:
        region = story.names.region(agents.regions[agents.region[at]]) if agents.regions else None
        sector = story.names.sector(agents.sectors[agents.sector[at]]) if agents.sectors else None
        start: tuple[Cell, ...] = (region, sector) if agents.industries else (group.labels[at], region, sector)
        rows.append((*start, *_losses(group, share, at)))
    columns = (*first, *_loss_columns(story, group, causes_in_file=True))
    return _table(story, kind, columns, rows, shown=_SHOWN)


def shortages_table(story: Story) -> Table | None:
    """List the products that held production back.

    Parameters
    ----------
    story : Story
        One scenario.

    Returns
    -------
    Table or None
        Agents waiting at most, agent-days, loss and the region hit most; None if no input ran short.
    """
    found, text, number = story.findings, story.text, story.language.number
    shortages = found.shortages
    if shortages is None or not (order := shortages.order()):
        return None
    kind = "industry" if found.agents.industries else "agent"
    columns = (
        Column(text("column.product")),
        Column(text(f"column.most_{kind}"), show=number),
        Column(text(f"column.days_{kind}"), show=number),
        money_column(story, text("column.lost_waiting"), shortages.lost),
        Column(text("column.region_most")),
    )
    rows: list[tuple[Cell, ...]] = []
    for at in order:
        held, by_region = shortages.held_back[at], shortages.by_region[at]
        where = story.names.region(found.agents.regions[int(by_region.argmax())]) if by_region.size else None
        product = story.names.product(shortages.products[at])
        rows.append((product, int(held.max()), int(held.sum()), float(shortages.lost[at]), where))
    return _table(story, "shortages", columns, rows)


def unmet_table(story: Story) -> Table | None:
    """List the products that final users go without.

    Parameters
    ----------
    story : Story
        One scenario.

    Returns
    -------
    Table or None
        Missing final demand in money and relative to undisturbed; None if all is met.
    """
    unmet = story.findings.unmet
    if unmet is None:
        return None
    missing, baseline = unmet.missing.sum(axis=0), unmet.baseline.sum(axis=0) * story.findings.span
    # What is missing to the last digit only is rounding.
    order = [int(at) for at in np.argsort(-missing, kind="stable") if missing[at] > 1e-9 * max(baseline.sum(), 1e-300)]
    if not order:
        return None
    columns = (
        Column(story.text("column.product")),
        money_column(story, story.text("column.unmet"), missing),
        _share_column(story, story.text("column.unmet_share")),
        Column(story.text("column.demander_most")),
    )
    rows: list[tuple[Cell, ...]] = []
    for at in order:
        share = float(missing[at] / baseline[at]) if baseline[at] > 0 else None
        where = story.names.region(unmet.demanders[int(unmet.missing[:, at].argmax())])
        rows.append((story.names.product(unmet.products[at]), float(missing[at]), _percent(share), where))
    return _table(story, "unmet", columns, rows, shown=_SHOWN)


def origins_table(story: Story) -> Table | None:
    """Cross hit regions with the places where their losses began.

    Parameters
    ----------
    story : Story
        One scenario.

    Returns
    -------
    Table or None
        All regions by all origins; None if attribution was not made.
    """
    origins = story.findings.origins
    if origins is None:
        return None
    used = [at for at in range(len(origins.origins)) if np.abs(origins.lost[:, at]).max(initial=0.0) > 0]
    columns = [Column(story.text("column.hit_region"))]
    columns += [money_column(story, story.names.origin(origins.origins[at]), origins.lost) for at in used]
    order = np.argsort(-origins.lost.sum(axis=1), kind="stable")
    rows: list[tuple[Cell, ...]] = [
        (story.names.region(origins.regions[row]), *(float(origins.lost[row, at]) for at in used)) for row in order
    ]
    return _table(story, "origins", columns, rows)


def routes_table(story: Story) -> Table | None:
    """List the chains of propagation.

    Parameters
    ----------
    story : Story
        One scenario.

    Returns
    -------
    Table or None
        Hit agent, chain and loss; None if there are no chains.
    """
    routes = story.findings.routes
    if not routes:
        return None
    columns = (
        Column(story.text("column.hit_agent")),
        Column(story.text("column.chain")),
        money_column(story, story.text("column.lost"), [route.lost for route in routes]),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            story.names.agent(route.steps[0][0]),
            " → ".join(f"{story.names.agent(agent)} [{reason}]" for agent, reason in reversed(route.steps)),
            route.lost,
        )
        for route in routes
    ]
    return _table(story, "chains", columns, rows)


def index_table(story: Story) -> Table:
    """List total production day by day.

    Parameters
    ----------
    story : Story
        One scenario.

    Returns
    -------
    Table
        Production in percent of undisturbed.
    """
    return _by_day(story, "total", [(story.text("series.all"), story.findings.index)])


def series_table(story: Story, group: Group, kind: str) -> Table:
    """List production of regions or sectors day by day.

    Parameters
    ----------
    story : Story
        One scenario.
    group : Group
        Regions or sectors, with production.
    kind : str
        ``"region"`` or ``"sector"``.

    Returns
    -------
    Table
        Production in percent of undisturbed, the largest loss first.
    """
    name = story.names.region if kind == "region" else story.names.sector
    production = np.ones((len(group), story.findings.days.size)) if group.production is None else group.production
    return _by_day(story, f"{kind}s-by-day", [(name(group.labels[at]), production[at]) for at in group.order()])


def comparison_table(told: Sequence[Story]) -> Table:
    """Compare scenarios.

    Parameters
    ----------
    told : sequence of Story
        All scenarios.

    Returns
    -------
    Table
        Loss, share, worst day and the region hit most of each.
    """
    first = told[0]
    columns = (
        Column(first.text("column.scenario")),
        money_column(first, first.text("column.lost"), [story.findings.lost for story in told]),
        _share_column(first, first.text("column.share_all")),
        _share_column(first, first.text("column.drop")),
        Column(first.text("column.worst_day"), show=first.language.number),
        Column(first.text("column.region_most")),
    )
    rows: list[tuple[Cell, ...]] = []
    for story in sorted(told, key=lambda story: -story.findings.lost):
        found = story.findings
        day, drop = found.worst
        regions = found.regions
        where = story.names.region(regions.labels[int(regions.lost.argmax())]) if len(regions) else None
        rows.append((story.title, found.lost, 100 * found.share, 100 * drop, day, where))
    return Table("scenarios", first.text("caption.scenarios"), columns, tuple(rows))


def money_column(story: Story, title: str, values: Sequence[float] | Float) -> Column:
    """Return a column of amounts in the unit that suits the largest.

    Parameters
    ----------
    story : Story
        One scenario.
    title : str
        Heading.
    values : sequence of float, currency
        All amounts of the column.

    Returns
    -------
    Column
        Three digits of the largest amount; files hold plain figures.
    """
    sizes = np.abs(np.asarray(values, dtype=np.float64))
    largest = float(sizes[np.isfinite(sizes)].max(initial=0.0))
    factor, unit = story.language.scale(largest, story.findings.money)
    shown = largest * factor
    digits = min(3, max(0, 2 - math.floor(math.log10(shown)))) if shown > 0 else 0
    number = story.language.number

    def show(value: float) -> str:
        return number(value * factor, digits=digits)

    return Column(title, unit=file_unit(story.language, story.findings.money), show=show, shown_unit=unit)


def _table(
    story: Story, name: str, columns: Sequence[Column], rows: Sequence[tuple[Cell, ...]], *, shown: int | None = None
) -> Table:
    """Make a table of one scenario; the catalogue has its caption under its name."""
    caption = story.text(f"caption.{name}", title=story.title)
    return Table(name, caption, tuple(columns), tuple(rows), shown=shown)


def _loss_columns(story: Story, group: Group, *, causes_in_file: bool = False) -> list[Column]:
    text = story.text

    def back(day: float) -> str:
        return story.language.number(day) if day else text("column.back_never")

    columns = [
        money_column(story, text("column.lost"), group.lost),
        _share_column(story, text("column.share")),
        Column(text("column.back"), unit=text("unit.day"), show=back, missing=text("column.back_later")),
    ]
    if group.causes is not None:
        causes = [money_column(story, text(f"column.{cause}"), group.causes.ravel()) for cause in CAUSES]
        columns += [replace(column, file_only=causes_in_file) for column in causes]
    return columns


def _losses(group: Group, share: Float, at: int) -> tuple[Cell, ...]:
    causes = () if group.causes is None else tuple(float(value) for value in group.causes[at])
    return float(group.lost[at]), _percent(float(share[at])), float(group.back[at]), *causes


def _share_column(story: Story, title: str) -> Column:
    def show(value: float) -> str:
        return story.language.percent(value / 100)

    return Column(title, unit="%", show=show)


def _percent(share: float | None) -> float | None:
    return None if share is None or not math.isfinite(share) else 100 * share


def _by_day(story: Story, name: str, series: Sequence[tuple[str, Float]]) -> Table:
    show: Callable[[float], str] = _one_digit(story)
    columns = [Column(story.text("column.day"), show=story.language.number)]
    columns += [Column(title, unit="%", show=show, shown_unit="%") for title, _ in series]
    days = story.findings.days
    rows = [
        (int(day) if float(day).is_integer() else float(day), *(100 * float(values[at]) for _, values in series))
        for at, day in enumerate(days)
    ]
    every = max(1, -(-days.size // _LINES_SHOWN))
    # Weeks are easier to follow than, say, every thirteenth day.
    every = 7 * round(every / 7) if every > 6 else every  # noqa: PLR2004 - days of a week
    return Table(name, story.text(f"caption.{name.replace('-', '_')}"), tuple(columns), tuple(rows), every=every)


def _one_digit(story: Story) -> Callable[[float], str]:
    def show(value: float) -> str:
        return story.language.number(value, digits=2)

    return show
