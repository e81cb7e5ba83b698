"""What the page says about the systemic risk of firms, read from its result once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from tenon.schema import Float, Integer, ParameterError, Result, Status

__all__ = ["Figures", "Group", "Rules", "SystemicFindings", "groups_of", "read_systemic_result"]

_NEEDED = ("esri", "esri_downstream", "esri_upstream", "failing_share", "iterations", "settled", "eps")
_PLATEAU = 0.5


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What the figures rest on.

    Parameters
    ----------
    needs : str
        ``"essential"``, ``"non_essential"``, ``"ignored"`` or ``"matrix"``: how much buyers need their inputs.
    replaceable : bool
        Whether firms of one sector take over from each other.
    converged : bool
        Whether losses were followed to their end, or the cascade was stopped early.
    eps : float, dimensionless
        Tolerance of the stopping rule.
    all_output : bool
        Whether output holds sales to final users, or sales between firms alone.
    rounds : (int, int)
        Fewest and most rounds of a cascade.
    unsettled : int
        Cascades that were given up before the stopping rule was met.
    """

    needs: str
    replaceable: bool
    converged: bool
    eps: float
    all_output: bool
    rounds: tuple[int, int]
    unsettled: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Figures:
    """Figures of ``N`` failures, the riskiest first; shares of all output.

    Parameters
    ----------
    index : (N,) array, dimensionless
        Share of all output that is lost.
    downstream, upstream : (N,) array, dimensionless
        Share that is lost for want of inputs, and for want of customers.
    own : (N,) array, dimensionless
        Share that fails at first.
    """

    index: Float
    downstream: Float
    upstream: Float
    own: Float

    @property
    def multiple(self) -> Float:
        """How many times its own share a failure takes along; NaN where it has none."""
        return np.where(self.own > 0, self.index / np.where(self.own > 0, self.own, 1.0), np.nan)


@dataclass(frozen=True, kw_only=True, eq=False)
class SystemicFindings:
    """Everything that the page says.

    Parameters
    ----------
    name : str
        Name of the economy.
    firms, links : int
        Its size.
    estimated : bool
        Whether it was estimated rather than observed.
    interrupted : bool
        Whether only some failures were finished.
    names : tuple of str
        Who fails, the riskiest first.
    sectors, regions : tuple of str
        Of each failure; empty where failures are no single firms.
    figures : Figures
        What each failure costs.
    rules : Rules
        What the figures rest on.
    """

    name: str
    firms: int
    links: int
    estimated: bool
    interrupted: bool
    names: tuple[str, ...]
    sectors: tuple[str, ...]
    regions: tuple[str, ...]
    figures: Figures
    rules: Rules

    @property
    def plateau(self) -> int:
        """How many failures cost at least half of what the riskiest costs."""
        index = self.figures.index
        return int((index >= _PLATEAU * index[0]).sum())

    def above(self, share: float) -> int:
        """Count the failures that cost more than a share of all output.

        Parameters
        ----------
        share : float, dimensionless
            The share.

        Returns
        -------
        int
            Their number.
        """
        return int((self.figures.index > share).sum())


@dataclass(frozen=True, kw_only=True, eq=False)
class Group:
    """The firms of a sector or region.

    Parameters
    ----------
    label : str
        The sector or region.
    rows : (M,) array of int
        Its failures, the riskiest first.
    """

    label: str
    rows: Integer


def groups_of(labels: tuple[str, ...]) -> tuple[Group, ...]:
    """Put failures together by sector or region.

    Parameters
    ----------
    labels : tuple of str
        Sector or region of each failure, the riskiest failure first.

    Returns
    -------
    tuple of Group
        The group with the riskiest failure first.
    """
    rows: dict[str, list[int]] = {}
    for row, label in enumerate(labels):
        rows.setdefault(label, []).append(row)
    return tuple(Group(label=label, rows=np.array(members)) for label, members in rows.items())


def read_systemic_result(result: Result) -> SystemicFindings:
    """Read what the page needs.

    Parameters
    ----------
    result : Result
        Of :func:`tenon.vulnerability.systemic_risk`.

    Returns
    -------
    SystemicFindings
        Plain figures and labels.

    Raises
    ------
    ParameterError
        If the result is none of systemic risk, or no failure was finished.
    """
    values = result.values
    missing = [name for name in _NEEDED if name not in values or "failure" not in values.dims]
    if missing:
        message = (
            f"a report of systemic risk needs the result of it; this one lacks {', '.join(missing)} by failure. Run "
            "tenon.vulnerability.systemic_risk."
        )
        raise ParameterError(message)
    if not values.sizes["failure"]:
        message = "no failure was finished before the interrupt, so there is nothing to report; run it for longer."
        raise ParameterError(message)
    # A descending sort would turn firms of equal index around.
    values = values.isel(failure=np.argsort(-values["esri"].to_numpy(), kind="stable"))
    network = _facts(result, "network")

    def texts(name: str) -> tuple[str, ...]:
        return tuple(map(str, values[name].to_numpy().tolist())) if name in values.coords else ()

    def figures(name: str) -> Float:
        return np.asarray(values[name].to_numpy(), dtype=np.float64)

    return SystemicFindings(
        name=str(network.get("name", "")),
        firms=int(str(network.get("firms", values.sizes["failure"]))),
        links=int(str(network.get("links", 0))),
        estimated=bool(network.get("estimated", False)),
        interrupted=result.status is Status.INTERRUPTED,
        names=texts("failure"),
        sectors=texts("sector"),
        regions=texts("region"),
        figures=Figures(
            index=figures("esri"),
            downstream=figures("esri_downstream"),
            upstream=figures("esri_upstream"),
            own=figures("failing_share"),
        ),
        rules=_rules(result),
    )


def _rules(result: Result) -> Rules:
    values, given = result.values, _facts(result, "rules")
    needs = given.get("essentiality", "")
    rounds = values["iterations"].to_numpy()
    return Rules(
        needs=needs if isinstance(needs, str) else "matrix",
        replaceable=bool(given.get("replaceable")),
        converged=str(given.get("stopping", "")).startswith("Converged"),
        eps=float(values["eps"]),
        all_output=bool(given.get("count_final_demand")),
        rounds=(int(rounds.min()), int(rounds.max())),
        unsettled=int((~values["settled"]).sum()),
    )


def _facts(result: Result, name: str) -> Mapping[str, object]:
    facts = result.provenance.get(name)
    return facts if isinstance(facts, Mapping) else {}
