"""Supply networks: agents, the products they make, and the links over which they supply each other.

One type serves sectors of a world table, firms and sites. Suppliers of the same product are substitutes inside a
buyer; a **slot** is one buyer together with all suppliers of one product. All flows are per day.

Links come in two storage forms that mean the same. :class:`SparseLinks` names every link, in any order;
:class:`DenseLinks` holds a flow for every pair and suits input-output tables. It is laid out product by product, then
supplier by supplier, then buyer by buyer, which is the order in which a day of propagation reads it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from tenon.schema.arrays import Float, Integer, first_bad, frozen_array, frozen_integers
from tenon.schema.errors import NetworkError
from tenon.schema.labels import check_labels

__all__ = ["DenseLinks", "SparseLinks", "SupplyNetwork"]


_ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class SparseLinks:
    """Links named one by one.

    Parameters
    ----------
    supplier, buyer : (L,) array of int
        Positions of the two ends among the agents; a pair stands at most once.
    flow : (L,) array, currency per day
        What flows over each link when nothing is disturbed; above zero, or zero where ``reserve`` is above zero.
    days : (L,) array of int, days, optional
        Usual time under way; none where left out.
    reserve : (L,) array, currency per day, optional
        Most that a link may carry that carries nothing when nothing is disturbed; zero for all others.

    Raises
    ------
    NetworkError
        If the lists differ in length, an end is not a whole number, a figure is out of its range, or a link has neither
        flow nor reserve, or both.

    Examples
    --------
    >>> len(SparseLinks([0, 1], [2, 2], [10.0, 5.0]))
    2
    """

    supplier: Integer
    buyer: Integer
    flow: Float
    days: Integer | None = None
    reserve: Float | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "supplier", frozen_integers(self.supplier))
        object.__setattr__(self, "buyer", frozen_integers(self.buyer))
        object.__setattr__(self, "flow", frozen_array(self.flow))
        if not self.supplier.shape == self.buyer.shape == self.flow.shape or self.flow.ndim != 1:
            message = (
                "supplier, buyer and flow must be three lists of one length; they have shapes "
                f"{self.supplier.shape}, {self.buyer.shape} and {self.flow.shape}."
            )
            raise NetworkError(message)
        self._check_reserve()
        stands_by = np.zeros(self.flow.size, dtype=bool) if self.reserve is None else self.reserve > 0
        bad = np.flatnonzero(~(np.isfinite(self.flow) & ((self.flow > 0) | ((self.flow == 0) & stands_by))))
        if bad.size:
            message = (
                f"the flow of link {bad[0]} must be a finite number above zero, but is {self.flow[bad[0]]}. Drop idle "
                "links."
            )
            raise NetworkError(message)
        self._check_days()

    def _check_reserve(self) -> None:
        if self.reserve is None:
            return
        object.__setattr__(self, "reserve", frozen_array(self.reserve))
        if self.reserve.shape != self.flow.shape:
            message = f"reserve must hold one figure a link ({self.flow.size}), but has shape {self.reserve.shape}."
            raise NetworkError(message)
        bad = np.flatnonzero(
            ~(np.isfinite(self.reserve) & (self.reserve >= 0)) | ((self.reserve > 0) & (self.flow > 0))
        )
        if bad.size:
            message = (
                f"the reserve of link {bad[0]} must be a finite number, not negative, and zero where the link has a "
                f"flow, but is {self.reserve[bad[0]]} beside a flow of {self.flow[bad[0]]}."
            )
            raise NetworkError(message)

    def _check_days(self) -> None:
        if self.days is None:
            return
        object.__setattr__(self, "days", frozen_integers(self.days))
        if self.days.shape != self.flow.shape:
            message = f"days must hold one figure a link ({self.flow.size}), but has shape {self.days.shape}."
            raise NetworkError(message)
        bad = np.flatnonzero(self.days < 0)
        if bad.size:
            message = f"the days of link {bad[0]} must not be negative, but are {self.days[bad[0]]}."
            raise NetworkError(message)

    def __len__(self) -> int:
        return int(self.flow.size)


@dataclass(frozen=True, eq=False)
class DenseLinks:
    """A flow for every pair of agents, stored product by product.

    Parameters
    ----------
    flows : (N*N,) array, currency per day
        Blocks, one a product ``s`` with ``m`` suppliers: an ``(m, N)`` array, supplier by supplier; suppliers of a
        product and buyers stand in the order of the agents. Not negative. :meth:`from_matrix` makes this layout from a
        matrix.

    Raises
    ------
    NetworkError
        If a flow is negative or not finite, or the flows are not in one flat array.
    """

    flows: Float

    def __post_init__(self) -> None:
        object.__setattr__(self, "flows", frozen_array(self.flows))
        if self.flows.ndim != 1:
            message = (
                f"the flows of dense links must be one flat array, but have shape {self.flows.shape}; "
                "use DenseLinks.from_matrix to lay out a matrix of suppliers by buyers."
            )
            raise NetworkError(message)
        at = first_bad(self.flows, lambda part: ~(np.isfinite(part) & (part >= 0)))
        if at is not None:
            message = (
                f"every flow must be a finite number, not negative; the one at position {at[0]} is {self.flows[at]}."
            )
            raise NetworkError(message)

    @classmethod
    def from_matrix(cls, matrix: ArrayLike, product: ArrayLike, *, scale: float = 1.0) -> DenseLinks:
        """Lay out a matrix of flows.

        Parameters
        ----------
        matrix : (N, N) array, currency per period
            Flow from supplier (row) to buyer (column).
        product : (N,) array of int
            Product of each agent.
        scale : float, dimensionless
            Factor that turns the flows into flows per day (1/365 for yearly ones).

        Returns
        -------
        DenseLinks
            The same flows, product by product.

        Raises
        ------
        NetworkError
            If the matrix is not ``(N, N)`` or holds a flow that is negative or not finite.

        Examples
        --------
        Agents 0 and 2 make product 0, agent 1 makes product 1:

        >>> DenseLinks.from_matrix([[0, 1, 2], [3, 4, 5], [6, 7, 8]], [0, 1, 0]).flows
        array([0., 1., 2., 6., 7., 8., 3., 4., 5.])
        """
        values = np.asarray(matrix, dtype=np.float64)
        products = np.asarray(product)
        if values.shape != (products.size, products.size):
            message = (
                f"the matrix must be {products.size} x {products.size}, one row and column an agent; "
                f"it has shape {values.shape}."
            )
            raise NetworkError(message)
        flows = np.empty(values.shape)
        start = 0
        for members in _members(products):
            np.multiply(values[members], scale, out=flows[start : start + members.size])
            start += members.size
        return cls(flows.ravel())


@dataclass(frozen=True, eq=False, kw_only=True)
class SupplyNetwork:  # budget: one object holds all that a run needs; none of its fields is state
    """Agents, products, links, final demand and inventories, checked when made.

    Attributes are listed with units, shapes and status in ``attributes/supply_network.csv``.

    Parameters
    ----------
    name : str
        Short name.
    agents : tuple of str
        Labels of the ``N`` agents.
    products : tuple of str
        Labels of the ``S`` products.
    product : (N,) array of int
        Position of the product that each agent makes.
    regions : tuple of str
        Labels of the ``R`` regions.
    region : (N,) array of int
        Position of the region in which each agent stands.
    links : SparseLinks or DenseLinks
        Who supplies whom.
    demanders : tuple of str
        Labels of the ``D`` groups of final users, often the regions.
    final_demand : (N, D) array, currency per day
        What final users take from each agent; not negative.
    value_added : (N,) array, currency per day
        Value added of each agent; may be negative.
    capital : (N,) array, currency
        Productive capital; not negative.
    inventory_days : array, days
        Target stock of inputs, in days of use: a ``(S or 1, N or 1)`` array by product and buyer, or an ``(L,)`` array
        by link of :class:`SparseLinks`. Above zero; infinite means that the input never runs short.
    stock_release : (N,) array, currency per day
        What reaches the market out of stocks rather than out of production (negative inventory changes of a table);
        not negative.
    currency : str
        ISO code of the currency.
    unit : float
        How many currency units the figure 1 means.
    source : str
        Where the figures come from.
    estimated : bool
        Whether links were estimated rather than observed.
    capacity : (N,) array, currency per day, optional
        Most that each agent can make; at least its undisturbed output, which it is where left out.

    Raises
    ------
    LabelError
        If labels repeat or are blank.
    NetworkError
        If shapes or positions do not agree, a figure is missing, infinite or negative where it cannot be, or a link
        stands twice.

    Examples
    --------
    A mill buys half of what a farm grows and sells flour; both also sell to final users:

    >>> network = SupplyNetwork(
    ...     name="bread", agents=("farm", "mill"), products=("grain", "flour"), product=[0, 1], regions=("A",),
    ...     region=[0, 0], links=SparseLinks([0], [1], [10.0]), demanders=("people",),
    ...     final_demand=[[10.0], [30.0]], value_added=[20.0, 20.0], capital=[100.0, 80.0], inventory_days=[[15.0]],
    ...     stock_release=[0.0, 0.0], currency="EUR", unit=1.0, source="made up")
    >>> network.output
    array([20., 30.])
    """

    name: str
    agents: tuple[str, ...]
    products: tuple[str, ...]
    product: Integer
    regions: tuple[str, ...]
    region: Integer
    links: SparseLinks | DenseLinks
    demanders: tuple[str, ...]
    final_demand: Float
    value_added: Float
    capital: Float
    inventory_days: Float
    stock_release: Float
    currency: str
    unit: float
    source: str
    estimated: bool = False
    capacity: Float | None = None

    def __post_init__(self) -> None:
        for attribute in ("agents", "products", "regions", "demanders"):
            object.__setattr__(self, attribute, check_labels(getattr(self, attribute), attribute))
        for attribute in ("product", "region"):
            object.__setattr__(self, attribute, frozen_integers(getattr(self, attribute)))
        for attribute in ("final_demand", "value_added", "capital", "inventory_days", "stock_release"):
            object.__setattr__(self, attribute, frozen_array(getattr(self, attribute)))
        self._check_positions()
        self._check_shapes()
        self._check_figures()
        self._check_links()
        self._check_capacity()

    def __len__(self) -> int:
        return len(self.agents)

    @property
    def output(self) -> Float:
        """Undisturbed production of each agent, (N,), currency per day: sales to all users minus releases of stocks."""
        sales = self.sales_to_agents + self.final_demand.sum(axis=1)
        return np.asarray(np.maximum(sales - self.stock_release, 0.0))

    @property
    def sales_to_agents(self) -> Float:
        """Undisturbed sales of each agent to other agents, (N,), currency per day."""
        if isinstance(self.links, SparseLinks):
            weights: Float = self.links.flow
            return np.bincount(self.links.supplier, weights=weights, minlength=len(self)).astype(np.float64, copy=False)
        sales = np.empty(len(self))
        for members, block in self.product_blocks():
            sales[members] = block.sum(axis=1)
        return sales

    def product_blocks(self) -> list[tuple[Integer, Float]]:
        """Cut the flat array of :class:`DenseLinks` into its blocks.

        Returns
        -------
        list of (members, block)
            For each product, the ``m`` agents that make it and an ``(m, N)`` view of their flows to every buyer.

        Raises
        ------
        NetworkError
            If the links are sparse.
        """
        if not isinstance(self.links, DenseLinks):
            message = "product blocks exist in dense storage only; this network names its links one by one."
            raise NetworkError(message)
        result, start = [], 0
        for members in _members(self.product, len(self.products)):
            size = members.size * len(self)
            result.append((members, self.links.flows[start : start + size].reshape(members.size, len(self))))
            start += size
        return result

    def is_region_by_product(self) -> bool:
        """Say whether the agents are all pairs of region and product in region-major order, as in a table.

        Returns
        -------
        bool
            True for a network made from an input-output table.
        """
        size = len(self.regions) * len(self.products)
        if len(self) != size:
            return False
        position = np.arange(size)
        return bool(
            (self.region == position // len(self.products)).all()
            and (self.product == position % len(self.products)).all()
        )

    def to_sparse(self) -> SupplyNetwork:
        """Return the same network with every link above zero named.

        Returns
        -------
        SupplyNetwork
            Itself, if its links are sparse already.
        """
        if isinstance(self.links, SparseLinks):
            return self
        suppliers, buyers, flows = [], [], []
        for members, block in self.product_blocks():
            buyer, position = np.nonzero(block.T)
            suppliers.append(members[position])
            buyers.append(buyer)
            flows.append(block[position, buyer])
        links = SparseLinks(np.concatenate(suppliers), np.concatenate(buyers), np.concatenate(flows))
        return self._with_links(links)

    def to_dense(self) -> SupplyNetwork:
        """Return the same network with a flow for every pair of agents.

        Returns
        -------
        SupplyNetwork
            Itself, if its links are dense already.

        Raises
        ------
        NetworkError
            If inventories are given link by link, which dense storage cannot hold.
        """
        if isinstance(self.links, DenseLinks):
            return self
        if self.inventory_days.ndim == 1:
            message = "inventory days given link by link cannot be stored densely; give them by product and buyer."
            raise NetworkError(message)
        if self.links.days is not None or self.links.reserve is not None:
            message = "links with days under way or a reserve cannot be stored densely; keep them named one by one."
            raise NetworkError(message)
        matrix = np.zeros((len(self), len(self)))
        matrix[self.links.supplier, self.links.buyer] = self.links.flow
        return self._with_links(DenseLinks.from_matrix(matrix, self.product))

    def _with_links(self, links: SparseLinks | DenseLinks) -> SupplyNetwork:
        return replace(self, links=links)

    def _check_capacity(self) -> None:
        if self.capacity is None:
            return
        object.__setattr__(self, "capacity", frozen_array(self.capacity))
        if self.capacity.shape != (len(self),):
            message = f"capacity must hold one figure an agent ({len(self)}), but has shape {self.capacity.shape}."
            raise NetworkError(message)
        bad = np.flatnonzero(~(np.isfinite(self.capacity) & (self.capacity >= self.output * (1 - _ROUNDING))))
        if bad.size:
            message = (
                f"capacity of {self.agents[bad[0]]!r} must be a finite number and at least its undisturbed output, "
                f"{self.output[bad[0]]:.6g}, but is {self.capacity[bad[0]]:.6g}."
            )
            raise NetworkError(message)

    def _check_positions(self) -> None:
        for attribute, labels in (("product", self.products), ("region", self.regions)):
            positions: NDArray[np.int64] = getattr(self, attribute)
            if positions.shape != (len(self),):
                message = f"{attribute} must hold one position an agent ({len(self)}), but has shape {positions.shape}."
                raise NetworkError(message)
            bad = np.flatnonzero((positions < 0) | (positions >= len(labels)))
            if bad.size:
                message = (
                    f"{attribute} of agent {self.agents[bad[0]]!r} must be between 0 and {len(labels) - 1}, "
                    f"but is {positions[bad[0]]}."
                )
                raise NetworkError(message)

    def _check_shapes(self) -> None:
        size, groups = len(self), len(self.products)
        wanted: dict[str, list[tuple[int, ...]]] = {
            "final_demand": [(size, len(self.demanders))],
            "value_added": [(size,)],
            "capital": [(size,)],
            "stock_release": [(size,)],
            "inventory_days": [(rows, columns) for rows in (1, groups) for columns in (1, size)],
        }
        if isinstance(self.links, SparseLinks):
            wanted["inventory_days"].append((len(self.links),))
        for attribute, shapes in wanted.items():
            came = getattr(self, attribute).shape
            if came not in shapes:
                options = " or ".join(str(shape) for shape in dict.fromkeys(shapes))
                message = f"{attribute} of network {self.name!r} must have shape {options}, but has {came}."
                raise NetworkError(message)

    def _check_figures(self) -> None:
        if not (math.isfinite(self.unit) and self.unit > 0):
            message = (
                f"unit of network {self.name!r} must be above 0 (1e6: figures are in millions), but is {self.unit}."
            )
            raise NetworkError(message)
        for attribute, (is_bad, rule) in _RULES.items():
            values: Float = getattr(self, attribute)
            at = first_bad(values, is_bad)
            if at is not None:
                message = (
                    f"{attribute} of {self._coordinate(attribute, at)} in network {self.name!r} must be {rule}, "
                    f"but is {values[at]}."
                )
                raise NetworkError(message)

    def _coordinate(self, attribute: str, at: tuple[int, ...]) -> str:
        if attribute != "inventory_days":
            return repr(self.agents[at[0]])
        if self.inventory_days.ndim == 1:
            return f"link {at[0]}"
        of_products, of_buyers = (size > 1 for size in self.inventory_days.shape)
        product = repr(self.products[at[0]]) if of_products else "every product"
        return f"{product} at {repr(self.agents[at[1]]) if of_buyers else 'every buyer'}"

    def _check_links(self) -> None:
        if isinstance(self.links, DenseLinks):
            if self.links.flows.size != len(self) ** 2:
                message = (
                    f"dense links of {len(self)} agents need {len(self) ** 2} flows, but {self.links.flows.size} came."
                )
                raise NetworkError(message)
            return
        for attribute in ("supplier", "buyer"):
            positions: Integer = getattr(self.links, attribute)
            bad = np.flatnonzero((positions < 0) | (positions >= len(self)))
            if bad.size:
                message = (
                    f"the {attribute} of link {bad[0]} must be an agent between 0 and {len(self) - 1}, "
                    f"but is {positions[bad[0]]}."
                )
                raise NetworkError(message)
        keys = np.sort(self.links.supplier * len(self) + self.links.buyer)
        twice = np.flatnonzero(keys[1:] == keys[:-1])
        if twice.size:
            supplier, buyer = divmod(int(keys[twice[0]]), len(self))
            message = (
                f"the link from {self.agents[supplier]!r} to {self.agents[buyer]!r} stands twice; "
                "add the two flows together."
            )
            raise NetworkError(message)


def _below_zero_or_not_finite(part: Float) -> NDArray[np.bool_]:
    return ~(np.isfinite(part) & (part >= 0))


_RULES: dict[str, tuple[Callable[[Float], NDArray[np.bool_]], str]] = {
    "final_demand": (_below_zero_or_not_finite, "finite and not negative"),
    "capital": (_below_zero_or_not_finite, "finite and not negative"),
    "stock_release": (_below_zero_or_not_finite, "finite and not negative"),
    "value_added": (lambda part: ~np.isfinite(part), "finite"),
    "inventory_days": (lambda part: ~(part > 0), "above zero (infinite: never runs short)"),
}


def _members(product: NDArray[np.int64], products: int | None = None) -> list[Integer]:
    """List the agents of each product, in the order of the agents."""
    count = int(product.max()) + 1 if products is None else products
    order = np.argsort(product, kind="stable")
    return np.split(order, np.cumsum(np.bincount(product, minlength=count))[:-1])
