"""Running a function many times under draws whose seed has an address. It knows no engine."""

from tenon.ensemble.draws import Draw, latin_hypercube_draws, plain_draws, sobol_draws
from tenon.ensemble.pools import Pool, cluster, processes
from tenon.ensemble.running import Ensemble, run, run_each
from tenon.ensemble.statistics import Summary, summarize
from tenon.ensemble.stores import prepare_store

__all__ = [
    "Draw",
    "Ensemble",
    "Pool",
    "Summary",
    "cluster",
    "latin_hypercube_draws",
    "plain_draws",
    "prepare_store",
    "processes",
    "run",
    "run_each",
    "sobol_draws",
    "summarize",
]
