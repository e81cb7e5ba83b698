"""Rooms as programs handle them; their tasks are in `tenon.client.tasks`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from tenon.client.reading import known_fields
from tenon.client.sending import Sender, path_to
from tenon.schema.errors import ParameterError

__all__ = ["Room", "Rooms"]

_PAGED = ("entries", "decisions", "reports")
_WHOLE = ("participants", "findings")


@dataclass(frozen=True)
class Room:  # budget: the fields that a list shows
    """A room, as the token may see it.

    Parameters
    ----------
    id, owner : str
        Identifiers of the room and of the organization that it belongs to.
    number, version : int
        Its number there, and how often it was changed; a step needs the version that was seen.
    title, state, channel, hazard : str
        In the words of the platform.
    severity : int
        From 1 to 4.
    opened : str
        When, ISO 8601.
    part : str, optional
        The part that the token's person has in it.
    may, actions : tuple of str
        What the token can do in it, and the steps that it can take now.
    everything : mapping
        All that the platform said of it.
    """

    id: str
    owner: str
    number: int
    version: int
    title: str
    state: str
    channel: str
    hazard: str
    severity: int
    opened: str
    part: str | None
    may: tuple[str, ...]
    actions: tuple[str, ...]
    everything: Mapping[str, Any]

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> Self:
        """Read a room from what the platform says.

        Parameters
        ----------
        said : mapping
            Its JSON; names that are not known here are kept in ``everything``.

        Returns
        -------
        Room
            The room.
        """
        return cls(**known_fields(cls, said))


class Rooms:
    """The rooms of a platform, as `Client.rooms`.

    Parameters
    ----------
    sender : Sender
        Sends the requests.
    """

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def find(self, **wanted: str | None) -> Iterator[Room]:
        """List rooms, the newest first; pages are fetched as they are needed.

        Parameters
        ----------
        **wanted : str, optional
            ``state`` (or ``open``), ``channel``, ``hazard`` and words to ``search`` for.

        Yields
        ------
        Room
            Those that fit all.
        """
        yield from map(Room.read, self._sender.pages("/rooms", wanted))

    def get(self, identifier: str) -> Room:
        """Fetch one room.

        Parameters
        ----------
        identifier : str
            Its UUID.

        Returns
        -------
        Room
            As it is now.
        """
        return Room.read(self._sender.send("GET", path_to("rooms", identifier)).body)

    def open(self, title: str, **fields: object) -> Room:
        """Open a room, which the token's person commands.

        Parameters
        ----------
        title : str
            What it is about.
        **fields : object
            ``description``, ``channel`` and ``hazard`` at least; ``severity``, ``since``, ``marking``, ``owner`` as far
            as known.

        Returns
        -------
        Room
            With its number.
        """
        return Room.read(self._sender.send("POST", "/rooms", body={"title": title, **fields}).body)

    def step(self, room: Room, action: str, **values: object) -> Room:
        """Take a room one step further, if nobody changed it since it was fetched.

        Parameters
        ----------
        room : Room
            As it was seen.
        action : str
            One of its ``actions``.
        **values : object
            What the step needs: a reason; to close it ``happened``, ``learnt`` and, if there are any, ``measures``.

        Returns
        -------
        Room
            As it is now.
        """
        body = {"action": action, **values}
        reply = self._sender.send("POST", path_to("rooms", room.id, "steps"), body=body, tag=f'"{room.version}"')
        return Room.read(reply.body)

    def read(self, room: Room, what: str) -> Iterator[Mapping[str, Any]]:
        """List what belongs to a room; its tasks are in `Tasks.of`.

        Parameters
        ----------
        room : Room
            Which.
        what : str
            ``entries``, ``decisions`` or ``reports``, the newest first; ``participants`` or ``findings``.

        Yields
        ------
        mapping
            In the words of the platform.

        Raises
        ------
        ParameterError
            If nothing of that name belongs to a room.
        """
        if what in _PAGED:
            yield from self._sender.pages(path_to("rooms", room.id, what))
        elif what in _WHOLE:
            said = self._sender.send("GET", path_to("rooms", room.id, what)).body
            yield from said if what == "participants" else said["items"]
        else:
            raise ParameterError(f"a room has {', '.join((*_PAGED, *_WHOLE))}; it was asked for {what!r}.")

    def say(self, room: Room, text: str, kind: str = "message") -> Mapping[str, Any]:
        """Say something in a room, or note a fact.

        Parameters
        ----------
        room : Room
            Where.
        text : str
            What.
        kind : str
            ``message`` or ``fact``.

        Returns
        -------
        mapping
            The entry of the timeline.
        """
        return self._add(room, "entries", {"kind": kind, "text": text})

    def decide(self, room: Room, text: str, reasons: str, **more: object) -> Mapping[str, Any]:
        """Note a decision with its reasons.

        Parameters
        ----------
        room : Room
            Where.
        text, reasons : str
            What was decided and why.
        **more : object
            ``alternatives`` that were considered, and ``by``, the participant who decided if not the commander.

        Returns
        -------
        mapping
            The entry of the timeline.
        """
        return self._add(room, "decisions", {"text": text, "reasons": reasons, **more})

    def report(self, room: Room, assessment: str) -> Mapping[str, Any]:
        """Make a situation report of a room as it stands now.

        Parameters
        ----------
        room : Room
            Of which.
        assessment : str
            What it means, and what is needed.

        Returns
        -------
        mapping
            The report with what it holds.
        """
        return self._add(room, "reports", {"assessment": assessment})

    def attach(self, room: Room, finding: str, profile: str = "propose") -> Mapping[str, Any]:
        """Attach a finding to a room: it is shared with the organizations in it.

        Parameters
        ----------
        room : Room
            Where.
        finding : str
            Its identifier.
        profile : str
            What they may do with it.

        Returns
        -------
        mapping
            The finding as it belongs to the room.
        """
        return self._add(room, "findings", {"finding": finding, "profile": profile})

    def _add(self, room: Room, what: str, body: Mapping[str, object]) -> Mapping[str, Any]:
        said: Mapping[str, Any] = self._sender.send("POST", path_to("rooms", room.id, what), body=body).body
        return said
