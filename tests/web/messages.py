"""Find the messages of the platform in code and templates, and read and write their catalogue."""

from __future__ import annotations

import io
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "src" / "tenon" / "web"
CATALOG = WEB / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
# Which argument of each function is the message, which its plural, and which says where it is used.
_FUNCTIONS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "npgettext": ((1, "c"), 2, 3),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
}


def found() -> Catalog:
    """Collect every message of the platform, with where it stands."""
    catalog = Catalog(locale="zh_Hans", project="tenon", charset="utf-8")
    templates = [path for suffix in ("html", "txt") for path in WEB.rglob(f"templates/**/*.{suffix}")]
    for path in sorted([*WEB.rglob("*.py"), *templates]):
        text = path.read_text(encoding="utf-8")
        source = text if path.suffix == ".py" else templatize(text, origin=str(path))
        for line, message, _comments, context in extract("python", io.BytesIO(source.encode()), keywords=_FUNCTIONS):
            if message:
                where = [(path.relative_to(ROOT).as_posix(), line)]
                catalog.add(message, None, where, context=context)
    return catalog


def read() -> Catalog:
    """Read the Chinese catalogue; an empty one where there is none."""
    if not CATALOG.exists():
        return Catalog(locale="zh_Hans", project="tenon", charset="utf-8")
    with CATALOG.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def written(catalog: Catalog) -> bytes:
    """Write a catalogue as text: sorted, and without times or lines, which would change with every other change."""
    for message in catalog:
        message.locations = [(name, 0) for name in sorted({name for name, _line in message.locations})]
    file = io.BytesIO()
    write_po(file, catalog, width=118, sort_output=True, omit_header=True, include_lineno=False)
    header = 'msgid ""\nmsgstr ""\n"Language: zh_Hans\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    return (header + '"Plural-Forms: nplurals=1; plural=0;\\n"\n\n').encode() + file.getvalue()


def compiled(catalog: Catalog) -> bytes:
    """Compile a catalogue."""
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()
