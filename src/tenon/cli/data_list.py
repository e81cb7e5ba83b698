"""``tenon data list``: tables by name."""

from __future__ import annotations

import click

__all__ = ["list_tables"]


@click.command("list", short_help="List the tables that can be run on by name.")
def list_tables() -> None:
    """List the tables that 'tenon stress --table NAME' takes: bundled ones first, then your own."""
    from tenon.data import catalogue, data_folder

    entries = catalogue()
    width = max(len(entry.name) for entry in entries)
    for entry in entries:
        size = f"{len(entry.regions)} regions x {len(entry.sectors)} sectors"
        marks = ", ".join(["bundled" if entry.bundled else "yours", *["estimated"] * entry.estimated])
        click.echo(f"{entry.name:<{width}}  {entry.year}  {entry.currency}  {size} ({marks})")
    click.echo(f"\nYour own tables lie in {data_folder()}", err=True)
