"""The tables of a stressed chain."""

from __future__ import annotations

from collections.abc import Sequence

from tenon.report.chains.reading import ChainFindings, Outaged, Point
from tenon.report.language import Language, day_number, file_unit
from tenon.report.tables import Cell, Column, Table

__all__ = [
    "common_table",
    "exposure_table",
    "hidden_table",
    "pairs_table",
    "points_table",
    "presumed_table",
    "remedies_table",
    "survival_table",
]

_SHOWN = 12


def exposure_table(found: ChainFindings, language: Language) -> Table:
    """List the sites by what their outage costs.

    Parameters
    ----------
    found : ChainFindings
        What was found.
    language : Language
        Language of the reader.

    Returns
    -------
    Table
        Impact with its range, risk exposure index, time to recover and to survive, gap and spend.
    """
    return _outage_table(found, language, "exposure", found.of_kind("site"), spend=True)


def common_table(found: ChainFindings, language: Language) -> Table:
    """List groups, lanes, passages and combinations of one's own by what their outage costs.

    Parameters
    ----------
    found : ChainFindings
        What was found.
    language : Language
        Language of the reader.

    Returns
    -------
    Table
        As for sites, with the kind.
    """
    shared = found.of_kind("combination", "group", "lane", "passage")
    return _outage_table(found, language, "common", shared, spend=False)


def survival_table(found: ChainFindings, language: Language) -> Table:
    """List the sites by the days that are missing.

    Parameters
    ----------
    found : ChainFindings
        What was found.
    language : Language
        Language of the reader.

    Returns
    -------
    Table
        Those whose recovery outlasts stocks by most first.
    """
    text = language.text
    sites = sorted(found.of_kind("site"), key=lambda site: -site.gap)
    columns = (
        Column(text("chain.column.site")),
        _days(language, text("chain.column.recovery")),
        _days(language, text("chain.column.survival")),
        _days(language, text("chain.column.gap")),
    )
    rows = tuple((site.name, site.recovery[1], site.survives, site.gap) for site in sites)
    return Table("survival", text("chain.caption.survival"), columns, rows)


def points_table(found: ChainFindings, language: Language, points: Sequence[Point], name: str) -> Table:
    """List single points of failure with their proofs.

    Parameters
    ----------
    found : ChainFindings
        What was found.
    language : Language
        Language of the reader.
    points : sequence of Point
        Which of them.
    name : str
        Short name of the table; its caption is ``chain.caption.<name>``.

    Returns
    -------
    Table
        Cause, product, tiers, margin a day and proof.
    """
    text = language.text
    columns = (
        Column(text("chain.column.cause")),
        Column(text("chain.column.kind")),
        Column(text("chain.column.product")),
        Column(text("chain.column.tiers"), show=language.number),
        _money(found, language, text("chain.column.stake"), [point.stake for point in points]),
        Column(text("chain.column.standing")),
        Column(text("chain.column.path")),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            point.cause,
            text(f"chain.kind.{point.kind}"),
            point.product,
            point.tiers,
            point.stake,
            text(f"chain.standing.{point.standing}"),
            _shown_path(point),
        )
        for point in points
    )
    return Table(name, text(f"chain.caption.{name}"), columns, rows, shown=_SHOWN)


def hidden_table(found: ChainFindings, language: Language) -> Table:
    """List hidden single points of failure, one row a cause, with the proof for the product that hangs on it deepest.

    Parameters
    ----------
    found : ChainFindings
        What was found.
    language : Language
        Language of the reader.

    Returns
    -------
    Table
        Cause, products that stop, their margin a day together, tiers, and the proof; sites first where as much is at
        stake.
    """
    text = language.text
    by_cause: dict[tuple[str, str], list[Point]] = {}
    for point in found.hidden:
        by_cause.setdefault((point.kind, point.cause), []).append(point)
    stakes = {cause: sum(point.stake for point in points) for cause, points in by_cause.items()}
    columns = (
        Column(text("chain.column.cause")),
        Column(text("chain.column.kind")),
        Column(text("chain.column.products"), show=language.number),
        _money(found, language, text("chain.column.stake"), list(stakes.values())),
        Column(text("chain.column.tiers"), show=language.number),
        Column(text("chain.column.standing")),
        Column(text("chain.column.path")),
    )
    rows: list[tuple[Cell, ...]] = []
    for cause, points in sorted(by_cause.items(), key=lambda item: (-stakes[item[0]], item[0][0] != "site", item[0])):
        deepest = max(points, key=lambda point: (point.tiers, point.stake))
        kind, standing = text(f"chain.kind.{cause[0]}"), text(f"chain.standing.{deepest.standing}")
        rows.append((cause[1], kind, len(points), stakes[cause], deepest.tiers, standing, _shown_path(deepest)))
    return Table("hidden", text("chain.caption.hidden"), columns, tuple(rows), shown=_SHOWN)


