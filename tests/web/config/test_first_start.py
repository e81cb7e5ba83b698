from __future__ import annotations

import io
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tenon.schema.errors import ParameterError, StorageError
from tenon.web.accounts.models import User
from tenon.web.config.environment import UNSAFE_KEY, read_environment
from tenon.web.config.first_start import add_first_administrator, check_address, prepare_folder
from tests.web.worlds import PASSWORD, person

WHO = {"TENON_WEB_ADMINISTRATOR_EMAIL": "chief@example.org", "TENON_WEB_ADMINISTRATOR_PASSWORD": PASSWORD}


def test_the_folder_and_its_key_are_for_this_user_alone(tmp_path: Path) -> None:
    folder = prepare_folder({"TENON_WEB_DATA": str(tmp_path / "data")})
    key = folder / "secret-key"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    before = key.read_text()
    prepare_folder({"TENON_WEB_DATA": str(folder)})
    assert key.read_text() == before
    assert read_environment({"TENON_WEB_DATA": str(folder)}).secret_key == before.strip() != UNSAFE_KEY


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match=r"data folder .*file/data must be writable"):
        prepare_folder({"TENON_WEB_DATA": str(tmp_path / "file" / "data")})


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_this_machine_needs_nothing(host: str) -> None:
    check_address(host, read_environment({"TENON_WEB_DATA": "/nowhere"}))


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"TENON_WEB_DEBUG": "yes"}, "TENON_WEB_DEBUG=yes is for this machine alone"),
        ({}, "everybody knows the secret key"),
        ({"TENON_WEB_SECRET_KEY": "k" * 50}, "TENON_WEB_PUBLIC_URL"),
    ],
)
def test_a_public_address_needs_all_of_it(variables: dict[str, str], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        check_address("0.0.0.0", read_environment({"TENON_WEB_DATA": "/nowhere", **variables}))  # noqa: S104 - refused


def test_with_all_of_it_a_public_address_is_served() -> None:
    safe = {"TENON_WEB_SECRET_KEY": "k" * 50, "TENON_WEB_PUBLIC_URL": "https://tenon.example.org"}
    check_address("0.0.0.0", read_environment({"TENON_WEB_DATA": "/nowhere", **safe}))  # noqa: S104 - the point


@pytest.mark.django_db
def test_the_first_administrator_comes_from_the_environment_once() -> None:
    assert add_first_administrator(WHO) == "chief@example.org"
    assert User.objects.get().is_operator
    assert add_first_administrator({}) == ""


@pytest.mark.django_db
def test_without_a_terminal_the_variables_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    with pytest.raises(ParameterError, match="set TENON_WEB_ADMINISTRATOR_EMAIL"):
        add_first_administrator({})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"TENON_WEB_ADMINISTRATOR_PASSWORD": "short"}, "too short"),
        ({"TENON_WEB_ADMINISTRATOR_EMAIL": "x"}, "valid email"),
    ],
)
def test_a_first_administrator_who_cannot_be_is_refused(changed: dict[str, str], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        add_first_administrator({**WHO, **changed})
    assert not User.objects.exists()


@pytest.mark.django_db
def test_the_command_prepares_and_says_who_administers(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in WHO.items():
        monkeypatch.setitem(os.environ, name, value)
    call_command("serve", "--only-prepare")
    assert "The first administrator is chief@example.org." in capsys.readouterr().out


@pytest.mark.django_db
def test_the_command_refuses_a_public_address() -> None:
    person()
    with pytest.raises(CommandError, match="reached by others"):
        call_command("serve", "--only-prepare", "--host", "0.0.0.0")  # noqa: S104 - refused


def test_a_setting_that_is_misspelled_is_refused_with_a_sentence(tmp_path: Path) -> None:
    variables = {**os.environ, "TENON_WEB_DATA": str(tmp_path), "TENON_WEB_DEBUGG": "yes"}
    command = [sys.executable, "-m", "tenon.web", "verify_record"]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "tenon: TENON_WEB_DEBUGG is no setting of the platform; did you mean 'TENON_WEB_DEBUG'?\n"
