from __future__ import annotations

import pytest

from tenon.web.audit.models import Entry
from tenon.web.organizations import services
from tests.web.programs import program_of
from tests.web.worlds import member, organization, viewer

pytestmark = pytest.mark.django_db


def test_one_sees_the_own_tree_and_the_directory() -> None:
    group = organization("Group")
    below = organization("Plant", group)
    port = organization("Port")
    program = program_of(member(group, "coordinator"))
    assert [item["name_en"] for item in program("get", "/organizations").json()["items"]] == ["Group", "Plant"]
    assert program("get", f"/organizations/{below.pk}").json()["parent"] == str(group.pk)
    assert program("get", f"/organizations/{port.pk}").status_code == 404
    listed = program("get", "/directory").json()["items"]
    assert {item["name_en"] for item in listed} == {"Group", "Plant", "Port"}
    assert set(listed[0]) == {"id", "name_en", "name_zh", "kind", "country"}


def test_groups_are_those_of_the_own_organizations() -> None:
    plant, port = organization("Plant"), organization("Port")
    lead = member(plant, "administrator")
    made = services.create_group(viewer(lead), plant, {"name_en": "Corridor", "name_zh": "", "open_history": False})
    assert [item["id"] for item in program_of(lead)("get", "/groups").json()["items"]] == [str(made.pk)]
    assert program_of(member(port, "administrator"))("get", "/groups").json() == {"items": [], "next": None}


def test_the_record_is_read_page_by_page_the_newest_first() -> None:
    plant = organization("Plant")
    for _ in range(4):
        member(plant)
    program = program_of(member(plant, "auditor"))
    first = program("get", f"/organizations/{plant.pk}/record?limit=4").json()
    rest = program("get", f"/organizations/{plant.pk}/record?limit=4&cursor={first['next']}").json()
    entries = first["items"] + rest["items"]
    assert [item["number"] for item in entries] == sorted((item["number"] for item in entries), reverse=True)
    assert len(entries) == Entry.objects.filter(chain=f"organization:{plant.pk}").count()
    assert entries[0]["previous"] == entries[1]["digest"]
    assert rest["next"] is None
