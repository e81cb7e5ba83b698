"""Filling an empty platform with the made-up world, from its beginning to now."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from tenon.web.accounts.models import User
from tenon.web.config.demo.disruptions import add_disruptions
from tenon.web.config.demo.follow_ups import add_follow_ups
from tenon.web.config.demo.hazards import add_hazards
from tenon.web.config.demo.organizations import add_organizations
from tenon.web.config.demo.plants import add_plants
from tenon.web.config.demo.story import Story
from tenon.web.config.demo.studies import add_studies
from tenon.web.config.demo.warnings import add_warnings
from tenon.web.config.demo.world import World, read

__all__ = ["fill"]


def fill(password: str) -> list[User]:
    """Make the world: what its people did in the past months is done now, in order, with the clock of each day.

    Parameters
    ----------
    password : str
        With which everybody in it signs in.

    Returns
    -------
    list of User
        Everybody, in the order of the file.
    """
    world, file = World(Story(timezone.now())), read("world")
    add_organizations(world, file, password)
    add_plants(world)
    add_hazards(world)
    add_follow_ups(world)
    add_disruptions(world)
    add_warnings(world, file)
    add_studies(world, file["studies"])
    with transaction.atomic():
        world.story.play()
    return [member.user for member in world.people.values()]
