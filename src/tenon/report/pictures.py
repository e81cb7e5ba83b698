"""The figures of a scenario with everything that belongs to each: caption, summary in words, key and table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tenon.report.findings import Group, Window
from tenon.report.language import Language
from tenon.report.lines import Line, index_plot, line_plot, styled
from tenon.report.listings import groups_table, index_table, series_table, shortages_table
from tenon.report.outlines import Outline
from tenon.report.palette import GAIN, NEUTRAL, Classes, Style
from tenon.report.plots import as_json
from tenon.report.sentences import Story
from tenon.report.strips import Strip, strip_classes, strip_svg
from tenon.report.tables import Table
from tenon.report.world import world_map
from tenon.schema import Float

__all__ = [
    "Boundaries",
    "Key",
    "Picture",
    "Swatch",
    "comparison_picture",
    "group_picture",
    "index_picture",
    "map_picture",
    "strips_picture",
]

_LINES, _LEAST_LINES, _LINE_SHARE = 7, 3, 0.01
_STRIPS = 12
_NAMED = 3


@dataclass(frozen=True)
class Boundaries:
    """Outlines that the reader chose.

    Parameters
    ----------
    file : str
        Name of their file.
    outlines : tuple of Outline
        What is in it.
    """

    file: str
    outlines: tuple[Outline, ...]


@dataclass(frozen=True)
class Swatch:
    """One color of a key.

    Parameters
    ----------
    color : str
        The color.
    text : str
        What it means.
    hollow : bool
        Whether only the rim has that color.
    """

    color: str
    text: str
    hollow: bool = False


@dataclass(frozen=True)
class Key:
    """One line of a key; it switches the line on and off.

    Parameters
    ----------
    name : str
        Name of the line.
    style : Style
        How it is drawn.
    """

    name: str
    style: Style


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A figure and what belongs to it.

    Parameters
    ----------
    name : str
        Identifier on the page.
    label : str
        What it shows, for those who cannot see it.
    captions : tuple of str
        Sentences below it.
    plot : str
        A Bokeh figure as JSON; empty for strips and drawings.
    svg : str
        A drawing that needs no script; empty for others.
    shape : str
        ``"map"``, ``"chart"``, ``"strips"`` or ``"drawing"``.
    strips : tuple of Strip
        Rows of a heat strip figure.
    ticks : tuple of str
        Labels along the days of strips.
    keys : tuple of Key
        Lines that can be switched.
    swatches : tuple of Swatch
        What the colors mean.
    swatch_title : str
        What they measure.
    tables : tuple of Table
        The figures behind it.
    """

    name: str
    label: str
    captions: tuple[str, ...]
    plot: str = ""
    svg: str = ""
    shape: str = "chart"
    strips: tuple[Strip, ...] = ()
    ticks: tuple[str, ...] = ()
    keys: tuple[Key, ...] = ()
    swatches: tuple[Swatch, ...] = ()
    swatch_title: str = ""
    tables: tuple[Table, ...] = ()


def index_picture(story: Story, name: str, windows: Sequence[Window]) -> Picture:
    """Draw total output.

    Parameters
    ----------
    story : Story
        One scenario.
    name : str
        Identifier on the page.
    windows : sequence of Window
        Days of the shocks.

    Returns
    -------
    Picture
        A line with the shock window and the worst day.
    """
    found, language = story.findings, story.language
    plot = index_plot(found.days, found.index, windows=windows, language=language, height=350)
    label = story.text(
        "figure.index_label",
        low=language.percent(float(found.index.min())),
        day=language.number(found.worst[0]),
        end=language.percent(float(found.index[-1])),
    )
    return Picture(
        name=name,
        label=label,
        captions=_time_captions(story, windows),
        plot=as_json(plot, name),
        tables=(index_table(story),),
    )


