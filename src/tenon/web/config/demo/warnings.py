"""Who of the made-up world is told what, what is done about overdue hazards, and the clock that looks at them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from django.utils import timezone

from tenon.web.config.demo.world import World
from tenon.web.organizations.selectors import role_called
from tenon.web.rooms.alert_rules import AlertKind, Plan, Way
from tenon.web.rooms.alert_services import Choice, choose, mark_read, set_webhook
from tenon.web.rooms.chain_services import StepPlan, set_chain
from tenon.web.rooms.rules import Severity
from tenon.web.rooms.timer_services import tick

__all__ = ["add_warnings"]

_SINCE, _READ = 135, 6  # days ago
Entry = Mapping[str, Any]


def add_warnings(world: World, file: Mapping[str, Any]) -> None:
    """Add chains and choices to the story, and a look at the clocks every day.

    Parameters
    ----------
    world : World
        To which.
    file : mapping
        ``world.toml``.
    """
    for entry in file["chains"]:
        world.story.add(_SINCE, partial(_chain, world, entry))
    for entry in file["choices"]:
        world.story.add(_SINCE, partial(_choose, world, entry))
    for days in range(_SINCE - 1):
        world.story.add(days, lambda: tick(timezone.now()))
    for entry in file["choices"]:  # what is older was read long ago
        world.story.add(_READ, partial(_read, world, entry["by"]))


def _read(world: World, name: str) -> None:
    mark_read(world.viewer(name))


def _chain(world: World, entry: Entry) -> None:
    place = world.places[entry["organization"]]
    steps = [
        StepPlan(hours, role_called(role), escalates=number > 0) for number, (hours, role) in enumerate(entry["steps"])
    ]
    plan = Plan(entry["remind_hours"], tuple(step.wait_hours for step in steps))
    name = world.words(entry["name"], place, " · ")
    set_chain(world.viewer(entry["by"]), place, Severity(entry["severity"]), name, (plan, steps))


def _choose(world: World, entry: Entry) -> None:
    by = world.viewer(entry["by"])
    if "webhook" in entry:
        set_webhook(by, entry["webhook"])
    told = {
        AlertKind(kind): Choice(frozenset(map(Way, ways)), Severity(severity))
        for kind, (severity, *ways) in entry["told"].items()
    }
    choose(by, told)
