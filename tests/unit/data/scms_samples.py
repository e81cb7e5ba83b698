"""Made-up deliveries in the layout of the SCMS delivery history."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

HEAD = (
    "ID", "Project Code", "Country", "Fulfill Via", "Shipment Mode", "PO Sent to Vendor Date",
    "Delivered to Client Date", "Vendor", "Molecule/Test Type", "Dosage", "Dosage Form", "Unit of Measure (Per Pack)",
    "Line Item Quantity", "Line Item Value", "Manufacturing Site", "Freight Cost (USD)",
)  # fmt: skip
DIRECT = {
    "ID": "1", "Project Code": "P-1", "Country": "Kenya", "Fulfill Via": "Direct Drop", "Shipment Mode": "Air",
    "PO Sent to Vendor Date": "3/15/14", "Delivered to Client Date": "15-Jun-14", "Vendor": "Maker Ltd",
    "Molecule/Test Type": "Curamine", "Dosage": "600mg", "Dosage Form": "Tablet", "Unit of Measure (Per Pack)": "30",
    "Line Item Quantity": "100", "Line Item Value": "300", "Manufacturing Site": "Maker, Goa, India",
    "Freight Cost (USD)": "60",
}  # fmt: skip
STOCK = DIRECT | {
    "ID": "2", "Fulfill Via": "From RDC", "Shipment Mode": "Truck", "PO Sent to Vendor Date": "N/A - From RDC",
    "Delivered to Client Date": "14-Jun-15", "Vendor": "SCMS from RDC", "Line Item Quantity": "50",
    "Line Item Value": "90", "Freight Cost (USD)": "See DN-7 (ID#:1)",
}  # fmt: skip
TEST = DIRECT | {
    "ID": "3", "Country": "Haiti", "Shipment Mode": "Ocean", "PO Sent to Vendor Date": "01/02/2014",
    "Molecule/Test Type": "Quick Kit", "Dosage": "N/A", "Dosage Form": "Test kit", "Unit of Measure (Per Pack)": "20",
    "Vendor": "Tester", "Manufacturing Site": "Tester Plc", "Freight Cost (USD)": "Invoiced Separately",
}  # fmt: skip
ROWS = (DIRECT, STOCK, TEST)


def write_rows(path: Path, rows: Sequence[dict[str, str]] = ROWS) -> Path:
    """Write a file as USAID does: UTF-8 with a byte-order mark."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, HEAD)
        writer.writeheader()
        writer.writerows(rows)
    return path
