"""The hazards of the made-up world, and their way from report to end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from tenon.web.config.demo.plants import KEEPERS
from tenon.web.config.demo.world import World, read, read_rows
from tenon.web.organizations import sharing
from tenon.web.organizations.models import Organization, SharingGroup
from tenon.web.organizations.rules import Capability, Hidden, Marking, Profile, Reach
from tenon.web.rooms import services
from tenon.web.rooms.models import Finding
from tenon.web.rooms.rules import Action, FindingState, Urgency, days_allowed

__all__ = ["Walk", "add_hazards"]

# By whom each step is done: the role that is asked first.
_DOES: Mapping[Action, tuple[Capability, tuple[str, ...]]] = {
    Action.TRIAGE: (Capability.TRIAGE, KEEPERS),
    Action.ASSIGN: (Capability.TRIAGE, KEEPERS),
    Action.CLOSE: (Capability.TRIAGE, KEEPERS),
    Action.REJECT: (Capability.TRIAGE, KEEPERS),
    Action.MERGE: (Capability.TRIAGE, KEEPERS),
    Action.ELIMINATE: (Capability.ELIMINATE, ("inspector", "coordinator")),
    Action.VERIFY: (Capability.VERIFY, ("verifier",)),
}
_WAY = (
    (FindingState.REPORTED, Action.TRIAGE),
    (FindingState.TRIAGED, Action.ASSIGN),
    (FindingState.ASSIGNED, Action.ELIMINATE),
    (FindingState.ELIMINATED, Action.VERIFY),
    (FindingState.VERIFIED, Action.CLOSE),
)
_SPREAD = 0.37  # of a day
_STATES = [state for state, _action in _WAY]
_REJECTED = ["核实后不构成隐患，已向报告人说明。", "Looked into: no hazard. Whoever reported it was told why."]


class Walk:
    """Takes findings along their way, each step by somebody who may do it.

    Parameters
    ----------
    world : World
        Where.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._measures = read("measures")

    def add(self, key: str, target: str, days: float, took: float, due: float | None) -> None:
        """Add the steps of a finding that is as it was reported, or sent back, so many days ago.

        Parameters
        ----------
        key : str
            Which.
        target : str
            The state in which it ends; ``duplicate:KEY`` for one that is merged.
        days : float, days
            When it was reported or sent back.
        took : float, days
            From then until it was eliminated.
        due : float or None, days
            From then until its deadline; without it, as many as its urgency allows.
        """
        state, _colon, into = target.partition(":")
        judged = days - min(0.4, days / 8)
        if state in {FindingState.REJECTED, FindingState.DUPLICATE}:
            action = Action.REJECT if state == FindingState.REJECTED else Action.MERGE
            self._world.story.add(judged, partial(self._step, key, action, into=into))
            return
        assigned = days - min(1.2, days / 4)
        eliminated = min(days - took, assigned - min(0.5, days / 8))
        verified = max(eliminated - 1.5, eliminated / 2)
        closed = max(verified - 1, verified / 2)
        moments = (judged, assigned, eliminated, verified, closed)
        steps = _WAY[: _STATES.index(FindingState(state))] if state != FindingState.CLOSED else _WAY
        for moment, (source, action) in zip(moments, steps, strict=False):
            self._world.story.add(moment, partial(self._step, key, action, source=source, due=due))

    def _step(
        self,
        key: str,
        action: Action,
        *,
        into: str = "",
        source: FindingState | None = None,
        due: float | None = None,
    ) -> None:
        finding = self._world.finding(key)
        if source is not None and finding.state != source:
            return  # what was reopened or sent back has passed here already
        owner = finding.owner
        values = {
            "severity": finding.severity,
            "urgency": finding.urgency,
            "deadline": self._deadline(finding, due),
            "responsible": self._world.user(self._world.able(owner, *_DOES[Action.ELIMINATE])),
            **{name: self._world.words(text, owner) for name, text in self._texts(key, finding).items()},
        }
        values["note"] = values.get({Action.ELIMINATE: "done", Action.VERIFY: "verified"}.get(action, ""), "")
        if action is Action.REJECT:
            values["note"] = self._world.words(_REJECTED, owner)
        if into:
            values["merged_into"] = self._world.finding(into)
        by = self._world.viewer(self._world.able(owner, *_DOES[action]))
        services.move(by, finding, action, values, finding.version)

    def _texts(self, key: str, finding: Finding) -> Mapping[str, list[str]]:
        found: Mapping[str, list[str]] = self._measures.get(key) or self._measures[finding.hazard]
        return found

    @staticmethod
    def _deadline(finding: Finding, due: float | None) -> Any:  # noqa: ANN401 - a moment
        days = days_allowed(Urgency(finding.urgency)) if due is None else due
        start = finding.reported if finding.reopenings == 0 else timezone.now()
        evening = timezone.localtime(start).replace(hour=17, minute=0, second=0, microsecond=0)
        return evening + timedelta(days=days)


def add_hazards(world: World) -> None:
    """Add the hazards of ``findings.csv`` to the story.

    Parameters
    ----------
    world : World
        To which.
    """
    walk = Walk(world)
    for number, row in enumerate(read_rows("findings")):
        # What came of a round or of a closed room is reported there; other reports come at any hour of the day.
        is_there = row["by"] == "-"
        days = float(row["days"]) + (0 if is_there else number * _SPREAD % 0.7)
        if not is_there:
            world.story.add(days, partial(_report, world, row))
        took = float(row["took"]) if row["took"] else 0.6 * days_allowed(Urgency(int(row["urgency"])))
        walk.add(row["key"], row["state"], days, took, float(row["due"]) if row["due"] else None)
        for share in filter(None, row["shared"].split(";")):
            world.story.add(days - min(0.6, days / 6), partial(_share, world, row["key"], share.split()))


def _report(world: World, row: Mapping[str, str]) -> None:
    owner = world.places[row["owner"]]
    plain = ("level", "channel", "hazard", "severity", "urgency", "reach", "marking", "place")
    latitude, longitude = map(float, row["at"].split()) if row["at"] else (owner.latitude, owner.longitude)
    fields = {
        **{name: row[name] for name in plain if row[name]},
        "title": world.words([row["zh"], row["en"]], owner, " · "),
        "description": world.words([row["zh_text"], row["en_text"]], owner),
        "cost": row["cost"] or None,
        "equipment": world.equipment[row["equipment"]] if row["equipment"] else None,
        "latitude": latitude,
        "longitude": longitude,
    }
    world.findings[row["key"]] = services.report(world.viewer(row["by"]), owner, fields)


def _share(world: World, key: str, share: list[str]) -> None:
    """Share a finding as a row says: with whom, what they may do, and what is kept back."""
    finding = world.finding(key)
    receiver: Organization | SharingGroup = world.groups.get(share[0]) or world.places[share[0]]
    by = world.viewer(world.able(finding.owner, Capability.SHARE, KEEPERS, highest=True))
    if finding.reach == Reach.ORGANIZATION:
        sharing.set_reach(by, finding, Reach.GROUP, Marking(finding.marking))
    sharing.share(by, finding, receiver, Profile(share[1]), [Hidden(part) for part in share[2:]])
