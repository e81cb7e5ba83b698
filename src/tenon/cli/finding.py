"""``tenon finding``: hazards of a platform from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tenon.cli.platform import client_of, credentials_option, show_fields

if TYPE_CHECKING:
    from tenon.client import Finding

__all__ = ["finding"]


@click.group(short_help="Hazards on a platform: list, show, report, take steps.")
@credentials_option
@click.pass_context
def finding(context: click.Context, credentials: Path | None) -> None:
    """Hazards on a platform.

    Make a token on its page "Access tokens", and set TENON_URL and TENON_TOKEN.
    """
    context.obj = credentials


@finding.command("list", short_help="List findings, the newest first.")
@click.option("--state", help="Such as assigned; open for all that are not closed.")
@click.option("--channel", help="plant, sea, rail, road, air, post or customs.")
@click.option("--hazard", help="Kind of hazard.")
@click.option("--severity", type=click.IntRange(1, 4), help="At least this severe.")
@click.option("--search", help="Words in title or description.")
@click.option("--overdue", is_flag=True, help="Only what should be eliminated by now.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="At most so many.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, with everything.")
@click.pass_context
def listing(context: click.Context, /, *, overdue: bool, limit: int, as_json: bool, **wanted: str | int | None) -> None:
    """List findings, the newest first."""
    from itertools import islice

    found = client_of(context).findings(**wanted, overdue="yes" if overdue else None)
    for item in islice(found, limit):
        click.echo(json.dumps(item.everything, ensure_ascii=False) if as_json else _line(item))


def _line(item: Finding) -> str:
    return f"{item.id}  {item.number:>5}  {item.state:<10}  {item.severity}x{item.urgency}  {item.title}"


@finding.command(short_help="Show one finding.")
@click.argument("identifier")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object.")
@click.pass_context
def show(context: click.Context, identifier: str, *, as_json: bool) -> None:
    """Show a finding and the steps that lead on."""
    item = client_of(context).finding(identifier)
    show_fields(item.everything, as_json=as_json)


@finding.command(short_help="Report a hazard.")
@click.argument("title")
@click.option("--level", required=True, help="part, equipment, unit, site, terminal, port, passage, lane or country.")
@click.option("--channel", required=True, help="plant, sea, rail, road, air, post or customs.")
@click.option("--hazard", required=True, help="Such as equipment, fire, natural, security, cyber.")
@click.option("--severity", type=click.IntRange(1, 4), default=2, show_default=True, help="1 minor to 4 critical.")
@click.option("--urgency", type=click.IntRange(1, 4), default=2, show_default=True, help="1 months to 4 now.")
@click.option("--description", default="", help="What was seen, where exactly, since when.")
@click.option("--place", default="", help="Where.")
@click.pass_context
def report(context: click.Context, /, title: str, **fields: str | int) -> None:
    """Report a hazard with TITLE."""
    item = client_of(context).report(title, **fields)
    click.echo(f"Reported as number {item.number}: {item.id}")


@finding.command(short_help="Take a finding one step further.")
@click.argument("identifier")
@click.argument("action")
@click.option("--set", "values", multiple=True, metavar="NAME=VALUE", help="What the step needs; may be repeated.")
@click.option("--version", type=click.IntRange(1), help="The version that you saw; without it, the one that is there.")
@click.pass_context
def step(context: click.Context, identifier: str, action: str, values: tuple[str, ...], version: int | None) -> None:
    """Take the step ACTION: triage, assign, eliminate, verify, return, close, reject, merge, reopen or escalate.

    For example: tenon finding step IDENTIFIER eliminate --set note="Welded".
    """
    from dataclasses import replace

    client = client_of(context)
    seen = client.finding(identifier)
    if version is not None:
        seen = replace(seen, version=version)
    item = client.step(seen, action, **_values(values))
    click.echo(f"Number {item.number} is {item.state} now (version {item.version}).")


def _values(given: tuple[str, ...]) -> dict[str, Any]:
    from tenon.schema.errors import ParameterError

    values: dict[str, Any] = {}
    for item in given:
        name, sign, value = item.partition("=")
        if not sign or name in values:
            raise ParameterError(f"--set takes NAME=VALUE, each name once; it got {item!r}.")
        values[name] = int(value) if name in {"severity", "urgency"} and value.isdigit() else value
    return values
