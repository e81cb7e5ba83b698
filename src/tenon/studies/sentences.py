"""One sentence about each shock, in English and in Chinese, for reports and lists.

The words stand in ``messages/en.toml`` and ``messages/zh.toml``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal, TypeAlias

from tenon.schema import (
    CapacityShock,
    CapitalShock,
    DelayShock,
    FinalDemandShock,
    LaborShock,
    LinkShock,
    RecoveryShape,
    Shock,
    Target,
    Timing,
)

__all__ = ["describe_shock"]

Language: TypeAlias = Literal["en", "zh"]
_NAMED = 4
_NO_NAMES: Mapping[str, str] = MappingProxyType({})


def describe_shock(shock: Shock, language: Language = "en", *, names: Mapping[str, str] = _NO_NAMES) -> str:
    """Describe a shock in one sentence.

    Parameters
    ----------
    shock : Shock
        What is taken away.
    language : {"en", "zh"}
        English or Chinese.
    names : mapping of str to str
        Names for people by label; labels without one stand for themselves.

    Returns
    -------
    str
        Who loses what, when, and how it comes back.

    Examples
    --------
    >>> target = Target(regions=("JPN",), sectors=("electronics",))
    >>> describe_shock(CapacityShock(target=target, loss=0.4, timing=Timing(start_day=5, duration_days=30)))
    '40 % of the capacity of electronics in JPN is lost from day 5 for 30 days, then all at once as before.'
    """
    words = _Words(_catalogue(language), names)
    match shock:
        case CapacityShock() | LaborShock():
            kind = "capacity" if isinstance(shock, CapacityShock) else "labor"
            sentence = words.say(
                kind, target=words.target(shock.target), share=words.share(shock.loss), when=words.when(shock.timing)
            )
        case CapitalShock():
            sentence = _capital(words, shock)
        case FinalDemandShock():
            sentence = words.say(
                "demand_falls" if shock.loss > 0 else "demand_rises",
                demanders=words.listed(shock.demanders, "everybody"),
                target=words.target(shock.target, everything="all_products"),
                share=words.share(abs(shock.loss)),
                when=words.when(shock.timing),
            )
        case LinkShock():
            sentence = words.say(
                "link", share=words.share(shock.loss), when=words.when(shock.timing), **words.ends(shock)
            )
        case DelayShock():
            timing = shock.timing
            sentence = words.say(
                "delay",
                first=timing.start_day,
                days=words.days(timing.duration_days),
                late=words.days(shock.delay_days),
                **words.ends(shock),
            )
        case _:
            sentence = words.say(
                "inventory",
                target=words.target(shock.target),
                share=words.share(shock.loss),
                products=words.listed(shock.products, "all_inputs"),
                first=shock.day,
            )
    return sentence


class _Words:
    """The phrases of one language."""

    def __init__(self, phrases: Mapping[str, str], names: Mapping[str, str]) -> None:
        self._phrases = phrases
        self._names = names

    def say(self, key: str, **values: object) -> str:
        return self._phrases[key].format(**values)

    def listed(self, labels: Sequence[str], everything: str) -> str:
        shown = [self._names.get(label, label) for label in labels[:_NAMED]]
        if len(labels) > _NAMED:
            shown.append(self.say("more", count=len(labels) - _NAMED))
        return self.say("comma").join(shown) or self.say(everything)

    def target(self, target: Target, everything: str = "") -> str:
        if target.agents:
            return self.listed(target.agents, "everybody")
        if everything and not (target.regions or target.sectors):
            return self.say(everything)
        sectors = self.listed(target.sectors, "all_sectors")
        return self.say("target", sectors=sectors, regions=self.listed(target.regions, "all_regions"))

    def ends(self, shock: LinkShock | DelayShock) -> dict[str, str]:
        return {
            "suppliers": self.target(shock.suppliers, everything="everybody"),
            "buyers": self.target(shock.buyers, everything="everybody"),
            "across": "" if shock.domestic else self.say("across_borders"),
        }

    def days(self, count: float) -> str:
        return self.say("one_day" if count == 1 else "many_days", count=f"{count:g}")

    def share(self, share: float) -> str:
        return self.say("percent", figure=f"{share * 100:.3g}")

    def when(self, timing: Timing) -> str:
        if timing.recovery is RecoveryShape.CURVE:
            days, share = timing.curve[-1]
            return self.say("curve", first=timing.start_day, share=self.share(share), days=self.days(days))
        return self.say("pulse", first=timing.start_day, days=self.days(timing.duration_days), end=self.end(timing))

    def end(self, timing: Timing) -> str:
        return self.say(timing.recovery.value, back=self.days(timing.recovery_days))


def _capital(words: _Words, shock: CapitalShock) -> str:
    timing, rebuilt = shock.timing, shock.reconstruction
    if rebuilt is None:
        after = words.say("no_rebuilding", days=words.days(timing.duration_days), end=words.end(timing))
    else:
        builders = words.listed(tuple(rebuilt.sectors), "all_sectors")
        after = words.say(
            "rebuilding", days=words.days(timing.duration_days), builders=builders, scale=words.days(rebuilt.days)
        )
    if shock.loss is not None:
        target = words.target(shock.target)
        return words.say(
            "capital_share", target=target, share=words.share(shock.loss), first=timing.start_day, after=after
        )
    damage, dwellings = (
        f"{sum((amounts or {}).values()) * shock.damage_unit / 1e9:,.4g}"
        for amounts in (shock.damage, shock.household_damage)
    )
    return words.say(
        "capital_dwellings" if shock.household_damage else "capital_damage",
        damage=damage,
        dwellings=dwellings,
        count=len(shock.damage or {}),
        first=timing.start_day,
        after=after,
    )


@cache
def _catalogue(language: Language) -> Mapping[str, str]:
    text = files("tenon.studies").joinpath("messages", f"{language}.toml").read_text(encoding="utf-8")
    phrases: Mapping[str, str] = MappingProxyType(tomllib.loads(text))
    return phrases
