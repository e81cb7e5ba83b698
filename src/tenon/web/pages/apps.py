"""The app as Django registers it."""

from __future__ import annotations

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """The app ``pages``."""

    name = "tenon.web.pages"
    label = "pages"
