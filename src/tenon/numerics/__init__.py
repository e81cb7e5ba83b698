"""Arithmetic without words: compiled kernels, seeds with an address, measures of risk, the bootstrap."""

from tenon.numerics.jit import inlined, kernel
from tenon.numerics.resampling import RESAMPLING, bootstrap_interval
from tenon.numerics.risk import conditional_value_at_risk, tail_weights, value_at_risk
from tenon.numerics.seeds import generator

__all__ = [
    "RESAMPLING",
    "bootstrap_interval",
    "conditional_value_at_risk",
    "generator",
    "inlined",
    "kernel",
    "tail_weights",
    "value_at_risk",
]