def remedies_table(found: ChainFindings, language: Language) -> Table | None:
    """List what would soften the outages of sites.

    Parameters
    ----------
    found : ChainFindings
        What was found.
    language : Language
        Language of the reader.

    Returns
    -------
    Table or None
        Where stock saves most for its cost, and what a day less saves; None if no stock helps or prices are not known.
    """
    sites = found.remedies
    if not sites:
        return None
    text = language.text
    columns = (
        Column(text("chain.column.site")),
        _money(found, language, text("chain.column.impact"), [site.impact[1] for site in sites]),
        Column(text("chain.column.remedy")),
        Column(text("chain.column.remedy_return"), show=language.significant),
        _money(found, language, text("chain.column.earlier"), [site.earlier for site in sites]),
    )
    rows = tuple((site.name, site.impact[1], site.remedy, site.remedy_return, site.earlier) for site in sites)
    return Table("remedies", text("chain.caption.remedies"), columns, rows, shown=_SHOWN)


def presumed_table(found: ChainFindings, language: Language) -> Table | None:
    """List the findings that rest on presumed supplies.

    Parameters
    ----------
    found : ChainFindings
        What was found.
    language : Language
        Language of the reader.

    Returns
    -------
    Table or None
        None if none does.
    """
    points = [point for point in found.points if point.standing != "verified"]
    return points_table(found, language, points, "presumed") if points else None


def pairs_table(found: ChainFindings, language: Language) -> Table | None:
    """List pairs of sites that stop a product together.

    Parameters
    ----------
    found : ChainFindings
        What was found.
    language : Language
        Language of the reader.

    Returns
    -------
    Table or None
        None if there is no such pair.
    """
    if not found.pairs:
        return None
    text = language.text
    columns = (
        Column(text("chain.column.site")),
        Column(text("chain.column.other_site")),
        _money(found, language, text("chain.column.stake"), [stake for _, _, stake in found.pairs]),
    )
    return Table("pairs", text("chain.caption.pairs"), columns, found.pairs, shown=_SHOWN)


def _shown_path(point: Point) -> str:
    return point.path.replace(" <- ", " ← ")


def _outage_table(
    found: ChainFindings, language: Language, name: str, outages: Sequence[Outaged], *, spend: bool
) -> Table:
    text = language.text
    impacts = [outage.impact[2] for outage in outages]
    columns = [
        Column(text("chain.column.site" if spend else "chain.column.cause")),
        *([] if spend else [Column(text("chain.column.kind"))]),
        _money(found, language, text("chain.column.impact"), impacts),
        _money(found, language, text("chain.column.impact_low"), impacts),
        _money(found, language, text("chain.column.impact_high"), impacts),
        Column(text("chain.column.index"), show=lambda value: language.number(value, digits=2)),
        _days(language, text("chain.column.recovery")),
        _days(language, text("chain.column.survival")),
        _days(language, text("chain.column.gap")),
    ]
    if spend:
        columns.append(_money(found, language, text("chain.column.spend"), [outage.spend for outage in outages]))
    rows = tuple(
        (
            outage.name,
            *(() if spend else (text(f"chain.kind.{outage.kind}"),)),
            outage.impact[1],
            outage.impact[0],
            outage.impact[2],
            outage.index,
            outage.recovery[1],
            outage.survives,
            outage.gap,
            *((outage.spend,) if spend else ()),
        )
        for outage in outages
    )
    return Table(name, text(f"chain.caption.{name}"), tuple(columns), rows, shown=_SHOWN)


def _days(language: Language, title: str) -> Column:
    return Column(title, unit=language.text("unit.day"), show=lambda days: day_number(language, days))


def _money(found: ChainFindings, language: Language, title: str, values: Sequence[float]) -> Column:
    factor, unit = language.scale(max((value for value in values if value == value), default=0.0), found.money)  # noqa: PLR0124 - NaN differs from itself
    return Column(
        title,
        unit=file_unit(language, found.money),
        show=lambda value: language.significant(value * factor),
        shown_unit=unit,
    )
