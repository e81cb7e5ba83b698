"""A Ctrl-C waits for the end of a block; a second one does not; handlers and threads of others are left alone."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tenon.propagation._interrupts import interrupt_afterwards


@contextmanager
def handled_by(handler: Any) -> Iterator[None]:
    before = signal.signal(signal.SIGINT, handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@pytest.fixture(autouse=True)
def usual_handler() -> Iterator[None]:
    with handled_by(signal.default_int_handler):
        yield


def ask() -> None:
    signal.raise_signal(signal.SIGINT)


def go_through(steps: list[Callable[[], object]], done: list[int]) -> None:
    """Do some steps in a block, and count them."""
    with interrupt_afterwards():
        for number, step in enumerate(steps):
            step()
            done.append(number)


def test_a_block_is_done_before_it_is_interrupted() -> None:
    done: list[int] = []
    with pytest.raises(KeyboardInterrupt):
        go_through([ask, str, str], done)
    assert done == [0, 1, 2]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_second_interrupt_ends_the_block_at_once() -> None:
    done: list[int] = []
    with pytest.raises(KeyboardInterrupt):
        go_through([ask, str, ask, str], done)
    assert done == [0, 1]


def test_nothing_happens_without_an_interrupt() -> None:
    with interrupt_afterwards():
        assert signal.getsignal(signal.SIGINT) is not signal.default_int_handler
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_error_of_the_block_comes_first() -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        go_through([ask, lambda: int("no number")], [])
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_handler_of_the_program_is_left_in_place() -> None:
    seen: list[int] = []
    with handled_by(lambda number, _frame: seen.append(number)), interrupt_afterwards():
        ask()
        assert seen == [signal.SIGINT]


def test_another_thread_is_left_alone() -> None:
    seen: list[object] = []

    def work() -> None:
        with interrupt_afterwards():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [signal.default_int_handler]
