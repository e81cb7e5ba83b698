from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from tenon.web.audit.models import Entry
from tenon.web.organizations import sharing
from tenon.web.organizations.rules import Hidden, Marking, Profile, Reach
from tenon.web.organizations.selectors import token_digest
from tenon.web.rooms import equipment_services, services
from tenon.web.rooms.equipment_selectors import (
    ancestors_of,
    availability_of,
    equipment_at,
    equipment_for,
    findings_at,
    narrowed_equipment,
    own_equipment,
    shown_equipment,
    sites_for,
    tree_of,
)
from tenon.web.rooms.equipment_table import ProblemKind
from tenon.web.rooms.evidence_selectors import equipment_behind
from tenon.web.rooms.models import Checklist, ChecklistItem, Equipment
from tenon.web.rooms.rules import Action
from tests.web.plants import CHECK, READING, checklist, equipment
from tests.web.worlds import finding, member, organization, step_values, viewer, walk

pytestmark = pytest.mark.django_db


class People:
    """A plant with everybody who is needed, and a port beside it."""

    def __init__(self) -> None:
        self.plant = organization("Plant")
        self.port = organization("Port")
        self.lead = viewer(member(self.plant, "coordinator"))
        self.worker = viewer(member(self.plant, "inspector"))
        self.stranger = viewer(member(self.port, "administrator"))


@pytest.fixture
def people() -> People:
    return People()


def test_what_stands_below_moves_along(people: People) -> None:
    line, other = equipment(people.plant, people.lead), equipment(people.plant, people.lead)
    kiln = equipment(people.plant, people.lead, parent=line)
    motor = equipment(people.plant, people.lead, parent=kiln)
    equipment_services.change_equipment(people.lead, kiln, {"parent": other}, kiln.version)
    motor.refresh_from_db()
    assert motor.path == f"{other.pk}/{kiln.pk}/{motor.pk}/"
    assert ancestors_of(people.lead, motor) == [other, kiln]
    assert [(row.equipment, row.depth) for row in tree_of(people.lead, own_equipment(people.lead))] == [
        (line, 0),
        (other, 0),
        (kiln, 1),
        (motor, 2),
    ]


def test_a_tree_is_no_circle_and_belongs_to_one_organization(people: People) -> None:
    line = equipment(people.plant, people.lead)
    kiln = equipment(people.plant, people.lead, parent=line)
    with pytest.raises(ValidationError, match="become a circle"):
        equipment_services.change_equipment(people.lead, line, {"parent": kiln}, line.version)
    with pytest.raises(ValidationError, match="same organization"):
        equipment(people.port, people.stranger, parent=kiln)


def test_a_code_is_unique_in_its_organization_alone(people: People) -> None:
    equipment(people.plant, people.lead, code="K1")
    equipment(people.port, people.stranger, code="K1")
    with pytest.raises(ValidationError, match="already exists"):
        equipment(people.plant, people.lead, code="K1")


def test_a_change_against_an_older_version_is_refused(people: People) -> None:
    kiln = equipment(people.plant, people.lead)
    equipment_services.change_equipment(people.lead, kiln, {"place": "Bay 7"}, kiln.version)
    with pytest.raises(ValidationError, match="Somebody changed this equipment meanwhile") as refusal:
        equipment_services.change_equipment(people.lead, kiln, {"place": "Bay 8"}, kiln.version)
    assert refusal.value.code == services.STALE
    entry = Entry.objects.get(action="equipment.changed")
    assert '"fields":["place"]' in entry.details


@pytest.mark.parametrize("who", ["worker", "stranger"])
def test_only_who_judges_there_changes_equipment(people: People, who: str) -> None:
    kiln = equipment(people.plant, people.lead)
    other = getattr(people, who)
    for act in (
        lambda: equipment(people.plant, other),
        lambda: equipment_services.change_equipment(other, kiln, {"place": "x"}, 1),
        lambda: equipment_services.import_tree(other, people.plant, b""),
        lambda: checklist(kiln, other),
        lambda: equipment_services.renew_label(other, kiln),
    ):
        with pytest.raises(PermissionDenied):
            act()


@pytest.mark.parametrize(
    "change",
    [
        {"mtbf_hours": 5.0},
        {"mtbf_hours": 0.0, "mttr_hours": 1.0},
        {"arrangement": "k of n"},
        {"needed": 2},
        {"capacity_share": 1.5},
        {"code": ""},
        {"reach": "community", "marking": "TLP:AMBER"},
    ],
)
def test_the_database_itself_refuses_what_the_rules_refuse(people: People, change: dict[str, Any]) -> None:
    kiln = equipment(people.plant, people.lead)
    with pytest.raises(IntegrityError), transaction.atomic():
        Equipment.objects.filter(pk=kiln.pk).update(**change)


