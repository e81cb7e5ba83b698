"""The part of the page that follows outages from day to day: a row of pictures, a table, and what they say."""

from __future__ import annotations

import math
from html import escape

import numpy as np

from tenon.report.chains.days import Followed
from tenon.report.chains.reading import ChainFindings
from tenon.report.language import Language, day_number, file_unit
from tenon.report.palette import GAIN_AREA, INK, LOSS, WINDOW
from tenon.report.pictures import Picture, Swatch
from tenon.report.strips import Strip
from tenon.report.tables import Cell, Column, Table

__all__ = ["daily_picture", "daily_sentences", "daily_table", "daily_title"]

_HEIGHT = 44.0
_BAR = 6.0
_TICKS = 5
_AFTER = 1.06
_ROUND = 40


def daily_picture(found: ChainFindings, language: Language) -> Picture:
    """Draw what customers get on each day, a row an outage.

    Parameters
    ----------
    found : ChainFindings
        With at least one outage that was followed.
    language : Language
        Language of the reader.

    Returns
    -------
    Picture
        Rows of one scale, without a script.
    """
    text = language.text
    last = _last_day(found.followed)
    strips = tuple(
        Strip(one.name, _row(one, found.margin, last, _said(one, found, language)), _short(one, found, language))
        for one in found.followed
    )
    return Picture(
        name="daily",
        label=text("chain.daily.label", outages=language.number(len(strips)), days=language.number(last)),
        captions=(text("chain.daily.caption"),),
        shape="strips tall",
        strips=strips,
        ticks=tuple(language.number(last * step / (_TICKS - 1)) for step in range(_TICKS)),
        swatches=(
            Swatch(GAIN_AREA, text("chain.daily.delivered")),
            Swatch(LOSS[4], text("chain.daily.missing")),
            Swatch(WINDOW, text("chain.daily.out")),
        ),
    )


def daily_table(found: ChainFindings, language: Language) -> Table:
    """Set the answer of the program beside what happens from day to day.

    Parameters
    ----------
    found : ChainFindings
        With at least one outage that was followed.
    language : Language
        Language of the reader.

    Returns
    -------
    Table
        Outage, days out, both losses, time to survive, first day short, first customer, first stock to end, day over.
    """
    text = language.text
    factor, unit = language.scale(max(one.total for one in found.followed), found.money)
    known = {outage.name: outage for outage in found.outages}

    def days(title: str, missing: str = "–") -> Column:
        return Column(title, unit=text("unit.day"), show=lambda value: day_number(language, value), missing=missing)

    def money(title: str) -> Column:
        shown = lambda value: language.significant(value * factor)  # noqa: E731 - one line reads best
        return Column(title, unit=file_unit(language, found.money), show=shown, shown_unit=unit)

    columns = (
        Column(text("chain.column.cause")),
        days(text("chain.daily.column.out")),
        money(text("chain.daily.column.program")),
        money(text("chain.daily.column.lost")),
        days(text("chain.column.survival")),
        days(text("chain.daily.column.first")),
        days(text("chain.daily.column.over"), text("chain.daily.not_over")),
        Column(text("chain.daily.column.customer")),
        Column(text("chain.daily.column.stock")),
    )
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (
            one.name,
            one.days,
            known[one.name].impact[1],
            one.total,
            known[one.name].survives,
            one.first,
            one.over if one.hurts else 0.0,
            f"{one.customer} ({one.product})" if one.hurts else "–",
            _stock(one, language),
        )
        for one in found.followed
    )
    return Table("daily", text("chain.daily.table"), columns, rows)


def daily_title(found: ChainFindings, language: Language) -> str:
    """Write the title of this part.

    Parameters
    ----------
    found : ChainFindings
        What was found.
    language : Language
        Language of the reader.

    Returns
    -------
    str
        About the outage whose customers go short longest after it is over, or about the first.
    """
    late = _latest(found)
    if late is None:
        return language.text("chain.daily.title_safe")
    return language.text("chain.daily.title", name=late.name, days=day_number(language, late.over - late.days))


