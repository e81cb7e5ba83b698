"""Rows of the SCMS delivery history: dates, references and gaps are read, and other files are refused by name."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tenon.data.scms_rows import deliveries_of, read_scms_rows
from tenon.schema import SourceError
from tests.unit.data.scms_samples import DIRECT, HEAD, ROWS, STOCK, TEST, write_rows


def test_a_delivery_is_counted_in_tablets_and_tests() -> None:
    (direct, stock, test), aside, _ = deliveries_of(ROWS)
    assert (direct.units, direct.value, direct.product) == (3000, 300, "Curamine 600mg")
    assert (test.units, test.product) == (2000, "Quick Kit")
    assert (direct.from_stock, stock.from_stock) == (False, True)
    assert not aside


def test_days_of_order_have_the_month_first_in_both_forms() -> None:
    found, _, _ = deliveries_of(ROWS)
    assert [delivery.ordered for delivery in found] == [date(2014, 3, 15), None, date(2014, 1, 2)]
    assert [delivery.lead_days for delivery in found] == [92, None, 164]


@pytest.mark.parametrize(
    ("cell", "remark"),
    [("Date Not Captured", "date of order not captured"), ("6/16/14", "ordered after the delivery")],
)
def test_an_order_without_a_lead_time_is_remarked(cell: str, remark: str) -> None:
    (delivery,), _, remarks = deliveries_of([DIRECT | {"PO Sent to Vendor Date": cell}])
    assert delivery.lead_days is None
    assert remarks[remark] == 1


def test_freight_is_shared_among_the_rows_of_a_consignment_by_value() -> None:
    found, _, remarks = deliveries_of(ROWS)
    assert [delivery.freight for delivery in found] == [pytest.approx(60 * 300 / 390), pytest.approx(60 * 90 / 390), 0]
    assert remarks["freight known"] == remarks["freight known from another row of the consignment"] == 1
    assert remarks["freight invoiced separately, so unknown"] == 1


def test_freight_of_goods_without_value_is_shared_evenly() -> None:
    found, _, _ = deliveries_of([row | {"Line Item Value": "0"} for row in ROWS])
    assert [delivery.freight for delivery in found] == [30, 30, 0]


@pytest.mark.parametrize(
    ("cell", "remark"),
    [
        ("See ASN-9 (ID#:77)", "freight refers to no row of the file"),
        ("See ASN-9 (ID#:1)", "freight refers to no row of the file"),
        ("Freight Included in Commodity Cost", "freight included in the value"),
        ("soon", "freight unknown"),
    ],
)
def test_freight_that_cannot_be_known_is_remarked(cell: str, remark: str) -> None:
    (delivery,), _, remarks = deliveries_of([DIRECT | {"Freight Cost (USD)": cell}])
    assert delivery.freight == 0
    assert remarks[remark] == 1


def test_references_that_lead_in_a_circle_come_to_an_end() -> None:
    rows = [DIRECT | {"Freight Cost (USD)": "See DN-7 (ID#:2)"}, STOCK]
    _, _, remarks = deliveries_of(rows)
    assert remarks["freight refers to no row of the file"] == 2


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("Country", "", "no Country"),
        ("Vendor", "N/A", "no Vendor"),
        ("Fulfill Via", "Post", "Fulfill Via is neither From RDC nor Direct Drop"),
        ("Delivered to Client Date", "Date Not Captured", "no date of delivery"),
        ("Delivered to Client Date", "31-Feb-14", "no date of delivery"),
        ("Line Item Quantity", "0", "no quantity above zero"),
        ("Line Item Quantity", "inf", "no quantity above zero"),
        ("Unit of Measure (Per Pack)", "box", "no quantity above zero"),
        ("Line Item Value", "-1", "no value"),
    ],
)
def test_a_row_that_cannot_be_used_is_put_aside_with_its_reason(column: str, cell: str, reason: str) -> None:
    found, aside, _ = deliveries_of([DIRECT | {column: cell}, TEST])
    assert [delivery.product for delivery in found] == ["Quick Kit"]
    assert dict(aside) == {reason: 1}


def test_rows_outside_the_period_are_put_aside() -> None:
    found, aside, _ = deliveries_of(ROWS, since=date(2014, 6, 16), until=date(2015, 6, 14))
    assert [delivery.delivered for delivery in found] == [date(2015, 6, 14)]
    assert dict(aside) == {"delivered outside the period": 2}


@pytest.mark.parametrize(
    ("column", "cell", "remark"),
    [
        ("Shipment Mode", "N/A", "shipment mode not given"),
        ("Shipment Mode", "Mule", "shipment mode 'Mule' not known"),
        ("Manufacturing Site", "Not Applicable", "manufacturing site not given"),
        ("Line Item Value", "0", "value of zero"),
    ],
)
def test_what_is_missing_in_a_row_that_is_used_is_remarked(column: str, cell: str, remark: str) -> None:
    _, aside, remarks = deliveries_of([DIRECT | {column: cell}])
    assert not aside
    assert remarks[remark] == 1


def test_one_medicine_with_its_strengths_in_another_order_is_one_product() -> None:
    pair = {"Molecule/Test Type": "Emtricitabine/Tenofovir Disoproxil Fumarate", "Dosage": "300/200mg"}
    (delivery,), _, remarks = deliveries_of([DIRECT | pair])
    assert delivery.product == "Emtricitabine/Tenofovir Disoproxil Fumarate 200/300mg"
    assert remarks["strengths named in another order"] == 1


def test_an_injection_is_no_substitute_for_a_syrup_of_the_same_strength() -> None:
    (delivery,), _, _ = deliveries_of([DIRECT | {"Dosage": "10mg/ml", "Dosage Form": "Injection"}])
    assert delivery.product == "Curamine 10mg/ml injection"


def test_cells_are_read_without_blanks_around_them_and_with_accents(tmp_path: Path) -> None:
    file = write_rows(tmp_path / "scms.csv", [DIRECT | {"Vendor": " Maker   Ltd ", "Country": "Côte d'Ivoire"}])
    (row,) = read_scms_rows(file)
    assert (row["Vendor"], row["Country"], row["ID"]) == ("Maker Ltd", "Côte d'Ivoire", "1")


def test_a_missing_file_is_refused_with_where_it_comes_from(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"does not exist .*the SCMS delivery history of USAID \(SCMS_Delivery_Hist"):
        read_scms_rows(tmp_path / "scms.csv")


@pytest.mark.parametrize(("delimiter", "name"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_another_delimiter_is_refused_by_name(tmp_path: Path, delimiter: str, name: str) -> None:
    file = tmp_path / "scms.csv"
    file.write_text(delimiter.join(HEAD) + "\n", encoding="utf-8")
    with pytest.raises(SourceError, match=f"separates its cells by {name}, but .* Save it with commas"):
        read_scms_rows(file)


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
def test_another_encoding_is_refused(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "scms.csv"
    file.write_text(",".join(HEAD) + "\nCôte d'Ivoire", encoding=encoding)
    with pytest.raises(SourceError, match=r"is not written in UTF-8.* at byte \d+\. Get the file again"):
        read_scms_rows(file)


def test_a_missing_column_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "scms.csv"
    file.write_text("ID,Country,Price\n", encoding="utf-8")
    with pytest.raises(SourceError, match=r"the column 'Fulfill Via' is missing \(of 15 .*, 13 are\)"):
        read_scms_rows(file)


def test_a_row_of_another_length_is_refused(tmp_path: Path) -> None:
    file = write_rows(tmp_path / "scms.csv")
    with file.open("a", encoding="utf-8") as stream:
        stream.write("4,Kenya\n")
    with pytest.raises(SourceError, match="row 5: 16 cells were expected as in the heading, but 2 came"):
        read_scms_rows(file)


def test_an_id_that_stands_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="the ID '1' stands twice"):
        read_scms_rows(write_rows(tmp_path / "scms.csv", [DIRECT, DIRECT]))
