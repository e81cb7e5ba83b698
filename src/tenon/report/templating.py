"""What all pages share: templates with their filters, and the list of what made a result."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from tenon.data.storage import atomic_file
from tenon.report.keys import key_svg
from tenon.report.language import Language
from tenon.report.notes import told_in
from tenon.report.plots import bokeh_script
from tenon.report.tables import Cell, Column, Table, data_uri, slug
from tenon.schema import Result

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

__all__ = ["page_environment", "scientific", "versions_table", "write_page"]

_OPENING = 260
_SENTENCE_END = re.compile(r"(?<=[.!?] )(?=[A-Z])|(?<=[。！？])")
_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")
_PACKAGES = ("tenon", "python", "numpy", "numba", "xarray")
_UNTOLD = ("impact",)
"""What only programmers can read."""
_LISTED = 8
_TABLE_FACTS = ("year", "source", "license", "currency")


def page_environment(language: Language, owners: Mapping[str, str]) -> Environment:
    """Return what fills the templates of pages.

    Parameters
    ----------
    language : Language
        Language of the reader.
    owners : mapping of str to str
        Middle of the names of downloaded files, by the first part of the name of the section that offers them.

    Returns
    -------
    Environment
        With sentences, numbers and downloads at hand.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("tenon.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def file_name(table: Table, owner: str = "") -> str:
        middle = owners.get(owner.partition("-")[0], "")
        return "-".join(part for part in ("tenon", middle, table.name) if part) + ".csv"

    environment.globals |= {
        "t": language.text,
        "count": language.count,
        "number": language.number,
        "known": language.known,
        "date": language.date,
        "scientific": scientific,
        "file_name": file_name,
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


def write_page(path: str | Path, result: Result, language: Language, *, name: str, **content: object) -> Path:
    """Write a page of one study: key figures, what was found with its picture, sections, method, notes, versions.

    Parameters
    ----------
    path : path
        Where the page goes. An older page there is replaced at once or not at all.
    result : Result
        With notes and provenance.
    language : Language
        Language of the reader.
    name : str
        What was studied: title of the page, and part of the names of downloaded files.
    **content : object
        ``kicker``, ``standfirst`` (empty for none), ``figures``, ``part`` and ``title`` of what was found, ``told``,
        ``picture``, ``sections``, ``method``.

    Returns
    -------
    Path
        The page.

    Raises
    ------
    StorageError
        If the page cannot be written; nothing is left half-written.
    """
    page = page_environment(language, {"": name}).get_template("study.html").render(
        language=language,
        name=name,
        notes=[(note, told_in(language.code, note)) for note in result.notes],
        versions=versions_table(result, language),
        provenance=result.provenance,
        bokeh=bokeh_script(),
        **content,
    )  # fmt: skip
    with atomic_file(path) as file:
        file.write(page.encode("utf-8"))
    return Path(path)


def scientific(value: float) -> str:
    """Return a small number with its power of ten.

    Parameters
    ----------
    value : float
        The number.

    Returns
    -------
    str
        Such as ``"2.4 × 10⁻¹⁵"``.
    """
    if not value:
        return "0"
    digits, _, power = f"{value:.1e}".partition("e")
    return f"{digits} × 10{str(int(power)).translate(_RAISED)}"


def versions_table(result: Result, language: Language) -> Table:
    """List what made a result.

    Parameters
    ----------
    result : Result
        With provenance.
    language : Language
        Language of the reader.

    Returns
    -------
    Table
        Table or network, packages, time, rules.
    """
    facts, text = result.provenance, language.text
    rows: list[tuple[Cell, ...]] = []
    kind = next((kind for kind in ("table", "chain") if kind in facts), "network")
    table = facts.get(kind)
    if isinstance(table, Mapping):
        rows.append((text(f"version.{kind}"), str(table.get("name", "–"))))
        rows += [(text(f"version.{key}"), str(table[key])) for key in _TABLE_FACTS if table.get(key)]
        if kind != "chain":
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
        rows += [(_rule(name, language), _setting(value)) for name, value in parameters.items() if name not in _UNTOLD]
    columns = (Column(text("column.item")), Column(text("column.value")))
    return Table("versions", text("caption.versions"), columns, tuple(rows))


def _rule(name: str, language: Language) -> str:
    """Say in words what a figure decides; rules of the daily model keep the names that files and manual give them."""
    return language.known("version.rule", name) or language.text("version.parameter", name=name)


def _setting(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {item}" for key, item in value.items()) or "–"
    if isinstance(value, list | tuple):
        listed = ", ".join(map(str, value[:_LISTED])) or "–"
        return f"{listed}, … ({len(value)})" if len(value) > _LISTED else listed
    return f"{value:g}" if isinstance(value, float) else str(value)


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
