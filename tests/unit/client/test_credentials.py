from __future__ import annotations

from pathlib import Path

import pytest

from tenon.client import Credentials, read_credentials
from tenon.schema.errors import ParameterError


@pytest.mark.parametrize(
    "url", ["https://tenon.example.org", "http://127.0.0.1:8000", "http://localhost", "http://[::1]:8000"]
)
def test_an_address_over_tls_or_on_this_machine_is_taken(url: str) -> None:
    assert Credentials(url, "tenon_x").url == url


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://tenon.example.org", "in the clear"),
        ("http://127.0.0.1.example.org", "in the clear"),
        ("http://localhost@example.org", "must begin with https"),
        ("ftp://tenon.example.org", "must begin with https"),
        ("tenon.example.org", "must begin with https"),
        ("https://", "must begin with https"),
    ],
)
def test_an_address_that_would_leak_the_token_is_refused(url: str, said: str) -> None:
    with pytest.raises(ParameterError, match=said):
        Credentials(url, "tenon_x")


@pytest.mark.parametrize("token", ["", "two words", "line\n", "ü"])
def test_what_is_no_token_is_refused(token: str) -> None:
    with pytest.raises(ParameterError, match="access token is required"):
        Credentials("https://tenon.example.org", token)


def test_a_token_is_not_printed() -> None:
    assert "tenon_x" not in repr(Credentials("https://tenon.example.org", "tenon_x"))


def written(folder: Path, text: str, mode: int = 0o600) -> Path:
    file = folder / "platform.toml"
    file.write_text(text, encoding="utf-8")
    file.chmod(mode)
    return file


def test_a_file_for_its_owner_alone_is_read(tmp_path: Path) -> None:
    file = written(tmp_path, 'url = "https://tenon.example.org"\ntoken = "tenon_x"\n')
    expected = Credentials("https://tenon.example.org", "tenon_x")
    assert read_credentials({}, file) == expected
    # A file that is named counts more than the environment.
    assert read_credentials({"TENON_URL": "https://other.example.org", "TENON_TOKEN": "y"}, file) == expected


@pytest.mark.parametrize(
    ("text", "mode", "said"),
    [
        ('url = "https://a.example"\ntoken = "x"', 0o640, "others can read"),
        ('url = "https://a.example"', 0o600, "must hold url and token"),
        ('url = "https://a.example"\ntoken = 1', 0o600, "must hold url and token"),
        ('url = "https://a.example"\ntoken = "x"\nmore = "y"', 0o600, "must hold url and token"),
        ("url =", 0o600, "could not be read as TOML"),
    ],
)
def test_a_file_that_does_not_fit_is_refused(tmp_path: Path, text: str, mode: int, said: str) -> None:
    with pytest.raises(ParameterError, match=said):
        read_credentials({}, written(tmp_path, text, mode))


def test_without_any_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="set TENON_URL and TENON_TOKEN, or write"):
        read_credentials({}, tmp_path / "absent.toml")
    with pytest.raises(ParameterError, match="TENON_TOKEN is not set"):
        read_credentials({"TENON_URL": "https://tenon.example.org"})
