"""A study of the bundled table, stage by stage.

``scenario``: name in the library; ``horizon_days``: its own if left out.
"""

from __future__ import annotations

import time
from dataclasses import replace

from bench.programs.channel import Channel
from tenon.data import load, open_scenario
from tenon.propagation import attribute_losses, propagate
from tenon.studies import DEFAULT_TABLE, configure, network_of


def main() -> None:
    """Live through the scenario and tell how long each stage took."""
    channel = Channel()
    seconds: dict[str, float] = {}
    since = time.perf_counter()

    def done(stage: str) -> None:
        nonlocal since
        now = time.perf_counter()
        seconds[stage], since = now - since, now

    table = load(DEFAULT_TABLE)
    done("table")
    opened = open_scenario(channel.config["scenario"])
    horizon = channel.config.get("horizon_days", opened.scenario.horizon_days)
    configuration = configure(DEFAULT_TABLE, [opened])
    scenarios = (replace(opened.scenario, horizon_days=horizon),)
    network = network_of(table, configuration)
    done("network")
    result = propagate(network, scenarios, configuration.parameters)
    done("days")
    attribute_losses(network, scenarios, configuration.parameters, result)
    done("attribution")
    channel.finish(seconds=seconds, days=horizon, agents=len(network))


if __name__ == "__main__":
    main()
