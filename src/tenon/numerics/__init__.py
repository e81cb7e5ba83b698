"""Arithmetic without words: compiled kernels."""

from tenon.numerics.jit import inlined, kernel

__all__ = ["inlined", "kernel"]
