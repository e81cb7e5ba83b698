from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from typing import Literal

import pytest

from tenon.data import library
from tenon.schema import (
    CapacityShock,
    CapitalShock,
    DelayShock,
    FinalDemandShock,
    InventoryShock,
    LaborShock,
    LinkShock,
    Reconstruction,
    RecoveryShape,
    Shock,
    Target,
    Timing,
)
from tenon.studies import describe_shock

JAPAN = Target(regions=("JPN",), sectors=("electronics",))
MONTH = Timing(start_day=5, duration_days=30)
THEN = "from day 5 for 30 days, then all at once as before."


def catalogue(language: str) -> dict[str, str]:
    text = files("tenon.studies").joinpath("messages", f"{language}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def test_both_languages_have_the_same_phrases_with_the_same_places() -> None:
    english, chinese = catalogue("en"), catalogue("zh")
    assert list(english) == list(chinese)
    for key, phrase in english.items():
        assert sorted(re.findall(r"{\w+}", phrase)) == sorted(re.findall(r"{\w+}", chinese[key])), key


@pytest.mark.parametrize(
    ("shock", "english", "chinese"),
    [
        (
            CapacityShock(target=JAPAN, loss=0.4, timing=MONTH),
            f"40 % of the capacity of electronics in JPN is lost {THEN}",
            "JPN的electronics的产能损失40%，自第5天起持续30天，随后立即恢复。",
        ),
        (
            LaborShock(
                target=Target(agents=("x",)),
                loss=0.015,
                timing=Timing(recovery=RecoveryShape.CURVE, curve=((0, 1), (1, 0.5))),
            ),
            "1.5 % of the workers of x cannot work from day 0 along a curve that ends at 50 % of the loss after 1 day.",
            "x的劳动力有1.5%无法工作，自第0天起按自定曲线变化，1天后为损失的50%。",
        ),
        (
            CapitalShock(
                target=Target(agents=("x",)),
                loss=0.1,
                timing=Timing(duration_days=9, recovery=RecoveryShape.LINEAR, recovery_days=60),
            ),
            "10 % of the capital of x is destroyed on day 0; it stays lost for 9 days, then back evenly over 60 days.",
            "第0天，x的资本被毁10%；9天后在60天内匀速恢复。",
        ),
        (
            CapitalShock(
                damage={"JPN:food": 1.5, "JPN:trade": 1},
                damage_unit=1e9,
                timing=Timing(recovery=RecoveryShape.CONVEX, recovery_days=60),
            ),
            (
                "Capital worth 2.5 billion is destroyed in 2 industries on day 0; it stays lost for 1 day, then back "
                "on a time scale of 60 days, fast at first."
            ),
            "第0天，2个产业价值2.5十亿的资本被毁；1天后以60天为时间尺度恢复，先快后慢。",
        ),
        (
            CapitalShock(
                damage={"JPN:food": 1.5},
                damage_unit=1e9,
                household_damage={"JPN": 4},
                reconstruction=Reconstruction(sectors={"construction": 1.0}, days=90),
            ),
            (
                "Capital worth 1.5 billion in 1 industries and dwellings worth 4 billion are destroyed on day 0; it is "
                "rebuilt by construction on a time scale of 90 days, beginning 1 day later."
            ),
            "第0天，1个产业价值1.5十亿的资本和价值4十亿的住宅被毁；1天后由construction以90天为时间尺度重建。",
        ),
        (
            FinalDemandShock(target=Target(regions=("JPN",), sectors=("food",)), loss=0.2, timing=MONTH),
            f"Final demand of everybody for food in JPN falls by 20 % {THEN}",
            "各方对JPN的food的最终需求下降20%，自第5天起持续30天，随后立即恢复。",
        ),
        (
            FinalDemandShock(demanders=("JPN",), loss=-0.2),
            "Final demand of JPN for all products rises by 20 % from day 0 for 1 day, then all at once as before.",
            "JPN对所有产品的最终需求上升20%，自第0天起持续1天，随后立即恢复。",
        ),
        (
            LinkShock(suppliers=Target(agents=("a",)), loss=1, timing=MONTH),
            f"100 % of what a sells to everybody across borders cannot pass {THEN}",
            "a向各方的跨境销售有100%无法通过，自第5天起持续30天，随后立即恢复。",
        ),
        (
            DelayShock(buyers=Target(regions=("CHN",)), delay_days=7, domestic=True),
            "What everybody sends to all sectors in CHN from day 0 for 1 day arrives 7 days late.",
            "自第0天起1天内，各方向CHN的所有部门发货晚到7天。",
        ),
        (
            InventoryShock(target=JAPAN, loss=0.5, day=3),
            "50 % of the stocks of all inputs held by electronics in JPN is destroyed on day 3.",
            "第3天，JPN的electronics所持所有投入品库存被毁50%。",
        ),
    ],
)
def test_a_shock_is_told_in_both_languages(shock: Shock, english: str, chinese: str) -> None:
    assert describe_shock(shock) == english
    assert describe_shock(shock, "zh") == chinese


def test_names_stand_for_labels_and_long_lists_are_cut() -> None:
    target = Target(regions=("A", "B", "C", "D", "E", "F"), sectors=("s",))
    told = describe_shock(CapacityShock(target=target, loss=0.5), names={"A": "Land of A", "s": "Steel"})
    assert told.startswith("50 % of the capacity of Steel in Land of A, B, C, D, 2 more is lost")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_shock_of_the_library_can_be_told(language: Literal["en", "zh"]) -> None:
    end = "." if language == "en" else "。"
    for scenario in library().values():
        for shock in scenario.shocks:
            assert describe_shock(shock, language).endswith(end)
