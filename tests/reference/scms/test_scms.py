"""The chain of the SCMS deliveries holds what can be counted in the file, and its stress test what follows by hand."""

from __future__ import annotations

import re
import shutil
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
import xarray

from tenon.data import ScmsAssumptions, ScmsChain, chain_from_scms, check_chain
from tenon.schema import Status
from tenon.studies import stress_supply_chain
from tests.contracts.manual import blocks

NAME = "SCMS_Delivery_History_Dataset.csv"
PAGE = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "stress-test-deliveries.md"
SINCE = date(2013, 1, 1)
CENTER = "SCMS distribution centers"
STOCK, BY_AIR, LIKELY = 30, 7, 90


class Recent(NamedTuple):
    read: ScmsChain
    stressed: xarray.Dataset
    frame: pd.DataFrame


@pytest.fixture(scope="module")
def file(shared: Path) -> Path:
    path = shared / "data" / "scms_usaid" / NAME
    if not path.is_file():
        pytest.skip(f"no {path}")
    return path


@pytest.fixture(scope="module")
def frame(file: Path) -> pd.DataFrame:
    """Read the file by other means than the reader."""
    table = pd.read_csv(file, encoding="utf-8-sig", dtype=str, keep_default_na=False)
    for column in table.columns:
        table[column] = table[column].str.split().str.join(" ")
    table["value"] = pd.to_numeric(table["Line Item Value"])
    table["delivered"] = pd.to_datetime(table["Delivered to Client Date"], format="%d-%b-%y")
    ordered = table["PO Sent to Vendor Date"].str.replace(r"/(\d\d)$", r"/20\1", regex=True)
    table["days"] = (table["delivered"] - pd.to_datetime(ordered, format="%m/%d/%Y", errors="coerce")).dt.days
    dosage = table["Dosage"].where(table["Dosage"] != "N/A", "").replace("300/200mg", "200/300mg")
    form = table["Dosage Form"].where(table["Dosage Form"] == "Injection", "").str.lower()
    table["product"] = (table["Molecule/Test Type"] + " " + dosage + " " + form).str.split().str.join(" ")
    return table


@pytest.fixture(scope="module")
def read(file: Path) -> ScmsChain:
    return chain_from_scms(file)


@pytest.fixture(scope="module")
def recent(file: Path, frame: pd.DataFrame) -> Recent:
    read = chain_from_scms(file, since=SINCE)
    result = stress_supply_chain(read.chain, follow=0)
    assert result.status is Status.COMPLETE
    assert max(result.residuals.values()) < 1e-9
    return Recent(read, result.values, frame[frame["delivered"] >= pd.Timestamp(SINCE)])


@pytest.fixture(scope="module")
def page() -> str:
    """Return the text of the page in one line, because its sentences are wrapped."""
    return " ".join(PAGE.read_text(encoding="utf-8").split())


def plants(read: ScmsChain) -> list[str]:
    chain = read.chain
    return [chain.sites.labels[site] for site in np.unique(chain.stages.site[chain.depth == chain.depth.max()])]


def shares(frame: pd.DataFrame, column: str) -> dict[str, float]:
    """Share of each entry of a column in the value of all rows, the greatest first."""
    values = frame.groupby(column)["value"].sum().sort_values(ascending=False) / frame["value"].sum()
    return {str(name): float(value) for name, value in values.items()}


def makers(frame: pd.DataFrame) -> dict[str, set[str]]:
    """Plants of each product."""
    return {str(product): set(rows["Manufacturing Site"]) for product, rows in frame.groupby("product")}


def percent(share: float) -> str:
    return f"{100 * share:.1f} %"


def impact(stressed: xarray.Dataset, outage: str, recovery: str = "likely") -> float:
    return float(stressed["performance_impact"].sel(outage=outage, recovery=recovery))


def test_every_row_is_used(read: ScmsChain, frame: pd.DataFrame, page: str) -> None:
    assert (read.read, read.used, dict(read.put_aside)) == (len(frame), len(frame), {})
    assert len(frame) == 10_324
    assert f"All {len(frame):,} rows of the file can be used, worth USD {frame['value'].sum():,.0f};" in page


