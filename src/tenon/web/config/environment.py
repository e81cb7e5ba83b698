"""What the platform takes from the environment: one table, read here and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from tenon.schema.errors import ParameterError, nearest

__all__ = ["SETTINGS", "UNSAFE_KEY", "Environment", "Setting", "read_environment"]

# Good enough to run tests and to build pages; `tenon serve` makes a real one, and refuses a public address without it.
UNSAFE_KEY = "unsafe-key-for-tests-and-checks-only-" + "0" * 32
_PREFIX = "TENON_WEB_"
_MOST = 1_000_000
T = TypeVar("T")
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True)
class Setting:
    """One setting of the platform.

    Parameters
    ----------
    name : str
        The variable of the environment.
    default : str
        What holds where it is absent, in words where it depends on something.
    description : str
        What it does.
    """

    name: str
    default: str
    description: str


SETTINGS = (
    Setting(
        "DATABASE_URL",
        "an SQLite file in the data folder",
        "The database: postgres://USER:PASSWORD@HOST:PORT/NAME, or sqlite:////absolute/path.",
    ),
    Setting(
        "TENON_WEB_DATA", "the user's data folder", "Folder of the database, uploaded files, the secret key and mail."
    ),
    Setting(
        "TENON_WEB_SECRET_KEY", "the file secret-key in the data folder", "Signs sessions; at least 50 characters."
    ),
    Setting("TENON_WEB_DEBUG", "no", "yes shows errors in full in the page: for development on this machine alone."),
    Setting(
        "TENON_WEB_PUBLIC_URL",
        "none: this machine alone",
        "The address people use, https://tenon.example.org; cookies are then sent over TLS alone.",
    ),
    Setting("TENON_WEB_LANGUAGE", "en", "Language of a visitor whose browser asks for neither: en or zh."),
    Setting("TENON_WEB_TIME_ZONE", "UTC", "Time zone in which pages show times, such as Asia/Shanghai."),
    Setting(
        "TENON_WEB_EMAIL_URL",
        "files in the data folder",
        "Where mail goes: smtp://USER:PASSWORD@HOST:PORT or smtps://...; without it, into the folder mail.",
    ),
    Setting("TENON_WEB_STUDY_MINUTES", "60", "Longest time that one attempt at a study may take, in minutes."),
    Setting("TENON_WEB_STUDY_MEMORY_MB", "4096", "Most memory that a study may take, in megabytes."),
    Setting("TENON_WEB_EMAIL_FROM", "tenon@localhost", "Sender of the platform's mail."),
    Setting(
        "TENON_WEB_WATCHING_TOKEN",
        "none: programs of this machine alone",
        "Lets a program elsewhere read /ready and /metrics, as Authorization: Bearer TOKEN; at least 32 characters.",
    ),
    Setting("TENON_WEB_ADMINISTRATOR_EMAIL", "asked at the first start", "Address of the first administrator."),
    Setting("TENON_WEB_ADMINISTRATOR_PASSWORD", "asked at the first start", "Password of the first administrator."),
)


@dataclass(frozen=True)
class Environment:
    """The settings, read and checked.

    Parameters
    ----------
    data : Path
        Folder of everything that is kept.
    database_url : str
        As ``DATABASE_URL``, or that of the SQLite file.
    secret_key : str
        Signs sessions and tokens.
    debug : bool
        Whether errors are shown in full.
    public_url : str
        Empty where the platform is for this machine alone.
    language : str
        ``en`` or ``zh-hans``.
    time_zone : str
        Name of the zone.
    email_url, email_from : str
        Where mail goes and who sends it.
    study_minutes, study_memory_mb : int
        What one attempt at a study may take.
    watching_token : str
        Lets a program elsewhere watch; empty for none.
    """

    data: Path
    database_url: str
    secret_key: str
    debug: bool
    public_url: str
    language: str
    time_zone: str
    email_url: str
    email_from: str
    study_minutes: int
    study_memory_mb: int
    watching_token: str

    @property
    def secure(self) -> bool:
        """Whether people reach the platform over TLS."""
        return self.public_url.startswith("https://")

    @property
    def hosts(self) -> list[str]:
        """The host names that requests may carry."""
        public = self.public_url.partition("://")[2].partition("/")[0]
        name = public if public.endswith("]") else public.rpartition(":")[0] or public
        return [*_LOOPBACK, *([name] if name else [])]


def read_environment(variables: Mapping[str, str]) -> Environment:
    """Read the settings of the platform.

    Parameters
    ----------
    variables : mapping
        The environment.

    Returns
    -------
    Environment
        The settings.

    Raises
    ------
    ParameterError
        If a variable is unknown or its value is none that can be.

    Examples
    --------
    >>> read_environment({"TENON_WEB_DATA": "/srv/tenon", "TENON_WEB_LANGUAGE": "zh"}).language
    'zh-hans'
    """
    known = [setting.name for setting in SETTINGS]
    for name in variables:
        if name.startswith(_PREFIX) and name not in known:
            raise ParameterError(f"{name} is no setting of the platform; {nearest(name, known)}")
    data = _data_folder(variables)
    languages = {"en": "en", "zh": "zh-hans"}
    return Environment(
        data=data,
        database_url=variables.get("DATABASE_URL") or f"sqlite:///{data / 'tenon.sqlite3'}",
        secret_key=_secret_key(variables, data),
        debug=_one_of(variables, "TENON_WEB_DEBUG", {"no": False, "yes": True}, "no"),
        public_url=_public_url(variables),
        language=_one_of(variables, "TENON_WEB_LANGUAGE", languages, "en"),
        time_zone=_time_zone(variables),
        email_url=variables.get("TENON_WEB_EMAIL_URL", ""),
        email_from=variables.get("TENON_WEB_EMAIL_FROM", "tenon@localhost"),
        study_minutes=_whole_number(variables, "TENON_WEB_STUDY_MINUTES", 60, 1),
        study_memory_mb=_whole_number(variables, "TENON_WEB_STUDY_MEMORY_MB", 4096, 512),
        watching_token=_watching_token(variables),
    )


def _data_folder(variables: Mapping[str, str]) -> Path:
    if "TENON_WEB_DATA" in variables:
        folder = Path(variables["TENON_WEB_DATA"])
        if not folder.is_absolute():
            raise ParameterError(f"TENON_WEB_DATA must be an absolute path; it is {str(folder)!r}.")
        return folder
    import platformdirs

    return Path(platformdirs.user_data_dir("tenon", appauthor=False)) / "web"


def _secret_key(variables: Mapping[str, str], data: Path) -> str:
    if "TENON_WEB_SECRET_KEY" in variables:
        key = variables["TENON_WEB_SECRET_KEY"]
        if len(key) < 50:  # noqa: PLR2004 - said in the setting's description
            raise ParameterError(f"TENON_WEB_SECRET_KEY must have at least 50 characters; it has {len(key)}.")
        return key
    try:
        return (data / "secret-key").read_text(encoding="ascii").strip()
    except (FileNotFoundError, NotADirectoryError):
        return UNSAFE_KEY


def _watching_token(variables: Mapping[str, str]) -> str:
    token = variables.get("TENON_WEB_WATCHING_TOKEN", "")
    if token and len(token) < 32:  # noqa: PLR2004 - said in the setting's description
        raise ParameterError(f"TENON_WEB_WATCHING_TOKEN must have at least 32 characters; it has {len(token)}.")
    return token


def _public_url(variables: Mapping[str, str]) -> str:
    url = variables.get("TENON_WEB_PUBLIC_URL", "").rstrip("/")
    if url and not url.startswith("https://"):
        raise ParameterError(
            f"TENON_WEB_PUBLIC_URL must begin with https://; it is {url!r}. "
            "Passwords must not cross a network in the clear."
        )
    return url


def _time_zone(variables: Mapping[str, str]) -> str:
    import zoneinfo

    name = variables.get("TENON_WEB_TIME_ZONE", "UTC")
    known = zoneinfo.available_timezones()
    if name not in known:
        raise ParameterError(f"TENON_WEB_TIME_ZONE: {name!r} is no time zone; {nearest(name, known)}")
    return name


def _whole_number(variables: Mapping[str, str], name: str, default: int, least: int) -> int:
    text = variables.get(name, str(default))
    if not (text.isascii() and text.isdigit() and least <= int(text) <= _MOST):
        raise ParameterError(f"{name} must be a whole number from {least} to {_MOST}; it is {text!r}.")
    return int(text)


def _one_of(variables: Mapping[str, str], name: str, choices: Mapping[str, T], default: str) -> T:
    value = variables.get(name, default)
    if value not in choices:
        raise ParameterError(f"{name} must be {' or '.join(choices)}; it is {value!r}.")
    return choices[value]
