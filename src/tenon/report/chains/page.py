"""The page about a stressed chain: one HTML file that opens offline and loads nothing."""

from __future__ import annotations

from pathlib import Path

from tenon.report.chains.basis import basis_table
from tenon.report.chains.daily import daily_picture, daily_sentences, daily_table, daily_title
from tenon.report.chains.pictures import spend_picture, survival_picture, tiers_picture
from tenon.report.chains.reading import ChainFindings, read_chain_result
from tenon.report.chains.sentences import sentences, titles
from tenon.report.chains.tables import (
    common_table,
    hidden_table,
    pairs_table,
    points_table,
    presumed_table,
    remedies_table,
)
from tenon.report.language import Language, day_number, load_language
from tenon.report.sections import KeyFigure, Section
from tenon.report.tables import Table
from tenon.report.templating import write_page
from tenon.schema import Result

__all__ = ["chain_headlines", "write_chain_report"]


def chain_headlines(result: Result, language: str = "en") -> list[str]:
    """Tell in plain sentences what the stress test of a chain found.

    Parameters
    ----------
    result : Result
        Of :func:`tenon.studies.stress_supply_chain`.
    language : str
        ``"en"`` or ``"zh"``.

    Returns
    -------
    list of str
        What costs most, how many sites outlast their stocks, what is hidden.

    Raises
    ------
    ParameterError
        If there is no catalogue in that language, or the result is none of a stressed chain.
    """
    found, spoken = read_chain_result(result), load_language(language)
    return [*sentences(found, spoken), *daily_sentences(found, spoken)]


def write_chain_report(result: Result, path: str | Path, *, language: str = "en") -> Path:
    """Write the report of a stressed chain: one self-contained HTML file.

    Parameters
    ----------
    result : Result
        Of :func:`tenon.studies.stress_supply_chain`.
    path : path
        Where the page goes. An older page there is replaced at once or not at all.
    language : str
        ``"en"`` or ``"zh"``.

    Returns
    -------
    Path
        The page.

    Raises
    ------
    ParameterError
        If there is no catalogue in that language, or the result is none of a stressed chain.
    StorageError
        If the page cannot be written; nothing is left half-written.
    """
    spoken = load_language(language)
    found = read_chain_result(result)
    return write_page(
        path,
        result,
        spoken,
        name=found.name,
        kicker=spoken.text("chain.kicker"),
        standfirst=spoken.text("chain.illustrative") if found.illustrative else "",
        figures=_key_figures(found, spoken),
        part=spoken.text("chain.section.tiers"),
        title=titles(found, spoken)["overview"],
        told=[*sentences(found, spoken), *daily_sentences(found, spoken)],
        picture=tiers_picture(found, spoken),
        sections=_sections(found, spoken),
        method=spoken.text("chain.lead.method"),
    )


def _key_figures(found: ChainFindings, language: Language) -> tuple[KeyFigure, ...]:
    text, worst, exposed = language.text, found.worst, found.exposed
    most = "–" if worst is None else language.money(worst.impact[1], found.money)
    shortest = min((site.survives for site in exposed), default=None)
    return (
        KeyFigure(text("chain.key.worst"), most, "" if worst is None else worst.name),
        KeyFigure(
            text("chain.key.exposed"),
            language.number(len(exposed)),
            text("chain.key.exposed_note", all=language.number(len(found.of_kind("site")))),
        ),
        KeyFigure(
            text("chain.key.shortest"),
            "–" if shortest is None else text("chain.key.days", days=day_number(language, shortest)),
            text("chain.key.shortest_note"),
        ),
        KeyFigure(text("chain.key.hidden"), language.number(len(found.hidden_sites)), text("chain.key.hidden_note")),
    )


def _daily(found: ChainFindings, language: Language) -> Section:
    text = language.text
    return Section(
        name="daily",
        kicker=text("chain.section.daily"),
        title=daily_title(found, language),
        leads=(text("chain.daily.lead"), text("chain.daily.lead_why")),
        picture=daily_picture(found, language),
        tables=(daily_table(found, language),),
    )


def _sections(found: ChainFindings, language: Language) -> tuple[Section, ...]:
    text, title = language.text, titles(found, language)
    spend, survival = spend_picture(found, language), survival_picture(found, language)
    pairs, presumed = pairs_table(found, language), presumed_table(found, language)
    common, remedies = common_table(found, language), remedies_table(found, language)
    hidden = hidden_table(found, language)
    certain = [point for point in found.points if point.standing != "masked"]
    everyone = points_table(found, language, certain, "points")

    def part(name: str, *tables: Table, **content: object) -> Section:
        return Section(
            name=name,
            kicker=text(f"chain.section.{name}"),
            title=title[name],
            leads=(text(f"chain.lead.{name}"),),
            tables=tables,
            **content,  # type: ignore[arg-type]  # pictures and hidden tables, as Section takes them
        )

    sections = []
    if spend is not None:
        sections.append(part("exposure", picture=spend))
    if survival is not None:
        sections.append(part("survival", picture=survival))
    if found.followed:
        sections.append(_daily(found, language))
    behind = [everyone, *([pairs] if pairs else [])]
    sections.append(part("points", *([hidden] if hidden.rows else []), hidden_tables=tuple(behind)))
    if remedies is not None:
        sections.append(part("remedies", remedies))
    if common.rows:
        sections.append(part("common", common))
    if presumed is not None:
        sections.append(part("presumed", presumed))
    if found.basis is not None:
        sections.append(part("basis", basis_table(found.basis, language)))
    return tuple(sections)
