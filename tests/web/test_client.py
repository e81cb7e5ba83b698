"""The client and its commands against a platform that really runs."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from click.testing import CliRunner
from django.test.testcases import LiveServerThread, _StaticFilesHandler

from tenon.cli.main import commands
from tenon.client import Client
from tenon.schema.errors import ParameterError, PlatformError
from tests.web.plants import checklist, equipment
from tests.web.programs import secret_of
from tests.web.worlds import member, organization, viewer

FIELDS = {"level": "equipment", "channel": "plant", "hazard": "equipment"}


@pytest.fixture
def address(committing: None) -> Iterator[str]:  # noqa: ARG001 - before this one
    """Start a server of the platform that ends before the tables are emptied, unlike pytest-django's."""
    server = LiveServerThread("127.0.0.1", _StaticFilesHandler)
    server.start()
    server.is_ready.wait()
    yield f"http://127.0.0.1:{server.port}"
    server.terminate()


def test_a_program_reports_follows_and_shares(address: str) -> None:
    plant, port = organization("Plant"), organization("Port")
    client = Client(address, secret_of(member(plant, "coordinator")))
    receiver = Client(address, secret_of(member(port, "coordinator")))
    assert client.me()["organization"]["name_en"] == "Plant"
    assert {item["name_en"] for item in client.organizations()} == {"Plant", "Port"}
    made = client.report("Crack", **FIELDS, reach="group")
    for number in range(105):
        client.report(f"Leak {number}", **FIELDS)
    assert len(list(client.findings(state="open"))) == 106
    share = client.share(made, str(port.pk), "read", ["names"])
    assert [item.title for item in receiver.findings()] == ["Crack"]
    client.comment(made, "Seen")
    judged = client.step(made, "triage", severity=4, urgency=4)
    assert (judged.state, judged.version) == ("triaged", 2)
    with pytest.raises(PlatformError, match="changed this finding meanwhile") as caught:
        client.step(made, "triage", severity=1, urgency=1)
    assert caught.value.status == 412
    client.revoke(made, share)
    with pytest.raises(PlatformError, match="nothing that you may see"):
        receiver.finding(made.id)
    assert client.set_reach(client.finding(made.id), "organization", "TLP:AMBER+STRICT").version == 3
    with pytest.raises(ParameterError, match="a UUID"):
        client.finding("../me")


