"""The parts of the page: what stands where, ready for the templates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tenon.report.crossings import Chain, Matrix, chains_of, matrix_of, paths_lead
from tenon.report.findings import CAUSES, Window
from tenon.report.listings import (
    agents_table,
    origins_table,
    routes_table,
    unmet_table,
)
from tenon.report.palette import HEAT, LOSS
from tenon.report.pictures import Boundaries, Picture, Swatch, group_picture, index_picture, map_picture, strips_picture
from tenon.report.sentences import Story, paragraphs, titles
from tenon.report.tables import Table

__all__ = ["BAR_COLORS", "Bar", "KeyFigure", "Materials", "Panel", "Section", "panel_of"]

BAR_COLORS = {"capacity": LOSS[4], "inputs": LOSS[2], "demand": HEAT[3]}
"""Color of each cause in bars; each is darker or lighter than its neighbors."""

_GAINERS = 3
_SMALL = 1e-3


@dataclass(frozen=True)
class KeyFigure:
    """One of the four figures at the top.

    Parameters
    ----------
    label, value, note : str
        What it is, the figure, and what it means.
    """

    label: str
    value: str
    note: str


@dataclass(frozen=True)
class Bar:
    """A bar that splits a loss by cause.

    Parameters
    ----------
    parts : tuple of (str, float, str)
        Cause, width in percent of the longest bar, and what it says.
    """

    parts: tuple[tuple[str, float, str], ...]


@dataclass(frozen=True, kw_only=True)
class Section:
    """One part of the page.

    Parameters
    ----------
    name : str
        Identifier on the page.
    kicker, title : str
        What it is about, and what it found.
    leads : tuple of str
        Sentences above its figures.
    picture : Picture, optional
        Its figure.
    tables : tuple of Table
        Tables that are shown open.
    bars : tuple of Bar
        Bars beside the rows of the first table.
    swatches : tuple of Swatch
        What the colors of the bars mean.
    matrix : Matrix, optional
        Hit regions by origins.
    chains : tuple of Chain
        Chains of propagation.
    hidden_tables : tuple of Table
        Tables that open on demand.
    half : bool
        Whether it takes half of a wide page.
    """

    name: str
    kicker: str
    title: str
    leads: tuple[str, ...] = ()
    picture: Picture | None = None
    tables: tuple[Table, ...] = ()
    bars: tuple[Bar, ...] = ()
    swatches: tuple[Swatch, ...] = ()
    matrix: Matrix | None = None
    chains: tuple[Chain, ...] = ()
    hidden_tables: tuple[Table, ...] = ()
    half: bool = False


@dataclass(frozen=True, kw_only=True)
class Panel:
    """Everything about one scenario.

    Parameters
    ----------
    name : str
        Identifier on the page.
    story : Story
        The scenario.
    paragraphs : tuple of str
        What happened.
    split : Bar, optional
        The whole loss by cause.
    figures : tuple of KeyFigure
        The four figures at the top.
    sections : tuple of Section
        The parts, from the overview on.
    facts : mapping of str to object
        What provenance says about the scenario.
    """

    name: str
    story: Story
    paragraphs: tuple[str, ...]
    split: Bar | None
    figures: tuple[KeyFigure, ...]
    sections: tuple[Section, ...]
    facts: Mapping[str, object]


@dataclass(frozen=True)
class Materials:
    """What panels are made from besides their story.

    Parameters
    ----------
    places : mapping of str to (longitude, latitude)
        Where marks of regions stand.
    boundaries : Boundaries or None
        True outlines.
    windows : tuple of Window
        Days of the shocks.
    facts : mapping of str to object
        What provenance says about the scenario.
    """

    places: Mapping[str, tuple[float, float]]
    boundaries: Boundaries | None
    windows: tuple[Window, ...]
    facts: Mapping[str, object]


def panel_of(story: Story, name: str, materials: Materials) -> Panel:
    """Put together everything about one scenario.

    Parameters
    ----------
    story : Story
        The scenario.
    name : str
        Identifier on the page.
    materials : Materials
        Places, outlines, windows and facts.

    Returns
    -------
    Panel
        Parts for which the result holds no figures are left out.
    """
    title = titles(story)
    windows = materials.windows
    pictures = {
        "overview": index_picture(story, f"{name}-index", windows),
        "map": map_picture(story, f"{name}-world", materials.places, materials.boundaries),
        "regions": group_picture(story, f"{name}-region-lines", "region", windows),
        "sectors": group_picture(story, f"{name}-sector-lines", "sector", windows),
    }
    pair = ("regions", "sectors")
    sections = [
        Section(
            name=f"{name}-{part}",
            kicker=story.text(f"section.{part}"),
            title=title[part],
            leads=_map_leads(story) if part == "map" else (),
            picture=picture,
            half=part in pair and None not in (pictures[pair[0]], pictures[pair[1]]),
        )
        for part, picture in pictures.items()
        if picture is not None
    ]
    sections.append(_hit_section(story, name, title["hit"]))
    sections += _shortages_section(story, name, title["shortages"])
    sections += _unmet_section(story, name)
    sections += _paths_section(story, name, title["paths"])
    return Panel(
        name=name,
        story=story,
        paragraphs=tuple(story.text("list.sentences").join(paragraph) for paragraph in paragraphs(story)),
        split=_split(story),
        figures=_key_figures(story),
        sections=tuple(sections),
        facts=materials.facts,
    )


def _key_figures(story: Story) -> tuple[KeyFigure, ...]:
    found, text, language = story.findings, story.text, story.language
    days = language.number(found.span)
    note = text("key.lost_note", share=language.percent(abs(found.share)), days=days)
    lost = KeyFigure(text("key.lost" if found.lost >= 0 else "key.gained"), story.money(abs(found.lost)), note)
    day, drop = found.worst
    value = text("key.worst_value", drop=language.percent(drop)) if drop > 0 else text("key.worst_calm")
    worst = KeyFigure(text("key.worst"), value, text("key.worst_note", day=language.number(day), days=days))
    return (lost, worst, _hardest(story), _return(story))


def _split(story: Story) -> Bar | None:
    causes = story.findings.causes()
    if causes is None or (gross := float(causes[:3].sum())) <= 0:
        return None
    parts = []
    for cause, value in zip(CAUSES[:3], causes[:3].tolist(), strict=True):
        if value > _SMALL * gross:
            share = story.language.percent(value / gross)
            parts.append(
                (
                    cause,
                    round(100 * value / gross, 2),
                    story.text("figure.split_item", cause=story.text(f"column.{cause}"), amount=share),
                )
            )
    return Bar(tuple(parts))


def _hardest(story: Story) -> KeyFigure:
    found, text = story.findings, story.text
    regions = found.regions
    share = np.nan_to_num(regions.share(found.span)) if len(regions) > 1 else np.zeros(1)
    if share.max() > 0:
        at = int(share.argmax())
        note = text("key.region_note", share=story.language.percent(float(share[at])))
        return KeyFigure(text("key.region"), story.names.region(regions.labels[at]), note)
    at = int(found.each.lost.argmax())
    if found.each.lost[at] <= 0:
        return KeyFigure(text("key.region"), text("key.region_none"), "")
    name = story.names.agent(found.each.labels[at])
    return KeyFigure(text("key.agent"), name, story.money(float(found.each.lost[at])))


def _return(story: Story) -> KeyFigure:
    found, text, number = story.findings, story.text, story.language.number
    kind = "industry" if found.agents.industries else "agent"
    back = found.each.back
    away, left = int(np.isnan(back).sum()), int((back != 0).sum())
    label = text("key.over")
    if away == len(back):
        return KeyFigure(label, text("key.unknown"), "")
    if away:
        value = text("key.not_over", days=number(found.span))
        return KeyFigure(label, value, story.language.count(f"key.not_over_note_{kind}", away))
    if not left:
        return KeyFigure(label, text("key.never_left"), "")
    value = text("key.over_value", day=number(float(back.max())))
    return KeyFigure(label, value, story.language.count(f"key.over_note_{kind}", left))


def _map_leads(story: Story) -> tuple[str, ...]:
    group, text = story.findings.regions, story.text
    order = group.order()

    def item(at: int) -> str:
        return text(
            "lead.map_item", region=story.names.region(group.labels[at]), money=story.money(abs(float(group.lost[at])))
        )

    leads = []
    if losers := [item(at) for at in order[:5] if group.lost[at] > 0]:
        leads.append(text("lead.map_top", listed=story.language.join(losers)))
    least = _SMALL * float(np.abs(group.lost).max(initial=0.0))
    if gainers := [item(at) for at in reversed(order[-_GAINERS:]) if group.lost[at] < -least]:
        leads.append(text("lead.map_gains", listed=story.language.join(gainers)))
    return tuple(leads)


def _hit_section(story: Story, name: str, title: str) -> Section:
    table = agents_table(story)
    group = story.findings.each
    bars: tuple[Bar, ...] = ()
    leads: tuple[str, ...] = ()
    swatches: tuple[Swatch, ...] = ()
    if group.causes is not None:
        shown = group.order()[: table.shown]
        longest = max(float(group.causes[shown, :3].sum(axis=1).max(initial=0.0)), np.finfo(float).tiny)
        bars = tuple(_bar(story, group.causes[at], longest) for at in shown)
        leads = (story.text("lead.hit"),)
        swatches = tuple(Swatch(color, story.text(f"column.{cause}")) for cause, color in BAR_COLORS.items())
    return Section(
        name=f"{name}-hit",
        kicker=story.text("section.hit"),
        title=title,
        leads=leads,
        tables=(table,),
        bars=bars,
        swatches=swatches,
    )


def _bar(story: Story, causes: np.ndarray[tuple[int, ...], np.dtype[np.float64]], longest: float) -> Bar:
    parts = []
    for cause, value in zip(CAUSES[:3], causes[:3].tolist(), strict=True):
        if value > 0:
            said = story.text("figure.split_item", cause=story.text(f"column.{cause}"), amount=story.money(value))
            parts.append((cause, round(100 * value / longest, 2), said))
    return Bar(tuple(parts))


def _shortages_section(story: Story, name: str, title: str) -> list[Section]:
    picture = strips_picture(story, f"{name}-strips")
    if picture is None:
        return []
    return [
        Section(
            name=f"{name}-shortages",
            kicker=story.text("section.shortages"),
            title=title,
            leads=(story.text("lead.shortages"),),
            picture=picture,
        )
    ]


def _unmet_section(story: Story, name: str) -> list[Section]:
    table, unmet = unmet_table(story), story.findings.unmet
    if table is None or unmet is None:
        return []
    total, span = float(unmet.missing.sum()), story.findings.span
    share = total / max(float(unmet.baseline.sum()) * span, np.finfo(float).tiny)
    product = str(table.rows[0][0])
    most = unmet.products[int(unmet.missing.sum(axis=0).argmax())]
    lead = story.text(
        "lead.unmet",
        money=story.money(total),
        share=story.language.percent(share),
        product=story.names.product_within(most),
    )
    return [
        Section(
            name=f"{name}-unmet",
            kicker=story.text("section.unmet"),
            title=story.text("title.unmet", product=product),
            leads=(lead,),
            tables=(table,),
        )
    ]


def _paths_section(story: Story, name: str, title: str) -> list[Section]:
    matrix, chains = matrix_of(story), chains_of(story)
    if matrix is None and not chains:
        return []
    lead = paths_lead(story)
    return [
        Section(
            name=f"{name}-paths",
            kicker=story.text("section.paths"),
            title=title,
            leads=(lead,) if lead else (),
            matrix=matrix,
            chains=chains,
            hidden_tables=tuple(table for table in (origins_table(story), routes_table(story)) if table is not None),
        )
    ]
