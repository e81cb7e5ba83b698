"""The economic systemic risk index in plain NumPy, over full matrices and in the words of the paper."""

from __future__ import annotations

import numpy as np

from tenon.schema import Float, SparseLinks, SupplyNetwork
from tenon.vulnerability import Converged, SystemicRules
from tenon.vulnerability.systemic_rules import essentiality_matrix

GONE = 1e-10


def flows(network: SupplyNetwork) -> Float:
    """Return sales from firm (row) to firm (column)."""
    links = network.to_sparse().links
    assert isinstance(links, SparseLinks)
    matrix = np.zeros((len(network), len(network)))
    matrix[links.supplier, links.buyer] = links.flow
    return matrix


def index(network: SupplyNetwork, psi: Float, rules: SystemicRules) -> tuple[float, float, float, int]:
    """Return the index, its downstream and upstream part, and the rounds, when ``psi`` of each firm's output is lost.

    The converged index is found by full rounds until nothing changes; its rounds are not those of the kernels.
    """
    Z = flows(network)
    sector = network.product
    need = essentiality_matrix(network, rules)
    out = Z.sum(axis=1)
    revenue = out + network.final_demand.sum(axis=1) if rules.count_final_demand else out
    down, up = _shares(network, Z, need, revenue, rules)
    members = np.eye(len(network.products))[sector].T
    market = members @ out
    below, above = 1.0 - psi, 1.0 - psi
    rounds = 0
    while rounds < rules.most_rounds:
        left = members @ (below * out)
        gone = left <= GONE * market
        sigma = np.ones(len(network))
        if rules.replaceable:
            rest = np.where(gone, 1.0, left)[sector]
            sigma = np.where(gone[sector], 1.0, np.minimum(1.0, out / rest))
        missing = members @ (down * (sigma * (1.0 - below))[:, None])
        essential = np.where(need[:, sector] == 2, missing, 0.0).max(axis=0)
        others = np.where(need[:, sector] == 1, missing, 0.0).sum(axis=0)
        next_below = np.clip(1.0 - np.maximum(psi, np.maximum(essential, others)), 0.0, 1.0)
        next_above = np.clip(1.0 - np.maximum(psi, up @ (1.0 - above)), 0.0, 1.0)
        decrease = max((below - next_below).max(), (above - next_above).max())
        below, above = next_below, next_above
        rounds += 1
        if decrease <= (0.0 if isinstance(rules.stopping, Converged) else rules.stopping.eps):
            break
    weight = revenue / revenue.sum()
    return (
        float(weight @ (1.0 - np.minimum(below, above))),
        float(weight @ (1.0 - below)),
        float(weight @ (1.0 - above)),
        rounds,
    )


def _shares(
    network: SupplyNetwork, Z: Float, need: np.ndarray, revenue: Float, rules: SystemicRules
) -> tuple[Float, Float]:
    """Return which share of a buyer's output hangs on each supplier, and of a supplier's sales on each buyer."""
    sector = network.product
    of_product = np.zeros((len(network.products), len(network)))
    np.add.at(of_product, sector, Z)
    inputs = Z.sum(axis=0)
    kind = need[np.ix_(sector, sector)]
    total = np.select([kind == 2, kind == 1], [of_product[sector], np.broadcast_to(inputs, Z.shape)], 1.0)
    down = np.where((kind > 0) & (Z > 0), Z / np.where(total > 0, total, 1.0), 0.0)
    if rules.count_value_added:
        costs = inputs + np.maximum(network.value_added, 0.0)
        down = down * (inputs / np.where(costs > 0, costs, 1.0))
    return down, Z / np.where(revenue > 0, revenue, 1.0)[:, None]
