"""Who brings how much on an undisturbed day: the one rule by which the sources of an input share it."""

from __future__ import annotations

import numpy as np

from tenon.schema.arrays import Float
from tenon.schema.chains import SupplyChain

__all__ = ["most_fed_output", "most_output", "shares_in_use"]


def shares_in_use(chain: SupplyChain) -> Float:
    """Part of the buyer's need that each supply brings on an undisturbed day.

    Sources with a share get their share, the others the rest in proportion to what they can deliver (the least of
    contract, lane, stage and site). Where some of these are unlimited, they take the rest in equal parts. Sources that
    must be started up first bring nothing.

    Parameters
    ----------
    chain : SupplyChain
        With ``L`` supplies.

    Returns
    -------
    (L,) array, dimensionless
        Of one input they add up to one, or to zero where no source is in use.

    Examples
    --------
    >>> from tenon.schema import *
    >>> chain = SupplyChain(
    ...     name="two mines", currency="EUR", source="made up",
    ...     sites=Sites(labels=("north", "south", "plant"), country=("",) * 3, latitude=[np.nan] * 3,
    ...                 longitude=[np.nan] * 3, capacity=[np.inf] * 3, recovery_days=[[10, 10, 10]] * 3,
    ...                 recovery_evidence=("assumed",) * 3, events_per_year=[0] * 3),
    ...     parts=Parts(labels=("ore", "steel"), units=("t", "t")),
    ...     stages=Stages(site=[0, 1, 2], part=[0, 0, 1], capacity=[30, 10, 20], stock=[0] * 3, site_use=[1] * 3,
    ...                   added_cost=[5, 9, 100], processing_days=[1] * 3),
    ...     inputs=Inputs(stage=[2], part=[0], units=[2], stock=[0]),
    ...     supplies=Supplies(supplier=[0, 1], buyer=[2, 2], share=[np.nan] * 2, capacity=[np.inf] * 2, lane=[-1] * 2,
    ...                       start_up_days=[0] * 2, verified=[True] * 2),
    ...     lanes=Lanes(labels=(), mode=(), days=[], capacity=[], passages=()),
    ...     demands=Demands(stage=[2], customer=("all",), quantity=[10], margin=[7], deviation=[0], service_days=[0]))
    >>> shares_in_use(chain), most_output(chain)
    (array([0.75, 0.25]), array([30., 10., 20.]))
    """
    supplies, feeds, count = chain.supplies, chain.input_of_supply, len(chain.inputs)
    in_use = supplies.start_up_days == 0
    share = np.where(in_use, np.nan_to_num(supplies.share), 0.0)
    blank = in_use & np.isnan(supplies.share)
    able = np.where(blank, _deliverable(chain), 0.0)
    unlimited = np.isinf(able)
    has_unlimited = np.bincount(feeds, unlimited, count)[feeds] > 0
    able = np.where(has_unlimited, unlimited, able).astype(np.float64)
    total = np.bincount(feeds, able, count)[feeds]
    able = np.where(total > 0, able, blank)
    total = np.bincount(feeds, able, count)[feeds]
    rest = np.maximum(0.0, 1.0 - np.bincount(feeds, share, count)[feeds])
    weight = share + np.divide(able * rest, total, out=np.zeros(len(supplies)), where=total > 0)
    total = np.bincount(feeds, weight, count)[feeds]
    return np.asarray(np.divide(weight, total, out=np.zeros(len(supplies)), where=total > 0), dtype=np.float64)


def most_output(chain: SupplyChain) -> Float:
    """Most that each stage can make, alone at its site.

    Parameters
    ----------
    chain : SupplyChain
        ``N`` stages.

    Returns
    -------
    (N,) array, units per day
        The less of its own capacity and of what the site's capacity allows; infinite where neither limits it. The
        example of :func:`shares_in_use` shows it.
    """
    stages = chain.stages
    with np.errstate(divide="ignore"):
        alone = np.where(stages.site_use > 0, chain.sites.capacity[stages.site] / stages.site_use, np.inf)
    least: Float = np.minimum(stages.capacity, alone)
    return least


def most_fed_output(chain: SupplyChain) -> Float:
    """Most that each stage can make of what can reach it, if nobody else takes any of it.

    Inputs come from all their sources together, also from those that must be started up first, each limited by its
    contract, its lane and what it can make of its own inputs. What several stages share counts for each of them in
    full, so that the chain can never make more, but may make less.

    Parameters
    ----------
    chain : SupplyChain
        ``N`` stages.

    Returns
    -------
    (N,) array
        Units per day; infinite where nothing limits it.

    Examples
    --------
    >>> from tenon.data import example_chain
    >>> chain = example_chain()
    >>> stage = chain.stage_labels.index("slab 304 @ Ghent melt shop")
    >>> bool(most_fed_output(chain)[stage] <= most_output(chain)[stage])
    True
    """
    supplies, feeds = chain.supplies, chain.input_of_supply
    most, passes = most_output(chain), _passable(chain)
    depth = chain.depth
    for level in range(int(depth.max(initial=0)) - 1, -1, -1):
        # Suppliers lie deeper, so that what they can make is settled.
        arrives = np.bincount(feeds, np.minimum(passes, most[supplies.supplier]), len(chain.inputs))
        here = depth[chain.inputs.stage] == level
        fed = np.full(most.size, np.inf)
        np.minimum.at(fed, chain.inputs.stage[here], arrives[here] / chain.inputs.units[here])
        most = np.minimum(most, fed)
    return most


def _passable(chain: SupplyChain) -> Float:
    """Most that contract and lane let pass of each supply, (L,) units per day."""
    lane = np.append(chain.lanes.capacity, np.inf)[chain.supplies.lane]
    least: Float = np.minimum(chain.supplies.capacity, lane)
    return least


def _deliverable(chain: SupplyChain) -> Float:
    """Most that each supply can bring, (L,) units per day."""
    least: Float = np.minimum(_passable(chain), most_output(chain)[chain.supplies.supplier])
    return least
