"""Handing draws to workers, and finding out which draw it is that takes its workers down."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait

from tenon.ensemble._tasks import Failure, attempt_pickled
from tenon.ensemble.pools import Pool
from tenon.schema import EnsembleError, Float

__all__ = ["Dispatcher"]


class Dispatcher:
    """Hands draws to the workers of a pool, a few at a time.

    When a worker is lost, nobody knows which of the draws under way was to blame. All of them are suspects: each runs
    again, alone, with new workers. One that loses its workers alone again and again is named; the others go on.

    Parameters
    ----------
    pool : Pool
        Workers.
    function : bytes
        The pickled function.
    items : sequence
        What it is called with.

    Attributes
    ----------
    repeated : int
        How many times a draw lost its worker.
    """

    def __init__(self, pool: Pool, function: bytes, items: Sequence[object]) -> None:
        self._pool = pool
        self._function = function
        self._items = items
        self._waiting: deque[int] = deque()
        self._suspects: deque[int] = deque()
        self._under_way: dict[Future[Float | Failure], int] = {}
        self._deaths: Counter[int] = Counter()
        self._alone = False
        self.repeated = 0

    def results(self, numbers: Iterable[int]) -> Generator[tuple[int, Float | Failure]]:
        """Run draws and yield each with its outcome as it is finished.

        Parameters
        ----------
        numbers : iterable of int
            Positions of the items to run.

        Yields
        ------
        tuple of (int, array or Failure)
            In the order in which they are finished.

        Raises
        ------
        EnsembleError
            If a draw takes its workers down however often it is tried.
        """
        self._waiting.extend(numbers)
        while self._waiting or self._suspects:
            executor = self._pool.start()
            finished = False
            try:
                yield from self._until_a_loss(executor)
                finished = True
            finally:
                # After an interrupt or an error nobody waits for draws under way; their workers end after them.
                for future in self._under_way:
                    future.cancel()
                executor.shutdown(wait=finished)

    def _until_a_loss(self, executor: Executor) -> Iterator[tuple[int, Float | Failure]]:
        intact = self._hand_out(executor)
        while self._under_way:
            done, _ = wait(self._under_way, return_when=FIRST_COMPLETED)
            for future in sorted(done, key=lambda item: self._under_way[item]):
                number = self._under_way.pop(future)
                try:
                    outcome = future.result()
                except self._pool.lost:
                    self._suspect(number)
                    intact = False
                else:
                    yield number, outcome
            intact = intact and self._hand_out(executor)

    def _hand_out(self, executor: Executor) -> bool:
        """Fill the window, or let one suspect run alone; return whether the workers are still there."""
        self._alone = bool(self._suspects) or (self._alone and bool(self._under_way))
        room = 1 if self._alone else self._pool.window
        queue = self._suspects or self._waiting
        while queue and len(self._under_way) < room:
            try:
                future = executor.submit(attempt_pickled, self._function, self._items[queue[0]])
            except self._pool.lost:
                return False
            self._under_way[future] = queue.popleft()
        return True

    def _suspect(self, number: int) -> None:
        self.repeated += 1
        if self._alone:
            self._deaths[number] += 1
        if self._deaths[number] >= self._pool.trials:
            message = (
                f"draw {number} of {len(self._items)} ended the worker process in which it ran alone, "
                f"{self._deaths[number]} of {self._pool.trials} times: too little memory, a crash in compiled code, or "
                "a script that does its work outside of if __name__ == '__main__'. Run the function on this draw by "
                "itself to see why; draws finished before are kept where a store was given."
            )
            raise EnsembleError(message)
        self._suspects.append(number)
