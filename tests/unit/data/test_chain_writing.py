"""Workbooks that are written read the same again, and nothing is written over."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from tenon.data import Language, check_chain, example_chain, read_chain, write_chain, write_chain_template
from tenon.data.chain_words import chain_sheets
from tenon.schema import Group, LabelError, StorageError, SupplyChain
from tests.chains import CASES, V3, V5

LANGUAGES: tuple[Language, ...] = ("en", "zh")


def differences(one: Any, other: Any, place: str = "") -> list[str]:
    """Return where two chains differ."""
    found = []
    for field in fields(one):
        here, there, name = getattr(one, field.name), getattr(other, field.name), f"{place}{field.name}"
        if is_dataclass(here):
            found += differences(here, there, f"{name}.")
        elif isinstance(here, np.ndarray):
            found += [] if np.array_equal(here, there, equal_nan=here.dtype.kind == "f") else [name]
        else:
            found += [] if here == there else [name]
    return found


def test_differences_are_seen() -> None:
    assert differences(V5, replace(V5, name="other", stages=replace(V5.stages, stock=np.zeros(4)))) == [
        "name",
        "stages.stock",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["example.xlsx", "example"])
def test_the_example_reads_the_same_again(name: str, language: Language, tmp_path: Path) -> None:
    written = write_chain(example_chain(), tmp_path / name, language=language)
    assert differences(example_chain(), read_chain(written)) == []
    assert check_chain(written) == ()


@pytest.mark.parametrize("case", CASES)
def test_the_small_chains_read_the_same_again(case: str, tmp_path: Path) -> None:
    chain = CASES[case].chain
    assert differences(chain, read_chain(write_chain(chain, tmp_path / "a.xlsx"))) == []


def test_a_workbook_keeps_sixteen_digits_and_a_folder_all(tmp_path: Path) -> None:
    chain = replace(V5, stages=replace(V5.stages, stock=np.array([0.1 + 0.2, 1 / 3, 2e-300, 123456789.123456789])))
    assert differences(chain, read_chain(write_chain(chain, tmp_path / "a"))) == []
    stock = read_chain(write_chain(chain, tmp_path / "a.xlsx")).stages.stock
    np.testing.assert_allclose(stock, chain.stages.stock, rtol=1e-15)


amounts = st.floats(min_value=0, max_value=1e12)
labels = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    figures=st.lists(amounts, min_size=6, max_size=6),
    share=st.floats(min_value=0, max_value=1),
    names=st.lists(labels, min_size=2, max_size=2, unique=True),
    rate=st.floats(min_value=0, max_value=366),
)
def test_any_chain_that_can_be_written_reads_the_same_again(
    figures: list[float], share: float, names: list[str], rate: float, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A name that would read otherwise is refused when it is written; nothing changes silently."""
    chain = replace(
        V3,
        name=names[0],
        sites=replace(V3.sites, labels=(names[0], names[1], "P"), capacity=np.array([figures[0] + 1, np.inf, 1e-3])),
        stages=replace(V3.stages, stock=np.array(figures[:3]), added_cost=np.array(figures[3:])),
        supplies=replace(V3.supplies, share=np.array([1.0, np.nan]), capacity=np.array([share, np.inf])),
        groups={names[1]: Group(kind="owner", sites=(names[1],), events_per_year=rate)},
    ) if "P" not in names and all(name.strip() for name in names) else V3  # fmt: skip
    folder = tmp_path_factory.mktemp("chain") / "written"
    try:
        written = write_chain(chain, folder)
    except StorageError as error:
        assert "reads the same" in str(error)  # noqa: PT017 - both outcomes are right, each in its own way
        return
    assert differences(chain, read_chain(written)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_template_lacks_nothing_but_rows(language: Language, tmp_path: Path) -> None:
    problems = check_chain(write_chain_template(tmp_path / "empty.xlsx", language=language))
    assert {problem.sheet for problem in problems} == {s.title(language) for s in chain_sheets() if s.required}
    said = {"en": "has no row below its headings.", "zh": "表头下方没有数据行。"}
    assert {problem.what for problem in problems} == {said[language]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_template_explains_every_column(language: Language, tmp_path: Path) -> None:
    book = load_workbook(write_chain_template(tmp_path / "empty.xlsx", language=language))
    guide = {(row[0], row[1]) for row in book.worksheets[0].iter_rows(values_only=True)}
    for sheet in chain_sheets():
        page = book[sheet.title(language)]
        for place, column in enumerate(sheet.columns, start=1):
            cell = page.cell(1, place)
            explanation = column.explanation if language == "en" else column.explanation_zh
            assert cell.value == column.heading(language)
            assert cell.comment is not None
            assert cell.comment.text == explanation
            name = column.name if language == "en" else column.chinese
            assert (sheet.title(language), name) in guide


def test_the_template_offers_what_may_be_written(tmp_path: Path) -> None:
    book = load_workbook(write_chain_template(tmp_path / "empty.xlsx"))
    offered = {str(item.sqref): item.formula1 for item in book["production"].data_validations.dataValidation}
    assert offered == {
        "A2:A2000": "'sites'!$A$2:$A$2000",
        "B2:B2000": "'parts'!$A$2:$A$2000",
        "C2:C2000": '"makes,buys in,passes on"',
    }


@pytest.mark.parametrize("name", ["mine.xlsx", "mine"])
def test_nothing_is_written_over(name: str, tmp_path: Path) -> None:
    write_chain_template(tmp_path / name)
    with pytest.raises(StorageError, match=r"mine.* exists already and is left as it is; give another name"):
        write_chain_template(tmp_path / name)


def test_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"ends in '.ods'; give a workbook ending in '.xlsx', or a folder"):
        write_chain_template(tmp_path / "mine.ods")


def test_another_language_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LabelError, match="no language 'fr'"):
        write_chain_template(tmp_path / "mine.xlsx", language="fr")  # type: ignore[arg-type]  # what is tested


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageError, match=r"could not be written \(.*\); give a place that can be"):
        write_chain_template(tmp_path / f"{'long' * 100}.xlsx")
    assert [path.name for path in tmp_path.iterdir() if not path.name.startswith(".h")] == ["file"]


