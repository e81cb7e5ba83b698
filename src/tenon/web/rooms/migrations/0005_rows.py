"""PostgreSQL itself keeps rows from who may not see them."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

from tenon.web.rooms import row_guards


class Migration(migrations.Migration):
    """Puts the policies in place."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("rooms", "0004_listed"), ("organizations", "0002_roles")]
    operations: ClassVar[list[migrations.RunPython]] = [migrations.RunPython(row_guards.guard, row_guards.unguard)]
