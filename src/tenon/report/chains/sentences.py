"""Plain sentences about a stressed chain: what the command line prints and the page begins with."""

from __future__ import annotations

from tenon.report.chains.reading import ChainFindings, Outaged, Point
from tenon.report.language import Language, day_number

__all__ = ["sentences", "titles"]

_NAMED = 3
_AT_ONCE = 0.05
"""Days that are shown as none."""


def sentences(found: ChainFindings, language: Language) -> list[str]:
    """Tell what was found.

    Parameters
    ----------
    found : ChainFindings
        What was found.
    language : Language
        Language of the reader.

    Returns
    -------
    list of str
        What costs most, how many sites outlast their stocks, what is hidden, what groups and passages cost.
    """
    sites = found.of_kind("site")
    lines = [
        language.count(
            "chain.told.tested", len(sites), products=language.count("chain.told.products", len(found.products))
        )
    ]
    worst = found.worst
    if not found.complete:
        done, wanted = map(language.number, found.examined)
        lines = [language.text("chain.told.interrupted", done=done, wanted=wanted), *lines]
    if worst is None:
        safe = [language.text("chain.told.safe")] if found.complete else []
        return [*lines, *safe, *_hidden(found, language)]
    lines.append(_worst(found, language, worst))
    lines.append(_exposed(language, found.exposed, sites))
    lines += _hidden(found, language)
    lines += _common(found, language)
    lines += _remedy(found, language)
    return lines


def titles(found: ChainFindings, language: Language) -> dict[str, str]:
    """Write the title of each part of the page.

    Parameters
    ----------
    found : ChainFindings
        What was found.
    language : Language
        Language of the reader.

    Returns
    -------
    dict of str to str
        By name of the part.
    """
    text, worst = language.text, found.worst
    cheap = _cheap(found)
    return {
        "overview": text("chain.title.interrupted")
        if not found.complete
        else text("chain.title.safe")
        if worst is None
        else text("chain.title.worst", site=worst.name, money=language.money(worst.impact[1], found.money)),
        "exposure": text("chain.title.exposure_safe")
        if cheap is None
        else text("chain.title.exposure", site=cheap.name, money=language.money(cheap.impact[1], found.money)),
        "survival": language.count("chain.title.survival", len(found.exposed)),
        "points": language.count("chain.title.points", len(found.hidden_sites)),
        "common": text("chain.title.common"),
        "remedies": _remedy_title(found, language),
        "presumed": text("chain.title.presumed"),
        "basis": text("chain.title.basis"),
    }


def _remedy_title(found: ChainFindings, language: Language) -> str:
    if not found.remedies:
        return language.text("chain.title.no_remedy")
    best = found.remedies[0]
    return language.text("chain.title.remedy", stage=best.remedy, times=language.significant(best.remedy_return))


def _remedy(found: ChainFindings, language: Language) -> list[str]:
    if not found.remedies:
        return []
    best = found.remedies[0]
    times = language.significant(best.remedy_return)
    return [language.text("chain.told.remedy", stage=best.remedy, times=times, site=best.name)]


def _worst(found: ChainFindings, language: Language, worst: Outaged) -> str:
    low, likely, high = (language.money(impact, found.money) for impact in worst.impact)
    return language.text(
        "chain.told.worst",
        site=worst.name,
        days=_span(language, worst.recovery[1]),
        money=likely,
        range="" if low == high else language.text("chain.told.range", low=low, high=high),
        share=language.percent(worst.impact[1] / (found.margin * worst.recovery[1])),
    )


def _exposed(language: Language, exposed: tuple[Outaged, ...], sites: tuple[Outaged, ...]) -> str:
    shortest = min(exposed, key=lambda site: site.survives)
    days = _span(language, shortest.survives)
    key = "chain.told.exposed" if shortest.survives >= _AT_ONCE else "chain.told.at_once"
    return language.count(key, len(exposed), all=language.number(len(sites)), site=shortest.name, days=days)


def _hidden(found: ChainFindings, language: Language) -> list[str]:
    hidden = [point for point in found.hidden if point.kind == "site"]
    if not hidden:
        return [language.text("chain.told.no_hidden")]
    stake = {point.cause: 0.0 for point in hidden}
    for point in hidden:
        stake[point.cause] += point.stake
    deepest = max(hidden, key=lambda point: (stake[point.cause], point.tiers, point.stake))
    lines = [language.count("chain.told.hidden", len(found.hidden_sites), proof=_proof(found, deepest, language))]
    rest = sum(point.standing != "verified" for point in found.points)
    if rest:
        lines.append(language.count("chain.told.presumed", rest))
    return lines


def _products(found: ChainFindings, point: Point, language: Language) -> str:
    """Name the product of a finding, and say how many others hang on the same cause."""
    others = sum((other.kind, other.cause) == (point.kind, point.cause) for other in found.hidden) - 1
    return language.count("chain.told.others", others, product=point.product) if others else point.product


def _proof(found: ChainFindings, point: Point, language: Language) -> str:
    """Say the proof of a finding as a sentence."""
    clauses = [
        language.text("chain.told.step", buyer=buyer, part=part, suppliers=language.join(suppliers))
        for buyer, part, suppliers in point.steps
    ]
    return language.text(
        "chain.told.proof",
        product=_products(found, point, language),
        cause=point.cause,
        tiers=language.number(point.tiers),
        steps=language.text("chain.told.step_joint").join(clauses),
    )


def _common(found: ChainFindings, language: Language) -> list[str]:
    outages = [outage for outage in found.of_kind("combination", "group", "passage") if found.hurts(outage)][:_NAMED]
    if not outages:
        return []
    items = [
        language.text(
            "chain.told.common_item",
            name=outage.name,
            days=_span(language, outage.recovery[1]),
            money=language.money(outage.impact[1], found.money),
        )
        for outage in outages
    ]
    return [language.text("chain.told.common", listed=language.join(items))]


def _cheap(found: ChainFindings) -> Outaged | None:
    """Return the site among the expensive ones from which least is bought."""
    known = [site for site in found.exposed if site.spend >= 0]
    expensive = known[: max(len(known) // 2, 1)]
    return min(expensive, key=lambda site: site.spend / site.impact[1], default=None)


def _span(language: Language, days: float) -> str:
    shown = day_number(language, days)
    return language.text(f"chain.told.day.{'one' if shown == '1' else 'other'}", days=shown)
