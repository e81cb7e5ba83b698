from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

import pytest

from tenon.data import parse_scenario, read_scenario, read_scenario_file
from tenon.data.scenario_keys import EVERYDAY_WORDS, SCENARIO_KEYS, SHOCK_KINDS
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
    Scenario,
    ScenarioError,
    ShockError,
    SourceError,
    Target,
    Timing,
)
from tests.unit.data.scenario_reference import PAGE, page

TOP = 'name = "fire"\nhorizon_days = 90\n'
SHOCK = TOP + '[[shocks]]\nkind = "capacity"\nregions = ["JPN"]\nloss = 0.4\n'

WHOLE = """
name = "all"
title = "All kinds"
title_zh = "各种"
description = "one of each"
description_zh = "各一个"
horizon_days = 365
sources = ["Somebody (2020), Something"]

[groups]
asia = ["CHN", "JPN"]

[parameters]
psi = 0.9

[network]
inventory_days = { food = 20 }

[[shocks]]
kind = "capacity"
regions = ["asia"]
sectors = ["food"]
loss = 0.4
start_day = 5
duration_days = 30
recovery = "linear"
recovery_days = 60

[[shocks]]
kind = "labor"
agents = ["JPN:food"]
loss = 1
recovery = "curve"
curve = [[0, 1.0], [30, 0.5]]

[[shocks]]
kind = "capital"
damage = { "JPN:food" = 2.5 }
damage_unit = 1e9
household_damage = { JPN = 1 }
reconstruction = { sectors = { construction = 0.7, machinery = 0.3 }, days = 90, local = true, factor = 1.5 }

[[shocks]]
kind = "final_demand"
demanders = ["CHN"]
sectors = ["food"]
loss = -0.1

[[shocks]]
kind = "link"
suppliers = { regions = ["CHN"], sectors = ["food"] }
buyers = { regions = ["JPN"] }
loss = 0.5
final_demand = false
domestic = true

[[shocks]]
kind = "delay"
suppliers = { regions = ["CHN"] }
delay_days = 7
start_day = 2
duration_days = 3

[[shocks]]
kind = "inventory"
regions = ["CHN"]
products = ["food"]
loss = 0.5
day = 9
"""


def test_every_kind_of_shock_is_read() -> None:
    file = parse_scenario(WHOLE, where="test")
    assert file.scenario == Scenario(
        name="all",
        title="All kinds",
        title_zh="各种",
        description="one of each",
        description_zh="各一个",
        horizon_days=365,
        sources=("Somebody (2020), Something",),
        groups={"asia": ("CHN", "JPN")},
        shocks=(
            CapacityShock(
                target=Target(regions=("asia",), sectors=("food",)),
                loss=0.4,
                timing=Timing(start_day=5, duration_days=30, recovery=RecoveryShape.LINEAR, recovery_days=60),
            ),
            LaborShock(
                target=Target(agents=("JPN:food",)),
                loss=1.0,
                timing=Timing(recovery=RecoveryShape.CURVE, curve=((0, 1.0), (30, 0.5))),
            ),
            CapitalShock(
                damage={"JPN:food": 2.5},
                damage_unit=1e9,
                household_damage={"JPN": 1},
                reconstruction=Reconstruction(
                    sectors={"construction": 0.7, "machinery": 0.3}, days=90, local=True, factor=1.5
                ),
            ),
            FinalDemandShock(demanders=("CHN",), target=Target(sectors=("food",)), loss=-0.1),
            LinkShock(
                suppliers=Target(regions=("CHN",), sectors=("food",)),
                buyers=Target(regions=("JPN",)),
                loss=0.5,
                final_demand=False,
                domestic=True,
            ),
            DelayShock(suppliers=Target(regions=("CHN",)), delay_days=7, timing=Timing(start_day=2, duration_days=3)),
            InventoryShock(target=Target(regions=("CHN",)), products=("food",), loss=0.5, day=9),
        ),
    )


def test_parameters_and_network_are_kept_as_written() -> None:
    file = parse_scenario(WHOLE, where="test")
    assert file.parameters == {"psi": 0.9}
    assert file.network == {"inventory_days": {"food": 20}}
    assert file.text == WHOLE


