"""The roles that come with the platform."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import ClassVar

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

_ROLES = Path(__file__).resolve().parents[1] / "roles.toml"


def add(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    roles = tomllib.loads(_ROLES.read_text(encoding="utf-8"))
    model = apps.get_model("organizations", "Role")
    model.objects.using(editor.connection.alias).bulk_create(model(key=key, **fields) for key, fields in roles.items())


class Migration(migrations.Migration):
    """Adds the roles of roles.toml."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("organizations", "0001_initial")]
    operations: ClassVar[list[migrations.RunPython]] = [migrations.RunPython(add, migrations.RunPython.noop)]
