"""``tenon economy``: whole economies of firms."""

from __future__ import annotations

import click

from tenon.cli.economy_systemic import systemic

__all__ = ["economy"]


@click.group(short_help="Systemic risk of the firms of an economy.")
def economy() -> None:
    """Economies of firms: who would take how much of all output along."""


economy.add_command(systemic)
