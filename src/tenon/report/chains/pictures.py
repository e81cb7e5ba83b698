"""The figures of a stressed chain: its tiers, exposure against spend, recovery against survival."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tenon.report.chains.reading import ChainFindings, Outaged
from tenon.report.chains.tables import exposure_table, survival_table
from tenon.report.chains.tiers import Look, impact_color, tiers_svg
from tenon.report.language import Language, day_number
from tenon.report.palette import ACCENT, GRID, INK, LOSS, MUTED, Classes, classes_of
from tenon.report.pictures import Picture, Swatch
from tenon.report.plots import as_json, draw, name_marks, new_plot, tooltip

if TYPE_CHECKING:
    from bokeh.plotting import figure

__all__ = ["spend_picture", "survival_picture", "tiers_picture"]

_EXPENSIVE = 8
_HEIGHT = 380
_LEAST_SPENDERS = 3
_LONGEST = 3


def tiers_picture(found: ChainFindings, language: Language) -> Picture:
    """Draw the chain by tiers, colored by what the outage of each stage's site costs.

    Parameters
    ----------
    found : ChainFindings
        What was found.
    language : Language
        Language of the reader.

    Returns
    -------
    Picture
        A scalable drawing.
    """
    text = language.text
    impact = {outage.name: outage.impact[1] for outage in found.of_kind("site")}
    most = max(impact.values(), default=0.0)
    classes = classes_of([most])
    looks = [
        Look(
            size=impact.get(site, 0.0) / most if most > 0 else 0.0,
            color=impact_color(classes, impact.get(site, 0.0)),
            ringed=site in found.hidden_sites,
            said=text("chain.stage_said", stage=stage, money=language.money(impact.get(site, 0.0), found.money)),
        )
        for stage, site in zip(found.network.stages, found.network.sites, strict=True)
    ]
    depths = sorted({int(depth) for depth in found.network.depth})
    names = {depth: text("chain.tier", number=depth) if depth else text("chain.tier_products") for depth in depths}
    label = text("chain.tiers_label", stages=language.number(len(looks)), tiers=language.number(len(depths)))
    svg, drawn = tiers_svg(found.network, looks, names, label)
    captions = [text("chain.tiers_caption")]
    if drawn < len(looks):
        captions.append(text("chain.tiers_some", shown=language.number(drawn), all=language.number(len(looks))))
    swatches = (
        *_class_swatches(found, language, classes),
        Swatch(ACCENT, text("chain.ring"), hollow=True),
    )
    return Picture(
        name="tiers",
        label=label,
        captions=tuple(captions),
        svg=svg,
        shape="drawing",
        swatches=swatches,
        swatch_title=text("chain.column.impact"),
    )


def spend_picture(found: ChainFindings, language: Language) -> Picture | None:
    """Draw what an outage costs against what is bought from the site.

    Parameters
    ----------
    found : ChainFindings
        What was found.
    language : Language
        Language of the reader.

    Returns
    -------
    Picture or None
        None where fewer than three sites have a price and cost anything.
    """
    from bokeh.models import NumeralTickFormatter

    sites = [outage for outage in found.exposed if outage.spend > 0]
    if len(sites) < _LEAST_SPENDERS:
        return None
    text = language.text
    (across, spend), (up, impact) = (
        language.scale(max(values), found.money)
        for values in ([site.spend for site in sites], [site.impact[1] for site in sites])
    )
    axes = (text("chain.axis.spend", unit=spend), text("chain.axis.impact", unit=impact))
    plot = _scatter(*axes, x_axis_type="log", y_axis_type="log")
    plot.axis.formatter = NumeralTickFormatter(format="0,0.[000]")
    _dots(plot, found, language, [(site, across * site.spend, up * site.impact[1]) for site in sites])
    cheap = min(sites[:_EXPENSIVE], key=lambda site: site.spend)
    return Picture(
        name="spend",
        label=text("chain.spend_label", site=cheap.name, money=language.money(cheap.impact[1], found.money)),
        captions=(text("chain.spend_caption"),),
        plot=as_json(plot, "spend"),
        tables=(exposure_table(found, language),),
    )


def survival_picture(found: ChainFindings, language: Language) -> Picture | None:
    """Draw how long recovery takes against how long stocks last.

    Parameters
    ----------
    found : ChainFindings
        What was found.
    language : Language
        Language of the reader.

    Returns
    -------
    Picture or None
        None if no site was taken out.
    """
    sites = found.of_kind("site")
    if not sites:
        return None
    text = language.text
    longest = max(site.recovery[2] for site in sites)
    plot = _scatter(text("chain.axis.survival"), text("chain.axis.recovery"))
    draw(plot, "Line", {"x": [0, longest], "y": [0, longest]}, line_color=MUTED, line_dash=[5, 4])
    # Who survives longer than anybody needs stands at the right edge.
    across = [min(site.survives, 1.05 * longest) for site in sites]
    bars = {"x": across, "low": [site.recovery[0] for site in sites], "high": [site.recovery[2] for site in sites]}
    draw(plot, "Segment", bars, x0="x", x1="x", y0="low", y1="high", line_color=MUTED, line_alpha=0.5)
    marks = [(site, x, site.recovery[1]) for site, x in zip(sites, across, strict=True)]
    _dots(plot, found, language, marks, {"x": (0.0, max(*across, longest)), "y": (0.0, longest)})
    exposed = language.number(len(found.exposed))
    return Picture(
        name="survival",
        label=text("chain.survival_label", exposed=exposed, all=language.number(len(sites))),
        captions=(text("chain.survival_caption"),),
        plot=as_json(plot, "survival"),
        tables=(survival_table(found, language),),
    )


def _scatter(across: str, up: str, **settings: Any) -> figure:  # noqa: ANN401 - handed on to Bokeh, which checks them
    plot = new_plot(height=_HEIGHT, x_axis_label=across, y_axis_label=up, **settings)
    plot.xgrid.grid_line_color = GRID
    return plot


def _dots(
    plot: figure,
    found: ChainFindings,
    language: Language,
    marks: Sequence[tuple[Outaged, float, float]],
    reach: Mapping[str, tuple[float, float]] | None = None,
) -> None:
    """Draw one mark a site, and the names of the most expensive ones and of those that take longest to recover."""
    from bokeh.models import HoverTool

    text = language.text
    sites = [site for site, _, _ in marks]
    classes = classes_of([site.impact[1] for site in sites])
    columns: dict[str, list[Any]] = {
        "x": [x for _, x, _ in marks],
        "y": [y for _, _, y in marks],
        "color": [impact_color(classes, site.impact[1] if found.hurts(site) else 0.0) for site in sites],
        "name": [site.name for site in sites],
        "impact": [language.money(site.impact[1], found.money) for site in sites],
        "recovery": [day_number(language, site.recovery[1]) for site in sites],
        "survival": [_days(language, site) for site in sites],
    }
    layer = draw(plot, "Scatter", columns, x="x", y="y", size=11, fill_color="color", line_color=INK, line_width=0.7)
    rows = [(text(f"chain.column.{name}"), f"@{name}") for name in ("impact", "recovery", "survival")]
    plot.add_tools(HoverTool(renderers=[layer], tooltips=tooltip("@name", rows)))
    hurting = [row for row, site in enumerate(sites) if found.hurts(site)]
    # Who takes longest to recover and costs nothing stands out as well, and is what stocks protect from.
    longest = sorted(set(range(len(sites))) - set(hurting), key=lambda row: -sites[row].recovery[1])[:_LONGEST]
    name_marks(plot, columns, [*hurting, *longest], reach)


def _days(language: Language, site: Outaged) -> str:
    days = day_number(language, site.survives)
    return language.text("chain.more_than", days=days) if site.capped else days


def _class_swatches(found: ChainFindings, language: Language, classes: Classes) -> list[Swatch]:
    if not classes.limits:
        return []
    text = language.text
    limits = [language.money(limit, found.money) for limit in classes.limits]
    swatches = [Swatch(LOSS[0], text("figure.class_first", limit=limits[0]))]
    swatches += [
        Swatch(color, text("figure.class_middle", low=low, high=high))
        for color, low, high in zip(classes.colors[1:-1], limits, limits[1:], strict=False)
    ]
    return [*swatches, Swatch(classes.colors[-1], text("figure.class_last", limit=limits[-1]))]
