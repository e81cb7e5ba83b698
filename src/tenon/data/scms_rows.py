"""The rows of the SCMS delivery history: reading them, and saying what became of each.

One row is one line of one delivery. The file is CSV in UTF-8, with a byte-order mark. Dates come in three forms: days
of delivery as ``02-Jun-06``; days of order as ``6/23/14`` or ``06/09/2014``, both with the month first. Read with the
day first, a fifth of the days of the last form would be Saturdays and Sundays, and a quarter would lie after the
delivery; with the month first, one in two hundred is at a weekend, and one lies after the delivery.

Freight is written once for a consignment; its other rows say ``See ASN-93 (ID#:1281)``. It is shared out among all
rows of the consignment by their values.
"""

from __future__ import annotations

import csv
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tenon.data.sources import file_or_refuse
from tenon.schema.errors import SourceError

__all__ = ["SHIPMENT_MODES", "ScmsDelivery", "deliveries_of", "read_scms_rows"]

SHIPMENT_MODES = ("Air", "Air Charter", "Truck", "Ocean")
"""What ``Shipment Mode`` may say."""

_WHAT = (
    "the SCMS delivery history of USAID (SCMS_Delivery_History_Dataset.csv, a work of the US government that "
    "public data repositories hold under this name)"
)
_FROM_STOCK, _DIRECT = "From RDC", "Direct Drop"
_COLUMNS = (
    "ID", "Country", "Fulfill Via", "Shipment Mode", "PO Sent to Vendor Date", "Delivered to Client Date", "Vendor",
    "Molecule/Test Type", "Dosage", "Dosage Form", "Unit of Measure (Per Pack)", "Line Item Quantity",
    "Line Item Value", "Manufacturing Site", "Freight Cost (USD)",
)  # fmt: skip
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAY_OF_DELIVERY = re.compile(r"(\d{1,2})-([A-Z][a-z]{2})-(\d{2})")
_DAY_OF_ORDER = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{2}|\d{4})")
_CONSIGNMENT = re.compile(r"See .+ \(ID#:(\d+)\)")
_SHORT = 2
_NONE = frozenset({"", "N/A", "Not Applicable"})
# Brand-name rows of one medicine name its two strengths in the other order; their item descriptions do not.
_SAME_STRENGTH = {
    "Emtricitabine/Tenofovir Disoproxil Fumarate 300/200mg": "Emtricitabine/Tenofovir Disoproxil Fumarate 200/300mg"
}

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScmsDelivery:
    """One line of one delivery.

    Parameters
    ----------
    country, vendor, plant, product : str
        Destination, who sold, who made (blank where the file names nobody), and what.
    from_stock : bool
        Whether it came from a regional distribution center.
    mode : str
        ``Air``, ``Air Charter``, ``Truck`` or ``Ocean``; blank where the file has none.
    ordered : date or None
        Day on which the purchase order was sent to the vendor; none where the file has none.
    delivered : date
        Day of delivery to the client.
    units : float, units
        Tablets, capsules, millilitres or tests: packs times units in a pack.
    value, freight : float, USD
        What the goods cost, and this row's part of the freight of its consignment.
    """

    country: str
    vendor: str
    plant: str
    product: str
    from_stock: bool
    mode: str
    ordered: date | None
    delivered: date
    units: float
    value: float
    freight: float

    @property
    def lead_days(self) -> int | None:
        """Days from order to delivery; none where there is no order date, or it lies after the delivery."""
        if self.ordered is None or self.ordered > self.delivered:
            return None
        return (self.delivered - self.ordered).days


def read_scms_rows(path: str | Path) -> list[Row]:
    """Read the file as text.

    Parameters
    ----------
    path : str or Path
        The CSV file.

    Returns
    -------
    list of mapping of str to str
        Cells of each row by column, without blanks around them.

    Raises
    ------
    SourceError
        If the file is missing or empty, its encoding, its delimiter, a column or the length of a row is not as
        published, or an ID stands twice.
    """
    file = file_or_refuse(path, _WHAT)
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(_rows(csv.reader(stream), file))
    except UnicodeDecodeError as error:
        message = (
            f"{file} is not written in UTF-8, in which {_WHAT} is published: {error.reason} at byte {error.start}. "
            "Get the file again, or save it as CSV in UTF-8."
        )
        raise SourceError(message) from error
    seen = Counter(row["ID"] for row in rows)
    if len(seen) < len(rows):
        message = (
            f"{file}: the ID {seen.most_common(1)[0][0]!r} stands twice. Remove the copies, or get the file again."
        )
        raise SourceError(message)
    return rows


