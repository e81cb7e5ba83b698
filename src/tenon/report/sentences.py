"""Plain sentences about what happened: the headline of the page, its titles, and what the command line prints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tenon.report.findings import CAUSES, DAYS_OF_A_YEAR, UNEXPLAINED, Findings, Group, Origins
from tenon.report.language import Language, load_language
from tenon.report.names import Names, names_of
from tenon.report.reading import find
from tenon.report.windows import scenario_facts
from tenon.schema import Float, Result, Status

__all__ = ["Story", "headlines", "paragraphs", "sentences", "stories", "titles"]

_NOTHING = 5e-7
_SMALL_SHARE = 0.005
_WORTH_NAMING = 1e-3
_FEW_DAYS = 1.0
_CAPACITY, _INPUTS, _DEMAND, _MADE_UP = range(4)


@dataclass(frozen=True)
class Story:
    """One scenario with everything needed to tell about it.

    Parameters
    ----------
    findings : Findings
        What it found.
    names : Names
        Names for people.
    title, description : str
        What the scenario is called and assumes, in the reader's language where the scenario has it.
    table : str
        Name of the table if it is estimated, else empty.
    complete : bool
        Whether the run reached its horizon.
    """

    findings: Findings
    names: Names
    title: str
    description: str
    table: str
    complete: bool

    @property
    def language(self) -> Language:
        """Language of the reader."""
        return self.names.language

    def money(self, value: float) -> str:
        """Return an amount in words.

        Parameters
        ----------
        value : float, currency
            Figure of the result.

        Returns
        -------
        str
            For example ``"USD 81.2 billion"``.
        """
        return self.language.money(value, self.findings.money)

    def text(self, key: str, **values: object) -> str:
        """Return a sentence of the catalogue.

        Parameters
        ----------
        key : str
            Dotted key.
        **values : object
            What stands in the placeholders.

        Returns
        -------
        str
            The sentence.
        """
        return self.language.text(key, **values)


def headlines(result: Result, language: str = "en") -> list[str]:
    """Tell in plain sentences what a run found.

    Parameters
    ----------
    result : Result
        What a run found.
    language : str
        ``"en"`` or ``"zh"``.

    Returns
    -------
    list of str
        For each scenario: how much is lost and why, the worst day, who is hit most, what runs short and when it is
        over; with several scenarios each list begins with a line that names the scenario.

    Raises
    ------
    ParameterError
        If there is no catalogue in that language, or the result lacks a variable that every report needs.
    """
    told = stories(result, load_language(language))
    lines = []
    for story in told:
        if len(told) > 1:
            lines.append(story.text("headline.scenario", title=story.title))
        lines += sentences(story)
    return lines


def stories(result: Result, language: Language) -> tuple[Story, ...]:
    """Read a result for telling.

    Parameters
    ----------
    result : Result
        What a run found.
    language : Language
        Language of the reader.

    Returns
    -------
    tuple of Story
        One a scenario.
    """
    names = names_of(result.values, language)
    table = result.provenance.get("table")
    estimated = str(table.get("name", "")) if isinstance(table, Mapping) and table.get("estimated") else ""
    found = find(result)
    facts = [scenario_facts(result, findings.name) for findings in found]
    titles = [_fact(fact, "title", language) or one.name for one, fact in zip(found, facts, strict=True)]
    return tuple(
        Story(
            findings,
            names,
            # Two scenarios with one title are told apart by their names.
            title=title if titles.count(title) == 1 else f"{title} ({findings.name})",
            description=_fact(fact, "description", language),
            table=estimated,
            complete=result.status is Status.COMPLETE,
        )
        for findings, fact, title in zip(found, facts, titles, strict=True)
    )


def _fact(facts: Mapping[str, object], key: str, language: Language) -> str:
    """Return what provenance says in the reader's language, else in English."""
    return str(facts.get(f"{key}_{language.code}") or facts.get(key) or "")


def sentences(story: Story) -> list[str]:
    """Tell what one scenario found.

    Parameters
    ----------
    story : Story
        One scenario.

    Returns
    -------
    list of str
        Sentences, the most important first.
    """
    return [sentence for paragraph in paragraphs(story) for sentence in paragraph]


def paragraphs(story: Story) -> list[list[str]]:
    """Tell what one scenario found, with sentences that belong together in one paragraph.

    Parameters
    ----------
    story : Story
        One scenario.

    Returns
    -------
    list of list of str
        Paragraphs, the most important first.
    """
    groups = ((_interrupted,), (_loss, _causes), (_worst, _over), (_regions, _hit), (_scarce, _unmet), (_estimated,))
    told = [[sentence for part in group for sentence in part(story)] for group in groups]
    return [paragraph for paragraph in told if paragraph]


