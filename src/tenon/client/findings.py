"""Findings as programs handle them."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from tenon.client.credentials import Credentials
from tenon.client.equipment import Equipment, Rounds
from tenon.client.reading import known_fields
from tenon.client.rooms import Rooms
from tenon.client.sending import Sender, path_to
from tenon.client.studies import Studies
from tenon.client.tasks import Tasks

__all__ = ["Client", "Finding"]


@dataclass(frozen=True)
class Finding:  # budget: the fields that a list shows
    """A finding, as the token may see it.

    Parameters
    ----------
    id, owner : str
        Identifiers of the finding and of the organization that it belongs to.
    number, version : int
        Its number there, and how often it was changed; a change needs the version that was seen.
    title, state, level, channel, hazard, place, marking, reach : str
        In the words of the platform.
    severity, urgency : int
        From 1 to 4.
    reported : str
        When, ISO 8601.
    deadline : str, optional
        By when it must be eliminated.
    actions : tuple of str
        The steps that the token can take now.
    everything : mapping
        All that the platform said of it.
    """

    id: str
    owner: str
    number: int
    version: int
    title: str
    state: str
    level: str
    channel: str
    hazard: str
    place: str
    marking: str
    reach: str
    severity: int
    urgency: int
    reported: str
    deadline: str | None
    actions: tuple[str, ...]
    everything: Mapping[str, Any]

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> Self:
        """Read a finding from what the platform says.

        Parameters
        ----------
        said : mapping
            Its JSON; names that are not known here are kept in ``everything``.

        Returns
        -------
        Finding
            The finding.
        """
        return cls(**known_fields(cls, said))


class Client:
    """Talks to a platform for one organization, as far as its token allows.

    Parameters
    ----------
    url, token : str
        As for `Credentials`.
    sender : Sender, optional
        Sends the requests, instead of one for ``url`` and ``token`` with the usual patience.

    Attributes
    ----------
    rooms : Rooms
        The rooms of the platform.
    tasks : Tasks
        Their tasks.
    equipment : Equipment
        Its equipment.
    rounds : Rounds
        The inspection rounds at the own equipment.
    studies : Studies
        Its studies.
    """

    def __init__(self, url: str, token: str, *, sender: Sender | None = None) -> None:
        self._sender = sender or Sender(Credentials(url, token))
        self.rooms = Rooms(self._sender)
        self.tasks = Tasks(self._sender)
        self.equipment = Equipment(self._sender)
        self.rounds = Rounds(self._sender)
        self.studies = Studies(self._sender)

    def me(self) -> Mapping[str, Any]:
        """Tell who the token acts for and what it allows.

        Returns
        -------
        mapping
            Person, organization, capabilities and token.
        """
        said: Mapping[str, Any] = self._sender.send("GET", "/me").body
        return said

    def organizations(self) -> Iterator[Mapping[str, Any]]:
        """List all organizations of the platform, to share with.

        Yields
        ------
        mapping
            Identifier, names, kind and country.
        """
        yield from self._sender.pages("/directory")

    def findings(self, **wanted: str | int | None) -> Iterator[Finding]:
        """List findings, the newest first; pages are fetched as they are needed.

        Parameters
        ----------
        **wanted : str or int, optional
            ``state`` (or ``open``), ``channel``, ``hazard``, ``level``, ``severity`` at least, ``owner``,
            ``overdue="yes"`` and words to ``search`` for.

        Yields
        ------
        Finding
            Those that fit all.
        """
        yield from map(Finding.read, self._sender.pages("/findings", wanted))

    def finding(self, identifier: str) -> Finding:
        """Fetch one finding.

        Parameters
        ----------
        identifier : str
            Its UUID.

        Returns
        -------
        Finding
            As it is now.
        """
        return Finding.read(self._sender.send("GET", path_to("findings", identifier)).body)

    def report(self, title: str, **fields: object) -> Finding:
        """Report a hazard.

        Parameters
        ----------
        title : str
            What is wrong.
        **fields : object
            ``level``, ``channel`` and ``hazard`` at least; ``description``, ``severity``, ``urgency``, ``place``,
            ``latitude``, ``longitude``, ``cost``, ``marking``, ``reach``, ``owner`` as far as known.

        Returns
        -------
        Finding
            With its number.
        """
        return Finding.read(self._sender.send("POST", "/findings", body={"title": title, **fields}).body)

    def step(self, finding: Finding, action: str, **values: object) -> Finding:
        """Take a finding one step further, if nobody changed it since it was fetched.

        Parameters
        ----------
        finding : Finding
            As it was seen.
        action : str
            One of its ``actions``.
        **values : object
            What the step needs: severity and urgency; responsible, measure, means, deadline and fallback; a note.

        Returns
        -------
        Finding
            As it is now.
        """
        body = {"action": action, **values}
        reply = self._sender.send(
            "POST", path_to("findings", finding.id, "steps"), body=body, tag=f'"{finding.version}"'
        )
        return Finding.read(reply.body)

    def comment(self, finding: Finding, note: str) -> None:
        """Say something about a finding.

        Parameters
        ----------
        finding : Finding
            About which.
        note : str
            What.
        """
        self._sender.send("POST", path_to("findings", finding.id, "comments"), body={"note": note})

    def share(self, finding: Finding, organization: str, profile: str, hides: Collection[str] = ()) -> str:
        """Share a finding with another organization.

        Parameters
        ----------
        finding : Finding
            Which.
        organization : str
            Its identifier.
        profile : str
            What it may do: read, comment, propose, contribute, verify or manage.
        hides : collection of str
            What is kept back: cost, names, places.

        Returns
        -------
        str
            The identifier of the share, to revoke it.
        """
        body = {"organization": organization, "profile": profile, "hides": sorted(hides)}
        return str(self._sender.send("POST", path_to("findings", finding.id, "shares"), body=body).body["id"])

    def revoke(self, finding: Finding, share: str) -> None:
        """Take a share back; it holds at once.

        Parameters
        ----------
        finding : Finding
            What was shared.
        share : str
            The identifier of the share.
        """
        self._sender.send("DELETE", path_to("findings", finding.id, "shares", str(uuid.UUID(share))))

    def set_reach(self, finding: Finding, reach: str, marking: str) -> Finding:
        """Say how far a finding goes and how it is marked, if nobody changed it since it was fetched.

        Parameters
        ----------
        finding : Finding
            As it was seen.
        reach, marking : str
            In the words of the platform.

        Returns
        -------
        Finding
            As it is now.
        """
        body = {"reach": reach, "marking": marking}
        return Finding.read(
            self._sender.send(
                "PUT", path_to("findings", finding.id, "reach"), body=body, tag=f'"{finding.version}"'
            ).body
        )
