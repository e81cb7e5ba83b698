"""The equipment of the made-up world, what was found on rounds, and what came in from phones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.utils import translation

from tenon.web.audit.rules import Actor
from tenon.web.config.demo.world import World, read, read_rows
from tenon.web.organizations.rules import Capability
from tenon.web.rooms import equipment_services, evidence_services, round_services
from tenon.web.rooms.equipment_rules import Answer, Outcome
from tenon.web.rooms.equipment_selectors import lines_of
from tenon.web.rooms.models import Checklist, ChecklistItem, Equipment, Intake
from tenon.web.rooms.round_selectors import answers_of, open_rounds

__all__ = ["KEEPERS", "add_plants"]

_BUILT = 140  # days ago
# Whoever judges and assigns also keeps the equipment.
KEEPERS = ("coordinator", "administrator")
_LABELLED = {"rotary kiln", "crane", "sorter", "furnace", "fan", "ship loader", "rolling stand"}
_FIGURES = {"mtbf_hours": "mtbf", "mttr_hours": "mttr", "capacity_share": "share"}
Entry = Mapping[str, Any]


def add_plants(world: World) -> None:
    """Add equipment, checklists, rounds and reports from phones to the story.

    Parameters
    ----------
    world : World
        To which.
    """
    file = read("checklists")
    world.story.add(_BUILT, partial(_build, world))
    for entry in file["checklists"]:
        _Inspection(world, entry).add()
    for entry in file["intakes"]:
        world.story.add(entry["days"], partial(_receive, world, entry))


def _build(world: World) -> None:
    for row in read_rows("equipment"):
        owner = world.places[row["owner"]]
        fields = {
            "code": row["code"],
            "name_en": row["en"],
            "name_zh": row["zh"],
            "parent": world.equipment[row["parent"]] if row["parent"] else None,
            "equipment_class": row["class"],
            "criticality": row["criticality"],
            "channel": {"port": "sea", "post": "post"}.get(row["owner"], "plant"),
            "place": row["place"],
            "site_name": row["site"],
            "arrangement": row["arrangement"],
            "needed": int(row["needed"]) if row["needed"] else None,
            **{name: float(row[key]) if row[key] else None for name, key in _FIGURES.items()},
        }
        keeper = world.viewer(world.able(owner, Capability.TRIAGE, KEEPERS))
        item = world.equipment[row["code"]] = equipment_services.add_equipment(keeper, owner, fields)
        if item.equipment_class in _LABELLED:
            equipment_services.renew_label(keeper, item)


class _Inspection:
    """One checklist, and the rounds with it."""

    def __init__(self, world: World, entry: Entry) -> None:
        self._world, self._entry = world, entry
        self._newborn = iter(entry.get("becomes", ()))
        self._checklist: Checklist | None = None

    def add(self) -> None:
        """Add writing it and going round to the story."""
        self._world.story.add(_BUILT - 1, self._write)
        for number, (days, *found) in enumerate(self._entry["rounds"]):
            self._world.story.add(days + number * 0.17 % 0.4, partial(self._go, found, finish=True))
        if "under_way" in self._entry:
            days, *found = self._entry["under_way"]
            self._world.story.add(days, partial(self._go, found, finish=False))

    @property
    def _item(self) -> Equipment:
        return self._world.equipment[self._entry["equipment"]]

    def _write(self) -> None:
        item, words = self._item, self._world.words
        head = {"name": words(self._entry["name"], item.owner, " · "), "every_days": self._entry["every_days"]}
        lines = [
            {**line, "text": words(line["text"], item.owner, " · "), "kind": "reading" if "unit" in line else "check"}
            for line in self._entry["items"]
        ]
        keeper = self._world.able(item.owner, Capability.TRIAGE, KEEPERS)
        self._checklist = equipment_services.write_checklist(self._world.viewer(keeper), item, head, lines)

    def _go(self, found: Sequence[Any], *, finish: bool) -> None:
        """Go the round that was planned, or one that nobody planned; what failed becomes a finding."""
        assert self._checklist is not None  # noqa: S101 - it was written long before
        item, by = self._item, self._world.viewer(self._entry["by"])
        planned = open_rounds(by).filter(checklist=self._checklist, started__isnull=True).first()
        language = "zh-hans" if self._world.writes_chinese(item.owner) else "en"
        with translation.override(language):  # the finding's description is written by the platform
            begun = round_services.start(by, item, self._checklist, planned)
            answers = {
                line.pk: _answer(line, value) for line, value in zip(lines_of(self._checklist), found, strict=False)
            }
            round_services.answer(by, begun, answers, begun.version, finish=finish)
        for answer in answers_of(begun).values():
            if answer.finding is not None:
                self._world.findings[next(self._newborn)] = answer.finding


def _answer(item: ChecklistItem, value: bool | float | str) -> Answer:  # noqa: FBT001 - as the file says it
    if isinstance(value, str):
        return Answer(Outcome.SKIPPED, note=value)
    if item.kind == "reading":
        return Answer(value=float(value))
    return Answer(Outcome.PASS if value else Outcome.FAIL)


def _receive(world: World, entry: Entry) -> None:
    item = world.equipment[entry["equipment"]]
    title, what = world.words(entry["title"], item.owner, " · "), world.words(entry["what"], item.owner)
    intake = evidence_services.receive(Actor(), item, {"title": title, "what": what})
    if "taken" in entry or "refused" in entry:
        world.story.add(entry["days"] - 0.2, partial(_judge, world, entry, intake))


def _judge(world: World, entry: Entry, intake: Intake) -> None:
    if "taken" in entry:
        fields = {"title": intake.title, "description": intake.what, **entry["taken"]}
        by, key = fields.pop("by"), fields.pop("key")
        world.findings[key] = evidence_services.accept(world.viewer(by), intake, fields)
    else:
        refused = entry["refused"]
        reason = world.words(refused["reason"], intake.equipment.owner)
        evidence_services.discard(world.viewer(refused["by"]), intake, reason)
