"""Progress on the terminal: what is being done, how far it is, and the time left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

__all__ = ["Stages", "stages"]


class Stages:
    """The stages of a piece of work, shown one below the other.

    Parameters
    ----------
    display : rich.progress.Progress
        Where they are shown.
    """

    def __init__(self, display: Progress) -> None:
        self._display = display
        self._current: TaskID | None = None

    def begin(self, what: str) -> Callable[[int, int], None]:
        """Begin the next stage; the one before it is done.

        Parameters
        ----------
        what : str
            What is being done now.

        Returns
        -------
        callable
            To be called with the steps done and the steps in all, where these are known.
        """
        if self._current is not None:
            self._display.update(self._current, total=1, completed=1)
        task = self._current = self._display.add_task(what, total=None)

        def advance(done: int, total: int) -> None:
            self._display.update(task, total=total, completed=done)

        return advance

    def later(self, what: str) -> Callable[[int, int], None]:
        """Begin a stage when its first step is reported, which may be never.

        Parameters
        ----------
        what : str
            What is being done then.

        Returns
        -------
        callable
            As :meth:`begin` returns.
        """
        advance: Callable[[int, int], None] | None = None

        def begin_and_advance(done: int, total: int) -> None:
            nonlocal advance
            advance = self.begin(what) if advance is None else advance
            advance(done, total)

        return begin_and_advance


@contextmanager
def stages() -> Iterator[Stages]:
    """Show stages on standard error while the work goes on; nothing where that is no terminal.

    Yields
    ------
    Stages
        To be told what is being done.
    """
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as display:
        yield Stages(display)
