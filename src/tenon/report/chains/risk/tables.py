"""The tables of a year of bad luck."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tenon.report.chains.risk.reading import Risk
from tenon.report.chains.risk.sentences import years_beyond
from tenon.report.language import Language, file_unit
from tenon.report.tables import Cell, Column, Table

__all__ = ["causes_table", "exceedance_table", "levels_table"]

_SHOWN = 12


def levels_table(risk: Risk, language: Language) -> Table:
    """List what bad years cost.

    Parameters
    ----------
    risk : Risk
        What was found.
    language : Language
        Language of the reader.

    Returns
    -------
    Table
        At least and on average, each with its interval.
    """
    text = language.text
    titles = ("reached", "reached_low", "reached_high", "beyond", "beyond_low", "beyond_high")
    rows = tuple(
        (
            years_beyond(language, level),
            level.reached, *level.reached_interval, level.beyond, *level.beyond_interval,
        )
        for level in risk.levels
    )  # fmt: skip
    most = max(level.beyond_interval[1] for level in risk.levels)
    columns = (
        Column(text("risk.column.level")),
        *(_money(risk, language, text(f"risk.column.{title}"), most) for title in titles),
    )
    return Table("levels", text("risk.caption.levels"), columns, rows)


def causes_table(risk: Risk, language: Language) -> Table:
    """List what the losses come from.

    Parameters
    ----------
    risk : Risk
        What was found.
    language : Language
        Language of the reader.

    Returns
    -------
    Table
        Sites, groups, lanes and passages: how often each fails, and its part of the losses.
    """
    text = language.text
    total = max(sum(cause.tail for cause in risk.causes), np.finfo(float).tiny)
    rows: list[tuple[Cell, ...]] = [
        (
            cause.name,
            text(f"chain.kind.{cause.kind}"),
            cause.rate,
            cause.expected,
            cause.expected / risk.expected,
            cause.tail,
            cause.tail / total,
        )
        for cause in risk.causes
    ]
    most = max((max(cause.expected, cause.tail) for cause in risk.causes), default=0.0)
    columns = (
        Column(text("chain.column.cause")),
        Column(text("chain.column.kind")),
        Column(text("risk.column.rate"), show=language.significant),
        _money(risk, language, text("risk.column.expected"), most),
        Column(text("risk.column.share"), show=language.percent),
        _money(risk, language, text("risk.column.tail"), most),
        Column(text("risk.column.share"), show=language.percent),
    )  # fmt: skip
    return Table("causes", text("risk.caption.causes"), columns, tuple(rows), shown=_SHOWN)


def exceedance_table(risk: Risk, language: Language) -> Table:
    """List what some shares of years cost at least.

    Parameters
    ----------
    risk : Risk
        What was found.
    language : Language
        Language of the reader.

    Returns
    -------
    Table
        All losses of a year, and its costliest event.
    """
    text = language.text
    shares: Sequence[float] = (0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001)
    rows = []
    for share in shares:
        rank = int(np.ceil(share * risk.annual.size)) - 1
        if rank >= 1:
            rows.append((share, float(risk.annual[rank]), float(risk.greatest[rank])))
    most = float(risk.annual.max())
    columns = (
        Column(text("risk.curve.share"), show=language.percent),
        _money(risk, language, text("risk.curve.annual"), most),
        _money(risk, language, text("risk.curve.greatest"), most),
    )
    return Table("exceedance", text("risk.caption.exceedance"), columns, tuple(rows))


def _money(risk: Risk, language: Language, title: str, most: float) -> Column:
    factor, unit = language.scale(most, risk.money)
    return Column(
        title,
        unit=file_unit(language, risk.money),
        show=lambda value: language.significant(value * factor),
        shown_unit=unit,
    )
