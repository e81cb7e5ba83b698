"""The store of an ensemble keeps whole draws, and goes on with the same run only."""

from __future__ import annotations

import errno
import importlib
import io
import linecache
import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tenon.ensemble import latin_hypercube_draws, plain_draws, run
from tenon.ensemble._journal import Journal, fingerprint
from tenon.schema import Float, SourceError, StorageError
from tests.unit.ensemble.samples import counted, noise, vector

DRAWS = plain_draws(6, seed=5)


def write(path: Path, *values: Float) -> None:
    with Journal(path, "ab", 4) as journal:
        for number, value in enumerate(values):
            journal.append(number, value)


@pytest.mark.parametrize(
    "value", [np.array(0.1), np.array([np.pi, -0.0, np.inf, np.nan]), np.zeros((0, 3)), np.ones((2, 3)) / 3]
)
def test_what_is_written_is_read_again_bit_by_bit(value: Float, tmp_path: Path) -> None:
    write(tmp_path / "store", np.array(1.0), value)
    with Journal(tmp_path / "store", "ab", 4) as journal:
        assert list(journal.finished) == [0, 1]
        assert journal.finished[1].shape == value.shape
        assert journal.finished[1].tobytes() == value.tobytes()


@pytest.mark.parametrize("lost", [1, 5, 40])
def test_a_line_that_a_crash_cut_is_dropped_and_written_again(lost: int, tmp_path: Path) -> None:
    store = tmp_path / "store"
    whole = run(noise, DRAWS, store=store)
    content = store.read_bytes()
    store.write_bytes(content[:-lost])
    assert run(noise, DRAWS, store=store).values.tobytes() == whole.values.tobytes()
    assert store.read_bytes() == content


def test_a_first_line_that_a_crash_cut_is_written_again(tmp_path: Path) -> None:
    store = tmp_path / "store"
    store.write_bytes(b'{"format": "ten')
    assert len(run(noise, DRAWS, store=store).values) == 6
    assert len(store.read_bytes().splitlines()) == 7


OTHERS = {
    "function": (vector, DRAWS),
    "parameter of the function": (partial(counted, Path("elsewhere")), DRAWS),
    "seed": (noise, plain_draws(6, seed=6)),
    "count": (noise, plain_draws(7, seed=5)),
    "kind of draws": (noise, latin_hypercube_draws(6, seed=5, dimensions=1)),
}


@pytest.mark.parametrize("other", OTHERS)
def test_another_run_is_refused_and_the_store_is_left_as_it_is(other: str, tmp_path: Path) -> None:
    store = tmp_path / "store"
    run(noise, DRAWS, store=store)
    before = store.read_bytes()
    function, draws = OTHERS[other]
    with pytest.raises(SourceError, match=r"has another function, code, parameters or draws .* tenon \(6 draws there"):
        run(function, draws, store=store)  # type: ignore[arg-type]  # all take a draw
    assert store.read_bytes() == before


SIGN = """
from functools import partial
from pathlib import Path
from tenon.ensemble import plain_draws
from tenon.ensemble._journal import fingerprint
from tests.unit.ensemble.samples import counted
print(fingerprint(partial(counted, Path("a")), plain_draws(3, seed=1, dimensions=2)))
"""


def test_the_fingerprint_of_a_run_is_the_same_in_every_process() -> None:
    """Else an ensemble that was stored before a crash could not go on after it."""
    root = Path(__file__).resolve().parents[3]
    found = {fingerprint(partial(counted, Path("a")), plain_draws(3, seed=1, dimensions=2)) + "\n"}
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        command = [sys.executable, "-c", SIGN]
        done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=True)
        found.add(done.stdout)
    assert len(found) == 1


MODULE = """
from functools import partial

def double(draw):
    return {factor} * draw.number

class Double:
    def __call__(self, draw):
        return {factor} * draw.number

def call(function, draw):
    return function(draw)

function = double
held = Double()
partly = partial(call, double)
with_object = partial(call, function=Double())
"""


@pytest.mark.parametrize("name", ["function", "held", "partly", "with_object"])
def test_a_function_whose_code_has_changed_is_another_run(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    found = []
    for factor in ("2", "2", "3.5"):
        (tmp_path / "doubles.py").write_text(MODULE.replace("{factor}", factor), encoding="utf-8")
        monkeypatch.delitem(sys.modules, "doubles", raising=False)
        linecache.clearcache()
        found.append(fingerprint(getattr(importlib.import_module("doubles"), name), DRAWS))
    monkeypatch.delitem(sys.modules, "doubles")
    assert found[0] == found[1] != found[2]


def test_another_version_of_tenon_is_another_run(monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint(noise, DRAWS)
    monkeypatch.setattr("tenon.ensemble._journal.version", lambda _package: "0.0.0")
    assert fingerprint(noise, DRAWS) != before


def test_code_without_a_source_counts_by_name() -> None:
    assert fingerprint(abs, DRAWS) == fingerprint(abs, DRAWS) != fingerprint(len, DRAWS)


def test_a_folder_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"the store must be a file, but .* is a folder; name a file in it"):
        run(noise, DRAWS, store=tmp_path)


@pytest.mark.parametrize(
    "content",
    [b"sites,parts\n", b"mine", b"x" * 5000, b'{"format": "tenon ensemble 0"}\n', b"[1, 2]\n"],
    ids=["text", "a line without an end", "a long line", "format", "list"],
)
def test_a_file_of_something_else_is_refused_and_left_as_it_is(content: bytes, tmp_path: Path) -> None:
    store = tmp_path / "store"
    store.write_bytes(content)
    with pytest.raises(SourceError, match=r"is not the store of an ensemble|is no finished draw of an ensemble"):
        run(noise, DRAWS, store=store)
    assert store.read_bytes() == content


@pytest.mark.parametrize("line", [b"{}", b"nonsense", b'{"draw": 1, "shape": [2], "values": "00"}'])
def test_a_damaged_line_is_named(line: bytes, tmp_path: Path) -> None:
    store = tmp_path / "store"
    run(noise, DRAWS, store=store)
    lines = store.read_bytes().split(b"\n")
    lines[3] = line
    store.write_bytes(b"\n".join(lines))
    with pytest.raises(SourceError, match=r"store, line 4, is no finished draw of an ensemble"):
        run(noise, DRAWS, store=store)


def test_a_store_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for around in ("file", "absent"):
        with pytest.raises(
            StorageError, match=rf"store cannot be made, because there is no folder .*{around}; make it"
        ):
            run(noise, DRAWS, store=tmp_path / around / "store")


class FullDisk(io.FileIO):
    """A file that has no space left after some bytes."""

    def write(self, data: Any) -> int:
        if self.tell() + len(data) > 400:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().write(data) or 0


def test_a_full_disk_keeps_what_was_finished(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = tmp_path / "store"
    whole = Path.open

    def opened(path: Path, *arguments: Any, **options: Any) -> Any:
        return FullDisk(path, "a+") if path == store else whole(path, *arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", opened)
        with pytest.raises(StorageError, match=r"draw 4 could not be written to .*No space left.*before it are kept"):
            run(noise, DRAWS, store=store)
    assert len(store.read_bytes().splitlines()) == 5
    assert run(noise, DRAWS, store=store).values.tobytes() == run(noise, DRAWS).values.tobytes()
