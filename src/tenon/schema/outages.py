"""Outages: what of a company's chain fails together, how much of it, and for how long."""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Real

from tenon.schema.errors import ShockError
from tenon.schema.labels import label_tuple

__all__ = ["Outage"]

_TARGETS = ("sites", "stages", "lanes", "passages", "groups")
_WHOLE = 100.0
"""The whole of something in per cent."""


@dataclass(frozen=True, kw_only=True)
class Outage:
    """Something of a chain fails, wholly or in part.

    Parameters
    ----------
    name : str
        Short name; labels the outage in results.
    sites, stages, lanes, passages, groups : tuple of str
        Labels of what fails: sites with all their stages, single stages (``"part @ site"``), lanes, all lanes through a
        passage, all sites of a group. At least one.
    loss : float, share of capacity, above 0 and at most 1
        How much of it fails.
    days : float or None, days, above 0
        How long. None: the time to recover of the sites and the time of closure of the lanes and passages that it
        names, of several the longest. Where lanes and passages alone fail and the chain says no time for any of them,
        the outage must say how long it lasts.
    stock_lost : bool
        Whether the stock at the sites and stages is lost too; otherwise it can still be used.

    Raises
    ------
    ShockError
        If nothing fails, the name is blank or no text, or a figure is no number or out of its range.
    LabelError
        If a single word is given instead of a list.

    Examples
    --------
    >>> Outage(name="fire", sites=("plant",), loss=0.5).loss
    0.5
    """

    name: str
    sites: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    lanes: tuple[str, ...] = ()
    passages: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    loss: float = 1.0
    days: float | None = None
    stock_lost: bool = False

    def __post_init__(self) -> None:
        for target in _TARGETS:
            object.__setattr__(self, target, label_tuple(getattr(self, target), target))
        self._check_words()
        for figure in ("loss", "days"):
            self._check_number(figure)
        if not any(getattr(self, target) for target in _TARGETS):
            message = f"outage {self.name!r} takes nothing out; name {', '.join(_TARGETS[:-1])} or {_TARGETS[-1]}."
            raise ShockError(message)
        if not 0 < self.loss <= 1:
            percent = (
                f"; it is a share: write {self.loss:g} % as {self.loss / 100:g}" if 1 < self.loss <= _WHOLE else ""
            )
            message = f"loss of outage {self.name!r} must be above 0 and at most 1, but is {self.loss}{percent}."
            raise ShockError(message)
        if self.days is not None and not (math.isfinite(self.days) and self.days > 0):
            message = f"days of outage {self.name!r} must be a finite number above zero, but are {self.days}."
            raise ShockError(message)

    def _check_words(self) -> None:
        """Refuse a name that is none, and an answer about the stock that is neither yes nor no."""
        name: object = self.name
        if not isinstance(name, str):
            message = f"the name of an outage must be a text, but is {name!r}; write it in quotes."
            raise ShockError(message)
        if not name.strip():
            message = "an outage must have a name, but it is blank; results are labelled by it."
            raise ShockError(message)
        lost: object = self.stock_lost
        if not isinstance(lost, bool):
            message = f"stock_lost of outage {name!r} must be True or False, but is {lost!r}."
            raise ShockError(message)

    def _check_number(self, figure: str) -> None:
        """Refuse a figure that is no number; days may be left to the sites."""
        value = getattr(self, figure)
        if value is None and figure == "days":
            return
        if isinstance(value, bool) or not isinstance(value, Real):
            message = (
                f"{figure} of outage {self.name!r} must be a number, but came as {value!r}, of type "
                f"{type(value).__name__}; write a number, without quotes."
            )
            raise ShockError(message)