def group_picture(story: Story, name: str, kind: str, windows: Sequence[Window]) -> Picture | None:
    """Draw output of the regions or sectors that lose most, and of all others together.

    Parameters
    ----------
    story : Story
        One scenario.
    name : str
        Identifier on the page.
    kind : str
        ``"region"`` or ``"sector"``.
    windows : sequence of Window
        Days of the shocks.

    Returns
    -------
    Picture or None
        None if output by day was not recorded or there is nothing to tell apart.
    """
    found = story.findings
    group, title = (found.regions, story.names.region) if kind == "region" else (found.sectors, story.names.sector)
    if group.production is None or len(group) == 0:
        return None
    series, rest = _leading(story, group, kind, title)
    picture = _lines_picture(story, name, "figure.lines_label", styled(series, rest=rest), windows)
    tables = [series_table(story, group, kind), *([groups_table(story, group, kind)] if kind == "sector" else [])]
    return replace(picture, tables=tuple(tables))


def comparison_picture(told: Sequence[Story], name: str) -> Picture:
    """Draw total output of several scenarios.

    Parameters
    ----------
    told : sequence of Story
        Scenarios, the most harmful first; at most eight are drawn.
    name : str
        Identifier on the page.

    Returns
    -------
    Picture
        One line a scenario.
    """
    first = told[0]
    lines = styled([(story.title, story.findings.index) for story in told[: _LINES + 1]])
    return _lines_picture(first, name, "figure.comparison_label", lines, windows=())


def map_picture(
    story: Story, name: str, places: Mapping[str, tuple[float, float]], boundaries: Boundaries | None
) -> Picture | None:
    """Draw the world map of losses.

    Parameters
    ----------
    story : Story
        One scenario.
    name : str
        Identifier on the page.
    places : mapping of str to (longitude, latitude)
        Where marks of regions stand.
    boundaries : Boundaries, optional
        True outlines.

    Returns
    -------
    Picture or None
        None if no region has a place.
    """
    group, language = story.findings.regions, story.language
    if not any(label in places for label in group.labels):
        return None
    drawn = world_map(story.findings, story.names, places, boundaries.outlines if boundaries else None)
    captions = []
    if boundaries is None:
        captions.append(story.text("figure.map_caption_bubbles"))
    else:
        count, everyone = language.number(len(drawn.outlined)), language.number(len(group))
        captions.append(story.text("figure.map_caption_outlines", file=boundaries.file, count=count, all=everyone))
        if drawn.bubbles:
            listed = language.join([story.names.region(label) for label in drawn.bubbles])
            captions.append(story.text("figure.map_caption_rest", regions=listed))
    if drawn.unplaced:
        listed = language.join([story.names.region(label) for label in drawn.unplaced])
        captions.append(story.text("figure.map_unplaced", regions=listed))
    largest = [
        story.text("lead.map_item", region=story.names.region(group.labels[at]), money=story.money(group.lost[at]))
        for at in group.order()[:_NAMED]
    ]
    return Picture(
        name=name,
        label=story.text("figure.map_label", listed=language.join(largest)),
        captions=tuple(captions),
        plot=as_json(drawn.plot, name),
        shape="map",
        swatches=_class_swatches(story, drawn.classes, gains=bool((group.lost < 0).any())),
        swatch_title=story.text("column.share"),
        tables=(groups_table(story, group, "region"),),
    )


def strips_picture(story: Story, name: str) -> Picture | None:
    """Draw when each product held production back.

    Parameters
    ----------
    story : Story
        One scenario.
    name : str
        Identifier on the page.

    Returns
    -------
    Picture or None
        None if no input ran short.
    """
    shortages, table = story.findings.shortages, shortages_table(story)
    if shortages is None or table is None:
        return None
    order, language = shortages.order()[:_STRIPS], story.language
    classes = strip_classes(shortages.held_back[order])
    strips = []
    for at in order:
        product, held = story.names.product(shortages.products[at]), shortages.held_back[at]
        most, days = language.number(int(held.max())), language.number(int(held.sum()))
        label = story.text("figure.strip_label", product=product, most=most, days=days)
        strips.append(Strip(product, strip_svg(held, classes, label), story.money(float(shortages.lost[at]))))
    kind = "industry" if story.findings.agents.industries else "agent"
    swatches = [Swatch(classes.colors[0], story.text("figure.strips_none"))]
    swatches += [
        Swatch(color, _range_text(language, low, high))
        for color, low, high in zip(classes.colors[1:], classes.limits, [*classes.limits[1:], None], strict=True)
    ]
    calendar = story.findings.days
    return Picture(
        name=name,
        label=story.text(
            "figure.strips_label",
            days=language.number(story.findings.span),
            listed=language.join([strip.name for strip in strips[:_NAMED]]),
        ),
        captions=(story.text(f"figure.strips_caption_{kind}"),),
        shape="strips",
        strips=tuple(strips),
        ticks=tuple(
            language.number(float(calendar[int(share * (calendar.size - 1))])) for share in np.linspace(0, 1, 5)
        ),
        swatches=tuple(swatches),
        swatch_title=story.text(f"column.most_{kind}"),
        tables=(table,),
    )


