"""Tags and filters that every page may use."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static

register = template.Library()


@register.simple_tag
def asset(name: str) -> str:
    """Give the address of a file with a mark of its content, so that browsers may keep it and still get a new one."""
    return f"{static(name)}?{_mark(name)}"


@cache
def _mark(name: str) -> str:
    found = finders.find(name)
    if not isinstance(found, str):
        raise template.TemplateSyntaxError(f"there is no static file {name!r}.")
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:12]
