"""Every label has a name in both languages, a place, and a group."""

from __future__ import annotations

import re

import pytest

from tenon.data import label_names, load, region_places
from tenon.data.names import (
    economy_names,
    oecd_industry_names,
    region_of_economies,
    sector_of_industries,
    sector_of_wiod_industries,
    shipped_labels,
    wiod_industry_names,
)
from tenon.schema import LabelError


def test_every_label_has_an_english_and_a_chinese_name() -> None:
    english, chinese = label_names(), label_names("zh")
    assert english.keys() == chinese.keys()
    assert all(name.strip() for name in english.values())
    for label, name in chinese.items():
        assert re.search(r"[\u4e00-\u9fff]", name), label


def test_names_of_different_labels_of_the_shipped_table_differ() -> None:
    for language in ("en", "zh"):
        names = label_names(language)
        shipped = [names[label] for axis in ("regions", "sectors") for label in shipped_labels(axis)]
        assert len(set(shipped)) == len(shipped)


def test_every_region_has_a_place_on_the_globe() -> None:
    places = region_places()
    for label in (*economy_names(), *shipped_labels("regions")):
        assert -180 <= places[label].longitude <= 180
        assert -90 <= places[label].latitude <= 90


def test_concordances_are_complete() -> None:
    assert len(economy_names()) == 81
    assert len(oecd_industry_names()) == 50
    assert len(wiod_industry_names()) == 35
    assert set(region_of_economies().values()) == set(shipped_labels("regions"))
    assert set(sector_of_industries().values()) == set(shipped_labels("sectors"))
    assert set(sector_of_wiod_industries().values()) <= set(shipped_labels("sectors"))


def test_an_economy_that_stands_alone_keeps_its_code() -> None:
    for economy, region in region_of_economies().items():
        assert region == economy or region.startswith("X")


def test_codes_of_groups_are_free_for_users_in_iso_3166() -> None:
    groups = set(region_of_economies().values()) - set(region_of_economies())
    assert all(re.fullmatch(r"X[A-Z]{2}", group) for group in groups)


def test_the_shipped_table_has_the_listed_labels_in_order() -> None:
    table = load()
    assert table.regions == shipped_labels("regions")
    assert table.sectors == shipped_labels("sectors")
    assert set(table.region_names) == set(table.regions)
    assert set(table.sector_names) == set(table.sectors)


def test_another_language_is_refused() -> None:
    with pytest.raises(LabelError, match="there are no names in language 'fr'"):
        label_names("fr")  # type: ignore[arg-type]  # the wrong language is the point