def test_all_that_was_paid_is_demand(read: ScmsChain, frame: pd.DataFrame) -> None:
    demands = read.chain.demands
    days = (frame["delivered"].max() - frame["delivered"].min()).days + 1
    paid = pd.Series(demands.quantity * demands.margin * days).groupby(list(demands.customer)).sum()
    pd.testing.assert_series_equal(paid, frame.groupby("Country")["value"].sum(), check_names=False, rtol=1e-9)


def test_sites_products_and_lanes_are_those_of_the_file(read: ScmsChain, frame: pd.DataFrame) -> None:
    chain = read.chain
    assert frame[["Manufacturing Site", "Vendor", "Country", "product"]].nunique().tolist() == [88, 73, 43, 126]
    unnamed = [label for label in plants(read) if label.endswith(": maker not named")]
    assert len(plants(read)) - len(unnamed) == 88 - 1
    assert len(unnamed) == frame.loc[frame["Manufacturing Site"] == "Not Applicable", "Vendor"].nunique()
    vendors = [label for label in chain.sites.labels if label.endswith(" (vendor)")]
    assert (len(vendors), len(set(chain.demands.customer)), len(chain.parts)) == (72, 43, 126)
    ways = frame.loc[frame["Shipment Mode"] != "N/A", ["Shipment Mode", "Country"]].drop_duplicates()
    labels = ways["Shipment Mode"].str.lower() + " to " + ways["Country"]
    assert set(chain.lanes.labels) <= set(labels)


def test_every_country_of_destination_has_its_code(read: ScmsChain) -> None:
    codes = dict(zip(read.chain.sites.labels, read.chain.sites.country, strict=True))
    assert all(codes[customer] for customer in read.chain.demands.customer)
    assert (codes["Côte d'Ivoire"], codes["Congo, DRC"], codes["Hetero Unit III Hyderabad IN"]) == ("CIV", "COD", "IND")
    assert (codes["MSD Manati, Puerto Rico, (USA)"], codes["MSD Midrand, J'burg, SA"]) == ("PRI", "ZAF")
    assert codes["ABBVIE (Abbott) Logis. UK"] == "GBR"
    assert sum(not codes[plant] for plant in plants(read)) == 23


def test_what_is_missing_is_counted(read: ScmsChain, frame: pd.DataFrame, page: str) -> None:
    freight, mode = frame["Freight Cost (USD)"], frame["Shipment Mode"].value_counts()
    remarks, direct = read.remarks, frame["Fulfill Via"] == "Direct Drop"
    assert mode.to_dict() == {"Air": 6113, "Truck": 2830, "Air Charter": 650, "Ocean": 371, "N/A": 360}
    assert remarks["shipment mode not given"] == mode["N/A"]
    assert remarks["from stock, so without an order to the vendor"] == (~direct).sum() == 5404
    assert remarks["date of order not captured"] == (frame["days"].isna() & direct).sum()
    assert remarks["ordered after the delivery"] == (frame["days"] < 0).sum()
    assert remarks["value of zero"] == (frame["value"] == 0).sum()
    assert remarks["manufacturing site not given"] == (frame["Manufacturing Site"] == "Not Applicable").sum()
    assert remarks["freight known"] == pd.to_numeric(freight, errors="coerce").notna().sum()
    assert remarks["freight included in the value"] == (freight == "Freight Included in Commodity Cost").sum()
    known = sum(count for what, count in remarks.items() if what.startswith("freight"))
    assert known == len(frame)
    for what, count in remarks.items():
        assert f"| {count:,} | {what}" in page


def test_all_freight_that_is_known_is_shared_out(read: ScmsChain, frame: pd.DataFrame) -> None:
    chain = read.chain
    days = (frame["delivered"].max() - frame["delivered"].min()).days + 1
    cost = pd.Series(chain.stages.added_cost[chain.demands.stage] * chain.demands.quantity * days)
    known = pd.to_numeric(frame["Freight Cost (USD)"], errors="coerce").sum()
    assert cost.sum() == pytest.approx(known, rel=1e-9)


