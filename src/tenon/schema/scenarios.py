"""Scenarios: a named set of shocks with a horizon, and the groups of labels that the shocks use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tenon.schema.arrays import is_whole
from tenon.schema.errors import LabelError, ScenarioError, nearest
from tenon.schema.labels import label_tuple
from tenon.schema.shocks import Shock

__all__ = ["Scenario"]


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """What happens, from day 0 to the horizon.

    Parameters
    ----------
    name : str
        Short name; labels the run in results.
    title, title_zh : str
        One line for people, in English and in Chinese.
    description, description_zh : str
        What is assumed and why, in English and in Chinese.
    horizon_days : int, days, at least 1
        Length of the run.
    shocks : tuple of Shock
        What is taken away; may be empty.
    groups : mapping of str to tuple of str
        Names for sets of regions or sectors, usable wherever a label is.
    sources : tuple of str
        Where the assumptions come from.

    Raises
    ------
    ScenarioError
        If the name is blank, the horizon is below 1, a shock starts after the horizon, or a group is empty.

    Examples
    --------
    >>> Scenario(name="calm", horizon_days=10).shocks
    ()
    """

    name: str
    title: str = ""
    title_zh: str = ""
    description: str = ""
    description_zh: str = ""
    horizon_days: int
    shocks: tuple[Shock, ...] = ()
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sources: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "shocks", tuple(self.shocks))
        object.__setattr__(self, "sources", tuple(self.sources))
        object.__setattr__(
            self, "groups", {name: label_tuple(members, f"group {name!r}") for name, members in self.groups.items()}
        )
        if not self.name.strip():
            message = "a scenario needs a name; give it one word or a few."
            raise ScenarioError(message)
        if not is_whole(self.horizon_days, least=1):
            message = (
                f"horizon_days of scenario {self.name!r} must be a whole number of at least 1, but is "
                f"{self.horizon_days}; a year is 365."
            )
            raise ScenarioError(message)
        for position, shock in enumerate(self.shocks, start=1):
            first = shock.day if hasattr(shock, "day") else shock.timing.start_day
            if first >= self.horizon_days:
                message = (
                    f"shock {position} of scenario {self.name!r} starts on day {first}, but the run ends after day "
                    f"{self.horizon_days - 1}; lengthen horizon_days or start earlier."
                )
                raise ScenarioError(message)
        for name, members in self.groups.items():
            if not members:
                message = f"group {name!r} of scenario {self.name!r} has no members; name at least one."
                raise ScenarioError(message)

    def expand(self, labels: Iterable[str], known: tuple[str, ...], what: str) -> tuple[str, ...]:
        """Replace names of groups by their members and check every label.

        Parameters
        ----------
        labels : iterable of str
            Labels or names of groups.
        known : tuple of str
            Labels that exist.
        what : str
            What they name, in the singular, for the message.

        Returns
        -------
        tuple of str
            Labels without repetition, in the order of first mention.

        Raises
        ------
        LabelError
            If a label is neither known nor a group.
        """
        result: dict[str, None] = {}
        exists = set(known)
        for label in labels:
            members = (label,) if label in exists else self.groups.get(label)
            for member in members if members is not None else (label,):
                if member not in exists:
                    message = (
                        f"scenario {self.name!r} names the {what} {member!r}, which does not exist; "
                        f"{nearest(member, [*known, *self.groups])}"
                    )
                    raise LabelError(message)
                result[member] = None
        return tuple(result)
