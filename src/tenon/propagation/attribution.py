r"""Who is hit through whom: from each loss back along limiting inputs and missing orders to where it began.

Each day the record ``limiting`` says what held an agent's production down: its own capacity, a scarce input product,
or demand. Added up over the run, the lost production of agent ``j`` splits into a part that began with itself
(capacity), parts that came from the suppliers of scarce products, in proportion to undisturbed flow times the
supplier's own share of lost output, and a part that came from buyers and final users who ordered less, in the same
proportion. Following these parts is an absorbing Markov chain with transition matrix ``W`` (among agents) and ``R``
(into origins); the share of each loss that began at each origin is

.. math:: B = \sum_{k \ge 0} W^k R

(Kemeny and Snell 1976, Finite Markov Chains, theorem 3.3.7: probabilities of absorption).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tenon.propagation._agents import CAPACITY, DEMAND
from tenon.propagation._disturbances import Disturbance, disturb
from tenon.propagation._layout import lay_out
from tenon.propagation.parameters import Parameters
from tenon.schema import Float, Integer, ParameterError, Result, Scenario, SparseLinks, SupplyNetwork

if TYPE_CHECKING:
    import xarray
    from scipy import sparse

__all__ = ["CLOSED_LINKS", "FINAL_DEMAND", "LATE_LINKS", "UNEXPLAINED", "attribute_losses"]

CLOSED_LINKS = "closed links"
LATE_LINKS = "late links"
FINAL_DEMAND = "final demand"
UNEXPLAINED = "unexplained"

_ROUNDS = 200
_SETTLED = 1e-6
_ROUNDING = 1e-9
_PATH_STEPS = 6
# Columns of origins after the regions.
_BEGINNINGS = {0: CLOSED_LINKS, 1: LATE_LINKS, 2: FINAL_DEMAND}
_NEEDED = ("production", "limiting")


@dataclass(frozen=True, eq=False)
class _Losses:
    """Lost production of one scenario, in the order of the network.

    ``total`` (N,): all of it; ``capacity`` and ``demand`` (N,): by reason; ``inputs`` (S, N): by scarce product;
    ``share`` (N,): lost share of undisturbed output.
    """

    total: Float
    capacity: Float
    demand: Float
    inputs: Float
    share: Float


@dataclass(frozen=True, eq=False)
class _Links:
    """Links with the shares of the run for which each was closed and delayed; ends by agent."""

    supplier: Integer
    buyer: Integer
    flow: Float
    closed: Float
    late: Float


@dataclass(frozen=True, eq=False)
class _Steps:
    """Where losses came from: ``backward`` (suppliers) and ``forward`` (buyers), (N, N); ``origin``, (N, R + 4)."""

    backward: sparse.csr_array
    forward: sparse.csr_array
    origin: Float

    @property
    def among_agents(self) -> sparse.csr_array:
        both: sparse.csr_array = (self.backward + self.forward).tocsr()
        return both


def attribute_losses(
    network: SupplyNetwork,
    scenarios: Scenario | Sequence[Scenario],
    parameters: Parameters | None,
    result: Result,
    *,
    paths: int = 12,
) -> xarray.Dataset:
    """Trace the losses of a run back to where they began.

    Parameters
    ----------
    network : SupplyNetwork
        The network of the run, ``N`` agents in ``R`` regions.
    scenarios : Scenario or sequence of Scenario
        The scenarios of the run.
    parameters : Parameters or None
        The parameters of the run.
    result : Result
        With the records ``production`` and ``limiting``.
    paths : int
        Number of paths to describe for each scenario.

    Returns
    -------
    xarray.Dataset
        ``loss_by_origin`` (scenario, region, origin), value added lost by region of the loser and origin of the loss,
        where origins are regions (capacity lost there), ``"closed links"``, ``"late links"``, ``"final demand"`` and
        ``"unexplained"`` (circles of blame, destroyed stocks); ``path_loss`` (scenario, path), value added lost by the
        first agent of each path; ``path_agent`` and ``path_reason`` (scenario, path, step), from the hit agent back,
        empty after the end. A reason is ``"input: PRODUCT"``, ``"demand"`` or, where a path ends, an origin
        (``"capacity"`` for a region).

    Raises
    ------
    ParameterError
        If the result lacks one of the two records.
    """
    import xarray

    _check_records(result)
    chosen = (scenarios,) if isinstance(scenarios, Scenario) else tuple(scenarios)
    origins = (*network.regions, *_BEGINNINGS.values(), UNEXPLAINED)
    by_origin = np.zeros((len(chosen), len(network.regions), len(origins)))
    loss = np.zeros((len(chosen), paths))
    agents = np.full((len(chosen), paths, _PATH_STEPS), "", dtype=object)
    reasons = agents.copy()
    named = network.to_sparse()
    layout = lay_out(named, Parameters() if parameters is None else parameters)
    lost_value = result.values["value_added_lost"].to_numpy().reshape(len(chosen), -1)
    # What rounding leaves of undisturbed agents is no loss.
    lost_value = np.where(
        lost_value > _ROUNDING * network.value_added.clip(0.0) * result.values.sizes["day"], lost_value, 0.0
    )
    for number, scenario in enumerate(chosen):
        disturbance = disturb(layout, scenario)
        losses = _losses(network, result, number)
        links = _links(named, disturbance, layout.position, result.values.sizes["day"])
        steps = _trace(network, losses, links, _demand_lost(network, disturbance, layout.position, result))
        shares = _absorb(steps)
        np.add.at(by_origin[number], network.region, shares * lost_value[number][:, None])
        worst = np.argsort(-lost_value[number], kind="stable")[:paths]
        for path, agent in enumerate(worst[lost_value[number, worst] > 0]):
            loss[number, path] = lost_value[number, agent]
            for place, (name, reason) in enumerate(_walk(network, steps, int(agent))):
                agents[number, path, place], reasons[number, path, place] = name, reason
    units = {"units": result.values["value_added_lost"].attrs.get("units", "")}
    labels = {
        "scenario": [scenario.name for scenario in chosen],
        "region": list(network.regions),
        "origin": list(origins),
    }
    steps_of = ("scenario", "path", "step")
    return xarray.Dataset(
        {
            "loss_by_origin": (("scenario", "region", "origin"), by_origin, units),
            "path_loss": (("scenario", "path"), loss, units),
            "path_agent": (steps_of, agents.astype(str)),
            "path_reason": (steps_of, reasons.astype(str)),
        },
        coords=labels,
    )


def _check_records(result: Result) -> None:
    for name in _NEEDED:
        if name not in result.values:
            message = (
                f"attribution needs the records {' and '.join(_NEEDED)}; {name!r} was not kept. Add it to records."
            )
            raise ParameterError(message)


def _losses(network: SupplyNetwork, result: Result, number: int) -> _Losses:
    production = result.values["production"].to_numpy()[number].reshape(-1, len(network))
    limiting = result.values["limiting"].to_numpy()[number].reshape(-1, len(network))
    gone = np.maximum(network.output - production, 0.0) * (limiting != -1)
    inputs = np.zeros((len(network.products), len(network)))
    day, agent = np.nonzero(limiting >= 0)
    np.add.at(inputs, (limiting[day, agent], agent), gone[day, agent])
    total = gone.sum(axis=0)
    possible = network.output * len(production)
    return _Losses(
        total=total,
        capacity=(gone * (limiting == CAPACITY)).sum(axis=0),
        demand=(gone * (limiting == DEMAND)).sum(axis=0),
        inputs=inputs,
        share=np.where(possible > 0, total / np.where(possible > 0, possible, 1.0), 0.0),
    )


def _links(network: SupplyNetwork, disturbance: Disturbance, position: Integer, days: int) -> _Links:
    assert isinstance(network.links, SparseLinks)  # noqa: S101 - for the type checker; the caller made it so
    supplier, buyer = network.links.supplier, network.links.buyer
    at = disturbance.links.supplier_class[position[supplier]], disturbance.links.buyer_class[position[buyer]]
    closed, late = disturbance.links.mean_closed(days)[at], disturbance.links.mean_late(days)[at]
    return _Links(supplier, buyer, network.links.flow, closed, late)


def _demand_lost(network: SupplyNetwork, disturbance: Disturbance, position: Integer, result: Result) -> Float:
    """Final demand lost to each agent, on average over the run, (N, 2): to closed borders, and for want of demand."""
    demand, days, links = network.final_demand, result.values.sizes["day"], disturbance.links
    lost = np.zeros((len(network), 2))
    if links.closures:
        at = links.supplier_class[position][:, None], links.demander_class[None, :]
        lost[:, 0] = (demand * links.mean_closed(days)[at]).sum(axis=1)
    for change in disturbance.demand:
        mean_share = sum(change.timing.remaining(day) for day in range(days)) / max(days, 1)
        lost[:, 1] += (demand * change.cells[position]).sum(axis=1) * max(change.loss, 0.0) * mean_share
    return lost


def _trace(network: SupplyNetwork, losses: _Losses, links: _Links, demand_lost: Float) -> _Steps:
    """Say of each agent's loss which parts came from which suppliers, buyers and origins."""
    from scipy import sparse

    size, regions = len(network), len(network.regions)
    total = np.where(losses.total > 0, losses.total, 1.0)
    origin = np.zeros((size, regions + len(_BEGINNINGS) + 1))
    origin[np.arange(size), network.region] = losses.capacity / total
    # From scarce inputs back to their suppliers, or to the links that were closed or late.
    slot = network.product[links.supplier] * size + links.buyer
    blamed = links.flow * losses.share[links.supplier] * (1.0 - links.closed)
    shut, late = links.flow * links.closed, links.flow * links.late * (1.0 - links.closed)
    whole = np.bincount(slot, blamed + shut + late, minlength=losses.inputs.size)
    part = np.divide(losses.inputs.ravel(), whole, out=np.zeros(whole.size), where=whole > 0)[slot]
    part /= total[links.buyer]
    origin[:, regions] = np.bincount(links.buyer, part * shut, minlength=size)
    origin[:, regions + 1] = np.bincount(links.buyer, part * late, minlength=size)
    backward = sparse.csr_array((part * blamed, (links.buyer, links.supplier)), shape=(size, size))
    # From missing demand to the buyers who lost output themselves, to closed and late links and to final users.
    fewer = links.flow * losses.share[links.buyer] * (1.0 - links.closed)
    whole = np.bincount(links.supplier, fewer + shut + late, minlength=size) + demand_lost.sum(axis=1)
    part = np.divide(losses.demand, whole * total, out=np.zeros(size), where=whole > 0)
    origin[:, regions] += part * (np.bincount(links.supplier, shut, minlength=size) + demand_lost[:, 0])
    origin[:, regions + 1] += part * np.bincount(links.supplier, late, minlength=size)
    origin[:, regions + 2] = part * demand_lost[:, 1]
    forward = sparse.csr_array((part[links.supplier] * fewer, (links.supplier, links.buyer)), shape=(size, size))
    return _Steps(backward, forward, origin)