def _leading(
    story: Story, group: Group, kind: str, title: Callable[[str], str]
) -> tuple[list[tuple[str, Float]], bool]:
    """Return the series that are drawn, and whether the last stands for all others."""
    order = group.order()
    production = np.ones((len(group), 1)) if group.production is None else group.production
    lost = np.maximum(group.lost, 0.0)
    # Lines of groups that hardly lose anything would lie on one another at 100 %.
    count = min(_LINES, max(_LEAST_LINES, int((lost > _LINE_SHARE * lost.sum()).sum())))
    if len(order) <= count + 1:
        return [(title(group.labels[at]), production[at]) for at in order], False
    series = [(title(group.labels[at]), production[at]) for at in order[:count]]
    others = order[count:]
    # Value added weighs the others, for it is what the report counts.
    weights = np.maximum(group.baseline[others], 0.0)
    together = np.average(production[others], axis=0, weights=weights if weights.sum() > 0 else None)
    return [*series, (story.language.count(f"chart.rest_{kind}", len(others)), together)], True


def _lines_picture(story: Story, name: str, label: str, lines: Sequence[Line], windows: Sequence[Window]) -> Picture:
    """Draw lines that can be switched; ``label`` is the key of the sentence that describes them."""
    plot = line_plot(story.findings.days, lines, windows=windows, language=story.language)
    return Picture(
        name=name,
        label=_lines_label(story, label, lines),
        captions=_time_captions(story, windows),
        plot=as_json(plot, name),
        keys=tuple(Key(line.name, line.style) for line in lines),
    )


def _lines_label(story: Story, key: str, lines: Sequence[Line]) -> str:
    language, days = story.language, story.findings.days
    listed = [
        story.text(
            "figure.lines_item",
            name=line.name,
            low=language.percent(float(line.values.min())),
            day=language.number(float(days[int(line.values.argmin())])),
        )
        for line in lines
    ]
    return story.text(key, listed=language.join(listed))


def _time_captions(story: Story, windows: Sequence[Window]) -> tuple[str, ...]:
    captions = [story.text("chart.normal")]
    if windows:
        captions.append(story.text("chart.window"))
    return tuple(captions)


def _class_swatches(story: Story, classes: Classes, *, gains: bool) -> tuple[Swatch, ...]:
    """Return what the colors of the map mean; limits are percentages."""
    percent = story.language.percent
    limits = [story.language.percent(limit / 100, plain=True) for limit in classes.limits]
    swatches = []
    if limits:
        swatches.append(Swatch(classes.colors[0], story.text("figure.class_first", limit=limits[0])))
        swatches += [
            Swatch(color, story.text("figure.class_middle", low=low, high=high))
            for color, low, high in zip(classes.colors[1:-1], limits[:-1], limits[1:], strict=True)
        ]
        swatches.append(Swatch(classes.colors[-1], story.text("figure.class_last", limit=limits[-1])))
    if gains:
        swatches.append(Swatch(GAIN, story.text("figure.map_gain"), hollow=True))
    return tuple(swatches) or (Swatch(NEUTRAL, percent(0.0)),)


def _range_text(language: Language, low: float, high: float | None) -> str:
    first = language.number(low)
    if high is None:
        return language.text("figure.class_last", limit=first)
    return first if high - low <= 1 else f"{first}–{language.number(high - 1)}"
