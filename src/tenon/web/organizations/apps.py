"""The app as Django registers it."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.backends.signals import connection_created


class OrganizationsConfig(AppConfig):
    """The app ``organizations``."""

    name = "tenon.web.organizations"
    label = "organizations"

    def ready(self) -> None:
        """Let each connection to PostgreSQL tell its policies who looks."""
        from tenon.web.organizations.row_policies import bring_sight

        connection_created.connect(bring_sight, dispatch_uid="sight")
