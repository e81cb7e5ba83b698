"""Equipment and inspection rounds as programs handle them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tenon.client.sending import Sender, path_to

__all__ = ["Equipment", "Rounds"]


class Equipment:
    """The equipment of a platform, as `Client.equipment`; each piece is what the platform says of it.

    Parameters
    ----------
    sender : Sender
        Sends the requests.
    """

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def find(self, **wanted: str | None) -> Iterator[Mapping[str, Any]]:
        """List equipment by its code; pages are fetched as they are needed.

        Parameters
        ----------
        **wanted : str, optional
            ``owner``, ``equipment_class``, ``criticality`` and words to ``search`` for.

        Yields
        ------
        mapping
            Those that fit all; ``parent`` makes the tree of them.
        """
        yield from self._sender.pages("/equipment", wanted)

    def get(self, identifier: str) -> Mapping[str, Any]:
        """Fetch one piece of equipment.

        Parameters
        ----------
        identifier : str
            Its UUID.

        Returns
        -------
        mapping
            With its availability and what is open at it.
        """
        return self._said(path_to("equipment", identifier))

    def findings(self, identifier: str) -> Iterator[Mapping[str, Any]]:
        """List the findings at a piece of equipment and below it, the newest first.

        Parameters
        ----------
        identifier : str
            Its UUID.

        Yields
        ------
        mapping
            In the words of the platform.
        """
        yield from self._sender.pages(path_to("equipment", identifier, "findings"))

    def readings(self, identifier: str) -> Sequence[Mapping[str, Any]]:
        """List the latest readings at a piece of equipment of one's own.

        Parameters
        ----------
        identifier : str
            Its UUID.

        Returns
        -------
        sequence of mapping
            One for each quantity, with its limits.
        """
        return self._listed(path_to("equipment", identifier, "readings"))

    def checklists(self, identifier: str) -> Sequence[Mapping[str, Any]]:
        """List the checklists of a piece of equipment of one's own.

        Parameters
        ----------
        identifier : str
            Its UUID.

        Returns
        -------
        sequence of mapping
            With their items.
        """
        return self._listed(path_to("equipment", identifier, "checklists"))

    def sites(self) -> Sequence[Mapping[str, Any]]:
        """Tell what the own sites can do with the findings that are open on their equipment.

        Returns
        -------
        sequence of mapping
            By name.
        """
        return self._listed("/sites")

    def measure(self, finding: str, quantity: str, value: float, unit: str, **limits: float) -> Mapping[str, Any]:
        """Add something measured to a finding.

        Parameters
        ----------
        finding : str
            Its identifier.
        quantity : str
            What was read.
        value : float
            In ``unit``.
        unit : str
            Of value and limits.
        **limits : float
            ``low`` and ``high``, if there are any.

        Returns
        -------
        mapping
            The reading.
        """
        body = {"quantity": quantity, "value": value, "unit": unit, **limits}
        said: Mapping[str, Any] = self._sender.send("POST", path_to("findings", finding, "readings"), body=body).body
        return said

    def _said(self, path: str) -> Mapping[str, Any]:
        said: Mapping[str, Any] = self._sender.send("GET", path).body
        return said

    def _listed(self, path: str) -> Sequence[Mapping[str, Any]]:
        said: Sequence[Mapping[str, Any]] = self._sender.send("GET", path).body
        return said


class Rounds:
    """The inspection rounds at one's own equipment, as `Client.rounds`; each is what the platform says of it.

    Parameters
    ----------
    sender : Sender
        Sends the requests.
    """

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def find(self, **wanted: str | None) -> Iterator[Mapping[str, Any]]:
        """List rounds, those that were made last first; pages are fetched as they are needed.

        Parameters
        ----------
        **wanted : str, optional
            ``state``: planned, under way or finished; ``equipment``.

        Yields
        ------
        mapping
            Without items and answers.
        """
        yield from self._sender.pages("/rounds", wanted)

    def get(self, identifier: str) -> Mapping[str, Any]:
        """Fetch one round.

        Parameters
        ----------
        identifier : str
            Its UUID.

        Returns
        -------
        mapping
            With its items and answers.
        """
        said: Mapping[str, Any] = self._sender.send("GET", path_to("rounds", identifier)).body
        return said

    def start(self, *, checklist: str | None = None, planned: str | None = None) -> Mapping[str, Any]:
        """Start a round that was planned, or one that nobody planned.

        Parameters
        ----------
        checklist : str, optional
            Identifier of a checklist, for one that nobody planned.
        planned : str, optional
            Identifier of a planned round.

        Returns
        -------
        mapping
            With its items.
        """
        if planned is not None:
            return self._sent("POST", path_to("rounds", planned, "start"), None, "")
        return self._sent("POST", "/rounds", {"checklist": checklist}, "")

    def answer(
        self, seen: Mapping[str, Any], answers: Sequence[Mapping[str, Any]], *, finish: bool = False
    ) -> Mapping[str, Any]:
        """Store all answers of a round, if nobody changed it since it was fetched.

        Parameters
        ----------
        seen : mapping
            The round as it was seen.
        answers : sequence of mapping
            Each with its ``item``, an ``outcome`` or a ``value``, and perhaps a ``note``.
        finish : bool
            Whether the round is over; what failed becomes findings then.

        Returns
        -------
        mapping
            The round as it is now.
        """
        body = {"answers": [dict(row) for row in answers], "finish": finish}
        return self._sent("PUT", path_to("rounds", str(seen["id"]), "answers"), body, f'"{seen["version"]}"')

    def _sent(self, method: str, path: str, body: object, tag: str) -> Mapping[str, Any]:
        said: Mapping[str, Any] = self._sender.send(method, path, body=body, tag=tag).body
        return said
