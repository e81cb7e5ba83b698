"""The main figures of a result as plain JSON values, for pages and programs that draw them themselves."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from tenon.report.chains import chain_headlines
from tenon.report.chains.daily import daily_sentences
from tenon.report.chains.days import Followed
from tenon.report.chains.reading import ChainFindings, Outaged, read_chain_result
from tenon.report.findings import Findings, Group
from tenon.report.language import LANGUAGES, load_language
from tenon.report.names import names_of
from tenon.report.reading import find
from tenon.report.sentences import headlines
from tenon.schema import Float, Result

__all__ = ["chain_summary", "table_summary"]

_TEN = 10
_MOST_SITES = 5000
_MOST_POINTS = 400


def chain_summary(result: Result) -> dict[str, object]:
    """Summarize a stressed chain.

    Parameters
    ----------
    result : Result
        Of :func:`tenon.studies.stress_supply_chain` or :func:`tenon.studies.stress_site`.

    Returns
    -------
    dict
        ``currency``; ``worst``, up to ten sites, the most expensive first, each with ``name``, ``loss`` (currency),
        ``out_days``, ``stock_days`` (how long nobody misses anything) and ``stock_lasts`` (whether longer than was
        looked at); ``followed``, the most expensive outage from day to day with ``first_loss_day``,
        ``first_customer``, ``first_product``, ``over_day``, ``short_day``, ``short_stage``, ``short_part``,
        ``loss_a_day`` (the largest, currency per day), ``loss`` and ``losses``, one a day; all ``sites``; and
        ``sentences`` by language. None stands for what does not come.

    Raises
    ------
    ParameterError
        If the result is none of a stressed chain.

    Examples
    --------
    >>> from tenon.data import example_chain
    >>> from tenon.studies import stress_site
    >>> summary = chain_summary(stress_site(example_chain(), "Ghent melt shop", days=60))
    >>> summary["currency"], summary["worst"][0]["out_days"]
    ('USD', 60.0)
    """
    found = read_chain_result(result)
    return {
        "kind": "chain",
        "name": found.name,
        "illustrative": found.illustrative,
        "currency": found.money.currency,
        "worst": [_outage(outage) for outage in found.of_kind("site")[:_TEN]],
        "followed": _followed(found),
        "sites": sorted(set(found.network.sites))[:_MOST_SITES],
        "sentences": {language: _chain_sentences(result, found, language) for language in LANGUAGES},
    }


def _chain_sentences(result: Result, found: ChainFindings, language: str) -> list[str]:
    """Tell of one outage only what it does; what the chain hangs on is another question."""
    if len(found.outages) == 1:
        return daily_sentences(found, load_language(language))
    return chain_headlines(result, language)


def _outage(outage: Outaged) -> dict[str, object]:
    return {
        "name": outage.name,
        "loss": max(outage.impact[1], 0.0),
        "out_days": outage.recovery[1],
        "stock_days": outage.survives,
        "stock_lasts": outage.capped,
    }


def _followed(found: ChainFindings) -> dict[str, object] | None:
    if not found.followed:
        return None
    worst: Followed = max(found.followed, key=lambda outage: outage.total)
    days = int(worst.over) + 1 if math.isfinite(worst.over) else len(worst.lost)
    return {
        "name": worst.name,
        "out_days": worst.days,
        "first_loss_day": _finite(worst.first),
        "first_customer": worst.customer,
        "first_product": worst.product,
        "over_day": _finite(worst.over),
        "short_day": _finite(worst.short_day),
        "short_stage": worst.short_stage,
        "short_part": worst.short_part,
        "loss_a_day": float(worst.lost.max(initial=0.0)),
        "loss": worst.total,
        "losses": _series(worst.lost[:days]),
    }


def table_summary(result: Result) -> dict[str, object]:
    """Summarize scenarios that were run on a table.

    Parameters
    ----------
    result : Result
        Of :func:`tenon.studies.stress`.

    Returns
    -------
    dict
        ``currency``, and of the first scenario: ``loss`` (currency, of value added), ``share`` of what would have been
        earned, ``worst_day`` and ``worst_drop``, ``over_day``; up to ten ``regions`` and ``sectors``, those that lose
        most first, each with ``name``, ``name_zh``, ``loss`` and ``share``; ``output``, relative to normal, day by day;
        and ``sentences`` by language. None stands for what does not come.

    Raises
    ------
    ParameterError
        If the result lacks a variable that every report needs.

    Examples
    --------
    >>> from tenon.studies import stress
    >>> summary = table_summary(stress("world-2022", "supplier-outage-2022"))
    >>> summary["regions"][0]["name"], summary["regions"][0]["name_zh"]
    ('Japan', '日本')
    """
    first = find(result)[0]
    english, chinese = (names_of(result.values, load_language(language)) for language in ("en", "zh"))
    day, drop = first.worst
    back = first.each.back
    return {
        "kind": "table",
        "currency": first.money.currency,
        "days": first.span,
        "loss": first.lost * first.money.unit,
        "share": first.share,
        "worst_day": day,
        "worst_drop": drop,
        "over_day": float(back.max(initial=0.0)) if np.isfinite(back).all() else None,
        "regions": _ranked(first, first.regions, (english.region, chinese.region)),
        "sectors": _ranked(first, first.sectors, (english.sector, chinese.sector)),
        "output": _series(first.index),
        "sentences": {language: headlines(result, language) for language in LANGUAGES},
    }


def _ranked(found: Findings, group: Group, names: tuple[Callable[[str], str], ...]) -> list[dict[str, object]]:
    shares = group.share(found.span)
    return [
        {
            "name": names[0](group.labels[at]),
            "name_zh": names[1](group.labels[at]),
            "loss": float(group.lost[at]) * found.money.unit,
            "share": _finite(float(shares[at])),
        }
        for at in group.order()[:_TEN]
        if group.lost[at] > 0
    ]


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _series(values: Float) -> dict[str, object]:
    """Thin a series out to what a picture can show: each value stands for ``step`` days, the first of them."""
    step = max(math.ceil(len(values) / _MOST_POINTS), 1)
    return {"step": step, "values": [float(f"{value:.6g}") for value in values[::step]]}
