"""Stores of finished prices of a chain's outages: which study they belong to, known before anything is priced."""

from __future__ import annotations

from pathlib import Path

from tenon.ensemble import prepare_store
from tenon.schema import SupplyChain
from tenon.vulnerability import OutageImpact

__all__ = ["prepare_risk_store"]


def prepare_risk_store(chain: SupplyChain, store: Path, *, years: int, seed: int, correlation: float) -> None:
    """Begin the store of :func:`tenon.studies.chain_risk`, or refuse that of another chain, study or version.

    Parameters
    ----------
    chain : SupplyChain
        The chain.
    store : Path
        The file; made if absent.
    years, seed, correlation : int, int, float
        As :func:`tenon.studies.chain_risk` takes them.

    Raises
    ------
    SourceError
        If the file holds prices of another study, or something else; it is left as it is.
    StorageError
        If it is a folder, there is no folder around it, or it cannot be written.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from tenon.data import example_chain
    >>> with TemporaryDirectory() as folder:
    ...     prepare_risk_store(example_chain(), Path(folder) / "prices", years=1000, seed=0, correlation=0.0)
    """
    about: dict[str, str | float] = {"chain": chain.name, "years": years, "seed": seed, "correlation": correlation}
    prepare_store(store, OutageImpact(chain), about)
