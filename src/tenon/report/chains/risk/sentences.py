"""What a year of bad luck costs, in plain sentences."""

from __future__ import annotations

from tenon.report.chains.risk.reading import KINDS, Cause, Level, Risk
from tenon.report.language import Language

__all__ = ["method", "sentences", "share_of", "years_beyond"]

_NAMED = 3


def sentences(risk: Risk, language: Language) -> list[str]:
    """Tell what was found.

    Parameters
    ----------
    risk : Risk
        What was found.
    language : Language
        Language of the reader.

    Returns
    -------
    list of str
        The expected loss, quiet years, bad years, and what the losses come from.
    """
    low, high = (language.money(bound, risk.money) for bound in risk.interval)
    expected = language.money(risk.expected, risk.money)
    lines = [language.text("risk.told.expected", money=expected, low=low, high=high)]
    lines.append(language.text("risk.told.calm", share=language.percent(risk.calm)))
    lines += [
        language.text(
            "risk.told.level",
            years=years_beyond(language, level),
            money=language.money(level.reached, risk.money),
            beyond=language.money(level.beyond, risk.money),
        )
        for level in risk.levels
    ]
    return [*lines, *_causes(risk, language), *_kinds(risk, language)]


def _causes(risk: Risk, language: Language) -> list[str]:
    items = [
        language.text("risk.told.cause", name=cause.name, share=share_of(risk, language, cause))
        for cause in risk.causes[:_NAMED]
    ]
    return [language.text("risk.told.causes", listed=language.join(items))] if items else []


def _kinds(risk: Risk, language: Language) -> list[str]:
    """Say what each kind of cause makes, where there are several."""
    kinds = sorted((kind for kind in KINDS if risk.of_kind(kind)), key=risk.of_kind, reverse=True)
    items = [
        language.text(
            "risk.told.kind",
            kind=language.text(f"risk.kinds.{kind}"),
            share=language.percent(risk.of_kind(kind) / risk.expected),
        )
        for kind in kinds
    ]
    return [language.text("risk.told.kinds", listed=language.join(items))] if len(kinds) > 1 else []


def method(risk: Risk, language: Language) -> str:
    """Say how years were drawn, and whether lanes and passages close in them.

    Parameters
    ----------
    risk : Risk
        What was found.
    language : Language
        Language of the reader.

    Returns
    -------
    str
        A few sentences.
    """
    return language.text("risk.method", closures=language.text("risk.closures" if risk.closes else "risk.no_closures"))


def share_of(risk: Risk, language: Language, cause: Cause) -> str:
    """Say which share of the expected loss a cause makes.

    Parameters
    ----------
    risk : Risk
        What was found.
    language : Language
        Language of the reader.
    cause : Cause
        One of its causes.

    Returns
    -------
    str
        In percent.
    """
    return language.percent(cause.expected / risk.expected)


def years_beyond(language: Language, level: Level) -> str:
    """Name the years beyond a level: a share of all, which is right even where many years cost the same.

    Parameters
    ----------
    language : Language
        Language of the reader.
    level : Level
        The level.

    Returns
    -------
    str
        As a sentence begins with it.
    """
    if not level.level:
        return language.text("risk.all_years")
    return language.text("risk.worst_years", share=language.percent(1.0 - level.level, plain=True))
