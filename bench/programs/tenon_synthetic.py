"""A synthetic economy from the bundled table. ``firms``, ``links``: its size."""

from __future__ import annotations

import time

from bench.programs.channel import Channel
from tenon.data import load, synthetic_firms


def main() -> None:
    """Make the economy and tell how long that took."""
    channel = Channel()
    table = load("world-2022")
    began = time.perf_counter()
    synthetic_firms(table, firms=channel.config["firms"], links=channel.config["links"], seed=1)
    channel.finish(wall=time.perf_counter() - began)


if __name__ == "__main__":
    main()