def titles(story: Story) -> dict[str, str]:
    """Return titles that say what the parts of the page show.

    Parameters
    ----------
    story : Story
        One scenario.

    Returns
    -------
    dict of str to str
        Title by part: ``overview``, ``map``, ``regions``, ``sectors``, ``hit``, ``shortages``, ``paths``.
    """
    found = story.findings
    day, drop = found.worst
    overview = "title.overview" if drop > _NOTHING else "title.overview_calm"
    result = {
        "overview": story.text(overview, drop=story.language.percent(drop), day=story.language.number(day)),
        "regions": _deepest(story, found.regions, "title.regions", story.names.region),
        "sectors": _deepest(story, found.sectors, "title.sectors", story.names.sector),
        "map": story.text("title.map_calm"),
        "hit": story.text("title.hit_calm"),
        "shortages": story.text("title.shortages_calm"),
        "paths": story.text("title.paths_calm"),
    }
    lost = np.maximum(found.regions.lost, 0.0)
    if lost.sum() > 0:
        at = int(lost.argmax())
        result["map"] = story.text(
            "title.map",
            region=story.names.region(found.regions.labels[at]),
            share=story.language.percent(float(lost[at] / lost.sum())),
        )
    if np.maximum(found.each.lost, 0.0).sum() > 0:
        ranked = np.cumsum(np.sort(np.maximum(found.each.lost, 0.0))[::-1])
        half = int(np.searchsorted(ranked, ranked[-1] / 2)) + 1
        kind = "industry" if found.agents.industries else "agent"
        result["hit"] = story.language.count(f"title.hit_{kind}", half)
    if found.shortages is not None and _run_short(story) and (order := found.shortages.order()):
        most = int(found.shortages.held_back[order[0]].max())
        kind = "industry" if found.agents.industries else "agent"
        product = story.names.product(found.shortages.products[order[0]])
        result["shortages"] = story.language.count(f"title.shortages_{kind}", most, product=product)
    if found.origins is not None and (found.origins.lost > 0).any():
        result["paths"] = _paths_title(story, found.origins)
    return result


def _paths_title(story: Story, origins: Origins) -> str:
    lost = np.maximum(origins.lost, 0.0)
    by_origin = lost.sum(axis=0)
    most = origins.origins[int(by_origin.argmax())]
    if most not in origins.regions:
        share = story.language.percent(float(by_origin.max() / by_origin.sum()))
        if most == UNEXPLAINED:
            return story.text("title.paths_unexplained", share=share)
        return story.text("title.paths_special", share=share, origin=story.names.origin_within(most))
    own = float(np.maximum(origins.own(), 0.0).sum())
    return story.text("title.paths", share=story.language.percent(1 - own / float(lost.sum())))


def _run_short(story: Story) -> bool:
    """Say whether waiting for inputs is worth a title."""
    shortages, causes = story.findings.shortages, story.findings.causes()
    if shortages is None or causes is None:
        return False
    return float(shortages.lost.sum()) > _SMALL_SHARE * float(causes[:_MADE_UP].sum())


def _deepest(story: Story, group: Group, key: str, name: object) -> str:
    """Return a title about the group that falls deepest among those that matter."""
    calm = story.text(f"{key}_calm")
    if group.production is None or not len(group):
        return calm
    # Tiny groups swing most; the title is about the largest losers only.
    leading = [at for at in group.order()[:7] if group.lost[at] > 0]
    if not leading:
        return calm
    lows = group.production[leading].min(axis=1)
    at = leading[int(lows.argmin())]
    drop = 1 - float(group.production[at].min())
    if drop < _NOTHING:
        return calm
    day = story.findings.days[int(group.production[at].argmin())]
    label = name(group.labels[at]) if callable(name) else group.labels[at]
    return story.text(key, name=label, drop=story.language.percent(drop), day=story.language.number(day))


def _interrupted(story: Story) -> list[str]:
    if story.complete:
        return []
    return [story.text("headline.interrupted", day=story.language.number(float(story.findings.days[-1])))]


def _loss(story: Story) -> list[str]:
    found = story.findings
    if abs(found.share) < _NOTHING:
        return [story.text("headline.none")]
    kind = "loss" if found.lost > 0 else "gain"
    if abs(found.span - DAYS_OF_A_YEAR) > _FEW_DAYS:
        kind += "_horizon"
    return [
        story.text(
            f"headline.{kind}",
            days=story.language.number(found.span),
            money=story.money(abs(found.lost)),
            share=story.language.percent(abs(found.share)),
            year=story.language.percent(abs(found.share_of_year)),
        )
    ]


def _causes(story: Story) -> list[str]:
    causes = story.findings.causes()
    gross = 0.0 if causes is None else float(causes[:_MADE_UP].sum())
    if causes is None or gross <= 0:
        return []
    named = [column for column in (_CAPACITY, _INPUTS, _DEMAND) if causes[column] / gross > _WORTH_NAMING]
    clauses = [
        story.text(
            "headline.causes_next" if number else "headline.causes_first",
            share=story.language.percent(float(causes[column]) / gross),
            cause=story.text(f"headline.because_{CAUSES[column]}"),
        )
        for number, column in enumerate(named)
    ]
    result = [story.text("headline.causes", clauses=story.language.join(clauses))]
    if -causes[_MADE_UP] > _SMALL_SHARE * gross:
        result.append(story.text("headline.made_up", money=story.money(-float(causes[_MADE_UP]))))
    return result