def test_lead_times_are_those_of_the_dates(read: ScmsChain, frame: pd.DataFrame, page: str) -> None:
    dated = frame[frame["days"] >= 0]
    for mode, median in (("Air", 99), ("Air Charter", 64), ("Truck", 4), ("Ocean", 167)):
        days = dated.loc[dated["Shipment Mode"] == mode, "days"]
        low, middle, high = (float(days.quantile(share)) for share in (0.1, 0.5, 0.9))
        assert read.lead_days[mode] == pytest.approx((len(days), low, middle, high))
        assert middle == median
        assert f"| {mode} | {len(days):,} | {low:.0f} | {middle:.0f} | {high:.0f} |" in page


def test_lead_times_by_truck_are_those_of_two_wholesalers(frame: pd.DataFrame, page: str) -> None:
    dated = frame[(frame["days"] >= 0) & (frame["Shipment Mode"] == "Truck")]
    near = dated[dated["Vendor"].isin(["S. BUYS WHOLESALER", "PHARMACY DIRECT"])]
    assert set(near["Country"]) == {"South Africa"}
    assert f"{len(near)} of the {len(dated)} by truck come from two wholesalers in South Africa" in page
    assert f"{(near['days'] == 0).sum()} of them on the day of the order" in page


def test_days_of_order_have_the_month_first(frame: pd.DataFrame) -> None:
    cells = [cell for cell in frame["PO Sent to Vendor Date"] if re.fullmatch(r"\d\d/\d\d/\d{4}", cell)]
    weekend = {
        form: np.mean([datetime.strptime(cell, form).weekday() >= 5 for cell in cells])  # noqa: DTZ007 - days only
        for form in ("%m/%d/%Y", "%d/%m/%Y")
    }
    assert weekend["%m/%d/%Y"] < 0.005
    assert weekend["%d/%m/%Y"] > 0.2


def test_a_plant_without_a_second_source_costs_what_stocks_do_not_cover(recent: Recent) -> None:
    """Only plants without competitor, sold without a center on the way, by lanes that all take seven days."""
    read, stressed, frame = recent
    made_by, found = makers(frame), 0
    days = (frame["delivered"].max() - pd.Timestamp(SINCE)).days + 1
    for name, rows in frame.groupby("Manufacturing Site"):
        plant = str(name)
        alone = all(made_by[product] == {plant} for product in rows["product"])
        by_air = rows["Shipment Mode"].isin(["Air", "Air Charter"]).all()
        if alone and by_air and (rows["Fulfill Via"] == "Direct Drop").all():
            found += 1
            lost = float(rows["value"].sum()) / days * (LIKELY - STOCK - BY_AIR)
            assert impact(stressed, plant) == pytest.approx(lost, rel=1e-6), plant
            survived = stressed["survival_days"].sel(outage=plant).item()
            assert survived == pytest.approx(STOCK + BY_AIR, rel=1e-9)
    assert found >= 3
    assert read.chain.name == "SCMS deliveries 2013-2015"


def test_the_page_shows_the_costliest_plants(recent: Recent, page: str) -> None:
    read, stressed, since = recent
    share = shares(since, "Manufacturing Site")
    costliest = sorted(plants(read), key=lambda plant: -impact(stressed, plant))[:5]
    for plant in costliest:
        survived = stressed["survival_days"].sel(outage=plant).item()
        likely, high = (impact(stressed, plant, recovery) / 1e3 for recovery in ("likely", "high"))
        assert f"| {plant} | {100 * share[plant]:.1f} | {likely:,.0f} | {high:,.0f} | {survived:.0f} |" in page
    assert page.count("| 37 |") == len(costliest)


