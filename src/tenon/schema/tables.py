r"""Input-output tables: who sells how much to whom in a year.

A table of ``R`` regions and ``S`` sectors has ``N = R S`` industries in region-major order
(``region 0 sector 0, region 0 sector 1, ...``). Its two accounting identities are

.. math:: x = Z 1 + Y 1, \qquad x' = 1' Z + 1' V,

(Miller and Blair 2009, Input-Output Analysis, 2nd ed., equations 2.2 and 2.30): what an industry makes is sold to
industries ``Z`` and to final demand ``Y``, and what it earns pays for inputs ``Z`` and for value added ``V``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from tenon.schema.arrays import Float, Integer, first_bad, frozen_array
from tenon.schema.errors import LabelError, TableError, nearest
from tenon.schema.labels import check_labels

__all__ = ["Balance", "InputOutputTable", "Satellite"]

_LARGEST_TOLERANCE = 0.1


@dataclass(frozen=True, eq=False)
class Satellite:
    """A figure of each industry that is not money, such as jobs or emissions.

    Parameters
    ----------
    values : (N,) array, in ``unit`` per year
        One figure an industry, in the order of the table.
    unit : str
        Unit of the figures, for example ``"thousand persons"``.
    source : str
        Where the figures come from.
    """

    values: Float
    unit: str
    source: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", frozen_array(self.values))


@dataclass(frozen=True)
class Balance:
    """How far a table is from its two accounting identities.

    Parameters
    ----------
    worst_row, worst_column : str
        Industry with the largest residual of ``x = Z 1 + Y 1`` and of ``x' = 1' Z + 1' V``.
    row_residual, column_residual : float, currency per year
        The residual there (sales or costs minus output).
    relative : float, dimensionless
        Sum of absolute row residuals over the sum of outputs.
    relative_columns : float, dimensionless
        Sum of absolute column residuals over the sum of outputs.
    """

    worst_row: str
    row_residual: float
    worst_column: str
    column_residual: float
    relative: float
    relative_columns: float


@dataclass(frozen=True, eq=False, kw_only=True)
class InputOutputTable:  # budget: the published format has these fields; none of them is state
    """A checked input-output table of regions and sectors.

    Attributes are listed with units, shapes and status in ``attributes/input_output_table.csv``; arrays are
    read-only. The table checks itself when it is made.

    Parameters
    ----------
    name : str
        Short name, such as ``"wiod-2011"``.
    regions, sectors : tuple of str
        Labels; industry ``i`` is region ``i // S`` and sector ``i % S``.
    final_demand_categories : tuple of str
        Labels of the ``K`` categories of final demand (households, government, ...).
    value_added_items : tuple of str
        Labels of the ``P`` rows of ``V``.
    Z : (N, N) array, currency per year
        Sales of industry ``i`` to industry ``j``; not negative.
    Y : (N, R*K) array, currency per year
        Sales to final demand, columns region-major; negative inventory changes are allowed.
    V : (P, N) array, currency per year
        Value added, with taxes and other primary inputs; may be negative.
    x : (N,) array, currency per year
        Gross output; not negative.
    currency : str
        ISO code of the currency, such as ``"USD"``.
    unit : float
        How many currency units the figure 1 means (``1e6``: figures are in millions).
    year : int
        Calendar year of the flows.
    source, license : str
        Where the figures come from and what may be done with them.
    estimated : bool
        Whether flows between regions were estimated rather than compiled by a statistical office.
    balance_tolerance : float, dimensionless, in (0, 0.1]
        Largest share of output by which the sums of absolute row and column residuals may differ from zero.
    satellites : mapping of str to Satellite
        Accounts in other units.
    region_names, sector_names : mapping of str to str
        Longer names for people, by label; may be empty.
    repairs : tuple of str
        What the builder of the table changed, rule by rule.

    Raises
    ------
    LabelError
        If labels repeat or are blank, or a name is given for an unknown label.
    TableError
        If shapes disagree, figures are missing or infinite, flows are negative, the unit is not above zero, a column of
        ``A`` sums to more than one, or the identities fail by more than the tolerance.

    Examples
    --------
    Miller and Blair's two-industry example (2009, section 2.3):

    >>> table = InputOutputTable(
    ...     name="two industries", regions=("A",), sectors=("1", "2"), final_demand_categories=("final",),
    ...     value_added_items=("value added",), Z=np.array([[150.0, 500.0], [200.0, 100.0]]),
    ...     Y=np.array([[350.0], [1700.0]]), V=np.array([[650.0, 1400.0]]), x=np.array([1000.0, 2000.0]),
    ...     currency="USD", unit=1.0, year=2009, source="Miller and Blair 2009", license="facts")
    >>> table.A
    array([[0.15, 0.25],
           [0.2 , 0.05]])
    """

    name: str
    regions: tuple[str, ...]
    sectors: tuple[str, ...]
    final_demand_categories: tuple[str, ...]
    value_added_items: tuple[str, ...]
    Z: Float
    Y: Float
    V: Float
    x: Float
    currency: str
    unit: float
    year: int
    source: str
    license: str
    estimated: bool = False
    balance_tolerance: float = 1e-3
    satellites: Mapping[str, Satellite] = field(default_factory=dict)
    region_names: Mapping[str, str] = field(default_factory=dict)
    sector_names: Mapping[str, str] = field(default_factory=dict)
    repairs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for attribute, what in _LABELS.items():
            object.__setattr__(self, attribute, check_labels(getattr(self, attribute), what))
        for attribute in ("Z", "Y", "V", "x"):
            object.__setattr__(self, attribute, frozen_array(getattr(self, attribute)))
        for attribute in ("satellites", "region_names", "sector_names"):
            object.__setattr__(self, attribute, dict(getattr(self, attribute)))
        object.__setattr__(self, "repairs", tuple(self.repairs))
        self._check_names()
        self._check_shapes()
        self._check_figures()
        self._check_balance()

    def __len__(self) -> int:
        return len(self.regions) * len(self.sectors)

    @property
    def labels(self) -> tuple[str, ...]:
        """Labels of the industries, ``"region:sector"``, in the order of the arrays."""
        return tuple(f"{region}:{sector}" for region in self.regions for sector in self.sectors)

    @property
    def A(self) -> Float:
        """Input coefficients ``A_ij = Z_ij / x_j``, (N, N), dimensionless; columns of idle industries are zero."""
        return self.Z / np.where(self.x > 0, self.x, 1.0)

    @property
    def value_added(self) -> Float:
        """Value added of each industry, (N,), currency per year: the sum of the rows of ``V``."""
        return np.asarray(self.V.sum(axis=0))

    @property
    def final_demand_by_region(self) -> Float:
        """Final demand by region of use, (N, R), currency per year: the categories of ``Y`` added up."""
        return np.asarray(self.Y.reshape(len(self), len(self.regions), -1).sum(axis=2))

    def balance(self) -> Balance:
        """Measure how far the table is from ``x = Z 1 + Y 1`` and ``x' = 1' Z + 1' V``.

        Returns
        -------
        Balance
            The worst industries, and residuals relative to total output.
        """
        rows = self.Z.sum(axis=1) + self.Y.sum(axis=1) - self.x
        columns = self.Z.sum(axis=0) + self.V.sum(axis=0) - self.x
        row, column = int(np.abs(rows).argmax()), int(np.abs(columns).argmax())
        total = max(float(self.x.sum()), np.finfo(float).tiny)
        return Balance(
            worst_row=self.label(row),
            row_residual=float(rows[row]),
            worst_column=self.label(column),
            column_residual=float(columns[column]),
            relative=float(np.abs(rows).sum()) / total,
            relative_columns=float(np.abs(columns).sum()) / total,
        )

    def label(self, industry: int) -> str:
        """Return the label ``"region:sector"`` of an industry given by its position.

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

    def aggregate(
        self, regions: Mapping[str, str] | None = None, sectors: Mapping[str, str] | None = None, *, name: str
    ) -> InputOutputTable:
        """Add regions and sectors together by a concordance.

        Parameters
        ----------
        regions, sectors : mapping of str to str, optional
            From each label of this table to the label it becomes; must name every label and no other. Left out:
            that axis stays as it is. New labels keep the order in which they first appear.
        name : str
            Name of the new table.

        Returns
        -------
        InputOutputTable
            The smaller table; totals are unchanged.

        Raises
        ------
        LabelError
            If the concordance forgets a label or names an unknown one.
        """
        region_of, new_regions = _concordance(self.regions, regions, "region")
        sector_of, new_sectors = _concordance(self.sectors, sectors, "sector")
        industry_of = (region_of[:, None] * len(new_sectors) + sector_of[None, :]).ravel()
        categories = len(self.final_demand_categories)
        user_of = (region_of[:, None] * categories + np.arange(categories)[None, :]).ravel()
        size = len(new_regions) * len(new_sectors)

        def add_rows(values: Float) -> Float:
            return _sum_groups(values, industry_of, size)

        return replace(
            self,
            name=name,
            regions=new_regions,
            sectors=new_sectors,
            Z=_sum_groups(add_rows(self.Z).T, industry_of, size).T,
            Y=_sum_groups(add_rows(self.Y).T, user_of, len(new_regions) * categories).T,
            V=add_rows(self.V.T).T,
            x=add_rows(self.x),
            satellites={key: replace(item, values=add_rows(item.values)) for key, item in self.satellites.items()},
            region_names={key: value for key, value in self.region_names.items() if key in new_regions},
            sector_names={key: value for key, value in self.sector_names.items() if key in new_sectors},
        )

    def _check_names(self) -> None:
        for known, names, what in (
            (self.regions, self.region_names, "region_names"),
            (self.sectors, self.sector_names, "sector_names"),
        ):
            for label in names:
                if label not in known:
                    message = f"{what} names {label!r}, which is not in the table; {nearest(label, known)}"
                    raise LabelError(message)

    def _check_shapes(self) -> None:
        size = len(self)
        users = len(self.regions) * len(self.final_demand_categories)
        wanted = {
            "Z": (size, size),
            "Y": (size, users),
            "V": (len(self.value_added_items), size),
            "x": (size,),
        }
        for attribute, shape in wanted.items():
            came = getattr(self, attribute).shape
            if came != shape:
                message = (
                    f"{attribute} of table {self.name!r} must have shape {shape} ({len(self.regions)} regions x "
                    f"{len(self.sectors)} sectors), but has {came}. Check that labels and figures belong together."
                )
                raise TableError(message)
        for key, satellite in self.satellites.items():
            if satellite.values.shape != (size,) or not np.isfinite(satellite.values).all():
                message = (
                    f"satellite {key!r} of table {self.name!r} must hold {size} finite figures, one an industry; "
                    f"its shape is {satellite.values.shape}. Fill gaps or leave the account out."
                )
                raise TableError(message)

    def _check_figures(self) -> None:
        if not (math.isfinite(self.unit) and self.unit > 0):
            message = f"unit of table {self.name!r} must be above 0 (1e6: figures are in millions), but is {self.unit}."
            raise TableError(message)
        for attribute in ("Z", "Y", "V", "x"):
            at = first_bad(getattr(self, attribute), lambda part: ~np.isfinite(part))
            if at is not None:
                self._refuse(attribute, at, "must be a finite number", "Fill the gap or remove the industry.")
        for attribute in ("Z", "x"):
            at = first_bad(getattr(self, attribute), lambda part: part < 0)
            if at is not None:
                advice = "Only final demand and value added may be negative; let the reader apply a named repair."
                self._refuse(attribute, at, "must not be negative", advice)
        inputs = self.Z.sum(axis=0)
        excess = np.flatnonzero(inputs > self.x * (1 + 1e-9) + 1e-9)
        if excess.size:
            worst = int(excess[np.argmax((inputs - self.x)[excess])])
            message = (
                f"column {self.label(worst)} of table {self.name!r} uses {inputs[worst]:.6g} of inputs for an output "
                f"of {self.x[worst]:.6g} (sum of A {_ratio(inputs[worst], self.x[worst])}; at most 1 is possible; "
                f"{excess.size} such columns). Repair it by a named rule, such as tenon.data.repair_excess_inputs."
            )
            raise TableError(message)

    def _check_balance(self) -> None:
        if not 0 < self.balance_tolerance <= _LARGEST_TOLERANCE:
            message = (
                f"balance_tolerance must be above 0 and at most {_LARGEST_TOLERANCE}, but is {self.balance_tolerance}."
            )
            raise TableError(message)
        balance = self.balance()
        for relative, label, residual, rule in (
            (balance.relative, balance.worst_row, balance.row_residual, "sales Z + Y"),
            (balance.relative_columns, balance.worst_column, balance.column_residual, "costs Z + V"),
        ):
            if relative > self.balance_tolerance:
                message = (
                    f"table {self.name!r} does not balance: {rule} differ from output by {relative:.3%} of all output "
                    f"(allowed {self.balance_tolerance:.3%}), most at {label}: {residual:+.6g}. Check that no rows or "
                    "columns are missing or shuffled, or state a larger balance_tolerance."
                )
                raise TableError(message)

    def _refuse(self, attribute: str, at: tuple[int, ...], rule: str, advice: str) -> None:
        value = getattr(self, attribute)[at]
        place = ", ".join(self._coordinate(attribute, axis, position) for axis, position in enumerate(at))
        message = f"{attribute}[{place}] of table {self.name!r} {rule}, but is {value}. {advice}"
        raise TableError(message)

    def _coordinate(self, attribute: str, axis: int, position: int) -> str:
        if attribute == "V" and axis == 0:
            return self.value_added_items[position]
        if attribute == "Y" and axis == 1:
            region, category = divmod(position, len(self.final_demand_categories))
            return f"{self.regions[region]}:{self.final_demand_categories[category]}"
        return self.label(position)


