"""Ctrl-C between days rather than in the middle of one, so that the state of a run stays that of a whole day."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["interrupt_afterwards"]


@contextmanager
def interrupt_afterwards() -> Iterator[None]:
    """Let a Ctrl-C wait until a block is done; a second one ends the block at once.

    Python hands signals to the main thread only, and a program may have a handler of its own: elsewhere, and there,
    this does nothing.

    Raises
    ------
    KeyboardInterrupt
        At the end of the block, if it was asked for meanwhile and the block did not fail.
    """
    in_main_thread = threading.current_thread() is threading.main_thread()
    if not in_main_thread or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    asked = False

    def wait(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True

    signal.signal(signal.SIGINT, wait)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if asked:
        raise KeyboardInterrupt
