"""The tree of errors, and the clause that names the nearest label."""

from __future__ import annotations

import pytest

from tenon.schema import TenonError, TenonWarning, errors, nearest

ERRORS = [value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, TenonError)]


@pytest.mark.parametrize("error", ERRORS)
def test_every_error_is_drawn_in_the_tree(error: type[TenonError]) -> None:
    assert errors.__doc__ is not None
    assert f" {error.__name__} " in errors.__doc__.replace("\n", " ")


def test_a_warning_is_no_error() -> None:
    assert issubclass(TenonWarning, UserWarning)
    assert not issubclass(TenonWarning, TenonError)


def test_the_nearest_label_is_found_whatever_its_case() -> None:
    assert nearest("chn", ["DEU", "CHN"]) == "did you mean 'CHN'?"


def test_a_word_inside_of_several_labels_names_the_three_shortest() -> None:
    ports = ["Ghent", "Kobe port", "Lianyungang port", "port Said", "Bohai port"]
    assert nearest("Port", ports) == "did you mean 'Kobe port', 'port Said' or 'Bohai port'?"
    assert nearest("lianyungang", ports) == "did you mean 'Lianyungang port'?"
    assert nearest("GHENT", [*ports, "Ghent mill"]) == "did you mean 'Ghent'?"


def test_known_labels_are_listed_where_none_is_near() -> None:
    assert nearest("zzz", ["CHN", "DEU"]) == "known are: CHN, DEU."


def test_of_many_known_labels_the_first_eight_are_listed() -> None:
    known = [f"R{number}" for number in range(10)]
    assert nearest("zzz", known) == "known are: R0, R1, R2, R3, R4, R5, R6, R7, ..."


def test_that_nothing_is_known_is_said() -> None:
    assert nearest("zzz", []) == "none are known."
