"""The app as Django registers it."""

from __future__ import annotations

from django.apps import AppConfig


class OrganizationsConfig(AppConfig):
    """The app ``organizations``."""

    name = "tenon.web.organizations"
    label = "organizations"
