"""The way back: positions become names, and bills are written once where sites agree."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tenon.data.chain_rows import chain_rows
from tests.chains import V3, V5, chain_of


def test_activities_follow_from_what_a_stage_needs() -> None:
    rows = chain_rows(V5)["production"]
    assert [(row["site"], row["activity"]) for row in rows] == [
        ("X", "buys in"), ("S1", "makes"), ("S2", "makes"), ("P", "makes"),
    ]  # fmt: skip


def test_a_bill_is_written_once_where_sites_agree() -> None:
    rows = chain_rows(V5)["bill of materials"]
    assert [(row["site"], row["part"], row["input"]) for row in rows] == [(None, "s", "x"), (None, "P", "s")]


def test_a_bill_is_written_for_each_site_where_they_differ() -> None:
    chain = replace(V5, inputs=replace(V5.inputs, units=np.array([1.0, 2.0, 1.0])))
    rows = chain_rows(chain)["bill of materials"]
    assert [(row["site"], row["units"]) for row in rows] == [("S1", 1.0), ("S2", 2.0), (None, 1.0)]


def test_bills_that_would_run_in_a_loop_name_their_sites() -> None:
    """A makes b of a at one site, another makes a of b: no loop of supplies, but one of bills without sites."""
    chain = chain_of(
        [("A0", 1, 1), ("B", 1, 1), ("A1", 1, 1), ("END", 1, 1)],
        [("A0", "B", "a", 1), ("B", "A1", "b", 1), ("A1", "END", "a", 1)],
        [("END", 1, 1)],
    )
    assert [row["site"] for row in chain_rows(chain)["bill of materials"]] == ["B", "A1", "END"]


def test_unlimited_and_unknown_figures_are_blank() -> None:
    rows = chain_rows(V3)
    assert rows["sites"][0]["latitude"] is None
    assert rows["sites"][0]["shared capacity"] is None
    assert rows["suppliers"][0]["share"] is None
    assert rows["suppliers"][0]["lane"] is None
