"""A small load: so many connections, each in a thread, ask one after the other for some seconds."""

from __future__ import annotations

import http.client
import random
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

__all__ = ["Answers", "Ask", "Question", "load"]

_PATIENCE_SECONDS = 30.0


@dataclass
class Answers:
    """What the server answered.

    Parameters
    ----------
    seconds : list of float
        Time of each answer.
    wrong : list of str
        Answers other than expected.
    lasted : float
        From the first question to the last answer, in seconds.
    """

    seconds: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    lasted: float = 0.0

    @property
    def median(self) -> float:
        """Median time of an answer, in seconds."""
        return statistics.median(self.seconds)

    @property
    def slow(self) -> float:
        """Time that 19 of 20 answers keep to, in seconds."""
        return (
            statistics.quantiles(self.seconds, n=20, method="inclusive")[-1] if len(self.seconds) > 1 else self.median
        )

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.seconds) / self.lasted


Question = tuple[str, str, bytes | None, dict[str, str]]
Ask = Callable[[random.Random], Question]


def load(port: int, connections: int, lasting: float, ask: Ask, expected: frozenset[int] = frozenset({200})) -> Answers:
    """Ask a server of this machine: each connection sends its next question as soon as it has the last answer.

    Parameters
    ----------
    port : int
        Where it listens.
    connections : int
        How many ask at once.
    lasting : float
        For how long, in seconds.
    ask : callable
        Returns the next question: verb, address, body, headers.
    expected : frozenset of int
        The statuses that answers have.

    Returns
    -------
    Answers
        All of them.
    """
    found, lock, began = Answers(), threading.Lock(), time.monotonic()

    def one(number: int) -> None:
        draw = random.Random(number)  # noqa: S311 - which page next
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_SECONDS)
        while time.monotonic() < began + lasting:
            verb, address, body, headers = ask(draw)
            start = time.monotonic()
            line.request(verb, address, body, headers)
            answer = line.getresponse()
            answer.read()
            with lock:
                found.seconds.append(time.monotonic() - start)
                if answer.status not in expected:
                    found.wrong.append(f"{verb} {address}: {answer.status}")
        line.close()

    threads = [threading.Thread(target=one, args=[number]) for number in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found.lasted = time.monotonic() - began
    return found
