"""The report: one HTML file that opens offline and loads nothing."""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tenon.data.names import region_places
from tenon.data.storage import atomic_file
from tenon.report.keys import key_svg
from tenon.report.language import Language, load_language
from tenon.report.listings import comparison_table
from tenon.report.outlines import read_outlines
from tenon.report.pictures import Boundaries, Picture, comparison_picture
from tenon.report.plots import bokeh_script
from tenon.report.sections import BAR_COLORS, Materials, Panel, panel_of
from tenon.report.sentences import Story, stories
from tenon.report.tables import Cell, Column, Table, data_uri, slug
from tenon.report.windows import scenario_facts, shock_windows
from tenon.report.world import WIDTHS
from tenon.schema import Result

if TYPE_CHECKING:
    import xarray
    from jinja2 import Environment
    from markupsafe import Markup

__all__ = ["write_report"]

_MOST_PANELS = 12
_OPENING = 260
_SENTENCE_END = re.compile(r"(?<=[.!?] )(?=[A-Z])|(?<=[。！？])")
_LOOSE = 1e-6
_MOST_DIGITS = 15
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")
_PACKAGES = ("tenon", "python", "numpy", "numba", "xarray")
_TABLE_FACTS = ("year", "source", "license", "currency")


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
    environment = _environment(language, panels)
    return environment.get_template("page.html").render(
        language=language,
        panels=panels,
        told=told,
        comparison=comparison,
        comparison_table=comparison_table(told) if len(told) > 1 else None,
        accuracy_title=_accuracy_title(result, language),
        comparison_title=_comparison_title(told),
        residuals=_residuals(result, language),
        worst_residual=max(result.residuals.values(), default=None),
        notes=result.notes,
        repairs=_repairs(result),
        versions=_versions(result, language),
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
        return language.text("title.accuracy_loose", residual=_scientific(worst))
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
    columns = (Column(language.text("column.rule")), Column(language.text("column.residual"), show=_scientific))
    rows = tuple((language.known("residual", rule) or rule, float(value)) for rule, value in result.residuals.items())
    return Table("residuals", language.text("caption.residuals"), columns, rows)


def _versions(result: Result, language: Language) -> Table:
    """List what made the result."""
    facts, text = result.provenance, language.text
    rows: list[tuple[Cell, ...]] = []
    table = facts.get("table")
    if isinstance(table, Mapping):
        rows.append((text("version.table"), str(table.get("name", "–"))))
        rows += [(text(f"version.{key}"), str(table[key])) for key in _TABLE_FACTS if table.get(key)]
        answer = "yes" if table.get("estimated") else "no"
        rows.append((text("version.estimated"), text(f"version.{answer}")))
    rows += [(package, str(facts[package])) for package in _PACKAGES if package in facts]
    rows.append((text("version.status"), text(f"version.{result.status.value}")))
    if "made" in facts:
        rows.append((text("version.made"), language.date(str(facts["made"]))))
    seconds = facts.get("seconds")
    if isinstance(seconds, int | float):
        rows.append((text("version.seconds"), text("version.seconds_value", number=language.significant(seconds))))
    parameters = facts.get("parameters")
    if isinstance(parameters, Mapping):
        rows += [(text("version.parameter", name=name), _setting(value)) for name, value in parameters.items()]
    columns = (Column(text("column.item")), Column(text("column.value")))
    return Table("versions", text("caption.versions"), columns, tuple(rows))


def _setting(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {item}" for key, item in value.items()) or "–"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "–"
    return str(value)


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


def _scientific(value: float) -> str:
    """Return a small number with its power of ten, such as ``"2.4 × 10⁻¹⁵"``."""
    if not value:
        return "0"
    digits, _, power = f"{value:.1e}".partition("e")
    return f"{digits} × 10{str(int(power)).translate(_RAISED)}"


def _environment(language: Language, panels: Sequence[Panel]) -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("tenon.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    several = len(panels) > 1
    names = {panel.name: slug(panel.story.findings.name) for panel in panels}

    def file_name(table: Table, owner: str = "") -> str:
        middle = names.get(owner.partition("-")[0], "")
        return "-".join(part for part in ("tenon", middle, table.name) if part) + ".csv"

    environment.globals |= {
        "t": language.text,
        "count": language.count,
        "number": language.number,
        "known": language.known,
        "date": language.date,
        "scientific": _scientific,
        "file_name": file_name,
        "several": several,
        "bar_colors": BAR_COLORS,
    }
    environment.filters |= {
        "csv": data_uri,
        "linked": _linked,
        "text_file": _text_file,
        "key_svg": key_svg,
        "slug": slug,
        "opening": _opening,
    }
    return environment


def _opening(text: str) -> str:
    """Return the first sentences of a long text, as many as make a short paragraph."""
    sentences = _SENTENCE_END.split(text)
    kept = sentences[0]
    for sentence in sentences[1:]:
        if len(kept) + len(sentence) > _OPENING * (0.4 if text[:1] > "\u2e80" else 1):
            break
        kept += sentence
    return kept.strip()


def _linked(text: str) -> Markup:
    """Return a text with its web addresses as links."""
    from markupsafe import Markup, escape

    parts, at = [], 0
    for match in _LINK.finditer(text):
        parts += [escape(text[at : match.start()]), Markup('<a href="{0}" rel="noreferrer">{0}</a>').format(match[0])]
        at = match.end()
    return Markup("").join([*parts, escape(text[at:])])


def _text_file(text: str) -> str:
    return f"data:text/plain;charset=utf-8;base64,{base64.b64encode(text.encode()).decode('ascii')}"
