"""Hypothesis strategies for tables, networks, shocks and scenarios, for every test that states a property.

Only sizes, switches and a seed are drawn by Hypothesis, so that a failing example shrinks to few agents; the figures
come from NumPy in one go, which keeps examples cheap. Everything made here is valid: it passes the checks of its own
type, and fits the table or network that it was made for.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from tenon.planning import SafetyStockProblem
from tenon.propagation import (
    ImportantInputs,
    InventoryRule,
    OrderRule,
    Parameters,
    RationingRule,
    RestockingGap,
    RestockingTarget,
    StockThreshold,
)
from tenon.schema import (
    CapacityShock,
    CapitalShock,
    DelayShock,
    DenseLinks,
    FinalDemandShock,
    Float,
    InputOutputTable,
    Integer,
    InventoryShock,
    LaborShock,
    LinkShock,
    Reconstruction,
    RecoveryShape,
    Satellite,
    Scenario,
    Shock,
    SparseLinks,
    SupplyNetwork,
    Target,
    Timing,
)

SEEDS = st.integers(0, 2**32 - 1)


@st.composite
def tables(draw: st.DrawFn, *, most_regions: int = 3, most_sectors: int = 4, odd: bool = True) -> InputOutputTable:
    """Draw a balanced input-output table.

    ``odd`` allows what real tables hold: idle industries, negative inventory changes and negative taxes less subsidies.
    """
    regions = draw(st.integers(1, most_regions))
    sectors = draw(st.integers(1, most_sectors))
    generator = np.random.default_rng(draw(SEEDS))
    odd = odd and draw(st.booleans())
    size, categories = regions * sectors, 2
    demand = generator.lognormal(3.0, 1.0, size)
    technical = _technical(generator, size)
    if odd:
        idle = generator.random(size) < 0.2
        demand[idle], technical[idle] = 0.0, 0.0
    output = _output(technical, demand)
    flows = technical * output
    final = demand[:, None] * generator.dirichlet(np.ones(regions * categories), size)
    added = output - flows.sum(axis=0)
    taxes = added * generator.uniform(-0.3 if odd else 0.0, 0.3, size)
    if odd:
        # Stocks of one region run down, and all other final users take that much more.
        released = final[:, 0] * generator.uniform(0.0, 0.5, size)
        final[:, 0] += released
        final[:, 1] -= released
    return InputOutputTable(
        name="drawn",
        regions=names("R", regions),
        sectors=names("s", sectors),
        final_demand_categories=("consumption", "inventory changes"),
        value_added_items=("compensation", "taxes less subsidies"),
        Z=flows,
        Y=final,
        V=np.stack([added - taxes, taxes]),
        x=output,
        currency="EUR",
        unit=1e6,
        year=2020,
        source="drawn by Hypothesis",
        license="none",
        satellites={"jobs": Satellite(generator.random(size), "thousand persons", "drawn")},
        region_names={"R0": "Region nought"},
    )


@st.composite
def networks(
    draw: st.DrawFn, *, most_agents: int = 12, dense: bool | None = None, stock_release: bool = True
) -> SupplyNetwork:
    """Draw a supply network of firms; ``dense`` fixes the form of its links, else both forms are drawn."""
    agents = draw(st.integers(1, most_agents))
    products = draw(st.integers(1, min(agents, 4)))
    regions = draw(st.integers(1, 3))
    per_link = draw(st.booleans())
    form = draw(st.booleans()) if dense is None else dense
    generator = np.random.default_rng(draw(SEEDS))
    # Every product has a maker; products and regions of the other agents are any.
    product = np.concatenate([np.arange(products), generator.integers(0, products, agents - products)])
    network = _network(generator, product, generator.integers(0, regions, agents), regions, release=stock_release)
    if form:
        return network.to_dense()
    if per_link and isinstance(network.links, SparseLinks):
        # One figure for all suppliers of a product: stocks on links that are pooled must have the same target.
        links, days = network.links, np.asarray(network.inventory_days)
        return replace(network, inventory_days=days[network.product[links.supplier], links.buyer])
    return network


@st.composite
def table_networks(draw: st.DrawFn, *, most_regions: int = 3, most_products: int = 4) -> SupplyNetwork:
    """Draw a dense network whose agents are all pairs of region and product, as one made from a table is."""
    regions = draw(st.integers(1, most_regions))
    products = draw(st.integers(1, most_products))
    generator = np.random.default_rng(draw(SEEDS))
    position = np.arange(regions * products)
    network = _network(generator, position % products, position // products, regions, release=True)
    return network.to_dense()


@st.composite
def timings(draw: st.DrawFn, horizon_days: int = 60) -> Timing:
    """Draw when a loss is in effect; it starts before the horizon."""
    shape = draw(st.sampled_from(RecoveryShape))
    start = draw(st.integers(0, horizon_days - 1))
    duration = draw(st.integers(1, horizon_days))
    curve: tuple[tuple[float, float], ...] = ()
    days = 0.0
    if shape is RecoveryShape.CURVE:
        points = draw(st.dictionaries(st.integers(0, horizon_days), st.floats(0.0, 1.0), min_size=1, max_size=4))
        curve = tuple(sorted((float(day), share) for day, share in points.items()))
    elif shape is not RecoveryShape.SUDDEN:
        days = draw(st.floats(2.5, 2.0 * horizon_days))
    return Timing(start_day=start, duration_days=duration, recovery=shape, recovery_days=days, curve=curve)


@st.composite
def targets(draw: st.DrawFn, network: SupplyNetwork) -> Target:
    """Draw agents of a network that a shock may mean: by region, by product, both, by name, or all."""
    if draw(st.booleans()):
        regions, sectors = draw(_some(network.regions)), draw(_some(network.products))
        # Somebody is always meant, also where both are named and few agents stand.
        agent = draw(st.integers(0, len(network) - 1))
        here, makes = network.regions[network.region[agent]], network.products[network.product[agent]]
        return Target(
            regions=tuple(dict.fromkeys((*regions, here))) if regions else (),
            sectors=tuple(dict.fromkeys((*sectors, makes))) if sectors else (),
        )
    return Target(agents=draw(st.lists(st.sampled_from(network.agents), min_size=1, unique=True).map(tuple)))


def shocks(
    network: SupplyNetwork, *, horizon_days: int = 60, most: float = 1.0, links: bool = True
) -> st.SearchStrategy[Shock]:
    """Draw a shock of any kind that fits a network; no loss is above ``most``, so that several may overlap."""
    target, timing = targets(network), timings(horizon_days)
    inhabited = [network.regions[position] for position in np.unique(network.region)]
    region = st.builds(Target, regions=st.sampled_from(inhabited).map(lambda label: (label,)))
    day = st.integers(0, horizon_days - 1)
    loss = st.floats(0.01, 1.0).map(lambda share: share * most)
    sign = st.sampled_from([1.0, -1.0])
    sudden = st.builds(Timing, start_day=day, duration_days=st.integers(1, horizon_days))
    anywhere: list[st.SearchStrategy[Shock]] = [
        st.builds(CapacityShock, target=target, loss=loss, timing=timing),
        st.builds(LaborShock, target=target, loss=loss, timing=timing),
        st.builds(
            CapitalShock,
            target=target,
            loss=loss,
            timing=timing,
            reconstruction=st.none() | reconstructions(network),
        ),
        st.builds(
            FinalDemandShock,
            target=target,
            demanders=_some(network.demanders),
            loss=st.builds(lambda share, direction: share * direction, loss, sign),
            timing=timing,
        ),
        st.builds(InventoryShock, target=target, products=_some(network.products), loss=loss, day=day),
    ]
    on_links: list[st.SearchStrategy[Shock]] = [
        st.builds(LinkShock, suppliers=region, buyers=target, loss=loss, domestic=st.booleans(), timing=timing),
        st.builds(
            DelayShock,
            suppliers=region,
            buyers=target,
            delay_days=st.integers(1, 10),
            domestic=st.booleans(),
            timing=sudden,
        ),
    ]
    return st.one_of(anywhere + on_links if links else anywhere)


@st.composite
def reconstructions(draw: st.DrawFn, network: SupplyNetwork) -> Reconstruction:
    """Draw who rebuilds: one or two products that somebody makes, in equal shares."""
    made = [network.products[product] for product in np.unique(network.product[network.output > 0])]
    made = made or list(network.products)
    builders = draw(st.lists(st.sampled_from(made), min_size=1, max_size=2, unique=True))
    return Reconstruction(
        sectors=dict.fromkeys(builders, 1.0 / len(builders)),
        days=draw(st.floats(1.0, 90.0)),
        local=draw(st.booleans()),
        factor=draw(st.floats(0.5, 1.5)),
    )


def criticalities(network: SupplyNetwork) -> st.SearchStrategy[dict[str, dict[str, float]]]:
    """Draw which inputs of which products are critical (1), important (0.5) or neither (0)."""
    products = st.sampled_from(network.products)
    return st.dictionaries(
        products, st.dictionaries(products, st.sampled_from([0.0, 0.5, 1.0]), max_size=3), max_size=3
    )


@st.composite
def parameter_sets(draw: st.DrawFn, network: SupplyNetwork, *, plain: bool = False, wild: bool = False) -> Parameters:
    """Draw rules and figures that go with a network; ``plain`` ones need no link named one by one.

    Signed gaps of large stocks that are closed within days multiply every difference, that of rounding too, each day
    by about target days over restocking days; only ``wild`` sets of rules hold such pairs.
    """
    inventories = [InventoryRule.PER_PRODUCT] if plain else list(InventoryRule)
    rationing = list(RationingRule)[:2] if plain else list(RationingRule)
    gap = draw(st.sampled_from(RestockingGap))
    days = st.integers(1 if wild or gap is RestockingGap.FLOORED else 40, 60).map(float)
    return Parameters(
        order_rule=draw(st.sampled_from(OrderRule)),
        inventory_rule=draw(st.sampled_from(inventories)),
        rationing=draw(st.sampled_from(rationing)),
        stock_threshold=draw(st.sampled_from(StockThreshold)),
        psi=draw(st.sampled_from([0.3, 0.8, 1.0])),
        restocking_days=draw(days | st.dictionaries(st.sampled_from(network.products), days, max_size=3)),
        restocking_target=draw(st.sampled_from(RestockingTarget)),
        restocking_gap=gap,
        overproduction_max=draw(st.sampled_from([1.0, 1.25])),
        overproduction_days=draw(st.sampled_from([5.0, 365.0])),
        important_inputs=draw(st.sampled_from(ImportantInputs)),
        criticality=draw(criticalities(network)),
    )


@st.composite
def scenarios(
    draw: st.DrawFn, network: SupplyNetwork, *, horizon_days: int = 60, most_shocks: int = 3, links: bool = True
) -> Scenario:
    """Draw a scenario of a few shocks, whose losses together stay at or below one."""
    count = draw(st.integers(0, most_shocks))
    each = shocks(network, horizon_days=horizon_days, most=1.0 / max(1, count), links=links)
    return Scenario(name="drawn", horizon_days=horizon_days, shocks=tuple(draw(each) for _ in range(count)))


def firms(seed: int, *, agents: int = 9, products: int = 3, regions: int = 3, release: bool = True) -> SupplyNetwork:
    """Return one fixed network of firms, for tests that go through all rules instead of drawing networks."""
    generator = np.random.default_rng(seed)
    region = generator.integers(0, regions, agents)
    return _network(generator, np.arange(agents) % products, region, regions, release=release)


def relabelled(network: SupplyNetwork, order: Integer) -> SupplyNetwork:
    """Return the same network with its agents in another order: agent ``order[k]`` becomes agent ``k``."""
    if not isinstance(network.links, SparseLinks):
        return relabelled(network.to_sparse(), order).to_dense()
    place = np.argsort(order)
    links = SparseLinks(place[network.links.supplier], place[network.links.buyer], network.links.flow)
    by_buyer = network.inventory_days.ndim > 1 and network.inventory_days.shape[1] == len(network)
    return replace(
        network,
        agents=tuple(network.agents[position] for position in order),
        product=network.product[order],
        region=network.region[order],
        links=links,
        final_demand=network.final_demand[order],
        value_added=network.value_added[order],
        capital=network.capital[order],
        stock_release=network.stock_release[order],
        inventory_days=network.inventory_days[:, order] if by_buyer else network.inventory_days,
    )


def in_unit(network: SupplyNetwork, factor: float) -> SupplyNetwork:
    """Return the same network in a currency unit of which ``factor`` make one of the old."""
    if isinstance(network.links, SparseLinks):
        links: SparseLinks | DenseLinks = SparseLinks(
            network.links.supplier, network.links.buyer, network.links.flow * factor
        )
    else:
        links = DenseLinks(network.links.flows * factor)
    return replace(
        network,
        links=links,
        final_demand=network.final_demand * factor,
        value_added=network.value_added * factor,
        capital=network.capital * factor,
        stock_release=network.stock_release * factor,
        unit=network.unit / factor,
    )


def names(prefix: str, count: int) -> tuple[str, ...]:
    """Return ``count`` labels: the prefix and a number."""
    return tuple(f"{prefix}{number}" for number in range(count))


def _technical(generator: np.random.Generator, size: int) -> Float:
    """Draw input coefficients: about half of all pairs trade, and no column sums to more than 0.8."""
    coefficients = generator.random((size, size)) * (generator.random((size, size)) < 0.5)
    sums = coefficients.sum(axis=0)
    return coefficients / np.where(sums > 0, sums, 1.0) * generator.uniform(0.1, 0.8, size)


def _output(technical: Float, demand: Float) -> Float:
    """Return what must be made to meet a demand, all rounds of inputs included."""
    return np.asarray(np.linalg.solve(np.eye(demand.size) - technical, demand), dtype=np.float64)


def _network(
    generator: np.random.Generator, product: Integer, region: Integer, regions: int, *, release: bool
) -> SupplyNetwork:
    """Draw the figures of a network of named links whose sales and purchases agree."""
    size, products = product.size, int(product.max()) + 1
    technical = _technical(generator, size)
    demand = generator.lognormal(3.0, 1.0, size)
    released = demand * (generator.uniform(0.0, 0.2, size) if release else np.zeros(size))
    output = _output(technical, demand - released)
    flows = technical * output
    supplier, buyer = np.nonzero(flows)
    added = output - flows.sum(axis=0)
    return SupplyNetwork(
        name="drawn",
        agents=names("agent ", size),
        products=names("s", products),
        product=product,
        regions=names("R", regions),
        region=region,
        links=SparseLinks(supplier, buyer, flows[supplier, buyer]),
        demanders=names("R", regions),
        final_demand=demand[:, None] * generator.dirichlet(np.ones(regions), size),
        value_added=added,
        capital=1460.0 * added,
        inventory_days=generator.integers(2, 40, (products, size)).astype(np.float64),
        stock_release=released,
        currency="EUR",
        unit=1e6,
        source="drawn by Hypothesis",
        estimated=bool(generator.integers(2)),
    )


def _some(labels: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(labels), unique=True, max_size=3).map(tuple)


@st.composite
def safety_stock_problems(draw: st.DrawFn, *, most_stages: int = 6, tree: bool = False) -> SafetyStockProblem:
    """Draw a chain of whole days whose stages stand in any order.

    ``tree`` lets no two ways lead from one stage to another.
    """
    count = draw(st.integers(1, most_stages))
    dense = draw(st.booleans())
    generator = np.random.default_rng(draw(SEEDS))
    pairs = [
        (first, second)
        for second in range(1, count)
        for first in ([int(generator.integers(second))] if tree else range(second))
        if tree or generator.random() < (0.7 if dense else 0.35)
    ]
    # In a tree the later stage may as well be the supplier; a random order then decides who is called what.
    place = generator.permutation(count)
    turned = [(first, second) if not tree or generator.random() < 0.5 else (second, first) for first, second in pairs]
    supplier = np.array([place[first] for first, _ in turned], dtype=np.int64)
    buyer = np.array([place[second] for _, second in turned], dtype=np.int64)
    sells = np.isin(np.arange(count), supplier)
    served = ~sells | (generator.random(count) < 0.25)
    return SafetyStockProblem(
        name="drawn",
        stages=tuple(f"stage {number}" for number in range(count)),
        supplier=supplier,
        buyer=buyer,
        units=generator.choice([0.5, 1.0, 2.0], supplier.size),
        stage_days=generator.integers(0, 5, count).astype(float),
        added_cost=generator.random(count) ** 2 * 10,
        deviation=np.where(served, generator.random(count), 0.0),
        service_days=np.where(served, generator.integers(0, 5, count).astype(float), np.inf),
        service_factor=float(generator.uniform(0.5, 3)),
        holding_rate=float(generator.uniform(0.1, 1)),
        currency="EUR",
    )
