"""The language of a workbook, and the sentences that are said of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tenon.data import Language, workbook_language, write_chain_template
from tenon.data.chain_language import CHAIN_LANGUAGES, closest, workbook_words
from tenon.schema import LabelError
from tests.unit.data.chain_workbooks import Sheets, above, both, move, put, rename, small, write_folder, write_workbook


@pytest.mark.parametrize("language", CHAIN_LANGUAGES)
@pytest.mark.parametrize("name", ["mine.xlsx", "mine"])
def test_the_language_of_a_template_is_told(name: str, language: Language, tmp_path: Path) -> None:
    assert workbook_language(write_chain_template(tmp_path / name, language=language)) == language


def test_headings_decide_where_sheets_have_names_of_ones_own(tmp_path: Path) -> None:
    sheets: Sheets = {"Sheet1": [["站点", "恢复时间 (天)"], ["mine", 3]]}
    assert workbook_language(write_workbook(tmp_path / "a.xlsx", sheets)) == "zh"
    assert workbook_language(write_folder(tmp_path / "a", sheets)) == "zh"


def test_most_names_decide_where_languages_are_mixed(tmp_path: Path) -> None:
    sheets = small()
    both(move("lanes", "线路"), rename("sites", "site", "站点"), above("demand", "去年的需求"))(sheets)
    assert workbook_language(write_workbook(tmp_path / "a.xlsx", sheets)) == "en"


def test_what_stands_in_cells_says_nothing(tmp_path: Path) -> None:
    sheets = small()
    for row in (2, 3, 4, 5):
        put("sites", row, "site", f"{row} 号工厂")(sheets)
    assert workbook_language(write_workbook(tmp_path / "a.xlsx", sheets)) == "en"


@pytest.mark.parametrize("name", ["none.xlsx", "letter.xlsx", "chain.ods"])
def test_of_a_file_that_cannot_be_read_one_speaks_english(name: str, tmp_path: Path) -> None:
    (tmp_path / "letter.xlsx").write_text("hello", encoding="utf-8")
    write_workbook(tmp_path / "a.xlsx", small()).rename(tmp_path / "chain.ods")
    assert workbook_language(tmp_path / name) == "en"


def test_another_language_is_refused() -> None:
    with pytest.raises(LabelError, match=r"in no language 'de'; did you mean 'en'\?"):
        workbook_words("de")


@pytest.mark.parametrize(
    ("known", "advice"),
    [
        ((), "None are known."),
        (("mine", "plant"), "Did you mean 'mine'?"),
        (("a", "b"), "Known are: a, b."),
        (tuple("abcde"), "Known are: a, b, c, d, ..."),
    ],
)
def test_advice_names_the_nearest_or_the_first(known: tuple[str, ...], advice: str) -> None:
    assert workbook_words("en").advice("Mien", known) == advice


def test_a_name_must_be_like_enough() -> None:
    assert closest("mien", ["mine"], 0.9) is None


def test_a_sentence_behind_a_colon_begins_small() -> None:
    words = workbook_words("en")
    assert words.within("Most that can pass.", "") == "most that can pass."
    assert words.within("ISO code.", "") == "ISO code."
