"""Stores that say in words which run they belong to, so that another run is refused before anything long begins."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import NoReturn

from tenon.ensemble._journal import FORMAT, LONGEST_FIRST_LINE, check_store, fingerprint, no_store, not_written, told
from tenon.schema import SourceError

__all__ = ["prepare_store"]


def prepare_store(path: Path, function: object, about: Mapping[str, str | float]) -> None:
    """Begin the store of a run with a line in words, or make sure that it belongs to the same run.

    The draws of a run may be known only after a long preparation. What can be said of the run before is written here,
    and compared when it is run again; :func:`run` and :func:`run_each` check the draws themselves later. A store that
    holds no finished draw yet belongs to nobody and is begun anew.

    Parameters
    ----------
    path : Path
        The file; made if absent.
    function : callable
        What makes the figures, with everything that it holds.
    about : mapping of str to str or float
        Which run it is, in words for people: names with their values, such as ``{"chain": "plates", "years": 1000}``.
        The version of tenon is added.

    Raises
    ------
    SourceError
        If the file holds draws of another run, or something else; it is left as it is.
    StorageError
        If it is a folder, there is no folder around it, or it cannot be written.
    ParameterError
        If the function cannot be stored.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from tenon.ensemble import run_each
    >>> with TemporaryDirectory() as folder:
    ...     store = Path(folder) / "draws"
    ...     prepare_store(store, abs, {"years": 1000})
    ...     values = run_each(abs, [-1.0, 2.0], store=store)
    ...     prepare_store(store, abs, {"years": 500})  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    tenon.schema.errors.SourceError: the store ...draws belongs to another run (years: 1000 there, 500 now)...
    """
    words: dict[str, object] = {**about, "tenon": version("tenon")}
    title = {"format": FORMAT, "about": words, "function": fingerprint(function, ())}
    line = json.dumps(title).encode() + b"\n"
    check_store(path)
    try:
        path.touch()
        with path.open("rb") as file:
            first, _, draw = (file.readline(LONGEST_FIRST_LINE) for _ in range(3))
    except OSError as error:
        raise not_written(path, error) from error
    if first == line:
        return
    # What a crash left of our own line is written again.
    if not line.startswith(first):
        there = _parsed(path, first)
        if "about" not in there:
            return
        if draw.endswith(b"\n"):
            _refuse(path, there, words)
    try:
        path.write_bytes(line)
    except OSError as error:
        raise not_written(path, error) from error


def _parsed(path: Path, line: bytes) -> dict[str, object]:
    try:
        title = json.loads(line)
    except ValueError as error:
        raise no_store(path) from error
    if not (isinstance(title, dict) and title.get("format") == FORMAT):
        raise no_store(path)
    return title


def _refuse(path: Path, title: Mapping[str, object], words: Mapping[str, object]) -> NoReturn:
    """Say what differs in words where anything does; otherwise it is what stands behind the words."""
    stored = title["about"]
    there: Mapping[str, object] = stored if isinstance(stored, dict) else {}
    differs = [
        f"{name}: {there.get(name, 'nothing')} there, {words.get(name, 'nothing')} now"
        for name in dict.fromkeys((*there, *words))
        if there.get(name) != words.get(name)
    ]
    if differs:
        message = (
            f"the store {path} belongs to another run ({'; '.join(differs)}) and is left as it is. Ask for what is "
            "there to go on with it, or give another file to begin anew."
        )
    else:
        message = (
            f"the store {path} was begun for the same run ({told(words)}), but the figures or the code behind it have "
            "changed since, so what is stored holds no more. It is left as it is; give another file to begin anew."
        )
    raise SourceError(message)
