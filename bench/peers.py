"""BoARIO in an environment of its own: installed for measuring, run as a program, never imported by tenon."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bench.workers import ROOT

__all__ = ["PeerError", "boario_python"]

VERSION = "0.7.2"
# Its wheel declares no dependencies; these are what it imports.
_PACKAGES = (f"BoARIO=={VERSION}", "numpy", "pandas", "pymrio", "progressbar2==4.6.0")
_FOLDER = ROOT / "build" / "boario"


class PeerError(Exception):
    """A peer cannot be had here."""


def boario_python(*, install: bool) -> Path:
    """Return the interpreter of an environment with BoARIO.

    Parameters
    ----------
    install : bool
        Whether it is made if it is not there.

    Returns
    -------
    Path
        The interpreter.

    Raises
    ------
    PeerError
        With the reason why there is none.
    """
    python = _FOLDER / "bin" / "python"
    stamp = _FOLDER / "stamp"
    wanted = " ".join(_PACKAGES)
    if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return python
    if not install:
        message = "not installed; make bench installs it"
        raise PeerError(message)
    commands: list[list[str]] = [
        [sys.executable, "-m", "venv", "--clear", str(_FOLDER)],
        [str(python), "-m", "pip", "install", "-qq", "--constraint", str(ROOT / "constraints.txt"), *_PACKAGES],
        [str(python), "-c", "import boario.simulation"],
    ]
    for command in commands:
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - the commands above
        if done.returncode != 0:
            last = (done.stderr.strip() or done.stdout.strip() or "no message").splitlines()[-1]
            message = f"could not be installed ({last})"
            raise PeerError(message)
    stamp.write_text(wanted, encoding="utf-8")
    return python
