"""The organizations of the made-up world, their people and groups, and what they agreed on."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from tenon.web.accounts.services import create_user
from tenon.web.audit.rules import Actor
from tenon.web.config.demo.world import World
from tenon.web.organizations import services
from tenon.web.organizations.rules import Marking
from tenon.web.organizations.selectors import role_called

__all__ = ["add_organizations"]

_FOUNDED = 150  # days ago


def add_organizations(world: World, file: Mapping[str, Any], password: str) -> None:
    """Add organizations, people, groups, ceilings and invitations to the story.

    Parameters
    ----------
    world : World
        To which.
    file : mapping
        ``world.toml``.
    password : str
        With which everybody signs in.
    """
    story = world.story
    story.add(_FOUNDED, partial(_found, world, file["organizations"]))
    story.add(_FOUNDED, partial(_appoint, world, file["people"], password))
    story.add(_FOUNDED - 1, partial(_join, world, file["groups"]))
    for entry in file["ceilings"]:
        story.add(_FOUNDED - 2, partial(_hold_back, world, entry))
    for entry in file["invitations"]:
        story.add(entry["days"], partial(_invite, world, entry))


def _found(world: World, entries: Mapping[str, dict[str, Any]]) -> None:
    for key, entry in entries.items():
        fields = {name: value for name, value in entry.items() if name != "parent"}
        parent = world.places[entry["parent"]] if "parent" in entry else None
        world.places[key] = services.create_organization(Actor(), fields, parent)


def _appoint(world: World, entries: Mapping[str, list[str]], password: str) -> None:
    for key, (name, place, role) in entries.items():
        user = create_user(Actor(), f"{key}@example.org", name, password, is_operator=key == "chen")
        world.people[key] = services.appoint(Actor(), user, world.places[place], role_called(role))


def _join(world: World, entries: Mapping[str, dict[str, Any]]) -> None:
    for key, entry in entries.items():
        owner = world.places[entry["owner"]]
        administrator = next(name for name, member in world.people.items() if member.organization == owner)
        names = {"name_en": entry["name_en"], "name_zh": entry["name_zh"]}
        world.groups[key] = services.create_group(world.viewer(administrator), owner, names)
        for member in entry["members"]:
            services.add_to_group(world.viewer(administrator), world.groups[key], world.places[member])


def _hold_back(world: World, entry: Mapping[str, str]) -> None:
    giver, receiver = world.places[entry["giver"]], world.places[entry["receiver"]]
    services.set_ceiling(world.viewer(entry["by"]), giver, receiver, Marking(entry["marking"]))


def _invite(world: World, entry: Mapping[str, Any]) -> None:
    """Send a letter; somebody who has an account accepts it, and waits for the consent of their own organization."""
    user = world.user(entry["person"]) if "person" in entry else None
    place, role = world.places[entry["organization"]], role_called(entry["role"])
    address = entry["email"] if user is None else user.email
    invitation, _token = services.invite(world.viewer(entry["by"]), place, address, role)
    if user is not None:
        services.accept_invitation(Actor(user.pk), invitation, user)
