"""The store of a run says in words which run it belongs to, and another one is refused before anything is run."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from tenon.ensemble import plain_draws, prepare_store, run
from tenon.schema import SourceError, StorageError
from tests.unit.ensemble.samples import counted, noise, vector

DRAWS = plain_draws(3, seed=5)
ABOUT: dict[str, str | float] = {"chain": "plates", "years": 200}


def begun(folder: Path) -> Path:
    """Return a store that holds every draw."""
    store = folder / "store"
    prepare_store(store, noise, ABOUT)
    run(noise, DRAWS, store=store)
    return store


def test_the_same_run_goes_on_and_its_store_keeps_every_byte(tmp_path: Path) -> None:
    store = begun(tmp_path)
    content = store.read_bytes()
    prepare_store(store, noise, ABOUT)
    assert run(noise, DRAWS, store=store).values.tobytes() == run(noise, DRAWS).values.tobytes()
    assert store.read_bytes() == content


@pytest.mark.parametrize("lost", [1, 5, 200, 400, 600])
def test_what_a_crash_cut_is_written_again(lost: int, tmp_path: Path) -> None:
    store = begun(tmp_path)
    content = store.read_bytes()
    store.write_bytes(content[:-lost])
    prepare_store(store, noise, ABOUT)
    run(noise, DRAWS, store=store)
    assert store.read_bytes() == content


@pytest.mark.parametrize(
    ("function", "about", "message"),
    [
        (noise, ABOUT | {"years": 300}, r"belongs to another run \(years: 200 there, 300 now\) and is left as it is"),
        (vector, ABOUT | {"chain": "bolts"}, r"\(chain: plates there, bolts now\).*give another file to begin anew"),
        (noise, ABOUT | {"seed": 1}, r"\(seed: nothing there, 1 now\)"),
        (
            vector,
            ABOUT,
            r"same run \(chain plates, years 200, tenon [^)]*\), but the figures or the code behind it",
        ),
    ],
)
def test_another_run_is_refused_in_words(
    function: object, about: dict[str, str | float], message: str, tmp_path: Path
) -> None:
    store = begun(tmp_path)
    content = store.read_bytes()
    with pytest.raises(SourceError, match=message):
        prepare_store(store, function, about)
    assert store.read_bytes() == content


def test_another_version_of_tenon_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = begun(tmp_path)
    monkeypatch.setattr("tenon.ensemble.stores.version", lambda _package: "0.0.0")
    with pytest.raises(SourceError, match=r"tenon: .* there, 0\.0\.0 now"):
        prepare_store(store, noise, ABOUT)


def test_a_store_without_a_finished_draw_belongs_to_nobody(tmp_path: Path) -> None:
    store = tmp_path / "store"
    prepare_store(store, partial(counted, tmp_path), {"years": 1})
    prepare_store(store, noise, ABOUT)
    assert json.loads(store.read_bytes())["about"]["years"] == 200


def test_a_store_without_words_is_left_to_the_run(tmp_path: Path) -> None:
    store = tmp_path / "store"
    run(noise, DRAWS, store=store)
    content = store.read_bytes()
    prepare_store(store, vector, ABOUT)
    assert store.read_bytes() == content


def test_other_draws_are_refused_with_the_words_of_the_store(tmp_path: Path) -> None:
    store = begun(tmp_path)
    with pytest.raises(SourceError, match=r"store \(chain plates, years 200, tenon .*\) has another function, code"):
        run(noise, plain_draws(4, seed=5), store=store)


def test_a_damaged_line_is_still_counted_from_the_top(tmp_path: Path) -> None:
    store = begun(tmp_path)
    lines = store.read_bytes().split(b"\n")
    lines[3] = b"nonsense"
    store.write_bytes(b"\n".join(lines))
    with pytest.raises(SourceError, match=r"store, line 4, is no finished draw of an ensemble"):
        run(noise, DRAWS, store=store)


@pytest.mark.parametrize("content", [b"sites,parts\n", b"[1, 2]\n", b'{"format": "tenon ensemble 0"}\n', b"x" * 50_000])
def test_a_file_of_something_else_is_left_as_it_is(content: bytes, tmp_path: Path) -> None:
    store = tmp_path / "store"
    store.write_bytes(content)
    with pytest.raises(SourceError, match="is not the store of an ensemble and is left as it is"):
        prepare_store(store, noise, ABOUT)
    assert store.read_bytes() == content


def test_a_store_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for around in ("file", "absent"):
        with pytest.raises(
            StorageError, match=rf"store cannot be made, because there is no folder .*{around}; make it"
        ):
            prepare_store(tmp_path / around / "store", noise, ABOUT)
    with pytest.raises(StorageError, match=r"the store must be a file, but .* is a folder"):
        prepare_store(tmp_path, noise, ABOUT)