def test_the_commands_do_the_same(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENON_URL", address)
    monkeypatch.setenv("TENON_TOKEN", secret_of(member(organization("Plant"), "coordinator")))

    def run(*arguments: str) -> str:
        done = CliRunner().invoke(commands, ["finding", *arguments], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    report = run("report", "Crack", "--level", "part", "--channel", "sea", "--hazard", "fire")
    identifier = report.split()[-1]
    assert "Reported as number 1" in report
    assert "triaged now (version 2)" in run("step", identifier, "triage", "--set", "severity=4", "--set", "urgency=1")
    assert "triaged     4x1  Crack" in run("list", "--state", "open", "--severity", "4")
    assert run("list", "--overdue") == ""
    assert "Person" in run("show", identifier)
    assert json.loads(run("show", identifier, "--json"))["version"] == 2
    assert json.loads(run("list", "--json"))["title"] == "Crack"
    with pytest.raises(PlatformError, match="changed this finding meanwhile"):
        run("step", identifier, "reject", "--set", "note=x", "--version", "1")
    with pytest.raises(ParameterError, match="NAME=VALUE"):
        run("step", identifier, "reject", "--set", "note")


def test_a_room_is_led_by_a_program(address: str) -> None:
    client = Client(address, secret_of(member(organization("Plant"), "coordinator")))
    made = client.rooms.open("Strait", description="No ship passes", channel="sea", hazard="natural")
    assert (made.number, made.part, made.actions) == (1, "commander", ("stabilize",))
    (me,) = client.rooms.read(made, "participants")
    client.rooms.say(made, "Twelve ships wait", "fact")
    client.rooms.decide(made, "By rail", "Faster")
    given = client.tasks.give(made, "Ask for wagons", me["id"], "2030-01-01T00:00:00Z")
    assert client.tasks.step(given, "done", note="Forty").state == "done"
    assert [task.state for task in client.tasks.of(made)] == ["done"]
    assert client.rooms.report(made, "It holds")["number"] == 1
    finding = client.report("Crack", **FIELDS)
    assert client.rooms.attach(made, finding.id)["holds"] is False
    assert [item["number"] for item in client.rooms.read(made, "findings")] == [1]
    assert [item["text"] for item in client.rooms.read(made, "decisions")] == ["By rail"]
    stable = client.rooms.step(made, "stabilize", reason="Ships pass")
    with pytest.raises(PlatformError, match="changed this meanwhile"):
        client.rooms.step(made, "stabilize", reason="Ships pass")
    assert client.rooms.step(stable, "close", happened="A storm", learnt="Book early").state == "closed"
    assert [item.state for item in client.rooms.find(search="Strait", state=None)] == ["closed"]
    with pytest.raises(ParameterError, match="'people'"):
        list(client.rooms.read(made, "people"))


def test_the_commands_of_rooms_do_the_same(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENON_URL", address)
    monkeypatch.setenv("TENON_TOKEN", secret_of(member(organization("Plant"), "coordinator")))

    def run(*arguments: str) -> str:
        done = CliRunner().invoke(commands, ["room", *arguments], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    opened = run("open", "Strait", "--description", "No ship passes", "--channel", "sea", "--hazard", "natural")
    identifier = opened.split()[-1]
    assert "Opened as number 1" in opened
    assert run("say", identifier, "Twelve ships wait", "--fact") == "Written.\n"
    assert run("decide", identifier, "By rail", "--reasons", "Faster", "--by", "Person") == "Noted.\n"
    given = run("task", identifier, "Ask for wagons", "--to", "Person", "--due", "2030-01-01T00:00Z")
    task = given.split()[-1]
    shown = run("show", identifier)
    assert "Ask for wagons" in shown
    assert "fact: Twelve ships wait" in shown
    assert "commander  Person" in shown
    assert run("task", identifier, "--done", task, "--note", "Forty") == "It is done.\n"
    assert json.loads(run("show", identifier, "--json"))["tasks"][0]["state"] == "done"
    assert "stable now (version 2)" in run("step", identifier, "stabilize", "--reason", "Ships pass")
    with pytest.raises(PlatformError, match="changed this meanwhile"):
        run("close", identifier, "--happened", "x", "--learnt", "x", "--version", "1")
    assert "closed now" in run("close", identifier, "--happened", "A storm", "--learnt", "x", "--measure", "Rail first")
    assert run("list", "--state", "open") == ""
    assert json.loads(run("list", "--json"))["state"] == "closed"
    with pytest.raises(ParameterError, match="must name one participant"):
        run("task", identifier, "x", "--to", "Nobody", "--due", "2030-01-01T00:00Z")
    with pytest.raises(ParameterError, match="has no task"):
        run("task", identifier, "--blocked", "x", "--note", "x")
    with pytest.raises(ParameterError, match="a task is given by"):
        run("task", identifier, "--done", task)


def test_a_program_inspects_and_studies(address: str) -> None:
    plant = organization("Plant")
    lead = member(plant, "coordinator")
    by = viewer(lead)
    kiln = equipment(plant, by, code="K-1")
    checklist(kiln, by)
    client = Client(address, secret_of(lead))
    (piece,) = client.equipment.find(criticality="A", search=None)
    assert client.equipment.get(piece["id"])["open_findings"] == 0
    (listed,) = client.equipment.checklists(piece["id"])
    begun = client.rounds.start(checklist=listed["id"])
    assert client.rounds.start(planned=begun["id"])["started"] == begun["started"]
    rows = [
        {"item": item["id"], "value": 99.0} if item["kind"] == "reading" else {"item": item["id"], "outcome": "pass"}
        for item in begun["items"]
    ]
    ended = client.rounds.answer(client.rounds.get(begun["id"]), rows, finish=True)
    assert [item["id"] for item in client.rounds.find(state="finished")] == [ended["id"]]
    (found,) = client.equipment.findings(piece["id"])
    client.equipment.measure(found["id"], "Bearing temperature", 98.0, "°C", high=80.0)
    assert client.equipment.readings(piece["id"])[0]["high"] == 80.0
    assert client.equipment.sites() == []
    asked = client.studies.ask("table stress", scenario="tohoku-2011")
    assert (asked.state, asked.is_over) == ("queued", False)
    with pytest.raises(PlatformError, match="not over after 0 seconds; it is queued"):
        client.studies.wait(asked, limit_seconds=0.0)
    assert client.studies.step(asked, "cancel").is_over
    assert client.studies.wait(asked).state == "cancelled"
    assert [item.kind for item in client.studies.find(state="cancelled", kind=None)] == ["table stress"]