def _absorb(steps: _Steps) -> Float:
    """Share of each agent's loss by origin, (N, R + 4); what circles without end is unexplained."""
    step, shares = steps.among_agents, steps.origin.copy()
    for _ in range(_ROUNDS):
        following = steps.origin + step @ shares
        settled = np.abs(following - shares).max(initial=0.0) < _SETTLED
        shares = following
        if settled:
            break
    shares[:, -1] = np.maximum(0.0, 1.0 - shares[:, :-1].sum(axis=1))
    return shares


def _walk(network: SupplyNetwork, steps: _Steps, agent: int) -> list[tuple[str, str]]:
    """Follow the largest part of a loss from agent to agent until it began, or comes back to where it was."""
    step, origin = steps.among_agents, steps.origin
    path: list[tuple[str, str]] = []
    seen: set[int] = set()
    while agent not in seen and len(path) < _PATH_STEPS:
        seen.add(agent)
        row = step[[agent]].tocoo()
        others, parts = row.coords[1], row.data
        began = int(origin[agent].argmax())
        if not parts.size or origin[agent, began] >= parts.max():
            path.append((network.agents[agent], _BEGINNINGS.get(began - len(network.regions), "capacity")))
            break
        following = int(others[parts.argmax()])
        path.append((network.agents[agent], _reason(network, steps, agent, following)))
        agent = following
    return path


def _reason(network: SupplyNetwork, steps: _Steps, agent: int, following: int) -> str:
    """Why a loss is blamed on another agent: it supplied too little, or it ordered too little."""
    if steps.backward[agent, following] >= steps.forward[agent, following]:
        return f"input: {network.products[network.product[following]]}"
    return "demand"
