"""Tasks of rooms as programs handle them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from tenon.client.reading import known_fields
from tenon.client.rooms import Room
from tenon.client.sending import Sender, path_to

__all__ = ["Task", "Tasks"]


@dataclass(frozen=True)
class Task:
    """A task of a room.

    Parameters
    ----------
    id, room : str
        Identifiers of the task and of its room.
    version : int
        How often it was changed; a step needs the version that was seen.
    title, due, state, note : str
        What is to be done until when, ISO 8601, where it stands, and what was said of that.
    everything : mapping
        All that the platform said of it.
    """

    id: str
    room: str
    version: int
    title: str
    due: str
    state: str
    note: str
    everything: Mapping[str, Any]

    @classmethod
    def read(cls, room: str, said: Mapping[str, Any]) -> Self:
        """Read a task from what the platform says.

        Parameters
        ----------
        room : str
            Identifier of its room.
        said : mapping
            Its JSON.

        Returns
        -------
        Task
            The task.
        """
        return cls(**known_fields(cls, {**said, "room": room}))


class Tasks:
    """The tasks of rooms, as `Client.tasks`.

    Parameters
    ----------
    sender : Sender
        Sends the requests.
    """

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def of(self, room: Room) -> Iterator[Task]:
        """List the tasks of a room; what is to be done first comes first.

        Parameters
        ----------
        room : Room
            Which.

        Yields
        ------
        Task
            With whoever does it in ``everything``.
        """
        for said in self._sender.pages(path_to("rooms", room.id, "tasks")):
            yield Task.read(room.id, said)

    def give(self, room: Room, title: str, to: str, due: str) -> Task:
        """Give a participant something to do.

        Parameters
        ----------
        room : Room
            Where.
        title : str
            What.
        to : str
            Identifier of the participant.
        due : str
            Until when, ISO 8601 with its zone.

        Returns
        -------
        Task
            Stored.
        """
        body = {"title": title, "to": to, "due": due}
        return Task.read(room.id, self._sender.send("POST", path_to("rooms", room.id, "tasks"), body=body).body)

    def step(self, task: Task, action: str, **values: object) -> Task:
        """Say where a task stands or hand it on, if nobody changed it since it was fetched.

        Parameters
        ----------
        task : Task
            As it was seen.
        action : str
            ``done``, ``blocked`` or ``open`` with a ``note``, or ``hand on`` with the participant ``to`` do it.
        **values : object
            What the step needs.

        Returns
        -------
        Task
            As it is now.
        """
        path = f"{path_to('rooms', task.room)}{path_to('tasks', task.id, 'steps')}"
        reply = self._sender.send("POST", path, body={"action": action, **values}, tag=f'"{task.version}"')
        return Task.read(task.room, reply.body)