def test_equipment_is_seen_as_it_is_shared(people: People) -> None:
    kiln = equipment(people.plant, people.lead, place="Bay 7")
    assert equipment_at(people.stranger, kiln.pk) is None
    sharing.set_reach(people.lead, kiln, Reach.GROUP, Marking.AMBER)
    sharing.share(people.lead, kiln, people.port, Profile.MANAGE, [Hidden.PLACES])
    theirs = equipment_at(people.stranger, kiln.pk)
    assert theirs is not None
    seen = shown_equipment(people.stranger, theirs)
    assert (seen.equipment.place, seen.owns) == ("", False)
    with pytest.raises(PermissionDenied):
        equipment_services.change_equipment(people.stranger, kiln, {"place": "x"}, kiln.version)
    assert list(own_equipment(people.stranger)) == []


def test_what_is_hidden_above_leaves_its_parts_at_the_top(people: People) -> None:
    line = equipment(people.plant, people.lead)
    kiln = equipment(people.plant, people.lead, parent=line, reach="community", marking="TLP:GREEN")
    assert [(row.equipment, row.depth) for row in tree_of(people.stranger, equipment_for(people.stranger))] == [
        (kiln, 0)
    ]
    assert ancestors_of(people.stranger, kiln) == []


def test_lists_are_narrowed(people: People) -> None:
    equipment(people.plant, people.lead, code="K1", name_en="North kiln")
    equipment(people.plant, people.lead, code="C1", name_en="Crane", equipment_class="crane", criticality="C")

    def codes(**wanted: str) -> list[str]:
        return [item.code for item in narrowed_equipment(own_equipment(people.lead), wanted)]

    assert codes(search="north KILN") == codes(**{"class": "rotary kiln"}) == ["K1"]
    assert codes(criticality="C") == ["C1"]
    assert codes() == ["C1", "K1"]


TREE = b"""code,name_en,name_zh,class,criticality,parent,site
L1,Line,,line,A,,Mine
K1,Kiln 1,,rotary kiln,A,L1,
"""


def test_a_tree_comes_from_a_file_at_once(people: People) -> None:
    assert equipment_services.import_tree(people.lead, people.plant, TREE) == (2, [])
    kiln = Equipment.objects.get(code="K1")
    assert kiln.parent is not None
    assert kiln.path == f"{kiln.parent.pk}/{kiln.pk}/"
    more = b"code,name_en,name_zh,class,criticality,parent\nM1,Motor,,motor,B,K1\n"
    assert equipment_services.import_tree(people.lead, people.plant, more) == (1, [])
    assert Equipment.objects.get(code="M1").path.startswith(kiln.path)
    assert Entry.objects.filter(action="equipment.imported").count() == 2


def test_a_file_with_one_wrong_row_adds_nothing(people: People) -> None:
    count, problems = equipment_services.import_tree(people.lead, people.plant, TREE + b"X,X,,rocket,A,,\n")
    assert (count, [(problem.line, problem.kind) for problem in problems]) == (0, [(4, ProblemKind.NOT_ONE_OF)])
    assert not Equipment.objects.exists()
    assert not Entry.objects.filter(action="equipment.imported").exists()


def test_a_checklist_is_never_changed(people: People) -> None:
    kiln = equipment(people.plant, people.lead)
    first = checklist(kiln, people.lead)
    second = equipment_services.write_checklist(people.lead, kiln, {"name": "Daily", "every_days": 1}, [CHECK], first)
    assert (second.number, second.series) == (2, first.series)
    assert list(Checklist.objects.filter(is_current=True)) == [second]
    assert ChecklistItem.objects.filter(checklist=first).count() == 2
    with pytest.raises(ValidationError, match="newer version") as refusal:
        equipment_services.write_checklist(people.lead, kiln, {"name": "x", "every_days": None}, [CHECK], first)
    assert refusal.value.code == services.STALE
    for change in (
        lambda: ChecklistItem.objects.filter(checklist=first).update(text="Something else"),
        lambda: ChecklistItem.objects.filter(checklist=first).delete(),
    ):
        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            change()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ({**READING, "unit": ""}, "unit and a limit"),
        ({**READING, "high": None}, "unit and a limit"),
        ({**CHECK, "unit": "mm"}, "unit and a limit"),
        ({**READING, "low": 90.0}, "upper limit is below"),
    ],
)
def test_an_item_is_a_check_or_a_reading_with_limits(people: People, line: dict[str, Any], reason: str) -> None:
    kiln = equipment(people.plant, people.lead)
    with pytest.raises(ValidationError, match=reason):
        checklist(kiln, people.lead, line)
    assert not Checklist.objects.exists()


def test_a_checklist_has_an_end(people: People) -> None:
    kiln = equipment(people.plant, people.lead)
    with pytest.raises(ValidationError, match="1 to 40 items"):
        checklist(kiln, people.lead, *[CHECK] * 41)


