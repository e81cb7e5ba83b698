"""Filters that say the words and figures of studies in the language of the page."""

from __future__ import annotations

import math

from django import template
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tenon.web.runs.labels import KINDS, LEADS, PARAMETERS, STAGES, STATES, TONES
from tenon.web.runs.library import scenario_title, text_language

register = template.Library()
_WORDS = {"kind": KINDS, "lead": LEADS, "parameter": PARAMETERS, "stage": STAGES, "state": STATES}
_ENGLISH = ((1e9, "billion"), (1e6, "million"), (1e3, "thousand"))
_CHINESE = ((1e8, "亿"), (1e4, "万"))


@register.filter
def study_word(value: str, kind: str) -> str | Promise:
    """Say a value: ``{{ study.kind|study_word:"kind" }}``."""
    return _WORDS[kind].get(value, value)


@register.filter
def study_tone(state: str) -> str:
    """Name the color of a state's tag."""
    return TONES[state]


@register.filter
def title_of_scenario(name: str) -> str:
    """Say what a scenario of the library is called."""
    return scenario_title(name)


@register.filter
def money(value: float | None, currency: str) -> str:
    """Say an amount in words of its size; a dash where it is not known or kept back."""
    if value is None:
        return "–"
    amount = short_number(value)
    return f"{amount} {currency}" if _is_chinese() else f"{currency} {amount}"


@register.filter
def short_number(value: float) -> str:
    """Say a number with three digits and the word of its size."""
    size, word = _size(value)
    return f"{_three_digits(value / size)} {word}".rstrip()


@register.filter
def on_axis(value: float, largest: float) -> str:
    """Say a number in the unit of the largest on its axis."""
    return _three_digits(value / _size(largest)[0])


@register.filter
def unit_of_axis(largest: float) -> str:
    """Name that unit: ``thousand``; empty where it is one."""
    return _size(largest)[1]


def _size(value: float) -> tuple[float, str]:
    sizes = _CHINESE if _is_chinese() else _ENGLISH
    # Rounding to three digits must not lift a figure to a thousand of the smaller unit.
    return next((item for item in sizes if abs(value) >= item[0] * 0.9995), (1.0, ""))


def _is_chinese() -> bool:
    return text_language() == "zh"


def _three_digits(value: float) -> str:
    if value == 0:
        return "0"
    places = max(2 - math.floor(math.log10(abs(value))), 0)
    shown = number_format(round(value, places), places, use_l10n=True, force_grouping=True)
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


@register.filter
def study_value(value: object) -> object:
    """Say the value of a parameter: numbers without zeros behind the point."""
    return number_format(value) if isinstance(value, float) and not value.is_integer() else _whole(value)


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) else value


@register.filter
def days(value: float | None) -> str:
    """Say a number of days, whole from three on; a dash where there is none."""
    if value is None:
        return "–"
    whole = round(value) if value >= 3 else round(value, 1)  # noqa: PLR2004 - said in the first line
    shown = number_format(int(whole) if float(whole).is_integer() else whole, use_l10n=True)
    return ngettext("%(days)s day", "%(days)s days", 1 if whole == 1 else 2) % {"days": shown}


@register.filter
def percent(share: float | None) -> str:
    """Say a share in percent."""
    return "–" if share is None else f"{_three_digits(100 * share)}%"


@register.filter
def megabytes(size: int) -> str:
    """Say how large a file is."""
    return _("%(size)s MB") % {"size": number_format(max(size / 1e6, 0.1), 1, use_l10n=True)}


@register.filter
def get(mapping: dict[str, object], name: str) -> object:
    """Look something up by a name in a variable."""
    return mapping.get(name)
