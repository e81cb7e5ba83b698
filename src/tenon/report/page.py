"""The report: one HTML file that opens offline and loads nothing."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tenon.data.names import region_places
from tenon.data.storage import atomic_file
from tenon.report.language import Language, load_language
from tenon.report.listings import comparison_table
from tenon.report.outlines import read_outlines
from tenon.report.pictures import Boundaries, Picture, comparison_picture
from tenon.report.plots import bokeh_script
from tenon.report.sections import BAR_COLORS, Materials, Panel, panel_of
from tenon.report.sentences import Story, stories
from tenon.report.tables import Column, Table, slug
from tenon.report.templating import page_environment, scientific, versions_table
from tenon.report.windows import scenario_facts, shock_windows
from tenon.report.world import WIDTHS
from tenon.schema import Result

if TYPE_CHECKING:
    import xarray

__all__ = ["write_report"]

_MOST_PANELS = 12
_LOOSE = 1e-6
_MOST_DIGITS = 15


def write_report(
    result: Result, path: str | Path, *, language: str = "en", boundaries: str | Path | None = None
) -> Path:
    """Write a report of a result: one self-contained HTML file.

    Parameters
    ----------
    result : Result
        What a run found, for one scenario or several.
    path : path
        Where the page goes; folders on the way are made. An older page there is replaced at once or not at all.
    language : str
        ``"en"`` or ``"zh"``.
    boundaries : path, optional
        A GeoJSON file of outlines for the map; by default regions are bubbles.

    Returns
    -------
    Path
        The page.

    Raises
    ------
    ParameterError
        If there is no catalogue in that language, or the result lacks a variable that every report needs.
    SourceError
        If the boundaries cannot be read.
    StorageError
        If the page cannot be written; nothing is left half-written.
    """
    spoken = load_language(language)
    outlines = None if boundaries is None else Boundaries(Path(boundaries).name, read_outlines(boundaries))
    page = _render(result, spoken, outlines)
    with atomic_file(path) as file:
        file.write(page.encode("utf-8"))
    return Path(path)


def _render(result: Result, language: Language, boundaries: Boundaries | None) -> str:
    told = stories(result, language)
    places = _places(result.values)
    ranked = sorted(told, key=lambda story: -story.findings.lost)[:_MOST_PANELS]
    panels: list[Panel] = []
    for story in (story for story in told if story in ranked):
        name = story.findings.name
        facts = scenario_facts(result, name)
        materials = Materials(places, boundaries, shock_windows(result, name), facts)
        panels.append(panel_of(story, f"s{len(panels) + 1}", materials))
    comparison: Picture | None = None
    if len(told) > 1:
        comparison = comparison_picture(sorted(told, key=lambda story: -story.findings.lost), "comparison-lines")
    environment = page_environment(language, _file_names(panels))
    return environment.get_template("page.html").render(
        language=language,
        panels=panels,
        told=told,
        several=len(told) > 1,
        bar_colors=BAR_COLORS,
        comparison=comparison,
        comparison_table=comparison_table(told) if len(told) > 1 else None,
        accuracy_title=_accuracy_title(result, language),
        comparison_title=_comparison_title(told),
        residuals=_residuals(result, language),
        worst_residual=max(result.residuals.values(), default=None),
        notes=result.notes,
        repairs=_repairs(result),
        versions=versions_table(result, language),
        provenance=result.provenance,
        table_name=_table_name(result, language),
        estimated=told[0].table,
        label_widths=list(WIDTHS),
        bokeh=bokeh_script(),
    )


def _accuracy_title(result: Result, language: Language) -> str:
    worst = max(result.residuals.values(), default=None)
    if worst is None:
        return language.text("title.accuracy_unknown")
    if worst > _LOOSE:
        return language.text("title.accuracy_loose", residual=scientific(worst))
    digits = _MOST_DIGITS if worst == 0 else min(_MOST_DIGITS, math.floor(-math.log10(worst)))
    return language.text("title.accuracy", digits=digits)


def _comparison_title(told: Sequence[Story]) -> str:
    worst = max(told, key=lambda story: story.findings.lost)
    return worst.text("title.comparison", scenario=worst.title, money=worst.money(worst.findings.lost))


def _places(values: xarray.Dataset) -> dict[str, tuple[float, float]]:
    """Return where regions stand: as the result says, else as the package knows."""
    places = {label: (place.longitude, place.latitude) for label, place in region_places().items()}
    if "longitude" in values.coords and "latitude" in values.coords:
        for label, east, north in zip(
            values["region"].to_numpy(), values["longitude"].to_numpy(), values["latitude"].to_numpy(), strict=True
        ):
            if abs(float(east)) <= 180 and abs(float(north)) <= 90:  # noqa: PLR2004 - degrees end there; NaN: unknown
                places[str(label)] = (float(east), float(north))
    return places


def _residuals(result: Result, language: Language) -> Table | None:
    if not result.residuals:
        return None
    columns = (Column(language.text("column.rule")), Column(language.text("column.residual"), show=scientific))
    rows = tuple((language.known("residual", rule) or rule, float(value)) for rule, value in result.residuals.items())
    return Table("residuals", language.text("caption.residuals"), columns, rows)


def _repairs(result: Result) -> tuple[str, ...]:
    table = result.provenance.get("table")
    repairs = table.get("repairs") if isinstance(table, Mapping) else None
    return tuple(map(str, repairs)) if isinstance(repairs, Sequence) and not isinstance(repairs, str) else ()


def _table_name(result: Result, language: Language) -> str:
    table = result.provenance.get("table")
    if not isinstance(table, Mapping) or not table.get("name"):
        return ""
    name = str(table["name"])
    return language.text("page.table_estimated", table=name) if table.get("estimated") else name


def _file_names(panels: Sequence[Panel]) -> dict[str, str]:
    return {panel.name: slug(panel.story.findings.name) for panel in panels}
