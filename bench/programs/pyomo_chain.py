"""The same stress test with a modelling layer: each outage is a new Pyomo model, solved by HiGHS. ``sample``: stages.

Written from the programs of Simchi-Levi et al. (2015), Interfaces 45:375; shares no code with tenon.
"""

from __future__ import annotations

import time
from collections import defaultdict
from pathlib import Path

import numpy as np
import pyomo.environ as pyo

from bench.programs.channel import Channel

Arrays = dict[str, np.ndarray]


def build(arrays: Arrays, out: int, *, days: float | None, cap_days: float = 0.0) -> pyo.ConcreteModel:
    """Return the program of an outage of ``days``, or, without days, that of the longest one without a loss."""
    stages, supplies, products = arrays["part"].size, arrays["feeds"].size, arrays["demand"].size
    supplier, feeds = arrays["supplier"].tolist(), arrays["feeds"].tolist()
    sold, bought = defaultdict(list), defaultdict(list)
    for supply in range(supplies):
        sold[supplier[supply]].append(supply)
        bought[feeds[supply]].append(supply)
    model = pyo.ConcreteModel()
    model.u = pyo.Var(range(stages), domain=pyo.NonNegativeReals)
    model.y = pyo.Var(range(supplies), domain=pyo.NonNegativeReals)
    model.l = pyo.Var(range(products), domain=pyo.NonNegativeReals)
    model.t = pyo.Var(bounds=(0, cap_days) if days is None else (days, days))
    model.bill = pyo.Constraint(
        range(arrays["units"].size),
        rule=lambda m, k: (
            arrays["units"][k] * m.u[int(arrays["input_stage"][k])] <= pyo.quicksum(m.y[s] for s in bought[k])
        ),
    )
    model.balance = pyo.Constraint(
        range(products, stages), rule=lambda m, i: pyo.quicksum(m.y[s] for s in sold[i]) - m.u[i] <= arrays["stock"][i]
    )
    model.demand = pyo.Constraint(
        range(products), rule=lambda m, j: m.l[j] + m.u[j] + arrays["stock"][j] >= arrays["demand"][j] * m.t
    )
    model.capacity = pyo.Constraint(range(stages), rule=lambda m, j: m.u[j] <= arrays["capacity"][j] * m.t)
    model.u[out].fix(0)
    if days is None:
        for product in range(products):
            model.l[product].fix(0)
        model.cost = pyo.Objective(expr=model.t, sense=pyo.maximize)
    else:
        model.cost = pyo.Objective(expr=pyo.quicksum(arrays["margin"][j] * model.l[j] for j in range(products)))
    return model


def main() -> None:
    """Build and solve both programs of each stage of the sample."""
    channel = Channel()
    config = channel.config
    arrays = {path.stem: np.load(path) for path in Path(config["folder"]).glob("*.npy")}
    solver = pyo.SolverFactory("appsi_highs")
    impact, survives, recovery_seconds, survival_seconds = [], [], [], []
    for out in config["sample"]:
        began = time.perf_counter()
        model = build(arrays, out, days=float(arrays["recovery"][out]))
        solver.solve(model)
        impact.append(pyo.value(model.cost))
        between = time.perf_counter()
        model = build(arrays, out, days=None, cap_days=config["cap_days"])
        solver.solve(model)
        survives.append(pyo.value(model.t))
        recovery_seconds.append(between - began)
        survival_seconds.append(time.perf_counter() - between)
    channel.finish(
        impact=impact, survives=survives, recovery_seconds=recovery_seconds, survival_seconds=survival_seconds
    )


if __name__ == "__main__":
    main()