def _worst(story: Story) -> list[str]:
    day, drop = story.findings.worst
    if drop < _NOTHING:
        return []
    return [story.text("headline.worst", day=story.language.number(day), drop=story.language.percent(drop))]


def _regions(story: Story) -> list[str]:
    group = story.findings.regions
    if len(group) < 2 or group.lost.max(initial=0.0) <= 0:  # noqa: PLR2004 - a comparison needs two
        return []
    share = np.nan_to_num(group.share(story.findings.span))
    most, hardest = int(group.lost.argmax()), int(share.argmax())
    key = "headline.region" if most == hardest else "headline.regions"
    return [
        story.text(
            key,
            region=story.names.region(group.labels[most]),
            money=story.money(float(group.lost[most])),
            other=story.names.region(group.labels[hardest]),
            share=story.language.percent(float(share[hardest])),
        )
    ]


def _hit(story: Story) -> list[str]:
    """Name who loses most directly and indirectly."""
    group = story.findings.each
    if group.causes is None:
        return []
    direct, indirect = group.causes[:, _CAPACITY], group.causes[:, _INPUTS] + group.causes[:, _DEMAND]
    untouched = np.where(direct <= _SMALL_SHARE * np.maximum(indirect, 0), indirect, 0.0)
    return _hit_one(story, "headline.direct", direct) + _hit_one(story, "headline.indirect", untouched)


def _hit_one(story: Story, key: str, lost: Float) -> list[str]:
    at = int(lost.argmax())
    if lost[at] <= 0:
        return []
    group = story.findings.each
    earned = float(group.baseline[at]) * story.findings.span
    share = float(lost[at]) / earned if earned > 0 else float("nan")
    name = story.names.agent(group.labels[at])
    return [story.text(key, agent=name, money=story.money(float(lost[at])), share=story.language.percent(share))]


def _scarce(story: Story) -> list[str]:
    shortages = story.findings.shortages
    if shortages is None or story.findings.lost <= 0:
        return []
    order = shortages.order()
    if not order:
        return [story.text("headline.nothing_scarce")]
    if not _run_short(story):
        return [story.text("headline.little_scarce", money=story.money(float(shortages.lost.sum())))]
    first, *others = order
    kind = "industry" if story.findings.agents.industries else "agent"
    result = [
        story.language.count(
            f"headline.scarce_{kind}",
            int(shortages.held_back[first].max()),
            product=story.names.product_within(shortages.products[first]),
            money=story.money(float(shortages.lost[first])),
        )
    ]
    total = float(shortages.lost.sum())
    next_ones = [at for at in others[:3] if shortages.lost[at] > 0.02 * total]
    if next_ones:
        listed = [
            story.text(
                "headline.scarce_item",
                product=story.names.product_within(shortages.products[at]),
                money=story.money(float(shortages.lost[at])),
            )
            for at in next_ones
        ]
        result.append(story.text("headline.scarce_next", products=story.language.join(listed)))
    return result


def _unmet(story: Story) -> list[str]:
    unmet = story.findings.unmet
    if unmet is None:
        return []
    missing, usual = unmet.missing.sum(axis=0), float(unmet.baseline.sum()) * story.findings.span
    if missing.sum() < _NOTHING * usual or usual <= 0:
        return []
    return [
        story.text(
            "headline.unmet",
            money=story.money(float(missing.sum())),
            share=story.language.percent(float(missing.sum()) / usual),
            product=story.names.product_within(unmet.products[int(missing.argmax())]),
        )
    ]


def _over(story: Story) -> list[str]:
    back = story.findings.each.back
    kind = "industry" if story.findings.agents.industries else "agent"
    hit = ~(back == 0)
    known = back[hit & np.isfinite(back)]
    if not hit.any() or (not known.size and np.isnan(back).all()):
        return []
    away = int(np.isnan(back).sum())
    days = {
        "last": story.language.number(float(known.max())) if known.size else "–",
        "half": story.language.number(float(np.median(known))) if known.size else "–",
        "hit": story.language.number(int(hit.sum())),
        "end": story.language.number(float(story.findings.days[-1])),
    }
    if away:
        return [story.language.count(f"headline.not_over_{kind}", away, hit=days["hit"], end=days["end"])]
    return [story.language.count(f"headline.over_{kind}", int(hit.sum()), last=days["last"], half=days["half"])]


def _estimated(story: Story) -> list[str]:
    return [story.text("headline.estimated", table=story.table)] if story.table else []