def test_a_file_is_read_with_windows_marks_and_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "fire.toml"
    path.write_bytes(b"\xef\xbb\xbf" + SHOCK.replace("\n", "\r\n").encode())
    assert read_scenario(path).name == "fire"


def test_the_message_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "fire.toml"
    path.write_text(SHOCK + "lenght = 3\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"scenario file .*fire\.toml, shocks\[1\]\.lenght: unknown key"):
        read_scenario(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (SHOCK + "lenght_days = 3", r"^test, shocks\[1\]\.lenght_days: unknown key; did you mean 'duration_days'\?$"),
        (SHOCK + "durations_days = 3", r"shocks\[1\]\.durations_days: unknown key; did you mean 'duration_days'\?$"),
        (SHOCK + "zzz = 3", r"shocks\[1\]\.zzz: unknown key; known are: regions, sectors, agents, loss, start_day"),
        (SHOCK + "horizon_days = 3", r"shocks\[1\]\.horizon_days: unknown key; 'horizon_days' belongs to the top"),
        (SHOCK + 'day = 3\nkind = "x"', r"not valid TOML: Cannot overwrite a value \(at "),
        ("horizon = 3\n" + TOP, r"^test, horizon: unknown key; did you mean 'horizon_days'\?$"),
        ('label = "a"\nhorizon_days = 3', r"^test, label: unknown key; did you mean 'name'\?$"),
        ("horizon_days = 3", r"^test, name: missing; give a text, for example name = \"...\"\.$"),
        ('name = "a"', r"^test, horizon_days: missing; give a whole number \(days, at least 1\), for example"),
        ('name = "a"\nhorizon_days = 3.5', r"^test, horizon_days: must be a whole number, but is the number 3\.5\.$"),
        ('name = "a"\nhorizon_days = true', r"^test, horizon_days: must be a whole number, but is true\.$"),
        ("name = 1\nhorizon_days = 3", r"^test, name: must be a text, but is the number 1\.$"),
        (TOP + 'sources = "a"', r'sources: must be a list of texts, .* but is the text \'a\'\. Write \["a"\]\.$'),
        (TOP + "[groups]\nasia = 3", r"groups: must be a table of name = list of labels"),
        (TOP + "[groups]\nhorizon_days = 3", r"groups: .* 'horizon_days' belongs to the top of the file, above \[gr"),
        (TOP + '[shocks]\nkind = "labor"', r"shocks: must be a list of tables, .* under \[\[shocks\]\], with two"),
        (TOP + "parameters = 3", r"^test, parameters: must be a table of settings, such as \{psi = 0\.9\}, but is the"),
        (TOP + "[[shocks]]\nloss = 0.1", r"shocks\[1\]\.kind: missing; say which kind of shock it is: capacity, labor"),
        (
            TOP + '[[shocks]]\nkind = "labour"',
            r"shocks\[1\]\.kind: there is no shock of kind 'labour'; did you mean 'l",
        ),
        (TOP + "[[shocks]]\nkind = 3", r"shocks\[1\]\.kind: there is no shock of kind 3; known are: capacity"),
        (TOP + '[[shocks]]\nkind = "labor"\nregions = []', r"shocks\[1\]\.loss: missing; give a number \(share, above"),
        (
            TOP + '[[shocks]]\nkind = "labor"\nloss = 0.1',
            r"shocks\[1\]: says nothing about who is hit; .* regions = \[\]",
        ),
        (TOP + '[[shocks]]\nkind = "link"\nloss = 0.1', r"shocks\[1\]: says nothing about .* write suppliers = \{\}"),
        (SHOCK.replace("0.4", '"40 %"'), r"loss: must be a number, but is the text '40 %'\. Write numbers without"),
        (SHOCK.replace('["JPN"]', '"JPN"'), r'regions: must be a list of texts, .* Write \["JPN"\]\.$'),
        (SHOCK + "curve = [[0, 1], [2]]", r"shocks\[1\]\.curve: must be a list of \[day, share\] pairs"),
        (
            TOP + '[[shocks]]\nkind = "link"\nloss = 1\nsuppliers = {region = ["A"]}',
            r"suppliers\.region: unknown key; did",
        ),
        (TOP + '[[shocks]]\nkind = "link"\nloss = 1\nsuppliers = ["A"]', r"suppliers: must be a table, such as"),
        (
            TOP + '[[shocks]]\nkind = "capital"\nregions = []\nloss = 0.1\nreconstruction = {days = 3}',
            r"shocks\[1\]\.reconstruction\.sectors: missing; give a table of label = number \(shares that add up",
        ),
        (TOP + "x", r"^test is not valid TOML: .* \(at end of document\)\. Texts stand in quotes"),
    ],
)
def test_a_wrong_file_is_refused_with_the_place(text: str, message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        parse_scenario(text, where="test")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (SHOCK.replace("0.4", "1.4"), r"^test, shocks\[1\]: the loss of a capacity shock is a share .* but is 1\.4"),
        (SHOCK + 'recovery = "linear"', r"^test, shocks\[1\]: recovery_days must be above 0 for recovery 'linear'"),
        (SHOCK + 'agents = ["JPN:food"]', r"^test, shocks\[1\]: name either agents, or regions and sectors"),
    ],
)
def test_a_figure_that_a_shock_refuses_is_refused_with_the_place(text: str, message: str) -> None:
    with pytest.raises(ShockError, match=message):
        parse_scenario(text, where="test")


