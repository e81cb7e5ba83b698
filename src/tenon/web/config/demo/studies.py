"""The studies of the made-up world: asked for here, run by the worker of the server."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from tenon.web.config.demo.world import World
from tenon.web.organizations.rules import Hidden, Marking, Reach
from tenon.web.rooms.room_study_services import attach_study
from tenon.web.runs import services
from tenon.web.runs.configurations import StudyKind

__all__ = ["add_studies"]

_ASKED = 0.001  # days ago: nobody waits long
Entry = Mapping[str, Any]


def add_studies(world: World, entries: list[Entry]) -> None:
    """Add studies to the story, in their order.

    Parameters
    ----------
    world : World
        To which.
    entries : list of mapping
        Of ``world.toml``.
    """
    for entry in entries:
        world.story.add(_ASKED, partial(_ask, world, entry))


def _ask(world: World, entry: Entry) -> None:
    by, own = world.viewer(entry["by"]), world.people[entry["by"]].organization
    title = world.words(entry["title"], own, " · ")
    if "site" in entry:
        services.request_outage_cost(by, world.studies[entry["chain"]], entry["site"], entry["days"], title=title)
        return
    wanted = services.Wanted(
        title=title,
        kind=StudyKind(entry["kind"]),
        parameters=entry["parameters"],
        language=entry["language"],
        marking=Marking(entry.get("marking", Marking.AMBER)),
        reach=Reach(entry.get("reach", Reach.ORGANIZATION)),
    )
    study = services.request(by, own, wanted)
    world.studies[entry.get("key", title)] = study
    if "room" in entry:
        hides = [Hidden(part) for part in entry["hides"]]
        attach_study(world.viewer(entry["by"]), world.rooms[entry["room"]], study, hides)
