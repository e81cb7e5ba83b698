"""Fill an empty platform with the world of the files beside this one, by the same services that people use."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tenon.web.accounts.models import User
from tenon.web.audit.rules import Actor
from tenon.web.config.demo.story import Story
from tenon.web.organizations.models import Membership, Organization, SharingGroup
from tenon.web.organizations.policies import Viewer
from tenon.web.organizations.rules import Capability
from tenon.web.organizations.selectors import viewer_for
from tenon.web.rooms.models import Equipment, Finding, Room
from tenon.web.runs.models import Study

__all__ = ["Text", "World", "read", "read_rows"]

Text = str | list[str]
"""In one language as it stands, or Chinese and English."""


@dataclass
class World:  # budget: everything that the files name, by the names that they give it
    """Who and what there is so far, by the names that the files give them.

    Parameters
    ----------
    story : Story
        What happens, and when.
    places : dict from str to Organization
        The organizations.
    people : dict from str to Membership
        Everybody, with the organization they act for.
    groups : dict from str to SharingGroup
        Those that organizations made.
    equipment : dict from str to Equipment
        By code.
    findings : dict from str to Finding
        Those that were reported so far.
    rooms : dict from str to Room
        Those that were opened so far.
    studies : dict from str to Study
        Those that others build on.
    """

    story: Story
    places: dict[str, Organization] = field(default_factory=dict)
    people: dict[str, Membership] = field(default_factory=dict)
    groups: dict[str, SharingGroup] = field(default_factory=dict)
    equipment: dict[str, Equipment] = field(default_factory=dict)
    findings: dict[str, Finding] = field(default_factory=dict)
    rooms: dict[str, Room] = field(default_factory=dict)
    studies: dict[str, Study] = field(default_factory=dict)

    def viewer(self, name: str) -> Viewer:
        """Return a person's view with all that the role allows: nobody signs in here, so no second step is asked.

        Parameters
        ----------
        name : str
            Whose.

        Returns
        -------
        Viewer
            As it is now.
        """
        member = self.people[name]
        seen = viewer_for(member.user, member.organization_id, Actor())
        return Viewer(seen.actor, seen.capabilities | seen.resting, frozenset(), seen.own, seen.groups, seen.ceilings)

    def user(self, name: str) -> User:
        """Return the account of a person.

        Parameters
        ----------
        name : str
            Whose.

        Returns
        -------
        User
            The account.
        """
        return self.people[name].user

    def finding(self, key: str) -> Finding:
        """Return a finding as it stands now.

        Parameters
        ----------
        key : str
            Which.

        Returns
        -------
        Finding
            Read anew.
        """
        found = self.findings[key]
        found.refresh_from_db()
        return found

    def able(self, owner: Organization, capability: Capability, roles: Iterable[str], *, highest: bool = False) -> str:
        """Find somebody of an organization, or of one above it, who can do something.

        Parameters
        ----------
        owner : Organization
            Whose object it is done to.
        capability : Capability
            What is to be done.
        roles : iterable of str
            Roles in the order in which their people are asked.
        highest : bool
            Whether to ask in the highest organization first, and not in the owner itself.

        Returns
        -------
        str
            The person's name in the files.
        """
        order = list(roles)

        def rank(name: str) -> tuple[int, int]:
            member = self.people[name]
            length = len(member.organization.path)
            place = order.index(member.role.key) if member.role.key in order else len(order)
            return (length, place) if highest else (place, -length)

        fit = [
            name
            for name, member in self.people.items()
            if owner.path.startswith(member.organization.path) and capability in member.role.allows
        ]
        return min(fit, key=rank)

    def words(self, text: Text, owner: Organization, between: str = "\n") -> str:
        """Return a text as people of an organization write it: in their own language first, then in the other.

        Parameters
        ----------
        text : str or list of str
            As it stands in a file.
        owner : Organization
            Whose people.
        between : str
            What stands between both languages.

        Returns
        -------
        str
            One text that both readers understand.
        """
        if isinstance(text, str):
            return text
        return between.join(text if self.writes_chinese(owner) else reversed(text))

    @staticmethod
    def writes_chinese(owner: Organization) -> bool:
        """Say whether people of an organization write Chinese first.

        Parameters
        ----------
        owner : Organization
            Which.

        Returns
        -------
        bool
            True in China; elsewhere people write English.
        """
        return owner.country == "CN"


def read(name: str) -> dict[str, Any]:
    """Read a file of this world.

    Parameters
    ----------
    name : str
        Of the TOML file, without its ending.

    Returns
    -------
    dict
        What it holds.
    """
    return tomllib.loads(Path(__file__).with_name(f"{name}.toml").read_text(encoding="utf-8"))


def read_rows(name: str) -> list[Mapping[str, str]]:
    """Read a table of this world.

    Parameters
    ----------
    name : str
        Of the CSV file, without its ending.

    Returns
    -------
    list of mapping
        A row each; what is empty is an empty text.
    """
    with Path(__file__).with_name(f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