def _rows(lines: Iterator[list[str]], file: Path) -> Iterator[Row]:
    names = next(lines, [])
    _check_delimiter(names, file)
    head = [_text(name) for name in names]
    _check_head(head, file)
    for number, cells in enumerate(lines, start=2):
        if len(cells) != len(head):
            message = (
                f"{file}, row {number}: {len(head)} cells were expected as in the heading, but {len(cells)} came. Get "
                "the file again."
            )
            raise SourceError(message)
        yield dict(zip(head, map(_text, cells), strict=True))


def _check_delimiter(head: Sequence[str], file: Path) -> None:
    for delimiter, name in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if len(head) == 1 and delimiter in head[0]:
            message = f"{file} separates its cells by {name}, but {_WHAT} does so by commas. Save it with commas."
            raise SourceError(message)


def _check_head(head: Sequence[str], file: Path) -> None:
    missing = [column for column in _COLUMNS if column not in head]
    if missing:
        message = (
            f"{file} is not {_WHAT}: the column {missing[0]!r} is missing (of {len(_COLUMNS)} columns that are read, "
            f"{len(missing)} are). Its columns are {', '.join(head[:6])} ..."
        )
        raise SourceError(message)


def _text(cell: str) -> str:
    return " ".join(cell.split())


def deliveries_of(
    rows: Sequence[Row], *, since: date | None = None, until: date | None = None
) -> tuple[list[ScmsDelivery], Counter[str], Counter[str]]:
    """Turn rows into deliveries, and count what could not be used and what was not taken as it stands.

    Parameters
    ----------
    rows : sequence of mapping of str to str
        As :func:`read_scms_rows` returns them.
    since, until : date, optional
        First and last day of delivery to count.

    Returns
    -------
    list of ScmsDelivery
        Those that can be used, in the order of the file.
    Counter of str
        Rows put aside, by reason.
    Counter of str
        Rows used although something is missing in them or was taken otherwise, by what that is.
    """
    used: list[ScmsDelivery] = []
    aside: Counter[str] = Counter()
    remarks: Counter[str] = Counter()
    for row, (freight, about_freight) in zip(rows, _freight(rows), strict=True):
        delivered, reason = _delivery_date(row["Delivered to Client Date"]), _unusable(row)
        if reason or delivered is None:
            aside[reason or "no date of delivery"] += 1
            continue
        if (since and delivered < since) or (until and delivered > until):
            aside["delivered outside the period"] += 1
            continue
        delivery = _delivery(row, delivered, freight)
        used.append(delivery)
        remarks[about_freight] += 1
        remarks.update(_remarks(row, delivery))
    return used, aside, remarks


def _unusable(row: Row) -> str:
    for column in ("Country", "Vendor", "Molecule/Test Type"):
        if row[column] in _NONE:
            return f"no {column}"
    if row["Fulfill Via"] not in {_FROM_STOCK, _DIRECT}:
        return f"Fulfill Via is neither {_FROM_STOCK} nor {_DIRECT}"
    if not (_number(row["Line Item Quantity"]) > 0 and _number(row["Unit of Measure (Per Pack)"]) > 0):
        return "no quantity above zero"
    return "" if _number(row["Line Item Value"]) >= 0 else "no value"


