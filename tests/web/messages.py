"""Find the messages of the platform in code and templates, and read and write their catalogue."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog, Message
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
# Texts of other packages that our pages show, and that their own catalogues lack, mix with English, or say in words
# that are not ours (docs/explanation/platform-words.md). A translation here goes before theirs.
_OTHERS: dict[str, tuple[str | tuple[str, str], ...]] = {
    "allauth": (
        "A new set of recovery codes has been generated.",
        "Authenticator app activated.",
        "Authenticator app deactivated.",
        "Authenticator code",
        "Be patient, you are sending too many requests.",
        "Code",
        "Current Password",
        "Email",
        "Incorrect code.",
        "Incorrect password.",
        "Invalid login.",
        "New Password (again)",
        "Password (again)",
        "Password successfully changed.",
        "Please type your current password.",
        "Successfully signed in as %(name)s.",
        "The email address and/or password you specified are not correct.",
        "The password reset token was invalid.",
        "This account is currently inactive.",
        "You cannot deactivate two-factor authentication.",
        "You cannot generate recovery codes without having two-factor authentication enabled.",
        "You must type the same password each time.",
    ),
    "django": (
        "%(model)s instance with %(field)s %(value)r is not a valid choice.",
        "Enter a valid email address.",
        (
            "Ensure this value has at least %(limit_value)d character (it has %(show_value)d).",
            "Ensure this value has at least %(limit_value)d characters (it has %(show_value)d).",
        ),
        (
            "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
            "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
        ),
        "This field cannot be null.",
        (
            "This password is too short. It must contain at least %d character.",
            "This password is too short. It must contain at least %d characters.",
        ),
        "Value %(value)r is not a valid choice.",
    ),
}
# A catalogue is compiled as if it had always been there, so that the same messages make the same file.
_ALWAYS = datetime(2026, 1, 1, tzinfo=UTC)


def found() -> Catalog:
    """Collect every message of the platform, with where it stands, and those of others that it translates anew."""
    catalog = Catalog(locale="zh_Hans", project="tenon", charset="utf-8")
    for package, others in _OTHERS.items():
        for other in others:
            catalog.add(other, None, [(package, 1)])
    templates = [path for suffix in ("html", "txt") for path in WEB.rglob(f"templates/**/*.{suffix}")]
    for path in sorted([*WEB.rglob("*.py"), *templates]):
        text = path.read_text(encoding="utf-8")
        source = text if path.suffix == ".py" else templatize(text, origin=str(path))
        for line, message, _comments, context in extract("python", io.BytesIO(source.encode()), keywords=_FUNCTIONS):
            if message:
                _add(catalog, message, context, (path.relative_to(ROOT).as_posix(), line))
    return catalog


def _add(catalog: Catalog, message: str | tuple[str, ...], context: str | None, where: tuple[str, int]) -> None:
    """Add a message; one that stands with and without a plural would be shown with its number not filled in."""
    there = catalog.get(message if isinstance(message, str) else message[0], context)
    if there is not None and isinstance(there.id, str) != isinstance(message, str):
        raise ValueError(f"{message!r} at {where[0]} stands elsewhere with other plurals; give one of them a context.")
    catalog.add(message, None, [where], context=context)


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
    catalog.creation_date = catalog.revision_date = _ALWAYS
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def translations(message: Message) -> list[str]:
    """List what stands for a message in Chinese: one text, or none."""
    said = [message.string] if isinstance(message.string, str) else list(message.string or ())
    return [text for text in said if text]


def untranslated(catalog: Catalog) -> Iterator[Message]:
    """Find the messages without a translation."""
    return (message for message in catalog if message.id and not translations(message))
