from __future__ import annotations

from tenon.report.language import load_language
from tenon.report.names import names_of
from tests.unit.report import samples

VALUES = samples.world(days=5).values


def test_names_follow_the_language() -> None:
    english, chinese = names_of(VALUES, load_language("en")), names_of(VALUES, load_language("zh"))
    assert (english.region("JPN"), chinese.region("JPN")) == ("Japan", "日本")
    assert english.agent("JPN:motor vehicles") == "Motor vehicles (Japan)"
    assert chinese.agent("JPN:motor vehicles") == "日本·汽车及零部件"


def test_labels_that_are_words_are_shorter_than_names_but_tables_hold_the_full_name() -> None:
    names = names_of(VALUES, load_language("en"))
    assert names.sector("electronics") == "Electronics"
    assert names.full_sector("electronics") == "Computers, electronics and optics"


def test_products_and_origins_are_small_inside_sentences_and_regions_are_not() -> None:
    names = names_of(VALUES, load_language("en"))
    assert names.product_within("basic metals") == "basic metals"
    assert names.origin_within("final demand") == "final demand"
    assert names.origin_within("JPN") == "Japan"
    assert names.origin("closed links") == "Closed links"


def test_names_of_the_result_come_before_those_the_package_knows() -> None:
    named = VALUES.assign_coords(region_name=("region", ["Nippon" if x == "JPN" else "" for x in samples.REGIONS]))
    assert names_of(named, load_language("en")).region("JPN") == "Nippon"
    assert names_of(named, load_language("en")).region("DEU") == "Germany"


def test_an_unknown_label_stands_for_itself() -> None:
    names = names_of(samples.firms(days=50).values, load_language("zh"))
    assert (names.region("north"), names.product("steel"), names.agent("a:b")) == ("north", "steel", "a:b")
