"""From an outage of a company's chain to a scenario of its supply network, from the day on which it happens."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from tenon.data.chain_networks import ChainNetwork
from tenon.schema import (
    CapacityShock,
    Float,
    Integer,
    InventoryShock,
    LinkShock,
    Outage,
    Scenario,
    Shock,
    SupplyChain,
    Target,
    Timing,
)
from tenon.schema.hits import Hit, read_hits

__all__ = ["outage_days", "scenario_from_outage"]

_LIKELY = 1
_Span = tuple[int, int, float]  # first day, end, share that cannot pass


def outage_days(chain: SupplyChain, outage: Outage) -> int:
    """Whole days that an outage lasts, for its likely time to recover.

    Parameters
    ----------
    chain : SupplyChain
        The chain.
    outage : Outage
        What fails.

    Returns
    -------
    int
        Days, rounded, halves up; at least 1.

    Raises
    ------
    LabelError, ShockError
        If the outage names something that the chain lacks, or takes a part of what has no limit.

    Examples
    --------
    >>> from tenon.data import example_chain
    >>> outage_days(example_chain(), Outage(name="fire", sites=("Ghent melt shop",)))
    75
    """
    return _whole_days(read_hits(chain, [outage])[0])


def scenario_from_outage(converted: ChainNetwork, outage: Outage, *, horizon_days: int) -> Scenario:
    """Say what an outage takes from the supply network of its chain.

    Makers lose capacity; their stores sell on, unless stock is lost too: then stocks of inputs and stores are destroyed
    on day 0, and stores sell no more than what is left of the site. Lanes are closed for the supplies that use them.
    Sources that must be started up are closed until they are ready, counted from day 0, and where their lane fails.

    Parameters
    ----------
    converted : ChainNetwork
        The network of the chain.
    outage : Outage
        What fails, from day 0.
    horizon_days : int, days
        Length of the run.

    Returns
    -------
    Scenario
        Losses end suddenly.

    Raises
    ------
    ScenarioError
        If the horizon is below 1.
    LabelError, ShockError
        If the outage names something that the chain lacks, or takes a part of what has no limit.

    Examples
    --------
    >>> from tenon.data import example_chain, network_from_chain
    >>> from tenon.vulnerability import normal_flows
    >>> chain = example_chain()
    >>> flows = normal_flows(chain)
    >>> converted = network_from_chain(chain, flows.flow, flows.unit_cost)
    >>> fire = Outage(name="fire", sites=("Ghent melt shop",))
    >>> scenario_from_outage(converted, fire, horizon_days=365).shocks[0].target.agents
    ('slab 304 @ Ghent melt shop', 'slab 316 @ Ghent melt shop')
    """
    (hit,) = read_hits(converted.chain, [outage])
    shocks: list[Shock] = []
    lost, days = 1.0 - hit.kept, _whole_days(hit)
    stores = np.setdiff1d(converted.seller[hit.stages], hit.stages)
    if hit.stages.size and lost > 0:
        stock_lost = 1.0 - hit.stock_kept
        stands = [*hit.stages, *(stores if stock_lost > 0 else [])]
        target = _agents(converted, np.array(stands))
        shocks.append(CapacityShock(target=target, loss=lost, timing=Timing(duration_days=days)))
        if stock_lost > 0:
            shocks.append(InventoryShock(target=target, loss=stock_lost))
    shocks += _closures(converted, hit, (0, days, lost))
    return Scenario(name=hit.name, horizon_days=horizon_days, shocks=tuple(shocks))


def _whole_days(hit: Hit) -> int:
    return max(1, int(np.floor(hit.days[_LIKELY] + 0.5)))


def _closures(converted: ChainNetwork, hit: Hit, outage: _Span) -> list[LinkShock]:
    """Close links, those of one supplier with the same days and share together, so that no two shocks meet."""
    supplies = converted.chain.supplies
    fails = np.isin(supplies.lane, hit.lanes) & (outage[2] > 0)
    alike: dict[tuple[_Span, int], list[int]] = {}
    for supply in np.flatnonzero((converted.link >= 0) & (fails | (supplies.start_up_days > 0))).tolist():
        ready = int(np.ceil(supplies.start_up_days[supply]))
        for span in _spans(ready, outage if fails[supply] else (0, 0, 0.0)):
            alike.setdefault((span, int(supplies.supplier[supply])), []).append(int(supplies.buyer[supply]))
    return [
        LinkShock(
            suppliers=_agents(converted, converted.seller[[supplier]]),
            buyers=_agents(converted, np.array(buyers)),
            loss=share,
            domestic=True,
            timing=Timing(start_day=first, duration_days=end - first),
        )
        for ((first, end, share), supplier), buyers in alike.items()
    ]


def _spans(ready: int, outage: _Span) -> list[_Span]:
    """Cut the days before a source is ready, when nothing passes, and those of an outage into spans of one share."""
    ends = sorted({0, ready, outage[1]})
    spans = [(low, high, 1.0 if low < ready else outage[2] if low < outage[1] else 0.0) for low, high in pairwise(ends)]
    return [span for span in spans if span[2] > 0]


def _agents(converted: ChainNetwork, positions: Integer | Float) -> Target:
    return Target(agents=tuple(converted.network.agents[int(position)] for position in positions))
