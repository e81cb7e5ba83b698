"""Asking the database itself."""

from __future__ import annotations

from django.db import connection

__all__ = ["database_answers"]


def database_answers() -> None:
    """Ask the database for the smallest thing.

    Raises
    ------
    OperationalError
        If it does not answer.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