def _delivery(row: Row, delivered: date, freight: float) -> ScmsDelivery:
    product = _product(row)
    return ScmsDelivery(
        country=row["Country"],
        vendor=row["Vendor"],
        plant="" if row["Manufacturing Site"] in _NONE else row["Manufacturing Site"],
        product=_SAME_STRENGTH.get(product, product),
        from_stock=row["Fulfill Via"] == _FROM_STOCK,
        mode=row["Shipment Mode"] if row["Shipment Mode"] in SHIPMENT_MODES else "",
        ordered=_order_date(row["PO Sent to Vendor Date"]),
        delivered=delivered,
        units=_number(row["Line Item Quantity"]) * _number(row["Unit of Measure (Per Pack)"]),
        value=_number(row["Line Item Value"]),
        freight=freight,
    )


def _product(row: Row) -> str:
    """Return medicine and strength, or test: goods that stand in for each other, whoever makes and packs them."""
    words = [row["Molecule/Test Type"]]
    if row["Dosage"] not in _NONE:
        words.append(row["Dosage"])
    if row["Dosage Form"] == "Injection":
        words.append("injection")
    return " ".join(words)


def _remarks(row: Row, delivery: ScmsDelivery) -> Iterator[str]:
    if not delivery.mode:
        blank = row["Shipment Mode"] in _NONE
        yield "shipment mode not given" if blank else f"shipment mode {row['Shipment Mode']!r} not known"
    if not delivery.plant:
        yield "manufacturing site not given"
    if not delivery.value:
        yield "value of zero"
    if _product(row) != delivery.product:
        yield "strengths named in another order"
    if delivery.from_stock:
        yield "from stock, so without an order to the vendor"
    elif delivery.ordered is None:
        yield "date of order not captured"
    elif delivery.lead_days is None:
        yield "ordered after the delivery"


def _freight(rows: Sequence[Row]) -> list[tuple[float, str]]:
    """Return each row's part of the freight of its consignment in USD, and how it is known."""
    by_id = {row["ID"]: row for row in rows}
    heads = [_head_of(row, by_id) for row in rows]
    worth: dict[str, float] = defaultdict(float)
    members: Counter[str] = Counter()
    for row, head in zip(rows, heads, strict=True):
        worth[head["ID"]] += _worth(row)
        members[head["ID"]] += 1
    found = []
    for row, head in zip(rows, heads, strict=True):
        paid, total = _number(head["Freight Cost (USD)"]), worth[head["ID"]]
        part = _worth(row) / total if total > 0 else 1 / members[head["ID"]]
        known = "freight known" if head is row else "freight known from another row of the consignment"
        found.append((paid * part, known) if paid >= 0 else (0.0, _no_freight(head["Freight Cost (USD)"])))
    return found


def _head_of(row: Row, by_id: Mapping[str, Row]) -> Row:
    """Follow references to the row with the freight of the consignment; stop where one leads nowhere or back."""
    seen = {row["ID"]}
    while (match := _CONSIGNMENT.fullmatch(row["Freight Cost (USD)"])) and match[1] in by_id and match[1] not in seen:
        row = by_id[match[1]]
        seen.add(row["ID"])
    return row


def _worth(row: Row) -> float:
    value = _number(row["Line Item Value"])
    return value if value > 0 else 0.0


def _no_freight(cell: str) -> str:
    known = {"Freight Included in Commodity Cost": "freight included in the value",
             "Invoiced Separately": "freight invoiced separately, so unknown"}  # fmt: skip
    return known.get(cell, "freight refers to no row of the file" if cell.startswith("See ") else "freight unknown")


def _number(cell: str) -> float:
    """Return a finite number, NaN for anything else."""
    try:
        value = float(cell)
    except ValueError:
        return math.nan
    return value if math.isfinite(value) else math.nan


def _delivery_date(cell: str) -> date | None:
    match = _DAY_OF_DELIVERY.fullmatch(cell)
    if match is None or match[2] not in _MONTHS:
        return None
    return _date(match[3], _MONTHS.index(match[2]) + 1, match[1])


def _order_date(cell: str) -> date | None:
    match = _DAY_OF_ORDER.fullmatch(cell)
    return None if match is None else _date(match[3], int(match[1]), match[2])


def _date(year: str, month: int, day: str) -> date | None:
    try:
        return date(int(year) if len(year) > _SHORT else 2000 + int(year), month, int(day))
    except ValueError:
        return None
