"""Words in a drawing: how wide they are, and where their lines break."""

from __future__ import annotations

import pytest

from tenon.report.lettering import text_width, wrap


def test_narrow_letters_take_less_room_than_wide_ones() -> None:
    widths = [text_width(text, 10.0) for text in ("illi", "note", "NOTE", "WWWW", "港口港口")]
    assert widths == sorted(widths)


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        ("Kobe", 100.0, ["Kobe"]),
        ("", 100.0, [""]),
        ("Ghent melt shop", 60.0, ["Ghent melt", "shop"]),
        ("Anticonstitutionally", 60.0, ["Anticonstitu", "tionally"]),
        ("Ghent melt shop of the old harbor", 60.0, ["Ghent melt", "shop of the…"]),
        ("连云港炼钢厂", 40.0, ["连云港炼", "钢厂"]),
        ("连云港炼钢厂和港口", 40.0, ["连云港炼", "钢厂和…"]),
        ("abc", 1.0, ["a", "b…"]),
    ],
)
def test_words_are_set_in_two_lines_and_cut_with_an_ellipsis(text: str, room: float, lines: list[str]) -> None:
    assert wrap(text, room, 10.0) == lines


def test_one_line_is_cut() -> None:
    assert wrap("Ghent melt shop", 60.0, 10.0, lines=1) == ["Ghent melt…"]
