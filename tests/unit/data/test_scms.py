"""The SCMS deliveries as a chain: three tiers, flows and lead times by hand, and what is assumed on record."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tenon.data import ScmsAssumptions, chain_from_scms, read_chain, write_chain
from tenon.schema import Evidence, Mode, ParameterError, SourceError, SupplyChain
from tests.unit.data.scms_samples import DIRECT, ROWS, STOCK, TEST, write_rows

DAYS = 365
CENTER = "SCMS distribution centers"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write_rows(tmp_path / "scms.csv")


def stage(chain: SupplyChain, label: str) -> int:
    return chain.stage_labels.index(label)


def test_plants_vendors_and_countries_are_the_tiers(file: Path) -> None:
    chain = chain_from_scms(file).chain
    assert chain.sites.labels == (
        "Maker, Goa, India", "Tester Plc", "Maker Ltd (vendor)", CENTER, "Tester (vendor)", "Haiti", "Kenya",
    )  # fmt: skip
    assert chain.sites.country == ("IND", "", "", "", "", "HTI", "KEN")
    assert (chain.name, chain.currency) == ("SCMS deliveries 2014-2015", "USD")
    assert chain.depth.tolist() == [2, 2, 1, 1, 1, 0, 0]


def test_flows_are_units_over_the_days_of_the_period(file: Path) -> None:
    chain = chain_from_scms(file).chain
    assert dict(zip(chain.demands.customer, chain.demands.quantity * DAYS, strict=True)) == pytest.approx(
        {"Haiti": 2000, "Kenya": 4500}
    )
    assert chain.stages.capacity[stage(chain, "Curamine 600mg @ Maker, Goa, India")] == pytest.approx(1.5 * 4500 / DAYS)
    assert chain.stages.stock[stage(chain, f"Curamine 600mg @ {CENTER}")] == pytest.approx(30 * 1500 / DAYS)
    assert chain.stages.stock[stage(chain, "Curamine 600mg @ Maker Ltd (vendor)")] == 0


def test_a_period_of_ones_own_divides_by_its_days(file: Path) -> None:
    read = chain_from_scms(file, since=date(2014, 6, 1), until=date(2014, 6, 30))
    assert read.chain.demands.quantity.sum() == pytest.approx((3000 + 2000) / 30)
    assert dict(read.put_aside) == {"delivered outside the period": 1}


def test_a_unit_is_worth_what_was_paid_for_it(file: Path) -> None:
    chain = chain_from_scms(file).chain
    worth = dict(zip(chain.demands.customer, chain.demands.margin, strict=True))
    assert worth == pytest.approx({"Kenya": 390 / 4500, "Haiti": 300 / 2000})
    added = chain.stages.added_cost
    assert added[stage(chain, "Curamine 600mg @ Maker, Goa, India")] == pytest.approx(390 / 4500)
    assert added[stage(chain, "Curamine 600mg @ Kenya")] == pytest.approx(60 / 4500)
    assert added[stage(chain, "Curamine 600mg @ Maker Ltd (vendor)")] == 0


def test_shares_are_those_of_the_units_that_came(file: Path) -> None:
    chain = chain_from_scms(file).chain
    share = {
        chain.stage_labels[seller]: share
        for seller, buyer, share in zip(
            chain.supplies.supplier, chain.supplies.buyer, chain.supplies.share, strict=True
        )
        if chain.stage_labels[buyer] == "Curamine 600mg @ Kenya"
    }
    assert share == pytest.approx({"Curamine 600mg @ Maker Ltd (vendor)": 2 / 3, f"Curamine 600mg @ {CENTER}": 1 / 3})


def test_lanes_are_countries_and_modes_with_the_time_that_is_assumed(file: Path) -> None:
    lanes = chain_from_scms(file).chain.lanes
    assert lanes.labels == ("air to Kenya", "ocean to Haiti", "truck to Kenya")
    assert lanes.mode == (Mode.AIR, Mode.SEA, Mode.ROAD)
    assert lanes.days.tolist() == [7, 45, 10]


def test_a_supply_has_the_lane_by_which_most_units_came(tmp_path: Path) -> None:
    by_sea = DIRECT | {"ID": "9", "Shipment Mode": "Ocean", "Line Item Quantity": "500"}
    read = chain_from_scms(write_rows(tmp_path / "scms.csv", [DIRECT, by_sea]))
    assert read.chain.lanes.labels == ("ocean to Kenya",)
    assert read.remarks["mode other than that of the lane, by which most units came"] == 1


def test_a_supply_without_mode_has_no_lane(tmp_path: Path) -> None:
    chain = chain_from_scms(write_rows(tmp_path / "scms.csv", [DIRECT | {"Shipment Mode": "N/A"}])).chain
    assert len(chain.lanes) == 0
    assert chain.supplies.lane.tolist() == [-1, -1]


def test_making_takes_the_median_from_order_to_delivery_less_the_way(tmp_path: Path) -> None:
    dates = ("5/1/14", "3/15/14", "1/1/14")
    rows = [DIRECT | {"ID": str(k), "PO Sent to Vendor Date": cell} for k, cell in enumerate(dates)]
    undated = TEST | {"PO Sent to Vendor Date": "Date Not Captured"}
    read = chain_from_scms(write_rows(tmp_path / "scms.csv", [*rows, undated]))
    chain = read.chain
    assert chain.stages.processing_days[stage(chain, "Curamine 600mg @ Maker, Goa, India")] == 92 - 7
    assert chain.stages.processing_days[stage(chain, "Quick Kit @ Tester Plc")] == 92 - 7
    assert chain.stages.processing_days[2:].tolist() == [0] * 4
    assert list(read.lead_days) == ["Air"]
    assert read.lead_days["Air"] == pytest.approx((3, 54.4, 92, 150.4))


def test_a_maker_that_is_not_named_is_presumed_and_nobody_elses(tmp_path: Path) -> None:
    rows = [row | {"Manufacturing Site": "Not Applicable"} for row in (DIRECT, TEST)]
    chain = chain_from_scms(write_rows(tmp_path / "scms.csv", rows)).chain
    assert chain.sites.labels[:2] == ("Maker Ltd (vendor): maker not named", "Tester (vendor): maker not named")
    assert chain.supplies.verified.tolist() == [False, False, True, True]


def test_centers_can_be_told_apart(tmp_path: Path) -> None:
    haiti = STOCK | {"ID": "5", "Country": "Haiti"}
    assumed = ScmsAssumptions(centers={"Kenya": "center of the east"})
    chain = chain_from_scms(write_rows(tmp_path / "scms.csv", [DIRECT, STOCK, haiti]), assumed).chain
    assert {"center of the east", CENTER} < set(chain.sites.labels)
    assert chain.stages.stock[stage(chain, "Curamine 600mg @ center of the east")] > 0
    assert "centers as given for Kenya" in chain.source


def test_plants_of_one_country_are_a_group_and_a_lone_one_is_not(tmp_path: Path) -> None:
    names = ("Acme Unit 2, IN", "ACME, INDIA", "Acme (USA)", "Acme industries", "Acme in town")
    rows = [DIRECT | {"ID": str(k), "Manufacturing Site": name} for k, name in enumerate(names)]
    chain = chain_from_scms(write_rows(tmp_path / "scms.csv", rows)).chain
    assert list(chain.groups) == ["plants in India"]
    assert chain.groups["plants in India"].sites == ("ACME, INDIA", "Acme Unit 2, IN")


def test_what_is_assumed_is_on_record(file: Path) -> None:
    assumed = ScmsAssumptions(capacity_slack=2, stock_days=60)
    chain = chain_from_scms(file, assumed).chain
    assert set(chain.sites.recovery_evidence) == {Evidence.ASSUMED}
    assert chain.sites.recovery_days[:, 1].tolist() == [90, 90, 30, 30, 30, 21, 21]
    assert "from 2014-06-15 to 2015-06-14; a unit is worth what was paid for it; assumed: capacity" in chain.source
    assert "2 times the normal flow, stocks of 60 days of it" in chain.source


def test_every_row_is_used_or_put_aside_and_the_notes_say_so(tmp_path: Path) -> None:
    read = chain_from_scms(write_rows(tmp_path / "scms.csv", [*ROWS, DIRECT | {"ID": "4", "Line Item Quantity": "0"}]))
    assert read.read == read.used + sum(read.put_aside.values()) == 4
    assert read.notes[:2] == ("3 of 4 rows are used.", "Rows put aside, no quantity above zero: 1.")
    assert "Rows used, freight invoiced separately, so unknown: 1." in read.notes


def test_the_chain_comes_back_from_its_workbook(file: Path, tmp_path: Path) -> None:
    chain = chain_from_scms(file).chain
    again = read_chain(write_chain(chain, tmp_path / "scms.xlsx"))
    assert (again.sites.labels, again.groups) == (chain.sites.labels, chain.groups)
    for columns in ("stages", "supplies", "lanes", "demands"):
        for field in fields(getattr(chain, columns)):
            ours, theirs = (getattr(getattr(one, columns), field.name) for one in (chain, again))
            if isinstance(ours, np.ndarray):
                np.testing.assert_allclose(theirs, ours, rtol=1e-12)
            else:
                assert theirs == ours


@pytest.mark.parametrize(
    ("figures", "message"),
    [
        ({"capacity_slack": 0.9}, "capacity_slack must be a finite number of at least 1, but is 0.9"),
        ({"stock_days": np.inf}, "stock_days must be a finite number of at least 0, but is inf"),
        (
            {"transit_days": {"Air": 5}},
            "must name Air, Air Charter, Truck, Ocean; Air Charter, Truck, Ocean is missing",
        ),
        ({"recovery_days": {"plant": (1, 2, 3)}}, "recovery_days must name .*; vendor, center, country is missing"),
    ],
)
def test_assumptions_out_of_range_are_refused(figures: dict[str, Any], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        ScmsAssumptions(**figures)


def test_a_period_that_ends_before_it_begins_is_refused(file: Path) -> None:
    with pytest.raises(ParameterError, match="since must not be after until, but 2015-01-01 is after 2014-01-01"):
        chain_from_scms(file, since=date(2015, 1, 1), until=date(2014, 1, 1))


def test_a_file_without_a_usable_row_is_refused(file: Path) -> None:
    with pytest.raises(SourceError, match=r"no row can be used \(delivered outside the period: 3\)"):
        chain_from_scms(file, since=date(2020, 1, 1))
