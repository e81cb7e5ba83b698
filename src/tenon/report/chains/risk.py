"""The page about a year of bad luck: what it costs, how bad it gets, and which sites and groups it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tenon.report.language import Language, Money, file_unit, load_language
from tenon.report.palette import ACCENT, GRID, INK, SERIES
from tenon.report.pictures import Key, Picture
from tenon.report.plots import as_json, draw, new_plot
from tenon.report.sections import KeyFigure, Section
from tenon.report.tables import Cell, Column, Table
from tenon.report.templating import write_page
from tenon.schema import Float, ParameterError, Result

__all__ = ["risk_headlines", "write_risk_report"]

_NEEDED = ("expected_annual_loss", "annual_loss_exceeded", "value_at_risk", "expected_loss_by_site")
_SHOWN = 12
_NAMED = 3
_HEIGHT = 380
_CURVE_POINTS = 400


@dataclass(frozen=True, kw_only=True)
class _Level:
    """What the years beyond a level of probability cost: at least, on average, each with its interval."""

    level: float
    reached: float
    reached_interval: tuple[float, float]
    beyond: float
    beyond_interval: tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class _Cause:
    """A site or group, and its part of the expected loss and of the loss beyond the highest level."""

    name: str
    kind: str
    expected: float
    tail: float


@dataclass(frozen=True, kw_only=True, eq=False)
class _Risk:
    """Everything that the page says."""

    name: str
    money: Money
    illustrative: bool
    expected: float
    interval: tuple[float, float]
    levels: tuple[_Level, ...]
    causes: tuple[_Cause, ...]
    annual: Float
    greatest: Float
    calm: float


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
    return _sentences(_read(result), load_language(language))


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
    spoken, risk = load_language(language), _read(result)
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
        title=text("risk.title", years=_years(spoken, worst), money=spoken.money(worst.reached, risk.money)),
        told=_sentences(risk, spoken),
        picture=_curve(risk, spoken),
        sections=_sections(risk, spoken),
        method=text("risk.method"),
    )


def _read(result: Result) -> _Risk:
    values = result.values
    missing = [name for name in _NEEDED if name not in values]
    if missing:
        message = (
            f"a report of annual losses needs their result; this one lacks {', '.join(missing)}. Run "
            "tenon.studies.chain_risk."
        )
        raise ParameterError(message)
    chain = result.provenance.get("chain")
    about = chain if isinstance(chain, dict) else {}
    annual = np.sort(values["annual_loss"].to_numpy())[::-1]

    def interval(name: str, row: int | None = None) -> tuple[float, float]:
        bounds = values[name] if row is None else values[name].isel(level=row)
        return float(bounds.sel(bound="low")), float(bounds.sel(bound="high"))

    levels = [
        _Level(
            level=float(level),
            reached=float(values["value_at_risk"][row]),
            reached_interval=interval("value_at_risk_interval", row),
            beyond=float(values["conditional_value_at_risk"][row]),
            beyond_interval=interval("conditional_value_at_risk_interval", row),
        )
        for row, level in enumerate(values["level"].to_numpy().tolist())
    ]
    causes = [
        _Cause(name=str(name), kind=kind, expected=float(expected), tail=float(tail))
        for kind in ("site", "group")
        for name, expected, tail in zip(
            values[kind].to_numpy().tolist(),
            values[f"expected_loss_by_{kind}"].to_numpy().tolist(),
            values[f"tail_loss_by_{kind}"].isel(level=int(values["level"].to_numpy().argmax())).to_numpy().tolist(),
            strict=True,
        )
        if expected > 0
    ]
    return _Risk(
        name=str(about.get("name", "")),
        money=Money(str(values["expected_annual_loss"].attrs.get("units", ""))),
        illustrative=bool(about.get("illustrative", False)),
        expected=float(values["expected_annual_loss"]),
        interval=interval("expected_annual_loss_interval"),
        levels=tuple(sorted(levels, key=lambda level: level.level)),
        causes=tuple(sorted(causes, key=lambda cause: (-cause.expected, cause.name))),
        annual=annual,
        greatest=np.sort(values["greatest_loss"].to_numpy())[::-1],
        calm=float((annual == 0).mean()),
    )


def _sentences(risk: _Risk, language: Language) -> list[str]:
    low, high = (language.money(bound, risk.money) for bound in risk.interval)
    expected = language.money(risk.expected, risk.money)
    lines = [language.text("risk.told.expected", money=expected, low=low, high=high)]
    lines.append(language.text("risk.told.calm", share=language.percent(risk.calm)))
    lines += [
        language.text(
            "risk.told.level",
            years=_years(language, level),
            money=language.money(level.reached, risk.money),
            beyond=language.money(level.beyond, risk.money),
        )
        for level in risk.levels
    ]
    if risk.causes:
        items = [
            language.text("risk.told.cause", name=cause.name, share=_share(risk, language, cause))
            for cause in risk.causes[:_NAMED]
        ]
        lines.append(language.text("risk.told.causes", listed=language.join(items)))
    return lines


def _share(risk: _Risk, language: Language, cause: _Cause) -> str:
    return language.percent(cause.expected / risk.expected)


def _years(language: Language, level: _Level) -> str:
    """Name the years beyond a level: a share of all, which is right even where many years cost the same."""
    if not level.level:
        return language.text("risk.all_years")
    return language.text("risk.worst_years", share=language.percent(1.0 - level.level, plain=True))


def _key_figures(risk: _Risk, language: Language) -> tuple[KeyFigure, ...]:
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
            _years(language, worst),
        ),
        KeyFigure(
            text("risk.key.beyond"),
            language.money(worst.beyond, risk.money),
            _years(language, worst),
        ),
        KeyFigure(
            text("risk.key.cause"),
            "–" if first is None else first.name,
            "" if first is None else text("risk.key.cause_note", share=_share(risk, language, first)),
        ),
    )  # fmt: skip


def _curve(risk: _Risk, language: Language) -> Picture:
    """Draw what is exceeded with each probability: all losses of a year, and its costliest event."""
    from bokeh.models import NumeralTickFormatter

    text = language.text
    factor, unit = language.scale(float(risk.annual.max()), risk.money)
    plot = new_plot(
        height=_HEIGHT,
        x_axis_label=text("risk.axis.loss", unit=unit),
        y_axis_label=text("risk.axis.probability"),
        y_axis_type="log",
    )
    plot.xgrid.grid_line_color = GRID
    plot.yaxis.formatter = NumeralTickFormatter(format="0.[000]%")
    keys = []
    for number, (name, losses) in enumerate((("annual", risk.annual), ("greatest", risk.greatest))):
        style, title = SERIES[2 * number], text(f"risk.curve.{name}")
        probability = (np.arange(losses.size) + 1.0) / losses.size
        # Every rank in the tail, fewer where the curve is smooth.
        kept = np.unique(np.geomspace(1, losses.size, _CURVE_POINTS).astype(int) - 1)
        columns = {"x": losses[kept] * factor, "y": probability[kept]}
        looks: dict[str, Any] = {"line_color": style.color, "line_width": 2, "line_dash": list(style.dash)}
        draw(plot, "Line", columns, name=f"line-{number}", x="x", y="y", **looks)
        keys.append(Key(title, style))
    marks = {
        "x": [level.reached * factor for level in risk.levels],
        "y": [1.0 - level.level for level in risk.levels],
    }
    draw(plot, "Scatter", marks, x="x", y="y", size=9, fill_color=ACCENT, line_color=INK)
    worst = risk.levels[-1]
    label = text("risk.curve.label", years=_years(language, worst), money=language.money(worst.reached, risk.money))
    return Picture(
        name="curve",
        label=label,
        captions=(text("risk.curve.caption"),),
        plot=as_json(plot, "curve"),
        keys=tuple(keys),
        tables=(_curve_table(risk, language),),
    )


def _sections(risk: _Risk, language: Language) -> tuple[Section, ...]:
    text = language.text
    return tuple(
        Section(
            name=name,
            kicker=text(f"risk.section.{name}"),
            title=text(f"risk.section_title.{name}"),
            leads=(text(f"risk.lead.{name}"),),
            tables=(table,),
        )
        for name, table in (("levels", _levels_table(risk, language)), ("causes", _causes_table(risk, language)))
    )


def _levels_table(risk: _Risk, language: Language) -> Table:
    text = language.text
    titles = ("reached", "reached_low", "reached_high", "beyond", "beyond_low", "beyond_high")
    rows = tuple(
        (
            _years(language, level),
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


def _causes_table(risk: _Risk, language: Language) -> Table:
    text = language.text
    total = max(sum(cause.tail for cause in risk.causes), np.finfo(float).tiny)
    rows: list[tuple[Cell, ...]] = [
        (
            cause.name,
            text(f"chain.kind.{cause.kind}"),
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
        _money(risk, language, text("risk.column.expected"), most),
        Column(text("risk.column.share"), show=language.percent),
        _money(risk, language, text("risk.column.tail"), most),
        Column(text("risk.column.share"), show=language.percent),
    )  # fmt: skip
    return Table("causes", text("risk.caption.causes"), columns, tuple(rows), shown=_SHOWN)


def _curve_table(risk: _Risk, language: Language) -> Table:
    text = language.text
    probabilities: Sequence[float] = (0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001)
    rows = []
    for probability in probabilities:
        rank = int(np.ceil(probability * risk.annual.size)) - 1
        if rank >= 1:
            rows.append((probability, float(risk.annual[rank]), float(risk.greatest[rank])))
    most = float(risk.annual.max())
    columns = (
        Column(text("risk.column.probability"), show=language.percent),
        _money(risk, language, text("risk.curve.annual"), most),
        _money(risk, language, text("risk.curve.greatest"), most),
    )
    return Table("exceedance", text("risk.caption.exceedance"), columns, tuple(rows))


def _money(risk: _Risk, language: Language, title: str, most: float) -> Column:
    factor, unit = language.scale(most, risk.money)
    return Column(
        title,
        unit=file_unit(language, risk.money),
        show=lambda value: language.significant(value * factor),
        shown_unit=unit,
    )
