"""What happened to single hazards beside their way: comments, proposals, readings, pictures, second thoughts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from tenon.web.config.demo.hazards import Walk
from tenon.web.config.demo.pictures import heat_picture
from tenon.web.config.demo.world import World, read
from tenon.web.organizations.policies import Viewer
from tenon.web.rooms import evidence_services, proposal_services, services
from tenon.web.rooms.models import Finding
from tenon.web.rooms.rules import Action

__all__ = ["add_follow_ups"]

Entry = Mapping[str, Any]
_STEPS = {"escalate": Action.ESCALATE, "reopen": Action.REOPEN, "return": Action.RETURN}


def add_follow_ups(world: World) -> None:
    """Add the acts of ``follow_ups.toml`` to the story.

    Parameters
    ----------
    world : World
        To which.
    """
    file, walk = read("follow_ups"), Walk(world)
    for entry in file["acts"]:
        world.story.add(entry["days"], partial(_act, world, entry))
        if "then" in entry:
            days = entry["days"]
            walk.add(entry["key"], entry["then"], days, days / 2, None)
    for entry in file["anonymous"]:
        world.story.add(entry["days"], partial(_report_elsewhere, world, entry))


def _act(world: World, entry: Entry) -> None:
    finding, by = world.finding(entry["key"]), world.viewer(entry["by"])
    own = world.people[entry["by"]].organization
    for name, act in _ACTS.items():
        if name in entry:
            act(by, finding, entry[name], world.words(entry.get("why", ""), own))
    for name, action in _STEPS.items():
        if name in entry:
            services.move(by, finding, action, {"note": world.words(entry[name], own)}, finding.version)
    if "comment" in entry:
        services.comment(by, finding, world.words(entry["comment"], own))
    if "reading" in entry:
        reading = {**entry["reading"], "quantity": world.words(entry["reading"]["quantity"], own, " · ")}
        evidence_services.add_reading(by, finding, reading)
    if "turn_down" in entry:
        newest = proposal_services.proposals_of(finding).filter(outcome="open")[0]
        proposal_services.turn_down(by, newest, world.words(entry["turn_down"], own))


def _propose(by: Viewer, finding: Finding, values: Entry, why: str) -> None:
    proposal_services.propose(by, finding, values, why, finding.version)


def _revise(by: Viewer, finding: Finding, values: Entry, why: str) -> None:
    services.revise(by, finding, values, why, finding.version)


def _picture(by: Viewer, finding: Finding, drawn: Entry, _why: str) -> None:
    evidence_services.attach(by, finding, drawn["name"], heat_picture(drawn["hottest"], drawn["at"]))


_ACTS: Mapping[str, Callable[[Viewer, Finding, Entry, str], None]] = {
    "propose": _propose,
    "revise": _revise,
    "picture": _picture,
}


def _report_elsewhere(world: World, entry: Entry) -> None:
    owner = world.places[entry["owner"]]
    fields = {name: entry[name] for name in ("level", "channel", "hazard", "severity", "urgency")}
    texts = {"title": world.words(entry["title"], owner, " · "), "description": world.words(entry["text"], owner)}
    world.findings[entry["key"]] = services.report_for(world.viewer(entry["by"]), owner, {**fields, **texts})
