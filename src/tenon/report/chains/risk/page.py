"""The page about a year of bad luck: one HTML file that opens offline and loads nothing."""

from __future__ import annotations

from pathlib import Path

from tenon.report.chains.risk.pictures import curve_picture
from tenon.report.chains.risk.reading import Risk, read_risk
from tenon.report.chains.risk.sentences import method, sentences, share_of, years_beyond
from tenon.report.chains.risk.tables import causes_table, levels_table
from tenon.report.language import Language, load_language
from tenon.report.sections import KeyFigure, Section
from tenon.report.templating import write_page
from tenon.schema import Result

__all__ = ["risk_headlines", "write_risk_report"]


def risk_headlines(result: Result, language: str = "en") -> list[str]:
    """Tell in plain sentences what a year of bad luck costs.

    Parameters
    ----------
    result : Result
        Of :func:`tenon.studies.chain_risk`.
    language : str
        ``"en"`` or ``"zh"``.

    Returns
    -------
    list of str
        The expected loss, bad years, and where the losses come from.

    Raises
    ------
    ParameterError
        If there is no catalogue in that language, or the result is none of annual losses.
    """
    return sentences(read_risk(result), load_language(language))


def write_risk_report(result: Result, path: str | Path, *, language: str = "en") -> Path:
    """Write the report of a year of bad luck: one self-contained HTML file.

    Parameters
    ----------
    result : Result
        Of :func:`tenon.studies.chain_risk`.
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
        If there is no catalogue in that language, or the result is none of annual losses.
    StorageError
        If the page cannot be written; nothing is left half-written.
    """
    spoken, risk = load_language(language), read_risk(result)
    text, worst = spoken.text, risk.levels[-1]
    return write_page(
        path,
        result,
        spoken,
        name=risk.name,
        kicker=text("risk.kicker"),
        standfirst=text("chain.illustrative") if risk.illustrative else "",
        figures=_key_figures(risk, spoken),
        part=text("risk.section.curve"),
        title=text("risk.title", years=years_beyond(spoken, worst), money=spoken.money(worst.reached, risk.money)),
        told=sentences(risk, spoken),
        picture=curve_picture(risk, spoken),
        sections=_sections(risk, spoken),
        method=method(risk, spoken),
    )


def _key_figures(risk: Risk, language: Language) -> tuple[KeyFigure, ...]:
    text, worst = language.text, risk.levels[-1]
    low, high = (language.money(bound, risk.money) for bound in risk.interval)
    first = risk.causes[0] if risk.causes else None
    return (
        KeyFigure(
            text("risk.key.expected"),
            language.money(risk.expected, risk.money),
            text("risk.key.interval", low=low, high=high),
        ),
        KeyFigure(
            text("risk.key.reached"),
            language.money(worst.reached, risk.money),
            years_beyond(language, worst),
        ),
        KeyFigure(
            text("risk.key.beyond"),
            language.money(worst.beyond, risk.money),
            years_beyond(language, worst),
        ),
        KeyFigure(
            text("risk.key.cause"),
            "–" if first is None else first.name,
            "" if first is None else text("risk.key.cause_note", share=share_of(risk, language, first)),
        ),
    )  # fmt: skip


def _sections(risk: Risk, language: Language) -> tuple[Section, ...]:
    text = language.text
    return tuple(
        Section(
            name=name,
            kicker=text(f"risk.section.{name}"),
            title=text(f"risk.section_title.{name}"),
            leads=(text(f"risk.lead.{name}"),),
            tables=(table,),
        )
        for name, table in (("levels", levels_table(risk, language)), ("causes", causes_table(risk, language)))
    )
