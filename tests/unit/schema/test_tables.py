"""Input-output tables refuse what contradicts itself, and add up what is aggregated."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from tenon.schema import LabelError, Satellite, TableError
from tests.unit.schema.examples import TABLE, changed, table


def test_an_industry_is_named_by_region_and_sector() -> None:
    assert TABLE.labels == ("A:mining", "A:power", "B:mining", "B:power")
    assert TABLE.label(3) == "B:power"
    assert len(TABLE) == 4


def test_input_coefficients_are_purchases_by_output_and_zero_for_idle_industries() -> None:
    np.testing.assert_allclose(TABLE.A[:, 0], [0.2, 0.1, 0.0, 0.0])
    np.testing.assert_array_equal(TABLE.A[:, 2], 0.0)


def test_value_added_is_the_sum_of_its_items() -> None:
    np.testing.assert_allclose(TABLE.value_added, [7.0, 4.0, 0.0, 10.0])


def test_final_demand_by_region_adds_the_categories_of_each_region() -> None:
    np.testing.assert_allclose(TABLE.final_demand_by_region, [[2.0, 2.0], [8.0, 0.0], [0.0, 0.0], [1.0, 8.0]])


def test_every_array_is_read_only() -> None:
    for name in ("Z", "Y", "V", "x"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(TABLE, name)[...] = 0.0
    with pytest.raises(ValueError, match="read-only"):
        TABLE.satellites["jobs"].values[0] = 0.0


def test_the_callers_mappings_can_change_without_changing_the_table() -> None:
    names = {"A": "Land of A"}
    made = table(region_names=names)
    names["A"] = "Elsewhere"
    assert made.region_names == {"A": "Land of A"}


def test_idle_industries_and_negative_inventory_changes_are_accepted() -> None:
    assert TABLE.x[2] == 0.0
    assert TABLE.Y.min() < 0.0
    assert TABLE.balance().relative == 0.0


@pytest.mark.parametrize(
    ("attribute", "labels", "message"),
    [
        ("regions", ("A", "A"), "regions: 'A' stands twice, at positions 0 and 1"),
        ("sectors", ("mining", ""), "sectors: the label at position 1 is blank"),
        ("sectors", "mp", "sectors must be a list of labels, but is the single word 'mp'"),
        ("final_demand_categories", (), "final demand categories: at least one is required"),
        ("value_added_items", ("work", "work"), "value added items: 'work' stands twice"),
    ],
)
def test_labels_that_are_missing_blank_or_repeated_are_refused(attribute: str, labels: Any, message: str) -> None:
    with pytest.raises(LabelError, match=re.escape(message)):
        table(**{attribute: labels})


@pytest.mark.parametrize(
    ("attribute", "names", "message"),
    [
        ("region_names", {"a": "Land"}, "region_names names 'a', which is not in the table; did you mean 'A'?"),
        ("sector_names", {"powr": "x"}, "sector_names names 'powr', which is not in the table; did you mean 'power'?"),
    ],
)
def test_a_name_for_an_unknown_label_is_refused_with_the_nearest(
    attribute: str,
    names: dict[str, str],
    message: str,
) -> None:
    with pytest.raises(LabelError, match=re.escape(message)):
        table(**{attribute: names})


@pytest.mark.parametrize(
    ("attribute", "shape"),
    [("Z", (4, 3)), ("Y", (4, 2)), ("V", (1, 4)), ("x", (3,))],
)
def test_figures_of_another_shape_than_the_labels_are_refused(attribute: str, shape: tuple[int, ...]) -> None:
    wanted = str(getattr(TABLE, attribute).shape)
    message = f"{attribute} of table 'small' must have shape {wanted} (2 regions x 2 sectors), but has {shape}."
    with pytest.raises(TableError, match=re.escape(message)):
        table(**{attribute: np.zeros(shape)})


@pytest.mark.parametrize(
    ("attribute", "at", "value", "message"),
    [
        ("Z", (1, 3), np.nan, "Z[A:power, B:power] of table 'small' must be a finite number, but is nan. Fill the gap"),
        ("Y", (3, 2), np.inf, "Y[B:power, B:use] of table 'small' must be a finite number, but is inf."),
        ("V", (1, 0), np.nan, "V[taxes, A:mining] of table 'small' must be a finite number, but is nan."),
        ("x", (2,), np.nan, "x[B:mining] of table 'small' must be a finite number, but is nan."),
        ("Z", (0, 1), -3.0, "Z[A:mining, A:power] of table 'small' must not be negative, but is -3.0. Only final"),
        ("x", (3,), -1.0, "x[B:power] of table 'small' must not be negative, but is -1.0."),
    ],
)
def test_a_missing_infinite_or_negative_figure_is_refused_with_its_labels(
    attribute: str,
    at: tuple[int, ...],
    value: float,
    message: str,
) -> None:
    with pytest.raises(TableError, match=re.escape(message)):
        table(**{attribute: changed(getattr(TABLE, attribute), at, value)})


def test_an_industry_that_uses_more_than_it_makes_is_refused() -> None:
    message = "column A:power of table 'small' uses 14 of inputs for an output of 10 (sum of A 1.400; at most 1 is"
    with pytest.raises(TableError, match=re.escape(message)):
        table(Z=changed(TABLE.Z, (0, 1), 11.0))


def test_an_idle_industry_with_purchases_is_refused() -> None:
    message = "column B:mining of table 'small' uses 1 of inputs for an output of 0 (sum of A with no output;"
    with pytest.raises(TableError, match=re.escape(message)):
        table(Z=changed(TABLE.Z, (0, 2), 1.0))


def test_of_several_excess_columns_the_largest_is_named_and_all_are_counted() -> None:
    Z = changed(changed(TABLE.Z, (0, 1), 11.0), (0, 3), 40.0)
    with pytest.raises(TableError, match=r"column B:power .*; 2 such columns\)"):
        table(Z=Z)


def test_a_table_whose_sales_do_not_add_up_is_refused_with_the_worst_industry() -> None:
    message = (
        "table 'small' does not balance: sales Z + Y differ from output by 2.857% of all output (allowed 0.100%), "
        "most at A:power: +1."
    )
    with pytest.raises(TableError, match=re.escape(message)):
        table(Y=changed(TABLE.Y, (1, 0), 10.0))


def test_a_table_whose_costs_do_not_add_up_is_refused_with_the_worst_industry() -> None:
    message = (
        "table 'small' does not balance: costs Z + V differ from output by 5.714% of all output (allowed 0.100%), "
        "most at A:mining: -2."
    )
    with pytest.raises(TableError, match=re.escape(message)):
        table(V=changed(TABLE.V, (0, 0), 4.0))


def test_a_stated_tolerance_admits_a_table_that_balances_less_well() -> None:
    made = table(Y=changed(TABLE.Y, (1, 0), 10.0), balance_tolerance=0.03)
    assert made.balance().relative == pytest.approx(1 / 35)
    assert made.balance().worst_row == "A:power"


@pytest.mark.parametrize("tolerance", [0.0, -0.1, 0.2, np.nan])
def test_a_tolerance_out_of_its_range_is_refused(tolerance: float) -> None:
    with pytest.raises(TableError, match=r"balance_tolerance must be above 0 and at most 0\.1, but is"):
        table(balance_tolerance=tolerance)


@pytest.mark.parametrize("unit", [0.0, -1.0, np.nan, np.inf])
def test_a_unit_that_is_no_amount_is_refused(unit: float) -> None:
    with pytest.raises(TableError, match="unit of table 'small' must be above 0"):
        table(unit=unit)


@pytest.mark.parametrize("values", [[1.0, 2.0], [1.0, np.nan, 0.0, 3.0]])
def test_a_satellite_with_gaps_or_of_another_length_is_refused(values: list[float]) -> None:
    jobs = Satellite(np.array(values), "thousand persons", "made up")
    with pytest.raises(
        TableError, match="satellite 'jobs' of table 'small' must hold 4 finite figures, one an industry"
    ):
        table(satellites={"jobs": jobs})


def test_aggregated_regions_add_up_cell_by_cell() -> None:
    world = TABLE.aggregate(regions={"A": "World", "B": "World"}, name="world")
    assert world.labels == ("World:mining", "World:power")
    np.testing.assert_allclose(world.Z, [[2.0, 4.0], [1.0, 7.0]])
    np.testing.assert_allclose(world.Y, [[4.0, 0.0], [18.0, -1.0]])
    np.testing.assert_allclose(world.V, [[6.0, 14.5], [1.0, -0.5]])
    np.testing.assert_allclose(world.x, [10.0, 25.0])
    np.testing.assert_allclose(world.satellites["jobs"].values, [1.0, 5.0])


def test_aggregated_sectors_keep_the_columns_of_final_users() -> None:
    one = TABLE.aggregate(sectors={"mining": "all", "power": "all"}, name="one")
    assert one.labels == ("A:all", "B:all")
    np.testing.assert_allclose(one.Y, TABLE.Y.reshape(2, 2, 4).sum(axis=1))


def test_names_of_labels_that_remain_are_kept() -> None:
    same = TABLE.aggregate(regions={"A": "A", "B": "Rest"}, name="same")
    assert same.region_names == {"A": "Land of A"}
    assert same.sector_names == TABLE.sector_names


def test_a_concordance_that_forgets_a_label_is_refused() -> None:
    with pytest.raises(LabelError, match=r"the region concordance says nothing about 'B' \(1 of 2 missing\)"):
        TABLE.aggregate(regions={"A": "A"}, name="half")


def test_a_concordance_that_names_an_unknown_label_is_refused_with_the_nearest() -> None:
    mapping = {"mining": "all", "power": "all", "powr": "all"}
    with pytest.raises(LabelError, match=r"the sector concordance names 'powr'.*did you mean 'power'\?"):
        TABLE.aggregate(sectors=mapping, name="one")