_LABELS = {
    "regions": "regions",
    "sectors": "sectors",
    "final_demand_categories": "final demand categories",
    "value_added_items": "value added items",
}


def _ratio(inputs: float, output: float) -> str:
    return f"{inputs / output:.3f}" if output > 0 else "with no output"


def _concordance(
    labels: tuple[str, ...], mapping: Mapping[str, str] | None, what: str
) -> tuple[Integer, tuple[str, ...]]:
    if mapping is None:
        return np.arange(len(labels)), labels
    missing = [label for label in labels if label not in mapping]
    if missing:
        message = (
            f"the {what} concordance says nothing about {missing[0]!r} ({len(missing)} of {len(labels)} missing); "
            f"every {what} must go somewhere. Add it, if need be to a rest of the world."
        )
        raise LabelError(message)
    for label in mapping:
        if label not in labels:
            message = f"the {what} concordance names {label!r}, which the table does not have; {nearest(label, labels)}"
            raise LabelError(message)
    new = tuple(dict.fromkeys(mapping[label] for label in labels))
    return np.array([new.index(mapping[label]) for label in labels]), new


def _sum_groups(values: Float, group_of: Integer, groups: int) -> Float:
    """Add rows of ``values`` that share a group, row by row so that no second full copy exists."""
    result = np.zeros((groups, *values.shape[1:]))
    for row, group in enumerate(group_of):
        result[group] += values[row]
    return result
