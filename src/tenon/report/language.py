"""Words, numbers, amounts and dates in the language of the reader.

Every sentence stands in a message catalogue, ``messages/en.toml`` and ``messages/zh.toml``, under the same key and with
the same placeholders in each; a test compares them.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from tenon.schema import ParameterError, nearest

__all__ = ["LANGUAGES", "Language", "Money", "day_number", "file_unit", "load_language"]

LANGUAGES = ("en", "zh")
"""Codes of the languages that have a catalogue."""

_MINUS = "\N{MINUS SIGN}"
_LARGE = 1000
_MANY_DAYS = 100
_SCALES = (12, 9, 8, 6, 4, 3)


@dataclass(frozen=True)
class Money:
    """What the figures of a result mean.

    Parameters
    ----------
    currency : str
        ISO code, such as ``"USD"``; empty if figures are no money.
    unit : float
        How many currency units the figure 1 means.
    """

    currency: str
    unit: float = 1.0


@dataclass(frozen=True)
class Language:
    """One language of the report.

    Parameters
    ----------
    code : str
        ``"en"`` or ``"zh"``.
    messages : mapping of str to str
        Sentences by dotted key.

    Examples
    --------
    >>> english = load_language("en")
    >>> english.money(81_200.0, Money("USD", 1e6)), english.percent(0.0123)
    ('USD 81.2 billion', '1.2%')
    >>> load_language("zh").money(81_200.0, Money("USD", 1e6))
    '812亿美元'
    """

    code: str
    messages: Mapping[str, str]

    def text(self, key: str, **values: object) -> str:
        """Return a sentence of the catalogue with its placeholders filled.

        Parameters
        ----------
        key : str
            Dotted key.
        **values : object
            What stands in the placeholders.

        Returns
        -------
        str
            The sentence.

        Raises
        ------
        ParameterError
            If the catalogue has no such key.
        """
        if key not in self.messages:
            message = f"the catalogue of language {self.code!r} has no sentence {key!r}; {nearest(key, self.messages)}"
            raise ParameterError(message)
        return self.messages[key].format_map(values)

    def count(self, key: str, number: int, **values: object) -> str:
        """Return the form of a sentence that fits a number: ``key.one`` or ``key.other``.

        Parameters
        ----------
        key : str
            Dotted key without its ending.
        number : int
            What is counted; fills the placeholder ``number``.
        **values : object
            What stands in the other placeholders.

        Returns
        -------
        str
            The sentence.
        """
        form = "one" if number == 1 else "other"
        return self.text(f"{key}.{form}", number=self.number(number), **values)

    def known(self, group: str, word: str) -> str | None:
        """Return the translation of a word that other parts of the program make, if there is one.

        Parameters
        ----------
        group : str
            Group of the catalogue.
        word : str
            The word as it came.

        Returns
        -------
        str or None
            The word in this language.
        """
        slug = "_".join(word.lower().split())
        return self.messages.get(f"{group}.{slug}")

    def number(self, value: float, *, digits: int = 0) -> str:
        """Return a number with grouped thousands and a true minus sign.

        Parameters
        ----------
        value : float
            The number.
        digits : int, at least 0
            Decimals.

        Returns
        -------
        str
            For example ``"1,234.5"``; a dash where there is no figure.
        """
        if not math.isfinite(value):
            return "–"
        text = f"{abs(value):,.{digits}f}"
        negative = value < 0 and any(letter not in "0.," for letter in text)
        return f"{_MINUS}{text}" if negative else text

    def percent(self, share: float, *, plain: bool = False) -> str:
        """Return a share in percent with as many decimals as it deserves.

        Parameters
        ----------
        share : float, dimensionless
            0.0123 becomes ``"1.2%"``.
        plain : bool
            Whether the share is round, such as the limit of a class, and needs no idle zeros.

        Returns
        -------
        str
            The percentage.
        """
        value = 100 * share
        if not math.isfinite(value):
            return "–"
        if plain:
            return self.text("number.percent", number=f"{value:.6g}")
        size = abs(value)
        if 0 < size < 0.001:  # noqa: PLR2004 - below this a figure says no more than that there is one
            return self.text("number.below", number="0.001%") if value > 0 else "0%"
        digits = next((number for limit, number in ((99.95, 0), (0.995, 1), (0.0995, 2)) if size >= limit), 3)
        return self.text("number.percent", number=self.number(value, digits=digits if size else 0))

    def scale(self, largest: float, money: Money) -> tuple[float, str]:
        """Choose in what unit amounts up to ``largest`` are best written.

        Parameters
        ----------
        largest : float
            Figure of the result.
        money : Money
            What figures mean.

        Returns
        -------
        factor : float
            Multiply figures by this.
        unit : str
            Name of the unit then, such as ``"USD billion"``.
        """
        amount = abs(largest) * money.unit
        for power in _SCALES:
            word = self.messages[f"scale.e{power}"]
            # Rounding to three digits must not lift a figure to 1,000 of the smaller unit.
            if word and amount >= 0.9995 * 10.0**power:
                return money.unit / 10.0**power, self._unit(word, money)
        return money.unit, self._unit("", money)

    def money(self, value: float, money: Money) -> str:
        """Return an amount with three digits that count.

        Parameters
        ----------
        value : float
            Figure of the result.
        money : Money
            What figures mean.

        Returns
        -------
        str
            For example ``"USD 81.2 billion"``.
        """
        factor, _ = self.scale(value, money)
        power = round(math.log10(money.unit / factor))
        word = self.messages.get(f"scale.e{power}", "")
        return self.text(
            "money.amount",
            currency=_currency(self.messages, money),
            number=self.significant(value * factor),
            scale=word,
        ).strip()

    def significant(self, value: float) -> str:
        """Return a number with three digits that count, and none below one in a thousand of a whole.

        Parameters
        ----------
        value : float
            The number.

        Returns
        -------
        str
            For example ``"81.2"``.
        """
        if value == 0 or not math.isfinite(value):
            return self.number(value)
        magnitude = math.floor(math.log10(abs(float(f"{value:.2e}"))))
        return self.number(value, digits=min(3, max(0, 2 - magnitude)))

    def date(self, moment: str) -> str:
        """Return an ISO date and time in words.

        Parameters
        ----------
        moment : str
            For example ``"2026-11-23T12:50:00+00:00"``.

        Returns
        -------
        str
            The date as it is written in this language; the text as it came if it is no date.
        """
        try:
            when = datetime.fromisoformat(moment)
        except ValueError:
            return moment
        month = self.messages[f"month.m{when.month}"]
        zone = when.tzname() or ""
        return self.text(
            "date.long", day=when.day, month=month, year=when.year, time=f"{when:%H:%M}", zone=zone
        ).strip()

    def join(self, items: Sequence[str]) -> str:
        """Return a list as part of a sentence.

        Parameters
        ----------
        items : sequence of str
            What is listed.

        Returns
        -------
        str
            For example ``"a, b and c"``.
        """
        if len(items) < 2:  # noqa: PLR2004 - one item or none needs no joining
            return "".join(items)
        return self.messages["list.comma"].join(items[:-1]) + self.messages["list.last"] + items[-1]

    def _unit(self, word: str, money: Money) -> str:
        return self.text("money.unit", currency=_currency(self.messages, money), scale=word).strip()


def day_number(language: Language, days: float) -> str:
    """Return a number of days with one decimal at most.

    Parameters
    ----------
    language : Language
        Language of the reader.
    days : float, days
        The number.

    Returns
    -------
    str
        For example ``"2.5"`` or ``"14"``.

    Examples
    --------
    >>> day_number(load_language("en"), 2.46), day_number(load_language("en"), 14.0)
    ('2.5', '14')
    """
    return language.number(days, digits=0 if days >= _MANY_DAYS or round(days, 1) == round(days) else 1)


def file_unit(language: Language, money: Money) -> str:
    """Return the unit of plain figures, as files hold them.

    Parameters
    ----------
    language : Language
        Language of the reader.
    money : Money
        What figures mean.

    Returns
    -------
    str
        For example ``"USD million"``.

    Examples
    --------
    >>> file_unit(load_language("en"), Money("USD", 1e6))
    'USD million'
    """
    power = round(math.log10(money.unit))
    word = language.messages.get(f"unit.u{power}", f"10^{power}")
    return language.text("money.unit", currency=_currency(language.messages, money), scale=word).strip()


@cache
def load_language(code: str) -> Language:
    """Read a message catalogue.

    Parameters
    ----------
    code : str
        ``"en"`` or ``"zh"``.

    Returns
    -------
    Language
        Its sentences.

    Raises
    ------
    ParameterError
        If there is no catalogue in that language.
    """
    if code not in LANGUAGES:
        known = " or ".join(LANGUAGES)
        message = f"a report can be written in {known}, but language {code!r} came; choose one of these."
        raise ParameterError(message)
    text = files("tenon.report").joinpath("messages", f"{code}.toml").read_text(encoding="utf-8")
    return Language(code, MappingProxyType(_flat(tomllib.loads(text))))


def _currency(messages: Mapping[str, str], money: Money) -> str:
    return messages.get(f"currency.{money.currency}", money.currency)


def _flat(tree: Mapping[str, object], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in tree.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{prefix}{key}.")
        else:
            flat[f"{prefix}{key}"] = str(value)
    return flat