@pytest.mark.parametrize("name", ["mine.xlsx", "mine"])
def test_no_folder_is_made_around_a_workbook(name: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for around in ("file", "nofolder"):
        with pytest.raises(StorageError, match=rf"there is no folder .*{around}; make it, or mend the name"):
            write_chain_template(tmp_path / around / name)
    assert [path.name for path in tmp_path.iterdir() if not path.name.startswith(".h")] == ["file"]


def renamed(chain: SupplyChain, label: str) -> SupplyChain:
    return replace(chain, sites=replace(chain.sites, labels=(label, *chain.sites.labels[1:])))


@pytest.mark.parametrize("label", ["=2*3", " plant", "two\u3000words", "#N/A", "\uff4dine"])
def test_a_name_that_would_read_otherwise_is_refused(label: str, tmp_path: Path) -> None:
    with pytest.raises(
        StorageError, match=r"'site' in row 2 of the sheet 'sites' is .* reads the same; names have no blanks"
    ):
        write_chain(renamed(V5, label), tmp_path / "a.xlsx")


def test_a_control_character_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="holds a control character"):
        write_chain(renamed(V5, "plant\x01"), tmp_path / "a.xlsx")
    assert not (tmp_path / "a.xlsx").exists()


def test_a_blank_that_a_workbook_needs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="'currency' in row 2 of the sheet 'about' is blank"):
        write_chain(replace(V5, currency=""), tmp_path / "a.xlsx")


def test_a_country_that_is_no_code_is_refused(tmp_path: Path) -> None:
    chain = replace(V5, sites=replace(V5.sites, country=("Chile", "", "", "")))
    with pytest.raises(StorageError, match=r"'country' in row 2 .* capital letters of its ISO code"):
        write_chain(chain, tmp_path / "a.xlsx")
