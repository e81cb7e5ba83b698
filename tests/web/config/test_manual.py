"""The manual says of settings, roles and profiles what the program does."""

from __future__ import annotations

import tomllib
from pathlib import Path

from tenon.web.config.environment import SETTINGS
from tenon.web.organizations.rules import PERMISSIONS, Permission, Profile

ROOT = Path(__file__).resolve().parents[3]


def test_every_setting_stands_in_the_manual() -> None:
    page = (ROOT / "docs" / "reference" / "platform.md").read_text(encoding="utf-8")
    for setting in SETTINGS:
        assert f"| `{setting.name}` | {setting.default} | {setting.description} |" in page


def test_every_role_stands_in_the_manual() -> None:
    page = (ROOT / "docs" / "reference" / "platform.md").read_text(encoding="utf-8")
    roles = tomllib.loads((ROOT / "src/tenon/web/organizations/roles.toml").read_text(encoding="utf-8"))
    for role in roles.values():
        assert f"| {role['name_en']} | {', '.join(role['capabilities'])} |" in page


def test_every_profile_stands_in_the_manual() -> None:
    page = (ROOT / "docs" / "explanation" / "platform.md").read_text(encoding="utf-8")
    shown = [
        Permission.READ,
        Permission.COMMENT,
        Permission.PROPOSE,
        Permission.EDIT,
        Permission.VERIFY,
        Permission.SHARE,
    ]
    for profile in Profile:
        cells = " | ".join("yes" if item in PERMISSIONS[profile] else "" for item in shown)
        assert f"| {profile} | {cells} |".replace("|  |", "| |").replace("|  |", "| |") in page
