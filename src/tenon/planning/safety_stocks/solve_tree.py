"""Service times of least cost where supplies form a tree, by dynamic programming."""

from __future__ import annotations

import numpy as np

from tenon.planning.safety_stocks._network import network_of, ranges_of, settle
from tenon.planning.safety_stocks._tree import is_forest, solve_walk, spanning_walk
from tenon.planning.safety_stocks.problem import SafetyStockProblem
from tenon.schema import ChainError, Integer

__all__ = ["solve_tree"]


def solve_tree(problem: SafetyStockProblem) -> Integer:
    """Find the service times of least cost of a tree, exactly.

    The dynamic program of Graves and Willems (2000), section 4, with costs by every whole day: of order ``N M**2`` for
    ``N`` stages and ``M`` days on the longest way through the chain.

    Parameters
    ----------
    problem : SafetyStockProblem
        Whose supplies form a tree, or several: no two ways lead from one stage to another, whichever way goods run.

    Returns
    -------
    (N,) array of int, days
        Service times ``S`` of the stages.

    Raises
    ------
    ChainError
        If supplies do not form a tree.

    References
    ----------
    Graves, S. C., Willems, S. P., 2000. Optimizing strategic safety stock placement in supply chains. Manufacturing &
    Service Operations Management 2(1), 68-83; erratum 5(2), 176-177, 2003.

    Examples
    --------
    >>> solve_tree(SafetyStockProblem(
    ...     name="two stages", stages=("parts", "goods"), supplier=[0], buyer=[1], units=[1.0], stage_days=[4, 1],
    ...     added_cost=[5.0, 1.0], deviation=[0.0, 3.0], service_days=[np.inf, 0], currency="EUR"))
    array([4, 0])
    """
    network = network_of(problem)
    if not is_forest(network):
        message = (
            f"solve_tree needs supplies that form a tree, but {len(problem)} stages with {problem.supplier.size} "
            "supplies have two ways between some stages; use place_safety_stocks, which solves any chain."
        )
        raise ChainError(message)
    walk = spanning_walk(network, np.ones(network.tail.size))
    chosen = solve_walk(network, ranges_of(problem, network), walk)
    settle(network, chosen)
    service = np.empty(len(problem), dtype=np.int64)
    service[problem.order] = chosen
    return service
