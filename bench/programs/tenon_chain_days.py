"""Outages of a company's chain from day to day. ``outages``: how many sites of its last tier fail, each by itself."""

from __future__ import annotations

import time
from pathlib import Path

from bench.programs.channel import Channel
from bench.programs.tenon_chain import read_chain
from tenon.schema import Outage
from tenon.studies import follow_outages

_DAYS_OUT = 20.0


def main() -> None:
    """Make the chain, follow one outage for a few days so that everything is compiled, and measure the others."""
    channel = Channel()
    config = channel.config
    chain = read_chain(Path(config["folder"]))
    sites = chain.sites.labels[-config["outages"] :]
    outages = [Outage(name=site, sites=(site,), days=_DAYS_OUT) for site in sites]
    follow_outages(chain, outages[:1], horizon_days=int(_DAYS_OUT) + 1)
    began = time.perf_counter()
    follow_outages(chain, outages, horizon_days=config["horizon_days"])
    channel.finish(seconds=time.perf_counter() - began)


if __name__ == "__main__":
    main()
