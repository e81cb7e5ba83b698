from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tenon.data import read_essentiality, read_firms
from tenon.schema import LabelError, SourceError, SparseLinks

FIRMS = "firm,sector,region,revenue\nfarm,grain,north,3650\nmill,flour,south,7300\nbakery,bread,south,9000\n"
LINKS = "supplier,buyer,amount\nfarm,mill,1825\nmill,bakery,3650\n"


def written(folder: Path, firms: str = FIRMS, links: str = LINKS) -> Path:
    (folder / "firms.csv").write_text(firms, encoding="utf-8")
    (folder / "links.csv").write_text(links, encoding="utf-8")
    return folder


def test_a_network_is_read_with_flows_per_day(tmp_path: Path) -> None:
    network = read_firms(written(tmp_path))
    assert network.agents == ("farm", "mill", "bakery")
    assert network.products == ("bread", "flour", "grain")
    assert network.product.tolist() == [2, 1, 0]
    assert network.regions == ("north", "south")
    assert isinstance(network.links, SparseLinks)
    assert network.links.flow.tolist() == [5.0, 10.0]
    np.testing.assert_allclose(network.final_demand[:, 0] * 365, [1825, 3650, 9000])
    np.testing.assert_allclose(network.value_added * 365, [3650, 5475, 5350])


def test_a_pair_of_files_is_read_like_a_folder(tmp_path: Path) -> None:
    written(tmp_path)
    (tmp_path / "links.csv").rename(tmp_path / "sales.csv")
    network = read_firms(tmp_path / "firms.csv", tmp_path / "sales.csv")
    assert network.source == "firms.csv and sales.csv"


def test_columns_may_stand_in_any_order_and_region_and_revenue_may_be_absent(tmp_path: Path) -> None:
    firms = "\ufeffsector, firm\n1,007\n2,008\n"
    network = read_firms(written(tmp_path, firms, "amount,buyer,supplier\n2,008,007\n"))
    assert network.agents == ("007", "008")
    assert network.regions == ("all",)
    assert not network.final_demand.any()


@pytest.mark.parametrize(
    ("firms", "links", "error", "message"),
    [
        ("firm,branch\na,b\n", LINKS, SourceError, r"column 'sector' is missing; it has 'firm', 'branch'"),
        ("firm,sector,turnover\na,b,1\n", LINKS, SourceError, r"unknown column 'turnover'.*Rename or remove"),
        ("firm,sector\n", LINKS, SourceError, r"has no line below its head"),
        (FIRMS + "farm,grain,north,1\n", LINKS, LabelError, r"lines 2 and 5: firm 'farm' stands twice"),
        (FIRMS + " ,grain,north,1\n", LINKS, SourceError, r"line 5: firm is blank"),
        (
            FIRMS + "inn,food,north,much\n",
            LINKS,
            SourceError,
            r"line 5: revenue must be .* not negative, but is 'much'",
        ),
        (FIRMS, LINKS + "farm,mil,1\n", LabelError, r"line 4: buyer 'mil' is not among the firms .*'mill'"),
        (FIRMS, LINKS + "mill,mill,1\n", SourceError, r"line 4: firm 'mill' sells to itself"),
        (FIRMS, LINKS + "farm,mill,1\n", SourceError, r"lines 2 and 4: 'farm' sells to 'mill' twice"),
        (FIRMS, LINKS + "farm,bakery,0\n", SourceError, r"line 4: amount must be a number above zero, but is '0'"),
        (FIRMS, LINKS + 'farm,bakery,"1,5"\n', SourceError, r"but is '1,5'.* without separators of thousands"),
        (FIRMS, LINKS + "farm,bakery,9999\n", SourceError, r"'farm' has a revenue of 3650, but sells 11824 to firms"),
        (FIRMS, "", SourceError, r"links\.csv is empty"),
    ],
)
def test_what_contradicts_itself_is_refused_by_its_line(
    tmp_path: Path, firms: str, links: str, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        read_firms(written(tmp_path, firms, links))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"firms\.csv does not exist .*the list of firms \(firm, sector\)"):
        read_firms(tmp_path)


def test_a_matrix_of_essentiality_is_put_in_the_order_of_the_sectors(tmp_path: Path) -> None:
    file = tmp_path / "needs.csv"
    file.write_text(",flour,grain,other\ngrain,2,0,1\nflour,1,2,1\nother,0,0,0\n", encoding="utf-8")
    assert read_essentiality(file, ["flour", "grain"]).tolist() == [[1, 2], [2, 0]]


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        (
            ",flour\nflour,1\n",
            LabelError,
            r"rows: sector 'grain' is missing; did you mean|rows: sector 'grain' is missing",
        ),
        (",flour,grain,grain\nflour,1,1,1\ngrain,1,1,1\n", LabelError, r"columns: 'grain' stands twice"),
        (",flour,grain\nflour,1,3\ngrain,1,1\n", SourceError, r"row 'flour', column 'grain': .* but is 3"),
    ],
)
def test_a_wrong_matrix_of_essentiality_is_refused(
    tmp_path: Path, text: str, error: type[Exception], message: str
) -> None:
    file = tmp_path / "needs.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(error, match=message):
        read_essentiality(file, ["flour", "grain"])