def test_the_page_shows_the_size_of_the_chain(recent: Recent, page: str) -> None:
    read, _, since = recent
    chain = read.chain
    assert (
        f"{read.used:,} rows, USD {since['value'].sum() / 1e6:.0f} million: {len(chain.sites)} sites, "
        f"{len(chain.parts)} products, {len(chain.stages)} stages, {len(chain.supplies):,} supplies."
    ) in page


def test_the_page_says_what_hangs_on_one_plant(recent: Recent, frame: pd.DataFrame, page: str) -> None:
    since = recent.frame
    by_plant, worth = shares(since, "Manufacturing Site"), shares(since, "product")
    assert list(by_plant)[:2] == ["Mylan (formerly Matrix) Nashik", "Hetero Unit III Hyderabad IN"]
    assert f"made {percent(sum(list(by_plant.values())[:2]))} of the value" in page
    lone = [product for product, plants_of in makers(since).items() if len(plants_of) == 1]
    dearest = max(lone, key=worth.__getitem__)
    assert dearest == "HIV 1/2, Determine Complete HIV Kit"
    assert f"*Determine Complete HIV Kit*, {percent(worth[dearest])} of the value" in page
    assert f"{len(lone)} of {len(worth)} products had one plant" in page
    assert f"together they are {percent(sum(worth[product] for product in lone))} of the value" in page
    tests = set(since.loc[since["Product Group"] == "HRDT", "product"])
    assert sum(worth[product] for product in lone if product in tests) > 0.9 * sum(worth[product] for product in lone)
    ever, worth_ever = makers(frame), shares(frame, "product")
    lone_ever = [product for product, plants_of in ever.items() if len(plants_of) == 1]
    part = percent(sum(worth_ever[product] for product in lone_ever))
    assert f"it is {len(lone_ever)} of {len(ever)}, and {part}" in page


def test_the_page_says_what_fails_together(recent: Recent, page: str) -> None:
    _, stressed, since = recent
    assert f"lose USD {impact(stressed, 'plants in India') / 1e6:.1f} million in 90 days" in page
    assert f"passed on {percent(shares(since, 'Fulfill Via')['From RDC'])} of the value" in page
    assert impact(stressed, CENTER) == 0
    assert f"over 90 days they cost USD {impact(stressed, CENTER, 'high') / 1e6:.1f} million" in page


def test_products_of_one_plant_are_single_points_of_failure(recent: Recent) -> None:
    read, stressed, since = recent
    points = pd.DataFrame({name: stressed[name].to_numpy() for name in ("cause_kind", "cause", "point_product")}).query(
        "cause_kind == 'site'"
    )
    for product, plants_of in makers(since).items():
        if len(plants_of) > 1:
            continue
        (plant,) = plants_of
        wanted = {label for label in read.chain.stage_labels if label.startswith(f"{product} @ ")}
        served = {read.chain.stage_labels[stage] for stage in read.chain.demands.stage}
        stopped = set(points.loc[points["cause"] == plant, "point_product"])
        assert wanted & served <= stopped, product


def test_the_page_says_what_is_assumed(page: str) -> None:
    assumed = ScmsAssumptions()
    for days in assumed.recovery_days.values():
        assert "/".join(f"{day:g}" for day in days) in page
    air, charter, truck, ocean = assumed.transit_days.values()
    assert f"air and air charter {air:g}, truck {truck:g}, ocean {ocean:g}." in page
    assert air == charter == BY_AIR
    assert f"{assumed.stock_days:g} days at the centers, {assumed.stock_days:g} in each country" in page
    assert f"{assumed.capacity_slack:g} times what it delivered" in page


def test_the_program_of_the_page_runs(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(file, tmp_path / NAME)
    monkeypatch.chdir(tmp_path)
    (block,) = [block for block in blocks(PAGE.read_text(encoding="utf-8")) if block.language == "py"]
    exec(compile(block.text, PAGE.name, "exec"), {})  # noqa: S102 - our own manual
    assert "3,810 of 10,324 rows are used." in capsys.readouterr().out
    assert check_chain("scms.xlsx") == ()
