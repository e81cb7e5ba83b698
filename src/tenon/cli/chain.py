"""``tenon chain``: the chain of a company, from a spreadsheet."""

from __future__ import annotations

import click

from tenon.cli.chain_check import check
from tenon.cli.chain_example import example
from tenon.cli.chain_risk import risk
from tenon.cli.chain_stress import stress
from tenon.cli.chain_template import template

__all__ = ["chain"]


@click.group(short_help="Stress-test a company's chain from a workbook: what breaks, what a bad year costs.")
def chain() -> None:
    """The chain of a company: its sites, parts, suppliers, lanes and customers, in a spreadsheet."""


for command in (template, check, example, stress, risk):
    chain.add_command(command)
