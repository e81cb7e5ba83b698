"""The shipped defaults are what the source gives by the concordance."""

from __future__ import annotations

import csv
import statistics
from pathlib import Path

import pytest

from tenon.data import load, sector_parameters

HERE = Path(__file__).parent


def test_defaults_are_derived_from_the_source(shared: Path) -> None:
    file = shared / "data" / "disruption" / "boario" / "exiobase3_ixi_full_sectors.csv"
    with file.open(encoding="utf-8", newline="") as stream:
        source = {row[""]: row for row in csv.DictReader(stream)}
    with (HERE / "concordance.csv").open(encoding="utf-8", newline="") as stream:
        pairs = [(row["exiobase"], row["sector"]) for row in csv.DictReader(stream)]
    assert {exiobase for exiobase, _ in pairs} == set(source)
    first = dict(reversed(pairs))  # each EXIOBASE sector rebuilds once
    total = sum(float(row["rebuilding_factor"]) for row in source.values())
    for sector, parameters in sector_parameters(load()).items():
        rows = [source[exiobase] for exiobase, its in pairs if its == sector]

        def median(column: str, rows: list[dict[str, str]] = rows) -> float:
            return statistics.median(float(row[column]) for row in rows)

        rebuilt = sum(float(row["rebuilding_factor"]) for name, row in source.items() if first[name] == sector)
        assert parameters.inventory_days == median("inventory_size"), sector
        assert parameters.restocking_days == median("inventory_tau"), sector
        assert parameters.capital_to_value_added == pytest.approx(median("productive_capital_to_va_ratio")), sector
        assert parameters.rebuilding_share == pytest.approx(rebuilt / total, abs=1e-6), sector
