"""The page of the manual that lists the sheets and columns of a chain's workbook, and what is said of wrong ones.

``python -m tests.unit.data.chain_reference`` writes its tables anew between the marks.
"""

from __future__ import annotations

from pathlib import Path

from tenon.data.chain_words import Column, chain_sheets, choices
from tests.unit.data.chain_workbooks import CASES

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "chain-workbook.md"
SHEETS = ("<!-- sheets: begin -->", "<!-- sheets: end -->")
PROBLEMS = ("<!-- problems: begin -->", "<!-- problems: end -->")


def sheets() -> str:
    """Return the tables of all columns as Markdown."""
    parts = []
    for sheet in chain_sheets():
        needed = "" if sheet.required else " The sheet may be left out."
        parts += ["", f"### {sheet.name} · {sheet.chinese}", "", f"{sheet.purpose}{needed}", ""]
        parts += ["| column | Chinese | unit | if blank | meaning |", "|---|---|---|---|---|"]
        parts += [_row(column) for column in sheet.columns]
    return "\n".join(parts)


def problems() -> str:
    """Return the table of wrong inputs as Markdown."""
    head = ["", "| input | what is said | |", "|---|---|---|"]
    rows = [
        f"| {case.what} | {case.said.replace('|', '&#124;')} | {'warning' if case.warning else ''} |" for case in CASES
    ]
    return "\n".join([*head, *rows])


def page() -> str:
    """Return the whole page with its tables as they should be."""
    text = PAGE.read_text(encoding="utf-8")
    for (begin, end), tables in ((SHEETS, sheets()), (PROBLEMS, problems())):
        before, rest = text.split(begin)
        text = f"{before}{begin}\n{tables}\n\n{end}{rest.split(end)[1]}"
    return text


def _row(column: Column) -> str:
    words = ", ".join(f"`{word.word}` {word.chinese}" for word in choices(column.form))
    meaning = f"{column.explanation} May be: {words}." if words else column.explanation
    default = "**required**" if column.required else column.default
    return f"| `{column.name}` | {column.chinese} | {column.unit or '–'} | {default} | {meaning} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