def daily_sentences(found: ChainFindings, language: Language) -> list[str]:
    """Tell what happens from day to day.

    Parameters
    ----------
    found : ChainFindings
        What was found.
    language : Language
        Language of the reader.

    Returns
    -------
    list of str
        When the first customer goes short in the most expensive outage, and until when; then the most expensive outage
        that only comes late. Empty if nobody goes short.
    """
    hurting = [one for one in found.followed if one.hurts]
    if not hurting:
        return []
    one = hurting[0]
    told = language.text(
        f"chain.daily.told{_open(one)}",
        name=one.name,
        customer=one.customer,
        first=day_number(language, one.first),
        over=_over(one, language),
        days=day_number(language, one.days),
    )
    stock = language.text("chain.daily.first_stock", stock=_stock(one, language)) if one.short_stage else ""
    return [told + stock, *_late_wave(hurting, found, language)]


def _late_wave(hurting: list[Followed], found: ChainFindings, language: Language) -> list[str]:
    """Tell of the most expensive outage among those that the program takes for harmless."""
    known = {outage.name: outage for outage in found.outages}
    late = [one for one in hurting if not found.hurts(known[one.name])]
    if not late:
        return []
    worst = max(late, key=lambda one: one.total)
    money, first = language.money(worst.total, found.money), day_number(language, worst.first)
    return [language.text("chain.daily.late_wave", name=worst.name, money=money, first=first)]


def _latest(found: ChainFindings) -> Followed | None:
    over = [one for one in found.followed if math.isfinite(one.over) and one.over > one.days]
    return max(over, key=lambda one: one.over - one.days, default=None)


def _open(one: Followed) -> str:
    """Return the ending of sentences about what is not over when the run ends."""
    return "" if math.isfinite(one.over) else "_open"


def _over(one: Followed, language: Language) -> str:
    return day_number(language, one.over) if math.isfinite(one.over) else ""


def _stock(one: Followed, language: Language) -> str:
    if not one.short_stage:
        return "–"
    whole = one.short_stage.startswith(f"{one.short_part} @ ")
    key = "chain.daily.own_stock" if whole else "chain.daily.input_stock"
    return language.text(key, part=one.short_part, stage=one.short_stage, day=day_number(language, one.short_day))


def _short(one: Followed, found: ChainFindings, language: Language) -> str:
    return language.money(one.total, found.money) if one.hurts else language.text("chain.daily.nothing")


def _said(one: Followed, found: ChainFindings, language: Language) -> str:
    if not one.hurts:
        return language.text("chain.daily.row_safe", name=one.name, days=day_number(language, one.days))
    return language.text(
        f"chain.daily.row{_open(one)}",
        name=one.name,
        days=day_number(language, one.days),
        first=day_number(language, one.first),
        over=_over(one, language),
        money=language.money(one.total, found.money),
    )


def _last_day(followed: tuple[Followed, ...]) -> int:
    """Last day of the picture: a little after everything is over, rounded up."""
    ends = [one.over if math.isfinite(one.over) else one.lost.size if one.hurts else one.days for one in followed]
    longest = max(*ends, *(one.days for one in followed))
    return min(_ROUND * math.ceil(_AFTER * longest / _ROUND), max(one.lost.size for one in followed))


def _row(one: Followed, margin: float, last: int, said: str) -> str:
    """Draw one row: what is delivered as an area, what is missing above it, and a bar while the outage lasts."""
    missing = np.clip(one.lost[:last] / margin if margin > 0 else np.zeros(last), 0.0, 1.0)
    deep = _HEIGHT - _BAR
    # Steps: a day is as wide as a day, and what is missing hangs from the top.
    points = "".join(f"L{day} {deep * share:.2f}L{day + 1} {deep * share:.2f}" for day, share in enumerate(missing))
    return (
        f'<svg role="img" aria-label="{escape(said, quote=True)}" viewBox="0 0 {last} {_HEIGHT:g}" '
        f'preserveAspectRatio="none"><title>{escape(said)}</title>'
        f'<rect width="{last}" height="{deep:g}" fill="{GAIN_AREA}"/>'
        f'<path d="M0 0{points}L{missing.size} 0Z" fill="{LOSS[4]}"/>'
        f'<rect y="{deep:g}" width="{min(one.days, last):g}" height="{_BAR:g}" fill="{WINDOW}"/>'
        f'<path d="M0 {deep:g}H{last}" stroke="{INK}" stroke-width="0.6" vector-effect="non-scaling-stroke"/></svg>'
    )
