"""Studies as programs handle them."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from tenon.client.reading import known_fields
from tenon.client.sending import Sender, path_to
from tenon.schema.errors import PlatformError

__all__ = ["Studies", "Study"]

_UNFINISHED = frozenset({"queued", "leased"})


@dataclass(frozen=True)
class Study:
    """A study, as the token may see it.

    Parameters
    ----------
    id : str
        Its identifier.
    version : int
        How often it was changed; a step needs the version that was seen.
    title, kind, state : str
        In the words of the platform.
    percent : int, optional
        How far it is.
    summary : mapping
        Its main figures; empty until it is done.
    everything : mapping
        All that the platform said of it.
    """

    id: str
    version: int
    title: str
    kind: str
    state: str
    percent: int | None
    summary: Mapping[str, Any]
    everything: Mapping[str, Any]

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> Self:
        """Read a study from what the platform says.

        Parameters
        ----------
        said : mapping
            Its JSON; names that are not known here are kept in ``everything``.

        Returns
        -------
        Study
            The study.
        """
        return cls(**known_fields(cls, said))

    @property
    def is_over(self) -> bool:
        """Whether it is done, failed, called off or given up."""
        return self.state not in _UNFINISHED


class Studies:
    """The studies of a platform, as `Client.studies`.

    Parameters
    ----------
    sender : Sender
        Sends the requests.
    """

    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def find(self, **wanted: str | None) -> Iterator[Study]:
        """List studies, the newest first; pages are fetched as they are needed.

        Parameters
        ----------
        **wanted : str, optional
            ``kind`` and ``state``.

        Yields
        ------
        Study
            Those that fit both.
        """
        yield from map(Study.read, self._sender.pages("/studies", wanted))

    def get(self, identifier: str) -> Study:
        """Fetch one study.

        Parameters
        ----------
        identifier : str
            Its UUID.

        Returns
        -------
        Study
            As it is now.
        """
        return Study.read(self._sender.send("GET", path_to("studies", identifier)).body)

    def ask(self, kind: str, **fields: object) -> Study:
        """Ask for a study.

        Parameters
        ----------
        kind : str
            ``table stress`` with a ``scenario`` of the library; ``chain stress``, if need be with another study's
            chain, ``chain_of``; ``chain outage`` with ``chain_of``, ``site`` and ``days``; or ``again`` with the
            identifier of a ``study``.
        **fields : object
            What the kind needs, and ``title``, ``language``, ``marking``, ``reach``, ``owner`` as far as wanted.

        Returns
        -------
        Study
            In the queue.
        """
        return Study.read(self._sender.send("POST", "/studies", body={"kind": kind, **fields}).body)

    def step(self, study: Study, action: str) -> Study:
        """Call a study off or try it again, if nobody changed it since it was fetched.

        Parameters
        ----------
        study : Study
            As it was seen.
        action : str
            ``cancel`` or ``retry``.

        Returns
        -------
        Study
            As it is now.
        """
        path = path_to("studies", study.id, "steps")
        return Study.read(self._sender.send("POST", path, body={"action": action}, tag=f'"{study.version}"').body)

    def wait(self, study: Study, *, limit_seconds: float = 3600.0, pause_seconds: float = 5.0) -> Study:
        """Wait until a study is over.

        Parameters
        ----------
        study : Study
            Which.
        limit_seconds, pause_seconds : float
            How long at most, and between two looks.

        Returns
        -------
        Study
            Done, failed, called off or given up.

        Raises
        ------
        PlatformError
            If it is not over in time.
        """
        end = time.monotonic() + limit_seconds
        while not (study := self.get(study.id)).is_over:
            if time.monotonic() >= end:
                raise PlatformError(
                    f"study {study.id} is not over after {limit_seconds:g} seconds; it is {study.state}. Look later."
                )
            time.sleep(pause_seconds)
        return study
