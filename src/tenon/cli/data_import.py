"""``tenon data import``: check a table and keep it."""

from __future__ import annotations

from pathlib import Path

import click

from tenon.cli.progress import stages

__all__ = ["import_file"]


@click.command("import", short_help="Check a table in a known layout and store it.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", help="Name to store it under; the one that its reader gives it if left out.")
def import_file(file: Path, name: str | None) -> None:
    """Check the table in FILE (or folder) and store it in your data folder.

    The name of the file says which layout it has; a wrong one is refused with the list of those that are known.
    """
    from tenon.data import import_table

    with stages() as shown:
        shown.begin(f"Reading and checking {file.name}")
        entry = import_table(file, name=name)
    click.echo(
        f"{entry.name}: {len(entry.regions)} regions x {len(entry.sectors)} sectors, {entry.year}, {entry.currency}; "
        f"stored in {entry.path}. Run on it with: tenon stress SCENARIO --table {entry.name}"
    )
