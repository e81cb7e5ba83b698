"""The page about the systemic risk of firms: one HTML file that opens offline and loads nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tenon.report.language import Language, load_language
from tenon.report.sections import KeyFigure, Section
from tenon.report.systemic.pictures import curve_picture, sectors_picture, size_picture
from tenon.report.systemic.reading import SystemicFindings, read_systemic_result
from tenon.report.systemic.sentences import output_name, sentences, titles
from tenon.report.systemic.tables import firms_table, groups_table, rules_table
from tenon.report.templating import write_page
from tenon.schema import Result

__all__ = ["systemic_headlines", "write_systemic_report"]

_NOTABLE = 0.01


def systemic_headlines(result: Result, language: str = "en") -> list[str]:
    """Tell in plain sentences whose failure would cost most.

    Parameters
    ----------
    result : Result
        Of :func:`tenon.vulnerability.systemic_risk`.
    language : str
        ``"en"`` or ``"zh"``.

    Returns
    -------
    list of str
        The riskiest firm, how concentrated the risk is, the riskiest ones together, what the figures rest on.

    Raises
    ------
    ParameterError
        If there is no catalogue in that language, or the result is none of systemic risk.

    Examples
    --------
    >>> from tenon.schema import SparseLinks, SupplyNetwork
    >>> from tenon.vulnerability import systemic_risk
    >>> bread = SupplyNetwork(
    ...     name="bread", agents=("farm", "mill"), products=("grain", "flour"), product=[0, 1], regions=("A",),
    ...     region=[0, 0], links=SparseLinks([0], [1], [10.0]), demanders=("people",),
    ...     final_demand=[[10.0], [30.0]], value_added=[20.0, 20.0], capital=[100.0, 80.0], inventory_days=[[15.0]],
    ...     stock_release=[0.0, 0.0], currency="EUR", unit=1.0, source="made up")
    >>> systemic_headlines(systemic_risk(bread))[0].partition(" along")[0]
    'The failure of farm (grain) would take 100% of all sales between firms'
    """
    return sentences(read_systemic_result(result), load_language(language))


def write_systemic_report(result: Result, path: str | Path, *, language: str = "en") -> Path:
    """Write the report of the systemic risk of firms: one self-contained HTML file.

    Parameters
    ----------
    result : Result
        Of :func:`tenon.vulnerability.systemic_risk`.
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
        If there is no catalogue in that language, or the result is none of systemic risk.
    StorageError
        If the page cannot be written; nothing is left half-written.
    """
    spoken = load_language(language)
    found = read_systemic_result(result)
    return write_page(
        path,
        result,
        spoken,
        name=found.name,
        kicker=spoken.text("systemic.kicker"),
        standfirst=spoken.text("systemic.estimated") if found.estimated else "",
        figures=_key_figures(found, spoken),
        part=spoken.text("systemic.section.curve"),
        title=titles(found, spoken)["overview"],
        told=sentences(found, spoken),
        picture=curve_picture(found, spoken),
        sections=_sections(found, spoken),
        method=spoken.text("systemic.lead.method"),
    )


def _key_figures(found: SystemicFindings, language: Language) -> tuple[KeyFigure, ...]:
    text, index = language.text, found.figures.index
    everyone, output = language.number(len(found.names)), output_name(found, language)
    return (
        KeyFigure(text("systemic.key.highest"), language.percent(float(index[0])), found.names[0]),
        KeyFigure(
            text("systemic.key.notable"),
            language.number(found.above(_NOTABLE)),
            text("systemic.key.notable_note", all=everyone, output=output),
        ),
        KeyFigure(text("systemic.key.plateau"), language.number(found.plateau), text("systemic.key.plateau_note")),
        KeyFigure(
            text("systemic.key.median"),
            language.percent(float(np.median(index))),
            text("systemic.key.median_note", output=output),
        ),
    )


def _sections(found: SystemicFindings, language: Language) -> tuple[Section, ...]:
    text, title = language.text, titles(found, language)

    def part(name: str, **content: object) -> Section:
        return Section(
            name=name,
            kicker=text(f"systemic.section.{name}"),
            title=title[name],
            leads=(text(f"systemic.lead.{name}"),),
            **content,  # type: ignore[arg-type]  # picture and tables, as Section takes them
        )

    size, sectors = size_picture(found, language), sectors_picture(found, language)
    sections = [part("firms", tables=(firms_table(found, language),))]
    if size is not None:
        sections.append(part("size", picture=size))
    if sectors is not None:
        sections.append(part("sectors", picture=sectors))
    if found.regions:
        sections.append(part("regions", tables=(groups_table(found, language, "region"),)))
    sections.append(part("rules", tables=(rules_table(found, language),)))
    return tuple(sections)
