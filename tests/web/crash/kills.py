"""Kill whoever writes, in the middle of it, again and again, and look at what is left.

    DATABASE_URL=... TENON_WEB_DATA=/absolute/folder python -m tests.web.crash.kills --rounds 20

A writer works with the platform's own services and says on a pipe what was committed; the server is written to by
requests, and what it answers is what was committed. After each kill everything acknowledged must be there, nothing half
done, and the record whole.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import select
import signal
import subprocess
import sys
import time
import traceback
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tenon.web.config.settings")
# The server that is started takes the same, so that it knows the session made here.
os.environ.setdefault("TENON_WEB_SECRET_KEY", "for kills in tests alone: " + "0" * 40)
ROOT = Path(__file__).resolve().parents[3]
_LONGEST_SECONDS = 0.4


@dataclass
class Found:
    """What all rounds found.

    Parameters
    ----------
    rounds, acknowledged : int
        Kills, and writes that were acknowledged before them.
    faults : list of str
        What was lost, half done or broken.
    """

    rounds: int = 0
    acknowledged: int = 0
    faults: list[str] = field(default_factory=list)


def main() -> None:
    """Kill and look; print what was found as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--victim", choices=["writer", "server"], default="writer")
    parser.add_argument("--port", type=int, default=8907)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    django.setup()
    from django.core.management import call_command
    from django.db import connections

    call_command("migrate", interactive=False, verbosity=0)
    prepare()
    victim: Callable[[random.Random], list[dict[str, str]]]
    victim = killed_writer if options.victim == "writer" else lambda draw: killed_server(draw, options.port)
    draw, found = random.Random(options.seed), Found()  # noqa: S311 - moments of kills, no secrets
    for _ in range(options.rounds):
        connections.close_all()  # the writer is a fork and opens its own
        acknowledged = victim(draw)
        found.rounds += 1
        found.acknowledged += len(acknowledged)
        found.faults += [*missing(acknowledged), *broken()]
        if found.faults:
            break
    print(json.dumps(vars(found)))  # noqa: T201 - a program's answer
    sys.exit(bool(found.faults))


def prepare() -> None:
    """Make a plant with a coordinator and a verifier, unless a round before made them."""
    from tenon.web.accounts.models import User
    from tests.web.worlds import member, organization

    if not User.objects.exists():
        plant = organization("Plant")
        member(plant, "coordinator")
        member(plant, "verifier")


