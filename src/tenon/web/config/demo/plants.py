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
from tenon.web.rooms.equipment_selectors import findings_at, lines_of
from tenon.web.rooms.models import Checklist, ChecklistItem, Equipment
from tenon.web.rooms.rules import Source

__all__ = ["KEEPERS", "add_plants"]

_BUILT = 140  # days ago
# Whoever judges and assigns also keeps the equipment.
KEEPERS = ("coordinator", "administrator")
_LABELLED = {"rotary kiln", "crane", "sorter", "furnace", "fan", "ship loader", "rolling stand"}
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
        _add_rounds(world, entry)
    for entry in file["intakes"]:
        world.story.add(entry["days"], partial(_receive, world, entry))


def _keeper(world: World, item: Equipment) -> str:
    return world.able(item.owner, Capability.TRIAGE, KEEPERS)


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


_FIGURES = {"mtbf_hours": "mtbf", "mttr_hours": "mttr", "capacity_share": "share"}


def _add_rounds(world: World, entry: Entry) -> None:
    written: list[Checklist] = []
    newborn = iter(entry.get("becomes", ()))
    world.story.add(_BUILT - 1, lambda: written.append(_write(world, entry)))
    for days, *found in entry["rounds"]:
        world.story.add(days, lambda found=found: _go_round(world, entry, written[0], found, newborn))  # type: ignore[misc]
    if "under_way" in entry:
        days, *found = entry["under_way"]
        world.story.add(days, lambda: _begin(world, entry, written[0], found))


def _write(world: World, entry: Entry) -> Checklist:
    item = world.equipment[entry["equipment"]]
    head = {"name": world.words(entry["name"], item.owner, " · "), "every_days": entry["every_days"]}
    lines = [
        {**line, "text": world.words(line["text"], item.owner, " · "), "kind": "reading" if "unit" in line else "check"}
        for line in entry["items"]
    ]
    return equipment_services.write_checklist(world.viewer(_keeper(world, item)), item, head, lines)


def _answers(items: Sequence[ChecklistItem], found: Sequence[Any]) -> dict[Any, Answer]:
    return {item.pk: _answer(item, value) for item, value in zip(items, found, strict=False)}


def _answer(item: ChecklistItem, value: bool | float | str) -> Answer:  # noqa: FBT001 - as the file says it
    if isinstance(value, str):
        return Answer(Outcome.SKIPPED, note=value)
    if item.kind == "reading":
        return Answer(value=float(value))
    return Answer(Outcome.PASS if value else Outcome.FAIL)


def _go_round(world: World, entry: Entry, checklist: Checklist, found: Sequence[Any], newborn: Any) -> None:  # noqa: ANN401 - an iterator of keys
    """Go a round that was planned, or one that nobody planned, and finish it."""
    item, by = world.equipment[entry["equipment"]], world.viewer(entry["by"])
    planned = checklist.rounds.filter(started__isnull=True).first()
    language = "zh-hans" if world.writes_chinese(item.owner) else "en"
    with translation.override(language):  # what a failed item says becomes the finding's description
        begun = round_services.start(by, item, checklist, planned)
        answers = _answers(lines_of(checklist), found)
        round_services.answer(by, begun, answers, begun.version, finish=True)
    for answer in begun.answers.filter(finding__isnull=False).select_related("finding__owner"):
        world.findings[next(newborn)] = answer.finding


def _begin(world: World, entry: Entry, checklist: Checklist, found: Sequence[Any]) -> None:
    item, by = world.equipment[entry["equipment"]], world.viewer(entry["by"])
    planned = checklist.rounds.filter(started__isnull=True).first()
    begun = round_services.start(by, item, checklist, planned)
    round_services.answer(by, begun, _answers(lines_of(checklist), found), begun.version, finish=False)


def _receive(world: World, entry: Entry) -> None:
    item = world.equipment[entry["equipment"]]
    title, what = world.words(entry["title"], item.owner, " · "), world.words(entry["what"], item.owner)
    intake = evidence_services.receive(Actor(), item, {"title": title, "what": what})
    if "taken" in entry:
        taken = dict(entry["taken"])
        fields = {"title": title, "description": what, **taken}
        by, key = fields.pop("by"), fields.pop("key")
        world.findings[key] = evidence_services.accept(world.viewer(by), intake, fields)
    if "refused" in entry:
        refused = entry["refused"]
        evidence_services.discard(world.viewer(refused["by"]), intake, world.words(refused["reason"], item.owner))