def test_a_new_label_ends_the_old_one(people: People) -> None:
    kiln = equipment(people.plant, people.lead)
    assert equipment_services.label_token(kiln) == ""
    first = equipment_services.renew_label(people.lead, kiln)
    assert equipment_services.label_token(kiln) == first
    assert equipment_behind(first) == kiln
    second = equipment_services.renew_label(people.lead, kiln)
    assert (equipment_behind(first), equipment_behind(second)) == (None, kiln)
    assert equipment_behind(token_digest(second)) is None


def test_a_label_made_with_another_key_still_leads_but_is_not_printed(people: People, settings: Any) -> None:
    kiln = equipment(people.plant, people.lead)
    token = equipment_services.renew_label(people.lead, kiln)
    settings.SECRET_KEY = "another key" * 9
    assert equipment_behind(token) == kiln
    assert equipment_services.label_token(kiln) == ""


def test_a_finding_names_equipment_on_its_line_of_organizations(people: People) -> None:
    unit, sister = organization("Unit", people.plant), organization("Sister", people.plant)
    kiln, theirs = equipment(people.plant, people.lead), equipment(people.port, people.stranger)
    beside = equipment(sister, viewer(member(sister, "coordinator")))
    lead = viewer(member(people.plant, "coordinator"))
    assert finding(unit, lead, equipment=kiln).equipment == kiln
    for wrong in (theirs, beside):
        with pytest.raises(ValidationError, match="does not belong to the organization"):
            finding(unit, lead, equipment=wrong)


def test_equipment_is_named_later_and_recorded(people: People) -> None:
    kiln, item = equipment(people.plant, people.lead), finding(people.plant, people.lead)
    item = services.name_equipment(people.lead, item, kiln, item.version)
    assert list(findings_at(people.lead, kiln)) == [item]
    assert Entry.objects.filter(action="finding.equipment").count() == 1
    with pytest.raises(ValidationError, match="meanwhile"):
        services.name_equipment(people.lead, item, None, 1)
    with pytest.raises(PermissionDenied):
        services.name_equipment(people.worker, item, None, item.version)
    theirs = equipment(people.port, people.stranger)
    with pytest.raises(ValidationError, match="does not belong"):
        services.name_equipment(people.lead, item, theirs, item.version)


def test_open_critical_findings_lower_a_site_until_verified(people: People) -> None:
    site = {"site_name": "Mine", "arrangement": "parallel", "equipment_class": "line"}
    line = equipment(people.plant, people.lead, **site)
    figures = {"mtbf_hours": 900.0, "mttr_hours": 100.0}
    kilns = [equipment(people.plant, people.lead, parent=line, **figures) for _ in range(2)]
    before = availability_of(people.lead, "Mine")
    assert before is not None
    assert before.capacity == pytest.approx({0.0: 0.01, 0.5: 0.18, 1.0: 0.81})
    assert before.expected == pytest.approx(0.9)
    assert before.units == 3
    item = finding(people.plant, people.lead, equipment=kilns[0], severity=4, urgency=4)
    finding(people.plant, people.lead, equipment=kilns[1], severity=3, urgency=4)
    lowered = availability_of(people.lead, "Mine")
    assert lowered is not None
    assert lowered.expected == pytest.approx((0.9 + 900 / 1100) / 2)
    assert lowered.undisturbed == pytest.approx(0.9)
    worker, verifier = member(people.plant, "inspector"), viewer(member(people.plant, "verifier"))
    item = walk(item, people.lead, verifier, worker.user, upto=Action.ELIMINATE)
    still = availability_of(people.lead, "Mine")
    assert still is not None
    assert still.expected < 0.9
    services.move(verifier, item, Action.VERIFY, step_values(worker.user), item.version)
    after = availability_of(people.lead, "Mine")
    assert after is not None
    assert after.expected == pytest.approx(0.9)
    assert availability_of(people.stranger, "Mine") is None
    assert availability_of(people.lead, "Elsewhere") is None


def test_findings_that_change_nothing_are_named(people: People) -> None:
    kiln = equipment(people.plant, people.lead, code="K9", site_name="Mine")
    finding(people.plant, people.lead, equipment=kiln, severity=4)
    (site,) = sites_for(people.lead)
    assert (site.expected, site.without_figures) == (1.0, ("K9",))


def test_a_part_may_belong_to_another_site(people: People) -> None:
    line = equipment(people.plant, people.lead, site_name="Mine")
    equipment(people.plant, people.lead, parent=line, site_name="Port", mtbf_hours=1.0, mttr_hours=1.0)
    assert {site.site: site.expected for site in sites_for(people.lead)} == {"Mine": 1.0, "Port": pytest.approx(0.5)}
