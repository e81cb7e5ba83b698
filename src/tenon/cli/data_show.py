"""``tenon data show``: what a table holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from tenon.schema import InputOutputTable

__all__ = ["show"]


@click.command(short_help="Show what a table holds and how well it balances.")
@click.argument("table", metavar="NAME|FILE", default="world-2022")
def show(table: str) -> None:
    """Show labels, totals, balance, source, license and repairs of a table; the bundled one if none is named."""
    from tenon.data import load

    for line in _lines(load(table)):
        click.echo(line)


def _lines(table: InputOutputTable) -> list[str]:
    money = f"{table.unit:,.0f} {table.currency}" if table.unit != 1 else table.currency
    return [
        f"{table.name}: {len(table.regions)} regions x {len(table.sectors)} sectors, {table.year}"
        + (", estimated" if table.estimated else ""),
        f"Unit: {money} per year",
        f"Output: {table.x.sum():,.0f}    value added: {table.value_added.sum():,.0f}",
        _balance(table),
        f"Source: {table.source}",
        f"License: {table.license}",
        *(f"Repair: {repair}" for repair in table.repairs),
        "",
        "Regions:",
        *_labels(table.regions, table.region_names),
        "",
        "Sectors:",
        *_labels(table.sectors, table.sector_names),
    ]


def _balance(table: InputOutputTable) -> str:
    balance = table.balance()
    return (
        f"Balance: sales differ from output by {balance.relative:.2e} of all output, most at {balance.worst_row}; "
        f"costs by {balance.relative_columns:.2e}, most at {balance.worst_column}"
    )


def _labels(labels: tuple[str, ...], names: Mapping[str, str]) -> list[str]:
    width = max(len(label) for label in labels)
    return [f"  {label:<{width}}  {names.get(label, '')}".rstrip() for label in labels]
