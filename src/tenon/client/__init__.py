"""A program's way to the platform: hazards, rooms, equipment and studies, with nothing but Python.

::

    from tenon.client import Client

    client = Client("https://tenon.example.org", token)
    for finding in client.findings(state="open", severity=3):
        print(finding.number, finding.title)
    for room in client.rooms.find(state="open"):
        client.rooms.say(room, "The crane works again.", "fact")
    asked = client.studies.ask("table stress", scenario="tohoku-2011")
    print(client.studies.wait(asked).summary["loss"])
"""

from __future__ import annotations

from tenon.client.credentials import Credentials, read_credentials
from tenon.client.equipment import Equipment, Rounds
from tenon.client.findings import Client, Finding
from tenon.client.rooms import Room, Rooms
from tenon.client.studies import Studies, Study
from tenon.client.tasks import Task, Tasks

__all__ = [
    "Client",
    "Credentials",
    "Equipment",
    "Finding",
    "Room",
    "Rooms",
    "Rounds",
    "Studies",
    "Study",
    "Task",
    "Tasks",
    "read_credentials",
]