def test_a_horizon_of_zero_is_refused() -> None:
    with pytest.raises(ScenarioError, match=r"^test: horizon_days of scenario 'fire' .* at least 1, but is 0"):
        parse_scenario(TOP.replace("90", "0"), where="test")


def test_the_second_shock_is_counted_as_two() -> None:
    text = SHOCK + '[[shocks]]\nkind = "capacity"\nregions = ["JPN"]\nloss = 0.4\nextra = 1\n'
    with pytest.raises(ScenarioError, match=r"shocks\[2\]\.extra: unknown key"):
        parse_scenario(text, where="test")


def test_a_missing_or_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"nothing\.toml does not exist \(the folder exists\); a scenario \(TOML\)"):
        read_scenario(tmp_path / "nothing.toml")
    (tmp_path / "empty.toml").touch()
    with pytest.raises(SourceError, match=r"empty\.toml is empty; a scenario \(TOML\) was expected"):
        read_scenario(tmp_path / "empty.toml")


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "latin.toml"
    path.write_bytes('name = "Höhe"'.encode("latin-1"))
    with pytest.raises(SourceError, match=r"latin\.toml is not UTF-8 text \(byte 9\); save it as UTF-8\.$"):
        read_scenario_file(path)


@pytest.mark.parametrize("kind", SHOCK_KINDS)
def test_every_field_of_a_shock_is_a_key_and_every_key_a_field(kind: str) -> None:
    inner: Mapping[str, type] = {"target": Target, "timing": Timing}
    wanted = set()
    for entry in fields(SHOCK_KINDS[kind].type):
        part = inner.get(entry.name)
        wanted |= {entry.name} if part is None else {field.name for field in fields(part)}
    if kind == "delay":
        # Delays end suddenly, so a recovery would be refused anyway.
        wanted -= {"recovery", "recovery_days", "curve"}
    assert {key.name for key in SHOCK_KINDS[kind].keys} == wanted


def test_every_field_of_a_scenario_is_a_key() -> None:
    keys = {key.name for key in SCENARIO_KEYS}
    assert keys == {entry.name for entry in fields(Scenario)} | {"parameters", "network"}


def test_everyday_words_lead_to_keys_and_are_none_themselves() -> None:
    keys = {key.name for key in SCENARIO_KEYS} | {"kind"}
    keys |= {key.name for kind in SHOCK_KINDS.values() for key in kind.keys}
    assert set(EVERYDAY_WORDS.values()) <= keys
    assert not keys & set(EVERYDAY_WORDS)


def test_the_page_of_the_manual_lists_every_key() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m tests.unit.data.scenario_reference"
