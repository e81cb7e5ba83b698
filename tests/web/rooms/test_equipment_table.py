from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenon.web.rooms.equipment_table import COLUMNS, ROWS_MOST, Problem, ProblemKind, read_tree

HEADING = "code,name_en,name_zh,class,criticality,parent,arrangement,needed,mtbf_hours,mttr_hours\n"


def read(body: str, known: dict[str, int] | None = None) -> list[Problem]:
    return read_tree((HEADING + body).encode(), known or {})[1]


def test_a_tree_is_read_with_parents_first() -> None:
    body = "M1,Motor,,motor,B,K1,,,,\nK1,Kiln,回转窑,rotary kiln,A,,k of n,2,900,100\n"
    rows, problems = read_tree(b"\xef\xbb\xbf" + (HEADING + body).encode(), {})
    assert problems == []
    assert [(row.code, row.parent) for row in rows] == [("K1", ""), ("M1", "K1")]
    assert rows[0].fields["name_zh"] == "回转窑"
    assert (rows[0].fields["needed"], rows[0].fields["mtbf_hours"]) == (2, 900.0)
    assert rows[1].fields["channel"] == "plant"


@pytest.mark.parametrize(
    ("row", "column", "kind"),
    [
        (",Kiln,,motor,A,,,,,", "code", ProblemKind.EMPTY),
        ("K,,,motor,A,,,,,", "name_en", ProblemKind.EMPTY),
        ("K,Kiln,,rocket,A,,,,,", "class", ProblemKind.NOT_ONE_OF),
        ("K,Kiln,,motor,D,,,,,", "criticality", ProblemKind.NOT_ONE_OF),
        ("K,Kiln,,motor,A,X,,,,", "parent", ProblemKind.NO_PARENT),
        ("K,Kiln,,motor,A,K,,,,", "parent", ProblemKind.CIRCLE),
        ("K,Kiln,,motor,A,,k of n,two,,", "needed", ProblemKind.NOT_A_NUMBER),
        ("K,Kiln,,motor,A,,k of n,0,,", "needed", ProblemKind.OUT_OF_RANGE),
        ("K,Kiln,,motor,A,,k of n,,,", "needed", ProblemKind.TOGETHER),
        ("K,Kiln,,motor,A,,,,5,", "mtbf_hours", ProblemKind.TOGETHER),
        ("K,Kiln,,motor,A,,,,nan,1", "mtbf_hours", ProblemKind.OUT_OF_RANGE),
        ("K,Kiln,,motor,A,,,,inf,1", "mtbf_hours", ProblemKind.OUT_OF_RANGE),
        ("TAKEN,Kiln,,motor,A,,,,,", "code", ProblemKind.TAKEN),
        ("K" * 41 + ",Kiln,,motor,A,,,,,", "code", ProblemKind.TOO_LONG),
        ("K,Kiln,,motor,A", "", ProblemKind.CELLS),
    ],
)
def test_what_is_wrong_is_told_by_row_and_column(row: str, column: str, kind: ProblemKind) -> None:
    problems = read(row + "\n", {"TAKEN": 0})
    assert (2, column, kind) in [(problem.line, problem.column, problem.kind) for problem in problems]


def test_codes_stand_once() -> None:
    row = "K,Kiln,,motor,A,,,,,\n"
    assert [(problem.line, problem.kind) for problem in read(row * 2)] == [(3, ProblemKind.TWICE)]


def test_a_tree_that_grows_too_deep_is_refused() -> None:
    body = "".join(f"E{n},E,,motor,A,{f'E{n - 1}' if n else ''},,,,\n" for n in range(10))
    assert [(problem.line, problem.kind) for problem in read(body)] == [(11, ProblemKind.TOO_DEEP)]
    assert [problem.kind for problem in read("L,L,,motor,A,DEEP,,,,\n", {"DEEP": 8})] == [ProblemKind.TOO_DEEP]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xff\xfe\0", ProblemKind.NOT_TEXT),
        (b"", ProblemKind.MISSING_COLUMN),
        (HEADING.encode(), ProblemKind.NO_ROWS),
        (b"code,name_en,name_zh,class,criticality,color\nK,Kiln,,motor,A,red\n", ProblemKind.UNKNOWN_COLUMN),
        (b"code,code,name_en,name_zh,class,criticality\nK,K,Kiln,,motor,A\n", ProblemKind.TWICE),
        (HEADING.encode() + b"K,Kiln,,motor,A,,,,,\n" * (ROWS_MOST + 1), ProblemKind.TOO_MANY_ROWS),
    ],
)
def test_a_file_that_is_no_table_is_refused(content: bytes, kind: ProblemKind) -> None:
    assert kind in [problem.kind for problem in read_tree(content, {})[1]]


@given(
    st.binary(max_size=300)
    | st.text(alphabet='K12,"\nmotorA ', max_size=200).map(lambda text: (HEADING + text).encode())
)
def test_any_bytes_give_rows_or_reasons(content: bytes) -> None:
    rows, problems = read_tree(content, {})
    assert rows or problems
    if not problems:
        seen: set[str] = set()
        for row in rows:
            assert not row.parent or row.parent in seen
            seen.add(row.code)


def test_every_column_has_its_words() -> None:
    from tenon.web.rooms.equipment_labels import COLUMN_WORDS, EQUIPMENT_LABELS

    assert tuple(COLUMN_WORDS) == COLUMNS
    assert all(set(words) == {member.value for member in kind} for kind, words in EQUIPMENT_LABELS.items())
