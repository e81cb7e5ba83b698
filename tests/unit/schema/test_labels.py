"""Lists of labels: no single words, blanks or repetitions."""

from __future__ import annotations

import pytest

from tenon.schema import LabelError
from tenon.schema.labels import check_labels, label_tuple


def test_a_single_word_is_not_cut_into_letters() -> None:
    with pytest.raises(LabelError, match=r"regions must be a list of labels, but is the single word 'JPN'"):
        label_tuple("JPN", "regions")


def test_an_empty_list_of_labels_is_refused() -> None:
    with pytest.raises(LabelError, match="sectors: at least one is required, none came"):
        check_labels([], "sectors")


def test_a_blank_label_is_refused_with_its_position() -> None:
    with pytest.raises(LabelError, match="sectors: the label at position 1 is blank"):
        check_labels(["a", " "], "sectors")


def test_a_repeated_label_is_refused_with_both_positions() -> None:
    with pytest.raises(LabelError, match="sectors: 'a' stands twice, at positions 0 and 2"):
        check_labels(["a", "b", "a"], "sectors")
