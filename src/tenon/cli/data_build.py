"""``tenon data build``: make a table from its sources."""

from __future__ import annotations

from pathlib import Path

import click

from tenon.cli.progress import stages

__all__ = ["build"]


@click.command(short_help="Build the estimated world table of 2022 from its sources.")
@click.argument("table", type=click.Choice(["world-2022"]))
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--name", default="world-2022-full", show_default=True, help="Name to store it under.")
def build(table: str, folder: Path, name: str) -> None:
    """Build the 81 x 50 TABLE from the source files in FOLDER, say how well it balances, and store it.

    FOLDER holds oecd_iot_2022 (80 national tables), liberation_day_2025 (goods trade of 2023) and wiod2013 (2011).
    """
    from tenon.data import estimate_world_2022, store_table

    with stages() as shown:
        advance, current = shown.begin("Reading"), ""

        def progress(done: int, total: int, what: str) -> None:
            nonlocal advance, current
            if what != current:
                advance, current = shown.begin(what[:1].upper() + what[1:]), what
            advance(done, total)

        estimate = estimate_world_2022(folder, progress=progress)
        shown.begin("Storing")
        entry = store_table(estimate.table, name=name)
    trade = estimate.trade
    click.echo(f"{entry.name}: {table}, {len(entry.regions)} regions x {len(entry.sectors)} industries, estimated")
    click.echo(f"Output and sales differ by {estimate.relative_row_residual:.1e} of all output before the repair.")
    click.echo(f"Exports are met to {trade.export_error:.1e}, imports to {trade.import_error:.1e}.")
    click.echo(
        f"Goods trade between pairs differs by {trade.pair_error:.0%} in sum from the trade statistics "
        f"(correlation of logarithms {trade.pair_correlation:.3f})."
    )
    click.echo(f"Stored in {entry.path}. Run on it with: tenon stress SCENARIO --table {entry.name}")
