"""``tenon data``: the tables that tenon knows."""

from __future__ import annotations

import click

from tenon.cli.data_build import build
from tenon.cli.data_import import import_file
from tenon.cli.data_list import list_tables
from tenon.cli.data_show import show

__all__ = ["data"]


@click.group(short_help="List, show, import and build input-output tables.")
def data() -> None:
    """Input-output tables: those that ship with tenon and those that you stored."""


for command in (list_tables, show, import_file, build):
    data.add_command(command)
