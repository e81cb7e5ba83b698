"""``tenon room``: rooms of a platform, in which organizations handle a disruption, from the command line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tenon.cli.platform import client_of, credentials_option, json_option, show_fields

if TYPE_CHECKING:
    from tenon.client import Room

__all__ = ["room"]

_version = click.option(
    "--version", type=click.IntRange(1), help="The version that you saw; without it, the one that is there."
)


@click.group(short_help="Rooms on a platform: list, show, open, say, task, decide, close.")
@credentials_option
@click.pass_context
def room(context: click.Context, credentials: Path | None) -> None:
    """Rooms on a platform, in which organizations handle one disruption together.

    Make a token on its page "Access tokens", and set TENON_URL and TENON_TOKEN.
    """
    context.obj = credentials


@room.command("list", short_help="List rooms, the newest first.")
@click.option("--state", help="active, stable or closed; open for all that are not closed.")
@click.option("--channel", help="plant, sea, rail, road, air, post or customs.")
@click.option("--hazard", help="Kind of hazard.")
@click.option("--search", help="Words in title or description.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="At most so many.")
@json_option
@click.pass_context
def listing(context: click.Context, /, *, limit: int, as_json: bool, **wanted: str | None) -> None:
    """List rooms, the newest first."""
    from itertools import islice

    for item in islice(client_of(context).rooms.find(**wanted), limit):
        click.echo(json.dumps(item.everything, ensure_ascii=False) if as_json else _line(item))


def _line(item: Room) -> str:
    return f"{item.id}  {item.number:>5}  {item.state:<7}  {item.severity}  {item.title}"


@room.command(short_help="Show a room with its people, tasks and newest entries.")
@click.argument("identifier")
@click.option("--entries", type=click.IntRange(0), default=10, show_default=True, help="At most so many entries.")
@json_option
@click.pass_context
def show(context: click.Context, identifier: str, *, entries: int, as_json: bool) -> None:
    """Show a room, who takes part in it, its tasks, and what was written last."""
    from itertools import islice

    client = client_of(context)
    item = client.rooms.get(identifier)
    people = list(client.rooms.read(item, "participants"))
    tasks = [task.everything for task in client.tasks.of(item)]
    written = list(islice(client.rooms.read(item, "entries"), entries))
    if as_json:
        show_fields({**item.everything, "participants": people, "tasks": tasks, "entries": written}, as_json=True)
        return
    show_fields(item.everything, as_json=False)
    _section("participants", (f"{one['id']}  {one['part']:<9}  {one['person']['name']}" for one in people))
    _section("tasks", (f"{one['id']}  {one['state']:<7}  {one['due']}  {one['title']}" for one in tasks))
    _section("entries", map(_entry, written))


def _section(title: str, lines: Iterable[str]) -> None:
    for place, line in enumerate(lines):
        if place == 0:
            click.echo(f"\n{title}:")
        click.echo(f"  {line}")


def _entry(said: Mapping[str, Any]) -> str:
    happened = " ".join(part for part in (said["kind"], said["change"]) if part)
    return f"{said['time']}  {said['person']['name']}: {happened}" + (f": {said['text']}" if said["text"] else "")


@room.command("open", short_help="Open a room.")
@click.argument("title")
@click.option("--description", required=True, help="What happened.")
@click.option("--channel", required=True, help="plant, sea, rail, road, air, post or customs.")
@click.option("--hazard", required=True, help="Such as natural, security, cyber, equipment, fire.")
@click.option("--severity", type=click.IntRange(1, 4), default=3, show_default=True, help="1 minor to 4 critical.")
@click.pass_context
def opening(context: click.Context, /, title: str, **fields: str | int) -> None:
    """Open a room called TITLE; you command it."""
    item = client_of(context).rooms.open(title, **fields)
    click.echo(f"Opened as number {item.number}: {item.id}")


@room.command(short_help="Say something in a room, or note a fact.")
@click.argument("identifier")
@click.argument("text")
@click.option("--fact", is_flag=True, help="Note it as a fact.")
@click.pass_context
def say(context: click.Context, identifier: str, text: str, *, fact: bool) -> None:
    """Say TEXT in a room."""
    client = client_of(context)
    client.rooms.say(client.rooms.get(identifier), text, "fact" if fact else "message")
    click.echo("Written.")


@room.command(short_help="Note a decision with its reasons.")
@click.argument("identifier")
@click.argument("text")
@click.option("--reasons", required=True, help="Why.")
@click.option("--alternatives", default="", help="What else was considered.")
@click.option("--by", help="Name or identifier of the participant who decided; without it, the commander.")
@click.pass_context
def decide(context: click.Context, /, identifier: str, text: str, by: str | None, **grounds: str) -> None:
    """Note that TEXT was decided in a room."""
    client = client_of(context)
    item = client.rooms.get(identifier)
    named = {"by": _participant(client.rooms.read(item, "participants"), by)} if by else {}
    client.rooms.decide(item, text, **grounds, **named)
    click.echo("Noted.")


@room.command(short_help="Give a task, or say where one stands.")
@click.argument("identifier")
@click.argument("title", required=False)
@click.option("--to", help="Name or identifier of the participant who does it.")
@click.option("--due", help="Until when, such as 2026-12-24T12:00+08:00.")
@click.option("--done", metavar="TASK", help="Identifier of the task that is done.")
@click.option("--blocked", metavar="TASK", help="Identifier of the task that is blocked.")
@click.option("--note", help="What was done, or what blocks it.")
@click.pass_context
def task(context: click.Context, /, identifier: str, title: str | None, **said: str | None) -> None:
    """Give somebody in a room the task TITLE, or report on one.

    For example: tenon room task IDENTIFIER "Ask for wagons" --to "Li Na" --due 2026-12-24T12:00+08:00, and later tenon
    room task IDENTIFIER --done TASK --note "Forty wagons".
    """
    from tenon.schema.errors import ParameterError

    client = client_of(context)
    item = client.rooms.get(identifier)
    stands = [(state, said[state]) for state in ("done", "blocked") if said[state]]
    if title and said["to"] and said["due"] and not stands:
        to = _participant(client.rooms.read(item, "participants"), said["to"])
        given = client.tasks.give(item, title, to, said["due"])
        click.echo(f"Given: {given.id}")
    elif len(stands) == 1 and said["note"] and not title:
        ((state, wanted),) = stands
        found = next((one for one in client.tasks.of(item) if one.id == wanted), None)
        if found is None:
            raise ParameterError(f"the room has no task {wanted}; tenon room show {identifier} lists them.")
        client.tasks.step(found, state, note=said["note"])
        click.echo(f"It is {state}.")
    else:
        raise ParameterError(
            "a task is given by TITLE, --to and --due, or reported on by --done or --blocked and --note."
        )


def _participant(people: Iterable[Mapping[str, Any]], wanted: str) -> str:
    """Find a participant by name or identifier."""
    from tenon.schema.errors import ParameterError

    fitting = {str(one["id"]) for one in people if wanted in {one["id"], one["person"]["name"]}}
    if len(fitting) != 1:
        raise ParameterError(f"{wanted!r} must name one participant of the room; it names {len(fitting)}.")
    return fitting.pop()


@room.command(short_help="Say that a room is stable or active again, or reopen it.")
@click.argument("identifier")
@click.argument("action", type=click.Choice(["stabilize", "worsen", "reopen"]))
@click.option("--reason", required=True, help="Why.")
@_version
@click.pass_context
def step(context: click.Context, identifier: str, action: str, reason: str, version: int | None) -> None:
    """Take the step ACTION with a room."""
    client = client_of(context)
    _say_state(client.rooms.step(_seen(client.rooms.get(identifier), version), action, reason=reason))


@room.command(short_help="Close a room with its report.")
@click.argument("identifier")
@click.option("--happened", required=True, help="What happened, from beginning to end.")
@click.option("--learnt", required=True, help="What was learnt.")
@click.option("--measure", "measures", multiple=True, help="Becomes a hazard to deal with; may be repeated.")
@_version
@click.pass_context
def close(context: click.Context, /, identifier: str, version: int | None, **said: str | tuple[str, ...]) -> None:
    """Close a room; it must be stable, and every must-finding of it verified."""
    client = client_of(context)
    _say_state(client.rooms.step(_seen(client.rooms.get(identifier), version), "close", **said))


def _seen(item: Room, version: int | None) -> Room:
    from dataclasses import replace

    return item if version is None else replace(item, version=version)


def _say_state(item: Room) -> None:
    click.echo(f"Number {item.number} is {item.state} now (version {item.version}).")
