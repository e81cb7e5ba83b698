"""Fixtures of the tests of studies: a data folder of their own, and people who run studies."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from django.conf import LazySettings

from tenon.web.organizations.models import Membership, Organization
from tenon.web.organizations.policies import Viewer
from tests.web.worlds import member, organization, viewer


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, settings: LazySettings) -> Path:
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, data=tmp_path / "data")
    return tmp_path / "data"


@dataclass(frozen=True)
class Cast:
    """Who is in the tests."""

    plant: Organization
    port: Organization
    analyst_member: Membership
    analyst: Viewer
    coordinator: Viewer
    reader: Viewer
    stranger: Viewer


@pytest.fixture
def cast(db: None) -> Cast:  # noqa: ARG001 - before this one
    plant, port = organization("Plant"), organization("Port")
    analyst = member(plant, "analyst")
    return Cast(
        plant=plant,
        port=port,
        analyst_member=analyst,
        analyst=viewer(analyst),
        coordinator=viewer(member(plant, "coordinator")),
        reader=viewer(member(plant, "observer")),
        stranger=viewer(member(port, "administrator")),
    )