def killed_writer(draw: random.Random) -> list[dict[str, str]]:
    """Let a writer write until it is killed at some moment; return what it said was committed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        write_until_killed(writing)
    os.close(writing)
    with os.fdopen(reading, "rb", buffering=0) as pipe:
        select.select([pipe], [], [], 30)  # it opened the database and committed something
        time.sleep(draw.uniform(0, _LONGEST_SECONDS))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        lines = pipe.read().split(b"\n")[:-1]  # what was cut off was not acknowledged
    return [json.loads(line) for line in lines]


def write_until_killed(pipe: int) -> None:
    """Report findings and take steps, for ever, and say what was committed."""
    try:
        for said in writes():
            os.write(pipe, json.dumps(said).encode() + b"\n")
    finally:  # an error ends this process, not in the parent's code
        traceback.print_exc()
        os._exit(1)


def writes() -> Iterator[dict[str, str]]:
    """Write by the services; yield after each commit what must be there from now on."""
    from tenon.web.organizations.models import Membership, Organization
    from tenon.web.rooms import services
    from tenon.web.rooms.rules import Action
    from tests.web.worlds import FIELDS, step_values, viewer

    plant = Organization.objects.get()
    lead, verifier = Membership.objects.select_related("user", "organization").order_by("since")
    by, checks, values = viewer(lead), viewer(verifier), step_values(lead.user)
    while True:
        item = services.report(by, plant, FIELDS)
        yield {"finding": str(item.pk), "version": "1", "action": "report"}
        for action in (Action.TRIAGE, Action.ASSIGN, Action.ELIMINATE, Action.VERIFY, Action.CLOSE):
            item = services.move(checks if action is Action.VERIFY else by, item, action, values, item.version)
            yield {"finding": str(item.pk), "version": str(item.version), "action": action.value}
        said = services.comment(by, item, "Said after it was closed")
        yield {"finding": str(item.pk), "version": str(item.version), "action": "comment", "event": str(said.pk)}


def missing(acknowledged: list[dict[str, str]]) -> list[str]:
    """Name acknowledged writes that are not there."""
    from tenon.web.rooms.models import Finding, FindingEvent

    versions = {str(pk): version for pk, version in Finding.objects.values_list("pk", "version")}
    events = {(str(pk), action) for pk, action in FindingEvent.objects.values_list("finding_id", "action")}
    faults = [f"lost: {said}" for said in acknowledged if versions.get(said["finding"], 0) < int(said["version"])]
    return faults + [
        f"without event: {said}" for said in acknowledged if (said["finding"], said["action"]) not in events
    ]


def broken() -> list[str]:
    """Name what is half done: a finding, its event or its record without the others, and a chain that is not whole."""
    from django.db import connection

    from tenon.web.audit.models import Entry
    from tenon.web.audit.selectors import chain_names, find_fault
    from tenon.web.rooms.models import Finding, FindingEvent

    faults = [str(fault) for name in chain_names() if (fault := find_fault(name))]
    said = {
        json.loads(text).get("event")
        for text in Entry.objects.filter(subject_kind="finding").values_list("details", flat=True)
    }
    events: dict[str, list[FindingEvent]] = {}
    for event in FindingEvent.objects.order_by("time", "id"):
        events.setdefault(str(event.finding_id), []).append(event)
        if str(event.pk) not in said:
            faults.append(f"event {event.pk} is not recorded")
    if len(said) != sum(map(len, events.values())):
        faults.append("the record tells of events that are not there")
    for item in Finding.objects.all():
        mine = [event for event in events.get(str(item.pk), []) if event.action != "comment"]
        if len(mine) != item.version or mine[-1].state != item.state:
            faults.append(f"finding {item.pk} has version {item.version} and {len(mine)} events")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for check, fine in (("integrity_check", [("ok",)]), ("foreign_key_check", [])):
                answer = cursor.execute(f"PRAGMA {check}").fetchall()
                faults += [f"{check}: {answer}"] if answer != fine else []
    return faults


def killed_server(draw: random.Random, port: int) -> list[dict[str, str]]:
    """Serve, send reports until the server is killed with all its processes; return what it answered for."""
    command = [sys.executable, "-m", "tenon.web", "serve", "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, start_new_session=True, stdout=subprocess.DEVNULL) as server:
        try:
            send = Sender(f"http://127.0.0.1:{port}")
            end = time.monotonic() + 0.5 + draw.uniform(0, 4 * _LONGEST_SECONDS)
            acknowledged = [{"finding": send.report(), "version": "1", "action": "report"}]
            # The kill comes from a child, so that it meets the server in the middle of a request.
            killer = os.fork()
            if killer == 0:
                time.sleep(max(0.0, end - time.monotonic()))
                os.killpg(server.pid, signal.SIGKILL)
                os._exit(0)
            try:
                while True:
                    acknowledged.append({"finding": send.report(), "version": "1", "action": "report"})
            except OSError:  # the server is gone; what it did not answer for may be there or not
                os.waitpid(killer, 0)
        finally:
            if server.poll() is None:
                os.killpg(server.pid, signal.SIGKILL)
    return acknowledged


class _Stay(urllib.request.HTTPRedirectHandler):
    """Leaves redirects to whoever asked."""

    def redirect_request(self, *_args: object, **_kwargs: object) -> None:
        """Follow nothing."""


class Sender:
    """A browser that reports hazards, signed in as the plant's coordinator.

    Parameters
    ----------
    base : str
        Address of the server; waited for.
    """

    def __init__(self, base: str) -> None:
        from django.conf import settings
        from django.db import connections

        from tenon.web.organizations.models import Membership
        from tests.web.worlds import FIELDS, client_of

        browser = client_of(Membership.objects.select_related("user").order_by("since")[0])
        connections.close_all()
        self._base, self._opener = base, urllib.request.build_opener(_Stay)
        self._csrf = "a" * 32
        session = browser.cookies[settings.SESSION_COOKIE_NAME].value
        self._cookie = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={self._csrf}"
        form = {**FIELDS, "marking": "TLP:AMBER", "reach": "organization", "csrfmiddlewaretoken": self._csrf}
        self._form = urllib.parse.urlencode(form).encode()
        for _ in range(300):
            try:
                self._opener.open(f"{base}/health", timeout=5)
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise TimeoutError(f"{base} must answer within half a minute; it did not.")

    def report(self) -> str:
        """Report a hazard; return the identifier that the server answers with."""
        request = urllib.request.Request(f"{self._base}/findings/new/", self._form, {"Cookie": self._cookie})  # noqa: S310 - our own server
        try:
            answer = self._opener.open(request, timeout=20)
        except urllib.error.HTTPError as refused:
            if refused.status != 302:
                raise
            return str(refused.headers["Location"]).strip("/").rpartition("/")[2]
        raise AssertionError(f"a report is answered with a redirect; it was {answer.status}.")


if __name__ == "__main__":
    main()
