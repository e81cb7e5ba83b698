"""A table on its way in: figures with labels that a reader has taken from a source but not yet checked.

:class:`~tenon.schema.tables.InputOutputTable` refuses a table that contradicts itself. Real sources do so in small
ways, so a reader fills a :class:`Draft`, applies named repairs to it (:mod:`tenon.data.repairs`), and then asks for
the table, which carries the list of what was repaired.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from tenon.schema.arrays import Float, Integer
from tenon.schema.errors import LabelError, nearest
from tenon.schema.tables import InputOutputTable

__all__ = ["Draft", "Origin", "Progress"]

Progress: TypeAlias = Callable[[int, int, str], None]
"""Called as ``progress(done, total, what)`` while a long piece of work goes on."""


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where the figures of a table come from.

    Parameters
    ----------
    name : str
        Short name of the table, such as ``"wiod-2011"``.
    currency : str
        ISO code of the currency.
    unit : float
        How many currency units the figure 1 means.
    year : int
        Calendar year of the flows.
    source, license : str
        Citation, and what may be done with the figures.
    estimated : bool
        Whether flows between regions were estimated.
    """

    name: str
    currency: str
    unit: float
    year: int
    source: str
    license: str
    estimated: bool = False


@dataclass(frozen=True, eq=False, kw_only=True)
class Draft:
    """Labels and figures of a table before its checks.

    Parameters
    ----------
    regions, sectors, final_demand_categories, value_added_items : tuple of str
        Labels as in :class:`~tenon.schema.tables.InputOutputTable`.
    Z : (N, N) array, currency per year
        Sales of industry to industry.
    Y : (N, R*K) array, currency per year
        Sales to final demand, columns region-major.
    V : (P, N) array, currency per year
        Value added and other primary inputs.
    x : (N,) array, currency per year
        Gross output.
    region_names, sector_names : mapping of str to str
        Longer names by label.
    repairs : tuple of str
        What has been changed so far, rule by rule.

    Examples
    --------
    >>> draft = Draft(regions=("A",), sectors=("1", "2"), final_demand_categories=("final",),
    ...     value_added_items=("value added",), Z=np.array([[150.0, 500.0], [200.0, 100.0]]),
    ...     Y=np.array([[350.0], [1700.0]]), V=np.array([[650.0, 1400.0]]), x=np.array([1000.0, 2000.0]))
    >>> draft.row_residuals()
    array([0., 0.])
    """

    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    final_demand_categories: tuple[str, ...]
    value_added_items: tuple[str, ...]
    Z: Float
    Y: Float
    V: Float
    x: Float
    region_names: Mapping[str, str] = field(default_factory=dict)
    sector_names: Mapping[str, str] = field(default_factory=dict)
    repairs: tuple[str, ...] = ()

    def label(self, industry: int) -> str:
        """Label ``"region:sector"`` of an industry.

        Parameters
        ----------
        industry : int
            Position in ``x``.

        Returns
        -------
        str
            The label.
        """
        region, sector = divmod(industry, len(self.sectors))
        return f"{self.regions[region]}:{self.sectors[sector]}"

    def region_of(self) -> Integer:
        """Region of each industry.

        Returns
        -------
        (N,) array of int
            Positions in ``regions``.
        """
        return np.repeat(np.arange(len(self.regions)), len(self.sectors))

    def row_residuals(self) -> Float:
        """Output minus sales of each industry.

        Returns
        -------
        (N,) array, currency per year
            ``x - Z 1 - Y 1``.
        """
        return np.asarray(self.x - self.Z.sum(axis=1) - self.Y.sum(axis=1))

    def column_residuals(self) -> Float:
        """Output minus costs of each industry.

        Returns
        -------
        (N,) array, currency per year
            ``x - Z' 1 - V' 1``.
        """
        return np.asarray(self.x - self.Z.sum(axis=0) - self.V.sum(axis=0))

    def category(self, name: str) -> int:
        """Position of a final demand category.

        Parameters
        ----------
        name : str
            Its label.

        Returns
        -------
        int
            Its position.

        Raises
        ------
        LabelError
            If the draft has no such category.
        """
        if name not in self.final_demand_categories:
            message = f"final demand has no category {name!r}; {nearest(name, self.final_demand_categories)}"
            raise LabelError(message)
        return self.final_demand_categories.index(name)

    def item(self, name: str) -> int:
        """Position of a value added item.

        Parameters
        ----------
        name : str
            Its label.

        Returns
        -------
        int
            Its position.

        Raises
        ------
        LabelError
            If the draft has no such item.
        """
        if name not in self.value_added_items:
            message = f"value added has no item {name!r}; {nearest(name, self.value_added_items)}"
            raise LabelError(message)
        return self.value_added_items.index(name)

    def table(self, origin: Origin, *, balance_tolerance: float = 1e-3) -> InputOutputTable:
        """The checked table.

        Parameters
        ----------
        origin : Origin
            Where the figures come from.
        balance_tolerance : float, dimensionless, in (0, 0.1]
            Largest share of output by which rows and columns may fail to balance.

        Returns
        -------
        InputOutputTable
            The same figures, checked.

        Raises
        ------
        LabelError, TableError
            If labels or figures contradict each other.
        """
        return InputOutputTable(
            name=origin.name,
            regions=self.regions,
            sectors=self.sectors,
            final_demand_categories=self.final_demand_categories,
            value_added_items=self.value_added_items,
            Z=self.Z,
            Y=self.Y,
            V=self.V,
            x=self.x,
            currency=origin.currency,
            unit=origin.unit,
            year=origin.year,
            source=origin.source,
            license=origin.license,
            estimated=origin.estimated,
            balance_tolerance=balance_tolerance,
            region_names=self.region_names,
            sector_names=self.sector_names,
            repairs=self.repairs,
        )
