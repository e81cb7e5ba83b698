"""A program for a process of its own: import modules and print, as JSON, what state of the process that changed.

usage: python import_probe.py MODULE...

The packages of others that these modules import are imported before the first look: what they change is theirs. They
are found in a first process, because a module that was imported once does not run again.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import locale
import logging
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import warnings

LISTING = "--list"


def state() -> dict[str, str]:
    """Return what of the process a module might change, as text."""
    looks: dict[str, object] = {
        "environment": sorted(os.environ.items()),
        "folder": os.getcwd(),  # noqa: PTH109 - a look at the process, not at a path
        "hooks": (sys.excepthook, sys.displayhook, threading.excepthook),
        "locale": locale.setlocale(locale.LC_ALL),
        "logging": (logging.root.handlers, logging.root.level, logging.root.disabled),
        "signals": [(number, signal.getsignal(number)) for number in sorted(signal.valid_signals())],
        "start method": multiprocessing.get_start_method(allow_none=True),
        "sys.path": sys.path,
        "threads": sorted(thread.name for thread in threading.enumerate()),
        "warnings": warnings.filters,
    }
    if "numpy" in sys.modules:
        import numpy as np

        looks["numpy errors"] = (np.geterr(), np.get_printoptions())
        # The global generator is looked at because modules must leave it alone.
        looks["numpy random"] = np.random.get_state(legacy=False)  # noqa: NPY002 - see above
    if "pandas" in sys.modules:
        import pandas as pd

        looks["pandas options"] = [(name, pd.get_option(name)) for name in ("display.width", "mode.copy_on_write")]
    if "xarray" in sys.modules:
        import xarray

        looks["xarray options"] = dict(xarray.get_options())  # type: ignore[no-untyped-call]  # xarray leaves it untyped
    return {name: repr(look) for name, look in looks.items()}


def main(arguments: list[str]) -> None:
    """List what importing the modules imports, or print which state it changes."""
    names = [argument for argument in arguments if argument != LISTING]
    if LISTING in arguments:
        for name in names:
            importlib.import_module(name)
        sys.stdout.write(json.dumps(list(sys.modules)))
        return
    command = [sys.executable, __file__, LISTING, *names]
    listed = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    ours = {name.partition(".")[0] for name in names}
    for name in listed:
        if name.partition(".")[0] not in ours:
            with contextlib.suppress(Exception):
                importlib.import_module(name)
    before = state()
    for name in names:
        importlib.import_module(name)
    after = state()
    sys.stdout.write(json.dumps([name for name in after if after[name] != before.get(name)]))


if __name__ == "__main__":
    main(sys.argv[1:])
