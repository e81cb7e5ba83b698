from __future__ import annotations

import base64
import csv
import io
import math

from tenon.report.tables import Column, Table, csv_text, data_uri, slug

TABLE = Table(
    "losses",
    "Losses",
    (
        Column("Region"),
        Column("Loss", "USD million", "{:.0f}".format, "USD billion", missing="none"),
        Column("Why", "", "{:.1f}".format, file_only=True),
    ),
    (("Côte, d'Ivoire", 1234.56789, 0.1), ("日本", math.nan, None), ("c", 1e-9, 2)),
    shown=2,
)


def test_the_page_shows_the_first_rows_and_leaves_out_columns_of_the_file() -> None:
    assert TABLE.displayed() == [["Côte, d'Ivoire", "1235"], ["日本", "none"]]
    assert [column.title for column in TABLE.heads()] == ["Region", "Loss"]


def test_the_file_holds_all_rows_and_columns_with_units() -> None:
    rows = list(csv.reader(io.StringIO(csv_text(TABLE))))
    assert rows[0] == ["Region", "Loss (USD million)", "Why"]
    assert rows[1:] == [["Côte, d'Ivoire", "1234.57", "0.1"], ["日本", "", ""], ["c", "1e-09", "2"]]


def test_the_link_is_utf8_with_a_byte_order_mark() -> None:
    head, _, content = data_uri(TABLE).partition(",")
    assert head == "data:text/csv;charset=utf-8;base64"
    raw = base64.b64decode(content)
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.decode("utf-8-sig") == csv_text(TABLE)


def test_long_series_show_every_so_many_row() -> None:
    table = Table("days", "Days", (Column("Day", show=str),), tuple((day,) for day in range(10)), every=4)
    assert table.displayed() == [["0.0"], ["4.0"], ["8.0"]]


def test_a_text_without_latin_letters_has_a_slug_too() -> None:
    assert (slug("东京"), slug("Côte d'Ivoire")) == ("x", "cote-d-ivoire")
