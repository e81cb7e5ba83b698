from __future__ import annotations

import itertools

import numpy as np

from tenon.report.marks import Label, Mark, place_labels, text_width

SIZE = 11.0


def box(label: Label) -> tuple[float, float, float, float]:
    width = text_width(label.text, SIZE)
    left = label.x - {"left": 0.0, "center": width / 2, "right": width}[label.align]
    return left, left + width, label.y - SIZE / 2, label.y + SIZE / 2


def test_labels_never_cover_each_other_and_stay_on_the_map() -> None:
    rng = np.random.default_rng(1)
    marks = [Mark(x, y, r, ("A long name", "ABC")) for x, y, r in rng.uniform((0, 0, 2), (500, 250, 12), (60, 3))]
    labels = place_labels(marks, 500, 250, size=SIZE)
    assert 20 < len(labels) < 60
    for one, other in itertools.combinations(map(box, labels), 2):
        assert one[1] <= other[0] or other[1] <= one[0] or one[3] <= other[2] or other[3] <= one[2]
    assert all(left >= 0 and right <= 500 and low >= 0 and high <= 250 for left, right, low, high in map(box, labels))


def test_the_most_important_mark_gets_its_name_and_the_next_its_code() -> None:
    marks = [Mark(50, 50, 3, ("Long name", "LON")), Mark(58, 61, 3, ("Another name", "ANO"))]
    labels = place_labels(marks, 130, 100, size=SIZE)
    assert labels[0].text == "Long name"


def test_a_label_goes_inside_a_mark_that_is_large_enough() -> None:
    (label,) = place_labels([Mark(50, 50, 30, ("Japan",))], 100, 100, size=SIZE)
    assert (label.x, label.y, label.align) == (50, 50, "center")


def test_a_small_mark_on_top_pushes_the_label_out() -> None:
    labels = place_labels([Mark(80, 50, 30, ("Japan",)), Mark(66, 50, 8, ())], 200, 100, size=SIZE)
    assert labels[0].align == "left"


def test_the_label_of_an_outline_stands_in_its_middle() -> None:
    (label,) = place_labels([Mark(50, 50, 0.0, ("Japan",))], 100, 100, size=SIZE)
    assert (label.x, label.y, label.align) == (50, 50, "center")


def test_chinese_signs_are_wider_than_letters() -> None:
    assert text_width("日本", SIZE) > text_width("ab", SIZE)
