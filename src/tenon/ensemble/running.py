"""Running a function for every draw: here, in processes or on a cluster, with the same figures."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np

from tenon.ensemble._dispatch import Dispatcher
from tenon.ensemble._journal import Journal, fingerprint, pickled
from tenon.ensemble._tasks import Failure, attempt
from tenon.ensemble.pools import Pool
from tenon.schema import EnsembleError, Float, Integer, ParameterError, Status

__all__ = ["Ensemble", "Progress", "run", "run_each"]

T = TypeVar("T")
Progress = Callable[[int, int], None]
"""Called with the number of draws finished and the number in all."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Ensemble:
    """What a function gave for each draw.

    Parameters
    ----------
    draws : (D,) array of int
        Positions of the finished draws, in order.
    values : (D, ...) array
        What the function returned for each of them.
    status : Status
        ``Status.INTERRUPTED`` if the user stopped the run before all draws were finished.
    notes : tuple of str
        Sentences that the reader should know.
    """

    draws: Integer
    values: Float
    status: Status
    notes: tuple[str, ...] = ()


def run(
    function: Callable[[T], object],
    draws: Sequence[T],
    *,
    pool: Pool | None = None,
    store: Path | None = None,
    progress: Progress | None = None,
) -> Ensemble:
    """Run a function for every draw.

    The figures are the same, bit by bit, wherever the draws run and in whatever order they are finished, as long as
    the function depends on its draw alone. The run goes on when a worker is lost.

    Parameters
    ----------
    function : callable
        Takes a draw; returns a number, or an array of numbers of one shape. For other processes it must be defined at
        the top of a module, or be a :func:`functools.partial` of such a function.
    draws : sequence
        What it is called with, such as :func:`plain_draws`.
    pool : Pool, optional
        Workers, from :func:`processes` or :func:`cluster`; if left out, draws run here one after the other.
    store : Path, optional
        File to which each finished draw is appended. If it holds finished draws of the same run, they are not run
        again. The same run has the same version of tenon, draws, function, and source of the function or of the class
        of an object that can be called. Not noticed are changes of what these call outside of tenon, of other packages,
        of files that they read, and of code without a source; after such changes give another file.
    progress : callable, optional
        Called with the draws finished and the draws in all.

    Returns
    -------
    Ensemble
        One value a draw, in the order of draws. After an interrupt (Ctrl-C), those that were finished.

    Raises
    ------
    EnsembleError
        If the function fails for a draw, returns other shapes for other draws, or ends every worker in which the draw
        runs. Finished draws are kept in the store.
    ParameterError
        If there is no draw, or the function cannot be handed to other processes.
    SourceError, StorageError
        If the store holds another run or something else, is a folder, or cannot be written.

    Examples
    --------
    >>> from tenon.ensemble import plain_draws
    >>> ensemble = run(lambda draw: draw.generator().normal(), plain_draws(100, seed=1))
    >>> ensemble.values.shape, bool(abs(ensemble.values.mean()) < 0.3)
    ((100,), True)
    """
    work = _Work(function, draws, pool)
    finished: dict[int, Float] = {}
    status = Status.COMPLETE
    try:
        # One by one, so that an interrupt leaves what was finished before it.
        for number, values in work.results(store, progress):
            finished[number] = values  # noqa: PERF403 - see above
    except KeyboardInterrupt:
        if not finished:
            raise
        status = Status.INTERRUPTED
    numbers = sorted(finished)
    return Ensemble(
        draws=np.array(numbers, dtype=np.int64),
        values=_stacked({number: finished[number] for number in numbers}),
        status=status,
        notes=work.notes,
    )


def run_each(
    function: Callable[[T], object],
    items: Sequence[T],
    *,
    pool: Pool | None = None,
    store: Path | None = None,
    progress: Progress | None = None,
) -> tuple[Float, ...]:
    """Run a function for every item of a list, as part of a larger computation.

    As :func:`run`, but values may differ in shape, and an interrupt goes on to the caller.

    Parameters
    ----------
    function : callable
        Takes an item; returns a number or an array of numbers.
    items : sequence
        What it is called with.
    pool : Pool, optional
        Workers; if left out, items run here one after the other.
    store : Path, optional
        File to which each finished item is appended, and from which finished ones are taken, as in :func:`run`.
    progress : callable, optional
        Called with the items finished and the items in all.

    Returns
    -------
    tuple of array
        One for each item, in the order of items.

    Raises
    ------
    EnsembleError
        If the function fails for an item, or ends every worker in which the item runs.
    ParameterError
        If there is no item, or the function cannot be handed to other processes.
    SourceError, StorageError
        If the store holds another run or something else, is a folder, or cannot be written.

    Examples
    --------
    >>> [values.tolist() for values in run_each(lambda length: np.ones(length), [1, 3])]
    [[1.0], [1.0, 1.0, 1.0]]
    """
    finished = dict(_Work(function, items, pool).results(store, progress))
    return tuple(finished[number] for number in range(len(items)))


class _Work:
    """A function, what it is called with, and where."""

    def __init__(self, function: Callable[[T], object], items: Sequence[T], pool: Pool | None) -> None:
        if not len(items):
            message = "at least one draw is required, none came."
            raise ParameterError(message)
        self._function = function
        self._items = items
        self._pool = pool
        self.notes: tuple[str, ...] = ()

    def results(self, store: Path | None, progress: Progress | None) -> Generator[tuple[int, Float]]:
        """Yield each draw with its values as it is finished, those of the store first."""
        with contextlib.ExitStack() as stack:
            journal = None if store is None else stack.enter_context(self._journal(store))
            known = {} if journal is None else journal.finished
            yield from known.items()
            done = len(known)
            waiting = [number for number in range(len(self._items)) if number not in known]
            outcomes = stack.enter_context(contextlib.closing(self._outcomes(waiting)))
            for number, outcome in outcomes:
                values = self._checked(number, outcome)
                if journal is not None:
                    journal.append(number, values)
                yield number, values
                done += 1
                if progress is not None:
                    progress(done, len(self._items))

    def _journal(self, store: Path) -> Journal:
        return Journal(store, fingerprint(self._function, self._items), len(self._items))

    def _outcomes(self, waiting: Sequence[int]) -> Generator[tuple[int, Float | Failure]]:
        if self._pool is None:
            for number in waiting:
                yield number, attempt(self._function, self._items[number])
            return
        dispatcher = Dispatcher(self._pool, pickled(self._function, "the function"), self._items)
        try:
            yield from dispatcher.results(waiting)
        finally:
            if dispatcher.repeated:
                self.notes = (
                    f"workers were lost: {dispatcher.repeated} times a draw under way on one of them ran again.",
                )

    def _checked(self, number: int, outcome: Float | Failure) -> Float:
        if isinstance(outcome, Failure):
            message = (
                f"draw {number} of {len(self._items)} ended with {outcome.reason}. Mend the function, or try it on "
                "this draw alone; draws finished before are kept where a store was given."
            )
            error = EnsembleError(message)
            error.add_note(outcome.trace)
            raise error
        return outcome


def _stacked(finished: dict[int, Float]) -> Float:
    shapes = {number: values.shape for number, values in finished.items()}
    first = next(iter(shapes))
    for number, shape in shapes.items():
        if shape != shapes[first]:
            message = (
                f"the function must return numbers of one shape for every draw, but draw {first} gave {shapes[first]} "
                f"and draw {number} gave {shape}; pad them, or use run_each."
            )
            raise EnsembleError(message)
    return np.stack(list(finished.values()))
