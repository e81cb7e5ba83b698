from __future__ import annotations

from pathlib import Path

import pytest

from tenon.schema.errors import ParameterError
from tenon.web.config.environment import SETTINGS, UNSAFE_KEY, read_environment

BASE = {"TENON_WEB_DATA": "/srv/tenon"}
KEY = "k" * 50


def test_nothing_set_is_for_this_machine_alone() -> None:
    environment = read_environment({})
    assert environment.database_url.startswith("sqlite:///")
    assert (environment.debug, environment.secure, environment.public_url) == (False, False, "")
    assert environment.hosts == ["127.0.0.1", "localhost", "[::1]"]


def test_each_setting_is_read() -> None:
    environment = read_environment(
        {
            **BASE,
            "DATABASE_URL": "postgres://a@b/c",
            "TENON_WEB_SECRET_KEY": KEY,
            "TENON_WEB_DEBUG": "yes",
            "TENON_WEB_PUBLIC_URL": "https://tenon.example.org:8443/",
            "TENON_WEB_LANGUAGE": "zh",
            "TENON_WEB_TIME_ZONE": "Asia/Shanghai",
            "TENON_WEB_EMAIL_URL": "smtps://x@y",
            "TENON_WEB_EMAIL_FROM": "a@b",
            "TENON_WEB_STUDY_MINUTES": "5",
            "TENON_WEB_STUDY_MEMORY_MB": "1024",
        }
    )
    assert environment.data == Path("/srv/tenon")
    assert environment.database_url == "postgres://a@b/c"
    assert environment.secret_key == KEY
    assert environment.debug
    assert environment.secure
    assert environment.hosts[-1] == "tenon.example.org"
    assert (environment.language, environment.time_zone) == ("zh-hans", "Asia/Shanghai")
    assert (environment.email_url, environment.email_from) == ("smtps://x@y", "a@b")
    assert (environment.study_minutes, environment.study_memory_mb) == (5, 1024)


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("TENON_WEB_DATA", "here", "absolute path"),
        ("TENON_WEB_SECRET_KEY", "short", "at least 50 characters; it has 5"),
        ("TENON_WEB_DEBUG", "1", "must be no or yes; it is '1'"),
        ("TENON_WEB_PUBLIC_URL", "http://tenon.example.org", "must begin with https://"),
        ("TENON_WEB_LANGUAGE", "de", "must be en or zh; it is 'de'"),
        ("TENON_WEB_TIME_ZONE", "Shanghai", "no time zone; did you mean 'Asia/Shanghai'"),
        ("TENON_WEB_STUDY_MINUTES", "0", "must be a whole number from 1 to 1000000; it is '0'"),
        ("TENON_WEB_STUDY_MEMORY_MB", "4 GB", "must be a whole number from 512 to 1000000; it is '4 GB'"),
        ("TENON_WEB_DEBUGG", "yes", "no setting of the platform; did you mean 'TENON_WEB_DEBUG'"),
    ],
)
def test_what_cannot_be_is_refused_by_name(name: str, value: str, message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        read_environment({**BASE, name: value})


def test_the_key_comes_from_its_file(tmp_path: Path) -> None:
    assert read_environment({"TENON_WEB_DATA": str(tmp_path)}).secret_key == UNSAFE_KEY
    (tmp_path / "secret-key").write_text(KEY + "\n")
    assert read_environment({"TENON_WEB_DATA": str(tmp_path)}).secret_key == KEY


def test_every_setting_is_described() -> None:
    assert all(setting.description.endswith(".") and setting.default for setting in SETTINGS)
