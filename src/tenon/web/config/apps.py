"""The app as Django registers it."""

from __future__ import annotations

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The app ``config``: the start page, the state of health, and the checks at the start."""

    name = "tenon.web.config"
    label = "config"
