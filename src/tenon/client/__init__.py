"""A program's way to the platform: hazards and rooms with all their steps, with nothing but Python.

::

    from tenon.client import Client

    client = Client("https://tenon.example.org", token)
    for finding in client.findings(state="open", severity=3):
        print(finding.number, finding.title)
    for room in client.rooms.find(state="open"):
        client.rooms.say(room, "The crane works again.", "fact")
"""

from __future__ import annotations

from tenon.client.credentials import Credentials, read_credentials
from tenon.client.findings import Client, Finding
from tenon.client.rooms import Room, Rooms, Task, Tasks

__all__ = ["Client", "Credentials", "Finding", "Room", "Rooms", "Task", "Tasks", "read_credentials"]
